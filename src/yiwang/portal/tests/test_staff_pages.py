import pytest
from django.urls import reverse

from yiwang.net.cases.tests.factories import make_service, submit

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("who", "opens"),
    [
        ("handler", "cases:queue"),
        ("leader", "cases:queue"),
        ("auditor", "portal:journal"),
        ("admin", "portal:system"),
        ("security", "access:appointment-list"),
        ("finance", "payments:batch-list"),
    ],
)
def test_work_opens_the_first_page_of_the_role(cast, client_of, who, opens):
    assert client_of(getattr(cast, who)).get("/work/start/")["Location"] == reverse(opens)


def test_work_is_refused_to_who_holds_no_post(cast, client_of):
    assert client_of(cast.wenjuan).get("/work/start/").status_code == 403


def test_the_journal_is_searched_by_who_what_and_when(cast, client_of):
    submit(make_service(), cast.wenjuan_person)
    browser = client_of(cast.auditor)

    assert "CaseSubmitted" in browser.get("/work/journal/", {"actor": "周文娟", "name": "cases"}).text or (
        "cases" in browser.get("/work/journal/", {"actor": "周文娟"}).text
    )
    assert "没有这样的留痕" in browser.get("/work/journal/", {"actor": "没有这个人"}).text
    assert "没有这样的留痕" in browser.get("/work/journal/", {"until": "2020-01-01"}).text
    assert "没有这样的留痕" in browser.get("/work/journal/", {"before": "1"}).text
    assert browser.get("/work/journal/", {"since": "2026-13-45", "before": "x"}).status_code == 200


def test_the_state_of_the_system_is_shown_without_anybodys_matter(cast, client_of):
    case = submit(make_service(), cast.wenjuan_person)

    page = client_of(cast.admin).get("/work/system/").text

    assert "yiwang doctor" in page
    assert case.number not in page


@pytest.mark.parametrize("path", ["/work/journal/", "/work/system/"])
@pytest.mark.parametrize("who", ["wenjuan", "handler", "security"])
def test_journal_and_system_do_not_exist_for_others(cast, client_of, path, who):
    assert client_of(getattr(cast, who)).get(path).status_code == 404
    assert client_of(None).get(path).status_code == 302
