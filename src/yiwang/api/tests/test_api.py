import json

import pytest
from django.test import Client

from yiwang.net.cases.models import Case
from yiwang.net.cases.tests.factories import make_service, submit
from yiwang.net.catalogue.actions import load_seed
from yiwang.platform.text.actions import index_many
from yiwang.register.organisations.queries import entries_under

pytestmark = pytest.mark.django_db
KEY = "one-request-0001"


def send(browser, body, *, key=KEY, **headers):
    if key:
        headers["HTTP_IDEMPOTENCY_KEY"] = key
    content = body if isinstance(body, str) else json.dumps(body)
    return browser.post("/api/v1/cases", content, content_type="application/json", **headers)


def asking(reason="住院花了很多钱", **more):
    return {"service": "HP-0900", "answers": {"reason": reason, **more}}


def is_refusal(answer, status, code):
    body = answer.json()
    return answer.status_code == status and set(body) == {"code", "message", "fields"} and body["code"] == code


def test_services_are_told_to_anyone_in_both_languages(client):
    make_service()

    (service,) = client.get("/api/v1/services").json()

    assert service["code"] == "HP-0900"
    assert (service["name"], service["name_en"]) == ("大病致困帮扶", "Hardship aid after illness")
    assert service["promised"] == "10 workday"


def test_a_service_tells_its_form_and_materials(client, db):
    load_seed()

    found = client.get("/api/v1/services/hp-0002").json()

    assert found["form"]["steps"][0]["fields"][0]["key"] == "name"
    assert "diagnosis" in {material["key"] for material in found["materials"]}
    assert is_refusal(client.get("/api/v1/services/HP-9999"), 404, "not_found")


def test_bodies_are_found_by_name(client, cast):
    index_many(entries_under(cast.unit.path))

    (found,) = client.get("/api/v1/organisations", {"q": "恒达精密"}).json()

    assert found["id"] == cast.unit.public_id
    assert client.get("/api/v1/organisations", {"q": "没有的"}).json() == []


def test_a_request_becomes_one_case_however_often_it_is_sent(cast, client_of):
    make_service()
    browser = client_of(cast.wenjuan)

    first, second = send(browser, asking()), send(browser, asking())

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert Case.objects.get().number == first.json()["number"]


def test_another_account_cannot_reach_a_case_through_its_key(cast, client_of):
    make_service()
    send(client_of(cast.wenjuan), asking())

    answer = send(client_of(cast.stranger), asking())

    assert is_refusal(answer, 409, answer.json()["code"])
    assert "number" not in answer.json()


def test_answers_that_do_not_fit_are_refused_by_field(cast, client_of):
    make_service()

    answer = send(client_of(cast.wenjuan), asking(reason="", weight="90"))

    assert is_refusal(answer, 409, "answers_refused")
    assert set(answer.json()["fields"]) == {"reason", "weight"}
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("body", "key", "status", "code"),
    [
        (asking(), "", 422, "malformed"),
        (asking(), "short", 422, "malformed"),
        ({"answers": {}}, KEY, 422, "malformed"),
        ("{no json", KEY, 400, "not_understood"),
        ({"service": "HP-9999", "answers": {}}, KEY, 404, "not_found"),
    ],
)
def test_what_is_malformed_is_refused_in_words(cast, client_of, body, key, status, code):
    make_service()

    assert is_refusal(send(client_of(cast.wenjuan), body, key=key), status, code)


def test_refusals_speak_the_readers_language(client, db):
    chinese = client.get("/api/v1/cases").json()["message"]
    english = client.get("/api/v1/cases", HTTP_ACCEPT_LANGUAGE="en").json()["message"]

    assert chinese == "请先登录。"
    assert english.isascii()


@pytest.mark.parametrize("path", ["cases", "work/cases", "cases/KS-1"])
def test_nobody_reads_cases_without_signing_in(client, db, path):
    assert is_refusal(client.get(f"/api/v1/{path}"), 401, "not_signed_in")


def test_a_write_without_the_token_of_the_page_is_refused(cast):
    make_service()
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.wenjuan)

    assert is_refusal(send(browser, asking()), 403, "csrf_failed")
    assert not Case.objects.exists()


def test_a_case_is_read_by_its_applicant_and_its_officers_only(cast, client_of):
    case = submit(make_service(), cast.wenjuan_person)
    url = f"/api/v1/cases/{case.number}"

    for reader in (cast.wenjuan, cast.handler, cast.leader):
        assert client_of(reader).get(url).json()["number"] == case.number
    for other in (cast.stranger, cast.sibling_handler, cast.admin):
        assert is_refusal(client_of(other).get(url), 404, "not_found")


def test_lists_hold_ones_own_and_those_of_ones_scope(cast, client_of):
    case = submit(make_service(), cast.wenjuan_person)

    def numbers(user, path):
        return [item["number"] for item in client_of(user).get(f"/api/v1/{path}").json()["items"]]

    assert numbers(cast.wenjuan, "cases") == [case.number]
    assert numbers(cast.stranger, "cases") == []
    assert numbers(cast.handler, "work/cases") == [case.number]
    assert numbers(cast.sibling_handler, "work/cases") == []
    assert numbers(cast.wenjuan, "work/cases") == []


def test_lists_are_read_in_pages_without_gap_or_repeat(cast, client_of, monkeypatch):
    monkeypatch.setattr("yiwang.api.views.PAGE", 2)
    service = make_service(append_repeats=False)
    cases = [submit(service, cast.wenjuan_person, answers={"reason": str(n)}) for n in range(5)]
    browser, seen, after = client_of(cast.wenjuan), [], ""

    while after is not None:
        page = browser.get("/api/v1/cases", {"after": after}).json()
        seen += [item["number"] for item in page["items"]]
        after = page["next"]

    assert seen == [case.number for case in reversed(cases)]


@pytest.mark.parametrize("held", [1, 3])
def test_a_list_takes_few_queries(cast, client_of, django_assert_max_num_queries, held):
    service = make_service(append_repeats=False)
    for n in range(held):
        submit(service, cast.wenjuan_person, answers={"reason": str(n)})
    browser = client_of(cast.wenjuan)

    with django_assert_max_num_queries(8):
        browser.get("/api/v1/cases")
