"""Practices from below: told by unions of Kunshan, tried all over the province, some promoted, some that failed."""

import datetime as dt
from decimal import Decimal

from config.demo.fiction import Fiction
from config.demo.register import Register
from yiwang.grassroots.practices import actions
from yiwang.grassroots.practices.models import Adoption, Practice
from yiwang.grassroots.practices.queries import missing_for
from yiwang.kernel.clock import add_days, now
from yiwang.register.access.roles import Role
from yiwang.register.organisations.models import Organisation

COUNTY = "320583"
# title, subject, problem, what, cost, hours, effect, measure, before, after, needs
TOLD = (
    ("下夜班有热汤", "culture", "夜班十二点下班，食堂关了，外卖又贵又凉",
     "食堂留一口锅，保安十一点半点火，班组长轮流盛，周末工会小组长顶班。", 1800, 20,
     "三个月里夜班离职少了一半，汤一天没剩过，大家说下班有盼头。", "每月夜班离职人数", 6, 3, "有食堂或者微波炉"),
    ("工资条上写清加班怎么算", "rights", "每月发薪那天都有人来问加班费，说不清就闹到劳动监察",
     "请财务把加班时数、基数、倍数分三行印在工资条上，工会在食堂贴一张算法样例，问的人自己能对。", 0, 12,
     "来问的人少了八成，发现两次真算错，当月就补发了。", "每月来问加班费的人次", 31, 6, "财务愿意改工资条格式"),
    ("站点墙上一张办事码", "members", "骑手一天跑十几个小时，不知道入会、互助怎么办",
     "驿站、充电柜、休息区各贴一张码，扫了直接到要办的事；站长每周看一眼码还在不在。", 260, 6,
     "两个月扫码入会一百二十七人，互助续保没有一个人过期。", "每月网上办事人次", 9, 64, "有站点或驿站"),
    ("高温天十点半停一停", "safety", "外墙班组中午最热的时候还在赶工，去年中暑四个人",
     "班组长带温度计，超过三十五度十点半到三点转室内活，工会把绿豆汤和防暑药送到楼层。", 3200, 40,
     "今年没有一个人中暑，工期靠早晚班补回来，没有拖。", "每月中暑人次", 4, 0, "项目部同意调班"),
    ("师傅的手机号贴在机床上", "skills", "新人夜班遇到报警不敢停机，一停就是两小时",
     "每台关键机床贴带班师傅的号码和三步应急图，夜里能打，打了算师傅工时。", 400, 16,
     "夜班停机从平均两小时降到四十分钟，新人三个月留下来的多了。", "夜班平均停机分钟", 118, 41, "师傅愿意，公司认工时"),
    ("小镇联合工会共用一个会计", "money", "十几家小厂的工会账没人会记，经费两年没动过",
     "镇工会请一个退休会计，每周三坐班，十四家轮流来记账，账目贴在各家公告栏。", 14000, 0,
     "十四家全部记上了账，经费花出去六成，审计一次通过。", "记了账的工会数", 2, 14, "镇里出一张桌子"),
    ("午饭时间的法律门诊", "rights", "职工白天请不出假，律师驿站没有人去",
     "律师每月两次中午在食堂角落坐一小时，一个人十分钟，当场能答就答，答不了的约时间。", 0, 24,
     "半年一百零六人来问，十一件调解成，没有人因为来问被找过。", "每月咨询人次", 3, 18, "有愿意来的律师"),
    ("退休老班长带着量血压", "aid", "四十岁以上的工人不量血压，去年有人倒在线上",
     "每周一班前，两位退休老班长在更衣室量血压，高的记在小本上交给本人，提醒去看。", 520, 80,
     "三十七个人去看了医生，没有再发生倒在线上的事。", "每周量血压人数", 0, 46, "有退休的人愿意来"),
)  # fmt: skip
ABOVE = "今年起列入工会阵地补贴，组织各镇去看一次。"
WORKED = "{name}：照着做了两个月，{change}，大家认可，接着做。"
CHANGES = ("换成了自己的排班", "钱从小组活动费里出", "先在一个车间试", "请站长帮忙看着", "把地方改到门卫室")
FAILED = "{name}：试了六周，人手排不开，场地也没有，先停下，等有了驿站再说。"


class Practices:
    """Eight practices with figures; the map of the province has something to show, and one failed somewhere."""

    def __init__(self, fiction: Fiction, register: Register, *, on: dt.date) -> None:
        self.draw = fiction.random
        self.register = register
        self.on = on
        self.moment = now()
        self.county = Organisation.objects.get(division_code=COUNTY, kind="A4")

    def write(self) -> None:
        near = [unit for unit in self.register.units if unit.division_code.startswith(COUNTY)]
        around = [
            unit for unit in self.register.units if unit.division_code.startswith(COUNTY[:4]) and unit not in near
        ]
        far = self.one_of_each_city(
            [unit for unit in self.register.units if not unit.division_code.startswith(COUNTY[:4])]
        )
        shown = [self.told(near[place * 2 % len(near)], row, place) for place, row in enumerate(TOLD)]
        for place, practice in enumerate(shown):
            # The second is tried around the city, the third all over the province, the others here and there.
            others = around[:8] if place == 1 else far if place == 2 else [*around[place::160], *far[place::4]]
            mine = [near[(20 + place * 3 + n) % len(near)] for n in range(3)]
            rows = {unit.pk: unit for unit in [*mine, *others] if unit.pk != practice.organisation_id}
            self.tried(practice, list(rows.values()))
        self.open(near)
        self.promoted(shown)

    def one_of_each_city(self, units: list[Organisation]) -> list[Organisation]:
        found: dict[str, Organisation] = {}
        for unit in units:
            found.setdefault(unit.division_code[:4], unit)
        return [found[code] for code in sorted(found)]

    def told(self, unit: Organisation, row: tuple[object, ...], place: int) -> Practice:
        names = (
            "title", "subject", "problem", "what", "cost_yuan", "hours", "effect", "measure", "before", "after",
            "needs",
        )  # fmt: skip
        texts = dict(zip(names, row, strict=True))
        teller = self.register.officers.get((unit.pk, Role.UNIT_CHAIR.value))
        practice = actions.tell(unit, by=teller, **texts)
        when = self.moment - dt.timedelta(days=30 + place * 24)
        practice.state, practice.told_at, practice.shown_at = Practice.State.SHOWN, when, when + dt.timedelta(days=5)
        practice.shown_by = self.register.officers.get((self.county.pk, Role.COUNTY_HANDLER.value))
        practice.save(update_fields=["state", "told_at", "shown_at", "shown_by"])
        return practice

    def tried(self, practice: Practice, units: list[Organisation]) -> None:
        rows = []
        for n, unit in enumerate(units):
            is_reported = n % 4 != 3
            has_failed = n % 5 == 4
            words = FAILED if has_failed else WORKED
            better = Decimal(practice.after) + self.draw.randrange(0, 3)
            rows.append(
                Adoption(
                    practice=practice,
                    organisation=unit,
                    started_on=add_days(self.on, -(30 + n * 3) if is_reported else -(n + 5)),
                    plan="先试一个班，两个月后看数",
                    state=Adoption.State.REPORTED if is_reported else Adoption.State.TRYING,
                    verdict=("not_here" if has_failed else ("works", "changed")[n % 2]) if is_reported else "",
                    words=words.format(name=unit.display_name, change=self.draw.choice(CHANGES)) if is_reported else "",
                    before=practice.before if is_reported else None,
                    after=(practice.before if has_failed else better) if is_reported else None,
                    cost_yuan=practice.cost_yuan // 2 if is_reported else None,
                    people=20 + 7 * n if is_reported else None,
                    reported_at=self.moment - dt.timedelta(days=n) if is_reported else None,
                )
            )
        Adoption.objects.bulk_create(rows)

    def open(self, near: list[Organisation]) -> None:
        """One that waits for the superior's help, one still being written."""
        texts = {
            "title": "班前五分钟说一件险事",
            "subject": "safety",
            "problem": "小险情没人说，月底一汇总都忘了",
            "what": "每天班前五分钟，轮到的人说一件昨天差点出事的，班长记在白板上，周五一起看。",
            "cost_yuan": 0,
            "hours": 10,
            "effect": "一个月记下四十一件，改了九处，现在有人抢着说。",
            "measure": "每月记下的险情",
            "before": Decimal(3),
            "after": Decimal(41),
        }
        unit = next((body for body in near if (body.pk, Role.UNIT_CHAIR.value) in self.register.officers), None)
        if unit is None:
            return
        chair = self.register.officers[(unit.pk, Role.UNIT_CHAIR.value)]
        actions.send_up(actions.tell(unit, by=chair, **texts), by=chair)
        actions.tell(
            unit,
            by=chair,
            title="更衣柜上的心愿条",
            subject="culture",
            problem="生日会年年发蛋糕券，没几个人想要。",
            what="更衣柜上挂一个小信封，想要什么写一张条，工会小组长每月收一次，能办的贴出来。",
            cost_yuan=0,
            hours=4,
            effect="头一个月收了二十三张，办了九张，多数是换个灯、修个水龙头。",
            measure="每月办成的心愿",
            before=Decimal(0),
            after=Decimal(9),
        )

    def promoted(self, shown: list[Practice]) -> None:
        """By the very rules: the county, the city and the province take one further where the reports allow."""
        bodies = [self.county, self.county.parent, self.county.parent.parent if self.county.parent else None]
        for practice, body in zip(shown, [body for body in bodies if body is not None], strict=False):
            if not missing_for(practice, body):
                actions.promote(practice, body, words=ABOVE, by=None)
