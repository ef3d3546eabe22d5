"""Programmes of one county: school aid that is paid, visit lists that are being made, one draw held and one to come."""

import datetime as dt
from decimal import Decimal
from typing import Any

from config.demo.aid import Hardship
from yiwang.kernel.clock import local_date
from yiwang.net.payments import actions as money
from yiwang.net.payments.models import Fund
from yiwang.register.members.models import Membership, Person
from yiwang.rights.aid import actions
from yiwang.rights.aid.models import Place, Programme

SHORT = dt.timedelta(days=12)


class Programmes:
    """Uses the officers and households of ``Hardship``; every step through the very actions that officers use."""

    def __init__(self, hardship: Hardship) -> None:
        self.hardship = hardship
        self.on = hardship.stories.on
        self.at = hardship.at
        self.named = [hardship.stories.memberships[name].person for name in ("周文娟", "何丽梅", "王德山", "朱建国")]
        below = {"organisation__path__descendant": str(hardship.county.path)}
        others = Membership.objects.filter(state="active", **below).exclude(person__in=self.named)
        others = others.filter(joined_on__lt=self.on - dt.timedelta(days=800))
        self.others = [row.person for row in others.select_related("person__user").order_by("pk")[:30]]

    def play(self) -> None:
        self.school()
        self.visits()
        self.mutual()
        training = self.fund("county_fiscal", "就业帮扶资金", "40000")
        self.make("employment", "就业帮扶培训补贴", fund=training, quota=20)
        self.holidays("职工疗休养（第一批）", held=True)
        self.holidays("职工疗休养（第二批）", held=False)

    def fund(self, kind: str, name: str, budget: str) -> Fund:
        return money.open_fund(
            self.hardship.county,
            kind=kind,
            year=self.at.year,
            name=f"昆山市{name}",
            budget=Decimal(budget),
            project_no=f"KS-{kind}",
            by=self.hardship.approver,
            now=self.at,
        )

    def mutual(self) -> None:
        """A period of a year: two who take part and are covered, one whose union has not paid yet."""
        fund = self.fund("mutual", "职工医疗互助资金", "80000")
        starts = local_date(self.at)
        period: dict[str, Any] = {
            "covers_from": starts,
            "covers_until": starts + dt.timedelta(days=364),
            "premium": Decimal(60),
        }
        programme = self.make("mutual", "职工医疗互助", fund=fund, quota=500, **period)
        for number, person in enumerate(self.others[3:6]):
            place = self.place(programme, person, {}, purpose="join")
            actions.give_place(place, reason="符合参加条件。", by=self.hardship.approver, now=self.at)
            if number < 2:
                voucher = f"HZ-{number + 1:04}"
                actions.receive_premium(place, day=starts, payer="self", voucher=voucher, by=self.hardship.handler)

    def make(
        self, kind: str, name: str, *, fund: Fund | None, quota: int, choice: str = "rules", **more: Any
    ) -> Programme:
        """Open since the families' stories began, to the end of the year or for three weeks more."""
        opens = local_date(self.at)
        last = dt.date(opens.year, 12, 31)
        programme = actions.make_programme(
            self.hardship.county,
            kind=kind,
            name=f"{opens.year}年{name}",
            choice=choice,
            opens_on=opens,
            closes_on=min(max(self.on + dt.timedelta(days=21), opens), last),
            quota=quota,
            budget=fund.budget if fund else Decimal(0),
            fund=fund,
            by=self.hardship.approver,
            now=self.at,
            **more,
        )
        actions.open_programme(programme, by=self.hardship.approver)
        return programme

    def place(
        self, programme: Programme, person: Person, told: dict[str, Any], *, checked: bool = True, purpose: str = "aid"
    ) -> Place:
        place = actions.enter(programme, person, told=told, purpose=purpose, by=self.hardship.handler, now=self.at)
        for double in place.doubles.filter(resolved_at=None) if checked else ():
            actions.resolve_double(double, outcome="reduced", words="看过，已按规则扣减", by=self.hardship.handler)
        if checked:
            actions.check_place(place, told={}, by=self.hardship.handler, now=self.at)
        return place

    def school(self) -> None:
        """One place that waits to be looked at: the household got school aid with its file."""
        programme = self.make("education", "金秋助学", fund=self.fund("charity", "爱心助学金", "50000"), quota=30)
        person = self.hardship.stories.memberships["王德山"].person
        self.place(programme, person, {"school_stage": "higher", "costly_school": False}, checked=False)

    def visits(self) -> None:
        """A list of the unions: some given and on their way to the account, some checked, some just named."""
        fund = self.fund("union_base", "送温暖资金", "60000")
        programme = self.make("warmth", "冬季送温暖", fund=fund, quota=80)
        actions.set_share(programme, organisation=self.town(), quota=40, by=self.hardship.approver)
        reasons = ("front", "duty", "ill", "model", "front", "duty", "front", "ill", "front")
        for number, reason in enumerate(reasons):
            place = self.place(programme, self.others[number], {"visit_reason": reason}, checked=number < 6)
            if number < 4:
                actions.give_place(place, reason="按慰问标准发放。", by=self.hardship.approver, now=self.at)
        self.place(programme, self.named[2], {"visit_reason": "hardship"}, checked=False)

    def town(self) -> Any:
        below = {"path__descendant": str(self.hardship.county.path)}
        return type(self.hardship.county).objects.filter(level=5, **below).order_by("pk")[0]

    def holidays(self, name: str, *, held: bool) -> None:
        programme = self.make("rest", name, fund=None, quota=5, choice="draw")
        people = self.others[9:20] if held else self.others[18:28]
        for person in [*self.named[:2], *people] if held else [self.named[3], *people]:
            self.place(programme, person, {})
        actions.close_programme(programme, by=self.hardship.approver)
        day = local_date(self.at) + SHORT if held else self.on + dt.timedelta(days=9)
        source = f"福利彩票双色球{day:%Y年%m月%d日}开奖号码"
        now = self.at if held else None
        actions.announce_programme_draw(programme, source=source, draws_on=day, by=self.hardship.approver, now=now)
        if held:
            programme.refresh_from_db()
            actions.hold_programme_draw(
                programme,
                public="03 08 11 19 24 30 + 07",
                witness="经审会何静",
                by=self.hardship.approver,
                now=self.at + SHORT,
            )
