"""Changes of the tree: asked by one, decided by another, then done (GT 1.9, 1.14, 7.7)."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from yiwang.kernel.clock import today
from yiwang.kernel.states import NotAllowedInState
from yiwang.register.members.actions import retain_membership, transfer_membership
from yiwang.register.members.models import Membership, MembershipSpan
from yiwang.register.organisations import actions, policies, queries
from yiwang.register.organisations.errors import (
    AlreadyAsked,
    BadDay,
    EmployerNotCovered,
    IsGone,
    NotAllowedThere,
    NotSettled,
    SamePerson,
    StillHasMembers,
    WrongTarget,
)
from yiwang.register.organisations.models import (
    Employer,
    Organisation,
    OrganisationEmployer,
    OrganisationSpan,
    TreeChange,
)
from yiwang.register.organisations.queries import span_open

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(cast):
    OrganisationSpan.objects.bulk_create([span_open(body, body.valid_from) for body in Organisation.objects.all()])
    return cast


def fresh(body):
    return Organisation.objects.get(pk=body.pk)


def test_who_asks_does_not_decide(world):
    change = actions.propose_change(world.unit, "rename", by=world.handler, reason="公司改名", name="恒达智造工会")

    with pytest.raises(SamePerson):
        actions.approve_change(change, by=world.handler)
    with pytest.raises(SamePerson):
        actions.refuse_change(change, by=world.handler, opinion="不行")
    with pytest.raises(AlreadyAsked):
        actions.propose_change(world.unit, "rename", by=world.handler, reason="再提", name="恒达工会")
    assert not policies.may_decide(world.handler, change)
    assert policies.may_decide(world.approver, change)
    assert not policies.may_decide(world.sibling_approver, change)

    actions.approve_change(change, by=world.approver, opinion="同意")

    assert fresh(world.unit).name == "恒达智造工会"
    with pytest.raises(NotAllowedInState):
        actions.approve_change(change, by=world.approver)
    with pytest.raises(IntegrityError), transaction.atomic():
        TreeChange.objects.filter(pk=change.pk).update(decided_by=world.handler)


def test_a_change_refused_or_withdrawn_changes_nothing(world):
    refused = actions.propose_change(world.unit, "rename", by=world.handler, reason="改名", name="甲工会")
    actions.refuse_change(refused, by=world.approver, opinion="名称不规范")
    withdrawn = actions.propose_change(world.unit, "rename", by=world.handler, reason="改名", name="乙工会")
    assert policies.may_withdraw(world.handler, withdrawn)
    assert not policies.may_withdraw(world.approver, withdrawn)
    actions.withdraw_change(withdrawn, by=world.handler)

    assert fresh(world.unit).name == "恒达精密工会"
    assert refused.state == "refused"
    assert withdrawn.state == "withdrawn"


def test_every_kind_is_founded_under_the_parents_it_may_have(world):
    kinds = [code for code, _name in queries.kinds_under(world.town)]
    assert kinds == ["C3", "D1", "D2", "E1", "E2", "E3"]
    with pytest.raises(NotAllowedThere):
        actions.propose_change(world.town, "found", by=world.handler, reason="x", name="某县总工会", body_kind="A4")

    firms = [Employer.objects.create(name=name, headcount=12) for name in ("甲公司", "乙公司")]
    change = actions.propose_change(
        world.town,
        "found",
        by=world.handler,
        reason="小企业联合建会",
        name="科创园联合工会",
        body_kind="E2",
        taking=firms,
    )
    actions.approve_change(change, by=world.approver)

    body = change.result
    assert (body.kind, body.level, body.parent) == ("E2", 7, world.town)
    assert [link.relation for link in queries.employers(body)] == ["joint", "joint"]
    assert body.employee_count == 24


def test_a_whole_town_moves_only_above_the_county(world):
    change = actions.propose_change(
        world.town, "move", by=world.city_handler, reason="区划调整", target=world.sibling_county
    )
    assert not policies.may_decide(world.approver, change)
    assert not policies.may_decide(world.sibling_approver, change)
    assert policies.may_decide(world.supervisor, change)
    actions.approve_change(change, by=world.supervisor)

    assert fresh(world.unit).path.startswith(fresh(world.sibling_county).path)
    unit = actions.propose_change(world.unit, "move", by=world.town_officer, reason="搬家", target=world.sibling_town)
    assert not policies.may_decide(world.approver, unit)  # the town is no longer theirs
    assert policies.may_decide(world.sibling_approver, unit)


def test_a_merger_takes_members_employers_and_history_along(world):
    change = actions.propose_change(
        world.sibling_unit, "merge", by=world.city_handler, reason="两家公司合并", target=world.unit
    )
    assert policies.may_decide(world.supervisor, change)
    actions.approve_change(change, by=world.supervisor)

    gone = fresh(world.sibling_unit)
    assert gone.state == "merged"
    assert gone.valid_to == today()
    held = Membership.objects.get(pk=world.stranger_membership.pk)
    assert (held.organisation, held.employer, held.state) == (world.unit, world.sibling_employer, "active")
    spans = MembershipSpan.objects.filter(membership=held).order_by("days")
    assert [span.organisation for span in spans] == [world.sibling_unit, world.unit]
    assert {link.employer for link in queries.employers(world.unit)} == {world.employer, world.sibling_employer}
    assert change.members_moved == 1
    with pytest.raises(IsGone):
        actions.propose_change(gone, "close", by=world.handler, reason="再撤")
    with pytest.raises(IsGone):
        actions.merge_organisation(world.unit, gone, by=None)


def test_a_merger_needs_two_bodies_that_hold_members(world):
    for target in (world.town, world.unit):
        with pytest.raises(WrongTarget):
            actions.merge_organisation(world.unit, target, by=None)


def test_a_split_takes_an_employer_and_its_people(world):
    OrganisationEmployer.objects.filter(organisation=world.sibling_unit).delete()
    OrganisationEmployer.objects.create(
        organisation=world.unit, employer=world.sibling_employer, relation="joint", valid_from="2021-01-01"
    )
    transfer_membership(world.stranger_membership, world.unit, by=None, employer=world.sibling_employer)
    with pytest.raises(EmployerNotCovered):
        actions.split_organisation(world.unit, name="空工会", kind="E1", taking=[], by=None)

    change = actions.propose_change(
        world.unit, "split", by=world.handler, reason="公司分家", name="联达工会", body_kind="E1",
        taking=[world.sibling_employer],
    )  # fmt: skip
    actions.approve_change(change, by=world.approver)

    assert change.members_moved == 1
    assert Membership.objects.get(pk=world.stranger_membership.pk).organisation == change.result
    assert Membership.objects.get(pk=world.wenjuan_membership.pk).organisation == world.unit
    assert [link.employer for link in queries.employers(change.result)] == [world.sibling_employer]
    assert [link.employer for link in queries.employers(world.unit)] == [world.employer]


def test_a_union_is_gone_only_when_every_member_is_moved_or_retained(world):
    change = actions.propose_change(world.unit, "close", by=world.handler, reason="企业注销")
    actions.approve_change(change, by=world.approver)
    assert fresh(world.unit).state == "dissolving"
    change = TreeChange.objects.get(pk=change.pk)
    assert policies.may_settle(world.handler, change)
    with pytest.raises(NotSettled):
        actions.finish_closing(change, by=world.handler)
    for task in TreeChange.Task:
        actions.tick_closing_task(change, task.value, by=world.handler)
        actions.tick_closing_task(change, task.value, by=world.handler)
    actions.tick_closing_task(change, "nonsense", by=world.handler)
    with pytest.raises(StillHasMembers) as refusal:
        actions.finish_closing(change, by=world.handler)
    assert "还有1名会员" in str(refusal.value)

    retain_membership(world.wenjuan_membership, by=None, reason="企业注销")
    actions.finish_closing(change, by=world.handler)

    assert fresh(world.unit).state == "dissolved"
    assert change.state == "done"
    assert Membership.objects.get(pk=world.wenjuan_membership.pk).state == "retained"


def test_a_closing_can_be_stopped_while_it_settles(world):
    change = actions.propose_change(world.unit, "close", by=world.handler, reason="企业搬走")
    actions.approve_change(change, by=world.approver)
    change = TreeChange.objects.get(pk=change.pk)
    assert policies.may_withdraw(world.approver, change)
    assert not policies.may_withdraw(world.handler, change)
    actions.withdraw_change(change, by=world.approver)

    assert fresh(world.unit).state == "active"


def test_an_empty_shell_is_suspended_and_restored(world):
    actions.suspend_organisation(world.unit, reason="两年没活动", by=world.handler)
    assert fresh(world.unit).state == "suspended"
    actions.restore_organisation(fresh(world.unit), by=world.handler)
    assert fresh(world.unit).state == "active"


def test_a_line_ends(world):
    leader = actions.create_organisation(
        name="昆山市教育工会", kind="B3", parent=world.county, by=None, valid_from=today()
    )
    link = actions.link_line(world.unit, leader, "line", by=None, on=world.unit.valid_from)
    actions.end_line(link, by=None)
    assert list(queries.lines(world.unit)) == []
    actions.end_line(actions.link_line(world.unit, leader, "guidance", by=None), by=None)
    assert world.unit.lines.count() == 1


def test_no_change_from_a_day_to_come(world):
    with pytest.raises(BadDay):
        actions.propose_change(
            world.unit, "close", by=world.handler, reason="x", effective_on=today().replace(year=today().year + 1)
        )


def test_the_pages_lead_from_asking_to_deciding(world, client_of):
    handler, approver = client_of(world.handler), client_of(world.approver)
    care = reverse("organisations:organisation-care", args=[world.unit.public_id])
    assert "并入另一个工会" in handler.get(care).text
    assert client_of(world.wenjuan).get(care).status_code == 403
    ask = reverse("organisations:change-new", args=[world.unit.public_id, "rename"])
    form = {
        "effective_on": today().isoformat(),
        "reason": "公司改名",
        "name": "恒达智造工会",
        "document_number": "17号",
    }
    assert "文号要像这样写" in handler.post(ask, form).text
    answer = handler.post(ask, form | {"document_number": "昆工〔2026〕17号"})
    detail = answer.headers["Location"]
    assert "等审批人决定" in handler.get(detail).text
    assert client_of(world.sibling_approver).get(detail).status_code == 404
    act = detail + "do/approve/"
    assert handler.post(act).status_code == 403
    assert approver.post(detail + "do/nonsense/").status_code == 404
    assert approver.post(detail + "do/refuse/").status_code == 200  # an opinion is needed
    assert approver.post(act, {"opinion": "同意"}).status_code == 302
    assert fresh(world.unit).name == "恒达智造工会"
    listing = reverse("organisations:change-list")
    assert "恒达智造工会" in handler.get(listing).text
    assert client_of(world.wenjuan).get(listing).status_code == 403
    missing = reverse("organisations:change-new", args=[world.province.public_id, "move"])
    assert client_of(world.province_handler).get(missing).status_code == 404


def test_a_merger_is_asked_with_a_picked_target(world, client_of):
    handler = client_of(world.city_handler)
    ask = reverse("organisations:change-new", args=[world.sibling_unit.public_id, "merge"])
    form = {"effective_on": today().isoformat(), "reason": "合并"}
    assert "没找到这个工会" in handler.post(ask, form).text
    detail = handler.post(ask, form | {"target": world.unit.public_id}).headers["Location"]
    assert "恒达精密工会" in client_of(world.supervisor).get(detail).text


def test_closing_is_settled_on_its_page(world, client_of):
    change = actions.propose_change(world.unit, "close", by=world.handler, reason="注销")
    actions.approve_change(change, by=world.approver)
    handler = client_of(world.handler)
    detail = reverse("organisations:change-detail", args=[change.public_id])
    assert "还有1名会员没有转走或保留会籍" in handler.get(detail).text
    task = reverse("organisations:closing-task", args=[change.public_id, "seal"])
    assert handler.post(task).status_code == 302
    assert client_of(world.approver).post(task).status_code == 403
    assert TreeChange.objects.get().settled == ["seal"]
    assert "还有5项没有办完" in handler.post(detail + "do/finish/").text


def test_lines_employers_and_flags_are_kept_on_the_page(world, client_of):
    handler = client_of(world.handler)
    extra = Employer.objects.create(name="丙公司", headcount=8, uscc="")

    def act(body, what, **given):
        url = reverse("organisations:care-act", args=[body.public_id, what])
        return handler.post(url, given, follow=True)

    assert "没找到这个单位" in act(world.unit, "employer-add", employer="没有的").text
    act(world.town, "three", has_staff="on")
    assert fresh(world.town).has_staff
    assert "没有改动" in act(world.town, "three", has_staff="on").text
    assert "没有选工会" in act(world.unit, "line-add").text
    act(world.unit, "line-add", leader=world.sibling_county.public_id, kind="guidance")
    assert [line.leader for line in queries.lines(world.unit)] == [world.sibling_county]
    act(world.unit, "line-end", leader=world.sibling_county.public_id)
    assert list(queries.lines(world.unit)) == []
    actions.link_employer(world.unit, extra, "joint", by=None, on=world.unit.valid_from)
    act(world.unit, "employer-end", employer=extra.public_id)
    assert [link.employer for link in queries.employers(world.unit)] == [world.employer]
    act(world.unit, "suspend", reason="空壳")
    assert fresh(world.unit).state == "suspended"
    act(world.unit, "restore")
    assert fresh(world.unit).state == "active"
    assert act(world.unit, "nonsense").status_code == 404
    assert act(world.sibling_unit, "restore").status_code == 403
