"""Union groups inside a union: who is in which, and who leads."""

from collections.abc import Iterable

from django.db import transaction

from yiwang.kernel.clock import today
from yiwang.platform.journal.actions import record
from yiwang.register.accounts.models import User
from yiwang.register.members.actions.memberships import correct_membership
from yiwang.register.members.errors import NotInGroup
from yiwang.register.members.events import GroupLeaderEnded, GroupLeaderNamed
from yiwang.register.members.models import GroupLead, Membership
from yiwang.register.organisations.actions import create_organisation
from yiwang.register.organisations.models import Kind, Organisation


@transaction.atomic
def make_group(union: Organisation, name: str, *, by: User) -> Organisation:
    """A new group (F2) below the union."""
    return create_organisation(parent=union, name=name, kind=Kind.UNION_GROUP, by=by)


@transaction.atomic
def put_in_group(group: Organisation | None, memberships: Iterable[Membership], *, by: User) -> int:
    """Members of the union above the group; None takes them out of theirs. Returns how many really moved."""
    moved = 0
    for membership in memberships:
        if group is None or group.parent_id == membership.organisation_id:
            moved += bool(correct_membership(membership, by=by, group=group))
    return moved


@transaction.atomic
def name_leader(group: Organisation, membership: Membership, *, by: User) -> GroupLead:
    """One leader at a time; whoever led before leads no more from today."""
    if membership.group_id != group.pk or not membership.is_current:
        raise NotInGroup
    running = GroupLead.objects.filter(group=group, until=None).select_related("membership").first()
    if running is not None and running.membership_id == membership.pk:
        return running
    if running is not None:
        end_lead(running, by=by)
    lead = GroupLead.objects.create(group=group, membership=membership, since=today())
    record(GroupLeaderNamed(**_about(lead)), by=by)
    return lead


@transaction.atomic
def end_lead(lead: GroupLead, *, by: User | None) -> None:
    """Safe to run twice."""
    if GroupLead.objects.filter(pk=lead.pk, until=None).update(until=today()):
        record(GroupLeaderEnded(**_about(lead)), by=by)


def _about(lead: GroupLead) -> dict[str, int]:
    membership = lead.membership
    return {
        "membership_id": membership.pk,
        "person_id": membership.person_id,
        "organisation_id": membership.organisation_id,
        "group_id": lead.group_id,
    }
