"""Where in a TOML file an entry stands, so that every problem names its line."""

import re
from typing import TypeAlias

HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(#.*)?$")
ENTRY = re.compile(r'^\s*([A-Za-z0-9_\-."]+)\s*=')
PART = re.compile(r'"([^"]*)"|([^.\s]+)')

Path: TypeAlias = tuple[str | int, ...]


def lines_of(text: str) -> dict[Path, int]:
    """The line of every table header and every entry, by its path."""
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    current: Path = ()
    for number, line in enumerate(text.splitlines(), 1):
        header = HEADER.match(line)
        if header:
            current = _header_path(header, counts)
            lines.setdefault(current, number)
            continue
        entry = ENTRY.match(line)
        if entry:
            lines.setdefault((*current, *_parts(entry.group(1))), number)
    return lines


def _header_path(header: re.Match[str], counts: dict[Path, int]) -> Path:
    path: Path = ()
    parts = _parts(header.group(2))
    for place, part in enumerate(parts):
        path = (*path, part)
        if header.group(1) == "[[" and place == len(parts) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _parts(text: str) -> list[str]:
    return [quoted or plain for quoted, plain in PART.findall(text)]


def line_of(lines: dict[Path, int], path: Path) -> int:
    """The line of ``path``, or of the nearest thing that contains it."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 1
