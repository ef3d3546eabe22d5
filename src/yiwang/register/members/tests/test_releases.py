"""Full numbers leave the house only with two people, a purpose and a trace for everybody on the list."""

import datetime as dt
import io
import zipfile

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.urls import reverse
from python_calamine import CalamineWorkbook

from yiwang.kernel.clock import today
from yiwang.platform.jobs.actions import run_long_job
from yiwang.platform.jobs.models import JobRun
from yiwang.platform.journal.models import JournalEntry
from yiwang.platform.notify.models import Message
from yiwang.register.access.actions import end_appointment
from yiwang.register.access.models import Appointment, Look
from yiwang.register.members import actions, policies, tasks
from yiwang.register.members.errors import NothingToRelease, ReleaseNeedsAnotherPerson, TooManyToRelease
from yiwang.register.members.models import Membership, Release, ReleasedFile
from yiwang.register.members.tests.factories import member

pytestmark = pytest.mark.django_db

PURPOSE = "给互助保障参保"


def asked(cast, **given):
    facts = {
        "address": f"/work/members/?org={cast.unit.public_id}",
        "told": "",
        "columns": ["name", "id_number", "phone", "organisation"],
        "fields": ["id_number"],
        "rows": 1,
        "purpose": PURPOSE,
        "by": cast.clerk,
    }
    return actions.ask_release(cast.unit, **{**facts, **given})


def made(cast, **given):
    release = asked(cast, **given)
    actions.approve_release(release, by=cast.chair)
    run_long_job(release.run.pk)
    release.refresh_from_db()
    return release


def sheet(content):
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def url(name, release):
    return reverse(f"members:release-{name}", args=[release.public_id])


def test_the_way_from_the_list_to_the_file(client_of, cast):
    clerk, chair = client_of(cast.clerk), client_of(cast.chair)
    new = reverse("members:release-new") + "?state=active"
    assert "release" in clerk.get("/work/members/?state=active").text
    assert "刘芳" in clerk.get(new).text

    answer = clerk.post(new, {"fields_wanted": ["id_number", "phone"], "purpose": PURPOSE})
    release = Release.objects.get()
    assert answer.url == url("detail", release)
    assert (release.told, release.rows, release.place) == ("会籍状态：在册", 1, cast.unit)
    assert Message.objects.get(recipient_id=cast.chair.pk).template == "members/release_asked"

    assert "你来定" not in clerk.get(answer.url).text
    assert "你来定" in chair.get(answer.url).text
    chair.post(url("decide", release), {"answer": "approve"})
    run_long_job(JobRun.objects.get(name="members.release").pk)

    assert "文件做好了" in clerk.get(answer.url).text
    assert "文件做好了" not in chair.get(answer.url).text
    taken = clerk.post(url("file", release))
    rows = sheet(taken.content)
    assert cast.wenjuan_person.id_number in rows[2]
    assert chair.post(url("file", release)).status_code == 404
    names = set(JournalEntry.objects.filter(name__startswith="members.release").values_list("name", flat=True))
    assert names == {f"members.release_{step}" for step in ("asked", "approved", "made", "taken")}


def test_the_sheet_says_whose_copy_it_is_and_holds_text(cast):
    Membership.objects.filter(pk=cast.wenjuan_membership.pk).update(trade="=HYPERLINK(1)")
    release = made(cast, columns=["name", "trade"], fields=["id_number"])

    name, content = actions.take_release(release, by=cast.clerk)
    rows = sheet(content)
    assert name.endswith(".xlsx")
    for part in ("马丽", "刘芳", PURPOSE, today().isoformat(), release.public_id):
        assert part in rows[0][0]
    assert rows[1] == ["姓名", "证件号码", "工种", "导出编号"]
    assert rows[2] == ["周文娟", cast.wenjuan_person.id_number, "=HYPERLINK(1)", release.public_id]
    inner = zipfile.ZipFile(io.BytesIO(content))
    body = inner.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in body
    assert "oddFooter" in body
    assert cast.wenjuan_person.id_number.encode() not in bytes(ReleasedFile.objects.get().sealed)


def test_only_what_was_asked_for_is_in_full(cast):
    release = made(cast, fields=["phone"])

    cells = sheet(actions.take_release(release, by=cast.clerk)[1])[2]
    assert cast.wenjuan_person.phone in cells
    assert cast.wenjuan_person.masked_id in cells
    assert cast.wenjuan_person.id_number not in cells


def test_everybody_on_the_list_reads_who_took_it(client_of, cast):
    made(cast)

    look = Look.objects.get(person_id=cast.wenjuan_person.pk, kind="reveal")
    assert (look.by, look.purpose) == (cast.clerk, f"导出名册：{PURPOSE}（刘芳批准）")
    assert PURPOSE in client_of(cast.wenjuan).get(reverse("portal:looks")).text
    assert not Look.objects.filter(person_id=cast.stranger_person.pk).exists()


def test_nobody_lets_their_own_request_go(client_of, cast):
    release = asked(cast, by=cast.chair)

    with pytest.raises(ReleaseNeedsAnotherPerson):
        actions.approve_release(release, by=cast.chair)
    page = client_of(cast.chair).post(url("decide", release), {"answer": "approve"})
    assert "要由另一个人批准" in page.text
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(decided_by=cast.chair)
    # The chair's own request goes to the nearest body above with somebody else.
    assert Message.objects.filter(recipient_id=cast.town_officer.pk, template="members/release_asked").exists()
    assert policies.may_decide_release(cast.town_officer, release)
    assert policies.may_decide_release(cast.approver, release)
    assert not policies.may_decide_release(cast.clerk, release)
    assert not policies.may_decide_release(cast.sibling_approver, release)


def test_a_refusal_has_a_reason_that_the_asker_reads(client_of, cast):
    release = asked(cast)
    chair = client_of(cast.chair)

    assert "请写明" in chair.post(url("decide", release), {"answer": "refuse", "reason": " "}).text
    chair.post(url("decide", release), {"answer": "refuse", "reason": "用不着证件号"})
    assert "用不着证件号" in client_of(cast.clerk).get(url("detail", release)).text
    assert Message.objects.filter(recipient_id=cast.clerk.pk, template="members/release_refused").exists()
    assert not JobRun.objects.filter(name="members.release").exists()
    assert not Look.objects.exists()


def test_who_lost_the_right_gets_no_file(client_of, cast):
    release = asked(cast)
    actions.approve_release(release, by=cast.chair)
    end_appointment(Appointment.objects.get(user=cast.clerk), reason="离职", by=cast.approver)

    run_long_job(release.run.pk)

    release.run.refresh_from_db()
    assert "看不了" in release.run.error
    assert not ReleasedFile.objects.exists()
    assert not Look.objects.exists()
    kept = made(cast, by=cast.town_officer)
    assert policies.may_take_release(cast.town_officer, kept)


def test_the_file_is_gone_after_its_last_day(client_of, cast):
    release = made(cast)
    assert release.expires_on == today() + dt.timedelta(days=7)
    assert actions.expire_releases(on=release.expires_on) == 0
    assert policies.may_take_release(cast.clerk, release)

    assert actions.expire_releases(on=release.expires_on + dt.timedelta(days=1)) == 1
    assert not ReleasedFile.objects.exists()
    assert client_of(cast.clerk).post(url("file", release)).status_code == 404
    tasks.expire_releases(timestamp=0)


def test_who_asked_may_delete_it_at_once(client_of, cast):
    release = made(cast)

    assert client_of(cast.chair).post(url("withdraw", release)).status_code == 404
    client_of(cast.clerk).post(url("withdraw", release))
    assert Release.objects.get().state == Release.State.WITHDRAWN
    assert not ReleasedFile.objects.exists()


def test_a_list_holds_the_asked_body_only_and_the_job_is_made_once(cast):
    member(cast.sibling_unit, "孙小甲")
    member(cast.unit, "周小乙")
    release = made(cast, address="/work/members/", by=cast.province_handler)

    names = [row[0] for row in sheet(actions.take_release(release, by=cast.province_handler)[1])[2:]]
    assert sorted(names) == ["周小乙", "周文娟"]
    run_long_job(release.run.pk)
    tasks.make_release(release.run)
    assert ReleasedFile.objects.count() == 1


def test_none_and_too_many_are_refused(client_of, cast):
    with pytest.raises(NothingToRelease):
        asked(cast, rows=0)
    with pytest.raises(TooManyToRelease):
        asked(cast, rows=20_001)
    page = client_of(cast.clerk).post(
        reverse("members:release-new") + "?state=quit", {"fields_wanted": ["phone"], "purpose": PURPOSE}
    )
    assert "一个人也没有" in page.text
    empty = client_of(cast.clerk).post(reverse("members:release-new"), {"purpose": ""})
    assert empty.status_code == 200
    assert not Release.objects.exists()


def test_strangers_see_no_request(client_of, cast):
    release = asked(cast)

    assert PURPOSE in client_of(cast.approver).get(reverse("members:release-list")).text
    for user in (cast.handler, cast.sibling_handler, cast.sibling_approver):
        assert PURPOSE not in client_of(user).get(reverse("members:release-list")).text
        assert client_of(user).get(url("detail", release)).status_code == 404
    assert client_of(cast.wenjuan).get(reverse("members:release-list")).status_code == 403
    assert client_of(cast.clerk).get(reverse("members:release-new") + "?org=nothing").status_code == 404


@pytest.mark.parametrize("size", [1, 3])
def test_the_list_of_requests_costs_the_same(client_of, cast, size, django_assert_max_num_queries):
    for _number in range(size):
        asked(cast)
    chair = client_of(cast.chair)

    with django_assert_max_num_queries(14):
        assert PURPOSE in chair.get(reverse("members:release-list")).text


def test_whoever_is_not_signed_in_sees_no_request():
    assert not policies.releases_visible_to(AnonymousUser()).exists()
