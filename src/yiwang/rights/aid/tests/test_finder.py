"""The entitlement finder asks the ledger of aid: whoever lives in a household on file reads so, and nobody else."""

import datetime as dt

import pytest

from yiwang.net.catalogue.actions import load_seed
from yiwang.net.catalogue.queries import current_version, entitlement, facts_of
from yiwang.register.members.models import Person
from yiwang.rights.aid import actions
from yiwang.rights.aid.models import AidFile, Member
from yiwang.rights.aid.tests.factories import filed, fill, make_file

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 23)


def card(person, code="HP-0002"):
    return entitlement(current_version(code), facts_of(person, {}, on=DAY), DAY).answer


def test_the_applicant_of_a_file_in_force_reads_yes_because(cast):
    load_seed()
    assert card(cast.wenjuan_person).verdict == "no"

    filed(cast)

    answer = card(cast.wenjuan_person)
    reason = next(reason for reason in answer.reasons if "档案" in reason.label)
    assert (answer.verdict, reason.holds) == ("yes", True)
    assert "深度困难" in reason.because
    assert card(cast.wenjuan_person, "HP-0001").verdict == "no"


def test_a_member_of_the_household_is_on_file_as_long_as_they_live_there(cast):
    file = filed(cast)
    wife = Person.objects.create(name="李芳", id_number="wife", id_hash="hash-of-wife", realname_level=2)
    row = Member.objects.get(file=file, relation="spouse")
    assert facts_of(wife, {}, on=DAY)["hardship_class"] == "none"

    Member.objects.filter(pk=row.pk).update(id_hash=wife.id_hash)
    assert facts_of(wife, {}, on=DAY)["hardship_class"] == "deep"

    Member.objects.filter(pk=row.pk).update(is_coresident=False)
    assert facts_of(wife, {}, on=DAY)["hardship_class"] == "none"


def test_a_file_that_waits_or_is_frozen_says_nothing(cast):
    file = fill(make_file(cast), cast.clerk)
    assert facts_of(cast.wenjuan_person, {}, on=DAY)["hardship_class"] == "none"

    filed(cast, file)
    assert facts_of(cast.wenjuan_person, {}, on=DAY)["hardship_class"] == "deep"

    actions.freeze_file(file, reason="核查中", by=cast.approver)
    assert facts_of(cast.wenjuan_person, {}, on=DAY)["hardship_class"] == "none"


def test_temporary_difficulty_stands_for_a_year(cast):
    file = make_file(cast)
    AidFile.objects.filter(pk=file.pk).update(
        state="refused", file_class="edge", closed_on=dt.date(2026, 1, 5), close_reason="生活暂时困难"
    )

    assert facts_of(cast.wenjuan_person, {}, on=DAY)["hardship_class"] == "edge"
    assert facts_of(cast.wenjuan_person, {}, on=dt.date(2027, 1, 6))["hardship_class"] == "none"


def test_the_finder_asks_the_ledger_once(cast, django_assert_num_queries):
    facts_of(cast.wenjuan_person, {}, on=DAY)

    with django_assert_num_queries(3):
        facts_of(cast.wenjuan_person, {}, on=DAY)
