"""Congresses, sessions and ballots for tests, made by the real verbs."""

import datetime as dt
from itertools import count

from yiwang.kernel.clock import today
from yiwang.register.accounts.models import User
from yiwang.register.members.actions.bulk import enrol_many
from yiwang.register.members.models import Membership, Person
from yiwang.register.members.tests.factories import id_number
from yiwang.rights.congress import actions
from yiwang.rights.congress.models import (
    AgendaItem,
    Congress,
    Constituency,
    Delegate,
    Disclosure,
    Kind,
    Proposal,
    Session,
)

_phones = count(13900000001)
_names = count(1)
TEXT = "第一条 2027年度能级工资按岗位等级执行。\n第二条 高级工每月补贴不低于300元。"


def enrol(organisation, number: int, *, women: int = 0, with_accounts: int = 0) -> list[Membership]:
    """So many members, the first ones women; some with an account."""
    rows = []
    for place in range(number):
        person = Person(
            name=f"代表{next(_names):03d}", id_type="1", id_number=id_number(), gender="2" if place < women else "1"
        )
        rows.append((person, Membership(organisation=organisation, joined_on=today(), join_way="1")))
    enrol_many(rows, by=None)
    for person, _membership in rows[:with_accounts]:
        person.user = User.objects.create_user(str(next(_phones)), name=person.name)
        person.save(update_fields=["user"])
    return [membership for _person, membership in rows]


def started(cast, *, seats: int = 30, headcount: int = 268, women: int = 90, kind: str = Kind.CONGRESS, **more):
    return actions.start_congress(
        cast.unit, kind=kind, headcount=headcount, women=women, seats=seats, years=5, by=cast.chair, **more
    )


def place_with(
    congress: Congress, members: list[Membership], *, headcount: int = 0, by, name: str = "装配车间", leaders: int = 0
) -> Constituency:
    """A constituency whose nominated members all want the seats; the last ``leaders`` of them are managers."""
    place = actions.draw_constituency(
        congress, name=name, headcount=headcount or congress.headcount, women=0, seats=len(members), by=by
    )
    for number, member in enumerate(members):
        category = Delegate.Category.LEADER if number >= len(members) - leaders else Delegate.Category.WORKER
        actions.nominate(place, member, category=category, by=by)
    return place


def elect_all(place: Constituency, by) -> list[Delegate]:
    votes = {row.pk: place.headcount for row in place.delegates.all()}
    return actions.elect_constituency(place, present=place.headcount, votes=votes, method="secret", on=today(), by=by)


def in_term(cast, *, delegates: int = 30, women: int = 12, with_accounts: int = 0) -> Congress:
    """A congress whose term begins today; 周文娟 is its first delegate."""
    members = [cast.wenjuan_membership]
    members += enrol(cast.unit, delegates - 1, women=women, with_accounts=with_accounts)
    congress = started(cast, seats=delegates)
    elect_all(place_with(congress, members, by=cast.chair), cast.chair)
    actions.constitute(congress, on=today(), by=cast.chair)
    congress.refresh_from_db()
    return congress


def planned(congress: Congress, by, *, in_days: int = 10) -> Session:
    session = actions.plan_session(
        congress,
        held_on=today() + dt.timedelta(days=in_days),
        place="一号楼报告厅",
        form="hall",
        called_by="yearly",
        by=by,
    )
    many = 7 if congress.seats > 100 else 3
    actions.name_presidium(session, list(congress.delegates.filter(state="elected")[:many]), by=by)
    return session


def adopt(session: Session, by, title: str = "2027年度能级工资专项集体合同（草案）") -> AgendaItem:
    return actions.table_item(
        session, kind="B", method="secret", title=title, explanation="第三轮协商达成。", text=TEXT, by=by
    )


def hear(session: Session, by, *, method: str = "none", title: str = "上年度集体合同履行情况报告") -> AgendaItem:
    return actions.table_item(session, kind="A", method=method, title=title, text="履行情况良好。", by=by)


def called(congress: Congress, by, *tables) -> Session:
    """Called with these items for today, with the presidium's reason."""
    session = planned(congress, by, in_days=0)
    for table in tables or (adopt,):
        table(session, by)
    actions.call_session(session, reason="主席团一致同意", by=by)
    session.refresh_from_db()
    return session


def sign_in(session: Session, number: int, by) -> list[Delegate]:
    rows = list(session.congress.delegates.filter(state="elected").order_by("pk")[:number])
    for row in rows:
        actions.check_in(session, row, by=by)
    return rows


def opened(congress: Congress, by, *tables, present: int | None = None) -> Session:
    session = called(congress, by, *tables)
    sign_in(session, congress.seats if present is None else present, by)
    actions.open_session(session, by=by)
    session.refresh_from_db()
    return session


def filed(proposer: Delegate, seconders: list[Delegate], *, by) -> Proposal:
    return actions.file_proposal(
        proposer,
        seconders,
        category="life",
        title="夜班加一趟班车",
        reason="零点下班没有公交。",
        suggestion="零点二十分发一趟到火车站。",
        by=by,
    )


def disclosed(congress: Congress, by, **more) -> Disclosure:
    given = {
        "group": "insurance",
        "title": "社会保险和公积金缴纳情况",
        "content": "三季度全员足额缴纳。",
        "scope": "all",
        "every": 3,
        "period": "2026年三季度",
    }
    return actions.publish_disclosure(congress, by=by, **{**given, **more})
