"""Number and code, password, authenticator, recovery code; locks, limits, and nothing betrayed to strangers."""

import re
import statistics
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from yiwang.platform.journal.models import JournalEntry
from yiwang.register.accounts.models import NoticeAcceptance, User
from yiwang.register.accounts.notice import NOTICE_VERSION

PHONE, OTHER, NOBODY = "13900000001", "13900000002", "13900000099"
PASSWORD = "lan-yin-hua-bu-9"


@pytest.fixture
def mei(db):
    user = User.objects.create_user(phone=PHONE, name="梅香")
    user.set_password(PASSWORD)
    user.save()
    NoticeAcceptance.objects.create(user=user, version=NOTICE_VERSION)
    return user


def is_signed_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def ask_code(browser: Client, phone: str = PHONE):
    return browser.post("/accounts/login/code/", {"phone": phone})


def with_password(browser: Client, phone: str = PHONE, password: str = PASSWORD):
    return browser.post("/accounts/login/", {"login": phone, "password": password})


def totp_now(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def test_signing_up_by_number_and_code(client, sms, code):
    sent = client.post("/accounts/signup/", {"phone": "+86 139-0000-0002", "notice": "on"})
    assert sent.status_code == 302
    assert not is_signed_in(client)

    client.post("/accounts/phone/verify/", {"code": code()})

    user = User.objects.get(phone=OTHER)
    assert is_signed_in(client)
    assert user.phone_verified_at is not None
    assert not user.has_usable_password()
    assert list(user.notice_acceptances.values_list("version", flat=True)) == [NOTICE_VERSION]
    assert user.language == "zh-hans"


def test_signing_up_in_english_keeps_english(client, sms, code):
    client.cookies["django_language"] = "en"
    client.post("/accounts/signup/", {"phone": OTHER, "notice": "on"})
    client.post("/accounts/phone/verify/", {"code": code()})

    assert User.objects.get(phone=OTHER).language == "en"
    assert sms[-1].text.isascii() or "’" in sms[-1].text


def test_signing_up_needs_the_notice(client, sms):
    page = client.post("/accounts/signup/", {"phone": OTHER})

    assert "请先看告知书" in page.content.decode()
    assert not User.objects.exists()
    assert not sms


@pytest.mark.parametrize("phone", ["1390000000", "12345678901", "abc", ""])
def test_a_wrong_number_is_refused_in_words(client, sms, phone):
    page = client.post("/accounts/signup/", {"phone": phone, "notice": "on"})

    assert page.status_code == 200
    assert 'class="emsg"' in page.content.decode()
    assert not sms


def test_a_password_cannot_be_left_on_somebody_elses_number(client, sms):
    client.post("/accounts/signup/", {"phone": OTHER, "notice": "on", "password1": PASSWORD})

    assert not User.objects.get(phone=OTHER).has_usable_password()


def test_signing_in_by_code(client, mei, sms, code):
    assert ask_code(client).status_code == 302

    client.post("/accounts/login/code/confirm/", {"code": code()})

    assert is_signed_in(client)
    mei.refresh_from_db()
    assert mei.phone_verified_at is not None
    assert JournalEntry.objects.filter(name="accounts.signed_in", actor_id=mei.pk).count() == 1


def test_an_empty_password_means_a_code(client, mei, sms, code):
    sent = client.post("/accounts/login/", {"login": PHONE, "password": ""})
    assert sent.status_code == 302

    client.post("/accounts/login/code/confirm/", {"code": code()})

    assert is_signed_in(client)


def test_a_wrong_code_is_told_and_the_third_ends_it(client, mei, sms, code):
    ask_code(client)
    wrong = "000000" if code() != "000000" else "111111"

    for _turn in range(2):
        page = client.post("/accounts/login/code/confirm/", {"code": wrong})
        assert "验证码不对" in page.content.decode()
    assert client.post("/accounts/login/code/confirm/", {"code": wrong}).status_code == 302
    client.post("/accounts/login/code/confirm/", {"code": code()})

    assert not is_signed_in(client)


def test_a_code_lives_five_minutes(client, mei, sms, code, monkeypatch):
    ask_code(client)
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 301)

    client.post("/accounts/login/code/confirm/", {"code": code()})

    assert not is_signed_in(client)


def test_signing_in_with_a_password(client, mei, sms):
    with_password(client, "139 0000 0001")
    # The number was never proved, so a code follows even after the right password.
    assert not is_signed_in(client)
    assert len(sms) == 1


def test_a_password_is_enough_once_the_number_is_proved(client, mei, sms):
    User.objects.update(phone_verified_at="2026-01-01T00:00Z")

    with_password(client)

    assert is_signed_in(client)


def test_a_stopped_account_signs_in_nowhere(client, mei, sms, code):
    User.objects.update(is_active=False, phone_verified_at="2026-01-01T00:00Z")

    with_password(client)
    assert not is_signed_in(client)
    ask_code(client)
    client.post("/accounts/login/code/confirm/", {"code": code()})

    assert not is_signed_in(client)


# Nothing betrayed


def text_of(page) -> str:
    return re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', r"\1", page.content.decode())


def test_known_and_unknown_numbers_get_the_same_answer_to_a_wrong_password(mei):
    known = with_password(Client(), PHONE, "wrong")
    unknown = with_password(Client(), NOBODY, "wrong")

    assert known.status_code == unknown.status_code == 200
    assert text_of(known).replace(PHONE, "*") == text_of(unknown).replace(NOBODY, "*")


def test_known_and_unknown_numbers_get_the_same_answer_to_asking_for_a_code(mei, sms):
    known, unknown = Client(), Client()
    first, second = ask_code(known, PHONE), ask_code(unknown, NOBODY)
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])

    pages = [browser.get("/accounts/login/code/confirm/") for browser in (known, unknown)]

    assert text_of(pages[0]).replace(PHONE, "*") == text_of(pages[1]).replace(NOBODY, "*")
    assert [message.address for message in sms] == [PHONE, NOBODY]
    assert "注册" in sms[1].text


def test_known_and_unknown_numbers_get_the_same_answer_to_signing_up(mei, sms):
    known, unknown = Client(), Client()
    first = known.post("/accounts/signup/", {"phone": PHONE, "notice": "on"})
    second = unknown.post("/accounts/signup/", {"phone": NOBODY, "notice": "on"})
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])

    pages = [browser.get("/accounts/phone/verify/") for browser in (known, unknown)]

    assert text_of(pages[0]).replace(PHONE, "*") == text_of(pages[1]).replace(NOBODY, "*")
    assert len(sms) == 2


def test_unknown_numbers_cost_as_much_hashing_as_known_ones(mei, settings):
    """Counted, not timed: one run of the password hasher either way."""
    from django.contrib.auth.hashers import MD5PasswordHasher  # noqa: PLC0415 -- needs settings

    runs: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self, password, salt):
        runs.append(password)
        return encode(self, password, salt)

    MD5PasswordHasher.encode = counted
    try:
        with_password(Client(), PHONE, "wrong-one")
        with_password(Client(), NOBODY, "wrong-two")
    finally:
        MD5PasswordHasher.encode = encode

    assert runs.count("wrong-one") == runs.count("wrong-two") == 1


# Locks and limits


def fail(times: int, phone: str = PHONE) -> None:
    for _turn in range(times):
        with_password(Client(), phone, "wrong")


def test_five_wrong_passwords_lock_this_number_only(mei):
    User.objects.update(phone_verified_at="2026-01-01T00:00Z")
    other = User.objects.create_user(phone=OTHER, phone_verified_at="2026-01-01T00:00Z")
    other.set_password(PASSWORD)
    other.save()
    fail(5)

    locked, free = Client(), Client()
    page = with_password(locked)
    with_password(free, OTHER)

    assert not is_signed_in(locked)
    assert "试的次数太多了" in page.content.decode()
    assert is_signed_in(free)


def test_an_unknown_number_locks_just_the_same(mei):
    fail(5, NOBODY)

    page = with_password(Client(), NOBODY, "wrong")

    assert "试的次数太多了" in page.content.decode()


def test_strangers_cannot_lock_the_owner_out_of_a_known_device(mei):
    User.objects.update(phone_verified_at="2026-01-01T00:00Z")
    own = Client()
    with_password(own)
    own.post("/accounts/logout/")
    fail(6)

    with_password(own)

    assert is_signed_in(own)


def test_a_device_cookie_of_one_number_opens_no_other(mei):
    User.objects.update(phone_verified_at="2026-01-01T00:00Z")
    own = Client()
    with_password(own)
    own.post("/accounts/logout/")
    fail(5, OTHER)

    page = with_password(own, OTHER, "wrong")

    assert "试的次数太多了" in page.content.decode()


def test_codes_for_one_number_are_limited(mei, sms):
    for _turn in range(3):
        ask_code(Client())

    page = ask_code(Client())

    assert "试的次数太多了" in page.content.decode()
    assert len(sms) == 3


def test_signups_for_one_number_are_limited(db, sms):
    answers = [Client().post("/accounts/signup/", {"phone": OTHER, "notice": "on"}).status_code for _turn in range(4)]

    assert answers == [302, 302, 302, 429]
    assert len(sms) == 3


def test_one_address_is_limited(mei, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "2/m/ip"}

    answers = [with_password(Client(), f"1390000010{turn}", "wrong").status_code for turn in range(3)]

    assert answers == [200, 200, 429]


def test_too_many_says_what_to_do(mei, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "1/m/ip"}
    with_password(Client())

    page = with_password(Client())

    assert "12351" in page.content.decode()


# Second factors


@pytest.fixture
def secret(mei):
    User.objects.update(phone_verified_at="2026-01-01T00:00Z")
    key = "JBSWY3DPEHPK3PXP"
    TOTP.activate(mei, key)
    RecoveryCodes.activate(mei)
    return key


def test_the_authenticator_is_asked_after_the_password(client, mei, secret):
    with_password(client)
    assert not is_signed_in(client)

    page = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "验证码不对" in page.content.decode()
    client.post("/accounts/2fa/authenticate/", {"code": totp_now(secret)})

    assert is_signed_in(client)


def test_the_authenticator_is_asked_after_the_code_too(client, mei, secret, sms, code):
    ask_code(client)
    client.post("/accounts/login/code/confirm/", {"code": code()})

    assert not is_signed_in(client)


def test_a_number_of_the_authenticator_works_once(mei, secret):
    number = totp_now(secret)
    first, second = Client(), Client()
    for browser in (first, second):
        with_password(browser)
        browser.post("/accounts/2fa/authenticate/", {"code": number})

    assert is_signed_in(first)
    assert not is_signed_in(second)


def test_a_recovery_code_works_once(mei, secret):
    recovery = Authenticator.objects.get(user=mei, type="recovery_codes").wrap().get_unused_codes()[0]
    first, second = Client(), Client()
    for browser in (first, second):
        with_password(browser)
        browser.post("/accounts/2fa/authenticate/", {"code": recovery})

    assert is_signed_in(first)
    assert not is_signed_in(second)


def test_the_secret_is_not_readable_in_the_database(mei, secret):
    stored = Authenticator.objects.get(user=mei, type="totp").data["secret"]

    assert secret not in stored


def test_median_time_of_answers_is_close(mei):
    """A coarse guard only: the hashing test above is exact."""

    def seconds(phone: str) -> float:
        began = time.perf_counter()
        with_password(Client(), phone, "wrong")
        return time.perf_counter() - began

    known = [seconds(PHONE) for _turn in range(4)]
    unknown = [seconds(NOBODY) for _turn in range(4)]

    assert statistics.median(known) < 10 * statistics.median(unknown)
    assert statistics.median(unknown) < 10 * statistics.median(known)
