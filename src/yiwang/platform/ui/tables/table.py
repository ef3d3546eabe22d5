"""One list on one URL: what is shown follows from the address alone, so it can be sent, saved and gone back to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.platform.ui.actions import note_export, start_export
from yiwang.platform.ui.packing import pack, unpack
from yiwang.platform.ui.pages import page
from yiwang.platform.ui.spreadsheets import KINDS
from yiwang.platform.ui.tables import exports, keys
from yiwang.platform.ui.tables.columns import Column
from yiwang.platform.ui.tables.filters import ChoiceFilter, Filter

MAX_PAGE = 50
COUNT_UP_TO = 10_000
EXPORT_AT_ONCE = 2_000
SESSION_KEY = "ui_columns"


@dataclass(frozen=True)
class BulkMove:
    """A button of the bulk bar; it posts the chosen rows' ids as ``row`` to ``url``."""

    key: str
    label: str | Promise
    url: str
    icon: str = "check"


@dataclass(frozen=True)
class Row:
    ident: str
    record: Any
    cells: SafeString
    moves: str
    label: str


@dataclass(frozen=True)
class Chip:
    """A filter as the page shows it: its value in words, and where clearing it leads."""

    filter: Filter
    text: str
    clear_url: str
    options: list[tuple[str, str, bool]]
    value: str = ""


class Table:
    """Subclass it, name the columns; the view hands over a queryset already narrowed by its policy."""

    name: ClassVar[str] = "list"
    label: ClassVar[str | Promise] = ""
    columns: ClassVar[Sequence[Column]] = ()
    filters: ClassVar[Sequence[Filter]] = ()
    bulk: ClassVar[Sequence[BulkMove]] = ()
    order: ClassVar[str] = "-pk"
    tie: ClassVar[str] = "pk"
    page_size: ClassVar[int] = 20
    unit: ClassVar[str | Promise] = gettext_lazy("件")
    can_export: ClassVar[bool] = True
    empty_title: ClassVar[str | Promise] = gettext_lazy("这里还没有")
    empty_text: ClassVar[str | Promise] = ""

    def __init__(self, request: HttpRequest, rows: QuerySet[Any], **context: Any) -> None:
        self.request = request
        self.all_rows = rows
        self.context = context

    # What a subclass may say about a row.

    def ident(self, row: Any) -> str:
        """What stands for a row in a form: never its database id."""
        return str(row.public_id)

    def moves_of(self, row: Any) -> set[str]:
        """Keys of the bulk moves this row allows; a selection offers only what all its rows allow."""
        return {move.key for move in self.bulk}

    def label_of(self, row: Any) -> str:
        return str(row)

    def bulk_moves(self) -> Sequence[BulkMove]:
        return self.bulk

    @cached_property
    def moves(self) -> Sequence[BulkMove]:
        return self.bulk_moves()

    # The address.

    @cached_property
    def given(self) -> dict[str, str]:
        """Filters that are set and mean something, as they stand in the URL."""
        found = {}
        for narrowing in self.filters:
            text = self.request.GET.get(narrowing.key, "")
            if text and narrowing.clean(text) is not None:
                found[narrowing.key] = text
        return found

    @cached_property
    def sort(self) -> str:
        wanted = self.request.GET.get("sort", "")
        sortable = {column.sort.removeprefix("-") for column in self.columns if column.sort}
        return wanted if wanted.removeprefix("-") in sortable else self.order

    def url(self, **changes: str | None) -> str:
        """This list with some filters changed (None clears one), from its first page."""
        own = {**self.given, **({"sort": self.sort} if self.sort != self.order else {})}
        kept = {key: value for key, value in self.request.GET.items() if key not in self.own_parameters}
        query = {key: value for key, value in {**kept, **own, **changes}.items() if value}
        return f"{self.request.path}?{urlencode(query)}" if query else self.request.path

    @cached_property
    def own_parameters(self) -> set[str]:
        return {"sort", "at", "export", *(narrowing.key for narrowing in self.filters)}

    @cached_property
    def hidden(self) -> list[tuple[str, str]]:
        """What a search form must carry along so that the other filters stay."""
        searches = {narrowing.key for narrowing in self.filters if narrowing.kind in ("search", "text", "day")}
        kept = [(key, str(value)) for key, value in self.request.GET.items() if key not in self.own_parameters]
        kept += [(key, value) for key, value in self.given.items() if key not in searches]
        return [*kept, ("sort", self.sort)] if self.sort != self.order else kept

    # The rows.

    @cached_property
    def narrowed(self) -> QuerySet[Any]:
        rows = self.all_rows
        for narrowing in self.filters:
            if narrowing.key in self.given:
                rows = narrowing.narrow(rows, narrowing.clean(self.given[narrowing.key]))
        return rows

    @cached_property
    def order_keys(self) -> list[keys.Key]:
        found = [keys.key_of(self.all_rows.model, self.sort)]
        if self.sort.removeprefix("-") not in ("pk", "id", self.tie):
            found.append(keys.Key(self.tie))
        return found

    @cached_property
    def place(self) -> keys.Place | None:
        return keys.unseal(self.request.GET.get("at", ""), len(self.order_keys))

    @cached_property
    def window(self) -> tuple[list[Any], bool, bool]:
        """The records of this page, and whether there are any before and after them."""
        size = min(self.page_size, MAX_PAGE)
        place = self.place
        backwards = place is not None and place.backwards
        rows = keys.ordered(self.narrowed, self.order_keys, backwards=backwards)
        if place is not None:
            rows = rows.filter(keys.past(self.order_keys, place.values, backwards=backwards))
        found = list(rows[: size + 1])
        has_more = len(found) > size
        found = found[:size]
        if backwards:
            return found[::-1], has_more, True
        return found, place is not None, has_more

    @property
    def records(self) -> list[Any]:
        return self.window[0]

    @cached_property
    def rows(self) -> list[Row]:
        shown = [(column, column.opening()) for column in self.shown_columns]
        can_choose = bool(self.moves)
        choose = _("选{label}")
        return [
            Row(
                ident=self.ident(record) if can_choose else "",
                record=record,
                cells=mark_safe("".join(column.cell(record, opening) for column, opening in shown)),  # noqa: S308 -- each is made safe
                moves=" ".join(sorted(self.moves_of(record))) if can_choose else "",
                label=choose.format(label=self.label_of(record)) if can_choose else "",
            )
            for record in self.records
        ]

    @cached_property
    def total(self) -> int:
        """How many rows match, counted up to a bound: beyond it the number helps nobody and costs a full scan."""
        return self.narrowed.order_by()[: COUNT_UP_TO + 1].count()

    @cached_property
    def total_text(self) -> str:
        if self.total > COUNT_UP_TO:
            return _("{n}{unit}以上").format(n=f"{COUNT_UP_TO:,}", unit=self.unit)
        return _("{n}{unit}").format(n=f"{self.total:,}", unit=self.unit)

    @property
    def first_number(self) -> int:
        if self.place is None:
            return 1
        return max(self.place.number - len(self.records), 1) if self.place.backwards else self.place.number

    @property
    def range_text(self) -> str:
        if not self.records:
            return self.total_text
        last = self.first_number + len(self.records) - 1
        return _("{first}–{last}，共{total}").format(first=self.first_number, last=last, total=self.total_text)

    @cached_property
    def live_text(self) -> str:
        return _("已列出{total}").format(total=self.total_text)

    def _page_url(self, record: Any, number: int, *, backwards: bool) -> str:
        values = [keys.value_of(record, key) for key in self.order_keys]
        return self.url(at=keys.seal(keys.Place(values, number, backwards)))

    @cached_property
    def next_url(self) -> str:
        records, _before, after = self.window
        number = self.first_number + len(records)
        return self._page_url(records[-1], number, backwards=False) if after and records else ""

    @cached_property
    def previous_url(self) -> str:
        records, before, _after = self.window
        if not before:
            return ""
        if not records or self.first_number <= self.page_size + 1:
            return self.url()
        return self._page_url(records[0], self.first_number, backwards=True)

    # The columns.

    @cached_property
    def shown_columns(self) -> list[Column]:
        chosen = self.request.session.get(SESSION_KEY, {}).get(self.name) if hasattr(self.request, "session") else None
        if chosen is None:
            return [column for column in self.columns if column.is_shown]
        return [column for column in self.columns if column.key in chosen or not column.is_optional]

    @cached_property
    def column_choices(self) -> list[tuple[Column, bool]]:
        shown = {column.key for column in self.shown_columns}
        return [(column, column.key in shown) for column in self.columns if column.is_optional]

    @property
    def heads(self) -> list[tuple[Column, str, str]]:
        """Each shown column with where sorting by it leads and how it is sorted now."""
        found = []
        for column in self.shown_columns:
            field = column.sort.removeprefix("-")
            if not column.sort:
                found.append((column, "", ""))
            elif self.sort.removeprefix("-") == field:
                is_down = self.sort.startswith("-")
                turned = field if is_down else f"-{field}"
                found.append((column, self.url(sort=turned), "descending" if is_down else "ascending"))
            else:
                found.append((column, self.url(sort=column.sort), "none"))
        return found

    @property
    def width(self) -> int:
        return len(self.shown_columns) + (1 if self.moves else 0)

    # The filters.

    @property
    def searches(self) -> list[tuple[Filter, str]]:
        return [(f, self.given.get(f.key, "")) for f in self.filters if f.kind in ("search", "text")]

    @property
    def chips(self) -> list[Chip]:
        return [self._chip(narrowing) for narrowing in self.filters if narrowing.kind not in ("search", "text")]

    def _chip(self, narrowing: Filter) -> Chip:
        given = self.given.get(narrowing.key, "")
        choices = narrowing.choices() if isinstance(narrowing, ChoiceFilter) else []
        return Chip(
            filter=narrowing,
            text=narrowing.text_of(narrowing.clean(given)) if given else "",
            clear_url=self.url(**{narrowing.key: None}) if given else self.url(**{narrowing.key: "1"}),
            options=[(self.url(**{narrowing.key: key}), str(words), key == given) for key, words in choices],
            value=given,
        )

    @cached_property
    def clear_url(self) -> str:
        return self.url(**dict.fromkeys(self.given)) if self.given else ""

    # Export.

    @property
    def wants_export(self) -> bool:
        return self.can_export and self.request.GET.get("export", "") in KINDS

    def export_urls(self) -> list[tuple[str, str]]:
        return [(".xlsx", self.url(export="xlsx")), (".csv", self.url(export="csv"))]

    def more_exports(self) -> Sequence[tuple[str, str]]:
        """Further ways out of the house that this list offers, as (words, address)."""
        return ()

    @property
    def is_long(self) -> bool:
        """Too long to be written while somebody waits: it becomes a job."""
        return self.total > EXPORT_AT_ONCE

    def rows_after(self, place: list[Any] | None, size: int) -> list[Any]:
        """The next rows of the list as filtered and sorted, past a ``place_of`` another row."""
        rows = keys.ordered(self.narrowed, self.order_keys, backwards=False)
        if place is not None:
            values = [unpack(value) for value in place]
            rows = rows.filter(keys.past(self.order_keys, values, backwards=False))
        return list(rows[:size])

    def place_of(self, record: Any) -> list[Any]:
        return [pack(keys.value_of(record, key)) for key in self.order_keys]

    def exported(self) -> HttpResponse:
        rows = keys.ordered(self.narrowed, self.order_keys, backwards=False)
        return exports.response(self, rows, self.request.GET["export"])


class TableFound(Exception):
    """How a view hands its table, narrowed by its own policies, to the job that writes it to a file."""

    def __init__(self, table: Table) -> None:
        super().__init__(table.name)
        self.table = table


def _start_export(request: HttpRequest, table: Table, kind: str) -> HttpResponse:
    title = _("导出{table}（{total}，.{kind}）").format(
        table=table.label or _("列表"), total=table.total_text, kind=kind
    )
    run = start_export(
        table.url(),
        title=title,
        columns=[column.key for column in table.shown_columns],
        kind=kind,
        by=request.user,
    )
    return redirect("jobs:run-detail", public_id=run.public_id)


def table_page(
    request: HttpRequest,
    template: str,
    table: Table,
    context: Mapping[str, Any] | None = None,
    *,
    on_export: Callable[[Table], None] | None = None,
) -> HttpResponseBase:
    """The page around a table (its context name is ``table``, its partial ``panel``), or the file it exports."""
    if getattr(request, "is_export_job", False):
        raise TableFound(table)
    if table.wants_export:
        kind = request.GET["export"]
        if on_export is not None:
            on_export(table)
        else:
            note_export(table.name, rows=table.total, kind=kind, by=request.user)
        return _start_export(request, table, kind) if table.is_long else table.exported()
    return page(request, template, {"table": table, **(context or {})}, part="panel")
