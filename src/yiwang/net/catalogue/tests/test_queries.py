import datetime as dt

import pytest
from django.utils.translation import override

from yiwang.net.catalogue.actions import draft_version, keep_finder_answers
from yiwang.net.catalogue.models import CONTENTS, Service
from yiwang.net.catalogue.policies import offered_to
from yiwang.net.catalogue.queries import (
    current_version,
    eligible,
    entitlement,
    entitlements,
    facts_of,
    former_version,
    prefill,
    published,
    surroundings,
    versions_of,
    with_contents,
)

from .factories import published as put_in_force

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 23)


def by_code(found):
    return {item.code: item for item in found}


def test_every_service_is_answered_for_a_member(cast, seeded):
    found = by_code(entitlements(facts_of(cast.wenjuan_person, {}, on=DAY), DAY))

    assert len(found) == 42
    assert found["MA-0001"].verdict == "yes"
    assert found["MA-0001"].because.startswith("因为")
    assert found["MB-0001"].verdict == "no"
    assert found["MB-0005"].verdict == "open"
    assert found["RT-0005"].verdict == "one_missing"
    assert found["RT-0005"].missing
    assert found["RT-0005"].because == ""


def test_one_more_answer_decides(cast, seeded):
    facts = facts_of(cast.wenjuan_person, {"trouble": ["wages"]}, on=DAY)

    assert entitlement(current_version("RT-0005"), facts, DAY).verdict in ("yes", "open")


def test_benefits_stand_before_errands(cast, seeded):
    found = entitlements(facts_of(cast.wenjuan_person, {}, on=DAY), DAY)

    kinds = [item.version.content.result.kind for item in found]
    assert kinds[0] == "payment"
    assert kinds.index("seat") < kinds.index("notice")


def test_answers_speak_the_readers_language(cast, seeded):
    with override("en"):
        item = entitlement(current_version("MA-0001"), facts_of(cast.wenjuan_person, {}, on=DAY), DAY)
        assert item.name == "Medical mutual aid: join or claim"
        assert item.gain_unit == "A payment"


def test_a_service_without_rules_is_for_a_person_to_judge(cast):
    item = entitlement(put_in_force(cast), {}, DAY)

    assert (item.verdict, item.because, item.missing) == ("person", "", "")


def test_asking_for_more_services_asks_no_more_queries(cast, seeded, django_assert_num_queries):
    CONTENTS.clear()
    facts = facts_of(None, {})
    with_contents(published())

    for codes in (["MA-0001"], ["MA-0001", "RT-0005", "HP-0001"]):
        with django_assert_num_queries(1):
            offered = with_contents(published().filter(service__code__in=codes))
            assert len(entitlements(facts, DAY, versions=offered)) == len(codes)


def test_contents_are_read_once_in_one_query(seeded, django_assert_num_queries):
    CONTENTS.clear()
    with django_assert_num_queries(2):
        first = with_contents(published())
    with django_assert_num_queries(1):
        again = with_contents(published())

    assert first[0].content is again[0].content


def test_the_store_of_contents_is_bounded(cast, monkeypatch):
    monkeypatch.setattr("yiwang.net.catalogue.models.MOST_CONTENTS", 1)
    CONTENTS.clear()
    version = put_in_force(cast)
    CONTENTS["other"] = version.content

    version.__dict__.pop("definition", None)
    CONTENTS.pop(version.digest, None)
    assert version.content.minutes == 2
    assert len(CONTENTS) == 1


def test_a_form_starts_with_what_is_on_file(cast, seeded):
    found = prefill(current_version("RT-0005"), cast.wenjuan_person)

    assert found["name"].value == "周文娟"
    assert found["employer"].value == "恒达精密机械（昆山）有限公司"
    assert found["division"].value["value"] == "320583100"
    assert prefill(current_version("RT-0005"), None) == {}


def test_a_form_starts_with_what_the_finder_was_told(cast, seeded):
    answers = {"trouble": ["wages", "hurt"], "medical": "d", "child": "senior"}

    def found(code, field):
        return prefill(current_version(code), None, answers).get(field)

    assert found("RT-0005", "kinds").value == ["W1"]
    assert found("RT-0002", "category").value == "W1"
    assert found("HP-0002", "kinds").value == ["medical", "education"]
    assert (found("HP-0003", "school_stage").value, found("HP-0003", "school_stage").source) == ("senior", "你刚才选的")
    assert prefill(current_version("HP-0003"), None, {"child": "higher"}) == {}
    assert prefill(current_version("HP-0002"), None, {"medical": "a"}) == {}


def test_the_eligible_are_those_who_agreed_to_be_told(cast, seeded):
    version = current_version("MA-0001")
    keep_finder_answers(cast.wenjuan, {}, may_be_told=True)
    keep_finder_answers(cast.stranger, {}, may_be_told=False)

    assert [person for person, _answer in eligible(version, [str(cast.county.path)], DAY)] == [cast.wenjuan_person]
    assert eligible(version, [str(cast.sibling_county.path)], DAY) == []
    keep_finder_answers(cast.courier, {}, may_be_told=True)
    assert len(eligible(version, [str(cast.province.path)], DAY)) == 1
    assert eligible(current_version("MB-0001"), [str(cast.province.path)], DAY) == []


def test_a_definition_is_checked_against_the_others(cast, seeded):
    around = surroundings(put_in_force(cast).service)

    assert around.is_local
    assert len(around.provincial) == 42
    assert "hp-0001" in around.rulesets


def test_versions_are_compared_with_the_one_in_force(cast):
    first = put_in_force(cast)
    second = draft_version(first, by=cast.handler)

    assert former_version(second, "") == first
    assert former_version(second, "1") == first
    assert former_version(second, "9") is None
    assert former_version(first, "") is None


def test_the_editors_list_costs_the_same_for_one_and_for_many(cast, seeded, django_assert_num_queries):
    for codes in (["MA-0001"], ["MA-0001", "RT-0005", "HP-0001"]):
        with django_assert_num_queries(2):
            found = versions_of(Service.objects.filter(code__in=codes))
            assert [len(service.listed) for service in found] == [1] * len(codes)


def test_a_member_pays_few_queries_for_the_list(cast, seeded, django_assert_max_num_queries):
    put_in_force(cast)
    with_contents(published())

    with django_assert_max_num_queries(5):
        assert len(with_contents(offered_to(cast.wenjuan))) == 43
