"""Which figures exist and how each is counted from the rows it stands for."""

import datetime as dt
from collections.abc import Callable, Iterable

# Either a SELECT of (path, day, amount), one row per change that ever counted, or a function that yields such rows.
Rows = Iterable[tuple[str, dt.date, int]]
Source = str | Callable[[], Rows]

_SOURCES: dict[str, Source] = {}


def register_recount(name: str, source: Source) -> None:
    """Called from ``AppConfig.ready`` of the app whose rows are counted."""
    _SOURCES[name] = source


def recount_sources() -> dict[str, Source]:
    return dict(sorted(_SOURCES.items()))
