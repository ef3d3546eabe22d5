import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from yiwang.kernel.clock import history, now
from yiwang.platform.jobs.actions import start_job
from yiwang.platform.jobs.models import JobRun
from yiwang.platform.jobs.registry import LONG_JOBS
from yiwang.platform.notify.actions import count_as_read, send
from yiwang.platform.notify.models import Message
from yiwang.platform.notify.policies import visible_to
from yiwang.platform.notify.queries import PAGE, page_of, unread_count
from yiwang.platform.notify.reactions import tell_who_started

pytestmark = pytest.mark.django_db

LIST = reverse("notify:message-list")


def tell(user, amount=1):
    return send(
        "decided", to=user, context={"service": "住院慰问", "name": "周文娟", "amount": amount}, link="/matters/1/"
    )


def open_url(message):
    return reverse("notify:message-open", args=[message.public_id])


def test_a_message_is_its_recipients_alone(client, wenjuan, stranger):
    mine, theirs = tell(wenjuan), tell(stranger)
    client.force_login(wenjuan)

    page = client.get(LIST).text
    assert open_url(mine) in page
    assert open_url(theirs) not in page
    assert client.get(open_url(mine)).status_code == 200
    assert client.get(open_url(theirs)).status_code == 404


def test_messages_need_an_account(client, wenjuan):
    message = tell(wenjuan)

    assert client.get(LIST).status_code == 302
    assert client.get(open_url(message)).status_code == 302
    assert unread_count(type("Nobody", (), {"is_authenticated": False})()) == 0


def test_opening_is_reading_and_leads_on(client, wenjuan):
    message = tell(wenjuan)
    client.force_login(wenjuan)
    assert "未读" in client.get(LIST).text

    page = client.get(open_url(message)).text

    assert "金额1元" in page
    assert 'href="/matters/1/"' in page
    assert "未读" not in client.get(LIST).text


def test_all_can_be_marked_read_at_once(client, wenjuan):
    tell(wenjuan)
    client.force_login(wenjuan)

    assert "全部标为已读" not in client.post(reverse("notify:message-read-all"), follow=True).text
    assert unread_count(wenjuan) == 0
    assert client.get(reverse("notify:message-read-all")).status_code == 405


def test_older_messages_are_one_page_further(client, wenjuan):
    for amount in range(PAGE + 1):
        tell(wenjuan, amount)
    client.force_login(wenjuan)
    newest, *_, last_shown, oldest = Message.objects.order_by("-pk")

    first = client.get(LIST).text
    assert open_url(newest) in first
    assert open_url(oldest) not in first
    assert f"?before={last_shown.public_id}" in first
    second = client.get(LIST, {"before": last_shown.public_id}).text
    assert open_url(oldest) in second
    assert open_url(newest) not in second
    assert open_url(newest) in client.get(LIST, {"before": "nonsense"}).text


@pytest.mark.parametrize("size", [1, 3])
def test_the_list_costs_the_same_whatever_its_size(client, wenjuan, size, django_assert_max_num_queries):
    for amount in range(size):
        tell(wenjuan, amount)
    client.force_login(wenjuan)

    with django_assert_max_num_queries(15):
        assert client.get(LIST).text.count("住院慰问有结果了") == size


def test_an_empty_list_says_what_will_stand_here(client, wenjuan):
    client.force_login(wenjuan)

    assert "没有消息" in client.get(LIST).text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("done", "做好了：导入名册"),
        ("partly", "部分做成：导入名册"),
        ("failed", "没有做成：导入名册"),
        ("cancelled", "已停止：导入名册"),
    ],
)
def test_who_started_a_job_is_told_once_how_it_ended(wenjuan, monkeypatch, state, words):
    monkeypatch.setitem(LONG_JOBS, "test.x", lambda run: None)
    run = start_job("test.x", {}, by=wenjuan, title="导入名册")

    tell_who_started(job_id=run.pk, state=state)
    tell_who_started(job_id=run.pk, state=state)

    assert [m.title for m in Message.objects.all()] == [words]


def test_a_job_without_starter_or_that_is_gone_tells_nobody(stranger, monkeypatch):
    monkeypatch.setitem(LONG_JOBS, "test.x", lambda run: None)
    nobodys = start_job("test.x", {}, by=None, title="导入名册")
    theirs = start_job("test.x", {}, by=stranger, title="导入名册")
    JobRun.objects.filter(pk=theirs.pk).update(started_by_id=stranger.pk + 1)

    for job_id in (nobodys.pk, theirs.pk, 999):
        tell_who_started(job_id=job_id, state="done")

    assert Message.objects.count() == 0


def test_nobody_without_account_has_any():
    assert list(visible_to(AnonymousUser())) == []


def told_on(wenjuan, days_ago, amount):
    with history() as tell_time:
        tell_time(now() - dt.timedelta(days=days_ago))
        return tell(wenjuan, amount)


def test_messages_loaded_out_of_order_are_listed_by_their_day_and_page_on(wenjuan):
    today, old = tell(wenjuan, 1), told_on(wenjuan, 300, 2)
    between = [told_on(wenjuan, days, days) for days in range(10, 10 + PAGE - 1)]

    first = page_of(visible_to(wenjuan), before="")
    second = page_of(visible_to(wenjuan), before=first.next_before)

    assert first.messages == [today, *between]
    assert second.messages == [old]
    assert second.next_before == ""


def test_a_made_up_past_has_been_read_and_the_last_days_have_not(wenjuan):
    new, old = told_on(wenjuan, 1, 1), told_on(wenjuan, 9, 2)

    assert count_as_read(before=now() - dt.timedelta(days=4)) == 1

    new.refresh_from_db()
    old.refresh_from_db()
    assert new.read_at is None
    assert old.read_at == old.created_at
