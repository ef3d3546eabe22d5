"""A worker's whole way by API: find, ask, be asked for more, be answered, ask again, rate; a stranger none of it."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signing import get_cookie_signer

from yiwang.net.cases import actions
from yiwang.net.cases.models import Case
from yiwang.net.cases.tests.factories import NO, YES, make_service, step
from yiwang.net.catalogue.actions import load_seed
from yiwang.net.evaluation.models import Evaluation
from yiwang.platform.files.models import Document

pytestmark = pytest.mark.django_db
KEY = "one-request-0001"


@pytest.fixture
def call(cast, client_of):
    """``call("post", path, body)`` as 周文娟, or as somebody else with ``by``."""

    def send(method, path, body=None, *, by=None, **headers):
        client = client_of(by or cast.wenjuan)
        if method == "get":
            return client.get(f"/api/v1{path}", body or {})
        return client.post(f"/api/v1{path}", json.dumps(body or {}), content_type="application/json", **headers)

    return send


@pytest.fixture
def number(call):
    make_service(steps=[step("decide")])
    body = {"service": "HP-0900", "answers": {"reason": "住院"}}
    return call("post", "/cases", body, HTTP_IDEMPOTENCY_KEY=KEY).json()["number"]


def case_of(number):
    return Case.objects.get(number=number)


def test_the_finder_answers_every_service_with_its_reason(call, cast, client):
    load_seed()

    questions = client.get("/api/v1/questions").json()
    found = {one["code"]: one for one in call("post", "/entitlements", {"answers": {}}).json()}

    assert 1 <= len(questions) <= 6
    assert found["MB-0001"]["verdict"] == "no"
    assert found["MB-0001"]["because"]
    answers = {questions[0]["key"]: questions[0]["options"][0]["value"]}
    told = client.post(
        "/api/v1/entitlements", json.dumps({"answers": answers | {"no": "x"}}), content_type="application/json"
    )
    assert told.status_code == 200


def test_what_is_wanted_is_uploaded_and_handed_in(call, cast, number, client_of):
    actions.request_supplement(case_of(number), items=[{"name": "出院小结", "why": ""}], message="", by=cast.handler)
    seen = call("get", f"/matters/{number}").json()
    assert (seen["wanted"], "supplement" in seen["may"]) == (["出院小结"], True)

    paper = SimpleUploadedFile("小结.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF", content_type="application/pdf")
    sent = client_of(cast.wenjuan).post(f"/api/v1/matters/{number}/supplement/files", {"file": paper})
    answer = call("post", f"/matters/{number}/supplement", {"text": "补上了"})

    assert (sent.status_code, sent.json()["name"]) == (201, "小结.pdf")
    assert (answer.status_code, answer.json()["state"]) == (200, "submitted")
    assert Document.objects.get().subject == "case"
    assert call("post", f"/matters/{number}/supplement", {"text": "再补"}).status_code == 403


def test_a_file_that_is_none_is_refused_in_words(call, cast, number, client_of):
    actions.request_supplement(case_of(number), items=[{"name": "小结", "why": ""}], message="", by=cast.handler)

    virus = SimpleUploadedFile("小结.jpg", b"MZ\x90\x00" + b"\0" * 200, content_type="image/jpeg")
    sent = client_of(cast.wenjuan).post(f"/api/v1/matters/{number}/supplement/files", {"file": virus})

    assert sent.status_code == 409
    assert "小结.jpg" in sent.json()["message"]


def test_one_urges_writes_and_takes_back(call, cast, number):
    assert call("post", f"/matters/{number}/messages", {"text": "什么时候有结果？"}).status_code == 200
    assert call("post", f"/matters/{number}/messages", {"text": ""}).status_code == 422
    actions.accept_case(case_of(number), by=cast.handler)
    assert call("post", f"/matters/{number}/urge").status_code == 200
    assert call("post", f"/matters/{number}/urge").json()["code"] == "urged_just_now"
    assert call("post", f"/matters/{number}/withdraw").json()["state"] == "withdrawn"


def test_the_answer_is_read_appealed_and_rated(call, cast, number):
    actions.accept_case(case_of(number), by=cast.handler)
    actions.decide(case_of(number), NO, by=cast.handler)

    seen = call("get", f"/matters/{number}").json()
    assert (seen["outcome"], seen["reason"], seen["other_ways"]) == ("no", NO.reason, NO.other_ways)
    assert [entry["state"] for entry in seen["timeline"]][0] == "done"
    assert call("post", f"/matters/{number}/review", {"text": "算错了"}).status_code == 200
    assert call("post", f"/matters/{number}/rating", {"score": 9}).status_code == 422
    assert call("post", f"/matters/{number}/rating", {"score": 2, "tags": ["speed"], "text": "慢"}).status_code == 200
    assert call("post", f"/matters/{number}/rating", {"score": 5}).json()["code"] == "rated_before"
    assert (Evaluation.objects.get().score, Evaluation.objects.get().tags) == (2, ["speed"])


def test_a_rating_from_a_desk_is_refused_as_on_the_page(call, cast, number, client_of, settings):
    settings.DEMO = False
    actions.accept_case(case_of(number), by=cast.handler)
    actions.decide(case_of(number), YES, by=cast.handler)
    path, body = f"/api/v1/matters/{number}/rating", json.dumps({"score": 5})
    client = client_of(cast.wenjuan)
    client.cookies["yw_desk"] = get_cookie_signer(salt="yw_desk").sign("1")

    answer = client.post(path, body, content_type="application/json")

    assert answer.status_code == 409
    assert not Evaluation.objects.exists()


def test_a_bundle_is_asked_for_once_and_read_part_by_part(call, cast):
    for code in ("MB-0901", "MB-0902"):
        make_service(code, steps=[step("decide")])
    make_service("BD-0901", bundle=[{"code": "MB-0901"}, {"code": "MB-0902", "needs": "MB-0901"}])
    body = {"service": "BD-0901", "answers": {"reason": "一次办好"}}

    first = call("post", "/bundles", body, HTTP_IDEMPOTENCY_KEY=KEY)
    again = call("post", "/bundles", body, HTTP_IDEMPOTENCY_KEY=KEY)

    assert (first.status_code, again.json()) == (201, first.json())
    assert [part["state"] for part in first.json()["parts"]] == ["started", "waiting"]
    assert Case.objects.get().number == first.json()["parts"][0]["case"]
    assert call("get", f"/bundles/{first.json()['id']}").json() == first.json()
    assert call("get", f"/bundles/{first.json()['id']}", by=cast.stranger).status_code == 404
    assert call("post", "/cases", body, HTTP_IDEMPOTENCY_KEY=KEY).status_code == 409
    alone = {"service": "MB-0901", "answers": {"reason": "x"}}
    assert call("post", "/bundles", alone, HTTP_IDEMPOTENCY_KEY=KEY).status_code == 409
    empty = {"service": "BD-0901", "answers": {}}
    assert "reason" in call("post", "/bundles", empty, HTTP_IDEMPOTENCY_KEY=KEY).json()["fields"]


def test_messages_are_their_readers_alone(call, cast, number):
    mine = call("get", "/messages").json()

    assert any(number in message["text"] for message in mine["items"])
    assert mine["next"] is None
    assert call("get", "/messages", by=cast.stranger).json()["items"] == []


STEPS = ("supplement", "urge", "messages", "withdraw", "review", "rating")


@pytest.mark.parametrize("name", STEPS)
def test_a_stranger_and_an_officer_find_no_step_of_it(call, cast, number, name):
    body = {"text": "x", "score": 5}

    for other in (cast.stranger, cast.handler):
        assert call("post", f"/matters/{number}/{name}", body, by=other).status_code == 404
    assert call("get", f"/matters/{number}", by=cast.handler).status_code == 404
    assert call("get", f"/matters/{number}").status_code == 200
