"""The pages of the town officer, the county approver and the chair; what strangers see of them."""

import datetime as dt

import pytest
from django.urls import reverse

from yiwang.grassroots.founding import actions, queries
from yiwang.grassroots.founding.models import Body, Procedure, Term
from yiwang.grassroots.founding.tests.factories import GROUP, firm, founded, prepared, stand
from yiwang.kernel.clock import today

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"founding:{name}", args=args)


def test_a_founding_begins_on_its_page(cast, client_of):
    officer = client_of(cast.town_officer)
    employer = firm("瑞芯显示科技（昆山）有限公司")
    form = {
        "superior": cast.town.public_id,
        "employers": "没有的公司",
        "name": "瑞芯显示工会",
        "worker_people": "陈工、李工",
        "party_people": "吴党",
    }
    assert "没找到这些单位" in officer.post(url("procedure-new"), form).text
    answer = officer.post(url("procedure-new"), form | {"employers": employer.uscc})
    procedure = Procedure.objects.get()
    assert answer.headers["Location"] == url("procedure-detail", procedure.public_id)
    assert [row["side"] for row in procedure.group] == ["party", "worker", "worker"]
    assert (
        "已经在建会了" in officer.post(url("procedure-new"), form | {"employers": employer.name, "name": "另一个"}).text
    )
    assert client_of(cast.approver).get(url("procedure-new")).status_code == 403
    assert client_of(cast.wenjuan).get(url("procedure-new")).status_code == 403
    assert officer.get(url("procedure-new")).status_code == 200


def test_the_form_begins_with_an_employer_of_the_gap_list_and_ones_own_union(cast, client_of):
    officer, employer = client_of(cast.town_officer), firm("瑞芯显示科技（昆山）有限公司")
    begun = officer.get(url("procedure-new"), {"employer": employer.public_id}).context["form"]
    assert begun["employers"].value() == employer.name
    assert begun["name"].value() == "瑞芯显示科技（昆山）有限公司工会"
    assert next(iter(begun.fields["superior"].choices))[1] == cast.town.name
    namesake = firm("瑞芯显示科技（昆山）有限公司")
    assert queries.beginnings(namesake.public_id)["employers"] == namesake.uscc
    assert queries.beginnings("没有的公司") == {}
    gaps = officer.get(reverse("organisations:organisation-overview", args=[cast.town.public_id])).text
    assert f"{url('procedure-new')}?employer={employer.public_id}" in gaps


def test_what_the_first_request_lacks_is_said_and_mended_on_the_page(cast, client_of):
    officer = client_of(cast.town_officer)
    procedure = actions.start_founding(
        cast.town, name="甲工会", employers=[firm(headcount=0)], group=GROUP[:1], by=cast.town_officer
    )
    page, act = url("procedure-detail", procedure.public_id), url("procedure-act", procedure.public_id, "prepare")
    lacking = officer.get(page).text
    assert "单位的职工数还没有填。" in lacking
    assert url("procedure-act", procedure.public_id, "apply") not in lacking
    form = {"name": "甲工会", "headcount": "x", "party_people": "吴党", "worker_people": "陈工，李工"}
    assert 'value="x"' in officer.post(act, form).text
    officer.post(act, form | {"headcount": "40"})
    assert url("procedure-act", procedure.public_id, "apply") in officer.get(page).text
    watcher = client_of(cast.approver).get(page).text
    assert "改筹备情况" not in watcher
    assert client_of(cast.approver).post(act, form).status_code == 403


def test_while_members_are_gathered_the_page_leads_to_the_ways_of_joining(cast, client_of):
    officer, union = client_of(cast.town_officer), prepared(cast, members=3).organisation
    page = officer.get(url("procedure-detail", Procedure.objects.get().public_id)).text
    for name in ("request-for-others", "campaign-new"):
        way = f"{reverse(f'joining:{name}')}?union={union.public_id}"
        assert way in page
        assert union.name in officer.get(way).text
    assert (
        officer.get(f"{reverse('joining:request-for-others')}?union={union.public_id}").context["form"]["union"].value()
        == union.public_id
    )


def test_lists_show_ones_own_reach(cast, client_of):
    actions.start_founding(cast.town, name="甲工会", employers=[firm()], group=GROUP, by=cast.town_officer)
    assert "甲工会" in client_of(cast.town_officer).get(url("procedure-list")).text
    assert "甲工会" in client_of(cast.approver).get(url("procedure-list")).text
    assert "甲工会" not in client_of(cast.sibling_handler).get(url("procedure-list")).text
    assert client_of(cast.wenjuan).get(url("procedure-list")).status_code == 403
    assert client_of(None).get(url("procedure-list")).status_code == 302


def test_steps_are_taken_by_who_may(cast, client_of):
    procedure = actions.start_founding(cast.town, name="甲工会", employers=[firm()], group=GROUP, by=cast.town_officer)
    officer, approver = client_of(cast.town_officer), client_of(cast.approver)

    def act(client, what, **given):
        return client.post(url("procedure-act", procedure.public_id, what), given)

    assert act(approver, "apply").status_code == 403
    assert act(officer, "nonsense").status_code == 404
    assert act(officer, "apply").status_code == 302
    assert act(officer, "approve").status_code == 403
    assert act(approver, "return", opinion="补材料").status_code == 302
    assert "补材料" in officer.get(url("procedure-detail", procedure.public_id)).text
    act(officer, "apply")
    assert act(approver, "approve").status_code == 302
    assert client_of(cast.sibling_handler).get(url("procedure-detail", procedure.public_id)).status_code == 404
    paper = procedure.papers.first()
    assert officer.get(url("paper-file", paper.public_id, "pdf")).content.startswith(b"%PDF")
    assert officer.get(url("paper-file", paper.public_id, "txt")).status_code == 404
    assert client_of(cast.sibling_handler).get(url("paper-file", paper.public_id, "pdf")).status_code == 404
    assert act(officer, "withdraw", opinion="企业搬走").status_code == 302


def test_candidates_and_the_count_are_entered(cast, client_of):
    procedure = prepared(cast, members=30)
    officer = client_of(cast.town_officer)
    act = url("procedure-act", procedure.public_id, "candidate")
    person = {"body": "committee", "post": "chair"}
    assert "没有这个人" in officer.post(act, person | {"who": "张三"}).text
    assert officer.post(act, person | {"who": "会员000"}).status_code == 302
    assert "已经是这个委员会的候选人" in officer.post(act, person | {"who": "会员000"}).text
    row = procedure.candidates.get()
    drop = url("candidate-drop", procedure.public_id, row.public_id)
    assert client_of(cast.sibling_handler).post(drop).status_code == 404
    assert officer.post(drop).status_code == 302
    assert officer.post(drop).status_code == 404
    plan = {"seats": 5, "audit_seats": 3, "women_seats": 0, "term_years": 5, "meeting_form": "members"}
    assert officer.post(url("procedure-act", procedure.public_id, "plan"), plan).status_code == 302
    stand(procedure, cast.town_officer)
    actions.apply(procedure, by=cast.town_officer)
    actions.approve(procedure, by=cast.approver)
    count = {"entitled": 30, "present": 19, "issued": 19, "returned": 19, "valid": 19, "invalid": 0}
    form = {"held_on": today().isoformat(), "place": "会议室", "overseer": "王", "counter": "赵", **count}
    form |= {f"votes_{row.public_id}": 19 for row in procedure.candidates.all()}
    result = url("procedure-act", procedure.public_id, "result")
    assert "到会人数不够" in officer.post(result, form).text
    drop = url("candidate-drop", procedure.public_id, procedure.candidates.first().public_id)
    assert officer.post(drop).status_code == 302
    assert procedure.candidates.count() == 9


def test_a_unions_page_does_everything_about_its_committee(cast, client_of):
    union = founded(cast).organisation
    officer, approver = client_of(cast.town_officer), client_of(cast.approver)

    def act(client, what, item="", **given):
        args = (union.public_id, what, item) if item else (union.public_id, what)
        return client.post(url("union-act-item" if item else "union-act", *args), given)

    page = officer.get(url("union-detail", union.public_id)).text
    assert "第1届" in page
    assert "会员000" in page
    assert client_of(cast.sibling_handler).get(url("union-detail", union.public_id)).status_code == 404
    assert act(officer, "certify", address="示例路1号", funds="100", floor_area=10, business="服务").status_code == 200
    assert (
        act(officer, "certify", address="示例路1号", funds="20000", floor_area=10, business="服务").status_code == 302
    )
    assert act(officer, "certify-yes", uscc="81320000509100012B", number="1").status_code == 403
    assert act(approver, "certify-no", opinion="补").status_code == 302
    act(officer, "certify", address="示例路1号", funds="20000", floor_area=10, business="服务")
    assert act(approver, "certify-yes", uscc="81320000509100012B", number="1").status_code == 302
    assert act(officer, "seal", kind="official", made_on=today().isoformat(), keeper="会员001").status_code == 302
    seal = queries.seals_of(union)[0]
    assert act(officer, "seal-back", seal.public_id).status_code == 302
    assert act(officer, "seal-back", seal.public_id).status_code == 404
    assert act(approver, "bank").status_code == 302
    assert act(officer, "bank").status_code == 403
    assert act(approver, "order", follow=True).status_code == 302  # not overdue: said in a message
    assert act(officer, "nonsense").status_code == 404
    chair = queries.committee_of(union).seats.get(post="chair")
    assert act(officer, "vacate", chair.public_id, reason="moved").status_code == 200
    assert act(officer, "vacate", chair.public_id, reason="resigned").status_code == 302
    assert act(officer, "elect", kind="by_election").status_code == 302
    assert act(officer, "handover").status_code == 404  # nobody follows yet


def test_an_extension_is_asked_and_decided_on_the_page(cast, client_of):
    Term.objects.create(
        organisation=cast.unit, body=Body.COMMITTEE, number=3, years=5, elected_on="2020-01-01", starts_on="2020-01-01",
        ends_on=today() - dt.timedelta(days=10),
    )  # fmt: skip
    chair, approver = client_of(cast.chair), client_of(cast.approver)
    assert "逾期没换届" in chair.get(url("union-detail", cast.unit.public_id)).text
    ledger = approver.get(url("term-list"), {"red": "1"}).text
    assert "1家逾期没换届" in ledger
    assert client_of(cast.wenjuan).get(url("term-list")).status_code == 403
    extend = url("union-act", cast.unit.public_id, "extend")
    until = today() + dt.timedelta(days=60)
    assert chair.post(extend, {"until": until.isoformat(), "reason": "搬迁"}).status_code == 302
    for what, code in (("extend-no", 200), ("extend-yes", 302), ("extend-yes", 403)):
        assert approver.post(url("union-act", cast.unit.public_id, what), {}).status_code == code
    assert "恒达精密工会" not in approver.get(url("term-list"), {"red": "1"}).text


def test_a_hand_over_is_signed_by_the_two_alone(cast, client_of):
    procedure = founded(cast)
    union = procedure.organisation
    term = queries.committee_of(union)
    old = term.seats.get(post="chair")
    actions.vacate_seat(old, reason="resigned", by=cast.town_officer)
    new = term.seats.filter(post="member").first()
    new.post = "chair"
    new.save(update_fields=["post"])
    officer = client_of(cast.town_officer)
    assert officer.post(url("union-act", union.public_id, "handover")).status_code == 302
    page = url("handover-detail", queries.open_handover(union).public_id)
    assert "还没签字" in officer.get(page).text
    assert officer.post(page).status_code == 403
    assert client_of(cast.wenjuan).get(page).status_code == 404
    old.person.refresh_from_db()
    cast.courier_person.user = None
    cast.courier_person.save(update_fields=["user"])
    old.person.user = cast.courier
    old.person.save(update_fields=["user"])
    assert client_of(cast.courier).post(page).status_code == 302
    assert f"等{new.person.name}签字。" in officer.get(page).text
