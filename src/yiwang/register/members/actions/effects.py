"""What follows from every change of a membership: figures of its body, and who can be found where."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Model

from yiwang.kernel.clock import now
from yiwang.platform.counters.actions import add, add_many
from yiwang.platform.text.actions import drop, index_many
from yiwang.platform.text.library import Entry
from yiwang.register.members.counting import CURRENT
from yiwang.register.members.models import Change, Membership, Person


def count_change(path: str, amount: int, day: dt.date) -> None:
    """One member more or fewer in a body from a day on."""
    add(CURRENT, path=path, amount=amount, day=day)


def count(memberships: Iterable[Membership], *, sign: int) -> None:
    """Members counted in their bodies from their joining day (+1), or never to have been counted (−1)."""
    figures: Counter[tuple[str, dt.date]] = Counter(
        (str(membership.organisation.path), membership.joined_on) for membership in memberships if membership.joined_on
    )
    add_many((CURRENT, path, day, sign * number) for (path, day), number in figures.items())


def make_findable(memberships: Iterable[Membership]) -> None:
    """Officers find a person by name or pinyin within their subtree."""
    index_many(
        Entry(
            kind="person",
            object_id=membership.person.public_id,
            title=membership.person.name,
            detail=membership.organisation.display_name,
            scope_path=str(membership.organisation.path),
            readings=((membership.person.pinyin_full, membership.person.pinyin_initials),),
        )
        for membership in memberships
    )


def make_unfindable(public_ids: Sequence[str]) -> None:
    drop("person", public_ids)


def keep_changes(
    person: Person,
    was: Mapping[str, Any],
    became: Mapping[str, Any] | Model,
    *,
    by: AbstractBaseUser | None,
    source: str = Change.Source.UNIT,
) -> None:
    """Old and new value of every fact that changed, sealed; the person and their union can read them."""
    Change.objects.bulk_create(
        Change(
            person=person,
            field=field,
            was=_stored(old),
            became=_stored(became[field] if isinstance(became, Mapping) else getattr(became, field)),
            source=source,
            by_id=by.pk if by else None,
            at=now(),
        )
        for field, old in was.items()
    )


def _stored(value: Any) -> str | None:
    if isinstance(value, Model):
        return str(value)
    if isinstance(value, list):
        return " ".join(map(str, value))
    return None if value is None or value == "" else str(value)
