"""Families in hardship and the money on its way to them: open, refused, appealed, paid, returned. All invented."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Q

from config.demo.stories import Stories
from yiwang.kernel.clock import local_date, start_of
from yiwang.kernel.clock import now as clock_now
from yiwang.net.catalogue.actions import keep_finder_answers
from yiwang.net.notices.actions import end_notice, object_to
from yiwang.net.notices.queries import notice_of
from yiwang.net.payments import actions as money
from yiwang.net.payments.formats import Status, answer_file
from yiwang.net.payments.models import Batch, Fund
from yiwang.register.access.models import Appointment
from yiwang.register.access.roles import Role
from yiwang.register.accounts.models import User
from yiwang.register.members.formulas import luhn_digit
from yiwang.register.members.models import Membership
from yiwang.register.organisations.models import Organisation
from yiwang.rights.aid import actions
from yiwang.rights.aid.models import AidFile

FINANCE = ("温岚", "13800000022")
AUDIT = ("冯衡", "13800000025")
ITEMS = ("living", "medical", "education", "accident", "warmth", "temporary")


class Hardship:
    """Plays a dozen steps of nine households, through the very actions that officers use."""

    def __init__(self, stories: Stories) -> None:
        self.stories = stories
        self.at = clock_now() - dt.timedelta(days=40)
        self.county = Organisation.objects.get(name__startswith="昆山市总工会", level=4)
        self.handler = self.officer(Role.COUNTY_HANDLER)
        self.approver = self.officer(Role.COUNTY_APPROVER)
        self.finance = self.new_officer(Role.FINANCE, FINANCE)
        self.new_officer(Role.AUDIT, AUDIT)
        self.serial = 0

    def officer(self, role: Role) -> User:
        return Appointment.objects.filter(organisation=self.county, role=role).order_by("pk")[0].user

    def new_officer(self, role: Role, who: tuple[str, str]) -> User:
        """Nobody else of the demo pays or audits."""
        name, phone = who
        user = User(phone=phone, name=name, phone_verified_at=start_of(self.stories.on))
        user.set_unusable_password()
        user.save()
        Appointment.objects.create(
            user=user,
            organisation=self.county,
            role=role,
            valid_from=self.stories.on - dt.timedelta(days=400),
            state=Appointment.State.IN_FORCE,
        )
        return user

    def play(self) -> None:
        fund = self.fund("union_county", "昆山市总工会困难帮扶金", "300000", ())
        self.fund("central", "中央财政职工困难帮扶资金（昆山）", "120000", ("living", "medical", "education"))
        self.programme("living", "困难职工生活救助", fund, "120000")
        self.programme("medical", "困难职工医疗救助", fund, "150000")
        for name in ("陆小燕", "刘强"):
            self.decide(self.at_county(self.open(name)), fund, "符合规定，同意建档。")
        self.pay(fund)
        self.refuse(self.at_county(self.open("葛伟明", wage=168000)), appeal=False)
        self.refuse(self.at_county(self.open("朱建国", wage=150000)), appeal=True)
        self.object_to(self.open("何丽梅"))
        self.at_notice(self.open("阿依古丽·买买提"), signed=clock_now())
        self.decide(self.at_county(self.open("王德山")), fund, "符合规定，同意建档。")
        actions.prepare_decision(self.at_county(self.open("陈国庆")), by=self.handler)
        self.open("蒋敏慧", urgent=True)
        self.agree()
        self.look_again()

    def agree(self) -> None:
        """Three families of this county who qualify, agreed to be told, and never asked."""
        quiet = self.stories.memberships["𠮷田慧子"]
        others = Membership.objects.filter(
            Q(**{"organisation__path__descendant": str(self.county.path)}), state="active"
        )
        others = others.exclude(person__user=None).exclude(person__name__in=self.stories.memberships)
        others = others.filter(is_migrant=False).select_related("person__user").order_by("pk")
        for membership in [quiet, *others[:2]]:
            assert membership.person.user is not None
            keep_finder_answers(membership.person.user, {"left": "a", "sudden": "no"}, may_be_told=True)

    def fund(self, kind: str, name: str, budget: str, items: tuple[str, ...]) -> Fund:
        return money.open_fund(
            self.county,
            kind=kind,
            year=self.stories.on.year,
            name=name,
            budget=Decimal(budget),
            items=items,
            project_no="KS-01" if items else "",
            by=self.approver,
            now=self.at,
        )

    def programme(self, kind: str, name: str, fund: Fund, budget: str) -> None:
        """Grants of files from this fund count in it."""
        opens = max(local_date(self.at), dt.date(self.stories.on.year, 1, 1))  # the year of its fund
        made = actions.make_programme(
            self.county,
            kind=kind,
            name=f"{opens.year}年{name}",
            choice="rules",
            opens_on=opens,
            closes_on=dt.date(opens.year, 12, 31),
            quota=200,
            budget=Decimal(budget),
            fund=fund,
            by=self.approver,
            now=self.at,
        )
        actions.open_programme(made, by=self.approver)

    def open(self, name: str, *, wage: int = 38400, urgent: bool = False) -> AidFile:
        """A household of three: one wage, a large bill of the other, a child at university."""
        self.serial += 1
        membership = self.stories.memberships[name]
        file = actions.open_file(
            membership.person,
            organisation=self.county,
            region="320500",
            main_cause="6",
            is_urgent=urgent,
            by=self.handler,
            now=self.at,
        )
        self.facts(file, wage)
        body = f"62284802{self.serial:010}"
        money.keep_account(
            membership.person,
            number=body + luhn_digit(body),
            holder_name=name,
            bank_name="昆山农商行",
            by=self.handler,
            now=self.at,
        )
        return file

    def facts(self, file: AidFile, wage: int) -> None:
        given: dict[str, Any] = {"by": self.handler, "now": self.at}
        me = file.members.get(relation="self")
        me.work_state = "working"
        me.save(update_fields=["work_state"])
        told: dict[str, Any] = {"declared": Decimal(wage), "origin": "applicant"}
        actions.set_income(me, kind="wage_net", amount=Decimal(wage), months=12, proof="shown", by=self.handler, **told)
        house = file.applicant.name.rpartition("·")[2][0]
        other = actions.add_member(
            file, name=f"{house}家爱人", relation="spouse", birth_date=dt.date(1984, 3, 2), **given
        )
        child = actions.add_member(
            file,
            name=f"{house}小宁",
            relation="child",
            birth_date=dt.date(2006, 9, 1),
            stage="higher",
            school="苏州大学",
            **given,
        )
        actions.add_asset(file, kind="home", housing="own", area=Decimal("62.5"), words="玉山镇，贷款还有九年", **given)
        day = (self.at - dt.timedelta(days=60)).date()
        back: dict[str, Any] = {"serious": Decimal(8500), "assistance": Decimal(3000), "mutual": Decimal(1500)}
        bill = actions.add_expense(
            other,
            bucket="medical",
            total=Decimal(62000),
            basic=Decimal(36500),
            declared=Decimal(12500),
            origin="applicant",
            day=day,
            invoice=f"YLDEMO{self.serial:04}",
            **back,
            **given,
        )
        why = "有一张门诊发票不在12个月内，去掉1,500元"
        actions.correct_expense(bill, total=bill.total, basic=Decimal(38000), why=why, by=self.handler, **back)
        actions.add_expense(
            child,
            bucket="education",
            total=Decimal(9800),
            declared=Decimal(9800),
            origin="applicant",
            day=day,
            invoice=f"XFDEMO{self.serial:04}",
            **given,
        )

    def at_notice(self, file: AidFile, *, signed: dt.datetime) -> AidFile:
        """Visited and checked; the notice hangs from the moment the opinion is signed."""
        file.refresh_from_db()
        actions.pass_base_review(file, by=self.handler)
        actions.record_visit(
            file,
            key=f"demo{self.serial}",
            second="玉山镇工会王静",
            day=self.at.date(),
            place="玉山镇",
            seen="本人和爱人",
            findings="住房一套，没有车。看了出院结算单原件。",
            opinion="true",
            application_signed=True,
            authorisation_signed=True,
            by=self.handler,
            now=self.at,
        )
        for member in file.members.all():
            actions.authorise(member, by=self.handler, now=self.at)
        actions.close_checks(file, by=self.handler, now=self.at)
        for finding in file.findings.all():
            actions.resolve_finding(finding, outcome="explained", words="看过凭据", by=self.handler, now=self.at)
        actions.sign_opinion(file, reason="情况属实，建议建档。", by=self.handler, now=signed)
        return file

    def at_county(self, file: AidFile) -> AidFile:
        notice = notice_of("aid.file", self.at_notice(file, signed=self.at).pk)
        assert notice is not None
        end_notice(notice, by=None, now=notice.ends_at)
        actions.notice_over(file, upheld=False)
        file.refresh_from_db()
        return file

    def decide(self, file: AidFile, fund: Fund, reason: str) -> None:
        now = clock_now() - dt.timedelta(days=6)
        decision = actions.prepare_decision(file, by=self.handler, now=now)
        actions.approve_decision(decision, note="同意", by=self.approver, now=now)
        actions.decide_file(
            decision,
            decided_class=decision.proposed_class,
            reason=reason,
            funds=dict.fromkeys(ITEMS, fund),
            by=self.approver,
            now=now,
        )

    def refuse(self, file: AidFile, *, appeal: bool) -> None:
        decision = actions.prepare_decision(file, by=self.handler)
        reason = "家里每人每月剩的钱高于标准。可以申请医疗互助；不服可以在10个工作日内申请复核。"
        actions.decide_file(decision, decided_class="none", reason=reason, by=self.approver)
        if appeal:
            file.refresh_from_db()
            actions.uphold_appeal(file, reason="又住了一次院，新票据没算进去。", by=self.approver)

    def object_to(self, file: AidFile) -> None:
        notice = notice_of("aid.file", self.at_notice(file, signed=clock_now()).pk)
        assert notice is not None
        user = self.stories.memberships["葛伟明"].person.user
        assert user is not None
        object_to(notice, text="听说他家还有一套出租的房子，请查一查。", by=user)

    def look_again(self) -> None:
        """The city has drawn; one household was looked at, the others wait."""
        above = Organisation.objects.ancestors_of(self.county.path)
        post = Appointment.objects.filter(role=Role.CITY_SUPERVISOR, organisation__in=above).order_by("pk")[0]
        first = actions.draw_samples(post.organisation, by=post.user)[0]
        actions.check_sample(
            first,
            papers_agree=True,
            household_agrees=True,
            reckoning_agrees=True,
            words="原件齐全，电话问过本人，重算一致。",
            by=post.user,
        )

    def pay(self, fund: Fund) -> None:
        """One batch paid in full and reconciled, one with a returned line, one still with the bank."""
        for item, ending in (("living", "closed"), ("medical", "returned"), ("education", "sent")):
            batch = money.open_batch(self.county, fund=fund, item=item, channel="social_card", by=self.handler)
            money.lock_batch(batch, by=self.handler)
            batch.refresh_from_db()
            money.approve_batch(batch, by=self.approver, note="同意发放")
            money.send_batch(batch, by=self.finance)
            batch.refresh_from_db()
            if ending != "sent":
                self.answer(batch, returned={1} if ending == "returned" else set())
            if ending == "closed":
                batch.refresh_from_db()
                money.close_batch(batch, by=self.finance)

    def answer(self, batch: Batch, *, returned: set[int]) -> None:
        day = f"{self.stories.on:%Y-%m-%d}"
        rows: list[tuple[int, int, Status, str, str, str]] = []
        for line in batch.lines.order_by("number"):
            fen = int(line.amount * 100)
            if line.number in returned:
                rows.append((line.number, fen, "returned", "账户销户", "", ""))
            else:
                rows.append((line.number, fen, "paid", "", day, f"KSRCB{batch.pk:04}{line.number:04}"))
        money.take_answer(batch, answer_file(batch.file_number, rows), name="银行回执.csv", by=self.finance)
