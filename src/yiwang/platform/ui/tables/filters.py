"""Ways to narrow a list. What is set stands in the URL and shows as a chip that can be cleared."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

Words = str | Promise
Rows = QuerySet[Any]
Option = tuple[str, Words]


@dataclass(frozen=True)
class Filter:
    """``apply`` is a lookup (“state”) or a function of (rows, value)."""

    key: str
    label: Words
    apply: str | Callable[[Rows, Any], Rows] = ""

    kind = "text"

    def clean(self, text: str) -> Any:
        """The value a text in the URL stands for; None when it stands for nothing, and then it is not applied."""
        return text.strip() or None

    def narrow(self, rows: Rows, value: Any) -> Rows:
        if callable(self.apply):
            return self.apply(rows, value)
        return rows.filter(**{self.apply or self.key: value})

    def text_of(self, value: Any) -> str:
        return str(value)


@dataclass(frozen=True)
class SearchFilter(Filter):
    """The box in front of the chips."""

    key: str = "q"
    label: Words = ""
    kind = "search"


@dataclass(frozen=True)
class ChoiceFilter(Filter):
    """``options`` is a list of (value, words) or a function giving one; only listed values count."""

    options: Sequence[Option] | Callable[[], Iterable[Option]] = ()
    kind = "choice"

    def choices(self) -> list[Option]:
        return list(self.options() if callable(self.options) else self.options)

    def clean(self, text: str) -> str | None:
        return text if text in {value for value, _words in self.choices()} else None

    def text_of(self, value: Any) -> str:
        return str(dict(self.choices()).get(value, value))


@dataclass(frozen=True)
class SwitchFilter(Filter):
    """On or not; the label says what is left when it is on."""

    kind = "switch"

    def clean(self, text: str) -> bool | None:
        return True if text == "1" else None

    def narrow(self, rows: Rows, value: Any) -> Rows:
        return self.apply(rows, value) if callable(self.apply) else rows.filter(**{self.apply or self.key: True})

    def text_of(self, value: Any) -> str:
        return _("是")


@dataclass(frozen=True)
class DayFilter(Filter):
    """One date; write the comparison into the lookup (“submitted_at__date__gte”)."""

    kind = "day"

    def clean(self, text: str) -> dt.date | None:
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            return None

    def text_of(self, value: Any) -> str:
        return f"{value:%Y-%m-%d}"


@dataclass(frozen=True)
class LinkedFilter(Filter):
    """Set by a link from another page only (a figure that opens its rows); shows as a chip that can be cleared.

    ``find`` gives what the text in the URL stands for, or None; ``say`` its words.
    """

    find: Callable[[str], Any] = str
    say: Callable[[Any], str] = str
    kind = "linked"

    def clean(self, text: str) -> Any:
        return self.find(text)

    def text_of(self, value: Any) -> str:
        return self.say(value)
