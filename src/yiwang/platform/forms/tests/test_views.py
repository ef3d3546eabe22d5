import pytest
from django.template import Context, Template
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from yiwang.platform.forms.actions import draft_token, keep_typed
from yiwang.platform.forms.models import Draft, KeptInput

from .factories import IDENTITY, make_draft, make_user

pytestmark = pytest.mark.django_db


def save_url(draft, step="person"):
    return reverse("forms:draft-save", args=[draft.public_id, step])


def test_leaving_a_field_saves_what_stands_and_what_does_not(client):
    draft = make_draft()
    client.force_login(make_user())

    answer = client.post(
        save_url(draft),
        {"name": "周文娟", "who": "self", "idno": "32058", "_draft": draft_token(draft)},
        headers={"X-Autosave": "1"},
    )

    stored = Draft.objects.get(pk=draft.pk)
    assert answer.status_code == 200
    assert "已自动存好" in answer.text
    assert stored.all_answers == {"name": "周文娟", "who": "self"}
    assert stored.typed == {"idno": "32058"}


def test_saving_without_script_goes_back_to_the_page(client):
    draft = make_draft()
    client.force_login(make_user())

    answer = client.post(save_url(draft), {"name": "周文娟", "next": "/apply/x/"})
    elsewhere = client.post(save_url(draft), {"name": "周文娟", "next": "https://example.org/"})

    assert (answer.status_code, answer["Location"]) == (302, "/apply/x/")
    assert elsewhere["Location"] == "/"


def test_a_stranger_can_neither_save_nor_discard(client):
    draft = make_draft()
    client.force_login(make_user("13912345521", "孙志伟"))

    assert client.post(save_url(draft), {"name": "x"}).status_code == 404
    assert client.post(reverse("forms:draft-discard", args=[draft.public_id])).status_code == 404
    assert Draft.objects.get(pk=draft.pk).all_answers == {}


def test_unknown_step_and_draft_that_is_gone(client, monkeypatch):
    draft = make_draft()
    client.force_login(make_user())

    assert client.post(save_url(draft, "nowhere")).status_code == 404
    monkeypatch.setattr("yiwang.platform.forms.views.get_draft", lambda user, public_id: draft)
    Draft.objects.all().delete()
    gone = client.post(save_url(draft), {"name": "x"})
    assert (gone.status_code, "已经交了" in gone.text) == (409, True)


def test_owner_discards_a_draft(client):
    draft = make_draft()
    client.force_login(make_user())

    answer = client.post(reverse("forms:draft-discard", args=[draft.public_id]), {"next": "/matters/"})

    assert answer["Location"] == "/matters/"
    assert Draft.objects.count() == 0


def test_post_without_a_session_is_kept_and_sends_to_sign_in(client):
    draft = make_draft()

    answer = client.post(save_url(draft), {"idno": IDENTITY, "_draft": draft_token(draft)})

    assert answer.status_code == 302
    assert save_url(draft).replace("/", "%2F") in answer["Location"].replace("/", "%2F")
    assert KeptInput.objects.get().data == {"idno": [IDENTITY]}


def test_autosave_without_a_session_says_so_in_place(client):
    draft = make_draft()

    kept = client.post(save_url(draft), {"name": "周文娟", "_draft": draft_token(draft)}, headers={"X-Autosave": "1"})
    forged = client.post(save_url(draft), {"name": "周文娟", "_draft": "x"}, headers={"X-Autosave": "1"})

    assert "你填的都替你留着" in kept.text
    assert "登录过期了。请先登录。" in forged.text
    assert KeptInput.objects.get().data == {"name": ["周文娟"]}


def test_kept_input_waits_for_its_owner_only(client):
    draft = make_draft()
    keep_typed(draft_token(draft), "person", _lists(name="周文娟"))
    client.force_login(make_user("13912345521", "孙志伟"))

    assert client.post(save_url(draft), {"name": "x"}).status_code == 404
    assert KeptInput.objects.count() == 1


def _lists(**values):
    return MultiValueDict({key: [value] for key, value in values.items()})


def test_page_parts_carry_the_proof_and_the_button_that_enter_presses():
    draft = make_draft()

    made = Template("{% load drafts %}{% draft_form draft %}{% draft_saved draft %}").render(Context({"draft": draft}))

    assert made.index("<button") < made.index('name="_draft"')
    assert made.endswith("已自动存好")


def test_a_text_of_ten_megabytes_is_refused_and_the_draft_stays(client):
    draft = make_draft(answers={"name": "周文娟"})
    client.force_login(make_user())

    answer = client.post(save_url(draft), {"name": "长" * (10 * 1024 * 1024)})

    assert answer.status_code in (400, 413)
    assert Draft.objects.get(pk=draft.pk).all_answers == {"name": "周文娟"}
