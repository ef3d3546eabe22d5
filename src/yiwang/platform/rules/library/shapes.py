"""Dataclasses to plain data and back, so that a rule file, a stored version and a receipt share one shape."""

import dataclasses
import datetime as dt
import types
import typing
from typing import Any, TypeVar, cast

T = TypeVar("T")


class BadShape(ValueError):
    """Data does not fit; ``path`` says where."""

    def __init__(self, path: tuple[str | int, ...], message: str) -> None:
        super().__init__(message)
        self.path = path


def to_data(value: Any) -> Any:
    """Plain data of a dataclass tree. Defaults are left out, so that new optional fields keep old hashes."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: to_data(getattr(value, field.name))
            for field in dataclasses.fields(value)
            if getattr(value, field.name) != _default(field)
        }
    if isinstance(value, dict):
        return {str(key): to_data(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [to_data(item) for item in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


def _default(field: "dataclasses.Field[Any]") -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default


def from_data(cls: type[T], data: Any, path: tuple[str | int, ...] = ()) -> T:
    """The dataclass that ``data`` describes. Raises BadShape for a missing, unknown or misshapen entry."""
    hints = typing.get_type_hints(cls)
    fields = {field.name: field for field in dataclasses.fields(cast(Any, cls))}
    if isinstance(data, list) and all(isinstance(item, str) for item in data) and len(data) <= len(fields):
        data = dict(zip(fields, data, strict=False))  # the short form: ["中文", "English"]
    if not isinstance(data, dict):
        raise BadShape(path, "这里要写成表（键 = 值）")
    for name in data:
        if name not in fields:
            raise BadShape((*path, name), f"不认识“{name}”这一项，可写的有：{'、'.join(fields)}")
    values: dict[str, Any] = {}
    for name, field in fields.items():
        if name in data:
            values[name] = _convert(hints[name], data[name], (*path, name))
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise BadShape(path, f"缺“{name}”这一项")
    return cls(**values)


def _convert(hint: Any, data: Any, path: tuple[str | int, ...]) -> Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return None if data is None else _convert(_some(arguments), data, path)
    if origin in (tuple, dict):
        return _gathered(origin, arguments, data, path)
    if dataclasses.is_dataclass(hint):
        return from_data(cast(type[Any], hint), data, path)
    if hint is dt.date:
        return _day(data, path)
    if hint is not Any and (not isinstance(data, hint) or (hint is int and isinstance(data, bool))):
        raise BadShape(path, f"这里要写{_names()[hint]}，不能写 {data!r}")
    return data


def _some(options: tuple[Any, ...]) -> Any:
    return next(option for option in options if option is not type(None))


def _gathered(origin: Any, arguments: tuple[Any, ...], data: Any, path: tuple[str | int, ...]) -> Any:
    if origin is tuple and isinstance(data, list):
        return tuple(_convert(arguments[0], item, (*path, place)) for place, item in enumerate(data))
    if origin is dict and isinstance(data, dict):
        return {key: _convert(arguments[1], item, (*path, key)) for key, item in data.items()}
    raise BadShape(path, "这里要写成列表 […]" if origin is tuple else "这里要写成表（键 = 值）")


def _names() -> dict[type, str]:
    return {str: "文字", int: "整数", bool: "true 或 false"}


def _day(data: Any, path: tuple[str | int, ...]) -> dt.date:
    if isinstance(data, dt.date):
        return data
    try:
        return dt.date.fromisoformat(str(data))
    except ValueError:
        raise BadShape(path, f"日期要写成 2026-07-01 这样，不能写 {data!r}") from None
