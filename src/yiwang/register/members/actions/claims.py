"""Conflicts between two unions or two people that are carried out by being settled (GT 2.10: D1, D3, D7, D8, D9)."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from yiwang.platform.journal.actions import record
from yiwang.register.accounts.models import User
from yiwang.register.accounts.texting import text_code
from yiwang.register.members.actions import effects
from yiwang.register.members.actions.affiliations import end_affiliation_with
from yiwang.register.members.actions.conflicts import settle_conflict
from yiwang.register.members.actions.memberships import correct_membership, transfer_membership
from yiwang.register.members.codes import EmployKind, UnionAt
from yiwang.register.members.errors import AgreementMissing, NotOnTheOtherSide, SignsInWithIt
from yiwang.register.members.events import PersonCorrected
from yiwang.register.members.models import Conflict, Person
from yiwang.register.members.queries import held_membership
from yiwang.register.organisations.models import Organisation

State = Conflict.State


@transaction.atomic
def hand_over(conflict: Conflict, *, reason: str, by: User) -> None:
    """The membership goes to the union that claims it, on the word of the union that held it; retained ones resume."""
    settle_conflict(conflict, State.MOVED, reason=reason, by=by)
    _move_to(conflict, conflict.claimed_by, by=by)


@transaction.atomic
def settle_dispatch(
    conflict: Conflict, keeper: Organisation, *, union_at: str, agreement: str, reason: str, by: User
) -> None:
    """Which of the two firms' unions a dispatched worker belongs to (D7).

    By default that of the dispatcher; that of the user by an agreement between the two unions, which is named.
    """
    if keeper.pk not in (conflict.organisation_id, conflict.claimed_by_id):
        raise NotOnTheOtherSide(keeper)
    at_user = union_at == UnionAt.USER
    if at_user and not agreement.strip():
        raise AgreementMissing
    moved = keeper.pk == conflict.claimed_by_id
    told = f"{reason.strip()}（{agreement.strip()}）" if reason.strip() and at_user else reason
    settle_conflict(conflict, State.MOVED if moved else State.KEPT, reason=told, by=by)
    _move_to(conflict, keeper, by=by)
    held = held_membership(conflict.person)
    assert held is not None  # just moved, or it was there
    entrusted = keeper if at_user else None
    correct_membership(held, by=by, employ_kind=EmployKind.DISPATCH, union_at=union_at, entrusted_to=entrusted)


def _move_to(conflict: Conflict, union: Organisation | None, *, by: User) -> None:
    held = held_membership(conflict.person)
    if held is None or union is None:
        raise NotOnTheOtherSide(union)
    if held.organisation_id != union.pk:
        transfer_membership(held, union, by=by, reason=conflict.reason[:60])
        end_affiliation_with(held.person_id, union.pk)


@transaction.atomic
def release_phone(conflict: Conflict, keep: Person, *, reason: str, by: User) -> None:
    """One of two people keeps the telephone, the other's record has none any more (D3); the number itself is told.

    Whoever signs in with the number can't lose it here: that telephone is in somebody's hand.
    """
    pair = [person for person in (conflict.person, conflict.other) if person is not None]
    loser = next((person for person in pair if person.pk != keep.pk), None)
    if keep.pk not in {person.pk for person in pair} or loser is None:
        raise NotOnTheOtherSide(keep)
    loser = Person.objects.select_for_update(of=("self",)).select_related("user").get(pk=loser.pk)
    number = loser.phone
    if loser.user is not None and loser.user.phone == number:
        raise SignsInWithIt(loser)
    settle_conflict(conflict, State.CORRECTED, reason=reason, by=by)
    if not number:  # it was changed since
        return
    effects.keep_changes(loser, {"phone": number}, {"phone": None}, by=by)
    loser.phone, loser.phone_hash, loser.phone_verified_at = None, "", None
    loser.save(update_fields=["phone", "phone_hash", "phone_verified_at", "updated_at"])
    record(PersonCorrected(person_id=loser.pk, fields=["phone"]), by=by)
    with override("zh-hans"):  # not the officer's language: whose telephone it is, nobody knows
        text = _("工会名册里有两个人登记了这个手机号，现在只留给{name}。不对的话请打12351。").format(name=keep.name)
    transaction.on_commit(lambda: text_code(number, text))
