"""People in programmes: entered, checked, given a place or refused with a receipt, paid, and moved up."""

import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from yiwang.kernel import clock
from yiwang.kernel.clock import local_date
from yiwang.kernel.money import yuan
from yiwang.kernel.states import move
from yiwang.net.cases.models import Case
from yiwang.net.payments.actions import Ask, ask_payments, cancel_payment
from yiwang.net.payments.models import Payment
from yiwang.net.payments.queries import account_of, payments_for
from yiwang.platform.draws.library.protocol import new_ticket
from yiwang.platform.journal.actions import record
from yiwang.platform.notify.actions import send
from yiwang.platform.rules import actions as rules
from yiwang.platform.rules.library.receipts import Recourse
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Person
from yiwang.register.members.queries import current_membership
from yiwang.rights.aid.actions import following
from yiwang.rights.aid.actions.programmes import give_back, take
from yiwang.rights.aid.actions.signs import resolve
from yiwang.rights.aid.actions_receipts import BASIS, WHERE
from yiwang.rights.aid.errors import WordsNeeded, WrongPerson
from yiwang.rights.aid.errors_programmes import (
    AlreadyIn,
    DoublesOpen,
    DrawDecides,
    NotTaking,
    NotWaiting,
    PremiumPaid,
    RulesSayNo,
)
from yiwang.rights.aid.events import (
    DoubleResolved,
    PlaceChecked,
    PlaceDecided,
    PlaceEntered,
    PlaceWithdrawn,
)
from yiwang.rights.aid.models import Doubled, Place, Programme
from yiwang.rights.aid.queries import appeal_end
from yiwang.rights.aid.queries_programmes import (
    HELD,
    SOURCE,
    answer_for_place,
    doubles_of,
    facts_for,
    household_of_person,
    period_of,
)

State, Purpose = Place.State, Place.Purpose


@transaction.atomic
def enter(
    programme: Programme,
    person: Person,
    *,
    by: User | None,
    told: Mapping[str, Any] | None = None,
    purpose: str = Purpose.AID,
    case: Case | None = None,
    listed_in: Case | None = None,
    now: dt.datetime | None = None,
) -> Place:
    """Asked for, or named by the union. Whether it is doubled is a sign for a person, never a refusal."""
    now = now or clock.now()
    if not Programme.objects.taking(local_date(now)).filter(pk=programme.pk).exists():
        raise NotTaking(programme)
    here = Place.objects.filter(programme=programme, person=person, purpose=purpose, state__in=HELD)
    if purpose != Purpose.CLAIM and here.exists():
        raise AlreadyIn(person.name)
    membership = current_membership(person)
    place = Place.objects.create(
        programme=programme,
        person=person,
        organisation=membership.organisation if membership else programme.organisation,
        household=household_of_person(person),
        case=case,
        listed_in=listed_in,
        purpose=purpose,
        told=json.dumps(dict(told or {}), ensure_ascii=False, sort_keys=True),
        ticket=new_ticket() if programme.is_drawn else "",
        entered_by=by,
        entered_at=now,
    )
    look_for_doubles(place, now=now)
    record(PlaceEntered(place_id=place.pk, purpose=purpose), by=by)
    return place


def look_for_doubles(place: Place, *, now: dt.datetime) -> None:
    for signal, detail in doubles_of(place):
        Doubled.objects.get_or_create(place=place, signal=signal, detail=detail[:200], defaults={"found_at": now})


@transaction.atomic
def resolve_double(double: Doubled, *, outcome: str, words: str, by: User, now: dt.datetime | None = None) -> None:
    resolve(double, outcome=outcome, words=words, by=by, now=now)
    record(DoubleResolved(place_id=double.place_id, signal=double.signal, outcome=outcome), by=by)


@transaction.atomic
def check_place(place: Place, *, told: Mapping[str, Any], by: User, now: dt.datetime | None = None) -> None:
    """Somebody looked at the papers: what they say, and whether the household is helped elsewhere."""
    place.told = json.dumps({**json.loads(place.told or "{}"), **told}, ensure_ascii=False, sort_keys=True)
    place.checked_by = by
    place.save(update_fields=["told", "checked_by"])
    look_for_doubles(place, now=now or clock.now())
    record(PlaceChecked(place_id=place.pk), by=by)


@transaction.atomic
def give_place(place: Place, *, reason: str, by: User, now: dt.datetime | None = None) -> None:
    """Yes: a place and its money are taken in one breath, the reasons are kept, the payment is asked for."""
    if place.programme.is_drawn:
        raise DrawDecides
    give(place, reason=reason, by=by, now=now or clock.now())


def give(place: Place, *, reason: str, by: User, now: dt.datetime) -> None:
    _refuse_hasty(place, reason, by)
    answer = answer_for_place(place, local_date(now))
    if answer.verdict != "yes":
        raise RulesSayNo
    amount = yuan(answer.amount or 0)
    take(place.programme, place.organisation, amount)
    _decide(place, State.GIVEN, reason=reason, amount=amount, by=by, now=now)
    if amount:
        _ask(place, by=by, now=now)
    following.decide_place(place, is_yes=True, by=by, now=now)


@transaction.atomic
def refuse_place(place: Place, *, reason: str, by: User, now: dt.datetime | None = None) -> None:
    """No, with words that the person reads and the receipt of the rules."""
    now = now or clock.now()
    _refuse_hasty(place, reason, by)
    _decide(place, State.REFUSED, reason=reason, amount=Decimal(0), by=by, now=now)
    following.decide_place(place, is_yes=False, by=by, now=now)


def _refuse_hasty(place: Place, reason: str, by: User) -> None:
    if not reason.strip():
        raise WordsNeeded
    if place.checked_by_id is None or place.checked_by_id == by.pk or place.entered_by_id == by.pk:
        raise WrongPerson
    waiting = place.doubles.filter(resolved_at=None).count()
    if waiting:
        raise DoublesOpen(waiting)


def _decide(place: Place, to: str, *, reason: str, amount: Decimal, by: User, now: dt.datetime) -> None:
    on = local_date(now)
    recourse = Recourse(appeal_end(now), WHERE, BASIS)
    facts = facts_for(place, on)
    receipt = rules.issue_receipt(
        place.rules, facts, on=on, subject="aid_place", subject_id=place.pk, recourse=recourse, by=by
    )
    joins = to == State.GIVEN and place.purpose == Purpose.JOIN
    premium = place.programme.premium if joins else Decimal(0)
    move(
        place,
        to,
        reason=reason.strip()[:300],
        amount=amount,
        receipt=receipt,
        rank=None,
        decided_by=by,
        decided_at=now,
        premium=premium,
        covered_from=max(on, period_of(place.programme)[0]) if joins and not premium else None,
    )
    record(PlaceDecided(place_id=place.pk, to=to, amount=amount), by=by)
    if place.person.user is not None:
        told = {"name": place.programme.name, "state": place.get_state_display()}
        send("aid/place", to=place.person.user, context=told, link=reverse("aid:own-place", args=[place.public_id]))


def _ask(place: Place, *, by: User, now: dt.datetime) -> None:
    fund = place.programme.fund
    assert fund is not None  # a programme with money has one: ``_refuse_odd``
    ask = Ask(
        source=SOURCE,
        source_id=place.pk,
        organisation=fund.organisation,
        fund=fund,
        item=place.programme.spec.item,
        payee=place.person,
        amount=place.amount,
        account=account_of(place.person),
        household=place.household,
    )
    ask_payments([ask], by=by, now=now)


@transaction.atomic
def put_on_waiting_list(place: Place, *, by: User) -> None:
    """There is no place just now; the order is the order of being put on the list."""
    last = place.programme.places.aggregate(last=Max("rank"))["last"] or 0
    move(place, State.WAITING, rank=last + 1)
    record(PlaceDecided(place_id=place.pk, to=State.WAITING, amount=Decimal(0)), by=by)


@transaction.atomic
def withdraw_place(place: Place, *, reason: str, by: User | None) -> None:
    """The person gives it up. A place that was given is free again; money that has not left is not owed any more."""
    if not reason.strip():
        raise WordsNeeded
    if place.premium_on is not None:
        raise PremiumPaid
    was_given = place.state == State.GIVEN
    payment = payments_for(SOURCE, [place.pk]).get(place.pk) if was_given else None
    if payment is not None and payment.state != Payment.State.CANCELLED:
        cancel_payment(payment, reason=reason, by=by)
    move(place, State.WITHDRAWN, rank=None)
    if was_given:
        give_back(place.programme, place.organisation, place.amount)
    record(PlaceWithdrawn(place_id=place.pk, reason=reason.strip()[:200]), by=by)


@transaction.atomic
def move_up(programme: Programme, *, by: User, now: dt.datetime | None = None) -> Place:
    """The first of the waiting list takes the place that became free."""
    first = programme.places.filter(state=State.WAITING).order_by("rank").select_for_update(of=("self",)).first()
    programme.refresh_from_db(fields=["taken", "quota"])
    if first is None or programme.places_left < 1:
        raise NotWaiting
    with override("zh-hans"):
        reason = _("候补第{n}位，按次序递补").format(n=first.rank)
    give(first, reason=reason, by=by, now=now or clock.now())
    return first
