"""People who join and move in Kunshan: a code at a station, requests, the pool, a transfer on its way, doubles."""

import datetime as dt
from dataclasses import replace

from config.demo.fiction import Fiction
from config.demo.register import Register, membership_row, person_row
from yiwang.grassroots.joining import actions as joining
from yiwang.grassroots.joining.models import JoinRequest
from yiwang.kernel.clock import add_days, now, start_of
from yiwang.net.cases.actions import submit_case
from yiwang.net.catalogue.queries import current_version
from yiwang.platform.text.library import person_keys
from yiwang.register.access.roles import Role
from yiwang.register.accounts.models import User
from yiwang.register.members import actions as members
from yiwang.register.members.actions.bulk import enrol_many
from yiwang.register.members.models import Membership, Person
from yiwang.register.members.queries import identity_hash, phone_hash, tail_hash
from yiwang.register.organisations.models import Organisation

COUNTY = "320583"
COURIERS = (
    ("潘志远", "1", 29, "N03"),
    ("钱小梅", "2", 34, "N04"),
    ("杜建军", "1", 41, "N01"),
    ("罗文斌", "1", 26, "N04"),
    ("郑秀英", "2", 45, "N06"),
    ("吴海涛", "1", 31, "N02"),
)
ADMITTED = 3  # of those; the others wait for the town's officer


class Joining:
    """What the officer of 玉山镇 and the chair of 恒达精密 find on their desks."""

    def __init__(self, fiction: Fiction, register: Register, *, on: dt.date) -> None:
        self.fiction = fiction
        self.register = register
        self.on = on
        self.town = Organisation.objects.get(name="玉山镇总工会")
        self.officer = register.officers[(self.town.pk, Role.TOWN_OFFICER.value)]
        self.home = next(body for body in register.units if body.name.startswith("昆山市恒达精密机械"))

    def write(self) -> None:
        self.code()
        self.transfer()
        self.group()
        self.doubles()

    def code(self) -> None:
        pool = joining.pool_of(self.town)
        campaign = joining.open_campaign(
            pool,
            name="城东驿站扫码入会",
            kind="station",
            place="城东驿站门口、配送站休息室",
            valid_from=self.on,
            valid_until=add_days(self.on, 90),
            most=500,
            office=self.town,
            by=self.officer,
        )
        for place, (name, gender, age, form) in enumerate(COURIERS):
            person = self.person(name, gender, age)
            case = joining.join_by_code(
                campaign,
                person,
                answers={"name": name, "new_form": form, "platform": "城东配送站"},
                device=f"demo-{place}",
                consents=[],
                by=self.user_of(person),
            )
            if place < ADMITTED:
                row = JoinRequest.objects.select_related("case__version__service").get(case=case)
                joining.note_contact(row, "call", by=self.officer)
                joining.admit(row, pool, reason="打过电话，情况属实，同意入会", by=self.officer)
        first = Person.objects.get(name=COURIERS[0][0], user__isnull=False)
        members.begin_affiliation(first, self.home, by=first.user, work="晚上在厂区送件")

    def person(self, name: str, gender: str, age: int) -> Person:
        human = self.fiction.person(COUNTY, on=self.on, name=name, gender=gender, age=age)
        user = User(phone=human.phone, name=name, phone_verified_at=start_of(self.on))
        user.set_unusable_password()
        user.save()
        person = person_row(human, user=user)
        person.id_hash = identity_hash(person.id_type, human.id_number)
        person.tail_hash = tail_hash(human.id_number)
        person.phone_hash = phone_hash(human.phone)
        person.pinyin_full, person.pinyin_initials = person_keys(name)
        person.save()
        return person

    def user_of(self, person: Person) -> User:
        assert person.user is not None
        return person.user

    def transfer(self) -> None:
        """A worker of 恒达精密 went to Wuxi and asked on the telephone."""
        there = next((body for body in self.register.units if body.division_code.startswith("3202")), None)
        held = self.register.people.get("何丽梅")
        if there is None or held is None:
            return
        answers = {
            "name": held.name,
            "organisation": {"value": there.public_id, "label": there.name},
            "reason": "moved",
            "since": add_days(self.on, -12).isoformat(),
        }
        case = submit_case(
            current_version("MB-0003"),
            applicant=held,
            answers=answers,
            by=self.user_of(held),
            idempotency_key="demo:transfer",
            now=now(),
        )
        joining.begin(case)

    def group(self) -> None:
        chair = self.register.officers[(self.home.pk, Role.UNIT_CHAIR.value)]
        people = list(Membership.objects.current().filter(organisation=self.home).select_related("person")[:9])
        for name, part in (("装配一线小组", people[:6]), ("质检小组", people[6:])):
            group = members.make_group(self.home, name, by=chair)
            members.put_in_group(group, part, by=chair)
            if part:
                members.name_leader(group, part[0], by=chair)

    def doubles(self) -> None:
        """One worker was typed in twice, with a mistyped number."""
        known = next(row for row in self.register.members if row.organisation_id == self.home.pk)
        human = self.fiction.person(COUNTY, on=self.on, name=known.person.name, gender=known.person.gender, age=30)
        assert known.person.birth_date is not None
        human = replace(human, id_number=self.fiction.identity(COUNTY, known.person.birth_date, human.gender))
        twin = person_row(replace(human, birth_date=known.person.birth_date))
        employer = self.register.employers.get(self.home.pk)
        row = membership_row(self.fiction, self.home, employer, human, trades=("装配工",), on=self.on)
        enrol_many([(twin, row)], by=None)
        members.find_pairs()
