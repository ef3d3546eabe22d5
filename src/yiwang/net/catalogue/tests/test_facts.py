import datetime as dt

import pytest

from yiwang.net.catalogue.queries import facts_of, held_facts
from yiwang.platform.rules.queries import explain_many, ruleset_keys
from yiwang.register.members.models import Membership

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 23)


def test_what_the_register_knows_of_a_member(cast):
    assert facts_of(cast.wenjuan_person, {}, on=DAY) == {
        "age": 36,
        "real_name_level": 2,
        "union_role": "none",
        "hardship_class": "none",
        "membership_state": "active",
        "months_in_union": 68,
        "employ_state": "working",
        "employ_kind": "contract",
        "new_form": "N99",
        "is_migrant": False,
        "has_employer": True,
        "employer_has_union": True,
        "city": "320500",
    }


def test_unknown_facts_stay_out(cast):
    found = facts_of(cast.wenjuan_person, {}, on=DAY)

    assert "skill_level" not in found
    assert "union_months" not in found
    assert found["months_in_union"] == 68
    assert found["city"] == "320500"


def test_a_known_person_without_membership_is_none_and_a_stranger_is_unknown(cast):
    assert facts_of(cast.courier_person, {}, on=DAY)["membership_state"] == "none"
    assert facts_of(None, {}, on=DAY) == {}


def test_an_ended_membership_tells_its_state_only(cast):
    Membership.objects.filter(person=cast.wenjuan_person).update(state="quit", ended_on=DAY)

    found = facts_of(cast.wenjuan_person, {}, on=DAY)

    assert found["membership_state"] == "quit"
    assert "has_employer" not in found


def test_a_union_office_is_told(cast):
    cast.wenjuan_person.user = cast.chair
    cast.wenjuan_person.save(update_fields=["user"])

    assert facts_of(cast.wenjuan_person, {}, on=DAY)["union_role"] == "chair"


def test_a_day_of_birth_in_the_future_is_no_age(cast):
    cast.courier_person.birth_date = DAY + dt.timedelta(days=1)

    assert "age" not in facts_of(cast.courier_person, {}, on=DAY)


def test_answers_become_facts_and_the_register_wins(cast):
    found = facts_of(cast.wenjuan_person, {"child": "senior", "trouble": ["wages"]}, on=DAY)

    assert found["child_stage"] == "senior"
    assert found["wages_unpaid"] is True
    assert found["hurt_at_work"] is False


def test_every_fact_is_in_the_vocabulary(cast):
    facts = facts_of(cast.wenjuan_person, {}, on=DAY)

    assert set(explain_many(ruleset_keys(), facts, DAY)) == set(ruleset_keys())


def test_forms_are_filled_from_the_register_with_the_source(cast):
    held = held_facts(cast.wenjuan_person)

    assert (held["person.name"].value, held["person.name"].source) == ("周文娟", "实名信息")
    assert held["membership.organisation"].value["value"] == cast.unit.public_id
    assert held["membership.employer"].value == "恒达精密机械（昆山）有限公司"
    assert "membership.employer" not in held_facts(cast.courier_person)
    assert held_facts(None) == {}
