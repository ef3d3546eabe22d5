"""The cast: the people and bodies that every test knows, made in a few statements.

Two counties of one city, so that every right can be tried inside and outside its scope. Names are invented.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from yiwang.kernel.crypto import blind_index
from yiwang.kernel.identity import id_check_digit, uscc_check_digit
from yiwang.register.access.models import Appointment
from yiwang.register.access.roles import Role
from yiwang.register.accounts.models import NoticeAcceptance, User
from yiwang.register.accounts.notice import NOTICE_VERSION
from yiwang.register.members.models import Membership, MembershipSpan, Person
from yiwang.register.organisations.models import Employer, Kind, Organisation, OrganisationEmployer

SINCE = dt.date(2020, 1, 1)


@dataclass(frozen=True)
class Cast:
    province: Organisation
    city: Organisation
    county: Organisation
    town: Organisation
    unit: Organisation
    sibling_county: Organisation
    sibling_town: Organisation
    sibling_unit: Organisation
    employer: Employer
    sibling_employer: Employer
    wenjuan: User
    courier: User
    stranger: User
    chair: User
    clerk: User
    town_officer: User
    handler: User
    approver: User
    city_handler: User
    supervisor: User
    province_handler: User
    leader: User
    hotline: User
    quality: User
    audit: User
    discipline: User
    finance: User
    admin: User
    security: User
    auditor: User
    sibling_handler: User
    sibling_approver: User
    wenjuan_person: Person
    courier_person: Person
    stranger_person: Person
    wenjuan_membership: Membership
    stranger_membership: Membership


# key, name, kind, level, parent, division
BODIES = (
    ("province", "江苏省总工会", Kind.PROVINCE, 2, None, "320000"),
    ("city", "苏州市总工会", Kind.CITY, 3, "province", "320500"),
    ("county", "昆山市总工会", Kind.COUNTY, 4, "city", "320583"),
    ("sibling_county", "太仓市总工会", Kind.COUNTY, 4, "city", "320585"),
    ("town", "玉山镇总工会", Kind.TOWN, 5, "county", "320583100"),
    ("sibling_town", "城厢镇总工会", Kind.TOWN, 5, "sibling_county", "320585100"),
    ("unit", "恒达精密工会", Kind.SINGLE, 7, "town", "320583100"),
    ("sibling_unit", "联达光电工会", Kind.SINGLE, 7, "sibling_town", "320585100"),
)

# key, name, phone; the first nine numbers are those of the demo personas
PEOPLE = (
    ("wenjuan", "周文娟", "13800000001"),
    ("courier", "赵一鸣", "13800000002"),
    ("chair", "刘芳", "13800000003"),
    ("town_officer", "顾晓东", "13800000004"),
    ("handler", "沈佳", "13800000005"),
    ("approver", "陆明", "13800000006"),
    ("supervisor", "何静", "13800000007"),
    ("leader", "江敏", "13800000008"),
    ("admin", "陈工", "13800000009"),
    ("security", "方正", "13800000010"),
    ("auditor", "施然", "13800000011"),
    ("stranger", "孙志伟", "13800000012"),
    ("sibling_handler", "钱亮", "13800000013"),
    ("clerk", "马丽", "13800000014"),
    ("city_handler", "许成", "13800000015"),
    ("province_handler", "丁宁", "13800000016"),
    ("hotline", "吴桐", "13800000017"),
    ("quality", "郑洁", "13800000018"),
    ("audit", "冯衡", "13800000019"),
    ("discipline", "严明", "13800000020"),
    ("sibling_approver", "章华", "13800000021"),
    ("finance", "温岚", "13800000022"),
)

POSTS = (
    ("clerk", Role.UNIT_CLERK, "unit"),
    ("chair", Role.UNIT_CHAIR, "unit"),
    ("town_officer", Role.TOWN_OFFICER, "town"),
    ("handler", Role.COUNTY_HANDLER, "county"),
    ("approver", Role.COUNTY_APPROVER, "county"),
    ("sibling_handler", Role.COUNTY_HANDLER, "sibling_county"),
    ("sibling_approver", Role.COUNTY_APPROVER, "sibling_county"),
    ("city_handler", Role.CITY_HANDLER, "city"),
    ("supervisor", Role.CITY_SUPERVISOR, "city"),
    ("province_handler", Role.PROVINCE_HANDLER, "province"),
    ("leader", Role.PROVINCE_LEADER, "province"),
    ("hotline", Role.HOTLINE, "city"),
    ("quality", Role.QUALITY, "city"),
    ("audit", Role.AUDIT, "county"),
    ("discipline", Role.DISCIPLINE, "county"),
    ("finance", Role.FINANCE, "county"),
    ("admin", Role.SYSTEM_ADMIN, "province"),
    ("security", Role.SECURITY_ADMIN, "province"),
    ("auditor", Role.AUDIT_ADMIN, "province"),
)

# key of the person, seventeen digits of the number, body and employer of the membership
PERSONS = (
    ("wenjuan", "32058319900301284", "unit", "employer"),
    ("courier", "32132219950615341", None, None),
    ("stranger", "32058519881120231", "sibling_unit", "sibling_employer"),
)


def build_cast() -> Cast:
    """Write the cast into the database: about twelve statements."""
    bodies = _bodies()
    employers = _employers(bodies)
    users = _users()
    _posts(users, bodies)
    persons = _persons(users)
    memberships = _memberships(persons, bodies, employers)
    return Cast(
        **bodies,
        **employers,
        **users,
        **{f"{key}_person": person for key, person in persons.items()},
        **{f"{key}_membership": membership for key, membership in memberships.items()},
    )


def _bodies() -> dict[str, Organisation]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('organisations_organisation', 'id')) FROM generate_series(1, %s)",
            [len(BODIES)],
        )
        numbers = [row[0] for row in cursor.fetchall()]
    made: dict[str, Organisation] = {}
    for number, (key, name, kind, level, parent, division) in zip(numbers, BODIES, strict=True):
        above = made.get(parent or "")
        made[key] = Organisation(
            pk=number,
            code=f"{division.ljust(9, '0')}{kind}{number:06}"[:20],
            name=name,
            short_name=name,
            kind=kind,
            level=level,
            parent=above,
            path=f"{above.path}.n{number}" if above else f"n{number}",
            division_code=division,
            valid_from=SINCE,
            member_scope=Organisation.MemberScope.SINGLE if level == 7 else Organisation.MemberScope.NONE,
            employee_count=268 if level == 7 else 0,
        )
    Organisation.objects.bulk_create(made.values())
    return made


def _employers(bodies: dict[str, Organisation]) -> dict[str, Employer]:
    made = {
        "employer": Employer(
            name="恒达精密机械（昆山）有限公司",
            uscc=_uscc("91320583MC1234560"),
            industry="C",
            headcount=268,
            division_code="320583100",
        ),
        "sibling_employer": Employer(
            name="联达光电科技（太仓）有限公司",
            uscc=_uscc("91320585MC1234561"),
            industry="C",
            headcount=120,
            division_code="320585100",
        ),
    }
    Employer.objects.bulk_create(made.values())
    own = OrganisationEmployer.Relation.OWN
    OrganisationEmployer.objects.bulk_create(
        [
            OrganisationEmployer(organisation=bodies[body], employer=made[firm], relation=own, valid_from=SINCE)
            for body, firm in (("unit", "employer"), ("sibling_unit", "sibling_employer"))
        ]
    )
    return made


def _uscc(seventeen: str) -> str:
    return seventeen + uscc_check_digit(seventeen)


def _users() -> dict[str, User]:
    made = {}
    for key, name, phone in PEOPLE:
        user = User(phone=phone, name=name, phone_verified_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
        user.set_unusable_password()
        made[key] = user
    User.objects.bulk_create(made.values())
    NoticeAcceptance.objects.bulk_create(
        [NoticeAcceptance(user=user, version=NOTICE_VERSION) for user in made.values()]
    )
    return made


def _posts(users: dict[str, User], bodies: dict[str, Organisation]) -> None:
    Appointment.objects.bulk_create(
        [
            Appointment(
                user=users[key],
                organisation=bodies[body],
                role=role,
                valid_from=SINCE,
                state=Appointment.State.IN_FORCE,
            )
            for key, role, body in POSTS
        ]
    )


def _persons(users: dict[str, User]) -> dict[str, Person]:
    made = {}
    for key, seventeen, _body, _firm in PERSONS:
        user, number = users[key], seventeen + id_check_digit(seventeen)
        made[key] = Person(
            user=user,
            name=user.name,
            id_number=number,
            id_hash=blind_index("identity", f"1:{number}"),
            birth_date=dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14])),
            phone=user.phone,
            phone_hash=blind_index("phone", user.phone or ""),
            realname_level=2,
        )
    Person.objects.bulk_create(made.values())
    return made


def _memberships(
    persons: dict[str, Person], bodies: dict[str, Organisation], employers: dict[str, Employer]
) -> dict[str, Membership]:
    joined = dt.date(2021, 3, 1)
    made = {
        key: Membership(
            number=f"{bodies[body].division_code}{persons[key].pk:09}"[:18],
            person=persons[key],
            organisation=bodies[body],
            employer=employers[firm],
            state=Membership.State.ACTIVE,
            joined_on=joined,
        )
        for key, _number, body, firm in PERSONS
        if body and firm
    }
    Membership.objects.bulk_create(made.values())
    MembershipSpan.objects.bulk_create(
        [
            MembershipSpan(
                membership=membership,
                person=membership.person,
                organisation=membership.organisation,
                days=(joined, None),
                reason=MembershipSpan.Reason.JOINED,
            )
            for membership in made.values()
        ]
    )
    return made


@pytest.fixture
def cast(db: None) -> Cast:
    return build_cast()


def _one(name: str) -> Callable[..., Any]:
    @pytest.fixture(name=name)
    def member(cast: Cast) -> Any:
        return getattr(cast, name)

    return member


for _field in fields(Cast):
    globals()[f"{_field.name}_fixture"] = _one(_field.name)


@pytest.fixture
def client_of() -> Callable[[User | None], Client]:
    """A browser in which this user has just signed in (or nobody): ``client_of(wenjuan).get("/")``."""

    def sign_in(user: User | None) -> Client:
        browser = Client()
        if user is not None:
            browser.force_login(User.objects.get(pk=user.pk))
        return browser

    return sign_in
