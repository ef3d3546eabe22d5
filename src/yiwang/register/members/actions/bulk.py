"""Persons and memberships by the thousand, inside the caller's transaction: what one verb does for one, for many."""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from operator import attrgetter

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from yiwang.kernel.copying import copy_rows
from yiwang.platform.journal.actions import record_many
from yiwang.platform.text.library import person_keys
from yiwang.register.members.actions import effects
from yiwang.register.members.events import (
    MembershipCorrected,
    MembershipEnded,
    MembershipStarted,
    PersonCorrected,
    PersonRegistered,
)
from yiwang.register.members.formulas import member_number
from yiwang.register.members.models import Membership, MembershipSpan, Person
from yiwang.register.members.queries import identity_hash, phone_hash, tail_hash

BATCH = 1000


def enrol_many(enrolled: Sequence[tuple[Person, Membership]], *, by: AbstractBaseUser | None) -> None:
    """Register the persons that are not saved yet and start every membership, in force from its joining day.

    ``membership.organisation`` and ``joined_on`` are set by the caller; the rest of what a row is follows here.
    """
    strangers = [person for person, _membership in enrolled if person.pk is None]
    for person in strangers:
        _complete(person)
    copy_rows(strangers)
    memberships = [membership for _person, membership in enrolled]
    for (person, membership), number in zip(enrolled, next_numbers(len(enrolled)), strict=True):
        membership.person, membership.number, membership.state = person, number, Membership.State.ACTIVE
    copy_rows(memberships)
    copy_rows([_first_span(membership) for membership in memberships])

    effects.count(memberships, sign=1)
    effects.make_findable(memberships)
    record_many([PersonRegistered(person_id=p.pk, realname_level=p.realname_level) for p in strangers], by=by)
    record_many([_started(membership) for membership in memberships], by=by)


def _complete(person: Person) -> None:
    person.id_hash = identity_hash(person.id_type, person.id_number)
    person.tail_hash = tail_hash(person.id_number)
    person.phone_hash = phone_hash(person.phone) if person.phone else ""
    person.pinyin_full, person.pinyin_initials = person_keys(person.name)


def next_numbers(count: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('members_serial') FROM generate_series(1, %s)", [count])
        return [member_number(serial) for (serial,) in cursor.fetchall()]


def _first_span(membership: Membership) -> MembershipSpan:
    return MembershipSpan(
        membership=membership,
        person=membership.person,
        organisation=membership.organisation,
        days=DateRange(membership.joined_on, None),
        reason=MembershipSpan.Reason.JOINED,
    )


def _started(membership: Membership) -> MembershipStarted:
    return MembershipStarted(
        membership_id=membership.pk,
        person_id=membership.person_id,
        organisation_id=membership.organisation_id,
        on=str(membership.joined_on),
    )


@dataclass(frozen=True)
class Correction:
    """A person and a membership whose named fields already hold their new values."""

    person: Person
    person_fields: Collection[str]
    membership: Membership
    membership_fields: Collection[str]


def correct_many(corrections: Sequence[Correction], *, by: AbstractBaseUser | None) -> None:
    """Write the named fields. A joining day moves the beginning of the first span with it."""
    people = [c for c in corrections if c.person_fields]
    members = [c for c in corrections if c.membership_fields]
    for correction in people:
        if "phone" in correction.person_fields:
            correction.person.phone_hash = phone_hash(correction.person.phone) if correction.person.phone else ""
    for names, same in _alike(people, attrgetter("person_fields")).items():
        hidden = {"phone_hash"} if "phone" in names else set()
        Person.objects.bulk_update([c.person for c in same], sorted({*names, *hidden}), batch_size=BATCH)
    for names, same in _alike(members, attrgetter("membership_fields")).items():
        Membership.objects.bulk_update([c.membership for c in same], sorted(names), batch_size=BATCH)
    for correction in members:
        if "joined_on" in correction.membership_fields:
            _move_first_day(correction.membership)

    record_many([PersonCorrected(person_id=c.person.pk, fields=sorted(c.person_fields)) for c in people], by=by)
    record_many([_corrected(c) for c in members], by=by)


def _alike(
    corrections: Sequence[Correction], fields: Callable[[Correction], Collection[str]]
) -> dict[frozenset[str], list[Correction]]:
    """Those that write the same fields, together: fields that were not read are not read now."""
    groups: dict[frozenset[str], list[Correction]] = {}
    for correction in corrections:
        groups.setdefault(frozenset(fields(correction)), []).append(correction)
    return groups


def _move_first_day(membership: Membership) -> None:
    first = membership.spans.order_by("days").first()
    if first is not None and membership.joined_on and first.reason == MembershipSpan.Reason.JOINED:
        effects.count_change(membership.organisation.path, -1, first.days.lower)
        effects.count_change(membership.organisation.path, 1, membership.joined_on)
        first.days = DateRange(membership.joined_on, first.days.upper)
        first.save(update_fields=["days"])


def _corrected(correction: Correction) -> MembershipCorrected:
    membership = correction.membership
    return MembershipCorrected(
        membership_id=membership.pk,
        person_id=membership.person_id,
        organisation_id=membership.organisation_id,
        fields=sorted(correction.membership_fields),
    )


def unenrol_many(
    memberships: Sequence[Membership],
    persons: Sequence[Person],
    *,
    by: AbstractBaseUser | None,
    on: dt.date,
    reason: str,
) -> None:
    """Take back memberships that should never have been, with the persons that came with them; all or nothing.

    Raises ``ProtectedError`` when something else already stands on one of them.
    """
    ended = [
        MembershipEnded(
            membership_id=m.pk,
            person_id=m.person_id,
            organisation_id=m.organisation_id,
            on=str(on),
            state="undone",
            reason=reason,
        )
        for m in memberships
    ]
    leaving = sorted(memberships, key=attrgetter("pk"))
    public_ids = [membership.person.public_id for membership in leaving]
    MembershipSpan.objects.filter(membership__in=leaving).delete()
    Membership.objects.filter(pk__in=[membership.pk for membership in leaving]).delete()
    Person.objects.filter(pk__in=[person.pk for person in persons]).delete()

    effects.count(leaving, sign=-1)
    effects.make_unfindable(public_ids)
    record_many(ended, by=by)
