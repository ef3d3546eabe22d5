"""A change of the tree: one officer asks, another decides, then it happens (GT 1.9, two-person rule)."""

import datetime as dt
from collections.abc import Callable, Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yiwang.kernel.clock import now, today
from yiwang.kernel.states import move
from yiwang.platform.journal.actions import record
from yiwang.register.accounts.models import User
from yiwang.register.organisations.actions.care import (
    begin_closing,
    merge_organisation,
    relation_to,
    split_organisation,
    stop_closing,
)
from yiwang.register.organisations.actions.employers import link_employer
from yiwang.register.organisations.actions.tree import (
    close_organisation,
    create_organisation,
    move_subtree,
    refuse_wrong_place,
    rename_organisation,
)
from yiwang.register.organisations.errors import AlreadyAsked, BadDay, IsGone, NotSettled, SamePerson
from yiwang.register.organisations.events import ClosingTaskDone, TreeChangeDecided, TreeChangeProposed
from yiwang.register.organisations.models import Employer, Organisation, TreeChange

State = TreeChange.State
Kind = TreeChange.Kind


@transaction.atomic
def propose_change(
    organisation: Organisation,
    kind: str,
    *,
    by: User | None,
    reason: str,
    effective_on: dt.date | None = None,
    target: Organisation | None = None,
    name: str = "",
    body_kind: str = "",
    taking: Sequence[Employer] = (),
    document_number: str = "",
) -> TreeChange:
    """Ask for a change. What can be known to be impossible is refused now, the rest when it is decided."""
    if organisation.is_gone:
        raise IsGone(organisation)
    day = effective_on or today()
    if day > today():
        raise BadDay(_("日期不能晚于今天。"))
    if kind == Kind.FOUND:
        refuse_wrong_place(body_kind, organisation, name)
    change = TreeChange(
        organisation=organisation,
        kind=kind,
        target=target,
        name=name.strip(),
        body_kind=body_kind,
        effective_on=day,
        document_number=document_number.strip(),
        reason=reason.strip(),
        proposed_by=by,
        proposed_at=now(),
    )
    try:
        with transaction.atomic():
            change.save()
    except IntegrityError as clash:
        raise AlreadyAsked from clash
    change.employers.set(taking)
    record(
        TreeChangeProposed(
            organisation_id=organisation.pk,
            change_id=change.pk,
            kind=kind,
            on=day.isoformat(),
            reason=change.reason,
        ),
        by=by,
    )
    return change


@transaction.atomic
def approve_change(change: TreeChange, *, by: User, opinion: str = "") -> None:
    """The second person agrees, and the change happens in the same breath; closing goes on to its settling."""
    if by.pk == change.proposed_by_id:
        raise SamePerson
    settles = change.kind == Kind.CLOSE
    move(
        change,
        State.SETTLING if settles else State.DONE,
        decided_by=by,
        decided_at=now(),
        opinion=opinion.strip(),
    )
    _APPLY[change.kind](change, by)
    change.save(update_fields=["result", "members_moved"])
    _decided(change, by)


@transaction.atomic
def refuse_change(change: TreeChange, *, by: User, opinion: str) -> None:
    if by.pk == change.proposed_by_id:
        raise SamePerson
    move(change, State.REFUSED, decided_by=by, decided_at=now(), opinion=opinion.strip())
    _decided(change, by)


@transaction.atomic
def withdraw_change(change: TreeChange, *, by: User) -> None:
    """Taken back by who asked; a closing that already settles is stopped."""
    was_settling = change.state == State.SETTLING
    move(change, State.WITHDRAWN)
    if was_settling:
        stop_closing(change.organisation, by=by)
    _decided(change, by)


@transaction.atomic
def tick_closing_task(change: TreeChange, task: str, *, by: User) -> None:
    """One thing to settle is settled; ticking twice changes nothing."""
    change.refresh_from_db()
    if change.state != State.SETTLING or task not in TreeChange.Task.values or task in change.settled:
        return
    change.settled = [*change.settled, task]
    change.save(update_fields=["settled"])
    record(ClosingTaskDone(organisation_id=change.organisation_id, task=task), by=by)


@transaction.atomic
def finish_closing(change: TreeChange, *, by: User) -> None:
    """The last step: refused while a member, a body or a task is left."""
    change.refresh_from_db()
    left = [str(task.label) for task in TreeChange.Task if task.value not in change.settled]
    if left:
        raise NotSettled(left)
    close_organisation(change.organisation, by=by, on=today(), document_number=change.document_number)
    move(change, State.DONE)
    _decided(change, by)


def _decided(change: TreeChange, by: User) -> None:
    record(
        TreeChangeDecided(
            organisation_id=change.organisation_id,
            change_id=change.pk,
            kind=change.kind,
            state=change.state,
            opinion=change.opinion,
        ),
        by=by,
    )


def _found(change: TreeChange, by: User) -> None:
    taken = list(change.employers.all())
    change.result = create_organisation(
        name=change.name,
        kind=change.body_kind,
        parent=change.organisation,
        by=by,
        valid_from=change.effective_on,
        founded_on=change.effective_on,
        approval_document=change.document_number,
        employee_count=sum(employer.headcount for employer in taken),
    )
    for employer in taken:
        link_employer(change.result, employer, relation_to(change.result), by=by, on=change.effective_on)


def _rename(change: TreeChange, by: User) -> None:
    rename_organisation(
        change.organisation, change.name, by=by, on=change.effective_on, document_number=change.document_number
    )


def _move(change: TreeChange, by: User) -> None:
    assert change.target is not None
    move_subtree(
        change.organisation, change.target, by=by, on=change.effective_on, document_number=change.document_number
    )


def _merge(change: TreeChange, by: User) -> None:
    assert change.target is not None
    change.members_moved = merge_organisation(
        change.organisation, change.target, by=by, on=change.effective_on, document_number=change.document_number
    )


def _split(change: TreeChange, by: User) -> None:
    change.result, change.members_moved = split_organisation(
        change.organisation,
        name=change.name,
        kind=change.body_kind,
        taking=list(change.employers.all()),
        by=by,
        on=change.effective_on,
        document_number=change.document_number,
    )


def _close(change: TreeChange, by: User) -> None:
    begin_closing(change.organisation, by=by, on=change.effective_on)


_APPLY: dict[str, Callable[[TreeChange, User], None]] = {
    Kind.FOUND: _found,
    Kind.RENAME: _rename,
    Kind.MOVE: _move,
    Kind.MERGE: _merge,
    Kind.SPLIT: _split,
    Kind.CLOSE: _close,
}
