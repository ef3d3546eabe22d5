"""Masked, challengeable, gone when over, never indexed."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from yiwang.kernel import clock
from yiwang.kernel.states import NotAllowedInState
from yiwang.net.notices import actions, errors, queries
from yiwang.net.notices.models import Notice, Objection
from yiwang.platform.journal.models import JournalEntry

pytestmark = pytest.mark.django_db

ROWS = [{"name": "周**", "unit": "恒达精密", "matter": "相对困难", "people": 3}]


@pytest.fixture
def notice(cast):
    return post(cast)


def post(cast, **more):
    given = {
        "source": "test.file",
        "source_id": 7,
        "title": "困难职工建档公示",
        "rows": ROWS,
        "by": cast.handler,
        **more,
    }
    return actions.post_notice(cast.county, **given)


def over(notice):
    return notice.ends_at + dt.timedelta(seconds=1)


@pytest.mark.parametrize(
    "row",
    [
        {"name": "周文娟", "unit": "恒达"},
        {"name": "周**", "unit": "恒达", "illness": "x"},
        {"name": "周**", "unit": "320583199003012843"},
    ],
)
def test_what_tells_who_it_is_is_refused(cast, row):
    with pytest.raises(errors.NotMasked):
        post(cast, rows=[row])
    assert not Notice.objects.exists()


def test_it_is_shown_five_working_days_and_posted_once(cast):
    monday = dt.datetime(2026, 11, 9, 2, 0, tzinfo=dt.UTC)
    notice = post(cast, now=monday)
    assert clock.due_day(notice.ends_at) == dt.date(2026, 11, 16)
    assert post(cast).pk == notice.pk


def test_nobody_objects_and_it_ends(cast, notice):
    assert actions.sweep_notices(clock.now()) == 0
    assert actions.sweep_notices(over(notice)) == 1

    notice.refresh_from_db()
    assert (notice.state, notice.result) == ("ended", "none")
    again = post(cast)
    assert (again.turn, queries.notice_of("test.file", 7)) == (2, again)


def test_an_objection_keeps_it_from_ending_until_it_is_answered(cast, notice):
    objection = actions.object_to(notice, text="他家有两套房", by=cast.stranger)
    assert actions.sweep_notices(over(notice)) == 0
    with pytest.raises(errors.ObjectionsOpen):
        actions.end_notice(notice, by=cast.handler)
    with pytest.raises(errors.WordsMissing):
        actions.answer_objection(objection, upheld=True, answer=" ", by=cast.handler)
    with pytest.raises(errors.OwnObjection):
        actions.answer_objection(objection, upheld=True, answer="属实", by=cast.stranger)

    actions.answer_objection(objection, upheld=True, answer="不动产登记有两套", by=cast.handler)

    assert actions.end_notice(notice, by=cast.handler, now=over(notice)) == "upheld"
    with pytest.raises(NotAllowedInState):
        actions.answer_objection(objection, upheld=False, answer="改口", by=cast.handler)


def test_a_dismissed_objection_is_said_so(cast, notice):
    objection = actions.object_to(notice, text="听说有车", by=cast.stranger)
    actions.answer_objection(objection, upheld=False, answer="名下没有车", by=cast.handler)
    assert actions.end_notice(notice, by=cast.handler) == "dismissed"


def test_one_open_objection_for_each_person_and_none_afterwards(cast, notice):
    with pytest.raises(errors.WordsMissing):
        actions.object_to(notice, text=" ", by=cast.stranger)
    actions.object_to(notice, text="有房", by=cast.stranger)
    with pytest.raises(errors.ObjectedAlready):
        actions.object_to(notice, text="还有车", by=cast.stranger)
    with pytest.raises(errors.NoticeOver):
        actions.object_to(notice, text="晚了", by=cast.courier, now=over(notice))


def test_the_journal_does_not_say_who_objected(cast, notice):
    actions.object_to(notice, text="有房", by=cast.stranger)
    entry = JournalEntry.objects.get(name="notices.notice_objected")
    assert entry.actor_id is None
    assert b"\xe6\x9c\x89\xe6\x88\xbf" not in bytes(Objection.objects.extra(select={"raw": "text"}).get().raw)


def test_taking_down_needs_a_reason_and_is_final(cast, notice):
    with pytest.raises(errors.WordsMissing):
        actions.withdraw_notice(notice, reason="", by=cast.approver)
    actions.withdraw_notice(notice, reason="内容有误", by=cast.approver)
    with pytest.raises(NotAllowedInState):
        actions.end_notice(notice, by=cast.approver)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.filter(pk=notice.pk).update(ends_at=notice.starts_at)


# Pages.


def test_anybody_reads_it_nobody_keeps_it(client_of, cast, notice):
    url = reverse("notices:notice-detail", args=[notice.public_id])
    for path in (reverse("notices:notice-list"), url):
        answer = client_of(None).get(path)
        assert answer.status_code == 200
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert '<meta name="robots" content="noindex' in answer.text
        assert "周文娟" not in answer.text
    assert "Disallow: /notices/" in client_of(None).get("/robots.txt").text
    assert "login" in client_of(None).get(reverse("notices:notice-object", args=[notice.public_id])).headers["Location"]


def test_an_expired_notice_is_gone(client_of, cast, notice):
    Notice.objects.update(
        starts_at=notice.starts_at - dt.timedelta(days=30), ends_at=clock.now() - dt.timedelta(days=1)
    )
    for name in ("notice-detail", "notice-object"):
        assert client_of(cast.wenjuan).get(reverse(f"notices:{name}", args=[notice.public_id])).status_code == 404
    assert notice.title not in client_of(None).get(reverse("notices:notice-list")).text


def test_a_worker_objects_and_an_officer_answers(client_of, cast, notice):
    worker, desk = client_of(cast.stranger), client_of(cast.handler)
    url = reverse("notices:notice-object", args=[notice.public_id])
    assert "错误" in worker.post(url, {"text": ""}).text
    worker.post(url, {"text": "他家开了店"})
    assert "已经收到" in worker.post(url, {"text": "再说一次"}).text
    objection = Objection.objects.get()
    answer = reverse("notices:objection-answer", args=[objection.public_id])

    assert worker.post(answer, {"upheld": "yes", "answer": "x"}).status_code == 403
    assert client_of(cast.sibling_handler).post(answer, {"upheld": "yes", "answer": "x"}).status_code == 404
    assert "他家开了店" in desk.get(reverse("notices:desk-detail", args=[notice.public_id])).text
    desk.post(answer, {"upheld": "no", "answer": "店是别人的"})

    assert "店是别人的" in worker.get(reverse("notices:notice-detail", args=[notice.public_id])).text
    assert desk.post(answer, {"upheld": "no", "answer": "再答"}).status_code == 403


def test_taking_down_at_the_desk(client_of, cast, notice):
    url = reverse("notices:desk-withdraw", args=[notice.public_id])
    assert client_of(cast.handler).post(url, {"reason": "错了"}).status_code == 403
    assert client_of(cast.sibling_approver).post(url, {"reason": "错了"}).status_code == 404
    assert client_of(cast.approver).post(url, {"reason": ""}).status_code == 200
    client_of(cast.approver).post(url, {"reason": "错了"})
    notice.refresh_from_db()
    assert notice.state == "withdrawn"


def test_an_english_reader_finds_the_words_of_the_notice_in_english_and_the_names_as_they_are(client_of, cast):
    row = {**ROWS[0], "matter": "申请困难职工建档"}
    notice = post(cast, rows=[row], now=clock.now())
    cast.handler.language = "en"
    cast.handler.save(update_fields=["language"])
    desk = client_of(cast.handler)

    listed = desk.get(reverse("notices:desk-list")).text
    shown = desk.get(reverse("notices:desk-detail", args=[notice.public_id])).text
    public = desk.get(reverse("notices:notice-detail", args=[notice.public_id])).text

    assert all("Public notice of a hardship file" in page for page in (listed, shown, public))
    assert all("Asks for a hardship file" in page for page in (shown, public))
    assert all("周**" in page and "恒达精密" in page for page in (shown, public))
    assert "申请困难职工建档" not in listed + shown + public


@pytest.mark.parametrize("size", [1, 3])
def test_lists_cost_the_same_whatever_their_size(client_of, cast, django_assert_max_num_queries, size):
    for n in range(size):
        post(cast, source_id=n)
    desk = client_of(cast.handler)
    desk.get("/work/notices/")
    with django_assert_max_num_queries(12):
        page = desk.get("/work/notices/").text
    assert page.count("困难职工建档公示") >= size
    with django_assert_max_num_queries(6):
        client_of(None).get("/notices/")
