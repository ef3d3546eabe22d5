"""Message templates: files ``notify/<name>.zh.txt`` and ``.en.txt`` of any app.

The first line is the title, the rest the text that stands in the app, both with the whole context. What follows a line
``---`` is the push text for telephones and mailboxes: it is rendered with the case number at most, so that no personal
fact can reach a lock screen. A template without that part never leaves the app.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.template import Context
from django.template.loader import get_template

FENCE = "\n---\n"
SAFE_TO_PUSH = frozenset({"number"})


@dataclass(frozen=True)
class Words:
    title: str
    text: str
    push: str


def words(template: str, language: str, context: Mapping[str, str | int]) -> Words:
    name = f"notify/{template}.{'en' if language.startswith('en') else 'zh'}.txt"
    compiled = get_template(name)
    shown = _render(compiled, dict(context)).split(FENCE)[0]
    title, _, text = shown.strip().partition("\n")
    safe = {key: value for key, value in context.items() if key in SAFE_TO_PUSH}
    _, _, push = _render(compiled, safe).partition(FENCE)
    return Words(title=title.strip(), text=text.strip(), push=push.strip())


def _render(compiled: object, context: dict[str, str | int]) -> str:
    # Plain text: the page that shows it escapes it.
    inner = compiled.template  # type: ignore[attr-defined]  # Django's backend wrapper hides the engine's template
    rendered: str = inner.render(Context(context, autoescape=False))
    return rendered.replace("\r\n", "\n")
