import datetime as dt
import os
import time

import pytest
from django.db import connection, transaction

from yiwang.kernel.clock import now
from yiwang.platform.files import storage
from yiwang.platform.files.actions import (
    claim,
    copy_documents,
    drop_content,
    hold_uploads,
    note_opening,
    remove_document,
    remove_documents_of,
    scan_waiting,
    store_generated,
    store_upload,
    store_uploads,
    sweep_expired,
    sweep_held,
    sweep_orphans,
    take_held,
)
from yiwang.platform.files.contents import DOCX
from yiwang.platform.files.errors import FileTooLarge, InfectedFile, NotClaimable, TooManyFiles
from yiwang.platform.files.models import Document, HeldUpload
from yiwang.platform.files.queries import documents_by_kind, documents_called, documents_of
from yiwang.platform.files.reactions import remove_uploads_of_draft
from yiwang.platform.files.tasks import scan_waiting as scan_task
from yiwang.platform.files.tasks import sweep_expired as expired_task
from yiwang.platform.files.tasks import sweep_held as held_task
from yiwang.platform.files.tasks import sweep_orphans as orphans_task
from yiwang.platform.journal.models import JournalEntry

from . import factories as f

pytestmark = pytest.mark.django_db


def store(content=f.PDF, name="单据.pdf", **options):
    settings = {"subject": "draft", "subject_id": 1, "kind": "bills", "by": None, **options}
    return store_upload(f.upload(content, name), **settings)


def names():
    return list(JournalEntry.objects.filter(name__startswith="files.").order_by("id").values_list("name", flat=True))


def on_disk(media):
    return sorted(path.name for path in media.rglob("*") if path.is_file())


def test_a_file_is_taken(media):
    user = f.make_user()

    document = store(by=user, expires_on=dt.date(2030, 1, 1))

    stored = Document.objects.get()
    assert stored == document
    assert (stored.name, stored.content_type, stored.size) == ("单据.pdf", "application/pdf", len(f.PDF))
    assert (stored.state, stored.uploaded_by_id, stored.expires_on) == ("ready", user.pk, dt.date(2030, 1, 1))
    assert storage.path_of(stored.sha256).read_bytes() == f.PDF
    assert on_disk(media) == [stored.sha256]
    assert names() == ["files.document_uploaded"]
    assert str(stored) == "单据.pdf"


def test_a_photo_is_drawn_anew_and_has_a_small_picture(media):
    document = store(f.picture("HEIF"), "IMG_1.HEIC")

    assert (document.name, document.content_type) == ("IMG_1.jpg", "image/jpeg")
    assert document.is_image
    assert on_disk(media) == [document.sha256, f"{document.sha256}.thumb"]


def test_a_name_without_its_ending_gets_it(media):
    assert store(name="单据").name == "单据.pdf"
    assert store(f.PDF + b"2", "单据.jpg").name == "单据.pdf"


def test_the_same_file_twice_in_one_place_is_one_document(media):
    first, again = store(), store(name="又一次.pdf")
    elsewhere = store(subject_id=2)

    assert first == again
    assert Document.objects.count() == 2
    assert elsewhere.sha256 == first.sha256
    assert on_disk(media) == [first.sha256]


def test_large_photo_is_taken_when_it_shrinks(settings, media):
    content = f.noisy((900, 900), "JPEG", quality=100)
    settings.FILE_LIMIT = len(content) - 1

    assert store(content, "大照片.jpg").size < len(content)


def test_twelve_megabyte_photo_is_taken(media):
    content = f.noisy((2800, 2800), "JPEG", quality=100)
    content += b"\0" * max(0, 12 * 1024 * 1024 - len(content))

    assert store(content, "大照片.jpg").size <= 10 * 1024 * 1024


def test_photo_that_stays_too_large_is_refused(settings, media):
    settings.FILE_LIMIT = 1000

    with pytest.raises(FileTooLarge, match="缩小以后还是超过0兆。请截取要看的部分"):
        store(f.noisy((400, 400)), "大照片.jpg")
    assert on_disk(media) == []


def test_paper_above_the_limit_is_refused_with_its_size(settings, media):
    settings.FILE_LIMIT = 1024 * 1024

    with pytest.raises(FileTooLarge, match="“单据.pdf”有1.5兆，最多1兆。可以分成几个文件"):
        store(f.PDF + b"\0" * (3 * 512 * 1024))
    assert on_disk(media) == []
    assert Document.objects.count() == 0


def test_more_than_any_photo_may_have_is_refused_before_it_is_written(settings, media):
    settings.PHOTO_LIMIT = 100

    with pytest.raises(FileTooLarge):
        store(f.PDF + b"\0" * 200)


def test_an_upload_that_lies_about_its_size_is_stopped(settings, media):
    settings.PHOTO_LIMIT = 100
    lying = f.upload(f.PDF + b"\0" * 200)
    lying.size = None

    with pytest.raises(FileTooLarge):
        store_upload(lying, subject="draft", subject_id=1, kind="bills", by=None)
    assert on_disk(media) == []


def test_count_is_limited_per_place(media):
    store(max_files=1)

    with pytest.raises(TooManyFiles, match="最多放1个文件，“二.pdf”没有收"):
        store(f.PDF + b"2", "二.pdf", max_files=1)
    assert store(f.PDF + b"2", kind="others", max_files=1)
    assert len(on_disk(media)) == 2


def test_each_file_of_a_form_has_its_own_result(media):
    results = store_uploads(
        [f.upload(f.PDF, "好.pdf"), f.upload(f.EXE, "photo.jpg"), f.upload(f.picture(), "图.jpg")],
        subject="draft",
        subject_id=1,
        kind="bills",
        by=None,
    )

    assert [(result.name, bool(result.document)) for result in results] == [
        ("好.pdf", True),
        ("photo.jpg", False),
        ("图.jpg", True),
    ]
    assert results[1].problem.startswith("“photo.jpg”其实是Windows程序")
    assert [document.name for document in documents_of("draft", 1)] == ["好.pdf", "图.jpg"]


def test_infected_file_is_isolated_and_nobody_sees_it(clamd, media):
    with pytest.raises(InfectedFile, match="查出病毒"):
        store(f.PDF + f.EICAR)

    document = Document.objects.get()
    assert document.state == "quarantined"
    assert document.is_refused
    assert storage.quarantine_of(document.public_id).exists()
    assert not storage.path_of(document.sha256).exists()
    assert list(documents_of("draft", 1)) == []
    assert names() == ["files.document_quarantined"]
    assert JournalEntry.objects.get(name="files.document_quarantined").data["virus"] == "Eicar-Test-Signature"


def test_while_the_scanner_is_away_files_wait(settings, tmp_path, media):
    settings.SCANNER = f"unix:{tmp_path}/nobody.sock"
    document = store()

    assert document.state == "pending"
    assert scan_waiting() == 0
    settings.SCANNER = "none"
    scan_task(0)
    document.refresh_from_db()
    assert document.state == "ready"
    assert document.scanned_at


def test_what_waited_and_is_infected_is_isolated(
    settings, tmp_path, request, media, django_capture_on_commit_callbacks
):
    settings.SCANNER = f"unix:{tmp_path}/nobody.sock"
    document = store(f.PDF + f.EICAR)
    request.getfixturevalue("clamd")

    with django_capture_on_commit_callbacks(execute=True):
        assert scan_waiting() == 1

    document.refresh_from_db()
    assert document.state == "quarantined"
    assert on_disk(media) == []
    assert names() == ["files.document_uploaded", "files.document_quarantined"]


def test_uploads_of_a_draft_move_to_their_case(media):
    user = f.make_user()
    document, other = store(by=user, expires_on=dt.date(2026, 1, 1)), store(f.PDF + b"2", by=user)

    assert claim([document], subject="case", subject_id=7, by=user) == 1

    document.refresh_from_db()
    assert (document.subject, document.subject_id, document.expires_on) == ("case", 7, None)
    assert documents_by_kind("case", 7) == {"bills": [document]}
    assert list(documents_of("draft", 1)) == [other]
    assert names()[-1] == "files.document_claimed"


def test_what_was_taken_out_can_not_be_claimed(media):
    document, fine = store(), store(f.PDF + b"2")
    remove_document(document, by=None)

    with pytest.raises(NotClaimable, match="“单据.pdf”不能交"):
        claim([fine, document], subject="case", subject_id=7)
    fine.refresh_from_db()
    assert fine.subject == "draft"


def test_only_others_openings_are_journalled(media):
    user, officer = f.make_user(), f.make_user("13912345521", "沈佳")
    document = store(by=user)

    note_opening(document, by=user)
    note_opening(document, by=officer, purpose="办理")

    entry = JournalEntry.objects.get(name="files.document_opened")
    assert (entry.actor_id, entry.purpose, entry.data["of_id"]) == (officer.pk, "办理", 1)


def test_removing_deletes_the_content_and_keeps_the_row(media, django_capture_on_commit_callbacks):
    document = store(f.picture(), "图.jpg")

    with django_capture_on_commit_callbacks(execute=True):
        remove_document(document, by=None)

    assert Document.objects.get().state == "removed"
    assert on_disk(media) == []
    assert documents_called([document.public_id]) == []


def test_content_that_another_document_needs_stays(media, django_capture_on_commit_callbacks):
    document, other = store(), store(subject_id=2)

    with django_capture_on_commit_callbacks(execute=True):
        remove_document(document, by=None)
    assert on_disk(media) == [other.sha256]
    with django_capture_on_commit_callbacks(execute=True):
        remove_document(other, by=None)
    assert on_disk(media) == []


def test_removing_what_is_isolated_deletes_it_there(clamd, media, django_capture_on_commit_callbacks):
    with pytest.raises(InfectedFile):
        store(f.PDF + f.EICAR)

    with django_capture_on_commit_callbacks(execute=True):
        remove_document(Document.objects.get(), by=None)

    assert on_disk(media) == []


def test_a_change_that_is_taken_back_deletes_nothing(media):
    document = store()

    with transaction.atomic():
        remove_document(document, by=None)
        transaction.set_rollback(True)

    assert Document.objects.get().state == "ready"
    assert on_disk(media) == [document.sha256]


def test_uploads_of_a_draft_that_is_gone_go_too_and_again_is_harmless(media, django_capture_on_commit_callbacks):
    store()
    kept = store(subject="case", subject_id=1)

    with django_capture_on_commit_callbacks(execute=True):
        remove_uploads_of_draft(draft_id=1, key="x", reason="expired")
        remove_uploads_of_draft(draft_id=1, key="x", reason="expired")

    assert list(Document.objects.live()) == [kept]
    assert remove_documents_of("draft", 1) == 0


def test_documents_whose_time_is_over_are_deleted(media, django_capture_on_commit_callbacks):
    old = store(expires_on=dt.date(2026, 1, 1))
    kept = store(f.PDF + b"2", expires_on=dt.date(2026, 1, 2))
    forever = store(f.PDF + b"3")

    with django_capture_on_commit_callbacks(execute=True):
        assert sweep_expired(dt.date(2026, 1, 2)) == 1

    old.refresh_from_db()
    assert (old.state, bool(old.removed_at)) == ("removed", True)
    assert on_disk(media) == sorted([kept.sha256, forever.sha256])
    assert sweep_expired(dt.date(2026, 1, 2)) == 0
    expired_task(0)


def test_orphans_on_disk_go_after_a_day(media):
    kept = store()
    orphan = storage.receive([b"orphan"], limit=99)
    storage.put_in_place(orphan)
    fresh = storage.receive([b"fresh"], limit=99)
    storage.put_in_place(fresh)
    broken = storage.receive([b"broken off"], limit=99)
    long_ago = (now() - dt.timedelta(days=2)).timestamp()
    for path in (storage.path_of(orphan.sha256), broken.path, storage.path_of(kept.sha256)):
        os.utime(path, (long_ago, long_ago))

    assert sweep_orphans(now()) == 2
    assert on_disk(media) == sorted([kept.sha256, fresh.sha256])
    orphans_task(0)


def test_content_in_use_is_not_dropped(media):
    document = store()

    assert drop_content(document.sha256) is False
    assert drop_content("0" * 64) is True


def test_what_we_made_ourselves_is_kept_the_same_way(media):
    document = store_generated(
        b"PK-word", name="告知书.docx", content_type=DOCX, subject="case", subject_id=3, kind="letter", by=None
    )

    assert (document.state, document.name, document.content_type) == ("ready", "告知书.docx", DOCX)
    assert storage.path_of(document.sha256).read_bytes() == b"PK-word"
    assert names() == ["files.document_uploaded"]


def test_a_removed_document_must_have_its_time():
    with pytest.raises(Exception, match="document_removed_has_time"), transaction.atomic():
        Document.objects.create(
            subject="draft",
            subject_id=1,
            kind="x",
            name="x",
            content_type="x",
            size=1,
            sha256="x",
            state="removed",
            created_at=now(),
        )
    assert connection.needs_rollback is False


class Unreadable:
    """An upload that can only be read in pieces."""

    name, size = "大.pdf", 6 * 64 * 1024

    def chunks(self):
        yield f.PDF.ljust(64 * 1024, b"\0")
        yield from [b"\0" * 64 * 1024] * 5

    def read(self, *args):
        raise AssertionError("read whole")


def test_an_upload_is_never_read_whole(media):
    assert store_upload(Unreadable(), subject="draft", subject_id=1, kind="bills", by=None).size == 6 * 64 * 1024


# Sent with an ended session


def held(**files):
    return {name: [f.upload(content, f"{name}.pdf") for content in contents] for name, contents in files.items()}


def read(taken):
    return {name: [(one.name, one.read()) for one in many] for name, many in taken.items()}


def test_held_files_are_handed_out_once_to_whoever_sent_them(media):
    ticket = hold_uploads(held(bills=[f.PDF, f.EXE], photo=[b"x"]), user_id=7)
    assert HeldUpload.objects.count() == 3
    assert take_held(ticket, user_id=8) == {}
    assert take_held(ticket + "x", user_id=7) == {}

    taken = read(take_held(ticket, user_id=7))

    assert taken == {"bills": [("bills.pdf", f.PDF), ("bills.pdf", f.EXE)], "photo": [("photo.pdf", b"x")]}
    assert take_held(ticket, user_id=7) == {}
    assert on_disk(media) == []
    assert Document.objects.count() == 0


def test_one_account_holds_no_more_than_a_form_asks_for(media, settings):
    settings.PHOTO_LIMIT = 3

    assert hold_uploads(held(bills=[b"1234"]), user_id=7) == ""
    assert hold_uploads(held(bills=[b"%d" % n for n in range(25)]), user_id=7) != ""
    assert HeldUpload.objects.count() == 20
    assert hold_uploads(held(bills=[b"x"]), user_id=7) == ""
    assert hold_uploads(held(bills=[b"x"]), user_id=8) != ""
    assert len(on_disk(media)) == 21


def test_what_nobody_comes_back_for_is_gone_within_the_hour(media, monkeypatch):
    ticket = hold_uploads(held(bills=[f.PDF]), user_id=7)
    assert sweep_held(now() + dt.timedelta(minutes=59)) == 0
    held_task(0)
    assert on_disk(media) != []

    assert sweep_held(now() + dt.timedelta(minutes=61)) == 1

    assert on_disk(media) == []
    assert take_held(ticket, user_id=7) == {}


def test_a_ticket_is_good_for_an_hour(media, monkeypatch):
    ticket = hold_uploads(held(bills=[f.PDF]), user_id=7)
    later = time.time() + 3601
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)

    assert take_held(ticket, user_id=7) == {}


def test_a_ticket_whose_file_is_gone_from_the_disk_gives_nothing(media):
    ticket = hold_uploads(held(bills=[f.PDF]), user_id=7)
    for path in media.rglob("held/*"):
        path.unlink()

    assert take_held(ticket, user_id=7) == {}


# The same content in two places


def test_a_copy_lives_on_when_the_first_is_removed(media):
    document = store()

    (copy,) = copy_documents([document], subject="case", subject_id=5, kind="bill", by=None)
    remove_document(document, by=None)

    assert (copy.subject, copy.subject_id, copy.kind, copy.name) == ("case", 5, "bill", "单据.pdf")
    assert copy.public_id != document.public_id
    assert storage.path_of(copy.sha256).read_bytes() == f.PDF
    assert drop_content(copy.sha256) is False
    remove_document(copy, by=None)
    assert names().count("files.document_uploaded") == 2
