"""What a household wrote, read without guessing and without dropping anything that can be read."""

from decimal import Decimal

from yiwang.rights.aid.formulas_answers import Bill, declared


def test_no_wage_is_no_work_and_other_income_is_kept():
    me = declared({"other_income": "1,200.50"}, "周文娟").persons[0]

    assert (me.work_state, me.incomes) == (
        "unemployed",
        {"wage_net": Decimal(0), "other_transfer": Decimal("1200.50")},
    )
    working = declared({"monthly_income": "3200", "months_worked": "10"}, "周文娟").persons[0]
    assert (working.work_state, working.months, working.incomes) == ("working", 10, {"wage_net": Decimal(32000)})


def test_an_amount_that_cannot_be_read_is_nothing():
    told = declared({"monthly_income": "三千", "other_income": "NaN", "medical_total": "Infinity"}, "周文娟")

    assert told.persons[0].incomes == {"wage_net": Decimal(0)}
    assert told.bills == ()


def test_a_student_without_a_name_is_passed_over_and_one_without_costs_has_no_bill():
    rows = [
        {"name": " ", "stage": "higher", "cost": "5000"},
        {"name": "周晨", "stage": "senior", "cost": ""},
        {"name": "周曦", "stage": "higher", "school": "苏州大学", "cost": "9800"},
    ]
    told = declared({"students": rows}, "周文娟")

    assert [(person.name, person.stage) for person in told.persons[1:]] == [("周晨", "high_school"), ("周曦", "higher")]
    assert told.bills == (Bill("周曦", "education", Decimal(9800), Decimal(9800)),)
