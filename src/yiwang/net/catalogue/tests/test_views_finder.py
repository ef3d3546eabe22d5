import pytest
from django.conf import settings

from yiwang.net.catalogue.models import FinderProfile

pytestmark = pytest.mark.django_db
FINDER = "/services/entitlements/"


def answer(client, key, value):
    return client.post(f"{FINDER}{key}/", {"answer": value})


def test_a_visitor_answers_six_questions_and_gets_every_service(seeded, client):
    assert "一共6个问题" in client.get(FINDER).text
    step = answer(client, "left", "a")
    for key, value in (("medical", "d"), ("child", "none"), ("sudden", "no"), ("trouble", ["wages"]), ("wish", [])):
        assert step.url == f"{FINDER}{key}/"
        assert client.get(step.url).status_code == 200
        step = answer(client, key, value)

    assert step.url == FINDER
    page = client.get(FINDER).text
    assert "不到700元" in page
    assert "工资没发、少发" in page


def test_an_answer_decides_a_service(seeded, cast, client_of):
    browser = client_of(cast.wenjuan)
    before = browser.get(FINDER).context["groups"]
    answer(browser, "trouble", ["wages"])
    after = browser.get(FINDER).context["groups"]

    def verdict(groups):
        return next(group.key for group in groups for item in group.items if item.code == "RT-0005")

    assert verdict(before) == "one_missing"
    assert verdict(after) in ("yes", "open")


def test_a_question_may_be_skipped_and_an_answer_taken_back(seeded, client):
    answer(client, "left", "a")

    skipped = client.post(f"{FINDER}left/", {"answer": "a", "skip": "1"})

    assert skipped.url == f"{FINDER}medical/"
    assert "不到700元" not in client.get(FINDER).text


def test_what_is_no_option_is_not_kept(seeded, client):
    answer(client, "left", "zzz")

    assert "你答过的" not in client.get(FINDER).text
    assert client.get(f"{FINDER}nosuchquestion/").url == FINDER


def test_answers_lie_sealed_in_the_session(seeded, client):
    answer(client, "left", "a")

    kept = client.session["catalogue.finder"]
    assert "left" not in kept
    assert kept != "a"


def test_a_key_that_is_gone_means_asking_again(seeded, client, monkeypatch):
    answer(client, "left", "a")
    monkeypatch.setattr(settings, "FIELD_KEYS", "k9:" + "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")

    assert "你答过的" not in client.get(FINDER).text


def test_answers_are_kept_in_the_account_by_consent_only(seeded, cast, client_of, client):
    browser = client_of(cast.wenjuan)
    answer(browser, "child", "senior")
    assert FinderProfile.objects.count() == 0

    browser.post(f"{FINDER}keep/", {"told": "1"})

    assert FinderProfile.objects.get().may_be_told
    assert "高中、中专" in client_of(cast.wenjuan).get(FINDER).text
    assert "高中、中专" not in client_of(cast.stranger).get(FINDER).text
    assert client.post(f"{FINDER}keep/").url.startswith("/accounts/")


def test_everything_is_forgotten_on_request(seeded, cast, client_of):
    browser = client_of(cast.wenjuan)
    answer(browser, "child", "senior")
    browser.post(f"{FINDER}keep/")

    browser.post(f"{FINDER}forget/")

    assert FinderProfile.objects.count() == 0
    assert "你答过的" not in browser.get(FINDER).text


def test_a_visitor_forgets_too(seeded, client):
    answer(client, "child", "senior")

    client.post(f"{FINDER}forget/")

    assert "你答过的" not in client.get(FINDER).text


def test_the_finder_asks_few_queries(seeded, cast, client_of, django_assert_max_num_queries):
    browser = client_of(cast.wenjuan)
    browser.get(FINDER)

    with django_assert_max_num_queries(20):
        browser.get(FINDER)
