"""Kunshan in depth: firms without a union, towns with and without staff, terms that end, foundings half-way."""

import datetime as dt

from config.demo.fiction import TRADES, Fiction
from config.demo.register import Register
from yiwang.grassroots.founding import actions as founding
from yiwang.grassroots.founding.models import Seat, Term
from yiwang.kernel.clock import add_months
from yiwang.platform.text.library import pinyin_keys
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Membership
from yiwang.register.organisations.actions import propose_change, update_organisation
from yiwang.register.organisations.models import Employer, Organisation

COUNTY = "320583"
GAPS = 60
SEATS = 5
YEARS = 5


class Grassroots:
    """What an officer of the county finds on the first morning."""

    def __init__(self, fiction: Fiction, register: Register, *, on: dt.date) -> None:
        self.fiction = fiction
        self.register = register
        self.on = on
        self.county = Organisation.objects.get(division_code=COUNTY, kind="A4")
        towns = Organisation.objects.live().filter(parent=self.county, kind__in=("C1", "C2")).order_by("pk")
        self.towns = list(towns)

    def write(self) -> None:
        gaps = self.gaps()
        self.flags()
        self.terms()
        self.half_way(gaps)

    def gaps(self) -> list[Employer]:
        """Firms on the list of the area that have no union yet."""
        draw, firms = self.fiction.random, []
        for place in range(GAPS):
            town = self.towns[place % len(self.towns)]
            firm = self.fiction.firm(COUNTY, "昆山市", brand="", trade=draw.choice(list(TRADES)))
            full, initials = pinyin_keys(firm.name)
            firms.append(
                Employer(
                    uscc=firm.uscc,
                    name=firm.name,
                    pinyin_full=full,
                    pinyin_initials=initials,
                    industry=firm.industry[0],
                    headcount=max(4, min(int(draw.lognormvariate(3.4, 1.1)), 700)),
                    division_code=town.division_code[:12],
                    source="demo",
                    last_seen_on=self.on - dt.timedelta(days=draw.randrange(5, 200)),
                )
            )
        firms[0].headcount = 268
        return Employer.objects.bulk_create(firms)

    def flags(self) -> None:
        """Most towns have staff, money and premises; some lack one."""
        for place, town in enumerate(self.towns):
            has = {"has_staff": place % 4 != 1, "has_money": place % 5 != 2, "has_place": place % 3 != 2}
            update_organisation(town, by=None, **has)

    def terms(self) -> None:
        """A committee in office for every union of the county that has members enough; some terms are over."""
        people: dict[int, list[Membership]] = {}
        for row in self.register.members:
            if row.organisation.division_code.startswith(COUNTY):
                people.setdefault(row.organisation_id, []).append(row)
        terms, seats = [], []
        for place, (body, rows) in enumerate(sorted(people.items())):
            if len(rows) < SEATS:
                continue
            # Every tenth is overdue, every tenth ends soon, the others are spread over the years.
            left = {0: -40, 5: 45}.get(place % 10, self.fiction.random.randrange(120, YEARS * 365 - 60))
            started = add_months(self.on + dt.timedelta(days=left), -YEARS * 12)
            term = Term(
                organisation_id=body,
                body="committee",
                number=1 + place % 4,
                years=YEARS,
                elected_on=started,
                starts_on=started,
                ends_on=add_months(started, YEARS * 12),
            )
            terms.append(term)
            posts = ["chair", "vice", "member", "member", "member"]
            seats += [
                Seat(term=term, person=row.person, post=post, since=started)
                for row, post in zip(rows, posts, strict=False)
            ]
        Term.objects.bulk_create(terms)
        Seat.objects.bulk_create(seats)

    def half_way(self, gaps: list[Employer]) -> None:
        """Foundings in guidance, before the reply and after it; a new name that waits for a decision."""
        town, officer = self._officer()
        approver = self.register.officers.get((self.county.pk, "county_approver"))
        handler = self.register.officers.get((self.county.pk, "county_handler"))
        if officer is None or approver is None or handler is None:
            return
        group = [{"name": self.fiction.name("1"), "side": side} for side in ("party", "worker", "worker")]
        for place, employer in enumerate(gaps[:3]):
            procedure = founding.start_founding(
                town, name=f"{employer.name}工会", employers=[employer], group=group, by=officer
            )
            if place < 2:
                founding.apply(procedure, by=officer)
            if place == 0:
                founding.approve(procedure, by=approver, opinion="同意")
        unit = next((body for body in self.register.units if body.parent_id == town.pk), None)
        if unit is not None:
            name = f"{unit.name.removesuffix('工会')}（玉山）工会"
            propose_change(unit, "rename", by=handler, reason="公司更名", name=name[:120])

    def _officer(self) -> tuple[Organisation, User | None]:
        for town in sorted(self.towns, key=lambda town: "玉山" not in town.name):
            officer = self.register.officers.get((town.pk, "town_officer"))
            if officer is not None:
                return town, officer
        return self.towns[0], None
