import pytest

from yiwang.register.access.actions import appoint_first_administrators
from yiwang.register.access.errors import NeedsAnotherPerson, NotTheFirst
from yiwang.register.access.models import Appointment
from yiwang.register.access.policies import holds
from yiwang.register.access.roles import Role
from yiwang.register.accounts.models import User
from yiwang.register.organisations.actions import create_organisation

pytestmark = pytest.mark.django_db
THREE = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)


def fresh():
    province = create_organisation(name="江苏省总工会", kind="A2", parent=None, division_code="320000", by=None)
    return province, [User.objects.create_user(f"1380000010{n}") for n in range(3)]


def test_three_people_become_the_three_administrators_of_a_fresh_installation():
    province, people = fresh()

    appoint_first_administrators(province, dict(zip(THREE, people, strict=True)))

    assert [holds(people[1], "access.appoint"), holds(people[0], "access.appoint")] == [True, False]
    assert Appointment.objects.count() == 3


def test_one_person_cannot_be_two_of_them():
    province, people = fresh()

    with pytest.raises(NeedsAnotherPerson):
        appoint_first_administrators(province, dict.fromkeys(THREE, people[0]))

    assert Appointment.objects.count() == 0


def test_it_works_only_before_anybody_holds_a_post():
    province, people = fresh()
    appoint_first_administrators(province, dict(zip(THREE, people, strict=True)))

    with pytest.raises(NotTheFirst):
        appoint_first_administrators(province, dict(zip(THREE, people, strict=True)))
