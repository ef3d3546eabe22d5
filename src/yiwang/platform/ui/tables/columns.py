"""What one column reads from a row, shows and exports."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from yiwang.platform.ui import drawn, formats
from yiwang.platform.ui.clockface import ClockFace
from yiwang.platform.ui.parts import Badge

Words = str | Promise
Read = Callable[[Any], Any]


def reader(path: str) -> Read:
    """Follow “employer.name” from a row; a missing step reads as None."""

    def read(row: Any) -> Any:
        for step in path.split("."):
            row = getattr(row, step, None)
            if callable(row):
                row = row()
        return row

    return read


@dataclass(frozen=True)
class Column:
    """``read`` is a dotted path or a function of the row; the key itself when left out.

    ``sort`` names the model field (or annotation) to order by; a column without it is not sortable.
    """

    key: str
    label: Words
    read: str | Read = ""
    sort: str = ""
    css: str = ""
    is_optional: bool = True
    is_shown: bool = True

    def value(self, row: Any) -> Any:
        read = self.read if callable(self.read) else reader(self.read or self.key)
        return read(row)

    def html(self, row: Any) -> str | SafeString:
        value = self.value(row)
        return formats.MISSING if value is None or value == "" else str(value)

    def opening(self) -> SafeString:
        """The tag that every cell of this column begins with; its words are looked up once a table, not once a row."""
        css = format_html(' class="{}"', self.css) if self.css else ""
        return format_html('<td{} data-name="{}">', css, self.label)

    def cell(self, row: Any, opening: SafeString) -> SafeString:
        return mark_safe(f"{opening}{conditional_escape(self.html(row))}</td>")  # noqa: S308 -- both parts are escaped

    def plain(self, row: Any) -> str | int | float | dt.date | dt.datetime | None:
        """The value in an exported file."""
        value = self.value(row)
        return value if value is None or isinstance(value, str | int | float | dt.date) else str(value)


@dataclass(frozen=True)
class LinkColumn(Column):
    """Two lines: what it is, linked, and below it number·source·place. With ``aside`` the row opens beside the list."""

    url: Read = lambda row: ""
    caption: Read = lambda row: ""
    aside: bool = False

    def html(self, row: Any) -> SafeString:
        url, caption, text = self.url(row), self.caption(row), self.value(row)
        if not url:
            title = format_html('<span class="ttl">{}</span>', text)
        elif self.aside:
            title = format_html(
                '<a class="ttl" href="{}" hx-get="{}" hx-target="#aside" hx-select="unset" hx-swap="innerHTML"'
                ' hx-push-url="false">{}</a>',
                url,
                url,
                text,
            )
        else:
            title = format_html('<a class="ttl" href="{}">{}</a>', url, text)
        return format_html('{}<div class="cap">{}</div>', title, caption) if caption else title


@dataclass(frozen=True)
class ClockColumn(Column):
    """``read`` gives a ``ClockFace``."""

    css: str = "clock-col"

    def html(self, row: Any) -> SafeString:
        return drawn.clock(self.value(row), 18)

    def plain(self, row: Any) -> str:
        face: ClockFace | None = self.value(row)
        return f"{face.text} {face.subtext}".strip() if face else ""


@dataclass(frozen=True)
class BadgeColumn(Column):
    """``read`` gives a ``Badge`` or a few of them."""

    def badges(self, row: Any) -> list[Badge]:
        value = self.value(row)
        return [value] if isinstance(value, Badge) else list(value or [])

    def html(self, row: Any) -> SafeString:
        return drawn.badges(self.badges(row))

    def plain(self, row: Any) -> str:
        return "、".join(badge.label for badge in self.badges(row))


@dataclass(frozen=True)
class NumberColumn(Column):
    css: str = "n"
    places: int | None = None

    def html(self, row: Any) -> str:
        return formats.number_text(self.value(row), self.places)


@dataclass(frozen=True)
class MoneyColumn(Column):
    css: str = "n"

    def html(self, row: Any) -> str:
        return formats.number_text(self.value(row), 2)

    def plain(self, row: Any) -> float | None:
        value: Decimal | None = self.value(row)
        return float(value) if value is not None else None


@dataclass(frozen=True)
class DayColumn(Column):
    css: str = "num nowrap"

    def html(self, row: Any) -> str:
        return formats.short_day_text(self.value(row))

    def plain(self, row: Any) -> dt.date | None:
        value = self.value(row)
        return formats.as_date(value) if value is not None else None


@dataclass(frozen=True)
class MomentColumn(Column):
    css: str = "num nowrap"

    def html(self, row: Any) -> str:
        return formats.short_moment_text(self.value(row))

    def plain(self, row: Any) -> dt.datetime | None:
        value: dt.datetime | None = self.value(row)
        return formats.local(value).replace(tzinfo=None) if value is not None else None
