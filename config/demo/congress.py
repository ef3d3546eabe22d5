"""恒达精密's congress: one session held and published with its verified secret vote, one under way today."""

import datetime as dt
from typing import Any

from config.demo import voting
from config.demo.stories import Stories
from yiwang.kernel.clock import add_months, now, today
from yiwang.platform.ballots.models import Election
from yiwang.portal.personas import by_key
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Membership
from yiwang.register.organisations.models import Organisation
from yiwang.rights.congress import actions, queries
from yiwang.rights.congress.models import Congress, Delegate, Report, Session
from yiwang.rights.congress.queries_following import resolutions_of

SEATS = 40
WORKERS, WOMEN = 268, 96
PLACES = (("装配车间", 92, 14), ("机加工车间", 81, 12), ("质检和仓储", 52, 8), ("技术和职能部门", 43, 6))
AGREEMENT = """第一条 2026年度能级工资按岗位等级执行，初级工、中级工、高级工、技师、高级技师五级。
第二条 高级工每月技能津贴300元，技师500元，高级技师800元。
第三条 取得更高等级证书的，从下月起执行新等级。
第四条 本合同自签订之日起生效，有效期一年。"""
NEXT = AGREEMENT.replace("2026", "2027").replace("300元", "350元").replace("500元", "600元")
REPORT = """2026年度能级工资专项集体合同履行情况：
一、五个等级共231人按合同领取技能津贴，足额发放。
二、年内新取得高级工证书12人，次月起调整。
三、未履行到位的：夜班津贴有两个月晚发，已补齐。"""
MINUTES = """会议听取了集体合同履行情况报告，代表提出意见3条。
会议以无记名投票通过《2026年度能级工资专项集体合同（草案）》。
投票由三位共管人一起开箱，档案公开，谁都可以验。"""
NAMES = [
    {"name": "王立群", "note": "装配车间，高级工，工龄11年"},
    {"name": "李巧云", "note": "机加工车间，技师"},
    {"name": "郑海涛", "note": "仓储组，班组长，工龄6年"},
]
COMMITTEES = (
    ("proposals", "收提案，看立不立案，盯着办。"),
    ("contracts", "起草集体合同，参加协商，半年看一次履行。"),
    ("safety", "每月走一遍车间，查隐患，看整改。"),
    ("women", "女职工特殊保护，哺乳室，体检。"),
)
# Shuffled by hand: what the fictional delegates chose.
FOR, AGAINST, ABSTAIN = 29, 4, 3


def told_above(report: Report, on: dt.date, *, by: User, reader: User) -> None:
    """Sent in time, and read by the union above."""
    actions.send_report(report, note="", by=by)
    actions.receive_report(report, remark="材料齐全。说到的事请盯住。", by=reader)
    since, due = on - dt.timedelta(days=4), on + dt.timedelta(days=5)
    Report.objects.filter(pk=report.pk).update(since=since, due_on=due, sent_on=on, received_on=on)


class Assembly:
    """The unit of the stories with its delegates, and three who hold the keys."""

    def __init__(self, stories: Stories) -> None:
        self.fiction = stories.fiction
        name = "昆山市恒达精密机械"
        self.unit = next(body for body in stories.register.units if body.name.startswith(name))
        self.chair = self._account("chair")

    def _account(self, key: str) -> User:
        persona = by_key(key)
        assert persona is not None
        return User.objects.get(phone=persona.phone)

    def write(self) -> None:
        congress = self._constituted()
        if congress is None:
            return
        self._committees(congress)
        self._held(congress)
        self._followed(congress)
        self._prepared(congress)

    def _constituted(self) -> Congress | None:
        """Elected ten months ago; nothing where the union of a small demo has too few members."""
        Organisation.objects.filter(pk=self.unit.pk).update(employee_count=WORKERS)
        members = list(Membership.objects.voting().filter(organisation=self.unit).select_related("person"))
        own = self._account("worker")
        members.sort(key=lambda row: (row.person.user_id != own.pk, row.pk))
        if len(members) < SEATS:
            return None
        began = today() - dt.timedelta(days=300)
        congress = actions.start_congress(
            self.unit, kind="congress", headcount=WORKERS, women=WOMEN, seats=SEATS, years=5, by=self.chair, number=4
        )
        women = [row for row in members if row.person.gender == queries.WOMAN]
        men = [row for row in members if row.person.gender != queries.WOMAN]
        chosen = (women[:15] + men)[:SEATS]
        chosen.sort(key=lambda row: (row.person.user_id != own.pk, row.pk))
        for name, headcount, seats in PLACES:
            place = actions.draw_constituency(
                congress, name=name, headcount=headcount, women=headcount // 3, seats=seats, by=self.chair
            )
            office = name.startswith("技术")
            for number in range(seats):
                category = "leader" if office and number < 2 else "technician" if office else "worker"
                actions.nominate(place, chosen.pop(0), category=category, by=self.chair)
            votes = {row.pk: headcount - 9 - row.pk % 7 for row in place.delegates.all()}
            actions.elect_constituency(
                place, present=headcount - 6, votes=votes, method="secret", on=began, by=self.chair
            )
        actions.constitute(congress, on=began, by=self.chair)
        self._reported(congress.reports.get(), began + dt.timedelta(days=5))
        congress.refresh_from_db()
        return congress

    def _reported(self, report: Report, on: dt.date) -> None:
        told_above(report, on, by=self.chair, reader=self._account("town_officer"))

    def _committees(self, congress: Congress) -> None:
        delegates = list(queries.delegates_of(congress))
        women = [row for row in delegates if row.is_woman]
        for place, (kind, task) in enumerate(COMMITTEES):
            head, *members = women[:4] if kind == "women" else delegates[place * 4 : place * 4 + 4]
            actions.form_committee(congress, kind=kind, task=task, head=head, members=members, by=self.chair)

    def _planned(self, congress: Congress, *tables: dict[str, Any]) -> Session:
        session = actions.plan_session(
            congress, held_on=today(), place="一号楼报告厅", form="hall", called_by="yearly", by=self.chair
        )
        delegates = list(queries.delegates_of(congress))
        actions.name_presidium(session, [delegates[0], delegates[14], delegates[26]], by=self.chair)
        for table in tables:
            actions.table_item(session, by=self.chair, **table)
        actions.ask_guest(session, name="孙国平", post="恒达精密总经理", way="observer", by=self.chair)
        actions.ask_guest(session, name="许静", post="恒达精密财务部", way="observer", by=self.chair)
        actions.ask_guest(session, name="顾晓东", post="玉山镇总工会", way="invited", by=self.chair)
        actions.call_session(session, reason="演示", by=self.chair)
        Session.objects.filter(pk=session.pk).update(short_notice_reason="", called_at=now() - dt.timedelta(days=9))
        session.refresh_from_db()
        return session

    def _held(self, congress: Congress) -> None:
        """Last winter: heard, adopted in secret, published; the archive is as real as any."""
        session = self._planned(
            congress,
            {
                "kind": "A",
                "method": "none",
                "title": "2025年度集体合同履行情况报告",
                "text": REPORT.replace("2026", "2025"),
            },
            self._agreement("2026年度能级工资专项集体合同（草案）", AGREEMENT),
            {
                "kind": "E",
                "method": "secret",
                "title": "选举职工董事",
                "names": NAMES,
                "seats": 1,
                "office": "职工董事",
            },
        )
        for delegate in list(queries.delegates_of(congress))[: FOR + AGAINST + ABSTAIN]:
            actions.check_in(session, delegate, by=self.chair)
        actions.open_session(session, by=self.chair)
        report = session.items.get(kind="A")
        actions.note_item(report, "夜班津贴要按月发，不要再拖。", by=self.chair)
        self._vote(session)
        actions.close_session(session, by=self.chair)
        actions.write_minutes(session, MINUTES, by=self.chair)
        actions.publish_session(session, by=self.chair)
        then = dt.timedelta(days=290)
        session.refresh_from_db()
        self._reported(session.report, today() - then + dt.timedelta(days=4))
        session.resolutions.update(made_on=today() - then)
        self._destroyed(session, today() - then + dt.timedelta(days=16))
        since = today() - then
        director = actions.record_director(
            session.items.get(kind="E"), name="王立群", body="board", is_senior_manager=False,
            since=since, until=add_months(since, 36), by=self.chair,
        )  # fmt: skip
        actions.note_report(director, by=self.chair)
        Session.objects.filter(pk=session.pk).update(
            held_on=today() - then, called_at=now() - then - dt.timedelta(days=9)
        )

    def _destroyed(self, session: Session, on: dt.date) -> None:
        """Keys and codes of last winter are gone, with a witness each."""
        ballot = queries.ballots_of(session)[0]
        Election.objects.filter(pk=ballot.election_id).update(tallied_at=now() - dt.timedelta(days=290))
        for holder in queries.holders_of(ballot):
            actions.destroy_key(holder, how="当众删除钥匙文件", witness="孙国平", by=holder.user)
        actions.destroy_codes(ballot, how="剩下的卡当众碎掉", witness="孙国平", by=ballot.authority)
        ballot.destructions.update(on=on)

    def _agreement(self, title: str, text: str) -> dict[str, Any]:
        return {
            "kind": "B",
            "method": "secret",
            "title": title,
            "explanation": "第三轮协商达成。",
            "text": text,
            "sponsor": "工会委员会",
        }

    def _keepers(self) -> list[User]:
        return [self.chair, self._account("town_officer"), self._account("worker")]

    def _vote(self, session: Session) -> None:
        """The contract passes, one of three becomes worker director; four wrote somebody else."""
        ballot = voting.draw(session, self._keepers(), authority=self._account("county_handler"), by=self.chair)
        contract = [[1, 0, 0]] * FOR + [[0, 1, 0]] * AGAINST + [[0, 0, 1]] * ABSTAIN
        director = [[0, 1, 0, 0, 0]] * 23 + [[0, 0, 1, 0, 0]] * 5 + [[0, 0, 0, 1, 0]] * 3 + [[0, 0, 0, 0, 1]] * 4
        papers = list(zip(contract, [*director, [1, 0, 0, 0, 0]], strict=True))
        voting.hold(ballot, papers, by=self.chair)

    def _followed(self, congress: Congress) -> None:
        """Proposals half-way, items disclosed, a resolution looked at."""
        first, second, third, *_rest = queries.delegates_of(congress)
        night = self._proposal(
            first, [second, third], "夜班加一趟班车", "零点下班没有公交，只能打车。", "零点二十分发一趟到火车站。"
        )
        actions.review_proposal(night, "assigned", opinion="", handler="行政部", by=self.chair)
        actions.reply_to_proposal(night, "十二月起每晚零点二十分发车，停四站。", by=self.chair)
        self._proposal(
            second, [first, third], "装配线加装抬升台", "弯腰取件，一班下来腰疼。", "三号线先装六个，用一个月再推开。"
        )
        for group, title, content in (
            ("insurance", "社会保险和公积金缴纳情况", "三季度268人全员足额缴纳。"),
            ("funds", "工会经费收支", "三季度收入41260元，支出38900元，结余转下季度。"),
        ):
            actions.publish_disclosure(
                congress,
                group=group,
                title=title,
                content=content,
                scope="all",
                every=3,
                period="三季度",
                by=self.chair,
            )
        resolution = resolutions_of(congress).filter(item__kind="B").first()
        if resolution is not None:
            actions.check_resolution(
                resolution, on=today(), result="done", finding="津贴按五个等级足额发放。", by=self.chair
            )

    def _proposal(self, proposer: Delegate, seconders: list[Delegate], title: str, reason: str, how: str) -> Any:
        return actions.file_proposal(
            proposer, seconders, category="life", title=title, reason=reason, suggestion=how, by=self.chair
        )

    def _prepared(self, congress: Congress) -> None:
        """Called for today: 26 of 40 signed in, one more is the quorum; the paper waits for keys and codes."""
        session = self._planned(
            congress,
            {"kind": "A", "method": "none", "title": "2026年度集体合同履行情况报告", "text": REPORT},
            self._agreement("2027年度能级工资专项集体合同（草案）", NEXT),
            {"kind": "E", "method": "secret", "title": "增选职工方协商代表", "names": NAMES, "seats": 2},
        )
        own = self._account("worker")
        for delegate in list(queries.delegates_of(congress).exclude(person__user=own))[:26]:
            actions.check_in(session, delegate, by=self.chair)
        for guest in queries.guests_of(session)[:2]:
            actions.sign_guest_in(guest, by=self.chair)
        voting.draw(session, self._keepers(), authority=self._account("county_handler"), by=self.chair)
