"""玉山镇's riders, whose platform congress adopted one rule and talks about three more; the town's regional congress,
whose delegates are being elected firm by firm."""

import datetime as dt
from random import Random

from django.db import transaction

from config.demo import voting
from config.demo.congress import told_above
from config.demo.register import person_row
from config.demo.stories import Stories
from yiwang.kernel.clock import now, start_of, today
from yiwang.portal.personas import by_key
from yiwang.register.accounts.models import User
from yiwang.register.members.actions.bulk import enrol_many
from yiwang.register.members.models import Membership
from yiwang.register.organisations.actions import create_organisation
from yiwang.register.organisations.models import Organisation
from yiwang.rights.congress import actions, queries
from yiwang.rights.congress.formulas import Firm
from yiwang.rights.congress.models import Congress, Consultation, Session

HEADCOUNT, WOMEN = 640, 72
ZONES = (("城东配送站", 220, 11), ("高铁站片区", 180, 9), ("花园路片区", 140, 7), ("众包骑手", 100, 5))
SEATS = 32
SEED = 20_260_611
RIDER = "何海峰"
FOR, AGAINST, ABSTAIN = 26, 2, 1

FEES = """一、平台从每单收入中抽取的服务费，按自然月合计不超过骑手应得报酬的18%。
二、恶劣天气、夜间补贴不计入抽成基数，全额给骑手。
三、抽成比例要调整的，先和工会协商，提前三十天公布。"""
PAY = """一、三公里以内每单不低于5.2元，超出部分每公里加1.1元。
二、爬楼六层以上没有电梯的，每单加1元。
三、22点到次日6点每单加1.5元。
四、从公布后第二个月1日起执行。"""

COLLECTING = {
    "subject": "appraisal",
    "title": "差评和超时怎么扣分",
    "meaning": "顾客给差评、送晚了，平台会扣服务分。服务分低，派的单就少。",
    "current": "一个差评扣5分，超时一单扣2分，申诉要在24小时内提。",
    "proposed": "核实不是骑手原因的不扣；申诉时间改成72小时；服务分每月清零一次。",
    "effect": "扣分少了，接单多一些；申诉不用连夜写。",
}
TALKING = {
    "subject": "times",
    "title": "预计送达时间怎么算",
    "meaning": "系统按距离和路况算一个送达时间，超过了算超时。",
    "current": "按最短路线算，不算等电梯、进小区登记的时间。",
    "proposed": "高层住宅每单加3分钟，要登记的小区加2分钟，暴雨天再加五分之一。",
    "effect": "不用赶红灯，超时少；顾客看到的时间长三五分钟。",
}
AGREED = {
    "subject": "pay",
    "title": "计件单价和夜间补贴",
    "meaning": "每送一单拿多少钱，远的、爬楼的、夜里的加多少。",
    "current": "三公里以内每单4.5元，夜里不加。",
    "proposed": "三公里以内5.5元，爬楼和夜间另加。",
    "effect": "一天四十单的骑手，一个月多收入八百元上下。",
}
IN_FORCE = {
    "subject": "commission",
    "title": "抽成不超过18%",
    "meaning": "平台从每单里拿走多少。",
    "current": "按单计，最高的一单抽到27%。",
    "proposed": "每月合计不超过18%，补贴不抽。",
    "effect": "收入五千元的骑手，一个月少抽两百元上下。",
}
SAID = (
    "差评要先问一问骑手再扣，不能顾客点一下就扣。",
    "小区不让进，走进去要十分钟，系统不知道。",
    "下雨天车慢，时间还是一样长。",
    "等餐的时间不该算我们的。",
    "申诉二十四小时太短，跑一天单回去就睡了。",
    "分扣了以后怎么涨回来，规则里找不到。",
    "电梯高峰等三趟，超时算谁的？",
    "新手前一个月能不能不扣分。",
    "规则改了要在站里贴出来，不要只在手机上弹一下。",
    "高层和别墅区应该分开算。",
    "夜里单少路黑，补贴要有。",
)
TALKS = (
    ("高层住宅每单加5分钟。", "最多加2分钟，顾客等不了。"),
    ("拿三个月的实测数据：高层平均多用4分12秒。", "同意按数据谈，高层加3分钟，登记小区再核一周。"),
)


class Platform:
    """The union of those who ride, kept by the officer of the town."""

    def __init__(self, stories: Stories) -> None:
        self.fiction, self.register = stories.fiction, stories.register
        self.town = Organisation.objects.get(name="玉山镇总工会")
        self.chair, self.above, self.coder = (
            self._account(key) for key in ("town_officer", "county_approver", "county_handler")
        )

    def _account(self, key: str) -> User:
        persona = by_key(key)
        assert persona is not None
        return User.objects.get(phone=persona.phone)

    @transaction.atomic
    def write(self) -> None:
        self._region()
        # Chance of their own: whoever is drawn here must change nothing of the years that are written later.
        usual, self.fiction.random = self.fiction.random, Random(SEED)  # noqa: S311 -- fiction, not a secret
        riders = self._riders()
        self.fiction.random = usual
        congress = self._constituted(riders)
        self._adopted(congress)
        self._open_matters(congress)

    def _riders(self) -> list[Membership]:
        """Forty-eight members with accounts; the first is the persona."""
        union = create_organisation(
            name="玉山镇网约配送行业工会联合会",
            kind="D2",
            parent=self.town,
            by=None,
            division_code=self.town.division_code,
            member_scope="multi",
            employee_count=HEADCOUNT,
            female_employee_count=WOMEN,
        )
        rows, on, persona = [], today(), by_key("rider")
        assert persona is not None
        for place in range(48):
            human = self.fiction.person(
                "320583", on=on, name=RIDER if place == 0 else "", gender="2" if place % 8 == 1 else "1"
            )
            phone = persona.phone if place == 0 else human.phone
            user = User.objects.create(phone=phone, name=human.name, phone_verified_at=start_of(on))
            membership = Membership(
                organisation=union,
                joined_on=on - dt.timedelta(days=400 + place),
                join_way="1",
                trade="外卖骑手",
                employ_kind="8",
                employ_state="1",
                new_form="N04",
                source="demo",
            )
            row = person_row(human, user=user)
            row.phone = phone
            rows.append((row, membership))
        enrol_many(rows, by=None)
        return [membership for _row, membership in rows]

    def _constituted(self, riders: list[Membership]) -> Congress:
        began, waiting = today() - dt.timedelta(days=250), list(riders)
        congress = actions.start_congress(
            riders[0].organisation,
            kind="platform",
            headcount=HEADCOUNT,
            women=WOMEN,
            seats=SEATS,
            years=3,
            by=self.chair,
        )
        for name, headcount, seats in ZONES:
            place = actions.draw_constituency(
                congress, name=name, headcount=headcount, women=headcount // 9, seats=seats, by=self.chair
            )
            for number in range(seats):
                actions.nominate(place, waiting.pop(0), category="worker", active_days=52 + number * 3, by=self.chair)
            votes = {row.pk: headcount - 24 - row.pk % 5 for row in place.delegates.all()}
            actions.elect_constituency(
                place, present=headcount - 20, votes=votes, method="secret", on=began, by=self.chair
            )
        actions.constitute(congress, on=began, by=self.chair)
        congress.refresh_from_db()
        first, second, third, *_rest = queries.delegates_of(congress)
        for kind, task in (
            ("contracts", "起草协商方案，参加协商，看协议落实了没有。"),
            ("safety", "路上安全、天气停单、头盔和车况。"),
        ):
            actions.form_committee(congress, kind=kind, task=task, head=first, members=[second, third], by=self.chair)
        return congress

    def _consulted(self, congress: Congress, about: dict[str, str], heard: int) -> Consultation:
        consultation = actions.start_consultation(congress, by=self.chair, **about)
        people = [row.person.user for row in queries.electors(congress.organisation).select_related("person__user")]
        zones = [name for name, _headcount, _seats in ZONES[:3]]
        for place, user in enumerate(people[-heard:]):
            assert user is not None
            words = SAID[place % len(SAID)]
            text = words if place < len(SAID) else f"{zones[place // len(SAID) % 3]}的：{words}"
            actions.give_opinion(consultation, text, user)
        return consultation

    def _agreed(self, congress: Congress, about: dict[str, str], text: str) -> Consultation:
        consultation = self._consulted(congress, about, 33)
        actions.begin_talks(consultation, by=self.chair)
        actions.note_talk(
            consultation,
            on=today() - dt.timedelta(days=20),
            ours="按骑手意见提方案。",
            theirs="原则同意，数字再算。",
            by=self.chair,
        )
        actions.note_talk(
            consultation,
            on=today() - dt.timedelta(days=12),
            ours="拿出测算表。",
            theirs="同意测算结果。",
            by=self.chair,
        )
        actions.agree_on(consultation, text, by=self.chair)
        Consultation.objects.filter(pk=consultation.pk).update(begun_on=today() - dt.timedelta(days=40))
        consultation.refresh_from_db()
        return consultation

    def _planned(self, congress: Congress, days: int) -> Session:
        session = actions.plan_session(
            congress,
            held_on=today() + dt.timedelta(days=days),
            place="城东驿站二楼，同时开视频",
            form="mixed",
            called_by="yearly",
            by=self.chair,
        )
        delegates = list(queries.delegates_of(congress))
        actions.name_presidium(session, delegates[:3], by=self.chair)
        actions.ask_guest(session, name="林晓", post="平台区域负责人", way="observer", by=self.chair)
        return session

    def _adopted(self, congress: Congress) -> None:
        """In spring: the cap on fees, adopted in secret, in force since."""
        consultation = self._agreed(congress, IN_FORCE, FEES)
        session = self._planned(congress, 0)
        actions.table_agreement(consultation, session, by=self.chair)
        actions.call_session(session, reason="演示", by=self.chair)
        for delegate in list(queries.delegates_of(congress))[: FOR + AGAINST + ABSTAIN]:
            actions.check_in(session, delegate, by=self.chair)
        actions.open_session(session, by=self.chair)
        rider = User.objects.get(name=RIDER, phone=getattr(by_key("rider"), "phone", ""))
        ballot = voting.draw(session, [self.chair, self.above, rider], authority=self.coder, by=self.chair)
        papers = [[[1, 0, 0]]] * FOR + [[[0, 1, 0]]] * AGAINST + [[[0, 0, 1]]] * ABSTAIN
        voting.hold(ballot, papers, by=self.chair)
        actions.close_session(session, by=self.chair)
        actions.write_minutes(
            session, "代表听取协商情况，以无记名投票通过抽成规则。投票档案公开，谁都可以验。", by=self.chair
        )
        actions.publish_session(session, by=self.chair)
        consultation.refresh_from_db()
        actions.conclude(consultation, effective_on=today(), by=self.chair)
        self._backdate(session, consultation, 180)
        for report in congress.reports.all():
            told_above(report, today() - dt.timedelta(days=174), by=self.chair, reader=self.above)

    def _backdate(self, session: Session, consultation: Consultation, days: int) -> None:
        then = today() - dt.timedelta(days=days)
        Session.objects.filter(pk=session.pk).update(
            held_on=then, called_at=now() - dt.timedelta(days=days + 9), short_notice_reason=""
        )
        session.resolutions.update(made_on=then)
        Consultation.objects.filter(pk=consultation.pk).update(
            begun_on=then - dt.timedelta(days=40), published_on=then, effective_on=then + dt.timedelta(days=30)
        )
        consultation.talks.update(on=then - dt.timedelta(days=15))

    def _open_matters(self, congress: Congress) -> None:
        """A session called for next week with what was agreed on pay; two matters still open."""
        agreed = self._agreed(congress, AGREED, PAY)
        session = self._planned(congress, 10)
        actions.table_agreement(agreed, session, by=self.chair)
        actions.table_item(
            session,
            kind="A",
            method="none",
            title="抽成规则执行情况报告",
            text="四月到九月每月合计抽成在16.2%到17.8%之间，补贴没有抽成。有两个月的明细晚公布了三天。",
            sponsor="平台企业",
            by=self.chair,
        )
        actions.call_session(session, by=self.chair)
        talking = self._consulted(congress, TALKING, 33)
        actions.begin_talks(talking, by=self.chair)
        Consultation.objects.filter(pk=talking.pk).update(begun_on=today() - dt.timedelta(days=25))
        for place, (ours, theirs) in enumerate(TALKS):
            on = today() - dt.timedelta(days=9 - 7 * place)
            actions.note_talk(talking, on=on, ours=ours, theirs=theirs, by=self.chair)
        self._consulted(congress, COLLECTING, 11)

    def _region(self) -> None:
        """Seats by firm; two constituencies have elected, the others have not."""
        units = [body for body in self.register.units if body.parent_id == self.town.pk and "恒达" not in body.name]
        firms = [
            Firm(body.name.removesuffix("工会"), body.employee_count, body.female_employee_count) for body in units
        ]
        firms = [firm for firm in firms if firm.headcount][:14]
        if len(firms) < 3:
            return
        headcount, women = sum(firm.headcount for firm in firms), sum(firm.women for firm in firms)
        congress = actions.start_congress(
            self.town, kind="regional", headcount=headcount, women=women,
            seats=max(queries.fewest_seats(headcount), 30), years=5, by=self.chair,
        )  # fmt: skip
        places = actions.draw_by_firms(congress, firms, by=self.chair)
        people = list(queries.electors(self.town)[:40])
        for place in places[:2]:
            for number in range(place.seats):
                if people:
                    actions.nominate(place, people.pop(), category="leader" if number == 4 else "worker", by=self.chair)
            votes = {row.pk: place.headcount - 3 - row.pk % 3 for row in place.delegates.all()}
            if votes:
                actions.elect_constituency(
                    place, present=place.headcount - 2, votes=votes, method="secret", on=today(), by=self.chair
                )
