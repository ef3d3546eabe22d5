"""Conflicts, merges, second unions, groups, the score and the e-card."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.urls import reverse

from yiwang.kernel.clock import add_months, now, today
from yiwang.kernel.errors import DomainError
from yiwang.platform.counters.queries import figure
from yiwang.platform.journal.models import JournalEntry
from yiwang.register.members import actions, cards, policies, quality
from yiwang.register.members.counting import CURRENT
from yiwang.register.members.errors import (
    AlreadyAffiliated,
    CannotMerge,
    DecideWithReason,
    IsOwnUnion,
    NotInGroup,
    UndoTooLate,
)
from yiwang.register.members.models import Affiliation, Conflict, GroupLead, Membership, MembershipSpan, Merge, Person
from yiwang.register.members.queries import held_membership, person_with, spans_of
from yiwang.register.members.tests.factories import JOINED, member, person

pytestmark = pytest.mark.django_db


def twins(cast, **other):
    """One man under two numbers: in the unit, and (mistyped) in the unit of the next county."""
    first = member(cast.unit, "陆建平")
    second = member(other.pop("union", cast.unit), "陆建平", **other)
    return first, second


def test_records_with_one_name_and_birthday_are_found_once(cast):
    first, second = twins(cast)

    assert actions.find_pairs() == 1
    assert actions.find_pairs() == 0
    pair = Conflict.objects.get()
    assert (pair.rule, pair.person, pair.other) == ("D4", first.person, second.person)
    assert pair.due_at > now()


def test_people_with_one_telephone_are_found_but_a_pair_that_was_decided_is_left_alone(cast):
    one, two = person("张一", phone="13911112222"), person("李二", phone="13911112222")

    actions.find_pairs()
    pair = Conflict.objects.get(rule="D3")
    assert {pair.person, pair.other} == {one, two}
    with pytest.raises(DecideWithReason):
        actions.settle_conflict(pair, Conflict.State.DIFFERENT, reason=" ", by=cast.handler)
    actions.settle_conflict(pair, Conflict.State.DIFFERENT, reason="夫妻共用一个号", by=cast.handler)
    assert actions.find_pairs() == 0


def test_merging_counts_the_person_once_and_undoing_restores_both(cast):
    first, second = twins(cast, joined_on=dt.date(2021, 1, 4))
    before = figure(cast.unit.path, CURRENT)

    merge = actions.merge_persons(first.person, second.person, reason="看过身份证原件", by=cast.handler)

    first.refresh_from_db()
    assert figure(cast.unit.path, CURRENT) == before - 1
    assert Membership.objects.get(pk=second.pk).state == "merged"
    assert first.joined_on == dt.date(2021, 1, 4)
    assert person_with("1", second.person.id_number) == first.person
    assert {span.membership_id for span in spans_of(first.person)} == {first.pk, second.pk}

    actions.undo_merge(merge, by=cast.handler)

    first.refresh_from_db()
    assert figure(cast.unit.path, CURRENT) == before
    assert held_membership(Person.objects.get(pk=second.person_id)) == second
    assert first.joined_on == JOINED
    assert MembershipSpan.objects.get(membership=second).days.upper is None
    assert person_with("1", second.person.id_number) == second.person
    with pytest.raises(CannotMerge):
        actions.undo_merge(merge, by=cast.handler)


def test_the_account_goes_over_and_comes_back(cast):
    kept, dropped = member(cast.unit, "陆建平").person, person("陆建平", phone="13977778888")
    Person.objects.filter(pk=cast.courier_person.pk).update(user=None)
    Person.objects.filter(pk=dropped.pk).update(user=cast.courier)
    dropped.refresh_from_db()

    merge = actions.merge_persons(kept, dropped, reason="本人来了", by=cast.handler)
    assert Person.objects.get(pk=kept.pk).user == cast.courier
    assert Person.objects.get(pk=kept.pk).phone == "13977778888"

    actions.undo_merge(merge, by=cast.handler)
    assert Person.objects.get(pk=kept.pk).user is None
    assert Person.objects.get(pk=kept.pk).phone is None
    assert Person.objects.get(pk=dropped.pk).user == cast.courier


def test_a_merge_that_would_lose_something_is_refused(cast):
    held, bare = member(cast.unit, "陆建平").person, person("陆建平")

    with pytest.raises(CannotMerge, match="有会籍的那一条"):
        actions.merge_persons(bare, held, reason="同一人", by=cast.handler)
    with pytest.raises(DecideWithReason):
        actions.merge_persons(held, bare, reason="", by=cast.handler)
    with pytest.raises(CannotMerge):
        actions.merge_persons(held, held, reason="同一人", by=cast.handler)
    with pytest.raises(CannotMerge, match="账号"):
        actions.merge_persons(cast.wenjuan_person, cast.courier_person, reason="同一人", by=cast.handler)


def test_undoing_leaves_a_retained_member_retained_and_uncounted(cast):
    first, second = twins(cast)
    actions.retain_membership(second, by=None)
    before = figure(cast.unit.path, CURRENT)

    merge = actions.merge_persons(first.person, second.person, reason="同一人", by=cast.handler)
    assert figure(cast.unit.path, CURRENT) == before
    actions.undo_merge(merge, by=cast.handler)

    assert Membership.objects.get(pk=second.pk).state == "retained"
    assert not MembershipSpan.objects.filter(membership=second).latest("days").may_vote
    assert figure(cast.unit.path, CURRENT) == before


def test_a_pair_that_was_settled_is_not_merged_any_more(cast):
    twins(cast)
    actions.find_pairs()
    pair = Conflict.objects.get()

    assert policies.may_merge(cast.handler, pair)
    actions.settle_conflict(pair, Conflict.State.DIFFERENT, reason="两个人", by=cast.handler)
    assert not policies.may_merge(cast.handler, pair)


def test_undoing_ends_after_its_days(cast):
    first, second = twins(cast)
    merge = actions.merge_persons(first.person, second.person, reason="同一人", by=cast.handler)
    Merge.objects.update(undo_until=today() - dt.timedelta(days=1))
    merge.refresh_from_db()

    with pytest.raises(UndoTooLate):
        actions.undo_merge(merge, by=cast.handler)


def test_both_sides_see_a_conflict_and_only_who_has_both_merges(client_of, cast):
    first, second = twins(cast, union=cast.sibling_unit)
    actions.find_pairs()
    pair = Conflict.objects.get()
    url = reverse("members:conflict-detail", args=[pair.public_id])
    merge = reverse("members:conflict-merge", args=[pair.public_id])
    given = {"keep": first.person.public_id, "reason": "看过证件"}

    for officer in (cast.handler, cast.sibling_handler):
        assert "陆建平" in client_of(officer).get(url).text
        assert first.person.id_number not in client_of(officer).get(url).text
        client_of(officer).post(merge, given)
        assert not Merge.objects.exists()
    assert client_of(cast.wenjuan).get(url).status_code == 403
    client_of(cast.city_handler).post(merge, given)
    assert Merge.objects.get().kept == first.person
    assert second.person.name in client_of(cast.handler).get("/work/members/conflicts/?state=merged").text
    undo = reverse("members:merge-undo", args=[Merge.objects.get().public_id])
    assert client_of(cast.sibling_handler).post(undo).status_code == 404
    client_of(cast.handler).post(undo)
    assert Merge.objects.get().undone_at is not None


def test_a_courier_with_two_unions_is_counted_once(cast):
    before = figure(cast.city.path, CURRENT)
    courier = actions.start_membership(cast.courier_person, cast.unit, by=None, new_form="N03")

    second = actions.begin_affiliation(cast.courier_person, cast.sibling_unit, by=cast.courier, work="晚上跑外卖")

    assert figure(cast.city.path, CURRENT) == before + 1
    assert figure(cast.sibling_unit.path, CURRENT) == figure(cast.sibling_town.path, CURRENT) == 0
    for refused, place in ((IsOwnUnion, cast.unit), (AlreadyAffiliated, cast.sibling_unit)):
        with pytest.raises(refused):
            actions.begin_affiliation(cast.courier_person, place, by=cast.courier)
    with pytest.raises(DomainError, match="不直接接收会员"):
        actions.begin_affiliation(cast.courier_person, cast.town, by=cast.courier)
    actions.end_affiliation(second, by=cast.courier)
    assert not Affiliation.objects.running().exists()
    assert held_membership(cast.courier_person) == courier


def test_nobody_without_a_union_has_a_second_one(cast):
    with pytest.raises(DomainError, match="先要有会籍"):
        actions.begin_affiliation(cast.courier_person, cast.unit, by=cast.courier)


def test_ones_own_second_union_ends_by_oneself_only(client_of, cast):
    second = actions.begin_affiliation(cast.wenjuan_person, cast.sibling_unit, by=cast.wenjuan)
    url = reverse("members:affiliation-end", args=[second.public_id])

    assert "联达光电工会" in client_of(cast.wenjuan).get("/me/membership/").text
    assert client_of(cast.stranger).post(url).status_code == 404
    client_of(cast.wenjuan).post(url)
    assert not Affiliation.objects.running().exists()


def test_a_group_has_one_leader_at_a_time_who_sees_it_without_numbers(client_of, cast):
    chair = client_of(cast.chair)
    chair.post(reverse("members:group-list", args=[cast.unit.public_id]), {"name": "装配一线小组"})
    group = cast.unit.children.get(kind="F2")
    url = reverse("members:group-detail", args=[group.public_id])
    other = member(cast.unit, "陈静")

    assert "没有这个人" in chair.post(url, {"who": "无此人"}).text
    with pytest.raises(NotInGroup):
        actions.name_leader(group, other, by=cast.chair)
    chair.post(url, {"who": "陈静", "as_leader": "on"})
    chair.post(url, {"who": "周文娟", "as_leader": "on"})

    assert GroupLead.objects.get(until=None).membership == cast.wenjuan_membership
    assert GroupLead.objects.count() == 2
    page = client_of(cast.wenjuan).get(reverse("members:own-group", args=[group.public_id])).text
    assert "陈静" in page
    assert other.person.id_number[-4:] not in page
    assert client_of(cast.stranger).get(reverse("members:own-group", args=[group.public_id])).status_code == 404
    assert client_of(cast.sibling_handler).get(url).status_code == 404


def test_a_leader_is_named_and_ended_once_and_leads_no_other_group(cast):
    mine, other = (actions.make_group(cast.unit, name, by=cast.chair) for name in ("一组", "二组"))
    elsewhere = member(cast.sibling_unit, "陈静")

    assert actions.put_in_group(mine, [cast.wenjuan_membership, elsewhere], by=cast.chair) == 1
    assert Membership.objects.get(pk=elsewhere.pk).group is None
    lead = actions.name_leader(mine, cast.wenjuan_membership, by=cast.chair)
    assert actions.name_leader(mine, cast.wenjuan_membership, by=cast.chair) == lead
    assert policies.get_led_group(cast.wenjuan, mine.public_id) == lead
    with pytest.raises(Http404):
        policies.get_led_group(cast.wenjuan, other.public_id)
    actions.end_lead(lead, by=cast.chair)
    actions.end_lead(lead, by=cast.chair)

    assert GroupLead.objects.get().until == today()
    assert JournalEntry.objects.filter(name="members.group_leader_ended").count() == 1


def test_without_a_post_nobody_lists_members(cast):
    assert not policies.visible_to(AnonymousUser()).exists()
    assert list(policies.visible_to(cast.wenjuan)) == [cast.wenjuan_person]
    assert not policies.memberships_visible_to(cast.wenjuan).exists()
    assert cast.wenjuan_membership in policies.memberships_visible_to(cast.handler)


def test_months_without_dues_change_nothing_until_a_committee_decides(cast):
    """Five months: the union reads of it, nothing more; the membership stands until the committee decides."""
    late = member(cast.unit, "欠费一号", dues_paid_to=add_months(today(), -2))
    rows = Membership.objects.under(cast.unit.path)
    assert not quality.with_flaw(rows, "dues_late", today()).exists()
    Membership.objects.filter(pk=late.pk).update(dues_paid_to=add_months(today(), -5))
    assert [row.pk for row in quality.with_flaw(rows, "dues_late", today())] == [late.pk]
    late.refresh_from_db()
    assert late.state == "active"
    with pytest.raises(DomainError):
        actions.change_standing(late, "lapsed", on=today(), reason="", by=cast.chair)
    actions.change_standing(
        late, "lapsed", on=today(), reason="委员会2026年第3次会议，教育后仍不参加活动", by=cast.chair
    )
    late.refresh_from_db()
    assert late.state == "lapsed"


def test_every_point_of_the_score_is_the_list_of_its_people(client_of, cast):
    member(cast.unit, "测试一号", employ_kind="8", dues_paid_to=dt.date(2026, 1, 1))
    found = quality.score(Membership.objects.under(cast.unit.path), today())
    counts = {point.flaw.key: point.count for point in found.points}

    assert found.total == 2
    assert counts["placeholder"] == counts["platform_blank"] == counts["dues_late"] == 1
    assert found.value < 100
    for key, number in counts.items():
        assert quality.with_flaw(Membership.objects.under(cast.unit.path), key, today()).count() == number
    officer = client_of(cast.handler)
    page = officer.get(reverse("members:quality", args=[cast.county.public_id])).text
    link = f"/work/members/?org={cast.county.public_id}&amp;flaw=placeholder"
    assert link in page
    listed = officer.get(link.replace("&amp;", "&")).text
    assert "测试一号" in listed
    assert "周文娟" not in listed
    assert (
        client_of(cast.sibling_handler).get(reverse("members:quality", args=[cast.county.public_id])).status_code == 404
    )


def test_a_code_of_the_card_is_sound_only_as_it_was_signed():
    until = now().replace(microsecond=0) + dt.timedelta(minutes=5)
    code = cards.sign("abcdefghij", until)

    assert cards.read(code) == cards.CardCode("abcdefghij", until)
    assert cards.read(code[:-2]) is None
    assert cards.read(("B" if code[0] == "A" else "A") + code[1:]) is None
    assert cards.read("not a code") is None
    assert cards.read("") is None


def test_anybody_checks_a_card_and_learns_three_things(client_of, cast):
    held = cast.wenjuan_membership
    soon, gone = now() + dt.timedelta(minutes=5), now() - dt.timedelta(seconds=1)

    def check(until):
        return client_of(None).get(reverse("members:card-check", args=[cards.sign(held.public_id, until)]))

    page = check(soon).text
    assert "是工会会员" in page
    assert "恒达精密工会" in page
    assert "周文娟" not in page
    assert held.number not in page
    assert "过期" in check(gone).text
    assert "周**" not in check(gone).text
    actions.end_membership(held, by=None, reason="本人申请")
    assert "现在不是会员" in check(soon).text
    assert client_of(None).get(reverse("members:card-check", args=["rubbish"])).status_code == 404


def test_the_card_follows_a_transfer_and_holds_no_number_of_a_document(client_of, cast):
    held = cast.wenjuan_membership
    browser = client_of(cast.wenjuan)

    first = browser.get("/me/card/").text
    assert "<svg" in first
    assert cast.wenjuan_person.id_number not in first
    actions.transfer_membership(held, cast.sibling_unit, by=None)
    assert "联达光电工会" in browser.get("/me/card/").text
    assert "还没有会员卡" in client_of(cast.courier).get("/me/card/").text


def test_ones_own_facts_are_put_right_at_once_and_stay_visible(client_of, cast):
    browser = client_of(cast.wenjuan)
    given = {"skill_level": "4", "skill_issuer": "市技能鉴定中心"}

    assert "证书编号" in browser.post("/me/membership/edit/skill/", given).text
    browser.post("/me/membership/edit/skill/", {**given, "skill_certificate": "JS2026001"})
    browser.post("/me/membership/edit/about/", {"nation": "03", "residence_address": "玉山镇1号"})

    cast.wenjuan_person.refresh_from_db()
    assert cast.wenjuan_person.nation == "03"
    assert cast.wenjuan_person.residence_address == "玉山镇1号"
    own = browser.get("/me/membership/").text
    assert "回族" in own
    assert "JS2026001" in own
    seen = client_of(cast.handler).get(reverse("members:person-detail", args=[cast.wenjuan_person.public_id])).text
    assert "回族" in seen
    assert "玉山镇1号" not in seen
    assert browser.get("/me/membership/edit/about/").text.count("玉山镇1号") == 1
    assert client_of(cast.hotline).get("/me/membership/edit/about/").status_code == 404
    assert client_of(cast.courier).get("/me/membership/edit/work/").status_code == 404


def test_the_union_puts_facts_right_and_the_member_sees_who_did(client_of, cast):
    url = reverse("members:person-edit", args=[cast.wenjuan_person.public_id])
    officer = client_of(cast.clerk)
    given = {
        "phone": "13966665555", "employ_kind": "1", "employ_state": "1", "new_form": "N99", "dues_paid_to": "2026-10-01",
        "employer_name": "恒达精密机械（昆山）有限公司",
    }  # fmt: skip

    assert cast.wenjuan_person.id_number not in officer.get(url).text
    assert "没找到这个单位" in officer.post(url, {**given, "employer_name": "没有这家"}).text
    assert officer.post(url, given).status_code == 302
    cast.wenjuan_person.refresh_from_db()
    assert cast.wenjuan_person.phone == "13966665555"
    own = client_of(cast.wenjuan).get("/me/membership/").text
    assert "马丽" in own
    assert "2026-10" in own
    assert client_of(cast.sibling_handler).get(url).status_code == 404
    assert client_of(cast.supervisor).get(url).status_code == 403


def test_a_transfer_under_way_keeps_the_vote_and_can_be_called_off(cast):
    held = cast.wenjuan_membership
    before = figure(cast.unit.path, CURRENT)

    actions.begin_transfer(held, cast.sibling_unit, by=cast.wenjuan)
    assert held.state == "moving"
    assert held.may_vote
    assert figure(cast.unit.path, CURRENT) == before
    actions.call_off_transfer(held, by=cast.wenjuan)
    actions.call_off_transfer(held, by=cast.wenjuan)
    assert held.state == "active"
    with pytest.raises(DomainError):
        actions.begin_transfer(held, cast.unit, by=cast.wenjuan)
    actions.begin_transfer(held, cast.sibling_unit, by=cast.wenjuan)
    actions.end_membership(held, by=None)  # leaving is free at any time
    assert held.state == "quit"


def test_the_chair_records_what_the_committee_decided(client_of, cast):
    url = reverse("members:person-standing", args=[cast.wenjuan_person.public_id])
    chair, day = client_of(cast.chair), today().isoformat()

    assert client_of(cast.clerk).get(url).status_code == 403
    assert client_of(cast.sibling_handler).get(url).status_code == 404
    assert chair.post(url, {"change": "retained", "on": day}).status_code == 200
    assert held_membership(cast.wenjuan_person).state == "active"
    chair.post(url, {"change": "retained", "on": day, "reason": "退休"})
    assert held_membership(cast.wenjuan_person).state == "retained"
    assert "恢复会籍" in chair.get(url).text
    chair.post(url, {"change": "active", "on": day, "reason": "返回岗位"})
    assert held_membership(cast.wenjuan_person).state == "active"
    assert [span.may_vote for span in spans_of(cast.wenjuan_person)] == [True, False, True]
