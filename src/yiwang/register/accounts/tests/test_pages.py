"""The account's own pages: security, devices, forgotten password, the notice, what was kept."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from yiwang.kernel.crypto import encrypt
from yiwang.platform.files.middleware import HeldFilesMiddleware
from yiwang.platform.journal.models import JournalEntry
from yiwang.register.accounts import actions, queries
from yiwang.register.accounts.errors import DemoOnly, EvidenceMissing, PhoneTaken
from yiwang.register.accounts.kept import KEY, keep
from yiwang.register.accounts.models import NoticeAcceptance, User
from yiwang.register.accounts.notice import NOTICE_VERSION
from yiwang.register.accounts.queries import device_name

PHONE, OTHER = "13900000001", "13900000002"
PASSWORD = "lan-yin-hua-bu-9"
PROVED = "2026-01-01T00:00Z"


@pytest.fixture
def mei(db):
    user = User.objects.create_user(phone=PHONE, name="梅香", phone_verified_at=PROVED)
    NoticeAcceptance.objects.create(user=user, version=NOTICE_VERSION)
    return user


def sign_in(browser: Client, code, phone: str = PHONE) -> Client:
    browser.post("/accounts/login/code/", {"phone": phone})
    browser.post("/accounts/login/code/confirm/", {"code": code()})
    assert "_auth_user_id" in browser.session
    return browser


def hours_later(monkeypatch, hours: float) -> None:
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + hours * 3600)


def test_the_security_page_masks_the_number(client, mei, code):
    page = sign_in(client, code).get("/accounts/").content.decode()

    assert "139****0001" in page
    assert PHONE not in page


def test_strangers_sign_in_first(client, db):
    for path in ("/accounts/", "/accounts/sessions/", "/accounts/2fa/", "/accounts/phone/change/", "/accounts/kept/"):
        assert client.get(path).status_code == 302, path


def test_a_device_is_signed_out_from_another_one(mei, code):
    here, there = sign_in(Client(), code), sign_in(Client(HTTP_USER_AGENT="iPhone MicroMessenger"), code)
    page = here.get("/accounts/sessions/").content.decode()
    assert "iPhone · 微信" in page
    mark = queries.session_mark(there.session.session_key)

    here.post(f"/accounts/devices/{mark}/end/")

    assert there.get("/accounts/").status_code == 302
    assert here.get("/accounts/").status_code == 200
    assert JournalEntry.objects.filter(name="accounts.sessions_ended").count() == 1


def test_nobody_ends_somebody_elses_session(mei, code, sms):
    User.objects.create_user(phone=OTHER, phone_verified_at=PROVED)
    mine, theirs = sign_in(Client(), code), sign_in(Client(), code, OTHER)
    mark = queries.session_mark(theirs.session.session_key)

    mine.post(f"/accounts/devices/{mark}/end/")

    assert theirs.get("/accounts/security/").status_code != 302
    assert UserSession.objects.count() == 2


def test_all_other_devices_at_once(mei, code):
    here, there = sign_in(Client(), code), sign_in(Client(), code)

    here.post("/accounts/sessions/")

    assert there.get("/accounts/").status_code == 302
    assert here.get("/accounts/").status_code == 200


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18) MicroMessenger/8.0", "iPhone · 微信"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130 Safari/537 Edg/130", "Windows · Edge"),
        ("Mozilla/5.0 (Linux; Android 14) HuaweiBrowser/15 Chrome/114", "Android · 华为浏览器"),
        ("curl/8", ""),
    ],
)
def test_devices_have_names(agent, name):
    assert device_name(agent) == name


def test_a_forgotten_password_is_replaced_after_a_code(client, mei, code):
    mei.set_password(PASSWORD)
    mei.save()
    sign_in(client, code)

    client.post("/accounts/password/forgotten/")
    client.post("/accounts/password/set/", {"password1": "xin-de-mi-ma-77", "password2": "xin-de-mi-ma-77"})

    mei.refresh_from_db()
    assert mei.check_password("xin-de-mi-ma-77")
    assert client.get("/accounts/").status_code == 200


def test_a_code_of_an_hour_ago_does_not_replace_a_password(client, mei, code, monkeypatch):
    mei.set_password(PASSWORD)
    mei.save()
    sign_in(client, code)
    hours_later(monkeypatch, 1)

    client.post("/accounts/password/forgotten/")

    mei.refresh_from_db()
    assert mei.check_password(PASSWORD)


def test_strangers_read_how_to_recover(client, db):
    page = client.get("/accounts/password/forgotten/").content.decode()

    assert "身份证" in page
    assert client.get("/accounts/password/reset/").status_code == 200


@pytest.mark.parametrize("weak", ["short-1", "1234567890123", "password1234"])
def test_a_weak_password_is_refused(client, mei, code, weak):
    sign_in(client, code)

    page = client.post("/accounts/password/set/", {"password1": weak, "password2": weak})

    mei.refresh_from_db()
    assert 'class="emsg"' in page.content.decode()
    assert not mei.has_usable_password()


def test_two_different_passwords_are_told_apart(client, mei, code):
    sign_in(client, code)

    page = client.post("/accounts/password/set/", {"password1": PASSWORD, "password2": PASSWORD + "x"})

    assert "两遍密码不一样" in page.content.decode()


def test_sensitive_steps_ask_again_after_a_while(client, mei, code, monkeypatch):
    sign_in(client, code)
    assert "新手机号" in client.get("/accounts/phone/change/").content.decode()
    hours_later(monkeypatch, 1)

    page = client.get("/accounts/phone/change/").content.decode()

    assert "再登录一次" in page
    back = client.post("/accounts/again/", {"next": "/accounts/phone/change/"})
    assert back["Location"] == "/accounts/login/code/?next=%2Faccounts%2Fphone%2Fchange%2F"
    assert "_auth_user_id" not in client.session


def test_whoever_just_signed_up_is_not_asked_again(client, db, code):
    client.post("/accounts/signup/", {"phone": OTHER, "notice": "on"})
    client.post("/accounts/phone/verify/", {"code": code()})

    assert "新密码" in client.get("/accounts/password/set/").content.decode()


def test_signing_in_again_leads_to_no_other_site(client, mei):
    back = client.post("/accounts/again/", {"next": "https://evil.example/"})

    assert back["Location"] == "/accounts/login/code/?next=%2F"


def test_changing_the_number_tells_the_old_one(client, mei, code, sms):
    sign_in(client, code)
    client.post("/accounts/phone/change/", {"phone": OTHER})
    assert sms[-1].address == OTHER

    client.post("/accounts/phone/verify/", {"code": code()})

    mei.refresh_from_db()
    assert mei.phone == OTHER
    assert sms[-1].address == PHONE
    assert "12351" in sms[-1].text


def test_a_taken_number_is_not_betrayed_and_not_given_away(client, mei, code, sms):
    User.objects.create_user(phone=OTHER, phone_verified_at=PROVED)
    sign_in(client, code)
    free = client.post("/accounts/phone/change/", {"phone": "13900000003"})
    taken = client.post("/accounts/phone/change/", {"phone": OTHER})
    assert (free.status_code, free["Location"]) == (taken.status_code, taken["Location"])

    client.post("/accounts/phone/verify/", {"code": code()})

    mei.refresh_from_db()
    assert mei.phone == PHONE


# The privacy notice


def test_everyone_reads_the_notice_in_their_language(client, db):
    assert "谁在处理" in client.get("/accounts/notice/").content.decode()
    client.cookies["django_language"] = "en"
    assert "Who processes your data" in client.get("/accounts/notice/").content.decode()


def test_a_new_version_is_shown_at_the_next_sign_in_and_kept(client, mei, sms, code):
    NoticeAcceptance.objects.update(version="2020-01")
    client.post("/accounts/login/code/?next=/accounts/sessions/", {"phone": PHONE, "next": "/accounts/sessions/"})
    answer = client.post("/accounts/login/code/confirm/", {"code": code(), "next": "/accounts/sessions/"})
    assert answer["Location"] == "/accounts/notice/?next=%2Faccounts%2Fsessions%2F"
    assert "同意了再接着用" in client.get(answer["Location"]).content.decode()

    accepted = client.post("/accounts/notice/", {"next": "/accounts/sessions/"})
    client.post("/accounts/notice/", {"next": "//evil.example"})

    assert accepted["Location"] == "/accounts/sessions/"
    assert set(mei.notice_acceptances.values_list("version", flat=True)) == {"2020-01", NOTICE_VERSION}
    assert JournalEntry.objects.filter(name="accounts.notice_accepted").count() == 1


def test_strangers_cannot_accept(client, db):
    assert client.post("/accounts/notice/").status_code == 302
    assert not NoticeAcceptance.objects.exists()


# Language


def test_the_account_speaks_its_own_language(client, mei, code):
    User.objects.update(language="en")
    sign_in(client, code)
    client.cookies["django_language"] = "zh-hans"

    assert client.get("/accounts/").headers["Content-Language"] == "en"


# What was typed when the session had run out


def test_a_late_form_is_kept_for_its_sender(client, mei, code, monkeypatch):
    sign_in(client, code)
    client.get("/accounts/")
    hours_later(monkeypatch, 13)

    answer = client.post("/accounts/notice/", {"next": "/x/", "words": "𠮷㐂·"})
    assert answer.status_code == 302
    assert "_auth_user_id" not in client.session
    assert "𠮷" not in str(dict(client.session))
    sign_in(client, code)
    assert client.get("/")["Location"] == "/accounts/kept/"
    page = client.get("/accounts/kept/").content.decode()

    assert 'action="/accounts/notice/"' in page
    assert 'name="words" value="𠮷㐂·"' in page
    assert client.get("/accounts/kept/")["Location"] == "/"


def test_files_of_a_late_form_are_handed_in_with_it(client, mei, code, monkeypatch):
    sign_in(client, code)
    client.get("/accounts/")
    hours_later(monkeypatch, 13)
    client.post("/accounts/notice/", {"words": "补材料", "papers": [paper("甲.pdf"), paper("乙.pdf")]})
    sign_in(client, code)

    page = client.get("/accounts/kept/").text

    assert "选好的文件也存着：甲.pdf、乙.pdf" in page
    assert "要再传一次" not in page
    ticket = page.split('name="_held" value="')[1].split('"')[0]
    seen = posted_files(mei, ticket)
    assert [(name, [one.name for one in files]) for name, files in seen] == [("papers", ["甲.pdf", "乙.pdf"])]
    assert seen[0][1][0].read() == b"%PDF-1.4 x"
    assert posted_files(mei, ticket) == []  # once


def test_a_file_alone_is_kept_too_and_one_too_large_is_said_to_be_lost(client, mei, code, monkeypatch, settings):
    settings.PHOTO_LIMIT = 5
    sign_in(client, code)
    client.get("/accounts/")
    hours_later(monkeypatch, 13)
    client.post("/accounts/notice/", {"papers": paper("大.pdf")})
    sign_in(client, code)

    page = client.get("/accounts/kept/").text

    assert "要再传一次" in page
    assert "_held" not in page


def paper(name):
    return SimpleUploadedFile(name, b"%PDF-1.4 x", content_type="application/pdf")


def posted_files(user, ticket):
    """What a view would find in ``request.FILES`` when the kept form is sent."""
    body = f"_held={ticket}"
    request = RequestFactory().post("/x/", body, content_type="application/x-www-form-urlencoded")
    request.user = user
    HeldFilesMiddleware(lambda request: None).process_view(request, None, (), {})
    return list(request.FILES.lists())


def test_a_kept_form_is_shown_to_nobody_else(client, mei, code, monkeypatch, sms):
    User.objects.create_user(phone=OTHER, phone_verified_at=PROVED)
    sign_in(client, code)
    client.get("/accounts/")
    hours_later(monkeypatch, 13)
    client.post("/accounts/notice/", {"words": "secret"})

    sign_in(client, code, OTHER)

    assert client.get("/accounts/kept/")["Location"] == "/"
    assert client.get("/").status_code == 200


def test_a_kept_form_with_lost_keys_is_forgotten(client, mei, code):
    sign_in(client, code)
    session = client.session
    session[KEY] = encrypt("x", b"other").hex()
    session.save()

    assert client.get("/accounts/kept/")["Location"] == "/"


def test_a_flood_is_not_kept(client, mei):
    request = RequestFactory().post("/x/", {"words": "a" * 300_000})
    session = client.session

    keep(session, path="/x/", data=request.POST, user_id=mei.pk)

    assert KEY not in session


# Recovery at the counter


def test_recovery_rebinds_and_ends_everything(mei, code, sms):
    there = sign_in(Client(), code)
    TOTP.activate(mei, "JBSWY3DPEHPK3PXP")
    officer = User.objects.create_user(phone="13900000005")

    actions.recover_account(mei, phone="139 0000 0002", evidence="身份证原件，本人到场", by=officer)

    mei.refresh_from_db()
    assert mei.phone == OTHER
    assert not Authenticator.objects.filter(user=mei).exists()
    assert there.get("/accounts/").status_code == 302
    assert {message.address for message in sms[-2:]} == {PHONE, OTHER}
    assert JournalEntry.objects.get(name="accounts.account_recovered").purpose == "身份证原件，本人到场"


def test_recovery_needs_evidence_and_a_free_number(mei, sms):
    officer = User.objects.create_user(phone=OTHER)

    with pytest.raises(EvidenceMissing):
        actions.recover_account(mei, phone="13900000003", evidence=" ", by=officer)
    with pytest.raises(PhoneTaken):
        actions.recover_account(User.objects.get(pk=mei.pk), phone=OTHER, evidence="身份证", by=officer)

    mei.refresh_from_db()
    assert mei.phone == PHONE


def test_the_account_takes_the_name_of_its_person(mei):
    actions.rename(mei, name="梅𠮷香")

    assert str(User.objects.get(pk=mei.pk)) == "梅𠮷香"


# Demo


def request_from(address: str, **headers):
    request = RequestFactory().post("/demo/", REMOTE_ADDR=address, **headers)
    request.session = Client().session
    request.user = AnonymousUser()
    return request


@pytest.mark.parametrize(
    ("demo", "address", "headers", "allowed"),
    [
        (True, "127.0.0.1", {}, True),
        (True, "::1", {}, True),
        (True, "10.0.0.5", {}, False),
        (True, "", {}, False),
        (True, "127.0.0.1", {"HTTP_X_FORWARDED_FOR": "10.0.0.5"}, False),
        (False, "127.0.0.1", {}, False),
    ],
)
def test_personas_are_for_a_demo_on_this_machine(mei, settings, demo, address, headers, allowed):
    settings.DEMO = demo
    request = request_from(address, **headers)

    if allowed:
        from allauth.core import context  # noqa: PLC0415 -- needs settings

        with context.request_context(request):
            actions.step_into(request, mei)
        assert request.session["_auth_user_id"] == str(mei.pk)
    else:
        with pytest.raises(DemoOnly):
            actions.step_into(request, mei)


def test_no_account_has_a_default_password(mei):
    assert not mei.has_usable_password()
