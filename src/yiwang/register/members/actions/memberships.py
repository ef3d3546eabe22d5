"""Starting, keeping, moving and ending memberships (GT 2.5–2.7)."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from yiwang.kernel.clock import today
from yiwang.kernel.states import move
from yiwang.platform.journal.actions import record
from yiwang.platform.rules.queries import parameter
from yiwang.register.accounts.models import User
from yiwang.register.members.actions import effects
from yiwang.register.members.actions.bulk import next_numbers
from yiwang.register.members.errors import (
    AlreadyMember,
    BadDay,
    DecideWithReason,
    HoldsNoMembers,
    SameOrganisation,
    TooYoung,
)
from yiwang.register.members.events import (
    MembershipCorrected,
    MembershipEnded,
    MembershipResumed,
    MembershipRetained,
    MembershipStarted,
    MembershipTransferred,
    TransferBegun,
    TransferCalledOff,
)
from yiwang.register.members.formulas import age_on
from yiwang.register.members.models import Change, Membership, MembershipSpan, Person
from yiwang.register.members.queries import held_membership
from yiwang.register.organisations.errors import IsGone
from yiwang.register.organisations.models import Organisation

State = Membership.State
Reason = MembershipSpan.Reason
ONE_DAY = dt.timedelta(days=1)

CORRECTABLE = (
    "employer", "department", "post", "trade", "title_level", "employ_kind", "employ_state", "is_migrant", "new_form",
    "skill_level", "skill_certificate", "skill_trade", "skill_issuer", "skill_issued_on", "union_post", "group",
    "occupation", "honours", "dues_from", "dues_paid_to", "card_token", "relation_kind", "platforms", "station",
    "vehicle", "plate", "work_area", "union_at", "entrusted_to",
)  # fmt: skip


@transaction.atomic
def start_membership(
    person: Person,
    organisation: Organisation,
    *,
    by: User | None,
    joined_on: dt.date | None = None,
    join_way: str = "1",
    **details: Any,
) -> Membership:
    """A person joins; the joining day is the day the committee approved, not the day they asked (GT 2.2)."""
    day = joined_on or today()
    _refuse_place(organisation)
    _refuse_day(person, day)
    if held_membership(person) is not None:
        raise AlreadyMember

    membership = Membership(
        number=next_numbers(1)[0],
        person=person,
        organisation=organisation,
        state=State.ACTIVE,
        joined_on=day,
        join_way=join_way,
        **details,
    )
    try:
        with transaction.atomic():
            membership.save()
            _open_span(membership, day, Reason.JOINED)
    except IntegrityError as reason:  # joined elsewhere a moment ago, or on those days
        raise AlreadyMember from reason
    effects.count_change(organisation.path, 1, day)
    effects.make_findable([membership])
    record(MembershipStarted(**_about(membership), on=day.isoformat()), by=by)
    return membership


@transaction.atomic
def end_membership(
    membership: Membership,
    *,
    by: User | None,
    state: str = State.QUIT,
    on: dt.date | None = None,
    reason: str = "",
) -> None:
    """A person leaves, or died, or turned out to be a duplicate; history stays, the vote goes."""
    was_current = membership.is_current
    call_off_transfer(membership, by=by, reason=reason)
    day = _close_span(membership, on or today(), reason or str(State(state).label))

    move(membership, state, ended_on=day)
    if was_current:
        effects.count_change(membership.organisation.path, -1, day)
    effects.make_unfindable([membership.person.public_id])
    record(MembershipEnded(**_about(membership), on=day.isoformat(), state=state, reason=reason), by=by)


@transaction.atomic
def retain_membership(
    membership: Membership, *, by: User | None, on: dt.date | None = None, reason: str = "", employ_state: str = ""
) -> None:
    """Retired, unemployed or in military service: belongs on, without vote and without dues (GT 2.5)."""
    call_off_transfer(membership, by=by, reason=reason)
    day = _close_span(membership, on or today(), reason)
    changes = {"employ_state": employ_state} if employ_state else {}

    move(membership, State.RETAINED, **changes)
    _open_span(membership, day, Reason.RETAINED, may_vote=False)
    effects.count_change(membership.organisation.path, -1, day)
    record(MembershipRetained(**_about(membership), on=day.isoformat(), reason=reason), by=by)


@transaction.atomic
def resume_membership(membership: Membership, *, by: User | None, on: dt.date | None = None) -> None:
    """Back at work in the same union: vote and dues again."""
    _refuse_place(membership.organisation)
    day = _close_span(membership, on or today(), "")

    move(membership, State.ACTIVE)
    _open_span(membership, day, Reason.RESUMED)
    effects.count_change(membership.organisation.path, 1, day)
    record(MembershipResumed(**_about(membership), on=day.isoformat()), by=by)


@transaction.atomic
def change_standing(membership: Membership, state: str, *, by: User, on: dt.date, reason: str) -> None:
    """What a committee decided with minutes: kept, back at work, deemed to have left, expelled, deceased (GT 2.5)."""
    if not reason.strip():
        raise DecideWithReason
    if state == State.RETAINED:
        retain_membership(membership, by=by, on=on, reason=reason)
    elif state == State.ACTIVE:
        resume_membership(membership, by=by, on=on)
    else:
        end_membership(membership, by=by, state=state, on=on, reason=reason)


@transaction.atomic
def begin_transfer(membership: Membership, organisation: Organisation, *, by: User | None) -> None:
    """The move was asked for: still a member here, with vote and dues, until the new union takes over (GT 2.5)."""
    if organisation.pk == membership.organisation_id:
        raise SameOrganisation(organisation)
    _refuse_place(organisation)
    if membership.state != State.ACTIVE:  # retained members move without a time in between
        return
    move(membership, State.MOVING)
    record(TransferBegun(**_about(membership), to_organisation_id=organisation.pk), by=by)


@transaction.atomic
def call_off_transfer(membership: Membership, *, by: User | None, reason: str = "") -> None:
    """Withdrawn or refused: a member where they were. Safe to run twice."""
    if membership.state != State.MOVING:
        return
    move(membership, State.ACTIVE)
    record(TransferCalledOff(**_about(membership), reason=reason), by=by)


@transaction.atomic
def transfer_membership(
    membership: Membership,
    organisation: Organisation,
    *,
    by: User | None,
    on: dt.date | None = None,
    reason: str = "",
    **details: Any,
) -> None:
    """The membership follows the work: same joining day, new union, history kept; retained members become active."""
    if organisation.pk == membership.organisation_id:
        raise SameOrganisation(organisation)
    _refuse_place(organisation)
    old, was_current = membership.organisation, membership.is_current
    day = _close_span(membership, on or today(), reason)

    if membership.state == State.ACTIVE:
        move(membership, State.MOVING)
    move(membership, State.ACTIVE, organisation=organisation, group=None, **{"employer": None, **details})
    _open_span(membership, day, Reason.TRANSFERRED)
    if was_current:
        effects.count_change(old.path, -1, day)
    effects.count_change(organisation.path, 1, day)
    effects.make_findable([membership])
    event = MembershipTransferred(**_about(membership), from_organisation_id=old.pk, on=day.isoformat(), reason=reason)
    record(event, by=by)


@transaction.atomic
def move_back(membership: Membership, *, by: User | None, reason: str, **details: Any) -> None:
    """A transfer was decided wrongly: back to the union before, as it stood there; what happened stays in the history.

    A membership that was retained there is retained again.
    """
    before = (
        MembershipSpan.objects.filter(membership=membership, days__upper_inf=False)
        .exclude(organisation=membership.organisation_id)  # retained or returned there: the same union, another span
        .select_related("organisation")
        .order_by("-days")
        .first()
    )
    if before is None:
        return
    if before.organisation.is_gone:
        raise IsGone(before.organisation)
    new, was_current = membership.organisation, membership.is_current
    day = _close_span(membership, today(), reason)

    if membership.state == State.ACTIVE:
        move(membership, State.MOVING)
    changes = {"employer": None, **details}
    move(membership, State.ACTIVE, organisation=before.organisation, group=None, **changes)
    if not before.may_vote:
        move(membership, State.RETAINED)
    _open_span(membership, day, Reason.RETURNED, may_vote=before.may_vote)
    if was_current:
        effects.count_change(new.path, -1, day)
    if before.may_vote:
        effects.count_change(before.organisation.path, 1, day)
    effects.make_findable([membership])
    event = MembershipTransferred(**_about(membership), from_organisation_id=new.pk, on=day.isoformat(), reason=reason)
    record(event, by=by)


@transaction.atomic
def correct_membership(
    membership: Membership, *, by: User | None, source: str = Change.Source.UNIT, **changes: Any
) -> list[str]:
    """Put facts of the work right; returns the names of the fields that really changed."""
    unknown = set(changes) - set(CORRECTABLE)
    if unknown:
        raise TypeError(f"not correctable here: {', '.join(sorted(unknown))}")
    changed = [field for field, value in changes.items() if getattr(membership, field) != value]
    if not changed:
        return []
    was = {field: getattr(membership, field) for field in changed}
    for field in changed:
        setattr(membership, field, changes[field])
    membership.save(update_fields=[*changed, "updated_at"])
    effects.keep_changes(membership.person, was, membership, by=by, source=source)
    record(MembershipCorrected(**_about(membership), fields=changed), by=by)
    return changed


@transaction.atomic
def retain_members_of(organisation: Organisation, *, by: User | None, on: dt.date, reason: str) -> int:
    """A union is gone: its members keep their membership (Trade Union Law art. 13). Safe to run twice."""
    kept = Membership.objects.filter(organisation=organisation, state=State.ACTIVE).select_related("person")
    for membership in kept:
        membership.organisation = organisation
        retain_membership(membership, by=by, on=on, reason=reason)
    return len(kept)


@transaction.atomic
def transfer_members_of(
    organisation: Organisation, target: Organisation, *, by: User | None, on: dt.date, reason: str, **only: Any
) -> int:
    """A union merged, or employers left it: members follow, with their employer (``employers``: ids, or all)."""
    staying = Membership.objects.current().filter(organisation=organisation).select_related("person", "employer")
    if "employers" in only:
        staying = staying.filter(employer__in=only["employers"])
    for membership in (rows := list(staying)):
        membership.organisation = organisation
        transfer_membership(membership, target, by=by, on=on, reason=reason, employer=membership.employer)
    return len(rows)


def _about(membership: Membership) -> dict[str, int]:
    return {
        "membership_id": membership.pk,
        "person_id": membership.person_id,
        "organisation_id": membership.organisation_id,
    }


def _refuse_place(organisation: Organisation) -> None:
    if organisation.is_gone:
        raise IsGone(organisation)
    if not organisation.holds_members:
        raise HoldsNoMembers(organisation)


def _refuse_day(person: Person, day: dt.date) -> None:
    if day > today():
        raise BadDay(_("入会日期不能晚于今天。"))
    youngest = parameter("members.youngest", day)
    if person.birth_date and age_on(person.birth_date, day) < youngest:
        raise TooYoung(youngest)


def _close_span(membership: Membership, day: dt.date, reason: str) -> dt.date:
    """End the running span; a span lasts a day at least, so that history is never empty. Returns its last day + 1."""
    span = MembershipSpan.objects.select_for_update().get(membership=membership, days__upper_inf=True)
    if day < span.days.lower:
        raise BadDay(_("日期不能早于{day}。").format(day=span.days.lower.isoformat()))
    if day > today() + ONE_DAY:
        raise BadDay(_("日期不能晚于今天。"))
    end: dt.date = max(day, span.days.lower + ONE_DAY)
    span.days = DateRange(span.days.lower, end)
    span.end_reason = reason[:60]
    span.save(update_fields=["days", "end_reason"])
    return end


def _open_span(membership: Membership, day: dt.date, reason: str, *, may_vote: bool = True) -> None:
    MembershipSpan.objects.create(
        membership=membership,
        person_id=membership.person_id,
        organisation_id=membership.organisation_id,
        days=DateRange(day, None),
        may_vote=may_vote,
        reason=reason,
    )
