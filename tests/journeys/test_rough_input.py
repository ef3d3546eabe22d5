"""What fingers, phones and networks do to a form: each behaves, and nothing that was typed is lost."""

import re
import time

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.journeys.people import People
from yiwang.net.cases.actions import open_drafting
from yiwang.net.cases.models import Case
from yiwang.net.catalogue.actions import load_seed
from yiwang.net.catalogue.queries import current_version
from yiwang.platform.files.models import Document
from yiwang.platform.files.tests.factories import EXE, noisy, upload
from yiwang.platform.forms.actions import save_step
from yiwang.platform.forms.models import Draft
from yiwang.register.access.middleware import SEEN

READY = {
    "applicant": {"name": "周文娟", "phone": "13800000001"},
    "household": {"household": [], "monthly_income": "3200.00"},
    "need": {"kinds": ["medical"], "reason": "父亲住院"},
    "medical": {"patient": "周建国", "medical_total": "86000.00", "medical_self_paid": "38460.00"},
    "payee": {"payee_kind": "member_card"},
}
MEDICAL = {"patient": "周建国", "medical_total": "86000", "medical_self_paid": "38460"}
CONSENT = {"truthful": "on", "sharing": "on"}
NAMES = ("古丽·买买提", "𠮷田㐂", "王" + "小" * 38 + "明")


@pytest.fixture
def draft(cast) -> Draft:
    """A request of 周文娟 with every step filled in."""
    load_seed()
    drafting, _resumed = open_drafting(cast.wenjuan, current_version("HP-0002"))
    for step, answers in READY.items():
        save_step(drafting.draft, step, typed={}, answers=answers)
    return drafting.draft


def step_url(draft: Draft, step: str) -> str:
    return reverse("cases:apply-step", args=[draft.public_id, step])


def check_url(draft: Draft) -> str:
    return reverse("cases:apply-check", args=[draft.public_id])


@pytest.mark.django_db
def test_submitting_twice_and_going_back_afterwards_end_at_the_one_case(draft, cast, client_of):
    browser = client_of(cast.wenjuan)

    first = browser.post(check_url(draft), CONSENT)
    case = Case.objects.get()
    done = reverse("cases:apply-done", args=[case.number])

    assert first["Location"] == done
    assert browser.post(check_url(draft), CONSENT)["Location"] == done
    assert browser.get(check_url(draft))["Location"] == done
    assert browser.get(step_url(draft, "medical"))["Location"] == done
    assert browser.post(step_url(draft, "medical"), MEDICAL)["Location"] == done
    assert Case.objects.count() == 1
    assert client_of(cast.stranger).get(step_url(draft, "medical")).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["signed out", "idle too long"])
def test_what_was_typed_survives_a_session_that_ended_while_filling(draft, cast, client_of, how):
    browser = client_of(cast.wenjuan)
    page = browser.get(step_url(draft, "need")).text
    token = re.search(r'name="_draft" value="([^"]+)"', page)[1]
    end_session(browser, how)

    answer = browser.post(
        step_url(draft, "need"), {"_draft": token, "kinds": ["medical", "living"], "reason": "刚写的一大段𠮷"}
    )

    assert answer["Location"].startswith(reverse("account_login"))
    browser.force_login(cast.wenjuan)
    page = browser.get(step_url(draft, "need")).text
    assert "刚写的一大段𠮷" in page
    assert "登录前填的还在" in page


def end_session(browser, how: str) -> None:
    if how == "signed out":
        browser.logout()
        return
    session = browser.session
    session[SEEN] = int(time.time()) - 15 * 24 * 3600
    session.save()


@pytest.mark.django_db
def test_a_photo_of_twelve_megabytes_is_taken_and_made_smaller(draft, cast, client_of):
    photo = noisy((2700, 2000), quality=100)
    photo += b"\0" * max(12 * 1024 * 1024 - len(photo), 0)

    answer = client_of(cast.wenjuan).post(step_url(draft, "medical"), {**MEDICAL, "bills": upload(photo)})

    assert answer["Location"] == step_url(draft, "payee")
    kept = Document.objects.get(subject="draft", subject_id=draft.pk)
    assert kept.size < 10 * 1024 * 1024


@pytest.mark.django_db
def test_a_programme_that_calls_itself_a_photo_is_refused_in_words_and_the_rest_stays(draft, cast, client_of):
    typed = {**MEDICAL, "patient": "周建国（父亲）", "bills": upload(EXE, "结算单.jpg")}

    answer = client_of(cast.wenjuan).post(step_url(draft, "medical"), typed)

    assert answer.status_code == 200
    assert "结算单.jpg" in answer.text
    assert "周建国（父亲）" in answer.text
    assert not Document.objects.exists()
    draft.refresh_from_db()
    assert draft.all_answers["patient"] == "周建国（父亲）"


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_rare_characters_dots_and_forty_characters_come_through_to_the_officer(draft, cast, client_of, name):
    browser = client_of(cast.wenjuan)

    browser.post(step_url(draft, "applicant"), {"name": name, "phone": "138 0000 0001"})
    browser.post(check_url(draft), CONSENT)

    case = Case.objects.get()
    assert name in client_of(cast.chair).get(reverse("cases:case-detail", args=[case.number])).text
    assert name in browser.get(reverse("cases:matter-detail", args=[case.number])).text


@pytest.mark.django_db
def test_an_emoji_is_kept_in_a_text_and_named_in_a_name(draft, cast, client_of):
    browser = client_of(cast.wenjuan)

    browser.post(step_url(draft, "need"), {"kinds": ["medical"], "reason": "谢谢你们😀🙏"})
    answer = browser.post(step_url(draft, "applicant"), {"name": "文娟😀", "phone": "13800000001"})

    draft.refresh_from_db()
    assert draft.all_answers["reason"] == "谢谢你们😀🙏"
    assert answer.status_code == 200
    assert "文娟😀" in answer.text
    assert 'role="alert"' in answer.text


@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
def test_without_a_network_nothing_typed_is_lost(pages, draft, cast, client_of):
    page = People(pages, client_of).phone(cast.wenjuan)
    page.goto(step_url(draft, "need"))
    text = page.get_by_label("说说家里的情况")

    page.context.set_offline(True)
    text.fill("断网的时候写的")
    text.blur()
    expect(page.get_by_text("还没存上，连上网会自动存")).to_be_visible()
    page.get_by_role("button", name="存好，下一步").click()
    expect(text).to_have_value("断网的时候写的")

    with page.expect_response(lambda answer: answer.url.endswith("/save/") and answer.ok):
        page.context.set_offline(False)
    draft.refresh_from_db()
    assert draft.all_answers["reason"] == "断网的时候写的"
    page.get_by_role("button", name="存好，下一步").click()
    expect(page.get_by_role("heading", name="看病花了多少、自己付了多少", level=1)).to_be_visible()
