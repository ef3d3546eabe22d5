"""Rules about the code itself (style.md 4.9): what machines can check, machines check."""

import ast
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from django.utils.module_loading import import_string

from config.reactions import REACTIONS
from tools import messages

ROOT = Path(__file__).resolve().parents[2]
CODE = [ROOT / "src", ROOT / "config", ROOT / "tools", ROOT / "bench", ROOT / "tests"]


def python_files(*, tests: bool) -> Iterator[Path]:
    for folder in CODE:
        for path in sorted(folder.rglob("*.py")):
            inside = "tests" in path.parts
            if "migrations" not in path.parts and (tests or not inside):
                yield path


def test_views_and_apis_reach_records_only_through_policies():
    edges = [p for p in python_files(tests=False) if p.stem in ("views", "api") or "views" in p.parent.name]

    offenders = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in edges
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"\.(objects|_base_manager|_default_manager)\b", line)
    ]

    assert edges
    assert offenders == []


def test_functions_stay_short_enough_to_read():
    long = []
    for path in python_files(tests=True):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > 60:
                long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")

    assert long == []


def test_modules_and_templates_stay_short_enough_to_read():
    def lines(path: Path) -> int:
        return path.read_text().count("\n")

    long = [
        f"{path.relative_to(ROOT)} ({lines(path)})"
        for path in python_files(tests=True)
        if lines(path) > (700 if "tests" in path.parts else 500)
    ]
    long += [f"{path.relative_to(ROOT)} ({lines(path)})" for path in ROOT.glob("src/**/*.html") if lines(path) > 150]

    assert long == []


@pytest.mark.parametrize("event", REACTIONS, ids=lambda event: event.name)
def test_every_reaction_accepts_its_event(event):
    given = {field.name: None for field in fields(event)}

    for handler in REACTIONS[event]:
        inspect.signature(handler).bind(**given)


def test_deferred_imports_say_why():
    allowed = re.compile(r"# noqa: [A-Z0-9, ]*PLC0415 -- (slow import|optional dependency|needs settings first)")
    silent = []
    for path in python_files(tests=False):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if "PLC0415" in line and not allowed.search(line):
                silent.append(f"{path.relative_to(ROOT)}:{number}")

    assert silent == []


def test_suppressions_carry_code_and_reason():
    bare = re.compile(r"# (noqa(?!: [A-Z]+\d+.* -- )|type: ignore(?!\[[a-z-, ]+\]  # ))")
    offenders = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in python_files(tests=False)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if bare.search(line)
    ]

    assert offenders == []


def test_no_python_reads_rights_from_the_account():
    """Staff rights come from appointments only: Django's own flags and permissions are not used anywhere."""
    flags = re.compile(r"\b(is_superuser|user\.is_staff|has_perm|permission_required|user_passes_test)\b")

    offenders = [str(path.relative_to(ROOT)) for path in python_files(tests=False) if flags.search(path.read_text())]

    assert offenders == []


def test_migrations_say_what_the_models_say():
    """In a process of its own: models that tests define for themselves must not count."""
    command = [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert "No changes detected" in done.stdout, done.stdout + done.stderr


def test_every_message_has_an_english_text():
    assert messages.missing() == []


def test_one_message_has_one_english_text_over_all_apps():
    assert messages.collisions() == []


def test_the_docs_name_every_event_and_setting():
    pages = "\n".join(path.read_text() for path in (ROOT / "docs").rglob("*.md"))
    events = {event.name for event in all_events()}
    settings = set(re.findall(r'"((?:YIWANG|DATABASE|REPLICA|UPSTREAM|ANALYTICS)_[A-Z_]+)"', all_code()))

    assert len(events) > 20
    assert sorted(name for name in events | settings if name not in pages) == []


def all_events() -> set[type]:
    base = import_string("yiwang.platform.journal.events.Event")
    for path in ROOT.glob("src/yiwang/**/events.py"):
        import_string(".".join(path.relative_to(ROOT / "src").with_suffix("").parts) + ".__name__")
    found, waiting = set(), [base]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            found.add(kind)
            waiting.append(kind)
    return {kind for kind in found if isinstance(getattr(kind, "name", None), str) and ".tests." not in kind.__module__}


def all_code() -> str:
    return "\n".join(path.read_text() for path in python_files(tests=False))
