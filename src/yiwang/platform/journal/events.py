"""The base of every fact that apps record, and its form as plain JSON."""

import dataclasses
import datetime as dt
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened, in the past tense, as ids and plain values.

    ``name`` is stable for ever (``"cases.case_submitted"``). ``subject`` names the kind of record the fact
    belongs to; the field ``<subject>_id`` must exist and puts the fact on that record's timeline.
    ``audience`` is ``"staff"`` for facts that the person concerned does not read on their timeline.
    """

    name: ClassVar[str]
    subject: ClassVar[str]
    audience: ClassVar[str] = "all"

    @property
    def subject_id(self) -> int:
        return int(getattr(self, f"{self.subject}_id"))

    def as_json(self) -> dict[str, Any]:
        """Fields as values JSON knows. Secrets and model instances have no place here, so they are refused."""
        return {name: _plain(getattr(self, name)) for name in _names(type(self))}


def _names(event: type[Event]) -> tuple[str, ...]:
    known = _NAMES.get(event)
    if known is None:
        known = _NAMES[event] = tuple(f.name for f in dataclasses.fields(event))
    return known


_NAMES: dict[type[Event], tuple[str, ...]] = {}


def fields_of(event: type[Event], data: Mapping[str, Any]) -> dict[str, Any]:
    """The keyword arguments of a reaction: stored JSON turned back into the types that the event declares.

    A field that an older entry does not have is left out, so the default of the handler or the event holds.
    """
    hints = typing.get_type_hints(event)
    known = {f.name for f in dataclasses.fields(event)}
    return {name: _typed(hints[name], value) for name, value in data.items() if name in known}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dt.date):  # datetimes too
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {key: _plain(item) for key, item in value.items()}
    raise TypeError(f"an event holds ids and plain values, not {type(value).__name__}")


def _typed(hint: Any, value: Any) -> Any:
    if value is None or hint is Any:
        return value
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _typed(next(arg for arg in args if arg is not type(None)), value)
    if origin in (list, tuple):
        return origin(_typed(args[0], item) for item in value)
    if hint is dt.datetime or hint is dt.date:
        return hint.fromisoformat(value)
    if hint is Decimal:
        return Decimal(value)
    return value
