"""Many cases at once: every row its own policy, its own transaction, its own line in the report."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from yiwang.kernel.errors import DomainError
from yiwang.net.cases.actions.handover import give_to
from yiwang.net.cases.events import QueueExported
from yiwang.net.cases.models import Case
from yiwang.net.cases.policies import Check, get_staffed, queue_of
from yiwang.platform.journal.actions import record
from yiwang.register.accounts.models import User

BATCH = 200


@dataclass(frozen=True)
class Row:
    """What became of one case of a bulk move."""

    number: str
    title: str
    done: bool
    text: str


def do_for_each(numbers: Iterable[str], *, by: User, must: Check, do: Callable[[Case], object]) -> list[Row]:
    """One refused row never undoes or stops another; what the user may not see is not found, as everywhere."""
    return [_do_one(number, by=by, must=must, do=do) for number in dict.fromkeys(numbers)]


def _do_one(number: str, *, by: User, must: Check, do: Callable[[Case], object]) -> Row:
    try:
        case = get_staffed(by, number, must=must)
    except Http404:
        return Row(number, "", False, _("没有找到这一件。"))
    except PermissionDenied:
        return Row(number, "", False, _("这一件现在不能这样办：不在这个状态，或不归你办。"))
    try:
        do(case)
    except DomainError as refusal:
        return Row(number, case.title, False, str(refusal))
    return Row(number, case.title, True, "")


def give_all_to(leaving: User, *, successor: User, by: User, reason: str) -> list[Row]:
    """Every open case of a leaving officer within the reach of ``by`` to one successor (离任移交)."""
    rows = []
    cases = queue_of(by, "subtree").open().filter(handler=leaving).order_by("pk")
    for number in list(cases.values_list("number", flat=True)):
        rows.append(
            _do_one(
                number,
                by=by,
                must=lambda user, case: case.handler_id == leaving.pk,
                do=lambda case: give_to(case, handler=successor, by=by, reason=reason),
            )
        )
    return rows


@transaction.atomic
def note_export(table: str, *, rows: int, by: User) -> None:
    """Who took how many rows out of the house is kept like any other deed."""
    record(QueueExported(user_id=by.pk, table=table, rows=rows), by=by)
