"""Declarative tables: columns, filters in the URL, paging by key, bulk moves, chosen columns, export."""

from yiwang.platform.ui.tables.columns import (
    BadgeColumn,
    ClockColumn,
    Column,
    DayColumn,
    LinkColumn,
    MomentColumn,
    MoneyColumn,
    NumberColumn,
)
from yiwang.platform.ui.tables.filters import (
    ChoiceFilter,
    DayFilter,
    Filter,
    LinkedFilter,
    SearchFilter,
    SwitchFilter,
)
from yiwang.platform.ui.tables.table import BulkMove, Table, table_page

__all__ = [
    "BadgeColumn",
    "BulkMove",
    "ChoiceFilter",
    "ClockColumn",
    "Column",
    "DayColumn",
    "DayFilter",
    "LinkedFilter",
    "Filter",
    "LinkColumn",
    "MomentColumn",
    "MoneyColumn",
    "NumberColumn",
    "SearchFilter",
    "SwitchFilter",
    "Table",
    "table_page",
]
