"""A long list becomes a file in the background: the same rows as on the page, for who asked and nobody else."""

import io

import pytest
from django.urls import reverse
from django.utils.translation import override
from python_calamine import CalamineWorkbook

from yiwang.kernel.clock import today
from yiwang.net.cases.tests.factories import make_service, submit
from yiwang.platform.files.actions import sweep_expired
from yiwang.platform.files.models import Document
from yiwang.platform.jobs.actions import cancel_job, run_long_job
from yiwang.platform.jobs.errors import Interrupted
from yiwang.platform.jobs.inline import run_queued
from yiwang.platform.jobs.models import JobRun
from yiwang.platform.journal.models import JournalEntry
from yiwang.platform.ui import actions, tasks
from yiwang.platform.ui.models import ExportPart
from yiwang.platform.ui.tables import table as tables
from yiwang.register.access.models import Appointment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def short(monkeypatch):
    """Lists count as long from three rows on, and are written two at a time."""
    monkeypatch.setattr(tables, "EXPORT_AT_ONCE", 2)
    monkeypatch.setattr(tasks, "CHUNK", 2)


@pytest.fixture
def five(cast):
    version = make_service(append_repeats=False)
    names = ["=cmd()", "乙", "丙", "丁", "戊"]
    return [submit(version, cast.wenjuan_person, answers={"reason": "x", "matter": name}) for name in names]


def ask(client, kind="csv", query=""):
    return client.get(f"/work/cases/?export={kind}{query}")


def download(client, run):
    run.refresh_from_db()
    return b"".join(client.get(run.link).streaming_content)


def test_a_short_list_comes_at_once_and_a_long_one_as_a_job(cast, client_of, five, monkeypatch):
    client = client_of(cast.handler)
    monkeypatch.setattr(tables, "EXPORT_AT_ONCE", 5)
    assert ask(client)["Content-Type"].startswith("text/csv")
    monkeypatch.setattr(tables, "EXPORT_AT_ONCE", 4)

    answer = ask(client)

    run = JobRun.objects.get()
    assert answer["Location"] == f"/work/jobs/{run.public_id}/"
    assert ask(client)["Location"] == answer["Location"]  # asked twice, made once
    assert run.title in client.get(answer["Location"]).text
    assert "download>" not in client.get("/work/cases/").text.split("导出现在筛出的")[1].split("</details>")[0]


def test_the_file_has_every_row_once_in_order_and_no_formula(cast, client_of, five):
    client = client_of(cast.handler)
    ask(client)
    run_queued()

    run = JobRun.objects.get()
    assert (run.state, run.done, run.total) == ("done", 5, 5)
    lines = download(client, run).decode("utf-8-sig").splitlines()
    assert len(lines) == 6
    assert sorted(line.split(",")[1].split(" ")[1] for line in lines[1:]) == sorted(["=cmd()", "乙", "丙", "丁", "戊"])
    assert not any(line.split(",")[1].startswith("=") for line in lines)
    at_once = client.get("/work/cases/?export=csv&q=丙").content.decode("utf-8-sig")
    assert lines[0] == at_once.splitlines()[0]
    assert not ExportPart.objects.exists()


def test_a_spreadsheet_and_its_chosen_columns_and_filters(cast, client_of, five):
    client = client_of(cast.handler)
    ask(client, "xlsx", "&state=submitted")
    run_queued()

    book = CalamineWorkbook.from_filelike(io.BytesIO(download(client, JobRun.objects.get())))
    assert len(book.get_sheet_by_index(0).to_python()) == 6


def test_nobody_else_opens_it_and_it_is_gone_after_some_days(cast, client_of, five):
    ask(client_of(cast.handler))
    run_queued()
    run = JobRun.objects.get()

    for other in (cast.approver, cast.supervisor, cast.admin, cast.wenjuan):
        assert client_of(other).get(run.link).status_code == 404
        assert client_of(other).get(f"/work/jobs/{run.public_id}/").status_code == 404
    assert download(client_of(cast.handler), run)
    assert sweep_expired(today() + actions.KEPT + actions.KEPT) == 1
    assert client_of(cast.handler).get(run.link).status_code == 404


def test_rights_that_ended_between_click_and_job_give_nothing(cast, client_of, five):
    ask(client_of(cast.handler))
    Appointment.objects.filter(user=cast.handler).delete()

    run_queued()

    run = JobRun.objects.get()
    assert run.state == "failed"
    assert "不归你看" in run.error
    assert Document.objects.count() == 0


def test_a_worker_killed_between_batches_goes_on_and_repeats_nothing(cast, client_of, five):
    client = client_of(cast.handler)
    ask(client)
    run = JobRun.objects.get()
    seen = []

    def stop():
        seen.append(1)
        return len(seen) == 2

    with pytest.raises(Interrupted):
        run_long_job(run.pk, is_interrupted=stop)
    assert ExportPart.objects.count() == 1
    submit(make_service("HP-0901"), cast.stranger_person)  # elsewhere meanwhile
    run_long_job(run.pk)

    run.refresh_from_db()
    assert (run.state, run.done) == ("done", 5)
    assert len(download(client, run).decode("utf-8-sig").splitlines()) == 6


def test_it_is_journalled_and_told(cast, client_of, five):
    client = client_of(cast.handler)
    ask(client)

    assert JournalEntry.objects.filter(name="cases.queue_exported", actor_id=cast.handler.pk).count() == 1
    listed = client_of(cast.security).get(reverse("access:appointment-list") + "?export=csv")
    entry = JournalEntry.objects.get(name="ui.list_exported")
    assert listed.status_code == 302
    assert (entry.data["kind"], entry.actor_id) == ("csv", cast.security.pk)


def test_the_words_are_those_of_who_asked(cast, client_of, five):
    client = client_of(cast.handler)
    cast.handler.language = "en"
    cast.handler.save(update_fields=["language"])
    ask(client)
    with override("zh-hans"):
        run_queued()

    assert "Deadline" in download(client, JobRun.objects.get()).decode("utf-8-sig").splitlines()[0]


def test_what_a_stopped_job_left_is_swept(cast, client_of, five):
    ask(client_of(cast.handler))
    run = JobRun.objects.get()
    ExportPart.objects.create(run=run, number=0, rows=ExportPart.packed([["x"]]))
    assert actions.sweep_parts() == 0
    cancel_job(run, by=cast.handler)

    tasks.sweep_parts(0)

    assert not ExportPart.objects.exists()


def test_an_account_that_is_closed_gets_nothing(cast, client_of, five):
    ask(client_of(cast.handler))
    cast.handler.is_active = False
    cast.handler.save(update_fields=["is_active"])

    run_queued()

    assert JobRun.objects.get().state == "failed"
