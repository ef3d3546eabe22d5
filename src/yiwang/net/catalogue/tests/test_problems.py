import pytest

from yiwang.net.catalogue.definitions import Definition
from yiwang.net.catalogue.problems import Surroundings, problems_of

from .factories import COMPLETE, definition, text


def codes(around=None, **changes):
    found = problems_of(Definition.from_json(definition(**changes)), around or Surroundings(code="CU-KS01"))
    return sorted({problem.code for problem in found})


def material(**changes):
    return {**COMPLETE["materials"][0], **changes}


def step(**changes):
    return {**COMPLETE["steps"][0], **changes}


def test_a_complete_definition_has_no_problem():
    assert codes() == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": text("", "")}, "no_text"),
        ({"name": text("送清凉", "")}, "no_english"),
        ({"situation": "elsewhere"}, "no_situation"),
        ({"audience": []}, "no_audience"),
        ({"levels": []}, "no_level"),
        ({"icon": "unicorn"}, "unknown_icon"),
        ({"channels": ["web"]}, "no_offline_channel"),
        ({"minutes": 90}, "bad_minutes"),
        ({"conditions": []}, "no_conditions"),
        ({"ruleset": "cu-9999"}, "bad_ruleset"),
        ({"legal_basis": []}, "no_basis"),
        ({"legal_basis": [{"title": text("某法"), "evidence": "hearsay"}]}, "no_evidence"),
        ({"materials": []}, "no_materials"),
        ({"materials": [material(source="")]}, "no_source"),
        ({"materials": [material(name=text("其他材料"))]}, "vague_material"),
        ({"materials": [material(name=text("有关证明"))]}, "vague_material"),
        ({"materials": [material(name=text("工资条等材料"))]}, "vague_material"),
        ({"materials": [material(name=text("工资条", "Other relevant documents"))]}, "vague_material"),
        ({"materials": [material(name=text("身份证复印件"))]}, "shareable_asked"),
        ({"materials": [material(source="shared", origin=text("民政"))]}, "shared_asked"),
        ({"materials": [material(source="shared", field="")]}, "no_origin"),
        ({"materials": [material(field="nowhere")]}, "no_upload"),
        ({"materials": [material(source="on_file", field="")]}, "unlisted_upload"),
        ({"form": {}}, "form"),
        ({"steps": []}, "no_steps"),
        ({"steps": [step(role="wizard")]}, "unknown_role"),
        ({"steps": [step(level=7)]}, "role_not_at_level"),
        ({"steps": [step(capability="cases.fly")]}, "unknown_capability"),
        ({"steps": [step(capability="cases.decide")]}, "role_lacks_capability"),
        ({"steps": [step(limit_unit="")]}, "step_without_limit"),
        ({"steps": [step(limit_days=None)]}, "step_without_limit"),
        ({"steps": [step(limit_days=4)]}, "steps_too_long"),
        ({"timing": "someday"}, "no_timing"),
        ({"timing": "window"}, "no_window"),
        ({"timing": "window", "window": {"opens": "13-01", "closes": "04-30"}}, "no_window"),
        ({"promised_limit": None}, "no_promise"),
        ({"promised_limit": {"amount": 3}}, "limit_without_unit"),
        ({"visits": 1}, "visit_without_reason"),
        ({"fee": "10"}, "fee_without_basis"),
        ({"result": {}}, "no_result"),
        ({"result": {**COMPLETE["result"], "delivery": []}}, "no_delivery"),
        ({"result": {**COMPLETE["result"], "delivery": ["pickup"]}}, "pickup_is_a_visit"),
        ({"aliases": []}, "no_words"),
        ({"aliases": ["一个长得没有人会这样去搜索的说法"]}, "long_word"),
        ({"bundle": ["XX-0001"]}, "unknown_bundled"),
    ],
)
def test_each_gap_is_named(changes, expected):
    assert expected in codes(**changes)


@pytest.mark.parametrize(
    ("promised", "legal", "is_refused"),
    [
        ((20, "day"), (15, "day"), True),
        ((15, "workday"), (15, "day"), True),
        ((11, "workday"), (15, "day"), True),
        ((10, "workday"), (15, "day"), False),
        ((15, "day"), (15, "day"), False),
    ],
)
def test_a_promise_longer_than_the_law_is_refused(promised, legal, is_refused):
    limits = {
        "promised_limit": {"amount": promised[0], "unit": promised[1]},
        "legal_limit": {"amount": legal[0], "unit": legal[1], "evidence": "verified"},
    }

    assert ("promise_over_legal" in codes(**limits)) is is_refused


def test_the_sentence_says_both_figures_and_leads_to_the_field():
    limits = {"promised_limit": {"amount": 20, "unit": "day"}, "legal_limit": {"amount": 15, "unit": "day"}}

    found = problems_of(Definition.from_json(definition(**limits)), Surroundings())

    problem = next(item for item in found if item.code == "promise_over_legal")
    assert problem.text == "承诺20天，比最长时限15天还长，不能发布。把承诺改短。"
    assert (problem.section, problem.field) == ("steps", "promised_limit")


def test_a_local_promise_may_only_be_shorter_than_the_provinces():
    above = Definition.from_json(definition(promised_limit={"amount": 2, "unit": "workday"}))
    around = Surroundings(is_local=True, provincial={"CU-0001": above})

    assert "promise_over_province" in codes(around, province_item="CU-0001")
    assert "promise_over_province" not in codes(
        around, province_item="CU-0001", promised_limit={"amount": 2, "unit": "workday"}, steps=[step(limit_days=2)]
    )


@pytest.mark.parametrize("name", ["夏季送清凉登记", "夏季送清凉的登记", "送清凉"])
def test_a_local_item_that_repeats_the_provinces_is_mapped_to_it(name):
    around = Surroundings(is_local=True, provincial={"CU-0001": Definition.from_json(definition())})

    assert "duplicate" in codes(around, name=text(name))
    assert "duplicate" not in codes(around, name=text(name), province_item="CU-0001")
    assert "duplicate" not in codes(Surroundings(is_local=False, provincial=around.provincial), name=text(name))


def test_another_matter_is_no_duplicate_and_an_unknown_code_is_told():
    around = Surroundings(is_local=True, provincial={"CU-0001": Definition.from_json(definition())})

    assert codes(around, name=text("职工子女暑托班")) == []
    assert "unknown_province_item" in codes(around, province_item="CU-0009")


def test_steps_in_other_units_are_compared_by_their_days():
    steps = [step(limit_days=1), step(key="s2", limit_days=48, limit_unit="hour")]

    assert codes(steps=steps) == []
    assert "steps_too_long" in codes(steps=[step(limit_days=1), step(key="s2", limit_days=9, limit_unit="day")])


def bundle_codes(*parts, form=None):
    """A bundle over three services: one asks a name, one a name and a kind, and one is a bundle itself."""
    asks = {"key": "kind", "kind": "choice", "label": text("种类"), "options": [{"value": "new", "label": text("新")}]}
    where = {"key": "where", "kind": "text", "label": text("哪里"), "show_if": {"field": "kind", "in": ["new"]}}
    card = definition()
    card["form"]["steps"][0]["fields"] += [asks, where]
    others = {"MB-1": definition(), "MB-2": card, "BD-2": definition(bundle=["MB-1"])}
    around = Surroundings(code="BD-1", provincial={code: Definition.from_json(one) for code, one in others.items()})
    return codes(around, bundle=list(parts), **({"form": form} if form else {}))


FIXED = {"code": "MB-2", "answers": {"kind": "new", "where": "x"}}


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (["MB-1"], []),
        ([FIXED], []),
        (["MB-1", {**FIXED, "needs": "MB-1"}], []),
        (["XX-1"], ["unknown_bundled"]),
        (["BD-1"], ["unknown_bundled"]),
        (["BD-2"], ["bundle_in_bundle"]),
        (["MB-1", "MB-1"], ["bundled_twice"]),
        ([{"code": "MB-1", "needs": "MB-2"}, FIXED], ["needs_what_comes_later"]),
        (["MB-2"], ["unasked_for_part"]),
        ([{"code": "MB-2", "answers": {"kind": "new"}}], ["unasked_for_part"]),
        ([{"code": "MB-2", "answers": {"kind": "old"}}], []),  # the second question is never asked then
        ([{"code": "MB-2", "answers": {"kind": "new"}, "renamed": {"where": "name"}}], []),
        ([{"code": "MB-2", "answers": {"kind": "new"}, "renamed": {"where": "photo"}}], ["unasked_for_part"]),
        ([{"code": "MB-2", "answers": {"kind": "new"}, "later": ["where"]}], ["unasked_for_part"]),
        (["MB-1", {"code": "MB-2", "needs": "MB-1", "answers": {"kind": "new"}, "later": ["where"]}], []),
    ],
)
def test_a_bundle_must_ask_what_its_parts_need(parts, expected):
    assert bundle_codes(*parts) == expected
