"""Programmes: quota and budget hold under a race, doubles are looked at by people, draws decide alone."""

import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from yiwang.net.cases.tests.factories import submit
from yiwang.net.catalogue.actions import load_seed
from yiwang.net.catalogue.queries import current_version
from yiwang.net.payments.models import Payment
from yiwang.net.payments.tests.factories import make_account, make_fund
from yiwang.platform.draws.library.protocol import verify
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Membership, Person
from yiwang.rights.aid import actions, queries_programmes
from yiwang.rights.aid.errors import WordsNeeded, WrongPerson
from yiwang.rights.aid.errors_programmes import (
    AlreadyIn,
    BadProgramme,
    DoublesOpen,
    DrawDecides,
    NotTaking,
    NotWaiting,
    ProgrammeFull,
    ProgrammeSpent,
    RulesSayNo,
    ShareFull,
)
from yiwang.rights.aid.models import Doubled, Place, Programme
from yiwang.rights.aid.tests.factories import NOW, filed

pytestmark = pytest.mark.django_db
OPENS, CLOSES = dt.date(2026, 11, 1), dt.date(2026, 12, 20)
LATER = dt.datetime(2026, 12, 28, 2, 0, tzinfo=dt.UTC)


def programme(cast, kind="warmth", **more):
    fund = None if kind == "rest" else more.pop("fund", None) or make_fund(cast)
    given = {
        "kind": kind, "name": f"{kind}项目", "choice": "rules", "opens_on": OPENS, "closes_on": CLOSES, "quota": 10,
        "budget": Decimal(0) if kind == "rest" else Decimal(10_000), "fund": fund, "by": cast.approver, "now": NOW, **more,
    }  # fmt: skip
    if kind == "mutual":
        given = {"covers_from": OPENS, "covers_until": dt.date(2027, 10, 31), **given}
    made = actions.make_programme(given.pop("organisation", cast.county), **given)
    actions.open_programme(made, by=cast.approver)
    return made


def worker(cast, number, *, organisation=None):
    user = User.objects.create(phone=f"1390009{number:04}", name=f"职工{number}")
    person = Person.objects.create(
        name=f"职工{number}",
        user=user,
        phone=user.phone,
        phone_hash=user.phone,
        id_number=f"w{number}",
        id_hash=f"w{number}",
        realname_level=2,
    )
    known = cast.wenjuan_membership
    Membership.objects.create(
        number=f"33{number:016}", person=person, organisation=organisation or cast.unit, employer=cast.employer,
        state="active", joined_on=known.joined_on, employ_kind=known.employ_kind, employ_state=known.employ_state,
    )  # fmt: skip
    return person


def entered(cast, made, person=None, *, told=None, check=True, **more):
    told = {"visit_reason": "front"} if told is None else told
    place = actions.enter(made, person or cast.wenjuan_person, told=told, by=cast.clerk, now=NOW, **more)
    if check:
        actions.check_place(place, told={}, by=cast.handler, now=NOW)
    return place


def given(cast, place):
    actions.give_place(place, reason="符合规定", by=cast.approver, now=NOW)
    place.refresh_from_db()
    return place


def test_a_place_is_given_with_a_receipt_and_paid_through_payments(cast):
    make_account(cast.wenjuan_person)
    made = programme(cast)
    place = given(cast, entered(cast, made))
    made.refresh_from_db()

    payment = Payment.objects.get(source="aid.place")
    assert (place.state, place.amount) == ("given", Decimal(500))
    assert (made.taken, made.promised, made.money_left) == (1, Decimal(500), Decimal(9500))
    assert (payment.amount, payment.item, payment.payee) == (Decimal(500), "warmth", cast.wenjuan_person)
    assert (place.receipt.verdict, place.receipt.amount) == ("yes", 50000)
    assert "困难" not in payment.purpose
    assert queries_programmes.money_of(made).on_its_way == Decimal(500)


def test_who_named_or_checked_does_not_decide(cast):
    place = entered(cast, programme(cast), check=False)
    with pytest.raises(WrongPerson):
        actions.give_place(place, reason="好", by=cast.approver, now=NOW)
    actions.check_place(place, told={}, by=cast.approver, now=NOW)
    with pytest.raises(WrongPerson):
        actions.give_place(place, reason="好", by=cast.approver, now=NOW)
    with pytest.raises(WordsNeeded):
        actions.refuse_place(place, reason=" ", by=cast.leader, now=NOW)

    actions.check_place(place, told={}, by=cast.handler, now=NOW)

    assert given(cast, place).decided_by == cast.approver


def test_what_the_rules_refuse_cannot_be_given_and_a_no_has_its_receipt(cast):
    place = entered(cast, programme(cast), told={"visit_reason": "hardship"})
    with pytest.raises(RulesSayNo):
        actions.give_place(place, reason="好", by=cast.approver, now=NOW)

    actions.refuse_place(place, reason="没有建档，可以先申请建档。", by=cast.approver, now=NOW)

    place.refresh_from_db()
    assert (place.state, place.receipt.verdict, place.amount) == ("refused", "no", 0)
    assert not Payment.objects.exists()


def test_the_same_household_is_a_sign_for_a_person_and_no_refusal(cast):
    file = filed(cast)
    wife = worker(cast, 1)
    file.members.filter(relation="spouse").update(id_hash=wife.id_hash)
    made = programme(cast)
    first, second = entered(cast, made), entered(cast, made, wife)

    assert first.household == second.household
    assert list(second.doubles.values_list("signal", flat=True)) == ["household"]
    with pytest.raises(DoublesOpen):
        actions.give_place(second, reason="好", by=cast.approver, now=NOW)

    for double in Doubled.objects.all():
        with pytest.raises(WordsNeeded):
            actions.resolve_double(double, outcome="both", words="", by=cast.handler)
        actions.resolve_double(double, outcome="both", words="夫妻都在一线，分别慰问", by=cast.handler)
    assert given(cast, second).amount == Decimal(500)


def test_what_another_payer_gave_this_year_is_seen_and_subtracted(cast):
    make_account(cast.wenjuan_person)
    given(cast, entered(cast, programme(cast), told={"visit_reason": "duty"}))
    city = programme(cast, organisation=cast.city, name="市级送温暖", fund=make_fund(cast, name="市级资金"))
    place = actions.enter(city, cast.wenjuan_person, told={"visit_reason": "ill"}, by=cast.clerk, now=NOW)

    assert set(place.doubles.values_list("signal", flat=True)) == {"item", "other_body"}
    assert queries_programmes.answer_for_place(place, OPENS).amount == 50000  # 800 less the 300 of the county


def test_nobody_is_twice_in_one_programme_nor_outside_its_days(cast):
    made = programme(cast)
    entered(cast, made)
    with pytest.raises(AlreadyIn):
        entered(cast, made)
    with pytest.raises(NotTaking):
        actions.enter(made, worker(cast, 1), told={}, by=cast.clerk, now=LATER)
    assert actions.close_due(dt.date(2026, 12, 21)) == 1
    assert actions.close_due(dt.date(2026, 12, 21)) == 0
    with pytest.raises(NotTaking):
        actions.enter(made, worker(cast, 2), told={}, by=cast.clerk, now=NOW)


def test_quota_share_and_budget_hold(cast):
    made = programme(cast, quota=2, budget=Decimal(700))
    actions.set_share(made, organisation=cast.town, quota=1, by=cast.approver)
    with pytest.raises(BadProgramme):
        actions.set_share(made, organisation=cast.sibling_town, quota=2, by=cast.approver)
    places = [entered(cast, made, worker(cast, number)) for number in range(2)]
    given(cast, places[0])
    with pytest.raises(ProgrammeSpent):
        given(cast, places[1])
    actions.change_programme(made, budget=Decimal(1000), reason="追加", by=cast.approver)
    with pytest.raises(ShareFull):
        given(cast, places[1])
    actions.set_share(made, organisation=cast.town, quota=2, by=cast.approver)
    given(cast, places[1])
    with pytest.raises(ProgrammeFull):
        given(cast, entered(cast, made, worker(cast, 5)))
    for changes in ({"quota": 1}, {"budget": Decimal(900)}):
        with pytest.raises(BadProgramme):
            actions.change_programme(made, reason="减少", by=cast.approver, **changes)


def test_the_database_itself_refuses_too_many_and_too_much(cast):
    made = programme(cast, quota=1)
    for changes in ({"taken": 2}, {"promised": Decimal(10_001)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Programme.objects.filter(pk=made.pk).update(**changes)


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_cannot_both_take_the_last_place(cast):
    made = programme(cast, quota=1)
    told: list[str] = []
    start = threading.Barrier(4)

    def grab():
        start.wait()
        try:
            with transaction.atomic():
                actions.programmes.take(made, cast.unit, Decimal(500))
            told.append("taken")
        except ProgrammeFull:
            told.append("full")
        finally:
            connection.close()

    threads = [threading.Thread(target=grab) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    made.refresh_from_db()
    assert sorted(told) == ["full", "full", "full", "taken"]
    assert (made.taken, made.promised) == (1, Decimal(500))


def test_a_fund_is_not_set_aside_twice(cast):
    fund = make_fund(cast, budget="12000")
    programme(cast, fund=fund)
    with pytest.raises(BadProgramme, match="2,000"):
        programme(cast, name="另一个", fund=fund, budget=Decimal(2_001))
    assert programme(cast, name="另一个", fund=fund, budget=Decimal(2_000)).budget == 2000
    other = make_fund(cast, name="只给助学", items=["education"])
    with pytest.raises(BadProgramme):
        programme(cast, name="第三个", fund=other)


def test_giving_up_frees_the_place_and_the_next_moves_up(cast):
    for person in (cast.wenjuan_person,):
        make_account(person)
    made = programme(cast, quota=1)
    first = given(cast, entered(cast, made))
    second = entered(cast, made, worker(cast, 1))
    actions.put_on_waiting_list(second, by=cast.handler)
    with pytest.raises(NotWaiting):
        actions.move_up(made, by=cast.approver, now=NOW)

    actions.withdraw_place(first, reason="本人不需要了", by=cast.handler)

    assert Payment.objects.get().state == "cancelled"
    assert actions.move_up(made, by=cast.approver, now=NOW) == second
    made.refresh_from_db()
    assert (made.taken, Place.objects.get(pk=second.pk).state) == (1, "given")


def test_a_draw_decides_alone_and_the_rest_wait_in_its_order(cast):
    made = programme(cast, "rest", choice="draw", quota=2)
    people = [worker(cast, number) for number in range(5)]
    places = [entered(cast, made, person, told={}) for person in people]
    unchecked = entered(cast, made, worker(cast, 9), told={}, check=False)
    with pytest.raises(DrawDecides):
        actions.give_place(places[0], reason="好", by=cast.approver, now=NOW)
    with pytest.raises(BadProgramme):
        actions.announce_programme_draw(
            made, source="双色球", draws_on=dt.date(2026, 12, 25), by=cast.approver, now=NOW
        )
    actions.close_programme(made, by=cast.approver)
    draw = actions.announce_programme_draw(
        made, source="双色球12月24日", draws_on=dt.date(2026, 12, 25), by=cast.approver, now=NOW
    )
    assert unchecked.ticket not in draw.announcement
    gone = places[3]
    actions.withdraw_place(gone, reason="去不了", by=cast.handler)

    actions.hold_programme_draw(made, public="03 08 11 + 07", witness="经审何静", by=cast.approver, now=LATER)

    draw.refresh_from_db()
    drawn = verify(draw.document.encode(), commitment=draw.commitment)
    states = {place.ticket: (place.state, place.rank) for place in Place.objects.filter(programme=made)}
    for ticket in drawn.winners:
        assert states[ticket][0] in ("given", "withdrawn")
    waiting = [ticket for ticket in drawn.waiting if ticket != gone.ticket]
    assert [states[ticket][0] for ticket in waiting] == ["waiting"] * len(waiting)
    ranks = [states[ticket][1] for ticket in waiting]
    assert ranks == sorted(ranks)
    assert states[unchecked.ticket] == ("entered", None)
    assert not Payment.objects.exists()


def test_who_went_lately_waits_two_years(cast):
    made = programme(cast, "rest", quota=5)
    given(cast, entered(cast, made, told={}))
    again = programme(cast, "rest", name="第二批", quota=5)
    place = entered(cast, again, told={})
    honest = entered(cast, again, worker(cast, 1), told={"rested_lately": True})

    assert queries_programmes.answer_for_place(place, OPENS).verdict == "no"
    assert queries_programmes.answer_for_place(honest, OPENS).verdict == "no"
    assert queries_programmes.answer_for_place(entered(cast, again, worker(cast, 2), told={}), OPENS).verdict == "yes"


def test_joining_mutual_aid_covers_claims_after_the_waiting_days(cast):
    make_account(cast.wenjuan_person)
    made = programme(cast, "mutual")
    joined = given(cast, entered(cast, made, told={}, purpose="join"))
    claim = entered(cast, made, told={"mutual_self_paid": 600_000}, purpose="claim")

    assert (joined.state, joined.amount) == ("given", 0)
    with pytest.raises(RulesSayNo):
        given(cast, claim)
    with pytest.raises(AlreadyIn):
        entered(cast, made, told={}, purpose="join")
    assert queries_programmes.answer_for_place(claim, dt.date(2026, 12, 6)).amount == 200_000


def test_a_request_on_the_phone_comes_into_the_open_programme_and_is_answered_with_it(cast):
    load_seed()
    made = programme(cast, "mutual")
    case = submit(current_version("MA-0001"), cast.wenjuan_person, answers={"kind": "join"}, now=NOW)
    place = actions.enter_for_case(case, now=NOW)

    assert actions.enter_for_case(case, now=NOW) == place
    assert (place.programme, place.purpose) == (made, "join")
    assert queries_programmes.place_desk_url(case.pk) == f"/work/aid/places/{place.public_id}/"
    actions.check_place(place, told={}, by=cast.handler, now=NOW)
    given(cast, place)
    case.refresh_from_db()
    assert (case.state, case.decisions.get().receipt) == ("delivered", place.receipt)


def test_a_claim_is_refused_with_the_case_and_its_way_to_object(cast):
    load_seed()
    programme(cast, "mutual")
    answers = {"kind": "claim", "hospital": "昆山一院", "medical_self_paid": "6000"}
    case = submit(current_version("MA-0001"), cast.wenjuan_person, answers=answers, now=NOW)
    place = actions.enter_for_case(case, now=NOW)
    assert place.told == '{"mutual_self_paid": 600000}'

    actions.check_place(place, told={}, by=cast.handler, now=NOW)
    actions.refuse_place(place, reason="这一期没有参加互助。", by=cast.approver, now=NOW)

    case.refresh_from_db()
    decision = case.decisions.get()
    assert (case.state, decision.receipt) == ("decided_no", place.receipt)
    assert "12351" in decision.recourse


def test_without_an_open_programme_a_request_stays_an_ordinary_one(cast):
    load_seed()
    case = submit(current_version("MA-0001"), cast.wenjuan_person, answers={"kind": "join"}, now=NOW)

    assert actions.enter_for_case(case, now=NOW) is None
    assert queries_programmes.place_desk_url(case.pk) == ""


def test_a_grant_of_a_file_counts_in_the_programme_of_its_fund(cast, monkeypatch):
    make_account(cast.wenjuan_person)
    from yiwang.rights.aid.tests import factories  # noqa: PLC0415 -- slow import

    fund = make_fund(cast)
    made = programme(cast, "living", fund=fund, budget=Decimal(20_000))
    items = ("living", "medical", "education", "accident", "warmth", "temporary")
    monkeypatch.setattr(factories, "funds_for", lambda cast: dict.fromkeys(items, fund))
    filed(cast)

    made.refresh_from_db()
    assert (made.taken, made.promised) == (1, Decimal(12_080))
    assert [grant.item for grant in made.grants.all()] == ["living"]
