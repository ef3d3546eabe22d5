import datetime as dt

from django.utils.translation import override

from yiwang.net.catalogue.cards import eligibility_card
from yiwang.platform.rules.library.explaining import Answer, Mark, MissingFact, Reason


def reason(**changes):
    told = {
        "condition": "poor",
        "label": "家里每人每月不到2,360元",
        "holds": True,
        "because": "估算是722元",
        "fact": "household_left_pc",
        "fact_text": "722元",
        "source": "工资登记",
        "basis": "",
        "evidence": "design",
    }
    return Reason(**{**told, **changes})


def card(verdict, *reasons, missing=(), stopped=""):
    answer = Answer(
        ruleset="hp-0001",
        title="建档",
        version=1,
        sha256="",
        on=dt.date(2026, 11, 23),
        verdict=verdict,
        reasons=reasons,
        missing=missing,
        stopped=stopped,
    )
    return eligibility_card(answer, apply_url="/apply/", other_ways=[("别的", "/")])


def test_a_figure_is_drawn_on_the_scale_of_its_lines():
    marks = (Mark("2倍", 236000, "2,360元"), Mark("低保", 118000, "1,180元"))

    shown = card("yes", reason(unit="yuan", value=72200, limit=236000, marks=marks)).conditions[0].scale

    assert [mark.label for mark in shown.marks] == ["你家722元", "低保1,180元", "2倍2,360元"]
    assert [band.tone for band in shown.bands] == ["deep", "middle", "out"]
    assert 0 < shown.marks[0].at < shown.marks[1].at < shown.marks[2].at < 1
    assert shown.sentence == "你家722元，家里每人每月不到2,360元"


def test_other_figures_have_no_scale():
    zero = (Mark("低保", 0, "0元"),)

    assert card("yes", reason(unit="month", value=3, marks=zero)).conditions[0].scale is None
    assert card("yes", reason(unit="yuan", value=0, marks=zero)).conditions[0].scale is None


def test_the_head_says_the_verdict_and_counts_the_conditions():
    yes = card("yes", reason(), reason())
    no = card("no", reason(), reason(holds=False, others="看医疗互助"))
    missing = MissingFact("a", "甲", "asked", "", question="left"), MissingFact("b", "乙", "asked", "", question="left")
    open_one = card("missing", reason(), reason(holds=None, because="还不知道收入"), missing=missing)

    assert (yes.title, yes.subtitle) == ("你符合", "2个条件都对上了")
    assert (no.title, no.subtitle) == ("这次可能不符合", "2个条件：1个对上了，1个没对上")
    assert no.conditions[1].fact == "因为估算是722元。看医疗互助。"
    assert (no.other_ways, yes.other_ways) == ([("别的", "/")], [])
    assert (open_one.title, open_one.subtitle) == ("差1样就能定", "2个条件：1个对上了，1个要你补")
    assert open_one.conditions[1].fact == "还不知道收入。"
    assert open_one.conditions[1].source == ""


def test_english_counts_one_condition_and_several_differently():
    met, failed, unknown = reason(), reason(holds=False), reason(holds=None)
    with override("en"):
        told = [card("yes", *reasons).subtitle for reasons in ([met], [met, met], [failed], [met, failed], [unknown])]

    assert told == [
        "The only condition is met",
        "All 2 conditions are met",
        "1 condition: 0 met, 1 not met",
        "2 conditions: 1 met, 1 not met",
        "1 condition: 0 met, 1 still open",
    ]


def test_rules_without_a_figure_leave_it_to_a_person():
    stopped = card("stopped", reason(because="", others="打12351问"), stopped="低保标准还没公布")

    assert (stopped.title, stopped.subtitle) == ("要人来看", "低保标准还没公布")
    assert stopped.conditions[0].fact == "打12351问"
