"""Write docs/reference/events.md from the code: every fact that apps record, with its fields and who reads it."""

import importlib
import sys
from dataclasses import fields
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def all_events() -> list[type]:
    from yiwang.platform.journal.events import Event  # noqa: PLC0415 -- optional dependency (of this tool's use)

    for path in sorted((ROOT / "src" / "yiwang").rglob("events.py")):
        importlib.import_module(".".join(path.relative_to(ROOT / "src").with_suffix("").parts))
    found, waiting = [], [Event]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            if isinstance(getattr(kind, "name", None), str):
                found.append(kind)
    return sorted(found, key=lambda kind: str(kind.name))


def page() -> str:
    lines = [
        "# Events",
        "",
        "Facts in the journal, made from the code by `python -m tools.events`.",
        "“staff” is not shown to the person concerned.",
        "",
        "| Event | About | Read by | Says |",
        "|---|---|---|---|",
    ]
    for kind in all_events():
        audience = getattr(kind, "audience", "all")
        says = ", ".join(field.name for field in fields(kind))
        lines.append(f"| `{kind.name}` | {kind.subject} | {audience} | {says} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "src"))
    (ROOT / "docs" / "reference" / "events.md").write_text(page(), encoding="utf-8")
