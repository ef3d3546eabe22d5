"""Officers' sessions: a second factor outside demo mode, and an end when nobody sits there."""

import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP

from yiwang.register.access.middleware import SEEN


@pytest.fixture
def production(settings):
    settings.STAFF_NEEDS_SECOND_FACTOR = True


def with_factor(browser, user):
    """What allauth notes in the session after a right second factor."""
    session = browser.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time(), "type": "totp"}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return browser


def test_an_officer_without_second_factor_sets_one_up_first(cast, client_of, production):
    browser = client_of(cast.approver)

    answer = browser.get("/work/access/")

    assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/")
    assert browser.get("/accounts/2fa/").status_code == 200
    assert browser.get("/")["Location"] == "/accounts/2fa/"


def test_an_officer_with_one_shows_it_in_every_session(cast, client_of, production):
    TOTP.activate(cast.approver, "JBSWY3DPEHPK3PXP")
    browser = client_of(cast.approver)

    answer = browser.get("/work/access/?state=ended")

    assert answer["Location"] == "/accounts/2fa/reauthenticate/?next=%2Fwork%2Faccess%2F%3Fstate%3Dended"


def test_an_officer_who_showed_it_works(cast, client_of, production):
    TOTP.activate(cast.approver, "JBSWY3DPEHPK3PXP")
    browser = with_factor(client_of(cast.approver), cast.approver)

    assert browser.get("/work/access/").status_code == 200


def test_a_record_of_another_account_does_not_count(cast, client_of, production):
    browser = with_factor(client_of(cast.approver), cast.handler)

    assert browser.get("/work/access/").status_code == 302


def test_workers_need_none(cast, client_of, production):
    assert client_of(cast.wenjuan).get("/").status_code == 200


def test_demo_officers_need_none(cast, client_of):
    assert client_of(cast.approver).get("/work/access/").status_code == 200


def test_production_settings_demand_it():
    from config import settings  # noqa: PLC0415 -- read as the file says

    assert settings.STAFF_NEEDS_SECOND_FACTOR is not settings.DEMO


def idle(browser, seconds):
    session = browser.session
    session[SEEN] = int(time.time()) - seconds
    session.save()


@pytest.mark.parametrize(
    ("who", "seconds", "status"),
    [
        ("wenjuan", 11 * 3600, 200),
        ("wenjuan", 13 * 3600, 302),
        ("approver", 29 * 60, 200),
        ("approver", 31 * 60, 302),
    ],
)
def test_idle_sessions_end_officers_sooner(cast, client_of, who, seconds, status):
    browser = client_of(getattr(cast, who))
    idle(browser, seconds)

    answer = browser.get("/accounts/?page=2")

    assert answer.status_code == status
    if status == 302:
        assert answer["Location"] == "/accounts/login/?next=%2Faccounts%2F%3Fpage%3D2"
        assert "_auth_user_id" not in browser.session


def test_workers_have_at_least_half_an_hour(settings):
    assert settings.WORKER_IDLE_SECONDS >= 30 * 60
    assert settings.STAFF_IDLE_SECONDS < settings.WORKER_IDLE_SECONDS


def test_activity_is_noted_at_most_once_a_minute(cast, client_of):
    browser = client_of(cast.wenjuan)
    idle(browser, 30)
    before = browser.session[SEEN]
    browser.get("/accounts/")
    assert browser.session[SEEN] == before

    idle(browser, 61)
    before = browser.session[SEEN]
    browser.get("/accounts/")

    assert browser.session[SEEN] > before


def test_a_piece_for_htmx_sends_the_whole_page_to_sign_in(cast, client_of):
    browser = client_of(cast.approver)
    idle(browser, 31 * 60)

    answer = browser.get("/work/access/", headers={"HX-Request": "true"})

    assert answer.headers["HX-Redirect"].startswith("/accounts/login/?next=")
