import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import translation

from yiwang.kernel.clock import now
from yiwang.platform.jobs.inline import run_queued
from yiwang.platform.jobs.models import JobRun
from yiwang.platform.jobs.policies import visible_to
from yiwang.platform.jobs.queries import progress_of, queue_state, recent, time_left
from yiwang.platform.jobs.tests.factories import make_user, start
from yiwang.platform.jobs.tests.test_actions import every_third_fails, ten_rows

pytestmark = pytest.mark.django_db


def url(name: str, run: JobRun) -> str:
    return reverse(f"jobs:run-{name}", args=[run.public_id])


@pytest.fixture
def officer(client):
    user = make_user()
    client.force_login(user)
    return user


def test_the_page_of_a_running_job_refreshes_itself_with_and_without_scripts(client, officer):
    run = start(ten_rows, by=officer)

    page = client.get(url("detail", run)).text

    assert '<meta http-equiv="refresh" content="5">' in page
    assert f'hx-get="{url("detail", run)}"' in page
    assert "前面的任务做完就开始" in page


def test_the_page_of_an_ended_job_stands_still_and_leads_on(client, officer):
    run = start(every_third_fails, by=officer, link="/work/imports/")
    run_queued()

    page = client.get(url("detail", run)).text

    assert "http-equiv" not in page
    assert "hx-get" not in page.split("<main")[1]
    assert "做成了6条，有4条没有做成" in page
    assert 'href="/work/imports/"' in page
    assert url("failures", run) in page


def test_the_failed_rows_are_a_file_that_excel_reads(client, officer):
    run = start(every_third_fails, by=officer)
    run_queued()
    run.failures.filter(row="第3行").update(row='=HYPERLINK("x")')

    response = client.get(url("failures", run))

    lines = response.getvalue().decode("utf-8-sig").splitlines()
    assert lines[:3] == ["行,原因", "第0行,身份证号写错了", '"\'=HYPERLINK(""x"")",身份证号写错了']
    assert len(lines) == 5


def test_a_run_is_its_starters_alone(client, officer):
    mine, theirs = start(ten_rows, by=officer), start(ten_rows, by=make_user("孙志伟"))

    for name in ("detail", "failures"):
        assert client.get(url(name, mine)).status_code == 200
        assert client.get(url(name, theirs)).status_code == 404
    assert client.post(url("cancel", theirs)).status_code == 404
    page = client.get(reverse("jobs:run-list")).text
    assert url("detail", mine) in page
    assert url("detail", theirs) not in page


def test_nobody_sees_a_run_without_signing_in(client):
    run = start(ten_rows)

    for name in ("detail", "failures"):
        assert client.get(url(name, run)).status_code == 302
    assert client.get(reverse("jobs:run-list")).status_code == 302
    assert client.post(url("cancel", run)).status_code == 302


def test_cancelling_stops_and_a_second_time_says_why_not(client, officer):
    run = start(ten_rows, by=officer)

    page = client.post(url("cancel", run), follow=True).text
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert "停止前已经处理了0条" in page

    assert "已经结束" in client.post(url("cancel", run), follow=True).text
    assert client.get(url("cancel", run)).status_code == 405


@pytest.mark.parametrize("size", [1, 3])
def test_the_list_costs_the_same_whatever_its_size(client, officer, size, django_assert_max_num_queries):
    for _ in range(size):
        start(ten_rows, by=officer)

    with django_assert_max_num_queries(15):
        assert client.get(reverse("jobs:run-list")).text.count("导入会员名册") == size


A_MOMENT = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("done", "total", "seconds", "words"),
    [
        (0, 100, 10, "正在估算还要多久。"),
        (50, None, 10, "正在估算还要多久。"),
        (50, 100, 10, "大约还要不到1分钟。"),
        (50, 100, 300, "大约还要5分钟。"),
        (10, 100, 1200, "大约还要3小时。"),
    ],
)
def test_the_time_left_is_told_in_words(done, total, seconds, words):
    run = JobRun(state="running", done=done, total=total, resumed_at=A_MOMENT)

    assert time_left(run, now=A_MOMENT + dt.timedelta(seconds=seconds)) == words


def test_the_pace_is_that_of_the_last_start():
    run = JobRun(state="running", done=90, total=100, resumed_from=80, resumed_at=A_MOMENT)

    assert time_left(run, now=A_MOMENT + dt.timedelta(minutes=5)) == "大约还要5分钟。"


@pytest.mark.parametrize(
    ("facts", "note"),
    [
        ({"state": "failed", "error": "文件没有了。"}, "文件没有了。"),
        ({"state": "running", "cancel_requested_at": A_MOMENT}, "正在停止：手上这一批做完就停。"),
        ({"state": "running", "failed": 2}, "到现在有2条没有做成。"),
        ({"state": "running"}, ""),
    ],
)
def test_the_note_says_what_matters(facts, note):
    assert progress_of(JobRun(**facts), now=A_MOMENT, failures_url="/x").note == note


def test_the_page_speaks_english(client, officer):
    run = start(every_third_fails, by=officer)
    run_queued()

    with translation.override("en"):
        shown = progress_of(JobRun.objects.get(pk=run.pk), now=now(), failures_url="/x")

    assert shown.note == "Rows that succeeded: 6; that did not: 4."


def test_nobody_without_account_has_any():
    assert list(visible_to(AnonymousUser())) == []


def test_the_state_of_the_queue_and_the_newest_runs_are_told(officer):
    first, second = start(ten_rows, by=officer), start(ten_rows, by=officer)

    assert (queue_state().waiting, queue_state().failed) == (2, 0)
    run_queued()
    assert queue_state().waiting == 0
    assert recent(limit=1) == [second]
    assert recent(limit=5) == [second, first]
