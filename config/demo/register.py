"""Rows of the demo federation's unions, members and officers, written in bulk."""

import datetime as dt
from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password

from config.demo.fiction import PLATFORMS, Fiction, Fictional
from config.demo.units import Body, Unit, draw_units
from yiwang.kernel.clock import start_of
from yiwang.kernel.ids import public_id
from yiwang.platform.text.library import pinyin_keys
from yiwang.register.access.models import Appointment
from yiwang.register.access.roles import Role
from yiwang.register.accounts.models import User
from yiwang.register.members.actions.bulk import enrol_many
from yiwang.register.members.models import Membership, Person
from yiwang.register.organisations.actions.bulk import NewBody, found_many
from yiwang.register.organisations.models import Employer, Organisation, OrganisationEmployer

BATCH = 2_000
SINCE = dt.date(2019, 1, 1)
NEAR = "320583"


@dataclass
class Register:
    """What later parts of the demo pick from."""

    units: list[Organisation] = field(default_factory=list)
    employers: dict[int, Employer] = field(default_factory=dict)  # by union id
    members: list[Membership] = field(default_factory=list)
    officers: dict[tuple[int, str], User] = field(default_factory=dict)  # (body id, role) -> account
    trades: dict[int, tuple[str, ...]] = field(default_factory=dict)  # by union id
    people: dict[str, Person] = field(default_factory=dict)  # the named ones


def regional_bodies() -> list[Body]:
    """Towns, zones and villages of the real tree, with the county they lie in."""
    rows = Organisation.objects.filter(level__in=(4, 5)).order_by("division_code", "pk")
    places = {row.division_code: row.short_name or row.name.removesuffix("总工会") for row in rows if row.level == 4}
    return [
        Body(
            pk=row.pk,
            path=str(row.path),
            level=row.level,
            kind=row.kind,
            name=row.name,
            division=row.division_code,
            county=row.division_code[:6],
            place=places.get(row.division_code[:6], ""),
        )
        for row in rows
    ]


def write_units(fiction: Fiction, *, count: int, on: dt.date, register: Register) -> None:
    """Employers and their own unions, below real towns and zones."""
    units = draw_units(fiction, regional_bodies(), count=count, on=on)
    employers = [employer_of(fiction, unit) for unit in units]
    Employer.objects.bulk_create(employers, batch_size=BATCH)
    standing = {str(body.pk): body for body in Organisation.objects.filter(level__lte=5)}
    bodies = found_many([union_of(fiction, unit) for unit in units], standing, source="demo", valid_from=SINCE)
    OrganisationEmployer.objects.bulk_create(
        [
            OrganisationEmployer(organisation=body, employer=employer, relation="own", valid_from=SINCE)
            for body, employer in zip(bodies, employers, strict=True)
        ],
        batch_size=BATCH,
    )
    register.units = bodies
    register.employers = {body.pk: employer for body, employer in zip(bodies, employers, strict=True)}
    register.trades = {body.pk: unit.firm.trades for body, unit in zip(bodies, units, strict=True)}


def employer_of(fiction: Fiction, unit: Unit) -> Employer:
    full, initials = pinyin_keys(unit.firm.name)
    return Employer(
        uscc=unit.firm.uscc,
        name=unit.firm.name,
        pinyin_full=full,
        pinyin_initials=initials,
        unit_nature=unit.nature,
        industry=unit.firm.industry[0],
        industry_class=unit.firm.industry[1:],
        size="L" if unit.employees >= 1000 else "M" if unit.employees >= 300 else "S" if unit.employees >= 20 else "X",
        headcount=unit.employees,
        division_code=unit.parent.division[:12],
        has_party_branch=fiction.random.random() < 0.4,
        source="demo",
    )


def union_of(fiction: Fiction, unit: Unit) -> NewBody:
    place = unit.parent.name.removesuffix("总工会").removesuffix("工会")
    return NewBody(
        key=unit.firm.uscc,
        parent_key=str(unit.parent.pk),
        name=f"{unit.firm.name}工会",
        kind=unit.kind,
        level=7,
        division_code=unit.parent.division,
        source_ref=unit.firm.uscc,
        details={
            "short_name": f"{unit.firm.short_name}工会",
            "founded_on": unit.founded_on,
            "member_scope": "single",
            "employee_count": unit.employees,
            "female_employee_count": unit.women,
            "migrant_count": unit.migrants,
            "counted_on": SINCE,
            "address": f"{place}示例路{fiction.random.randrange(1, 400)}号",
            "phone": f"0512-5{fiction.random.randrange(10**6, 10**7)}" if fiction.random.random() < 0.6 else "",
        },
    )


def draw_homes(fiction: Fiction, *, count: int, register: Register) -> tuple[list[Organisation], list[Organisation]]:
    """The union of each member, by size: those among whom the stories are, and the rest."""
    weights = [max(body.employee_count, 5) for body in register.units]
    homes = fiction.random.choices(register.units, weights, k=count)
    homes.sort(key=lambda body: body.pk)
    near = [home for home in homes if home.division_code.startswith(NEAR)]
    far = [home for home in homes if not home.division_code.startswith(NEAR)]
    return near + far[::8], [home for number, home in enumerate(far) if number % 8]


def write_members(fiction: Fiction, homes: list[Organisation], *, on: dt.date, register: Register) -> list[Membership]:
    """A person with one membership in each of these unions."""
    rows = []
    for home in homes:
        human = fiction.person(home.division_code[:6], on=on)
        trades = register.trades.get(home.pk, ("工人",))
        membership = membership_row(fiction, home, register.employers.get(home.pk), human, trades=trades, on=on)
        rows.append((person_row(human), membership))
    enrol_many(rows, by=None)
    return [membership for _, membership in rows]


def person_row(human: Fictional, *, user: User | None = None) -> Person:
    return Person(
        user=user,
        name=human.name,
        id_type="1",
        id_number=human.id_number,
        gender=human.gender,
        birth_date=human.birth_date,
        nation="01",
        political="13",
        education="40",
        phone=human.phone,
        phone_verified_at=start_of(dt.date(2026, 1, 5)) if user else None,
        realname_level=2,
    )


def membership_row(
    fiction: Fiction,
    home: Organisation,
    employer: Employer | None,
    human: Fictional,
    *,
    trades: tuple[str, ...],
    on: dt.date,
) -> Membership:
    draw = fiction.random
    founded = home.founded_on or SINCE
    adult = human.birth_date.replace(year=human.birth_date.year + 18, day=1)
    joined = max(founded, adult) + dt.timedelta(days=draw.randrange(0, 1500))
    new_form = draw.choice(PLATFORMS)[0] if home.kind == "D2" else "N99"
    return Membership(
        organisation=home,
        joined_on=min(joined, on - dt.timedelta(days=20)),
        join_way=draw.choice("1123346"),
        employer=employer,
        trade=draw.choice(trades),
        employ_kind="8" if new_form != "N99" else draw.choices("1236", (80, 10, 4, 6))[0],
        employ_state="1",
        is_migrant=draw.random() < 0.35,
        new_form=new_form,
        skill_level=draw.choices((None, 1, 2, 3, 4, 5, 6, 7, 8), (40, 8, 16, 16, 12, 5, 2, 0.6, 0.4))[0],
        source="demo",
    )


def officer(
    fiction: Fiction, body: Organisation, role: Role, *, on: dt.date, name: str = "", phone: str = ""
) -> tuple[User, Appointment]:
    """An account with a post; it has no password, the telephone's code signs in."""
    human_name = name or fiction.name("2" if fiction.random.random() < 0.45 else "1")
    user = User(
        public_id=public_id(),
        phone=phone or fiction.phone(),
        name=human_name,
        phone_verified_at=start_of(on),
        password=make_password(None),
    )
    post = Appointment(
        user=user,
        organisation=body,
        role=role,
        valid_from=on
        - dt.timedelta(days=fiction.random.randrange(800, 1800)),  # in office as long as the cases go back
        basis="演示任命",
        state="in_force",
    )
    return user, post


def write_officers(
    fiction: Fiction, *, on: dt.date, register: Register, named: dict[tuple[int, str], tuple[str, str]]
) -> None:
    """Chairs of most unions, officers of every county and city, of many towns: the rest shows the safety net."""
    drawn: list[tuple[User, Appointment]] = []

    def post(body: Organisation, role: Role) -> None:
        name, phone = named.get((body.pk, role.value), ("", ""))
        drawn.append(officer(fiction, body, role, on=on, name=name, phone=phone))

    for unit in register.units:
        if (unit.pk, Role.UNIT_CHAIR.value) in named or fiction.random.random() < 0.45:
            post(unit, Role.UNIT_CHAIR)
    for body in Organisation.objects.filter(level__lte=5).order_by("pk"):
        if body.level == 5 and ((body.pk, Role.TOWN_OFFICER.value) in named or fiction.random.random() < 0.5):
            post(body, Role.TOWN_OFFICER)
        if body.level == 4:
            post(body, Role.COUNTY_HANDLER)
            post(body, Role.COUNTY_APPROVER)
        if body.level == 3:
            post(body, Role.CITY_HANDLER)
            post(body, Role.CITY_SUPERVISOR)
        if body.level == 2:
            for role in (Role.PROVINCE_HANDLER, Role.PROVINCE_LEADER, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN):
                post(body, role)
            for role in (Role.AUDIT_ADMIN, Role.DISCIPLINE, Role.HOTLINE, Role.QUALITY):
                post(body, role)
    User.objects.bulk_create([user for user, _ in drawn], batch_size=BATCH)
    Appointment.objects.bulk_create([appointment for _, appointment in drawn], batch_size=BATCH)
    register.officers = {(row.organisation_id, str(row.role)): user for user, row in drawn}
