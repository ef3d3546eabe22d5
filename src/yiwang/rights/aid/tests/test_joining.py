"""Mutual aid: joining costs a premium for a period, cover begins when it is paid, claims count when the days are over."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.translation import override

from yiwang.net.payments.tests.factories import make_account, make_fund
from yiwang.rights.aid import actions, queries_programmes
from yiwang.rights.aid.errors import BadFact, WordsNeeded
from yiwang.rights.aid.errors_programmes import BadProgramme, NothingOwed, PremiumPaid
from yiwang.rights.aid.models import Place
from yiwang.rights.aid.tests.factories import NOW
from yiwang.rights.aid.tests.test_programmes import entered, given, programme, worker

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
STARTS, ENDS = dt.date(2026, 11, 1), dt.date(2027, 10, 31)
PERIOD = {"premium": Decimal(60), "covers_from": STARTS, "covers_until": ENDS}


def url(name, *args):
    return reverse(f"aid:{name}", args=args)


def mutual(cast, **more):
    return programme(cast, "mutual", **{**PERIOD, "name": "互助", **more})


def joined(cast, made, person=None):
    return given(cast, entered(cast, made, person, told={}, purpose="join"))


def paid(cast, place, *, day=TODAY, voucher="HZ-1"):
    actions.receive_premium(place, day=day, payer="self", voucher=voucher, by=cast.handler, now=NOW)
    place.refresh_from_db()
    return place


def facts(made, person, on):
    known = queries_programmes.known_facts(made, person, on)
    return known["mutual_covered"], known["mutual_waiting_done"]


def test_cover_begins_when_the_premium_is_paid_and_claims_count_after_the_days_of_waiting(cast):
    made, person = mutual(cast), cast.wenjuan_person
    place = joined(cast, made)
    assert (place.premium, queries_programmes.cover_of(place), facts(made, person, TODAY)) == (60, None, (False, False))

    paid(cast, place)

    assert queries_programmes.cover_of(place) == (TODAY, ENDS)
    assert facts(made, person, TODAY) == (True, False)
    assert facts(made, person, TODAY + dt.timedelta(days=30)) == (True, True)
    assert facts(made, person, ENDS + dt.timedelta(days=1)) == (False, False)


def test_who_goes_on_without_a_gap_does_not_wait_again(cast):
    made, person = mutual(cast), cast.wenjuan_person
    paid(cast, joined(cast, made))
    next_period = {"covers_from": ENDS + dt.timedelta(days=1), "covers_until": dt.date(2028, 10, 31)}
    following = mutual(cast, name="下一期", fund=make_fund(cast), **next_period)
    assert queries_programmes.known_facts(following, person, TODAY, purpose="join")["mutual_covered"] is False
    paid(cast, joined(cast, following))

    first_day = next_period["covers_from"]
    assert facts(following, person, first_day) == (True, True)
    assert queries_programmes.known_facts(following, person, TODAY, purpose="join")["mutual_covered"] is True


def test_without_a_premium_cover_begins_with_the_yes_and_never_before_the_period(cast):
    free = mutual(cast, premium=Decimal(0), covers_from=TODAY + dt.timedelta(days=3))
    place = joined(cast, free)
    assert queries_programmes.cover_of(place) == (TODAY + dt.timedelta(days=3), ENDS)
    with pytest.raises(NothingOwed):
        paid(cast, place)
    assert queries_programmes.period_of(programme(cast, "warmth")) == (dt.date(2026, 1, 1), dt.date(2026, 12, 31))


def test_a_premium_is_taken_once_with_a_day_and_a_voucher(cast):
    place = joined(cast, mutual(cast))
    with pytest.raises(BadFact):
        paid(cast, place, day=TODAY + dt.timedelta(days=1))
    with pytest.raises(WordsNeeded):
        paid(cast, place, voucher=" ")
    paid(cast, place)
    with pytest.raises(NothingOwed):
        paid(cast, place)
    with pytest.raises(PremiumPaid):
        actions.withdraw_place(place, reason="不要了", by=cast.handler)


def test_a_union_pays_for_all_its_members_with_one_voucher(client_of, cast):
    made = mutual(cast)
    for number in (1, 2):
        joined(cast, made, worker(cast, number))
    joined(cast, made, worker(cast, 3, organisation=cast.sibling_unit))
    premiums = queries_programmes.premiums_of(made)
    assert (premiums.people, premiums.total, premiums.owing, premiums.claims) == (0, 0, 3, 0)
    lead, at = client_of(cast.approver), made.public_id
    sent = {"organisation": cast.unit.public_id, "day": TODAY.isoformat(), "voucher": "ZZ-9"}
    with override("zh-hans"):
        assert "恒达精密工会（2人没交）" in lead.get(url("programme-detail", at)).text
        lead.post(url("programme-act", at, "premium"), sent)
        assert "恒达精密工会（2人没交）" not in lead.get(url("programme-detail", at)).text

    premiums = queries_programmes.premiums_of(made)
    assert (premiums.people, premiums.total, premiums.owing) == (2, 120, 1)
    assert set(Place.objects.filter(premium_on=TODAY).values_list("premium_by", "premium_voucher")) == {
        ("union", "ZZ-9")
    }
    with pytest.raises(NothingOwed):
        actions.receive_premiums(made, organisation=cast.unit, day=TODAY, voucher="x", by=cast.approver, now=NOW)


def test_the_person_reads_what_is_to_be_paid_and_then_from_when_they_are_covered(client_of, cast):
    place = joined(cast, mutual(cast))
    phone, desk = client_of(cast.wenjuan), client_of(cast.handler)
    with override("zh-hans"):
        assert "还要交" in phone.get(url("own-place", place.public_id)).text
        form = {"day": TODAY.isoformat(), "payer": "self", "voucher": "HZ-7"}
        desk.post(url("place-act", place.public_id, "premium"), form)
        assert "有保障" in phone.get(url("own-place", place.public_id)).text
        assert "HZ-7" in desk.get(url("place-detail", place.public_id)).text
    assert desk.post(url("place-act", place.public_id, "premium"), form).status_code == 403


def test_a_claim_is_paid_from_the_fund_of_the_period(cast):
    make_account(cast.wenjuan_person)
    made = mutual(cast)
    paid(cast, joined(cast, made))
    later = NOW + dt.timedelta(days=31)
    claim = actions.enter(
        made, cast.wenjuan_person, told={"mutual_self_paid": 900_000}, purpose="claim", by=cast.clerk, now=later
    )
    actions.check_place(claim, told={}, by=cast.handler, now=later)
    actions.give_place(claim, reason="符合给付条件", by=cast.approver, now=later)
    claim.refresh_from_db()
    assert claim.amount > 0
    assert queries_programmes.premiums_of(made).claims == 1


@pytest.mark.parametrize(
    ("kind", "more", "field"),
    [
        ("warmth", {"premium": Decimal(1)}, "premium"),
        ("warmth", {"covers_from": STARTS}, "premium"),
        ("mutual", {"covers_from": None}, "covers_from"),
        ("mutual", {"covers_until": None}, "covers_until"),
        ("mutual", {"covers_from": ENDS, "covers_until": STARTS}, "covers_until"),
    ],
)
def test_only_mutual_aid_has_a_premium_and_it_has_a_whole_period(cast, kind, more, field):
    with pytest.raises(BadProgramme) as refused:
        programme(cast, kind, **more)
    assert list(refused.value.fields) == [field]


def test_a_union_names_members_who_take_part(client_of, cast):
    made = mutual(cast)
    clerk = client_of(cast.clerk)
    clerk.post(url("programme-names", made.public_id), {"names": "周文娟"})
    assert Place.objects.get().purpose == "join"
