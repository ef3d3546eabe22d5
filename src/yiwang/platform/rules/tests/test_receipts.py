import datetime as dt
import json

import pytest

from yiwang.platform.rules.library import receipts
from yiwang.platform.rules.library.errors import MissingParameter
from yiwang.platform.rules.library.model import canonical, digest
from yiwang.platform.rules.library.receipts import Recourse, altered_parts, issue, recompute
from yiwang.platform.rules.library.words import Words
from yiwang.platform.rules.tests.factories import BECAUSE, DAY, condition, fact, formula, parameter, version

RECOURSE = Recourse(
    until=dt.date(2027, 1, 21), where=Words("苏州市总工会", "Suzhou federation"), basis=Words("本会规定", "Our rule")
)
FACTS = {"age": 15, "left": (100, 200), "member": True}


@pytest.fixture(scope="module")
def rules():
    return version(
        condition("old", "age >= least", because=BECAUSE),
        condition("poor", "left < yuan(5)"),
        facts=[fact("age", unit="year"), fact("left", unit="yuan", ranged=True), fact("member", "bool")],
        parameters=[parameter("least", 16, unit="year")],
        formulas=[formula("aid", "least * yuan(1)", unit="yuan", shown=True)],
        total="aid",
    )


@pytest.fixture(scope="module")
def receipt(rules):
    return issue(rules, FACTS, DAY, RECOURSE)


def test_a_receipt_is_worked_out_again_to_the_same_bytes(receipt):
    assert recompute(receipt.content) == receipt.content
    assert altered_parts(receipt.content, receipt.sha256) == []


def test_it_says_what_was_asked_what_held_and_how_to_object(receipt):
    body = receipt.body

    assert body["answer"]["verdict"] == "no"
    assert [(item["key"], item["holds"], item["margin"]) for item in body["answer"]["conditions"]] == [
        ("old", False, -1),
        ("poor", True, None),
    ]
    assert body["answer"]["conditions"][0]["correct"] == {"zh": "字", "en": "word"}
    assert body["answer"]["steps"] == [{"key": "aid", "value": 1600, "text": "16元"}]
    assert body["recourse"]["until"] == "2027-01-21"
    assert body["facts"] == {"age": 15, "left": [100, 200], "member": True}


def test_the_bytes_are_canonical(receipt):
    assert canonical(json.loads(receipt.content)) == receipt.content
    assert canonical({"b": 1, "a": "中"}) == '{"a":"中","b":1}'.encode()
    with pytest.raises(TypeError):
        canonical({"a": [0.5]})


TAMPERED = {
    "facts": lambda body: body["facts"].update(age=17),
    "answer": lambda body: body["answer"].update(verdict="yes"),
    "rules": lambda body: body["rules"]["text"]["parameters"][0]["values"][0].update(value=14),
    "recourse": lambda body: body["recourse"].update(until="2026-12-01"),
}


@pytest.mark.parametrize("part", TAMPERED)
def test_a_change_names_the_part_that_was_changed(receipt, part):
    body = json.loads(receipt.content)
    TAMPERED[part](body)

    assert altered_parts(canonical(body)) == [part]


def test_a_changed_answer_with_new_seals_is_still_found(receipt):
    body = json.loads(receipt.content)
    body["answer"]["verdict"] = "yes"
    body["seals"]["answer"] = digest(canonical(body["answer"]))

    assert altered_parts(canonical(body)) == ["answer"]


def test_a_wholly_new_receipt_differs_from_the_hash_on_record(rules, receipt):
    forged = issue(rules, FACTS | {"age": 17}, DAY, RECOURSE)

    assert altered_parts(forged.content) == []
    assert altered_parts(forged.content, receipt.sha256) == ["hash"]


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"format":"x"}', b"\xff"])
def test_what_is_no_receipt_is_said_to_be_none(content):
    assert altered_parts(content) == ["form"]


def test_other_spacing_is_noticed(receipt):
    assert altered_parts(json.dumps(receipt.body).encode()) == ["form"]


def test_a_decision_that_lacks_a_number_has_no_receipt(rules):
    with pytest.raises(MissingParameter):
        issue(rules, FACTS, dt.date(1990, 1, 1), RECOURSE)


def test_the_figures_in_force_are_listed(rules):
    assert [(item.name, key, value) for item, key, value in receipts.parameters_used(rules.ruleset, DAY)] == [
        ("least", (), 16)
    ]
