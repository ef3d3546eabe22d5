import datetime as dt

from yiwang.platform.forms.library import (
    Field,
    FormDefinition,
    OnFile,
    answer_problems,
    carry_over,
    masked,
    prefilled,
    show_value,
    visible_answers,
)

from .factories import IDENTITY, TODAY, Bodies, aid_form, aid_json, form, options, question, text

ANSWERS = {
    "name": "周文娟",
    "who": "self",
    "idno": IDENTITY,
    "hospital": True,
    "total": "68214.50",
    "paid": "38460.00",
    "bills": ["d1"],
    "household": [{"name": "赵建国", "idno": IDENTITY}],
    "unit": {"value": "u1", "label": "恒达精密工会"},
}


def test_summary_groups_visible_questions_by_step():
    assert aid_form().summary(ANSWERS, "zh-hans") == [
        (
            "谁生病了",
            [
                ("姓名", "周文娟", "name"),
                ("谁生病了", "选self", "who"),
                ("身份证号", IDENTITY, "idno"),
                ("住院了吗", "是", "hospital"),
            ],
        ),
        (
            "花了多少",
            [
                ("总费用", "68,214.50元", "total"),
                ("自己付了多少", "38,460.00元", "paid"),
                ("结算单", "1个文件", "bills"),
                ("别处报过吗", "—", "other"),
            ],
        ),
        ("家里人", [("家里人", f"赵建国，{IDENTITY}", "household"), ("工作单位", "恒达精密工会", "unit")]),
    ]


def test_summary_leaves_out_hidden_questions_and_empty_steps():
    data = aid_json()
    data["steps"][1]["fields"] = [question("total", "money", show_if={"field": "hospital", "in": [True]})]

    titles = [title for title, _lines in FormDefinition.from_json(data).summary(ANSWERS | {"hospital": False})]

    assert titles == ["谁生病了", "家里人"]


def test_values_are_shown_as_people_read_them():
    def show(kind, value, **members):
        return show_value(Field.from_json(question("q", kind, **members)), value, "zh-hans")

    assert show("number", 3, unit=text("天", " days")) == "3天"
    assert show("date", "2026-11-05") == "2026年11月5日"
    assert show("yesno", False) == "否"
    assert show("choices", ["a", "gone"], options=options("a", "b")) == "选a、gone"
    assert show("organisation", "u1") == "u1"
    assert show("text", "㐂") == "㐂"
    assert show("text", None) == "—"
    assert show_value(Field.from_json(question("q", "number", unit=text("天", " days"))), 3, "en") == "3 days"


def test_masked_answers_star_out_what_names_a_person():
    definition = form(
        question("idno", "identity"),
        question("card", "text", format="bank_card"),
        question("phone", "phone", sensitive=True),
        question("open_phone", "phone"),
        question("illness", "textarea", sensitive=True),
        question("money", "money", sensitive=True),
        question("rows", "person_rows", columns=[question("idno", "identity"), question("name", "text")]),
        question("empty", "identity", optional=True),
    )
    answers = {
        "idno": IDENTITY,
        "card": "6222021234567890128",
        "phone": "13912345520",
        "open_phone": "13912345520",
        "illness": "心梗",
        "money": "1.00",
        "rows": [{"idno": IDENTITY, "name": "赵建国", "gone": "x"}],
        "empty": "",
        "unknown": "x",
    }

    assert masked(definition.steps, answers) == {
        "idno": IDENTITY[:3] + "*" * 11 + IDENTITY[-4:],
        "card": "622************0128",
        "phone": "139****5520",
        "open_phone": "139****5520",
        "illness": "***",
        "money": "1.00",
        "rows": [{"idno": IDENTITY[:3] + "*" * 11 + IDENTITY[-4:], "name": "赵建国"}],
        "empty": "",
    }


def test_only_answers_to_what_was_asked_are_handed_in():
    definition = aid_form()

    assert "idno" not in visible_answers(definition.steps, ANSWERS | {"who": "family"})
    assert visible_answers(definition.steps, ANSWERS) == ANSWERS


def test_complete_answers_have_no_problem():
    assert answer_problems(aid_form().steps, ANSWERS, today=TODAY) == []
    assert answer_problems(aid_form().steps, ANSWERS, today=TODAY, sources={"organisation": Bodies()}) == []


def test_problems_of_answers_say_where_they_are_mended():
    answers = ANSWERS | {"paid": "68214.51", "who": "stranger", "unit": {"value": ""}, "left_over": 1}
    answers.pop("name")

    found = answer_problems(aid_form().steps, answers)

    assert [(problem.step_key, problem.field_key) for problem in found] == [
        ("", "left_over"),
        ("person", "name"),
        ("person", "who"),
        ("money", "paid"),
        ("family", "unit"),
    ]
    assert found[0].message == "这份表里没有“left_over”这个问题。"
    assert found[1].message == "请填“姓名”。"


def test_answers_that_still_fit_survive_a_new_version():
    data = aid_json()
    data["steps"][0]["fields"][1]["options"] = options("family", "other")  # “self” is gone
    data["steps"][1]["fields"][2] = question("paid", "number")  # another kind
    data["steps"][2]["fields"].append(question("card", "text", format="bank_card"))  # a new question
    data["steps"][0]["fields"] = data["steps"][0]["fields"][:3]  # “hospital” is no longer asked
    del data["steps"][1]["fields"][1]["show_if"]

    carried = carry_over(aid_form().steps, FormDefinition.from_json(data).steps, ANSWERS, today=TODAY)

    assert set(carried.answers) == {"name", "idno", "total", "bills", "household", "unit"}
    assert sorted(carried.dropped) == ["hospital", "paid", "who"]
    assert carried.new == ("paid", "card")


def test_prefill_takes_what_is_held_and_leaves_out_our_own_mistakes():
    definition = form(
        question("name", "text", format="name", prefill="person.name"),
        question("phone", "phone", prefill="person.phone"),
        question("born", "date", prefill="person.birth_date"),
        question("unit", "organisation", prefill="membership.organisation"),
        question("free", "text"),
    )
    held = {
        "person.name": OnFile("周文娟", "会员登记"),
        "person.phone": OnFile("123", "会员登记"),
        "person.birth_date": OnFile(dt.date(1986, 3, 25), "会员登记"),
        "membership.organisation": OnFile({"value": "u1", "label": "恒达精密工会"}, "会员登记"),
    }

    found = prefilled(definition.steps, held, today=TODAY)

    assert {key: part.value for key, part in found.items()} == {
        "name": "周文娟",
        "born": "1986-03-25",
        "unit": {"value": "u1", "label": "恒达精密工会"},
    }
    assert prefilled(definition.steps, {"person.name": OnFile("", "x")}, today=TODAY) == {}
