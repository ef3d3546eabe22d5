"""Where each fact of a member comes from: a line of a file, a correction, the first registration, the number itself."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yiwang.kernel.identity import BadIdentity, check_identity
from yiwang.platform.journal.models import JournalEntry
from yiwang.register.imports.models import ImportBatch, StagedBlock, StagedRow
from yiwang.register.members.facts import OF_MEMBERSHIP, OF_PERSON, Fact, filled_facts
from yiwang.register.members.models import Change, Membership, MembershipSpan, Person
from yiwang.register.members.queries import latest_membership, spans_of

FROM_NUMBER = ("gender", "birth_date")
CORRECTED = ("members.person_corrected", "members.membership_corrected")
ONE_WRITE = dt.timedelta(minutes=30)  # the longest a portion of rows takes between its first and its last statement


@dataclass(frozen=True)
class Source:
    """One writing of some fields: how, when, by whom; of a file also which and which line."""

    fields: frozenset[str]
    how: str
    at: dt.datetime | None
    by: str = ""
    batch: ImportBatch | None = None
    line: int | None = None


@dataclass(frozen=True)
class TracedFact:
    fact: Fact
    source: Source


def traced_facts(person: Person) -> list[TracedFact]:
    """Each fact with the last writing that touched it."""
    membership = latest_membership(person)
    sources = sorted(_writings(person, membership), key=lambda source: source.at or person.created_at, reverse=True)
    first = _registrations(person, membership)
    return [TracedFact(fact, _last(fact, [*sources, *first])) for fact in filled_facts(person, membership)]


def _last(fact: Fact, sources: list[Source]) -> Source:
    told = [source for source in sources if fact.field in source.fields]
    by_number = next((source for source in told if source.at is None), None)  # what follows from it nobody writes
    return by_number or told[0]


def _writings(person: Person, membership: Membership | None) -> Iterator[Source]:
    yield from _from_number(person)
    for change in Change.objects.filter(person=person).select_related("by"):
        said = change.get_source_display()
        name = change.by.name if change.by and change.source != Change.Source.SELF else ""
        yield Source(frozenset({change.field}), _("{who}改的").format(who=said), change.at, name)
    if person.phone_verified_at:
        yield Source(frozenset({"phone"}), _("本人验证过"), person.phone_verified_at)
    yield from _of_rows(person, membership)
    if membership is None:
        return
    yield from _of_blocks(person, membership)
    span = max(spans_of(person), key=lambda span: span.days.lower, default=None)
    if span is not None and span.reason != MembershipSpan.Reason.JOINED:
        day = dt.datetime.combine(span.days.lower, dt.time(), tzinfo=dt.UTC)
        yield Source(frozenset({"organisation"}), str(span.get_reason_display()), day)


def _from_number(person: Person) -> Iterator[Source]:
    try:
        told = check_identity(person.id_type, person.id_number)
    except BadIdentity:  # a number of long ago, which nobody would take today
        return
    same = {"gender": told.gender == person.gender, "birth_date": told.birth_date == person.birth_date}
    if fields := frozenset(name for name in FROM_NUMBER if same[name]):
        yield Source(fields, _("由证件号码算出"), None)


def _of_rows(person: Person, membership: Membership | None) -> Iterator[Source]:
    rows = StagedRow.objects.to_undo().filter(person_id=person.pk).select_related("batch__by")
    for row in rows:
        fields: set[str] = set()
        if row.made_person:
            fields |= set(OF_PERSON)
        if row.made_membership and membership is not None and row.membership_id == membership.pk:
            fields |= set(OF_MEMBERSHIP)
        yield _of_file(row.batch, row.number, row.written_at, frozenset(fields | _changed_by(row)))


def _changed_by(row: StagedRow) -> set[str]:
    """Which fields a row changed: as it kept them, or, once that was forgotten, as the journal does."""
    if row.before:
        kept = json.loads(row.before)
        return {name.removesuffix("_id") for part in ("person", "membership") for name in kept.get(part, {})}
    if row.written_at is None or row.person_id is None or row.membership_id is None or row.made_membership:
        return set()
    of_person = JournalEntry.objects.filter(subject="person", subject_id=row.person_id)
    of_membership = JournalEntry.objects.filter(subject="membership", subject_id=row.membership_id)
    within = {"name__in": CORRECTED, "at__lte": row.written_at, "at__gt": row.written_at - ONE_WRITE}
    entries = [*of_person.filter(**within), *of_membership.filter(**within)]
    return {name for entry in entries for name in entry.data.get("fields", [])}


def _of_blocks(person: Person, membership: Membership) -> Iterator[Source]:
    """Of plain rows only their block is kept; its time narrows the search, since no index leads to its people."""
    made = membership.created_at
    near = StagedBlock.objects.filter(undone_at=None, written_at__gte=made, batch__created_at__lte=made)
    around = list(near.values_list("pk", flat=True))
    blocks = StagedBlock.objects.filter(pk__in=around, membership_ids__contains=[membership.pk])
    for block in blocks.select_related("batch__by"):
        place = block.membership_ids.index(membership.pk)
        fields = frozenset({*OF_PERSON, *OF_MEMBERSHIP})
        yield _of_file(block.batch, block.numbers[place], membership.created_at, fields)


def _of_file(batch: ImportBatch, line: int, at: dt.datetime | None, fields: frozenset[str]) -> Source:
    return Source(fields, _("名册导入"), at, batch.by.name if batch.by else "", batch, line)


def _registrations(person: Person, membership: Membership | None) -> list[Source]:
    """Where everything else comes from: the day somebody became known, and the day they joined."""
    first = [Source(frozenset(OF_PERSON), _("第一次登记"), person.created_at)]
    if membership is not None:
        how = _("入会时登记（{way}）").format(way=membership.get_join_way_display())
        first.append(Source(frozenset(OF_MEMBERSHIP), how, membership.created_at))
    return first
