import copy

import pytest

from yiwang.platform.forms.library import Condition, Field, FormDefinition, Text, problems_of, visible_fields

from .factories import aid_form, aid_json, form, form_json, options, question, text


def test_a_definition_without_problems():
    assert aid_form().problems() == []
    assert FormDefinition.from_json(aid_form().to_json()).problems() == []


def test_json_round_trip_leaves_the_definition_as_it_was():
    definition = form(
        question("a", "text", min_length=2, max_length=9, format="name", hint=text("提示"), autocomplete="name"),
        question("b", "number", decimals=1, unit=text("天"), min=1, max="2.5"),
        question("c", "choice", options=[{"value": "x", "label": text("甲"), "hint": text("细说")}, *options("y")]),
        question("d", "identity", sensitive=False, id_types=["1", "2"]),
        question("e", "files", max_files=3, accept=["pdf"], optional=True),
        question("f", "phone", landline=True, sensitive=True, prefill="person.phone"),
        question(
            "g",
            "person_rows",
            columns=[question("name", "text")],
            min_rows=2,
            max_rows=4,
            show_if=[{"field": "b", "min": 1, "max": 2}, {"field": "c", "in": ["x"], "not_in": ["y"], "filled": True}],
        ),
    )

    again = FormDefinition.from_json(definition.to_json())

    assert again == definition
    assert again.hash == definition.hash


def test_hash_changes_with_the_questions_and_not_with_the_way_they_are_written():
    changed = aid_json()
    changed["steps"][0]["fields"][0]["optional"] = True
    spelled_out = aid_json()
    spelled_out["steps"][0]["fields"][0]["optional"] = False

    assert FormDefinition.from_json(changed).hash != aid_form().hash
    assert FormDefinition.from_json(spelled_out).hash == aid_form().hash


def test_half_written_definition_can_be_shown():
    definition = FormDefinition.from_json(
        {"steps": [{"fields": [{"options": ["甲", None], "show_if": "?", "label": "裸"}, 7]}, "stray"]}
    )

    assert [str(field.label) for field in definition.fields()] == ["裸"]
    assert definition.problems()


def test_text_speaks_both_languages_and_falls_back():
    assert Text("中", "en").in_language("en-gb") == "en"
    assert Text("中").in_language("en") == "中"
    assert Text("", "en").in_language("zh-hans") == "en"
    assert not Text()


@pytest.mark.parametrize(
    ("condition", "answers", "holds"),
    [
        ({"in": ["a"]}, {"q": "a"}, True),
        ({"in": ["a"]}, {"q": "b"}, False),
        ({"in": "a"}, {"q": ["a", "b"]}, True),
        ({"in": [True]}, {"q": True}, True),
        ({"in": [True]}, {"q": False}, False),
        ({"in": [False]}, {"q": False}, True),
        ({"in": ["u1"]}, {"q": {"value": "u1", "label": "x"}}, True),
        ({"not_in": ["a"]}, {"q": "b"}, True),
        ({"not_in": ["a"]}, {"q": "a"}, False),
        ({"not_in": ["a"]}, {}, False),
        ({"filled": True}, {"q": "a"}, True),
        ({"filled": True}, {"q": []}, False),
        ({"filled": False}, {}, True),
        ({"min": 2}, {"q": 2}, True),
        ({"min": 2}, {"q": "1.50"}, False),
        ({"max": 2}, {"q": [1, 2, 3]}, False),
        ({"max": 2}, {"q": "abc"}, False),
        ({"max": 2}, {"q": True}, False),
        ({"min": 1, "max": 3}, {"q": 2}, True),
    ],
)
def test_condition_holds(condition, answers, holds):
    assert Condition.from_json({"field": "q", **condition}).holds(answers) is holds


def test_answer_to_a_hidden_question_counts_as_not_given():
    definition = form(
        question("a", "yesno"),
        question("b", "yesno", show_if={"field": "a", "in": [True]}),
        question("c", "text", show_if={"field": "b", "in": [True]}),
    )

    def keys(answers):
        return [field.key for field in visible_fields(definition.steps, answers)]

    assert keys({"a": True, "b": True}) == ["a", "b", "c"]
    assert keys({"a": False, "b": True}) == ["a"]


def test_steps_without_a_visible_question_are_left_out():
    data = aid_json()
    data["steps"][1]["fields"] = [question("total", "money", show_if={"field": "hospital", "in": [True]})]
    definition = FormDefinition.from_json(data)

    assert [step.key for step in definition.visible_steps({"hospital": False})] == ["person", "family"]
    assert definition.next_step("person", {"hospital": False}).key == "family"
    assert definition.next_step("person", {"hospital": True}).key == "money"
    assert definition.previous_step("family", {"hospital": True}).key == "money"
    assert definition.previous_step("person", {}) is None
    assert definition.next_step("family", {}) is None
    assert definition.next_step("nowhere", {}) is None
    assert definition.position("family", {"hospital": True}) == (3, 3)
    assert definition.position("nowhere", {}) == (1, 2)


def test_sensitive_questions_are_those_marked_and_those_with_identity_numbers():
    assert aid_form().sensitive_keys == {"idno", "household"}
    assert Field.from_json(question("q", "identity", sensitive=False)).has_sensitive is False


def problem(*fields, **changes):
    data = form_json(*fields)
    data["steps"][0] |= changes
    return problems_of(data)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ([], "表单定义要写成对象"),
        ({}, "表单里还没有步骤"),
        ({"steps": [7]}, "第1步不是一个对象"),
        ({"steps": [{"key": "a", "title": {"zh": "一", "en": "a"}, "fields": []}]}, "第1步里没有问题"),
        ({"stepz": 1, "steps": [{}]}, "表单：不认识“stepz”"),
        (
            form_json(question("q", "text")) | {"steps": form_json(question("q", "text"))["steps"] * 8},
            "最多7步，现在有8步",
        ),
    ],
)
def test_problems_of_the_frame(data, sentence):
    assert any(sentence in found for found in problems_of(data))


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        (7, "有一个问题不是对象"),
        (question("1a", "text"), "代号要用小写英文字母开头"),
        (question("q", "signature"), "没有“signature”这种题型"),
        (question("q", "text", options=[]), "不认识“options”"),
        (question("q", "text", lable="x"), "不认识“lable”"),
        ({"key": "q", "kind": "text"}, "问法还没有写"),
        ({"key": "q", "kind": "text", "label": "只有中文"}, "问法缺英文"),
        ({"key": "q", "kind": "text", "label": {"zh": "中"}}, "问法缺英文"),
        ({"key": "q", "kind": "text", "label": {"en": "x"}}, "问法缺中文"),
        ({"key": "q", "kind": "text", "label": {"zh": "中", "fr": "x"}}, "要写成中文（zh）和英文（en）两句"),
        (question("q", "text", optional="yes"), "“optional”只能是 true 或 false"),
        (question("q", "text", max_length=0), "“max_length”要是1到20000之间的整数"),
        (question("q", "text", min_length=5, max_length=2), "“min_length”比“max_length”大"),
        (question("q", "text", format="email"), "没有“email”这种格式"),
        (question("q", "choice", options=options("a")), "至少要有两个选项"),
        (question("q", "choice", options=[{"value": 1}, *options("a")]), "每个选项要有 value（文字）和 label"),
        (question("q", "choice", options=options("a", "a")), "选项“a”用了两次"),
        (question("q", "number", min="many"), "“min”要写成数字"),
        (question("q", "date", max="tomorrow"), "要写成 2026-01-31、today"),
        (question("q", "number", min=3, max=2), "最小值比最大值大"),
        (question("q", "money", not_above="q2"), "“q2”不是"),
        (question("q", "person_rows"), "还没有列"),
        (question("q", "person_rows", columns=[7]), "每一列要写成对象"),
        (question("q", "person_rows", columns=[question("f", "files")]), "列里不能用“files”"),
        (question("q", "person_rows", columns=[question("f", "text", show_if={"field": "g"})]), "列不能带显示条件"),
        (question("q", "person_rows", columns=[question(f"c{n}", "text") for n in range(9)]), "最多8列"),
        (question("q", "person_rows", columns=[question(7, "text")]), "代号要用小写英文字母开头"),
        (question("q", "files", accept=["video"]), "“accept”只能从"),
        (question("q", "identity", id_types=["77"]), "“id_types”只能从"),
        (question("q", "file", max_files=3), "题型请用“files”"),
        (question("q", "text", show_if=["x"]), "显示条件要写成对象"),
        (question("q", "text", show_if={"field": "later", "in": ["a"]}), "前面没有“later”"),
    ],
)
def test_problems_of_a_question(field, sentence):
    assert any(sentence in found for found in problem(field)), problem(field)


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        ({"field": "c"}, "没有写要满足什么"),
        ({"field": "c", "in": ["z"]}, "“z”不是那个问题的选项"),
        ({"field": "y", "in": ["maybe"]}, "“maybe”不是那个问题的选项"),
        ({"field": "c", "equals": "a"}, "不认识“equals”"),
    ],
)
def test_problems_of_a_condition(condition, sentence):
    found = problem(
        question("c", "choice", options=options("a", "b")),
        question("y", "yesno"),
        question("q", "text", show_if=condition),
    )

    assert any(sentence in line for line in found), found


@pytest.mark.parametrize(
    "condition", [{"field": "y", "in": [True]}, {"field": "n", "min": 1}, {"field": "c", "in": "a"}, {}]
)
def test_conditions_without_problems(condition):
    found = problem(
        question("c", "choice", options=options("a", "b")),
        question("y", "yesno"),
        question("n", "number"),
        question("q", "text", show_if=condition),
    )

    assert found == []


def test_problems_of_repeated_keys_and_of_too_much_on_a_page():
    many = [question(f"q{n}", "text") for n in range(13)]

    assert any("代号“q”用了两次" in found for found in problem(question("q", "text"), question("q", "text")))
    assert any("有13个问题，太长了" in found for found in problem(*many))
    data = form_json(question("q", "text"))
    data["steps"].append(copy.deepcopy(data["steps"][0]))
    assert any("第2步：代号“only”用了两次" in found for found in problems_of(data))
