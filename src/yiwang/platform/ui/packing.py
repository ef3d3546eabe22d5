"""Cells as JSON knows them, and back: days, moments and sums keep what they are."""

import datetime as dt
from decimal import Decimal
from typing import Any


def pack(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return {"at": value.isoformat()}
    if isinstance(value, dt.date):
        return {"on": value.isoformat()}
    if isinstance(value, Decimal):
        return {"n": str(value)}
    return value if value is None or isinstance(value, str | int | float) else str(value)


def unpack(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, text),) = value.items()
    if kind == "n":
        return Decimal(text)
    return dt.datetime.fromisoformat(text) if kind == "at" else dt.date.fromisoformat(text)
