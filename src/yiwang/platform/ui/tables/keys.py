"""Paging by key: a page starts after the last row seen, so page 400 costs what page 1 costs."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy

from yiwang.kernel.crypto import CannotDecrypt, decrypt, encrypt
from yiwang.platform.ui.packing import pack, unpack

CONTEXT = b"ui.tables.key"
MAX_TOKEN = 2000


@dataclass(frozen=True)
class Key:
    """One term of an order. Empty values always come last."""

    field: str
    is_descending: bool = False
    may_be_null: bool = False

    def order(self, *, backwards: bool) -> OrderBy:
        # Columns that are never null order plainly, so that an ordinary index serves both ways.
        down = self.is_descending != backwards
        nulls = {} if not self.may_be_null else {"nulls_first": True} if backwards else {"nulls_last": True}
        return F(self.field).desc(**nulls) if down else F(self.field).asc(**nulls)

    def beyond(self, value: Any, *, backwards: bool) -> Q | None:
        """Rows strictly past ``value`` in this term; None when there can be none."""
        if value is None:
            return Q(**{f"{self.field}__isnull": False}) if backwards else None
        sign = "lt" if self.is_descending != backwards else "gt"
        past = Q(**{f"{self.field}__{sign}": value})
        if self.may_be_null and not backwards:
            past |= Q(**{f"{self.field}__isnull": True})
        return past

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.field}__isnull": True}) if value is None else Q(**{self.field: value})


def key_of(model: type[Model], sort: str) -> Key:
    """“-due_at” as a key; an annotation, which the model does not know, may be null."""
    name = sort.removeprefix("-")
    step: Any = model
    may_be_null = False
    for part in name.split("__"):
        if part == "pk":
            continue
        try:
            found = step._meta.get_field(part)
        except (FieldDoesNotExist, AttributeError):
            may_be_null = True
            break
        may_be_null = may_be_null or found.null
        step = found.related_model
    return Key(name, sort.startswith("-"), may_be_null)


def past(keys: list[Key], values: list[Any], *, backwards: bool) -> Q:
    """Rows after (or before) the row with these values: (a > x) or (a = x and b > y) or …"""
    found = Q(pk__in=[])
    same = Q()
    for key, value in zip(keys, values, strict=True):
        beyond = key.beyond(value, backwards=backwards)
        if beyond is not None:
            found |= same & beyond
        same &= key.same(value)
    return found


def ordered(rows: QuerySet[Any], keys: list[Key], *, backwards: bool) -> QuerySet[Any]:
    return rows.order_by(*(key.order(backwards=backwards) for key in keys))


def value_of(row: Any, key: Key) -> Any:
    for part in key.field.split("__"):
        row = getattr(row, part, None)
    return row


@dataclass(frozen=True)
class Place:
    """Where a page starts: past the row with these values, the ``number``-th of the list."""

    values: list[Any]
    number: int
    backwards: bool = False


def seal(place: Place) -> str:
    """A place as text for the URL. Encrypted: the values are names and database ids, which never leave the server."""
    body = [[pack(value) for value in place.values], place.number, int(place.backwards)]
    return base64.urlsafe_b64encode(encrypt(json.dumps(body), CONTEXT)).rstrip(b"=").decode()


def unseal(token: str, size: int) -> Place | None:
    """The place a token names; None for anything we did not write, and then the list starts at its head."""
    if not token or len(token) > MAX_TOKEN:
        return None
    try:
        data = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        values, number, backwards = json.loads(decrypt(data, CONTEXT))
        place = Place([unpack(value) for value in values], int(number), bool(backwards))
    except (binascii.Error, CannotDecrypt, ValueError):
        return None
    return place if len(place.values) == size else None
