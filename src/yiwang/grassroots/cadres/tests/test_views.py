"""Pages: who gets in, what a form refuses, what is there afterwards."""

import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document as WordDocument

from yiwang.grassroots.cadres import actions
from yiwang.grassroots.cadres.models import Cadre, Evaluation, LedgerEntry, Post, Team, Training, WorkLog
from yiwang.grassroots.cadres.queries import people as queries
from yiwang.grassroots.cadres.tests.factories import (
    NUMBER,
    items,
    log,
    nominated,
    officer,
    person,
    rated,
    serving,
    task,
)
from yiwang.kernel.clock import add_days, today
from yiwang.platform.files.policies import may_open
from yiwang.platform.files.tests.factories import picture, upload
from yiwang.register.members.tests.factories import id_number

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"cadres:{name}", args=args)


def act(browser, cadre, what, **given):
    return browser.post(url("cadre-act", cadre.public_id, what), given)


def test_a_social_worker_is_nominated_on_the_page(client_of, cast):
    desk = client_of(cast.handler)
    given = {
        "name": "周小芳", "id_number": id_number(birth="19960307"), "place": "没有的工会", "team": "T4", "post": "worker",
        "is_full_time": "on", "experience_years": "0", "has_no_kin": "on",
    }  # fmt: skip
    assert "没找到这个工会" in desk.post(url("cadre-new"), given).text
    given["place"] = cast.town.name
    desk.post(url("cadre-new"), given)
    cadre = Cadre.objects.get()
    assert act(desk, cadre, "check", note="齐").status_code == 302
    assert act(desk, cadre, "approve").status_code == 403
    assert act(client_of(cast.approver), cadre, "approve").status_code == 302
    assert "公示到" in desk.post(url("cadre-act", cadre.public_id, "publicise"), follow=True).text
    text = act(desk, cadre, "appoint-shown", starts_on=str(today()), document_number=NUMBER).text
    assert "才期满" in text
    assert act(desk, cadre, "nonsense").status_code == 404


def test_an_elected_chair_is_entered_with_the_number_of_the_reply(client_of, cast):
    desk = client_of(cast.handler)
    given = {
        "name": "刘芳", "id_number": id_number(birth="19800307"), "place": cast.unit.name, "team": "T2", "post": "chair",
        "experience_years": "0", "document_number": "17号",
    }  # fmt: skip
    assert "要写任职时间" in desk.post(url("cadre-new"), given).text
    given["starts_on"] = str(today())
    assert "上级批复的文号" in desk.post(url("cadre-new"), given).text
    desk.post(url("cadre-new"), {**given, "document_number": NUMBER})
    assert Cadre.objects.get().state == "active"


def test_a_workplace_doesn_t_staff_the_teams(client_of, cast):
    cadre = nominated(cast)
    assert client_of(cast.chair).get(url("cadre-new")).status_code == 403
    assert client_of(cast.chair).get(url("cadre-detail", cadre.public_id)).status_code == 404
    assert client_of(cast.town_officer).get(url("cadre-new")).status_code == 200
    assert client_of(cast.sibling_handler).get(url("cadre-detail", cadre.public_id)).status_code == 404
    assert client_of(cast.handler).get(url("cadre-detail", cadre.public_id)).status_code == 200


def test_everything_about_a_serving_cadre_is_kept_on_its_page(client_of, cast):
    cadre, desk = serving(cast), client_of(cast.handler)
    assert "没找到这个工会或单位" in act(desk, cadre, "area", where="不存在").text
    act(desk, cadre, "area", where=cast.unit.name)
    area = queries.areas_of(cadre)[0]
    assert (
        "期限已经过了" in act(desk, cadre, "task", kind="visit", title="走访", due_on=str(add_days(today(), -1))).text
    )
    act(desk, cadre, "task", kind="visit", title="走访", due_on=str(today()))
    start = str(today())
    text = act(desk, cadre, "contract", kind="labour", starts_on=start, ends_on=start).text
    assert "第二天开始" in text
    act(desk, cadre, "certificate", name="社工证", number="7")
    page = desk.get(url("cadre-detail", cadre.public_id)).text
    assert all(words in page for words in (cast.unit.name, "走访", "社工证"))
    row = cadre.tasks.get()
    assert desk.post(url("task-act", row.public_id, "confirm")).status_code == 302
    row.refresh_from_db()
    assert row.state == "open"
    desk.post(url("task-act", row.public_id, "cancel"))
    desk.post(url("area-end", cadre.public_id, area.public_id))
    assert desk.post(url("area-end", cadre.public_id, area.public_id)).status_code == 404
    act(desk, cadre, "suspend", reason="产假")
    act(desk, cadre, "resume")
    act(desk, cadre, "end", ended_on=str(today()), reason="考走了")
    cadre.refresh_from_db()
    assert cadre.state == "ended"


def test_lists_show_ones_own_reach(client_of, cast):
    serving(cast)
    assert "周小芳" in client_of(cast.handler).get(url("cadre-list")).text
    assert "周小芳" not in client_of(cast.sibling_handler).get(url("cadre-list")).text
    assert client_of(cast.wenjuan).get(url("cadre-list")).status_code == 403
    assert client_of(None).get(url("cadre-list")).status_code == 302
    desk = client_of(cast.handler)
    with CaptureQueriesContext(connection) as one:
        desk.get(url("cadre-list"))
    for n in range(2):
        serving(cast, who=person("甲乙"[n] + "小明"))
    with CaptureQueriesContext(connection) as three:
        desk.get(url("cadre-list"))
    assert len(three) <= len(one)


def test_a_log_is_written_on_the_phone_once(client_of, cast):
    cadre, phone = officer(cast), client_of(cast.town_officer)
    actions.give_area(cadre, cast.town, by=cast.handler)
    row = task(cast, cadre)
    page = phone.get(url("log-new")).text
    assert 'data-keep="cadre-log-' in page
    assert cast.unit.name in page
    given = {
        "key": "abc", "kind": "visit", "where": cast.unit.name, "content": "看了三个班组", "day": str(today()),
        "minutes": "45", "task": row.public_id, "longitude": "120.98", "latitude": "",
    }  # fmt: skip
    assert "1440" in phone.post(url("log-new"), {**given, "minutes": "0"}).text
    assert "在以后" in phone.post(url("log-new"), {**given, "day": str(add_days(today(), 1))}).text
    for _turn in range(2):
        files = {"photos": upload(picture(), "现场.jpg")}
        assert phone.post(url("log-new"), {**given, **files}).status_code == 302
    made = WorkLog.objects.get()
    assert (made.organisation, made.task, made.longitude) == (cast.unit, row, None)
    photo = queries.photos_of(made)[0]
    assert may_open(cast.handler, photo)
    assert not may_open(cast.sibling_handler, photo)
    assert not may_open(cast.wenjuan, photo)
    desk = client_of(cast.handler)
    assert "看了三个班组" in desk.get(url("log-list")).text
    assert phone.post(url("log-detail", made.public_id)).status_code == 403
    desk.post(url("log-detail", made.public_id))
    made.refresh_from_db()
    assert made.verified_by == cast.handler
    assert client_of(cast.sibling_handler).get(url("log-detail", made.public_id)).status_code == 404


def test_a_place_outside_the_list_is_kept_as_words(client_of, cast):
    officer(cast)
    given = {
        "key": "abc",
        "kind": "visit",
        "where": "城东驿站",
        "content": "看了",
        "day": str(today()),
        "minutes": "45",
    }
    client_of(cast.town_officer).post(url("log-new"), given)
    made = WorkLog.objects.get()
    assert (made.organisation, made.place) == (None, "城东驿站")


def test_only_cadres_have_a_day_of_their_own(client_of, cast):
    assert client_of(cast.wenjuan).get(url("own-day")).status_code == 403
    assert client_of(None).get(url("own-day")).status_code == 302
    cadre, phone = officer(cast), client_of(cast.town_officer)
    row = task(cast, cadre)
    assert row.title in phone.get(url("own-day")).text
    phone.post(url("task-finish", row.public_id), {"result": ""})
    phone.post(url("task-finish", row.public_id), {"result": "走了六家"})
    row.refresh_from_db()
    assert row.state == "done"
    phone.post(url("task-finish", row.public_id), {"result": "再来"})
    assert client_of(cast.handler).post(url("task-finish", row.public_id), {"result": "替"}).status_code == 403
    desk = client_of(cast.handler)
    desk.post(url("task-act", row.public_id, "return"), {"note": ""})
    desk.post(url("task-act", row.public_id, "return"), {"note": "写清楚"})
    row.refresh_from_db()
    assert (row.state, row.returned_note) == ("open", "写清楚")
    assert desk.post(url("task-act", row.public_id, "nonsense")).status_code == 404
    assert phone.post(url("task-act", row.public_id, "cancel")).status_code == 403
    assert "走访户外班组" in phone.get("/work/today/").text


def test_a_worker_finds_the_officer_and_a_picture_only_by_consent(client_of, cast):
    cadre, worker = officer(cast), client_of(cast.wenjuan)
    phone = client_of(cast.town_officer)
    card = {"office_phone": "0512-57300001", "hours": "周一到周五", "place": "二楼"}
    phone.post(url("own-card"), {**card, "photo": upload(picture(), "我.jpg")})
    photo = queries.photo_of(cadre)
    page = worker.get(url("officer-list")).text
    assert all(words in page for words in ("顾晓东", "0512-57300001", "周一到周五"))
    assert photo.public_id not in page
    assert not may_open(cast.wenjuan, photo)
    phone.post(url("own-card"), {**card, "shows_photo": "on"})
    assert photo.public_id in worker.get(url("officer-list")).text
    assert may_open(cast.wenjuan, photo)
    phone.post(url("own-card"), card)
    assert not may_open(cast.wenjuan, photo)
    assert "还不知道你在哪个工会" in client_of(cast.courier).get(url("officer-list")).text
    assert "还没有登记专人" in client_of(cast.stranger).get(url("officer-list")).text
    assert "谁是我的工会干部" in worker.get("/me/").text
    assert client_of(None).get(url("officer-list")).status_code == 302


def test_hours_are_reported_and_approved(client_of, cast):
    cadre, phone = officer(cast), client_of(cast.town_officer)
    given = {
        "title": "任职班", "field": "union", "mode": "together", "starts_on": str(today()), "ends_on": str(today()),
        "hours": "13",
    }  # fmt: skip
    assert "12学时" in phone.post(url("training-new"), given).text
    assert "大于0" in phone.post(url("training-new"), {**given, "hours": "0"}).text
    phone.post(url("training-new"), {**given, "hours": "7"})
    row = Training.objects.get()
    assert phone.post(url("training-act", row.public_id, "approve")).status_code == 403
    desk = client_of(cast.handler)
    assert desk.post(url("training-act", row.public_id, "nonsense")).status_code == 404
    desk.post(url("training-act", row.public_id, "refuse"), {"reason": ""})
    desk.post(url("training-act", row.public_id, "approve"))
    row.refresh_from_db()
    assert row.state == "approved"
    second = actions.claim_training(
        cadre,
        starts_on=today(),
        ends_on=today(),
        hours=Decimal(1),
        by=cast.town_officer,
        title="二",
        field="law",
        mode="alone",
    )
    desk.post(url("training-act", second.public_id, "refuse"), {"reason": "重复"})
    second.refresh_from_db()
    assert second.state == "refused"


def test_a_guide_keeps_the_ledger(client_of, cast):
    serving(cast, team=Team.BARGAINING, post=Post.GUIDE, who=person("吴桐", user=cast.hotline))
    phone = client_of(cast.hotline)
    given = {
        "firm": "没有",
        "year": "2026",
        "kind": "wage",
        "rounds": "1",
        "covered": "268",
        "offered_on": "2026-03-09",
    }
    assert "没找到这家企业" in phone.post(url("own-ledger"), given).text
    phone.post(url("own-ledger"), {**given, "firm": cast.employer.name})
    row = LedgerEntry.objects.get()
    assert cast.employer.name in phone.get(url("own-ledger")).text
    later = {**given, "firm": cast.employer.name, "signed_on": "2026-04-20", "filed_on": "2026-04-28"}
    phone.post(url("ledger-edit", row.public_id), later)
    row.refresh_from_db()
    assert str(row.effective_on) == "2026-05-13"
    assert phone.get(url("ledger-edit", "nothing")).status_code == 404
    assert client_of(cast.handler).get(url("own-ledger")).status_code == 403


SCORES = dict.fromkeys(("coverage", "results", "quality", "logs", "training", "satisfaction"), "70")


def test_an_evaluation_on_its_pages(client_of, cast):
    cadre, desk, lead = officer(cast), client_of(cast.handler), client_of(cast.approver)
    phone = client_of(cast.town_officer)
    log(cadre, by=cast.town_officer)
    given = {**SCORES, "period": "2026H3", "grade": "good"}
    assert "像2026H1" in desk.post(url("evaluation-new", cadre.public_id), given).text
    given["period"] = "2026H1"
    assert "等次只能是" in desk.post(url("evaluation-new", cadre.public_id), {**given, "grade": "excellent"}).text
    desk.post(url("evaluation-new", cadre.public_id), given)
    row = Evaluation.objects.get()
    page = url("evaluation-detail", row.public_id)
    assert phone.get(page).status_code == 404
    assert phone.get(url("evaluation-new", cadre.public_id)).status_code == 403
    assert desk.post(url("evaluation-act", row.public_id, "confirm"), {"outcome": "renew"}).status_code == 403
    lead.post(url("evaluation-act", row.public_id, "return"), {"note": "走访没算全"})
    assert "走访没算全" in desk.get(url("evaluation-new", cadre.public_id)).text
    desk.post(url("evaluation-new", cadre.public_id), given)
    assert "两次不合格" in lead.post(url("evaluation-act", row.public_id, "confirm"), {"outcome": "dismiss"}).text
    lead.post(url("evaluation-act", row.public_id, "confirm"), {"outcome": "renew"})
    assert phone.get(page).status_code == 200
    phone.post(url("evaluation-act", row.public_id, "appeal"), {"text": "培训没算"})
    assert lead.post(url("evaluation-act", row.public_id, "answer"), {"answer": "维持"}).status_code == 403
    boss = client_of(cast.supervisor)
    boss.post(url("evaluation-act", row.public_id, "answer"), {"answer": "维持", "grade": "good"})
    row.refresh_from_db()
    assert row.state == "final"
    assert boss.post(url("evaluation-act", row.public_id, "nonsense")).status_code == 404


def test_a_keeper_doesn_t_see_their_own_points_before_they_are_told(client_of, cast):
    cadre = officer(cast, user=cast.handler, organisation=cast.county)
    row = actions.rate(
        cadre, cast.county, period="2026H1", items=items(70), grade="good", words="", by=cast.city_handler
    )
    assert client_of(cast.handler).get(url("evaluation-detail", row.public_id)).status_code == 404
    assert client_of(cast.approver).get(url("evaluation-detail", row.public_id)).status_code == 200


def test_leaders_see_loads_posts_and_figures(client_of, cast):
    cadre, lead = serving(cast), client_of(cast.approver)
    actions.give_area(cadre, cast.unit, by=cast.handler)
    assert "在范围里" in lead.get(url("load")).text
    assert client_of(cast.town_officer).get(url("load")).status_code == 403
    desk = client_of(cast.handler)
    given = {"where": cast.town.name, "team": "T4", "headcount": "3", "basis": "一镇三人"}
    assert "没找到这个工会" in desk.post(url("post-list"), {**given, "where": cast.employer.name}).text
    desk.post(url("post-list"), given)
    assert "空缺2人" in lead.get(url("post-list")).text
    assert "乡镇街道配备率" in lead.get(url("indicator-list")).text
    assert "一个也没有" in lead.get(url("indicator-rows", "towns")).text
    assert lead.get(url("indicator-rows", "fields")).status_code == 404
    assert lead.get(url("indicator-list") + f"?org={cast.sibling_county.public_id}").status_code == 404
    assert client_of(cast.chair).get(url("indicator-list")).status_code == 403


@pytest.mark.parametrize("kind", ["roster", "social", "ledger", "hours"])
def test_forms_print_as_word_and_pdf(client_of, cast, kind):
    serving(cast)
    officer(cast)
    guide = serving(cast, team=Team.BARGAINING, post=Post.GUIDE, who=person("指导员"))
    actions.keep_ledger(guide, cast.employer, entry=None, year=2026, kind="wage", by=None, covered=268)
    hours = {"title": "任职班", "field": "union", "mode": "together", "starts_on": today(), "ends_on": today()}
    claimed = actions.claim_training(guide, hours=Decimal(7), by=cast.courier, **hours)
    actions.approve_training(claimed, by=cast.handler)
    lead = client_of(cast.approver)
    word = lead.get(url("paper", kind, "docx"))
    table = WordDocument(io.BytesIO(word.content)).tables[0]
    assert len(table.rows) == 2
    assert {"roster": "顾晓东", "social": "周小芳"}.get(kind, "指导员") == table.rows[1].cells[0].text
    assert lead.get(url("paper", kind, "pdf")).content.startswith(b"%PDF")
    assert lead.get(url("paper", "nonsense", "pdf")).status_code == 404


def test_a_rated_one_is_on_the_page_of_the_cadre(client_of, cast):
    cadre = serving(cast)
    rated(cast, cadre)
    assert "2026H1" in client_of(cast.handler).get(url("cadre-detail", cadre.public_id)).text
