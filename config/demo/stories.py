"""The named people of the demo: nine personas, and families whose requests show each situation a clock can be in."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from config.demo.fiction import Fiction
from config.demo.histories import Later, Player, Request
from config.demo.register import Register, membership_row, person_row
from yiwang.kernel.clock import start_of
from yiwang.kernel.errors import DomainError
from yiwang.net.cases import actions
from yiwang.net.cases.models import Case
from yiwang.platform.text.library import person_keys
from yiwang.portal.personas import PERSONAS, by_key
from yiwang.register.access.roles import Role
from yiwang.register.accounts.models import User
from yiwang.register.members.actions.bulk import enrol_many
from yiwang.register.members.queries import identity_hash, phone_hash, tail_hash
from yiwang.register.organisations.models import Organisation

# key of a persona -> (role, name of the body that is its post)
POSTS = {
    "chair": (Role.UNIT_CHAIR, "昆山市恒达精密机械"),
    "town_officer": (Role.TOWN_OFFICER, "玉山镇总工会"),
    "county_handler": (Role.COUNTY_HANDLER, "昆山市总工会"),
    "county_approver": (Role.COUNTY_APPROVER, "昆山市总工会"),
    "city_supervisor": (Role.CITY_SUPERVISOR, "苏州市总工会"),
    "province_leader": (Role.PROVINCE_LEADER, "江苏省总工会"),
    "administrator": (Role.SYSTEM_ADMIN, "江苏省总工会"),
}


@dataclass(frozen=True)
class Tale:
    """One named person and their request: what it is, how many workdays ago it was made, and how far it has come."""

    name: str
    gender: str
    age: int
    code: str
    matter: str
    story: str
    workdays_ago: int
    until: str  # the step of Stories that leads there: submitted, accepted, supplement, paused, decided, answered …


TALES = (
    Tale(
        "周文娟",
        "2",
        41,
        "HP-0002",
        "爱人住院，自己付了三万多",
        "爱人做心脏支架手术，住院十四天，报销后自己付了38460元。",
        6,
        "supplement",
    ),
    Tale(
        "周文娟",
        "2",
        41,
        "MA-0001",
        "住院互助理赔，出院小结和发票都有",
        "我自己住院九天，单位今年参加了互助。",
        24,
        "answered",
    ),
    Tale(
        "周文娟",
        "2",
        41,
        "HP-0001",
        "家里两个人看病，想建档",
        "婆婆和爱人都在吃药，家里靠我一份工资。",
        60,
        "declined",
    ),
    Tale(
        "周文娟",
        "2",
        41,
        "RT-0001",
        "夜班补贴算不算在加班费里",
        "上夜班有补贴，加班费好像没按这个算。",
        90,
        "decided",
    ),
    Tale(
        "王德山",
        "1",
        52,
        "RT-0005",
        "装修班组尾款没结就不发工资",
        "我们十二个人干完活，老板说尾款没到，两个月没发工资。",
        36,
        "overdue",
    ),
    Tale(
        "刘强",
        "1",
        36,
        "RT-0002",
        "工伤认定缺单位盖章，单位拖着",
        "九月在车间压伤左手，单位一直不肯盖章。",
        4,
        "accepted",
    ),
    Tale("何丽梅", "2", 33, "MA-0001", "住院互助理赔，材料齐了", "剖腹产住院六天，单位今年参加了互助。", 3, "accepted"),
    Tale(
        "朱建国", "1", 47, "RT-0001", "合同到期不续签，没给补偿", "干了六年，月底合同到期，公司说不续。", 0, "submitted"
    ),
    Tale(
        "蒋敏慧",
        "2",
        29,
        "RT-0003",
        "怀孕以后被调到夜班",
        "怀孕四个月，被安排上夜班，不同意就算旷工。",
        9,
        "supervised",
    ),
    Tale(
        "陈国庆",
        "1",
        44,
        "RT-0003",
        "公司搬迁不愿补偿，三十八个人",
        "公司要搬到外地，三十八个人不愿去，补偿谈不拢。",
        11,
        "paused",
    ),
    Tale("葛伟明", "1", 39, "SG-0001", "希望驿站晚上多开两个小时", "送货到夜里十点，驿站八点就关门了。", 2, "accepted"),
    Tale(
        "陆小燕",
        "2",
        45,
        "HP-0001",
        "两个孩子都在上学，学费有困难",
        "大的今年考上大学，小的读高一，家里我一个人上班。",
        8,
        "urged",
    ),
    Tale(
        "阿依古丽·买买提",
        "2",
        27,
        "MB-0006",
        "登记的名字少了一个字",
        "名字登记错了，社保卡上是阿依古丽·买买提。",
        12,
        "decided",
    ),
    Tale(
        "𠮷田慧子",
        "2",
        38,
        "RT-0001",
        "年休假没休完能不能折成钱",
        "今年还有四天年假没休，公司说过期作废。",
        15,
        "decided",
    ),
)


class Stories:
    """Makes the named people and plays their requests."""

    def __init__(self, fiction: Fiction, register: Register, player: Player, *, on: dt.date) -> None:
        self.fiction = fiction
        self.register = register
        self.player = player
        self.on = on

    def people(self) -> None:
        """A person with an account for every tale, and the courier who is not a member yet."""
        home = next(body for body in self.register.units if body.name.startswith("昆山市恒达精密机械"))
        humans = []
        for tale in {tale.name: tale for tale in reversed(TALES)}.values():
            body = home if tale.name in ("周文娟", "何丽梅") else self.fiction.random.choice(self.near())
            known = by_key({"周文娟": "worker", "葛伟明": "refused"}.get(tale.name, ""))
            humans.append((self.account(tale.name, known.phone if known else ""), tale, body))
        User.objects.bulk_create([user for user, _, _ in humans])
        rows = []
        for user, tale, body in humans:
            human = self.fiction.person("320583", on=self.on, name=tale.name, gender=tale.gender, age=tale.age)
            human = replace(human, phone=str(user.phone))
            trades = self.register.trades.get(body.pk, ("工人",))
            employer = self.register.employers.get(body.pk)
            row = membership_row(self.fiction, body, employer, human, trades=trades, on=self.on)
            rows.append((person_row(human, user=user), row))
        enrol_many(rows, by=None)
        self.register.people = {person.name: person for person, _ in rows}
        self.register.members += [row for _, row in rows]
        self.memberships = {row.person.name: row for _, row in rows}
        self.courier()
        self.doors()

    def doors(self) -> None:
        """The bodies of the personas can be called and visited; their telephones are invented."""
        for body_id, _role in named_posts():
            Organisation.objects.filter(pk=body_id, phone="").update(
                phone=f"0512-5{self.fiction.random.randrange(10**6, 10**7)}",
                contact="职工服务窗口",
                hours="周一至周五9:00–17:30",
            )

    def near(self) -> list[Organisation]:
        return [body for body in self.register.units if body.division_code.startswith("320583")]

    def account(self, name: str, phone: str = "") -> User:
        user = User(phone=phone or self.fiction.phone(), name=name, phone_verified_at=start_of(self.on))
        user.set_unusable_password()
        return user

    def courier(self) -> None:
        persona = next(persona for persona in PERSONAS if persona.key == "courier")
        user = self.account(persona.name, persona.phone)
        user.save()
        human = self.fiction.person("320583", on=self.on, name=persona.name, gender="1", age=26)
        human = replace(human, phone=persona.phone)
        person = person_row(human, user=user)
        person.id_hash = identity_hash(person.id_type, human.id_number)
        person.tail_hash = tail_hash(human.id_number)
        person.phone_hash = phone_hash(human.phone)
        person.pinyin_full, person.pinyin_initials = person_keys(person.name)
        person.save()

    def play(self) -> int:
        """Every tale up to where it stands today; returns how many cases there are now of named people."""
        for tale in TALES:
            membership = self.memberships[tale.name]
            user = membership.person.user
            assert user is not None
            at = self.workdays_ago(tale.workdays_ago)
            request = Request(membership, user, tale.code, at, tale.until)
            words = {"matter": tale.matter, "description": tale.story, "story": tale.story, "facts": tale.story}
            with transaction.atomic():
                case = self.player.submit(request, **words)
            self.lead(case, request, tale)
        return len(TALES)

    def workdays_ago(self, count: int) -> dt.datetime:
        day = self.on
        left = count
        while left:
            day -= dt.timedelta(days=1)
            left -= self.player.calendar.is_workday(day)
        moment = start_of(day) + dt.timedelta(hours=9, minutes=self.fiction.random.randrange(5, 55))
        return min(moment, self.player.now - dt.timedelta(minutes=30))

    def lead(self, case: Case, request: Request, tale: Tale) -> None:
        """The steps that bring the case where the tale says; each by its officer, each at its moment."""
        step: Any = getattr(self, f"_{tale.until}")
        try:
            step(case, request)
        except (Later, DomainError):
            return

    def _submitted(self, case: Case, request: Request) -> None:
        return

    def _accepted(self, case: Case, request: Request) -> None:
        self.player.accept(case, request.at)

    def _overdue(self, case: Case, request: Request) -> None:
        self.player.accept(case, request.at)

    def _supplement(self, case: Case, request: Request) -> None:
        moment = self.player.accept(case, request.at)
        moment = self.player.at(self.player.later(moment, 1))
        items = [{"name": "出院结算单", "why": "第2张照片看不清金额，要核对自己付了多少"}]
        actions.request_supplement(case, items=items, by=self.player.officer(case, moment), now=moment)

    def _paused(self, case: Case, request: Request) -> None:
        moment = self.player.accept(case, request.at)
        moment = self.player.at(self.player.later(moment, 2))
        actions.pause_clock(
            case,
            kind="hearing",
            reason="等仲裁委开庭，12月3日上午9:30。",
            by=self.player.officer(case, moment),
            expected_on=self.on + dt.timedelta(days=11),
            now=moment,
        )

    def _supervised(self, case: Case, request: Request) -> None:
        moment = self.player.accept(case, request.at)
        city = Organisation.objects.get(name="苏州市总工会")
        supervisor = self.register.officers[(city.pk, Role.CITY_SUPERVISOR.value)]
        moment = self.player.at(self.player.later(moment, 3))
        demand = "女职工孕期安排夜班，请本周内和单位当面谈，书面报结果。"
        actions.supervise(case, organisation=city, demand=demand, by=supervisor, now=moment)

    def _urged(self, case: Case, request: Request) -> None:
        moment = self.player.accept(case, request.at)
        moment = self.player.at(self.player.later(moment, 4))
        actions.urge(case, text="学校催着交学费了，请帮忙看看。", by=request.user, now=moment)

    def _decided(self, case: Case, request: Request) -> None:
        moment = self.player.accept(case, request.at)
        self.player.decide(case, request, self.player.work(case, moment, days=3), ok=True, scores=(5, 4))

    def _answered(self, case: Case, request: Request) -> None:
        """Said yes and not rated yet."""
        moment = self.player.accept(case, request.at)
        self.player.decide(case, request, self.player.work(case, moment, days=3), ok=True)

    def _declined(self, case: Case, request: Request) -> None:
        moment = self.player.accept(case, request.at)
        self.player.decide(case, request, self.player.work(case, moment, days=3), ok=False)


def named_posts() -> dict[tuple[int, str], tuple[str, str]]:
    """(body id, role) -> (name, telephone) of the personas who hold a post."""
    posts = {}
    for key, (role, body_name) in POSTS.items():
        persona = by_key(key)
        body = Organisation.objects.filter(name__startswith=body_name).order_by("level", "pk").first()
        if persona is not None and body is not None:
            posts[(body.pk, role.value)] = (persona.name, persona.phone)
    return posts
