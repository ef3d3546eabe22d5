import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from yiwang.platform.files import policies, storage
from yiwang.platform.files.actions import store_upload
from yiwang.platform.files.models import Document
from yiwang.platform.files.policies import UploadPlace
from yiwang.platform.journal.models import JournalEntry

from . import factories as f

pytestmark = pytest.mark.django_db

OFFICERS = {"13912345522"}


def sees_case(user, subject_id):
    return getattr(user, "phone", "") in OFFICERS


def is_owner(user, subject_id):
    return user.pk == subject_id


def own_place(user, place, kind):
    if place != "mine":
        return None
    return UploadPlace(subject="draft", subject_id=user.pk, kind=kind, back_url="/apply/", max_files=2)


POLICIES = {"draft": is_owner, "case": sees_case}
PLACES = {"draft": own_place}


@pytest.fixture(autouse=True)
def rights(settings):
    settings.DOCUMENT_POLICIES = f"{__name__}.POLICIES"
    settings.UPLOAD_PLACES = f"{__name__}.PLACES"


@pytest.fixture
def wenjuan():
    return f.make_user()


@pytest.fixture
def officer():
    return f.make_user("13912345522", "沈佳")


@pytest.fixture
def stranger():
    return f.make_user("13912345521", "孙志伟")


def store(user, content=f.PDF, name="结算单 1.pdf", subject="draft", subject_id=None):
    return store_upload(
        f.upload(content, name), subject=subject, subject_id=subject_id or user.pk, kind="bills", by=user
    )


def open_url(document, name="document-open"):
    return reverse(f"files:{name}", args=[document.public_id])


def head_of(answer):
    """The answer, read to its end, which closes its file."""
    if answer.streaming:
        answer.getvalue()
    return answer


def test_owner_opens_a_paper_as_a_download_that_no_browser_runs(client, wenjuan):
    document = store(wenjuan)
    client.force_login(wenjuan)

    answer = client.get(open_url(document))

    assert answer.getvalue() == f.PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%E7%BB%93%E7%AE%97%E5%8D%95%201.pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert not JournalEntry.objects.filter(name="files.document_opened").exists()


def test_pictures_open_in_the_page_or_as_a_download(client, wenjuan):
    document = store(wenjuan, f.picture(), "图.jpg")
    client.force_login(wenjuan)

    shown = head_of(client.get(open_url(document)))
    loaded = head_of(client.get(open_url(document) + "?download"))

    assert shown["Content-Disposition"].startswith("inline")
    assert loaded["Content-Disposition"].startswith("attachment")


def test_an_officer_of_the_case_opens_it_and_that_is_journalled(client, wenjuan, officer):
    document = store(wenjuan, subject="case", subject_id=9)
    client.force_login(officer)

    assert head_of(client.get(open_url(document))).status_code == 200
    assert head_of(client.head(open_url(document))).status_code == 200

    entry = JournalEntry.objects.get(name="files.document_opened")
    assert (entry.actor_id, entry.data["of"], entry.data["of_id"]) == (officer.pk, "case", 9)


def test_unknown_forbidden_removed_and_unruled_look_the_same(client, wenjuan, stranger):
    mine = store(wenjuan)
    unruled = store(wenjuan, subject="planet", subject_id=1)
    removed = store(wenjuan, f.PDF + b"2")
    Document.objects.filter(pk=removed.pk).update(state="removed", removed_at=removed.created_at)
    client.force_login(stranger)

    bodies = set()
    for path in (open_url(mine), open_url(unruled), open_url(removed), "/files/zzzzzzzzzz/"):
        answer = client.get(path)
        assert answer.status_code == 404
        bodies.add(answer.status_code)
    assert bodies == {404}
    client.logout()
    assert client.get(open_url(mine)).status_code == 404


def test_what_waits_for_the_scanner_or_is_infected_is_not_served(client, wenjuan):
    document = store(wenjuan)
    client.force_login(wenjuan)

    Document.objects.update(state="pending")
    waiting = client.get(open_url(document))
    Document.objects.update(state="quarantined")
    infected = client.get(open_url(document))

    assert (waiting.status_code, infected.status_code) == (409, 409)
    assert "文件正在查毒" in waiting.text
    assert "查出病毒" in infected.text


def test_web_server_may_serve_the_content(client, wenjuan, settings):
    settings.ACCEL_PREFIX = "/protected/"
    document = store(wenjuan)
    client.force_login(wenjuan)

    answer = client.get(open_url(document))

    assert answer["X-Accel-Redirect"] == f"/protected/{document.sha256[:2]}/{document.sha256[2:4]}/{document.sha256}"
    assert answer.content == b""
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_content_that_is_gone_from_the_disk_is_not_found(client, wenjuan):
    document = store(wenjuan)
    storage.drop(document.sha256)
    client.force_login(wenjuan)

    assert client.get(open_url(document)).status_code == 404


def test_small_picture(client, wenjuan, stranger):
    image, paper = store(wenjuan, f.picture(), "图.jpg"), store(wenjuan)
    client.force_login(wenjuan)

    answer = head_of(client.get(open_url(image, "document-thumb")))

    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert client.get(open_url(paper, "document-thumb")).status_code == 404
    client.force_login(stranger)
    assert client.get(open_url(image, "document-thumb")).status_code == 404


def upload_url(place="mine", subject="draft"):
    return reverse("files:document-upload", args=[subject, place, "bills"])


def test_upload_without_script_goes_back_and_says_what_became_of_each(client, wenjuan):
    client.force_login(wenjuan)

    answer = client.post(
        upload_url(), {"bills": [f.upload(f.PDF, "好.pdf"), f.upload(f.EXE, "photo.jpg")]}, follow=False
    )

    told = [str(message) for message in answer.wsgi_request._messages]
    assert answer["Location"] == "/apply/"
    assert told[0] == "“好.pdf”收下了。"
    assert told[1].startswith("“photo.jpg”其实是Windows程序")
    assert Document.objects.get().subject_id == wenjuan.pk


def test_upload_of_nothing_says_so(client, wenjuan):
    client.force_login(wenjuan)

    answer = client.post(upload_url())

    assert [str(message) for message in answer.wsgi_request._messages] == ["还没有选文件。先选，再点上传。"]


def test_upload_in_place_shows_the_list(client, wenjuan):
    client.force_login(wenjuan)

    answer = client.post(
        upload_url(),
        {"bills": [f.upload(f.picture(), "图.jpg"), f.upload(b"", "空.jpg")]},
        headers={"HX-Request": "true"},
    )

    document = Document.objects.get()
    assert answer.status_code == 200
    assert open_url(document) in answer.text
    assert open_url(document, "document-thumb") in answer.text
    assert "“空.jpg”是空的" in answer.text
    assert f'hx-post="{upload_url()}"' in answer.text
    assert "空.jpg" not in [d.name for d in Document.objects.all()]


def test_count_limit_of_the_place_holds(client, wenjuan):
    client.force_login(wenjuan)
    files = [f.upload(f.PDF + bytes([n]), f"{n}.pdf") for n in range(3)]

    answer = client.post(upload_url(), {"bills": files}, headers={"HX-Request": "true"})

    assert "最多放2个文件，“2.pdf”没有收" in answer.text
    assert Document.objects.count() == 2


@pytest.mark.parametrize(("place", "subject"), [("elsewhere", "draft"), ("mine", "case")])
def test_nobody_uploads_where_nothing_is_asked(client, wenjuan, place, subject):
    client.force_login(wenjuan)

    assert client.post(upload_url(place, subject), {"bills": f.upload(f.PDF)}).status_code == 404
    assert Document.objects.count() == 0


def test_signed_out_uploads_go_to_sign_in(client):
    assert client.post(upload_url(), {"bills": f.upload(f.PDF)}).status_code == 302
    with pytest.raises(policies.Http404):
        policies.get_upload_place(AnonymousUser(), "draft", "mine", "bills")


def test_a_file_above_the_ceiling_is_dropped_and_named(client, wenjuan, settings):
    settings.UPLOAD_CEILING = 100_000
    settings.PHOTO_LIMIT = settings.FILE_LIMIT = 50_000
    client.force_login(wenjuan)
    large = SimpleUploadedFile("大.pdf", f.PDF + b"\0" * 300_000)

    answer = client.post(upload_url(), {"bills": [large, f.upload(f.PDF, "小.pdf")]}, headers={"HX-Request": "true"})

    assert "“大.pdf”有0.3兆，最多0兆" in answer.text
    assert [document.name for document in Document.objects.all()] == ["小.pdf"]


def test_owner_takes_a_document_out(client, wenjuan):
    document, other = store(wenjuan), store(wenjuan, f.PDF + b"2")
    client.force_login(wenjuan)

    plain = client.post(open_url(document, "document-remove"), {"next": "/apply/x/"})
    in_place = client.post(upload_url(), {"_remove_document": other.public_id}, headers={"HX-Request": "true"})

    assert plain["Location"] == "/apply/x/"
    assert 'id="id_bills_files"' in in_place.text
    assert Document.objects.live().count() == 0


def test_taking_out_where_one_uploads_needs_the_right_too(client, wenjuan, stranger):
    document = store(wenjuan)
    client.force_login(stranger)

    assert client.post(upload_url(), {"_remove_document": document.public_id}).status_code == 404
    client.force_login(wenjuan)
    assert client.post(upload_url(), {"_remove_document": document.public_id})["Location"] == "/apply/"
    assert Document.objects.live().count() == 0


def test_going_on_elsewhere_after_removing_is_refused(client, wenjuan):
    client.force_login(wenjuan)

    answer = client.post(open_url(store(wenjuan), "document-remove"), {"next": "https://example.org"})

    assert answer["Location"] == "/"


def test_what_was_handed_in_stays(client, wenjuan, officer, stranger):
    handed_in = store(officer, subject="case", subject_id=9)
    mine = store(wenjuan)

    for user, document in ((officer, handed_in), (stranger, mine)):
        client.force_login(user)
        assert client.post(open_url(document, "document-remove")).status_code == 404
    client.logout()
    assert client.post(open_url(mine, "document-remove")).status_code == 302
    assert Document.objects.live().count() == 2
