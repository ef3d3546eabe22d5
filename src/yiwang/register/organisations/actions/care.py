"""Merging, splitting, suspending and closing bodies; what moves people is told by the settings (members lie above)."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from yiwang.kernel.clock import today
from yiwang.kernel.states import move
from yiwang.platform.journal.actions import record
from yiwang.platform.text.actions import drop
from yiwang.register.accounts.models import User
from yiwang.register.organisations import finding
from yiwang.register.organisations.actions.employers import link_employer, unlink_employer
from yiwang.register.organisations.actions.tree import (
    count_body,
    create_organisation,
    end_history,
    hold_tree,
    move_subtree,
)
from yiwang.register.organisations.errors import EmployerNotCovered, IsGone, WrongTarget
from yiwang.register.organisations.events import (
    ClosingBegun,
    ClosingStopped,
    LineEnded,
    OrganisationChanged,
    OrganisationMerged,
    OrganisationRestored,
    OrganisationSplit,
    OrganisationSuspended,
)
from yiwang.register.organisations.kinds import relation_of
from yiwang.register.organisations.models import Employer, Organisation, OrganisationEmployer, OrganisationLink
from yiwang.register.organisations.queries import children, employers

State = Organisation.State
Settle = Callable[..., int]


def transfer_members(
    organisation: Organisation, target: Organisation, *, by: User | None, on: dt.date, reason: str, **only: Any
) -> int:
    """Members follow their union or employer; how is known to the members app, named by ``MEMBER_TRANSFER``."""
    return cast(Settle, import_string(settings.MEMBER_TRANSFER))(
        organisation, target, by=by, on=on, reason=reason, **only
    )


@transaction.atomic
def merge_organisation(
    organisation: Organisation,
    target: Organisation,
    *,
    by: User | None,
    on: dt.date | None = None,
    document_number: str = "",
) -> int:
    """One union goes into another: bodies below, employers, members and assets with it (Charter art. 40).

    Returns how many members went along. Refuses where the target can't hold the members or the bodies below.
    """
    hold_tree(exclusive=True)
    organisation.refresh_from_db()
    target.refresh_from_db()
    day = on or today()
    if target.is_gone:
        raise IsGone(target)
    if target.pk == organisation.pk or not target.holds_members or not organisation.holds_members:
        raise WrongTarget(_("只有能发展会员的两个不同的工会才能合并。"))
    move(organisation, State.MERGING)
    for body in children(organisation):
        move_subtree(body, target, by=by, on=day, document_number=document_number)
    for link in employers(organisation, on=day):
        _hand_on(link, target, by=by, on=day)
    moved = transfer_members(organisation, target, by=by, on=day, reason=document_number)
    end_history(organisation, day)
    move(organisation, State.MERGED, valid_to=day)
    drop(finding.KIND, [organisation.public_id])
    count_body(organisation, -1, day)
    record(
        OrganisationMerged(
            organisation_id=organisation.pk,
            into_id=target.pk,
            members=moved,
            on=day.isoformat(),
            document_number=document_number,
        ),
        by=by,
    )
    return moved


@transaction.atomic
def split_organisation(
    organisation: Organisation,
    *,
    name: str,
    kind: str,
    taking: Sequence[Employer],
    by: User | None,
    on: dt.date | None = None,
    document_number: str = "",
) -> tuple[Organisation, int]:
    """Some employers leave with their people into a new union beside the old one: members follow their work."""
    day = on or today()
    if organisation.is_gone:
        raise IsGone(organisation)
    links = {link.employer_id: link for link in employers(organisation, on=day)}
    if not taking or any(employer.pk not in links for employer in taking):
        raise EmployerNotCovered(organisation)
    fresh = create_organisation(
        name=name,
        kind=kind,
        parent=organisation.parent,
        by=by,
        division_code=organisation.division_code,
        valid_from=day,
        founded_on=day,
        approval_document=document_number,
        member_scope=Organisation.MemberScope.JOINT if len(taking) > 1 else Organisation.MemberScope.SINGLE,
        employee_count=sum(employer.headcount for employer in taking),
    )
    for employer in taking:
        _hand_on(links[employer.pk], fresh, by=by, on=day)
    moved = transfer_members(
        organisation, fresh, by=by, on=day, reason=document_number, employers=[employer.pk for employer in taking]
    )
    record(
        OrganisationSplit(
            organisation_id=organisation.pk,
            new_id=fresh.pk,
            members=moved,
            on=day.isoformat(),
            document_number=document_number,
        ),
        by=by,
    )
    return fresh, moved


def relation_to(organisation: Organisation) -> str:
    return relation_of(organisation.kind)


def _hand_on(link: OrganisationEmployer, target: Organisation, *, by: User | None, on: dt.date) -> None:
    known = OrganisationEmployer.objects.filter(organisation=target, employer=link.employer, valid_to=None).exists()
    if link.valid_from >= on:
        link.delete()
    else:
        unlink_employer(link, by=by, on=on)
    if not known:
        relation = relation_to(target)
        has_own = employers(target, on=on).filter(relation=OrganisationEmployer.Relation.OWN).exists()
        is_second = relation == OrganisationEmployer.Relation.OWN and has_own
        link_employer(
            target, link.employer, OrganisationEmployer.Relation.JOINT if is_second else relation, by=by, on=on
        )


@transaction.atomic
def begin_closing(organisation: Organisation, *, by: User | None, on: dt.date) -> None:
    """Approved to be abolished: from now on it settles its members, money, seal and papers."""
    move(organisation, State.DISSOLVING)
    record(ClosingBegun(organisation_id=organisation.pk, on=on.isoformat()), by=by)


@transaction.atomic
def stop_closing(organisation: Organisation, *, by: User | None) -> None:
    move(organisation, State.ACTIVE)
    record(ClosingStopped(organisation_id=organisation.pk), by=by)


@transaction.atomic
def suspend_organisation(organisation: Organisation, *, reason: str, by: User | None) -> None:
    """An empty shell that must be set right (瘫痪、空壳)."""
    move(organisation, State.SUSPENDED)
    record(OrganisationSuspended(organisation_id=organisation.pk, reason=reason), by=by)


@transaction.atomic
def restore_organisation(organisation: Organisation, *, by: User | None) -> None:
    move(organisation, State.ACTIVE)
    record(OrganisationRestored(organisation_id=organisation.pk), by=by)


@transaction.atomic
def end_line(link: OrganisationLink, *, by: User | None, on: dt.date | None = None) -> None:
    """The further line above a body ends on a day."""
    day = on or today()
    if day <= link.valid_from:
        link.delete()
    else:
        link.valid_to = day
        link.save(update_fields=["valid_to"])
    record(LineEnded(organisation_id=link.organisation_id, leader_id=link.leader_id), by=by)


@transaction.atomic
def advance_founding(organisation: Organisation, *states: str, by: User | None, **changes: Any) -> None:
    """A body on its way to being founded takes the next steps; once active it counts and is found."""
    was = organisation.state
    for state in states:
        move(organisation, state, **(changes if state == states[-1] else {}))
    if organisation.state == State.ACTIVE:
        count_body(organisation, 1, today())
    changed = OrganisationChanged(organisation_id=organisation.pk, changes={"state": [was, organisation.state]})
    record(changed, by=by)
