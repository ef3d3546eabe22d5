import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from yiwang.kernel.errors import DomainError
from yiwang.register.organisations import actions, queries
from yiwang.register.organisations.errors import EmployerTaken, IsGone
from yiwang.register.organisations.models import Employer, OrganisationEmployer
from yiwang.register.organisations.tests.factories import body, line

pytestmark = pytest.mark.django_db
Relation = OrganisationEmployer.Relation


def test_one_credit_code_is_one_employer():
    first = actions.register_employer(
        name="恒达精密机械(昆山)有限公司", uscc="91350100m000100y43", by=None, headcount=268
    )
    again = actions.register_employer(name="恒达机械", uscc="91350100M000100Y43", by=None)

    assert first == again
    assert (first.name, first.pinyin_initials, first.headcount_band, first.ownership) == (
        "恒达精密机械（昆山）有限公司", "hdjmjxksyxgs", "200–499", "non_public",
    )  # fmt: skip
    with pytest.raises(ValidationError):
        actions.register_employer(name="工会", uscc="81320000509100012B", by=None)
    with pytest.raises(DomainError):
        actions.register_employer(name="错", uscc="91350100M000100Y44", by=None)


def test_an_employers_facts_are_corrected_and_only_changes_count():
    firm = actions.register_employer(name="恒达", by=None)

    assert actions.update_employer(firm, by=None, name="宏达", headcount=0) == ["name"]
    assert actions.update_employer(firm, by=None, name="宏达") == []
    assert Employer.objects.get().pinyin_full == "hongda"
    assert actions.update_employer(firm, by=None, headcount=30, address="前进路1号") == ["headcount", "address"]
    again = Employer.objects.get()
    assert (again.name, again.pinyin_full, again.headcount, again.address) == ("宏达", "hongda", 30, "前进路1号")


def test_an_employer_has_one_union_of_its_own_at_a_time():
    *_rest, town, village, unit = line()
    other = body(town, "E2", "玉山镇联合工会")
    firm = actions.register_employer(name="恒达", by=None)
    joint = actions.link_employer(other, firm, Relation.JOINT, by=None, on=dt.date(2024, 1, 1))
    own = actions.link_employer(unit, firm, Relation.OWN, by=None, on=dt.date(2024, 1, 1))

    with pytest.raises(EmployerTaken):
        actions.link_employer(other, firm, Relation.OWN, by=None)
    with pytest.raises(ValidationError):
        actions.link_employer(other, firm, Relation.JOINT, by=None)
    assert queries.union_of_employer(firm) == unit
    assert list(queries.employers(unit)) == [own]

    actions.unlink_employer(own, by=None)

    assert queries.union_of_employer(firm) == other
    assert list(queries.employers(unit)) == []
    assert actions.link_employer(village, firm, Relation.OWN, by=None)
    assert joint.valid_to is None


def test_a_merger_takes_the_bodies_below_and_leaves_no_second_link():
    *_rest, town, _village, unit = line()
    joint, group = body(town, "E2", "玉山镇联合工会"), body(unit, "F2", "一组")
    both, fresh = actions.register_employer(name="恒达", by=None), actions.register_employer(name="宏达", by=None)
    since, day = dt.date(2024, 1, 1), dt.date(2025, 1, 1)
    old = actions.link_employer(joint, both, Relation.JOINT, by=None, on=since)
    left = actions.link_employer(unit, both, Relation.OWN, by=None, on=since)
    never = actions.link_employer(unit, fresh, Relation.JOINT, by=None, on=day)

    assert actions.merge_organisation(unit, joint, by=None, on=day) == 0

    assert list(queries.children(joint)) == [group]
    links = queries.employers(joint, on=day)
    assert {link.employer: (link.relation, link.valid_from) for link in links} == {
        both: ("joint", since), fresh: ("joint", day),
    }  # fmt: skip
    assert old in links
    left.refresh_from_db()
    assert left.valid_to == day
    assert not OrganisationEmployer.objects.filter(pk=never.pk).exists()  # it would have ended the day it began
    with pytest.raises(IsGone):
        actions.split_organisation(unit, name="新工会", kind="E1", taking=[fresh], by=None)
