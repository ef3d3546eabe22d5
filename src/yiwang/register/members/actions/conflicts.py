"""The worklist of contradictions (GT 2.10): found by the system or a form, settled by a person with a reason."""

import datetime as dt

from django.db import connection, transaction

from yiwang.kernel import clock
from yiwang.kernel.clock import deadline
from yiwang.kernel.states import move
from yiwang.platform.journal.actions import record
from yiwang.platform.rules.queries import parameter, work_calendar
from yiwang.register.accounts.models import User
from yiwang.register.members.errors import DecideWithReason
from yiwang.register.members.events import ConflictNoted, ConflictSettled
from yiwang.register.members.models import Conflict, Person
from yiwang.register.members.queries import held_membership
from yiwang.register.organisations.models import Organisation

# The same name and day of birth under two numbers (D4); several people with one telephone (D3).
PAIRS = {
    Conflict.Rule.SAME_PERSON: """
        SELECT a.id, b.id FROM members_person a JOIN members_person b
          ON b.name = a.name AND b.birth_date = a.birth_date AND b.id > a.id
        WHERE a.merged_into_id IS NULL AND b.merged_into_id IS NULL
    """,
    Conflict.Rule.SAME_PHONE: """
        SELECT a.id, b.id FROM members_person a JOIN members_person b
          ON b.phone_hash = a.phone_hash AND b.id > a.id
        WHERE a.phone_hash <> '' AND a.merged_into_id IS NULL AND b.merged_into_id IS NULL
          AND NOT (b.name = a.name AND b.birth_date IS NOT DISTINCT FROM a.birth_date)
    """,
}
UNKNOWN = """
    WITH pair (a, b) AS ({pairs})
    SELECT a, b FROM pair WHERE NOT EXISTS (
        SELECT 1 FROM members_conflict c WHERE c.rule = %s AND c.person_id = pair.a AND c.other_id = pair.b
    ) ORDER BY a, b LIMIT %s
"""
SCANNED_AT_ONCE = 2000


@transaction.atomic
def note_conflict(
    rule: str,
    person: Person,
    *,
    other: Person | None = None,
    claimed_by: Organisation | None = None,
    detail: str = "",
    by: User | None = None,
    now: dt.datetime | None = None,
) -> Conflict:
    """Put it on the worklist, once while it is open."""
    now = now or clock.now()
    membership = held_membership(person)
    if claimed_by is None and other is not None:
        theirs = held_membership(other)
        claimed_by = theirs.organisation if theirs else None
    found, is_new = Conflict.objects.get_or_create(
        rule=rule,
        person=person,
        other=other,
        claimed_by=claimed_by,
        state=Conflict.State.OPEN,
        defaults={
            "organisation": membership.organisation if membership else None,
            "detail": detail[:300],
            "found_at": now,
            "due_at": deadline(now, int(parameter("members.conflict_workdays", clock.local_date(now))), "workday",
                               work_calendar()),
        },
    )  # fmt: skip
    if is_new:
        record(ConflictNoted(person_id=person.pk, rule=rule), by=by)
    return found


@transaction.atomic
def settle_conflict(conflict: Conflict, state: str, *, reason: str, by: User | None) -> None:
    """Decided: with the reason, so that the next reader need not ask again."""
    if not reason.strip():
        raise DecideWithReason
    move(conflict, state, reason=reason.strip()[:300], decided_by=by, decided_at=clock.now())
    record(ConflictSettled(person_id=conflict.person_id, rule=conflict.rule, state=state), by=by)


def find_pairs(now: dt.datetime | None = None) -> int:
    """Look through the register for records that may be one person; a pair that was decided is left alone."""
    found = 0
    for rule, pairs in PAIRS.items():
        with connection.cursor() as cursor:
            cursor.execute(UNKNOWN.format(pairs=pairs), [rule, SCANNED_AT_ONCE])
            ids = cursor.fetchall()
        people = Person.objects.in_bulk({pk for pair in ids for pk in pair})
        for first, second in ids:
            note_conflict(rule, people[first], other=people[second], now=now)
        found += len(ids)
    return found
