"""The workbench: queue, case page, every act, many at once, intake."""

import pytest
from django.urls import reverse

from yiwang.net.cases import actions
from yiwang.net.cases.models import Case
from yiwang.net.cases.policies import listed
from yiwang.net.cases.tests.factories import (
    NO,
    NOW,
    accepted,
    at_decision,
    decided,
    make_service,
    step,
    submit,
)
from yiwang.platform.forms.models import Draft
from yiwang.platform.journal.models import JournalEntry
from yiwang.register.access.models import Look

pytestmark = pytest.mark.django_db


def detail(case):
    return reverse("cases:case-detail", args=[case.number])


def do(client, case, act, **data):
    return client.post(reverse("cases:case-act", args=[case.number, act]), data)


def fresh(case):
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def case(cast):
    return accepted(make_service(), cast.wenjuan_person, by=cast.handler)


def test_an_english_officer_reads_in_english_whose_promise_a_limit_is(client_of, cast):
    promised = {"amount": 10, "unit": "workday", "basis": {"zh": "省总工会承诺", "en": "Promise of the province"}}
    lawful = {"amount": 13, "unit": "workday", "basis": {"zh": "调解仲裁法第四十三条", "en": "Arbitration law art. 43"}}
    version = make_service(promised_limit=promised, legal_limit=lawful)
    case = accepted(version, cast.wenjuan_person, by=cast.handler)
    client = client_of(cast.handler)
    chinese = client.get(detail(case)).text
    cast.handler.language = "en"
    cast.handler.save(update_fields=["language"])
    english = client.get(detail(case)).text

    assert "省总工会承诺" in chinese
    assert "Promise of the province" in english
    assert "Arbitration law art. 43" in english
    assert "省总工会承诺" not in english


def test_a_limit_that_the_service_words_otherwise_today_keeps_the_words_it_was_given(client_of, cast, case):
    case.clocks.filter(kind="promised").update(basis="县总工会承诺")
    cast.handler.language = "en"
    cast.handler.save(update_fields=["language"])

    assert "县总工会承诺" in client_of(cast.handler).get(detail(case)).text


@pytest.mark.parametrize("size", [1, 3])
def test_the_queue_costs_the_same_whatever_its_size(client_of, cast, django_assert_max_num_queries, size):
    cases = [accepted(make_service(f"HP-091{n}"), cast.wenjuan_person, by=cast.handler) for n in range(size)]
    client = client_of(cast.handler)
    client.get("/work/?heap=office")

    with django_assert_max_num_queries(14):
        page = client.get("/work/?heap=office").text

    assert [case for case in cases if case.number in page] == cases


@pytest.mark.parametrize("page", ["/work/?heap=office", "/work/search/"])
def test_the_menu_counts_what_lies_on_the_officers_desk(client_of, cast, page):
    for n in range(2):
        accepted(make_service(f"HP-091{n}"), cast.wenjuan_person, by=cast.handler)
    Case.objects.filter(service_code="HP-0910").update(handler=cast.handler)

    shown = client_of(cast.handler).get(page)

    (entry,) = [
        link
        for group in shown.context["navigation"].groups
        for link in group.links
        if link.url == reverse("cases:queue")
    ]
    assert entry.count == listed(cast.handler).open().filter(handler=cast.handler).count() > 0


def test_the_queue_is_for_officers_and_shows_their_scope(client_of, cast, case):
    assert client_of(cast.wenjuan).get("/work/").status_code == 403
    assert "login" in client_of(None).get("/work/").headers["Location"]
    assert case.number not in client_of(cast.sibling_handler).get("/work/?heap=subtree").text
    assert case.number in client_of(cast.supervisor).get("/work/?heap=subtree").text
    assert case.number not in client_of(cast.supervisor).get("/work/?heap=mine").text


@pytest.mark.parametrize(
    ("query", "is_there"),
    [
        ("due=over", True),
        ("due=ample", False),
        ("due=waiting", False),
        ("q=周文娟", True),
        ("q=帮扶2026昆00001", True),
        ("q=没有这个人", False),
        ("kind=帮扶", True),
        ("kind=维权", False),
        ("state=accepted", True),
        ("channel=phone", False),
        ("supervised=1", False),
        ("cluster=1", False),
    ],
)
def test_filters_stand_in_the_address(client_of, cast, case, query, is_there):
    Case.objects.update(due_at=NOW.replace(year=2020))

    page = client_of(cast.handler).get(f"/work/?heap=mine&{query}").text

    assert (f'value="{case.number}"' in page) is is_there


def test_the_queue_exports_what_it_shows_and_says_so_in_the_journal(client_of, cast, case):
    answer = client_of(cast.handler).get("/work/?heap=mine&export=csv")

    assert case.number in answer.content.decode()
    assert JournalEntry.objects.get(name="cases.queue_exported").actor_id == cast.handler.pk


def test_the_case_page_shows_all_in_twenty_queries_and_notes_the_look(
    client_of, cast, case, django_assert_max_num_queries
):
    actions.write_note(case, text="去过家里", by=cast.handler)
    actions.request_supplement(case, items=[{"name": "结算单"}], by=cast.handler)
    actions.answer_supplement(case, text="补了", by=cast.wenjuan)
    actions.add_co_handler(case, organisation=cast.town, task="走访", by=cast.handler)
    actions.supervise(case, organisation=cast.city, demand="25日前", by=cast.supervisor)
    client = client_of(cast.handler)
    client.get(detail(case))

    with django_assert_max_num_queries(20):
        page = client.get(detail(case)).text

    assert all(
        words in page for words in ("去过家里", "补了", "走访", "25日前", "住院花了很多钱", "320***********2845")
    )
    look = Look.objects.get()
    assert (look.person_id, look.by, case.number in look.purpose) == (cast.wenjuan_person.pk, cast.handler, True)


def test_the_preview_is_a_piece_and_the_page_is_whole(client_of, cast, case):
    client = client_of(cast.handler)

    piece = client.get(detail(case), headers={"HX-Request": "true", "HX-Target": "aside"}).text

    assert "<html" not in piece
    assert "打开全页" in piece
    assert "<html" in client.get(detail(case)).text


@pytest.mark.parametrize("who", ["wenjuan", "sibling_handler", "chair", "admin"])
def test_others_do_not_find_the_case_page(client_of, cast, case, who):
    client = client_of(getattr(cast, who))

    for address in (detail(case), reverse("cases:case-print", args=[case.number])):
        assert client.get(address).status_code in (403, 404)
    assert do(client, case, "note", text="x").status_code in (403, 404)
    assert client_of(cast.handler).get(reverse("cases:case-print", args=[case.number])).status_code == 200


ACTS = {
    "start": ({}, "in_progress"),
    "complete": ({"opinion": "属实"}, "in_progress"),
    "supplement": ({"name_1": "结算单", "why_1": "看不清"}, "supplement"),
    "reply": ({"text": "在办"}, "accepted"),
    "note": ({"text": "记"}, "accepted"),
    "pause": ({"kind": "external", "reason": "等回函"}, "paused"),
    "extend": ({"amount": "2", "reason": "等报告"}, "accepted"),
    "return": ({"reason": "不归我们"}, "accepted"),
    "recuse": ({"kind": "kinship", "reach": "case", "reason": "表姐"}, "accepted"),
}


@pytest.mark.parametrize("act", ACTS)
def test_an_act_shows_its_form_and_is_done(client_of, cast, act):
    case = submit(make_service(), cast.wenjuan_person, now=NOW.now(tz=NOW.tzinfo))
    actions.accept_case(case, by=cast.handler)
    client = client_of(cast.handler)
    data, state = ACTS[act]

    assert client.get(reverse("cases:case-act", args=[case.number, act])).status_code == 200
    answer = do(client, case, act, **data)

    assert answer.status_code == 302, answer.text
    assert fresh(case).state == state


def test_accepting_and_refusing(client_of, cast):
    client = client_of(cast.handler)
    first, second = (
        submit(make_service("HP-0920"), cast.wenjuan_person),
        submit(make_service("HP-0921"), cast.wenjuan_person),
    )

    do(client, first, "accept")
    do(client, second, "refuse", reason="不归工会", other_ways="找人社", recourse="复核")

    assert (fresh(first).state, fresh(second).state) == ("accepted", "not_accepted")
    assert do(client, first, "accept").status_code == 403
    assert do(client, first, "dance").status_code == 404


def test_giving_away_to_a_body_a_colleague_or_for_help(client_of, cast, case):
    client = client_of(cast.handler)

    do(client, case, "assign", handler=cast.approver.public_id)
    assert fresh(case).handler == cast.approver
    do(client, case, "co-handle", organisation=cast.town.public_id, reason="走访")
    assert do(client_of(cast.town_officer), case, "help", report="看过了").status_code == 302
    assert case.co_handlers.get().report == "看过了"
    other = accepted(make_service("HP-0927"), cast.wenjuan_person, by=cast.handler)
    gone = do(client, other, "hand-over", organisation=cast.city.public_id, reason="跨县")
    assert gone.headers["Location"] == "/work/"  # it has left her sight
    assert fresh(other).organisation == cast.city


def test_a_refused_act_says_why_and_keeps_the_words(client_of, cast, case):
    page = do(client_of(cast.handler), case, "extend", amount="9", reason="等报告")

    assert page.status_code == 200
    assert "最多能延5工作日" in page.text
    assert "等报告" in page.text


def test_a_body_that_is_not_offered_is_refused_by_the_form(client_of, cast, case):
    page = do(client_of(cast.handler), case, "hand-over", organisation=cast.sibling_county.public_id, reason="试")

    assert page.status_code == 200
    assert fresh(case).organisation == cast.county


def test_a_second_request_for_papers_wants_new_facts_and_a_colleague(client_of, cast, case):
    actions.request_supplement(case, items=[{"name": "结算单"}], by=cast.handler)
    actions.answer_supplement(case, text="补了", by=cast.wenjuan)
    client = client_of(cast.handler)

    assert do(client, case, "supplement", name_1="病历").status_code == 200
    done = do(
        client, case, "supplement", name_1="病历", new_facts="换了医院", approver=cast.approver.public_id, why_1="核对"
    )

    assert done.status_code == 302
    assert fresh(case).state == "supplement"


def test_pause_and_resume(client_of, cast, case):
    actions.pause_clock(case, kind="hearing", reason="等开庭", by=cast.handler)

    do(client_of(cast.handler), case, "resume")

    assert fresh(case).state == "in_progress"


def test_deciding_yes_and_no(client_of, cast):
    client = client_of(cast.approver)
    yes = at_decision(make_service("HP-0922"), cast.wenjuan_person, by=cast.handler)
    no = at_decision(make_service("HP-0923"), cast.wenjuan_person, by=cast.handler)

    assert "出结果" in client.get(detail(yes)).text
    do(client, yes, "decide", outcome="ok", reason="属实", amount="1,200.00")
    bare = do(client, no, "decide", outcome="no", reason="不符合")
    do(client, no, "decide", outcome="no", reason="不符合", other_ways="医疗互助", recourse="申请复核")

    assert (fresh(yes).state, fresh(no).state) == ("decided_ok", "decided_no")
    assert f"{fresh(yes).amount}" == "1200.00"
    assert "给申请人留路" in bare.text
    assert do(client_of(cast.handler), yes, "deliver").status_code == 302


def test_superiors_supervise_designate_revoke_and_review(client_of, cast, case):
    boss = client_of(cast.supervisor)
    do(boss, case, "supervise", demand="25日前")
    assert fresh(case).is_supervised
    do(boss, case, "designate", organisation=cast.town.public_id, reason="就近")
    assert fresh(case).organisation == cast.town
    wrong = decided(make_service("HP-0924"), cast.wenjuan_person, handler=cast.handler, approver=cast.approver)
    do(boss, wrong, "revoke", reason="算错")
    assert fresh(wrong).state == "revoked"
    assert do(client_of(cast.handler), wrong, "reopen").status_code == 302
    asked = decided(
        make_service("HP-0925"), cast.wenjuan_person, handler=cast.handler, approver=cast.approver, verdict=NO
    )
    asked.decisions.update(appeal_until="2099-01-01")
    actions.request_review(asked, text="不对", by=cast.wenjuan)
    assert asked.number in boss.get("/work/reviews/").text
    do(boss, asked, "review", upheld="yes", answer="没有错")
    assert asked.reviews.get().state == "upheld"
    assert client_of(cast.handler).get("/work/reviews/").status_code == 403


def test_merging_by_number(client_of, cast):
    version = make_service("HP-0926", append_repeats=False)
    first, second = (submit(version, cast.wenjuan_person) for _ in range(2))
    client = client_of(cast.handler)

    assert do(client, second, "merge", number="帮扶2026-昆-99999").status_code == 404
    do(client, second, "merge", number=first.number.replace("-", ""))

    assert fresh(second).merged_into == first


@pytest.mark.parametrize(
    ("move", "data", "state"),
    [
        ("accept", {}, "accepted"),
        ("supplement", {"name_1": "结算单"}, "supplement"),
    ],
)
def test_many_at_once_ask_first_and_report_each(client_of, cast, move, data, state):
    cases = [submit(make_service(f"HP-093{n}"), cast.wenjuan_person) for n in range(2)]
    foreign = submit(make_service("HP-0935"), cast.stranger_person)
    client = client_of(cast.handler)
    rows = {"move": move, "row": [c.number for c in (*cases, foreign)]}

    assert cases[0].number in client.post("/work/bulk/", rows).text
    assert fresh(cases[0]).state == "submitted"
    report = client.post("/work/bulk/", {**rows, **data, "confirmed": "1"}).text

    assert "办成2件，没办成1件" in report
    assert {fresh(case).state for case in cases} == {state}
    assert fresh(foreign).state == "submitted"


def test_many_steps_and_hand_overs(client_of, cast):
    cases = [accepted(make_service(f"HP-094{n}"), cast.wenjuan_person, by=cast.handler) for n in range(2)]
    client = client_of(cast.handler)

    client.post("/work/bulk/", {"move": "complete", "row": [cases[0].number], "confirmed": "1", "opinion": "属实"})
    client.post(
        "/work/bulk/",
        {
            "move": "hand_over",
            "row": [cases[1].number],
            "confirmed": "1",
            "organisation": cast.city.public_id,
            "reason": "跨县",
        },
    )

    assert (fresh(cases[0]).step, fresh(cases[1]).organisation) == (1, cast.city)


def test_many_of_nothing_and_an_unknown_move(client_of, cast):
    client = client_of(cast.handler)

    assert client.post("/work/bulk/", {"move": "accept"}).headers["Location"] == "/work/"
    assert client.post("/work/bulk/", {"move": "delete", "row": ["x"]}).status_code == 404
    assert client.get("/work/bulk/").status_code == 405


def test_the_search_finds_ended_cases_within_reach(client_of, cast):
    case = decided(make_service(), cast.wenjuan_person, handler=cast.handler, approver=cast.approver)

    assert case.number in client_of(cast.handler).get("/work/cases/?q=周文娟").text
    assert case.number not in client_of(cast.sibling_handler).get("/work/cases/?q=周文娟").text


def test_a_leaving_officers_cases_are_handed_over_with_a_report(client_of, cast, case):
    client = client_of(cast.approver)
    data = {"leaving": cast.handler.public_id, "successor": cast.approver.public_id, "reason": "调离"}

    assert client.get("/work/hand-over/").status_code == 200
    assert "不能是离任的人自己" in client.post("/work/hand-over/", {**data, "successor": data["leaving"]}).text
    assert "办成1件" in client.post("/work/hand-over/", data).text

    assert fresh(case).handler == cast.approver
    assert client_of(cast.handler).get("/work/hand-over/").status_code == 403


def test_a_caller_gets_a_case_like_everybody_else(client_of, cast):
    make_service(steps=[step("review", level=4)])
    client = client_of(cast.handler)
    who = {"channel": "phone", "service": "HP-0900", "name": "王大伟", "phone": "138 1234 5678"}

    assert client.get("/work/intake/").status_code == 200
    assert "手机号" in client.post("/work/intake/", {**who, "phone": "12"}).text
    begun = client.post("/work/intake/", who)
    draft = Draft.objects.get()
    assert begun.headers["Location"] == f"/apply/d/{draft.public_id}/need/"
    assert "王大伟" not in draft.key
    assert "替王大伟登记" in client.get(begun.headers["Location"]).text
    client.post(begun.headers["Location"], {"reason": "电话里说的"})
    done = client.post(f"/apply/check/{draft.public_id}/", {"truthful": "on"}, follow=True)

    case = Case.objects.get()
    assert (case.contact_name, case.channel, case.submitted_by) == ("王大伟", "phone", cast.handler)
    assert case.number in done.text
    assert "再登记一件" in done.text
    assert client_of(cast.wenjuan).get("/work/intake/").status_code == 403


def test_a_caller_known_to_the_register_is_that_person(client_of, cast):
    make_service()
    client = client_of(cast.hotline)
    who = {"channel": "hotline", "service": "HP-0900", "name": "周文娟", "phone": cast.wenjuan.phone}
    begun = client.post("/work/intake/", who)
    client.post(begun.headers["Location"], {"reason": "她来电"})
    client.post(f"/apply/check/{Draft.objects.get().public_id}/", {"truthful": "on"})

    assert Case.objects.get().applicant == cast.wenjuan_person
