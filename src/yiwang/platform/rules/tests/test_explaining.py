import datetime as dt

import pytest

from yiwang.platform.rules.library.errors import BadFact, MissingParameter
from yiwang.platform.rules.library.explaining import OURS, explain, explain_many
from yiwang.platform.rules.library.facts import checked_fact, facts_from_answers
from yiwang.platform.rules.library.model import Option, Question
from yiwang.platform.rules.library.words import Words, number_text
from yiwang.platform.rules.tests.factories import BECAUSE, DAY, condition, fact, formula, parameter, ruleset, version

AGE = fact("age", unit="year", low=0, high=130)
MEMBER = fact("member", "bool")
LEFT = fact("left", unit="yuan", high=10**8, ranged=True)
LEAST = parameter("least", (16, None, dt.date(2026, 6, 30)), (18, dt.date(2026, 7, 1)), unit="year")


@pytest.fixture(scope="module")
def of_age():
    return version(condition("old", "age >= least", because=BECAUSE), facts=[AGE], parameters=[LEAST])


def test_a_reason_says_the_fact_the_limit_and_the_margin(of_age):
    answer = explain(of_age, {"age": 15}, DAY)

    (reason,) = answer.reasons
    assert answer.verdict == "no"
    assert (reason.because, reason.limit_text, reason.margin, reason.holds) == ("你才15岁，差-3年", "18岁", -3, False)
    assert (reason.fact, reason.fact_text, reason.source, reason.basis) == ("age", "15岁", "字", "某法第一条")


def test_the_same_answer_in_english(of_age):
    (reason,) = explain(of_age, {"age": 20}, DAY, "en").reasons

    assert (reason.label, reason.because, reason.margin_text) == ("needs old", "You are 20 years", "2 years")


def test_a_parameter_counts_from_its_day(of_age):
    assert explain(of_age, {"age": 17}, dt.date(2026, 6, 30)).verdict == "yes"
    assert explain(of_age, {"age": 17}, dt.date(2026, 7, 1)).verdict == "no"


def test_a_day_without_a_figure_stops_the_decision(of_age):
    early = dt.date(1999, 1, 1)

    with pytest.raises(MissingParameter, match="1999-01-01"):
        explain(of_age, {"age": 17}, early)
    (answer,) = explain_many([of_age], {"age": 17}, early)
    assert answer.verdict == "stopped"
    assert "先不作决定" in answer.stopped


def test_a_table_without_the_row_stops_the_decision_and_never_guesses():
    line = parameter("line", (100, None, None, ("a",)), unit="yuan", keys=("city",))
    one = version(
        condition("poor", "income < line[city]"),
        facts=[fact("city", "choice", choices=["a", "b"]), fact("income", unit="yuan")],
        parameters=[line],
    )

    assert explain(one, {"city": "a", "income": 5}, DAY).verdict == "yes"
    assert explain(one, {"income": 5}, DAY).missing[0].fact == "city"
    with pytest.raises(MissingParameter):
        explain(one, {"city": "b", "income": 5}, DAY)


def test_only_facts_that_would_decide_are_missing():
    names = ["a", "b", "c", "d"]
    one = version(condition("x", "a and b or c and d"), facts=[fact(name, "bool") for name in names])

    def missing(**facts):
        return [item.fact for item in explain(one, facts, DAY).missing]

    assert missing() == names
    assert missing(a=False) == ["c", "d"]
    assert missing(a=False, c=True) == ["d"]
    assert missing(a=True, b=True) == []
    assert missing(a=False, c=False) == []


def test_a_failed_condition_decides_whatever_else_is_unknown():
    one = version(condition("m", "member"), condition("old", "age >= 18"), facts=[AGE, MEMBER])

    answer = explain(one, {"member": False}, DAY)

    assert (answer.verdict, answer.missing) == ("no", ())
    assert answer.reasons[1].missing == ("age",)


def test_a_verdict_of_alternatives_asks_only_for_what_is_open():
    one = version(
        condition("m", "member"),
        condition("old", "age >= 18"),
        condition("rich", "left > yuan(5)"),
        facts=[AGE, MEMBER, LEFT],
        verdict="m and (old or rich)",
    )

    assert [item.fact for item in explain(one, {"member": True, "age": 3}, DAY).missing] == ["left"]
    assert explain(one, {"member": True, "age": 20}, DAY).verdict == "yes"
    assert explain(one, {"member": True}, DAY).one_missing is False


def test_facts_of_one_question_count_as_one_thing_missing():
    both = [fact("a", "bool", question="q"), fact("b", "bool", question="q")]
    one = version(condition("x", "a or b"), facts=both)

    assert explain(one, {}, DAY).one_missing


def test_a_choice_waits_for_its_test_then_for_the_branch_taken():
    facts = [MEMBER, fact("a", "bool"), fact("b", "bool")]
    one = version(condition("x", "a if member else b"), facts=facts)

    assert [item.fact for item in explain(one, {"a": True}, DAY).missing] == ["member"]
    assert [item.fact for item in explain(one, {"member": False}, DAY).missing] == ["b"]


@pytest.mark.parametrize(
    ("left", "verdict"),
    [
        ((0, 99_999), "yes"),
        ((100_000, 300_000), "no"),
        ((50_000, 150_000), "missing"),
        (99_999, "yes"),
        (None, "missing"),
    ],
)
def test_a_fact_known_as_a_range_decides_only_when_the_whole_range_does(left, verdict):
    line = parameter("line", 100_000, unit="yuan")
    one = version(condition("poor", "left < line"), facts=[LEFT], parameters=[line])

    answer = explain(one, {"left": left}, DAY)

    assert answer.verdict == verdict
    assert [item.exact for item in answer.missing] == ([left is not None] if verdict == "missing" else [])


def test_a_range_may_be_open_and_stand_on_either_side():
    line = parameter("line", 100_000, unit="yuan")
    one = version(
        condition("rich", "line <= left"), condition("not_that", "left != line"), facts=[LEFT], parameters=[line]
    )

    assert explain(one, {"left": [100_001, None]}, DAY).verdict == "yes"
    assert explain(one, {"left": [None, 5]}, DAY).verdict == "no"
    assert explain(one, {"left": [5, 100_000]}, DAY).verdict == "missing"


def test_what_is_not_verified_is_never_shown_as_law():
    soft = parameter("soft", 16, unit="year")
    design = type(soft.values[0])(**{**vars(soft.values[0]), "evidence": "design"})
    one = version(
        condition("law", "age >= least"),
        condition("own", "age >= 3 + age", evidence="unverified"),
        condition("limit", "age >= soft"),
        facts=[AGE],
        parameters=[LEAST, type(soft)(**{**vars(soft), "values": (design,)})],
    )

    law, own, limit = explain(one, {"age": 20}, DAY).reasons

    assert (law.basis, law.evidence) == ("某法第一条", "verified")
    assert (own.basis, own.evidence) == (OURS.zh, "unverified")
    assert (limit.evidence, limit.limit_source) == ("design", OURS.zh)


def test_the_ledger_lists_the_steps_and_the_amount_only_for_a_yes():
    one = version(
        condition("m", "member"),
        facts=[MEMBER, fact("cost", unit="yuan")],
        parameters=[parameter("rate", 1500, unit="rate")],
        formulas=[formula("aid", "round(rate * cost, yuan(1))", unit="yuan", shown=True), formula("hidden", "cost")],
        total="aid",
    )

    yes, no = explain(one, {"member": True, "cost": 12_345}, DAY), explain(one, {"member": False, "cost": 12_345}, DAY)

    assert [(step.key, step.value, step.text) for step in yes.steps] == [("aid", 1_900, "19元")]
    assert (yes.amount, yes.amount_text, no.amount) == (1_900, "19元", None)


def test_marks_and_other_ways_stand_beside_a_no():
    one = version(
        condition("poor", "left < line * 2", marks=("line", "double"), others=Words("打12351", "Call 12351")),
        facts=[LEFT],
        parameters=[parameter("line", 100_000, unit="yuan")],
        formulas=[formula("double", "line * 2", unit="yuan")],
    )

    (no,) = explain(one, {"left": 250_000}, DAY).reasons
    (yes,) = explain(one, {"left": 50_000}, DAY).reasons

    assert [(mark.label, mark.text) for mark in no.marks] == [("字", "1,000元"), ("公式double", "2,000元")]
    assert (no.others, yes.others) == ("打12351", "")
    assert (no.value, no.limit, no.margin_text) == (250_000, 200_000, "−500元")


def test_a_limit_with_decimals_shows_rounded_but_compares_exactly():
    one = version(
        condition("near", "left <= line * 3.5"),
        facts=[LEFT],
        parameters=[parameter("line", 121, unit="yuan")],
    )

    (reason,) = explain(one, {"left": 424}, DAY).reasons

    # 3.5 × 1.21 yuan is 4.235 yuan: shown as 4.24, and 4.24 is above it all the same
    assert (reason.limit, reason.margin, reason.holds) == (424, -1, False)


@pytest.mark.parametrize(
    ("item", "value"),
    [
        (AGE, "12"),
        (AGE, True),
        (AGE, 131),
        (AGE, -1),
        (AGE, 1.5),
        (AGE, [1, 2]),
        (MEMBER, 1),
        (MEMBER, "yes"),
        (fact("s", "choice", choices=["a"]), "b"),
        (fact("s", "choice", choices=["a"]), ["a"]),
        (fact("d", "date"), "soon"),
        (fact("d", "date"), 1.5),
        (LEFT, [5, 1]),
        (LEFT, ["a", 1]),
        (LEFT, [1, 10**9]),
    ],
)
def test_a_fact_of_the_wrong_shape_is_refused_never_guessed(item, value):
    with pytest.raises(BadFact):
        checked_fact(item, value)


def test_dates_are_taken_as_days_or_as_text():
    day = fact("d", "date")

    assert checked_fact(day, dt.date(1970, 1, 2)) == checked_fact(day, "1970-01-02") == 1


QUESTION = Question(
    "q",
    Words("问", "ask"),
    (Option("a", "甲", "A", {"a": True}), Option("b", "乙", "B", {"b": True}), Option("none", "无", "none")),
    many=True,
    otherwise={"a": False, "b": False},
)


@pytest.mark.parametrize(
    ("answers", "facts"),
    [
        ({}, {}),
        ({"q": ["a"]}, {"a": True, "b": False}),
        ({"q": ["none"]}, {"a": False, "b": False}),
        ({"q": ["a", "b"]}, {"a": True, "b": True}),
        ({"q": ""}, {}),
    ],
)
def test_answers_become_facts(answers, facts):
    assert facts_from_answers([QUESTION], answers) == facts


def test_an_option_that_does_not_exist_is_refused():
    with pytest.raises(BadFact):
        facts_from_answers([QUESTION], {"q": ["z"]})


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (120_800, "yuan", "1,208元", "1,208 yuan"),
        (120_850, "yuan", "1,208.50元", "1,208.50 yuan"),
        (-50, "yuan", "−0.50元", "−0.50 yuan"),
        (1500, "rate", "15%", "15%"),
        (1250, "rate", "12.5%", "12.5%"),
        (0, "date", "1970年1月1日", "1 January 1970"),
        (702, "month_day", "7月2日", "July 2"),
        (1, "month", "1个月", "1 month"),
        (85, "month", "7年1个月", "7 years 1 month"),
        (36, "month", "3年", "3 years"),
        (1234, "person", "1,234人", "1,234 people"),
    ],
)
def test_values_read_as_people_say_them(value, unit, zh, en):
    assert (number_text(value, unit, "zh-hans"), number_text(value, unit, "en")) == (zh, en)


def test_forty_programmes_are_answered_in_one_statement():
    many = [version(condition("old", "age >= least"), facts=[AGE], parameters=[LEAST], key=f"p{n}") for n in range(40)]

    answers = explain_many(many, {"age": 20}, DAY)

    assert [answer.ruleset for answer in answers] == [f"p{n}" for n in range(40)]
    assert {answer.verdict for answer in answers} == {"yes"}


def test_a_rule_set_is_the_same_after_being_stored():
    rules = ruleset(condition("old", "age >= least", because=BECAUSE), facts=[AGE], parameters=[LEAST])

    assert type(rules).from_data(rules.to_data()) == rules
    assert type(rules).from_data(rules.to_data()).sha256 == rules.sha256
