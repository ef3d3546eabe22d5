"""Extract and compile translations without GNU gettext, so that a fresh machine needs only Python.

    python -m tools.messages extract yiwang/net/cases     update <app>/locale/en/LC_MESSAGES/django.po
    python -m tools.messages extract                      the same for every app
    python -m tools.messages compile                      write the .mo files (make setup does this)
    python -m tools.messages check                        every message has an English text, and one over all apps;
                                                          exit 1 and a list if not

Source texts are Simplified Chinese; Django's own ``templatize`` turns a template into Python for Babel's reader.
"""

import io
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
SRC = ROOT / "src"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def app_folders() -> list[Path]:
    found = {path.parent for path in SRC.rglob("apps.py")}
    kernel = SRC / "yiwang" / "kernel"
    return sorted([*found, kernel])


def messages_of(app: Path) -> polib.POFile:
    """Every message of one app, in the order of files and lines; context and plural kept."""
    from babel.messages.extract import extract  # noqa: PLC0415 -- optional dependency (development only)
    from django.conf import settings  # noqa: PLC0415 -- optional dependency (development only)
    from django.utils.translation.template import templatize  # noqa: PLC0415 -- needs settings first

    if not settings.configured:
        settings.configure(USE_I18N=True)
    po = polib.POFile(wrapwidth=0)
    po.metadata = {
        "Language": "en",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    seen: dict[tuple[str, str], polib.POEntry] = {}
    files = [*app.rglob("*.py"), *app.rglob("*.html"), *app.rglob("*.txt")]
    for path in sorted(files):
        parts = path.relative_to(app).parts
        if {"tests", "migrations", "locale"} & set(parts[:-1]):
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            if path.suffix == ".txt" and "{%" not in text:
                continue
            text = templatize(text, origin=str(path))
        for _line, message, _comments, context in extract("python", io.BytesIO(text.encode()), KEYWORDS):
            single, plural = message if isinstance(message, tuple) else (message, "")
            key = (context or "", single)
            if not single or key in seen:
                continue
            entry = polib.POEntry(msgid=single, msgid_plural=plural or "", msgctxt=context or None)
            if plural:
                entry.msgstr_plural = {0: "", 1: ""}
            seen[key] = entry
            po.append(entry)
    return po


def extract_app(app: Path) -> tuple[int, int]:
    """Rewrite the app's catalogue: kept texts stay, gone ones go. Returns (messages, untranslated)."""
    fresh = messages_of(app)
    target = app / "locale" / "en" / "LC_MESSAGES" / "django.po"
    if target.exists():
        old = {(entry.msgctxt or "", entry.msgid): entry for entry in polib.pofile(str(target))}
        for entry in fresh:
            known = old.get((entry.msgctxt or "", entry.msgid))
            if known is not None:
                entry.msgstr = known.msgstr
                if entry.msgid_plural:
                    entry.msgstr_plural = known.msgstr_plural or {0: "", 1: ""}
    if len(fresh):
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh.save(str(target))
    elif target.exists():
        target.unlink()
    return len(fresh), sum(1 for entry in fresh if not entry.translated())


def compile_all() -> int:
    count = 0
    for path in SRC.rglob("locale/*/LC_MESSAGES/django.po"):
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))
        count += 1
    return count


def missing() -> list[str]:
    """Messages used in code without an English text, as ``app: message``."""
    problems = []
    for app in app_folders():
        target = app / "locale" / "en" / "LC_MESSAGES" / "django.po"
        known = {}
        if target.exists():
            known = {(e.msgctxt or "", e.msgid): e for e in polib.pofile(str(target))}
        for entry in messages_of(app):
            found = known.get((entry.msgctxt or "", entry.msgid))
            if found is None or not found.translated():
                problems.append(f"{app.relative_to(SRC)}: {entry.msgid}")
    return problems


def collisions() -> list[str]:
    """Messages that two apps translate differently: Django would show the text of whichever app comes first, so one
    (context, message) has one English text; where the meanings differ, a context tells them apart."""
    texts: dict[tuple[str, str], dict[str, list[str]]] = {}
    for path in sorted(SRC.rglob("locale/en/LC_MESSAGES/django.po")):
        app = str(path.relative_to(SRC).parents[3])
        for entry in polib.pofile(str(path)):
            if entry.obsolete or not entry.translated():
                continue
            english = " / ".join(entry.msgstr_plural.values()) if entry.msgid_plural else entry.msgstr
            texts.setdefault((entry.msgctxt or "", entry.msgid), {}).setdefault(english, []).append(app)
    return [
        f"{message!r}: " + "; ".join(f"{english!r} in {', '.join(apps)}" for english, apps in found.items())
        for (_context, message), found in sorted(texts.items())
        if len(found) > 1
    ]


def main(arguments: list[str]) -> int:
    command, *rest = arguments or ["--help"]
    if command == "extract":
        for app in [SRC / name.removeprefix("src/") for name in rest] or app_folders():
            total, empty = extract_app(app)
            if total:
                print(f"{app.relative_to(SRC)}: {total} messages, {empty} without English")
        return 0
    if command == "compile":
        print(f"{compile_all()} catalogues compiled")
        return 0
    if command == "check":
        problems = missing() + collisions()
        print("\n".join(problems) or "every message has one English text")
        return 1 if problems else 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
