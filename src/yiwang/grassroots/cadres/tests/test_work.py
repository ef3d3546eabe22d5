"""Tasks, logs, the ledger, training hours, evaluations, figures."""

import datetime as dt
from decimal import Decimal

import pytest

from yiwang.grassroots.cadres import actions
from yiwang.grassroots.cadres.errors import BadEntry, OneselfOrKin, SamePerson, TooManyExcellent
from yiwang.grassroots.cadres.models import Cadre, Evaluation, Post, Team, Training
from yiwang.grassroots.cadres.queries import figures
from yiwang.grassroots.cadres.queries import people as queries
from yiwang.grassroots.cadres.tests.factories import items, log, officer, person, rated, serving, task
from yiwang.kernel.clock import add_days, add_months, now, today
from yiwang.kernel.states import NotAllowedInState
from yiwang.platform.notify.models import Message
from yiwang.register.access.actions import declare_recusal
from yiwang.register.access.models import Recusal
from yiwang.register.organisations.models import Employer, Organisation

pytestmark = pytest.mark.django_db


def test_a_task_is_done_and_confirmed_by_another(cast):
    cadre = officer(cast)
    row = task(cast, cadre)
    assert Message.objects.get(template="cadres/task").recipient_id == cast.town_officer.pk
    actions.finish_task(row, result="走了六家", by=cast.town_officer)
    with pytest.raises(SamePerson):
        actions.confirm_task(row, by=cast.town_officer)
    actions.return_task(row, note="写清哪六家", by=cast.handler)
    assert (row.state, row.done_at) == ("open", None)
    actions.finish_task(row, result="写了", by=cast.town_officer)
    actions.confirm_task(row, by=cast.handler)
    with pytest.raises(NotAllowedInState):
        actions.cancel_task(row, by=cast.handler)
    with pytest.raises(BadEntry):
        task(cast, cadre, due_on=add_days(today(), -1))


def test_a_log_sent_twice_is_one(cast):
    cadre = officer(cast)
    first = log(cadre, by=cast.town_officer, key="one")
    assert log(cadre, by=cast.town_officer, key="one", content="别的") == first
    assert cadre.logs.get().content == "走访装配车间"


def test_a_log_is_in_time_for_three_days(cast):
    cadre = officer(cast)
    assert not log(cadre, by=cast.town_officer, day=add_days(today(), -3)).is_late
    assert log(cadre, by=cast.town_officer, day=add_days(today(), -4)).is_late
    with pytest.raises(BadEntry, match="在以后"):
        log(cadre, by=cast.town_officer, day=add_days(today(), 1))
    with pytest.raises(BadEntry, match="还没有任职"):
        log(cadre, by=cast.town_officer, day=add_months(today(), -9))


def test_a_far_place_is_only_pointed_out(cast):
    cadre = officer(cast)
    Organisation.objects.filter(pk=cast.unit.pk).update(longitude=Decimal("120.98"), latitude=Decimal("31.38"))
    cast.unit.refresh_from_db()
    there = {"longitude": Decimal("120.98"), "latitude": Decimal("31.44")}
    far = log(cadre, by=cast.town_officer, organisation=cast.unit, **there)
    assert 6_000 < far.metres_off < 7_000
    assert log(cadre, by=cast.town_officer, organisation=cast.unit).metres_off is None
    assert log(cadre, by=cast.town_officer, organisation=cast.town, **there).metres_off is None


def test_a_log_is_verified_by_another(cast):
    row = log(officer(cast), by=cast.town_officer)
    with pytest.raises(SamePerson):
        actions.verify_log(row, by=cast.town_officer)
    actions.verify_log(row, by=cast.handler)
    assert row.verified_by == cast.handler


def test_the_ledger_works_out_when_a_contract_is_in_effect(cast):
    cadre = serving(cast, team=Team.BARGAINING, post=Post.GUIDE)
    given = {"year": 2026, "kind": "wage", "by": None}
    with pytest.raises(BadEntry, match="签订日"):
        actions.keep_ledger(cadre, cast.employer, entry=None, filed_on=dt.date(2026, 5, 1), **given)
    days = {"signed_on": dt.date(2026, 5, 2), "filed_on": dt.date(2026, 5, 1)}
    with pytest.raises(BadEntry, match="不能早于"):
        actions.keep_ledger(cadre, cast.employer, entry=None, **days, **given)
    row = actions.keep_ledger(cadre, cast.employer, entry=None, offered_on=dt.date(2026, 3, 9), **given)
    with pytest.raises(BadEntry, match="已经在台账"):
        actions.keep_ledger(cadre, cast.employer, entry=None, **given)
    days = {"signed_on": dt.date(2026, 4, 20), "filed_on": dt.date(2026, 4, 28)}
    actions.keep_ledger(cadre, cast.employer, entry=row, **days, **given)
    assert row.effective_on == dt.date(2026, 5, 13)


def claim(cadre, by, *, days=1, hours="7.5", ends=None, **more):
    end = ends or today()
    given = {"title": "任职班", "field": "union", "mode": "together", "starts_on": end - dt.timedelta(days=days - 1)}
    return actions.claim_training(cadre, ends_on=end, hours=Decimal(hours), by=by, **{**given, **more})


def test_hours_are_claimed_after_and_approved_by_another(cast):
    cadre = officer(cast)
    with pytest.raises(BadEntry, match="12学时"):
        claim(cadre, cast.town_officer, hours="12.5")
    with pytest.raises(BadEntry, match="还没有学完"):
        claim(cadre, cast.town_officer, ends=add_days(today(), 1))
    with pytest.raises(BadEntry, match="不能早于"):
        claim(cadre, cast.town_officer, starts_on=add_days(today(), 1))
    row = claim(cadre, cast.town_officer)
    with pytest.raises(SamePerson):
        actions.approve_training(row, by=cast.town_officer)
    assert figures.hours_of([cadre], add_days(today(), -9), today()) == {}
    actions.approve_training(row, by=cast.handler)
    assert figures.hours_of([cadre], add_days(today(), -9), today()) == {cadre.pk: Decimal("7.5")}
    refused = claim(cadre, cast.town_officer)
    actions.refuse_training(refused, reason="重复", by=cast.handler)
    assert refused.state == Training.State.REFUSED


def test_eighty_hours_of_ninety_are_too_few(cast):
    row = claim(officer(cast), cast.town_officer)
    actions.approve_training(row, by=cast.handler)
    for hours, rate, short in ((80, "0.0%", ["玉山镇总工会 · 有80.0学时，要90学时"]), (90, "100.0%", [])):
        Training.objects.filter(pk=row.pk).update(hours=hours)
        assert value(cast, "training").value == rate
        assert [line.note for line in figures.rows_behind(cast.county, "training")] == short


def test_nobody_rates_themselves_or_kin(cast):
    cadre = officer(cast, user=cast.handler, organisation=cast.county)
    with pytest.raises(OneselfOrKin):
        rated(cast, cadre)
    relative = serving(cast)
    declare_recusal(cast.handler, person_id=relative.person_id, reason=Recusal.Reason.KINSHIP, by=cast.handler)
    with pytest.raises(OneselfOrKin):
        rated(cast, relative)
    assert rated(cast, serving(cast, who=person("外人"))).total == 70


def test_an_evaluation_from_rating_to_the_answer(cast):
    cadre = officer(cast)
    with pytest.raises(BadEntry, match="等次只能是"):
        rated(cast, cadre, grade="excellent")
    row = rated(cast, cadre)
    with pytest.raises(BadEntry, match="已经考核过"):
        rated(cast, cadre)
    with pytest.raises(SamePerson):
        actions.confirm_evaluation(row, outcome="renew", by=cast.handler)
    actions.return_evaluation(row, note="走访没算全", by=cast.approver)
    actions.rate_again(row, items=items(75), grade="good", words="", by=cast.handler)
    with pytest.raises(BadEntry, match="两次不合格"):
        actions.confirm_evaluation(row, outcome="dismiss", by=cast.approver)
    actions.confirm_evaluation(row, outcome="renew", by=cast.approver)
    assert Message.objects.get(template="cadres/evaluated").recipient_id == cast.town_officer.pk
    with pytest.raises(SamePerson):
        actions.appeal_evaluation(row, text="不对", by=cast.handler)
    with pytest.raises(BadEntry, match="已经过了"):
        actions.appeal_evaluation(row, text="不对", by=cast.town_officer, now=now() + dt.timedelta(days=16))
    actions.appeal_evaluation(row, text="培训没算", by=cast.town_officer)
    with pytest.raises(SamePerson):
        actions.answer_appeal(row, answer="维持", grade="good", by=cast.approver)
    actions.answer_appeal(row, answer="核对过，维持", grade="good", by=cast.supervisor)
    assert (row.state, row.answered_by) == (Evaluation.State.FINAL, cast.supervisor)


def test_nobody_appeals_what_was_not_told(cast):
    cadre = officer(cast)
    with pytest.raises(SamePerson):
        actions.appeal_evaluation(rated(cast, cadre), text="不对", by=cast.town_officer)


def test_who_may_confirm_is_no_relative(cast):
    cadre = serving(cast)
    declare_recusal(cast.approver, person_id=cadre.person_id, reason=Recusal.Reason.KINSHIP, by=cast.approver)
    with pytest.raises(OneselfOrKin):
        actions.confirm_evaluation(rated(cast, cadre), outcome="renew", by=cast.approver)


def test_excellent_is_scarce_and_failing_twice_ends_it(cast):
    people = [serving(cast, who=person("甲乙丙丁戊"[n] + "小明")) for n in range(5)]
    best = [rated(cast, cadre, score=90, grade="excellent") for cadre in people[:2]]
    actions.confirm_evaluation(best[0], outcome="renew", by=cast.approver)
    with pytest.raises(TooManyExcellent, match="5人"):
        actions.confirm_evaluation(best[1], outcome="renew", by=cast.approver)
    actions.confirm_evaluation(
        rated(cast, people[3], score=50, grade="failed", period="2025H2"), outcome="train", by=cast.approver
    )
    second = rated(cast, people[3], score=50, grade="failed")
    with pytest.raises(BadEntry, match="不能续聘"):
        actions.confirm_evaluation(second, outcome="renew", by=cast.approver)
    actions.confirm_evaluation(second, outcome="dismiss", by=cast.approver)


def test_what_nobody_appeals_stands(cast):
    row = rated(cast, serving(cast))
    actions.confirm_evaluation(row, outcome="renew", by=cast.approver)
    actions.sweep_papers(add_days(today(), 14))
    assert Evaluation.objects.get().state == "confirmed"
    actions.sweep_papers(add_days(today(), 17))
    assert Evaluation.objects.get().state == "final"


def test_the_load_counts_each_place_once(cast, django_assert_num_queries):
    first, second = serving(cast), officer(cast)
    actions.give_area(first, cast.unit, by=cast.handler)
    actions.give_area(second, cast.town, by=cast.handler)
    actions.give_area(second, cast.unit, by=cast.handler)
    actions.give_area(second, cast.sibling_employer, by=cast.handler)
    log(second, by=cast.town_officer)
    log(second, by=cast.town_officer, kind="papers")
    with django_assert_num_queries(4):
        one, two = figures.loads([first, second])
    assert (one.employers, one.visits, one.verdict) == (1, 0, "fits")
    assert (two.employers, two.visits) == (2, 1)
    with django_assert_num_queries(4):
        figures.loads([first])


def value(cast, key):
    return next(row for row in figures.indicators(cast.county) if row.key == key)


def test_indicators_and_the_rows_behind_them(cast):
    assert value(cast, "towns").value == "0.0%"
    assert [line.name for line in figures.rows_behind(cast.county, "towns")] == ["玉山镇总工会"]
    assert [line.name for line in figures.rows_behind(cast.county, "employers")] == [cast.employer.name]
    cadre = serving(cast)
    guide = serving(cast, team=Team.BARGAINING, post=Post.GUIDE, who=person("指导员"))
    actions.give_area(guide, cast.town, by=cast.handler)
    assert value(cast, "towns").value == "100.0%"
    assert figures.rows_behind(cast.county, "towns") == []
    assert value(cast, "employers").value == "100.0%"
    assert value(cast, "training").value == "0.0%"
    assert [line.name for line in figures.rows_behind(cast.county, "training")] == [cadre.person.name]
    days = {"signed_on": add_days(today(), -40), "filed_on": add_days(today(), -30)}
    actions.keep_ledger(guide, cast.employer, entry=None, year=today().year, kind="wage", by=None, **days)
    assert value(cast, "ledger").value == "1.0"
    assert [line.name for line in figures.rows_behind(cast.county, "ledger")] == ["指导员"]
    actions.end(guide, ended_on=today(), reason="到期", by=cast.handler)
    assert value(cast, "turnover").value == "50.0%"
    assert figures.rows_behind(cast.county, "turnover")[0].note.endswith("到期")
    assert figures.rows_behind(cast.county, "nonsense") is None
    assert figures.rows_behind(cast.county, "full-time") == []


def test_new_chairs_are_trained_within_a_year(cast):
    given = {"team": Team.PART_TIME, "post": Post.CHAIR, "is_full_time": False, "by": cast.handler}
    start = add_months(today(), -18)
    chair = actions.enter_elected(
        person("刘主席"), cast.unit, document_number="昆工〔2025〕1号", starts_on=start, **given
    )
    assert value(cast, "chairs").value == "0.0%"
    assert [line.name for line in figures.rows_behind(cast.county, "chairs")] == ["刘主席"]
    actions.approve_training(claim(chair, cast.clerk, ends=add_months(today(), -15)), by=cast.handler)
    assert value(cast, "chairs").value == "100.0%"


def test_a_town_guide_serves_the_firms_of_the_town(cast):
    firm = Employer.objects.create(name="没建会的厂", headcount=80, division_code="320583100")
    guide = serving(cast, team=Team.GUIDE, post=Post.GUIDE)
    assert firm.name in [line.name for line in figures.rows_behind(cast.county, "employers")]
    actions.give_area(guide, firm, by=cast.handler)
    assert [line.name for line in figures.rows_behind(cast.county, "employers")] == [cast.employer.name]
    actions.give_area(guide, cast.unit, by=cast.handler)
    assert figures.rows_behind(cast.county, "employers") == []


def test_who_is_my_officer_nearest_first(cast):
    town, mine = officer(cast), serving(cast)
    actions.give_area(mine, cast.unit, by=cast.handler)
    found = queries.officers_for(cast.unit)
    assert [row.cadre for row in found] == [mine, town]
    assert queries.officers_for(cast.sibling_unit) == []
    actions.change_card(
        town, office_phone="0512-57300000", hours="周一", place="二楼", shows_photo=True, by=cast.town_officer
    )
    assert queries.officers_for(cast.unit)[1].phone == "0512-57300000"
    actions.suspend(mine, reason="产假", by=cast.handler)
    assert [row.cadre for row in queries.officers_for(cast.unit)] == [town]
    assert Cadre.objects.get(pk=town.pk).photo_consented_at is not None
    actions.change_card(town, office_phone="", hours="", place="", shows_photo=False, by=cast.town_officer)
    assert town.photo_consented_at is None


def test_who_asks_for_their_data_gets_every_post_with_its_rows(client_of, cast):
    cadre = officer(cast)
    row = task(cast, cadre)
    log(cadre, by=cast.town_officer)

    told = client_of(cast.town_officer).get("/me/data/").json()["posts"]

    assert [post["organisation"] for post in told] == [cast.town.name]
    assert told[0]["tasks"][0]["title"] == row.title
    assert told[0]["logs"][0]["content"] == "走访装配车间"
    assert client_of(cast.wenjuan).get("/me/data/").json()["posts"] == []
