"""A platform's pay rule: heard, talked over, adopted in secret, told before it holds; nobody's opinion has a name."""

import datetime as dt

import pytest
from django.urls import reverse

from yiwang.kernel.clock import today
from yiwang.kernel.states import move
from yiwang.platform.journal.models import JournalEntry
from yiwang.rights.congress import actions, queries_consulting
from yiwang.rights.congress.errors import NotReady
from yiwang.rights.congress.models import (
    AgendaItem,
    Congress,
    Consultation,
    ConsultationOpinion,
    ConsultationVoice,
    Delegate,
    Kind,
)
from yiwang.rights.congress.tests import factories as made

pytestmark = pytest.mark.django_db
RULE = {
    "subject": "times",
    "title": "送达时间怎么估",
    "meaning": "系统给每一单算一个最晚送到的时间，超时要扣钱。",
    "current": "按最快的一半骑手算。",
    "proposed": "按中间的骑手算，雨天加五分钟。",
    "effect": "超时少一成，每单多两分钟。",
}


def url(name, *args):
    return reverse(f"congress:{name}", args=args)


@pytest.fixture
def platform(cast):
    """A platform's assembly in term, for a network so small that five opinions are enough."""
    congress = made.in_term(cast, with_accounts=6)
    Congress.objects.filter(pk=congress.pk).update(kind=Kind.PLATFORM, headcount=5, women=2)
    congress.refresh_from_db()
    return congress


def riders(congress):
    rows = Delegate.objects.filter(congress=congress, person__user__isnull=False).select_related("person__user")
    return [row.person.user for row in rows.order_by("pk")]


def started(platform, cast) -> Consultation:
    return actions.start_consultation(platform, by=cast.chair, **RULE)


def talking(platform, cast) -> Consultation:
    row = started(platform, cast)
    for user in riders(platform)[:5]:
        actions.give_opinion(row, "雨天来不及。", user)
    actions.begin_talks(row, by=cast.chair)
    row.refresh_from_db()
    return row


def agreed(platform, cast) -> Consultation:
    row = talking(platform, cast)
    actions.note_talk(row, on=today(), ours="雨天加十分钟", theirs="加五分钟", by=cast.chair)
    actions.agree_on(row, "雨天每单加五分钟。", by=cast.chair)
    row.refresh_from_db()
    return row


def test_a_rule_goes_from_opinions_to_the_day_it_holds_on_its_pages(cast, client_of, platform):
    browser, wenjuan = client_of(cast.chair), client_of(cast.wenjuan)
    answer = browser.post(url("consultation-list", platform.public_id), RULE)
    row = Consultation.objects.get()
    assert answer.url == url("consultation-detail", platform.public_id, row.public_id)
    act = lambda name, **more: browser.post(  # noqa: E731
        url("consultation-act", platform.public_id, row.public_id, name), more, follow=True
    ).content.decode()

    assert "至少要5人" in act("talks")
    assert RULE["title"] in wenjuan.get(url("own-congress")).content.decode()
    own = url("own-consultation", row.public_id)
    assert "不记是谁说的" in wenjuan.post(own, {"text": "雨天来不及。"}, follow=True).content.decode()
    assert "一人一次" in wenjuan.post(own, {"text": "再说一遍"}).content.decode()
    others = [user for user in riders(platform) if user.pk != cast.wenjuan.pk]
    for user in others[:4]:
        actions.give_opinion(row, "单价太低。", user)
    assert "单价太低。" in act("talks")
    tomorrow = (today() + dt.timedelta(days=1)).isoformat()
    assert "这一天还没到" in act("talk", on=tomorrow, ours="甲", theirs="乙")
    assert "加五分钟" in act("talk", on=today().isoformat(), ours="雨天加十分钟", theirs="加五分钟")
    assert "列入议程" in act("agree", agreement="雨天每单加五分钟。")
    assert "先定一次会议" in act("table")
    made.planned(platform, cast.chair)
    assert "列入议程了" in act("table")
    item = AgendaItem.objects.get()
    assert (item.kind, item.method, item.text) == ("B", "secret", "雨天每单加五分钟。")
    assert "已经列入议程了" in act("table")

    decided(item, passed=True)
    assert "不能早于今天" in act("conclude", effective_on="2020-01-01")
    act("conclude", effective_on=tomorrow)
    row.refresh_from_db()
    assert (row.state, row.published_on) == ("in_force", today())
    assert "雨天每单加五分钟。" in wenjuan.get(own).content.decode()
    assert wenjuan.get(own).content.decode().count("<textarea") == 0


def decided(item: AgendaItem, *, passed: bool) -> None:
    move(item, "voting")
    move(
        item, "passed" if passed else "failed", counts=[], entitled=30, needed=16, decided_at=item.session.called_at
        or dt.datetime.now(dt.UTC),
    )  # fmt: skip


def test_what_the_delegates_refuse_goes_back_to_the_table(cast, platform):
    row = agreed(platform, cast)
    with pytest.raises(NotReady, match="还没有表决"):
        actions.conclude(row, effective_on=today(), by=cast.chair)
    item = actions.table_agreement(row, made.planned(platform, cast.chair), by=cast.chair)
    decided(item, passed=False)
    row.refresh_from_db()

    assert actions.conclude(row, effective_on=today(), by=cast.chair) == "talking"
    actions.agree_on(row, "雨天每单加八分钟。", by=cast.chair)
    row.refresh_from_db()
    assert (row.state, row.item) == ("agreed", None)


def test_an_opinion_leads_to_nobody(cast, platform):
    row, entries = started(platform, cast), JournalEntry.objects.count()
    actions.give_opinion(row, "单价太低。", cast.wenjuan)

    assert JournalEntry.objects.count() == entries
    opinion, voice = ConsultationOpinion.objects.values().get(), ConsultationVoice.objects.values().get()
    assert set(opinion) == {"id", "consultation_id", "text"}
    assert set(voice) == {"id", "consultation_id", "voice"}
    assert opinion["id"] != voice["id"]
    assert queries_consulting.opinions_of(row) == []  # one of one would be known
    assert "不到5人" in queries_consulting.voices_said(row)


def test_steps_come_in_their_order_and_an_end_says_why(cast, platform):
    row = talking(platform, cast)
    with pytest.raises(NotReady, match="不收意见"):
        actions.give_opinion(row, "晚了", cast.wenjuan)
    with pytest.raises(NotReady, match="至少一轮"):
        actions.agree_on(row, "文字", by=cast.chair)
    with pytest.raises(NotReady, match="不到这一步"):
        actions.table_agreement(row, None, by=cast.chair)
    with pytest.raises(NotReady, match="为什么"):
        actions.end_consultation(row, " ", by=cast.chair)
    actions.end_consultation(row, "平台不肯再谈。", by=cast.chair)
    row.refresh_from_db()
    assert (row.state, row.end_reason) == ("ended", "平台不肯再谈。")


def test_a_year_without_a_consultation_is_said(cast, client_of, platform):
    browser, page = client_of(cast.chair), url("consultation-list", platform.public_id)
    assert "一年多没协商过了" not in browser.get(page).content.decode()
    Congress.objects.filter(pk=platform.pk).update(starts_on=today() - dt.timedelta(days=400))
    assert "一年多没协商过了" in browser.get(page).content.decode()


def test_only_where_work_comes_by_rules_of_a_platform(cast, client_of):
    congress = made.started(cast)
    assert client_of(cast.chair).get(url("consultation-list", congress.public_id)).status_code == 404
    with pytest.raises(NotReady, match="先选代表"):
        actions.start_consultation(congress, by=cast.chair, **RULE)
