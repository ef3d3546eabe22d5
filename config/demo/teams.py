"""Cadre teams: every town of Kunshan with its people, papers, places and logs; full-time cadres over the province."""

import datetime as dt
from decimal import Decimal

from config.demo.fiction import Fiction
from config.demo.register import Register, person_row
from yiwang.grassroots.cadres import actions as cadres
from yiwang.grassroots.cadres.models import (
    Area,
    Cadre,
    Certificate,
    Contract,
    Establishment,
    Evaluation,
    LedgerEntry,
    Post,
    Task,
    Team,
    Training,
    WorkLog,
)
from yiwang.kernel.clock import add_days, add_months, now
from yiwang.kernel.ids import public_id
from yiwang.platform.text.library import person_keys
from yiwang.register.access.roles import Role
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Person
from yiwang.register.members.queries import identity_hash, phone_hash
from yiwang.register.organisations.models import Employer, Organisation

COUNTY = "320583"
SERVED = 9  # unions each officer of a town serves by name, beside the town itself
LOGS = 26
TALKS = (
    ("visit", "走访车间，了解高温岗位的防暑措施", "请公司补了两台风扇，下周回看"),
    ("founding", "和人事经理讲建会的好处和步骤", "同意先成立筹备组"),
    ("demands", "下夜班在食堂坐了一小时，听大家说宿舍漏水", "转给单位工会，三天内答复"),
    ("mediation", "加班费算法有争议，两边一起算了一遍", "补发三个人，签了和解书"),
    ("policy", "在门卫室讲医疗互助怎么参加", "当场扫码二十三人"),
    ("bargaining", "陪同第二轮工资协商，解释测算表", "增幅谈到5%，下周签"),
    ("election", "看换届候选人名单，讲差额和回避", "改了两个候选人"),
    ("training", "给新任主席讲一本账怎么记", "发了样本，下月看"),
)
COURSES = (
    ("工会主席任职培训班", "union", "together", 24),
    ("习近平经济思想专题班", "politics", "away", 30),
    ("集体协商实务", "law", "together", 16),
    ("数字工会操作", "digital", "online", 8),
    ("产业工人技能政策解读", "technology", "together", 12),
    ("县域经济形势", "economy", "online", 6),
)


class Teams:
    """Deep in one county, broad in the province; figures that add up, and a few things that are wrong."""

    def __init__(self, fiction: Fiction, register: Register, *, on: dt.date) -> None:
        self.fiction = fiction
        self.draw = fiction.random
        self.register = register
        self.on = on
        self.county = Organisation.objects.get(division_code=COUNTY, kind="A4")
        self.towns = list(
            Organisation.objects.active().filter(parent=self.county, kind__in=("C1", "C2")).order_by("pk")
        )
        self.handler = register.officers[(self.county.pk, Role.COUNTY_HANDLER.value)]
        self.approver = register.officers[(self.county.pk, Role.COUNTY_APPROVER.value)]
        self.moment = now()

    def write(self) -> None:
        self.province()
        serving = self.townspeople()
        guides = self.guides()
        self.places(serving)
        self.papers([*serving, *guides])
        self.logs([*serving, *guides])
        self.training([*serving, *guides])
        self.evaluations(serving)
        self.ledger(guides)
        self.half_way()
        self.tasks(serving)

    def person(self, *, user: User | None = None, age: int = 0) -> Person:
        """Not saved yet: ``people`` saves many at once."""
        human = self.fiction.person(
            COUNTY, on=self.on, name=user.name if user else "", age=age or self.draw.randrange(26, 40)
        )
        row = person_row(human, user=user)
        row.public_id = public_id()
        row.pinyin_full, row.pinyin_initials = person_keys(row.name)
        row.id_hash = identity_hash("1", row.id_number)
        row.phone = user.phone if user else human.phone
        row.phone_hash = phone_hash(str(row.phone))
        row.education = self.draw.choice(("20", "20", "30"))
        row.political = self.draw.choice(("01", "01", "13"))
        return row

    def cadre(self, person: Person, body: Organisation, team: str, post: str, **details: object) -> Cadre:
        given: dict[str, object] = {
            "state": Cadre.State.ACTIVE,
            "starts_on": add_months(self.on, -self.draw.randrange(8, 60)),
            "document_number": f"昆工〔{self.on.year - 1}〕{self.draw.randrange(1, 90)}号",
            "nominated_by": self.handler,
            "approved_by": self.approver,
            "nominated_at": self.moment,
            "major": self.draw.choice(("社会工作", "法学", "人力资源管理", "行政管理", "汉语言文学")),
            "hours": "周一到周五9:00到17:00，周三下午下企业",
            "place": f"{body.display_name}一楼职工服务窗口",
        }
        return Cadre(person=person, organisation=body, team=team, post=post, **{**given, **details})

    def save(self, rows: list[Cadre]) -> list[Cadre]:
        Person.objects.bulk_create([row.person for row in rows if row.person.pk is None])
        for row in rows:
            row.person_id = row.person.pk
        return Cadre.objects.bulk_create(rows)

    def province(self) -> None:
        """A full-time cadre in every county and in every third town elsewhere; how many are meant to be there."""
        rows, meant = [], []
        bodies = (
            Organisation.objects.active().filter(kind__in=("A4", "C1", "C2")).exclude(division_code__startswith=COUNTY)
        )
        for place, body in enumerate(bodies.order_by("code")):
            if body.kind == "A4":
                meant.append(Establishment(organisation=body, team=Team.FULL_TIME, headcount=4, since=self.on))
            if body.kind == "A4" or place % 3 == 0:
                rows.append(self.cadre(self.person(age=self.draw.randrange(28, 58)), body, Team.FULL_TIME, Post.STAFF))
        self.save(rows)
        Establishment.objects.bulk_create(meant)

    def townspeople(self) -> list[Cadre]:
        """In most towns of the county: the officer with an account, and one or two social union workers."""
        rows, meant = [], []
        for place, town in enumerate(self.towns):
            officer = self.register.officers.get((town.pk, Role.TOWN_OFFICER.value))
            if officer is not None:
                person = Person.objects.filter(user=officer).first() or self.person(user=officer, age=41)
                rows.append(self.cadre(person, town, Team.FULL_TIME, Post.STAFF))
            for _n in range((2, 1, 1, 0)[place % 4]):
                rows.append(self.cadre(self.person(), town, Team.SOCIAL, Post.WORKER))
            meant.append(
                Establishment(organisation=town, team=Team.SOCIAL, headcount=2, basis="一镇两人", since=self.on)
            )
        for user, post in ((self.handler, Post.STAFF), (self.approver, Post.DEPARTMENT)):
            known = Person.objects.filter(user=user).first()
            rows.append(self.cadre(known or self.person(user=user, age=44), self.county, Team.FULL_TIME, post))
        home = self.person(age=36)
        planned = {"planned_to": add_days(self.on, -20), "is_full_time": True}
        rows.append(self.cadre(home, self.county, Team.SECONDED, Post.STAFF, **planned))
        Establishment.objects.bulk_create(meant)
        return self.save(rows)

    def guides(self) -> list[Cadre]:
        rows = [
            self.cadre(self.person(age=58), self.county, Team.GUIDE, Post.GUIDE, is_full_time=False) for _n in range(4)
        ]
        for n in range(5):
            rows.append(self.cadre(self.person(age=45), self.county, Team.BARGAINING, Post.GUIDE, is_full_time=n < 2))
        made = self.save(rows)
        # One guide has no place yet: the list says so.
        chosen = [
            Area(cadre=row, organisation=self.towns[n % len(self.towns)], since=row.starts_on or self.on)
            for n, row in enumerate(made[:-1])
        ]
        # One full-time guide carries two towns, more than the band allows.
        heavy = next(row for row in made if row.team == Team.BARGAINING)
        chosen.append(Area(cadre=heavy, organisation=self.towns[0], since=heavy.starts_on or self.on))
        Area.objects.bulk_create(chosen)
        return made

    def places(self, serving: list[Cadre]) -> None:
        """Social workers share the unions of their town; the officer of a town serves all of it."""
        areas = []
        for row in serving:
            if row.organisation.level != 5:
                continue
            if row.team == Team.FULL_TIME:
                areas.append(Area(cadre=row, organisation=row.organisation, since=row.starts_on or self.on))
                continue
            units = [unit for unit in self.register.units if unit.parent_id == row.organisation_id]
            shift = row.pk % 2 * SERVED
            for unit in units[shift : shift + SERVED] or units[:SERVED]:
                areas.append(Area(cadre=row, organisation=unit, since=row.starts_on or self.on))
        Area.objects.bulk_create(areas)

    def papers(self, rows: list[Cadre]) -> None:
        contracts, certificates = [], []
        for place, row in enumerate(rows):
            if not row.needs_contract:
                continue
            # Most run on, every fifth ends soon, one is over.
            left = 40 if place % 5 == 2 else self.draw.randrange(120, 700)
            if place == len(rows) - 2:
                left = -12
            ends = add_days(self.on, left)
            kind = {Team.SOCIAL: "labour", Team.SECONDED: "secondment"}.get(Team(row.team), "letter")
            contracts.append(
                Contract(
                    cadre=row,
                    kind=kind,
                    number=f"{'合' if kind == 'labour' else '聘'}{self.on.year - 1}-{place:03d}",
                    starts_on=add_months(ends, -24) + dt.timedelta(days=1),
                    ends_on=ends,
                    home_body="昆山市人力资源和社会保障局" if kind == "secondment" else "",
                    pay_grade=f"{1 + place % 3}档" if kind == "labour" else "",
                    has_insurance=kind == "labour",
                    signed_by=self.handler,
                    signed_at=self.moment,
                )
            )
            if row.team in (Team.SOCIAL, Team.BARGAINING):
                name = "社会工作者证" if row.team == Team.SOCIAL else "劳动关系协调员"
                expires = add_days(self.on, 30 + 40 * place)
                certificates.append(Certificate(cadre=row, name=name, number=f"SW{place:06d}", expires_on=expires))
        Contract.objects.bulk_create(contracts)
        Certificate.objects.bulk_create(certificates)

    def logs(self, rows: list[Cadre]) -> None:
        found = []
        for row in rows:
            units = [
                unit for unit in self.register.units if unit.parent_id == row.organisation_id
            ] or self.register.units[:40]
            for n in range(LOGS if row.organisation.level == 5 or row.is_guide else 4):
                kind, content, result = TALKS[(n + row.pk) % len(TALKS)]
                day = add_days(self.on, -n * (3 + row.pk % 3) - self.draw.randrange(0, 3))
                if row.starts_on and day < row.starts_on:
                    continue
                is_late = n % 9 == 4
                found.append(
                    WorkLog(
                        cadre=row,
                        key=f"demo-{row.pk}-{n}",
                        kind=kind,
                        day=day,
                        organisation=self.draw.choice(units),
                        met=self.draw.choice(("工会主席", "人事经理和两位班长", "安全员", "十来位一线职工")),
                        content=content,
                        result=result,
                        minutes=self.draw.choice((30, 45, 60, 90, 120)),
                        recorded_at=self.moment
                        - dt.timedelta(days=max((self.on - day).days - (5 if is_late else 0), 0)),
                        is_late=is_late,
                        metres_off=9_400 if n == 11 and row.pk % 3 == 0 else None,
                        verified_by=self.handler if n > 3 and row.person.user_id != self.handler.pk else None,
                        verified_at=self.moment if n > 3 and row.person.user_id != self.handler.pk else None,
                    )
                )
        WorkLog.objects.bulk_create(found)

    def training(self, rows: list[Cadre]) -> None:
        found = []
        for row in rows:
            for n, (title, field, mode, hours) in enumerate(COURSES):
                if (row.pk + n) % 7 == 0:
                    continue
                end = min(add_days(dt.date(self.on.year, 1, 20), n * 45 + row.pk % 20), self.on)
                is_new = n == len(COURSES) - 1
                found.append(
                    Training(
                        cadre=row,
                        title=title,
                        field=field,
                        mode=mode,
                        starts_on=end - dt.timedelta(days=max(hours // 8, 1) - 1),
                        ends_on=end,
                        hours=Decimal(hours),
                        provider="苏州市总工会干部学校",
                        evidence=f"结业证{row.pk}-{n}",
                        state="claimed" if is_new else "approved",
                        claimed_by=row.person.user,
                        claimed_at=self.moment,
                        settled_by=None if is_new or row.person.user_id == self.handler.pk else self.handler,
                        settled_at=None if is_new else self.moment,
                    )
                )
        Training.objects.bulk_create(found)

    def evaluations(self, rows: list[Cadre]) -> None:
        """The half-year that ended: most are final; two wait for the leader."""
        people = [row for row in rows if row.team == Team.SOCIAL]
        period = f"{self.on.year}H1" if self.on.month > 6 else f"{self.on.year - 1}H2"
        weights = {"coverage": 25, "results": 25, "quality": 20, "logs": 15, "training": 5, "satisfaction": 10}
        found = []
        for place, row in enumerate(people):
            score = 90 if place == 1 else 58 if place % 11 == 5 else self.draw.randrange(66, 84)
            grade = "excellent" if score > 85 else "good" if score >= 60 else "failed"
            is_open = place >= len(people) - 2
            found.append(
                Evaluation(
                    cadre=row,
                    organisation=self.county,
                    period=period,
                    items=[{"key": key, "weight": weight, "score": score} for key, weight in weights.items()],
                    total=Decimal(score),
                    grade=grade,
                    outcome="" if is_open else "train" if grade == "failed" else "renew",
                    words="走得勤，日志要写清结果。",
                    state="rated" if is_open else "final",
                    rated_by=self.handler,
                    ratee=row.person.user,
                    rated_at=self.moment,
                    confirmed_by=None if is_open else self.approver,
                    confirmed_at=None if is_open else self.moment,
                )
            )
        Evaluation.objects.bulk_create(found)

    def ledger(self, guides: list[Cadre]) -> None:
        firms = list(Employer.objects.filter(division_code__startswith=COUNTY, headcount__gte=25).order_by("pk")[:40])
        found = []
        for place, firm in enumerate(firms):
            talkers = [row for row in guides if row.team == Team.BARGAINING]
            offered = dt.date(self.on.year, 3, 1) + dt.timedelta(days=place)
            signed = offered + dt.timedelta(days=45) if place % 3 else None
            filed = signed + dt.timedelta(days=6) if signed and place % 4 else None
            found.append(
                LedgerEntry(
                    cadre=talkers[place % len(talkers)],
                    employer=firm,
                    year=self.on.year,
                    kind=("wage", "wage", "general", "women")[place % 4],
                    offered_on=offered,
                    rounds=1 + place % 3,
                    signed_on=signed,
                    filed_on=filed,
                    effective_on=filed + dt.timedelta(days=15) if filed else None,
                    covered=firm.headcount,
                    raise_percent=Decimal(3 + place % 4) if signed else None,
                    difficulty="" if signed else "企业说订单不稳，想缓一缓",
                    next_step="" if filed else "约下一轮",
                    quality=70 + place % 25 if filed else None,
                )
            )
        LedgerEntry.objects.bulk_create(found)

    def half_way(self) -> None:
        """Nominations at each step, by the very actions."""
        by = self.handler
        rows = [self.person(age=29), self.person(age=33), self.person(age=31)]
        Person.objects.bulk_create(rows)
        for place, person in enumerate(rows):
            town = self.towns[(place + 3) % len(self.towns)]
            cadre = cadres.nominate(person, town, team=Team.SOCIAL, post=Post.WORKER, by=by, has_no_kin=True)
            if place < 2:
                cadres.check(cadre, by=by, note="材料齐，条件符合")
            if place < 1:
                cadres.approve(cadre, by=self.approver)
                cadres.publicise(cadre, by=by)

    def tasks(self, serving: list[Cadre]) -> None:
        work = (
            ("count", "摸清没建会的单位，25人以上的先走一遍"),
            ("visit", "高温季走访户外作业的班组"),
            ("offer", "发工资协商要约"),
        )
        found = []
        for row in serving:
            if row.organisation.level != 5:
                continue
            for n, (kind, title) in enumerate(work):
                found.append(
                    Task(
                        cadre=row,
                        kind=kind,
                        title=title,
                        due_on=add_days(self.on, (-2, 6, 20)[n] if row.pk % 3 == 0 else (5, 9, 20)[n]),
                        state=Task.State.DONE if n == 1 and row.pk % 2 else Task.State.OPEN,
                        result="走了六家，清凉用品都发了" if n == 1 and row.pk % 2 else "",
                        done_at=self.moment if n == 1 and row.pk % 2 else None,
                        set_by=self.handler,
                        set_at=self.moment,
                    )
                )
        Task.objects.bulk_create(found)
