"""The rules as they ship, ready to answer without a database: for the command line, tests and benchmarks."""

import functools
from pathlib import Path

from yiwang.platform.rules.library.book import Book, read_book
from yiwang.platform.rules.library.explaining import Version

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDERS = (ROOT / "net" / "catalogue" / "rules", ROOT / "platform" / "rules" / "rules", Path(__file__).parent / "rules")


@functools.cache
def book() -> Book:
    return read_book(FOLDERS)


@functools.cache
def packaged_version(key: str) -> Version:
    from yiwang.platform.rules.library.compiling import compile_ruleset  # noqa: PLC0415 -- slow import

    ruleset = book().rulesets[key]
    return Version(ruleset, compile_ruleset(ruleset))
