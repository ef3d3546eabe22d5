"""The edges of programmes: odd terms, doubtful draws, requests that wait or are paused, money that has arrived."""

import datetime as dt
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from yiwang.net.cases.actions import accept_case, pause_clock, request_supplement
from yiwang.net.cases.tests.factories import submit
from yiwang.net.catalogue.actions import load_seed
from yiwang.net.catalogue.queries import current_version
from yiwang.net.payments.actions import take_answer
from yiwang.net.payments.models import Fund, Payment
from yiwang.net.payments.tests.factories import answer_for, make_account, make_fund, sent
from yiwang.register.members.models import Person
from yiwang.rights.aid import actions, policies_programmes
from yiwang.rights.aid.actions.entering import told_by
from yiwang.rights.aid.errors import SupplementOpen, WordsNeeded
from yiwang.rights.aid.errors_programmes import BadProgramme, DoublesOpen
from yiwang.rights.aid.models import Doubled, Place
from yiwang.rights.aid.tests.factories import NOW, fill, make_file
from yiwang.rights.aid.tests.test_programmes import CLOSES, LATER, OPENS, entered, given, programme, worker

pytestmark = pytest.mark.django_db
DRAWS = dt.date(2026, 12, 25)


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        ("warmth", {"opens_on": CLOSES, "closes_on": OPENS}, "closes_on"),
        ("warmth", {"quota": 0}, "quota"),
        ("rest", {"budget": Decimal(1)}, "budget"),
        ("warmth", {"opens_on": dt.date(2025, 1, 1), "closes_on": dt.date(2025, 2, 1)}, "fund"),
    ],
)
def test_odd_terms_are_refused_beside_their_field(cast, kind, changes, field):
    with pytest.raises(BadProgramme) as refused:
        programme(cast, kind, **changes)
    assert list(refused.value.fields) == [field]


def test_a_programme_with_money_has_a_fund_and_a_name_of_its_own(cast):
    made = programme(cast)
    with pytest.raises(BadProgramme) as refused:
        programme(cast, fund=make_fund(cast, name="另一笔"))
    assert list(refused.value.fields) == ["name"]
    terms = {
        "kind": "warmth",
        "choice": "rules",
        "opens_on": OPENS,
        "closes_on": CLOSES,
        "quota": 1,
        "by": cast.approver,
    }
    with pytest.raises(BadProgramme) as refused:
        actions.make_programme(cast.county, name="没有资金", budget=Decimal(1), fund=None, **terms)
    assert list(refused.value.fields) == ["fund"]
    with pytest.raises(WordsNeeded):
        actions.change_programme(made, quota=20, reason=" ", by=cast.approver)
    Fund.objects.filter(pk=made.fund_id).update(state="closed")
    with pytest.raises(BadProgramme):
        actions.change_programme(made, quota=20, reason="追加", by=cast.approver)


def test_a_share_is_not_cut_below_what_is_given_and_a_place_given_back_frees_it(cast):
    made = programme(cast)
    share = actions.set_share(made, organisation=cast.town, quota=2, by=cast.approver)
    place = given(cast, entered(cast, made))
    with pytest.raises(BadProgramme):
        actions.set_share(made, organisation=cast.town, quota=0, by=cast.approver)

    with pytest.raises(WordsNeeded):
        actions.withdraw_place(place, reason=" ", by=cast.handler)
    actions.withdraw_place(place, reason="不要了", by=cast.handler)

    share.refresh_from_db()
    assert share.taken == 0
    assert Payment.objects.get().state == "cancelled"


def test_a_programme_comes_to_its_end(cast):
    made = programme(cast)
    actions.close_programme(made, by=cast.approver)
    actions.end_programme(made, by=cast.approver)
    made.refresh_from_db()
    assert made.state == "ended"


def test_a_draw_waits_for_its_list_and_for_what_may_be_doubled(cast):
    made = programme(cast, "rest", choice="draw", quota=2)
    places = [entered(cast, made, worker(cast, number), told={}) for number in range(4)]
    sign = Doubled.objects.create(place=places[0], signal="household", detail="一户", found_at=NOW)
    actions.close_programme(made, by=cast.approver)
    announced = {"source": "双色球", "draws_on": DRAWS, "by": cast.approver, "now": NOW}
    with pytest.raises(BadProgramme):
        actions.hold_programme_draw(made, public="1", witness="何静", by=cast.approver, now=LATER)
    with pytest.raises(DoublesOpen):
        actions.announce_programme_draw(made, **announced)
    actions.resolve_double(sign, outcome="both", words="两人都符合", by=cast.handler)
    actions.announce_programme_draw(made, **announced)

    for place in places[1:]:  # so that of two winners and of two who wait at least one is gone
        actions.withdraw_place(place, reason="去不了", by=cast.handler)
    actions.hold_programme_draw(made, public="03 08 + 07", witness="何静", by=cast.approver, now=LATER)

    assert Place.objects.exclude(state="withdrawn").get().state in ("given", "waiting")


def claim(cast):
    load_seed()
    make_account(cast.wenjuan_person)
    made = programme(cast, "mutual")
    given(cast, entered(cast, made, told={}, purpose="join"))
    later = NOW + dt.timedelta(days=31)
    answers = {"kind": "claim", "medical_self_paid": "9000"}
    case = submit(current_version("MA-0001"), cast.wenjuan_person, answers=answers, now=later)
    place = actions.enter_for_case(case, now=later)
    actions.check_place(place, told={}, by=cast.handler, now=later)
    return case, place, made, later


def test_a_request_that_waits_for_papers_is_not_decided_and_a_paused_one_goes_on(cast):
    case, place, _made, later = claim(cast)
    accept_case(case, by=cast.handler, now=later)
    request_supplement(case, items=[{"name": "出院小结", "why": "要核对"}], by=cast.handler, now=later)
    with pytest.raises(SupplementOpen):
        actions.give_place(place, reason="符合", by=cast.approver, now=later)


def test_the_clock_of_a_paused_request_runs_again_when_it_is_decided(cast):
    case, place, _made, later = claim(cast)
    accept_case(case, by=cast.handler, now=later)
    pause_clock(case, kind="external", reason="等医保局回函", by=cast.handler, now=later)
    actions.give_place(place, reason="符合", by=cast.approver, now=later)
    case.refresh_from_db()
    assert case.state == "decided_ok"
    assert not case.pauses.filter(ended_at=None).exists()


def test_a_claim_is_delivered_when_its_money_has_arrived(cast):
    case, place, made, later = claim(cast)
    actions.give_place(place, reason="符合", by=cast.approver, now=later)
    assert actions.deliver_paid_places(now=later) == 0
    batch = sent(cast, made.fund, item="mutual")
    take_answer(batch, answer_for(batch), name="回执.csv", by=cast.finance)

    assert actions.deliver_paid_places(now=later) == 1
    assert actions.deliver_paid_places(now=later) == 0
    case.refresh_from_db()
    assert case.state == "delivered"


def test_who_is_in_by_the_unions_list_keeps_an_ordinary_request(cast):
    load_seed()
    made = programme(cast, "mutual")
    entered(cast, made, told={}, purpose="join")
    case = submit(current_version("MA-0001"), cast.wenjuan_person, answers={"kind": "join"}, now=NOW)
    assert actions.enter_for_case(case, now=NOW) is None
    other = submit(current_version("MA-0001"), cast.stranger_person, answers={}, now=NOW)
    assert actions.enter_for_case(other, now=NOW) is None  # neither joining nor claiming


def test_answers_of_the_form_become_facts_of_the_rules():
    told = told_by({"school_stage": "bachelor", "medical_self_paid": "12.50", "before": "yes"})
    assert told == {"school_stage": "higher", "mutual_self_paid": 1250, "rested_lately": True}
    assert told_by({"school_stage": "unknown", "before": "no"}) == {}


def test_somebody_without_an_account_is_told_by_others(cast):
    person = Person.objects.create(name="没有账号", id_number="q", id_hash="q", realname_level=2)
    place = entered(cast, programme(cast, "rest"), person, told={})
    actions.refuse_place(place, reason="不是会员", by=cast.approver, now=NOW)
    assert place.state == "refused"
    file = fill(make_file(cast, applicant=person), cast.clerk)
    file.state = "base_opinion"
    file.save()
    actions.ask_explanation(file, reason="说明一下", by=cast.handler, now=NOW)
    assert file.explain_by is not None


def test_who_has_no_desk_sees_no_programmes_places_or_signs(cast, client_of):
    place = entered(cast, programme(cast))
    sign = Doubled.objects.create(place=place, signal="item", detail="今年发过", found_at=NOW)
    assert not policies_programmes.programmes_visible_to(cast.wenjuan).exists()
    assert not policies_programmes.places_visible_to(AnonymousUser()).exists()
    assert not policies_programmes.own_places(cast.handler).exists()
    assert policies_programmes.get_double(cast.handler, sign.public_id) == sign
    address = reverse("aid:double-resolve", args=[sign.public_id])
    assert client_of(cast.sibling_handler).post(address, {}).status_code == 404
