"""A session: plan, agenda, notice with papers, opening with a quorum, closing, publication (3.4, D3-01 to D3-06)."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.kernel.clock import now, today
from yiwang.kernel.states import move
from yiwang.platform.journal.actions import record
from yiwang.platform.notify.actions import send
from yiwang.register.accounts.models import User
from yiwang.rights.congress import formulas, queries
from yiwang.rights.congress.actions.reporting import owe_report
from yiwang.rights.congress.errors import NoQuorum, NotReady
from yiwang.rights.congress.events import (
    ItemTabled,
    ItemWithdrawn,
    MinutesWritten,
    PresidiumNamed,
    SessionMoved,
    SessionPlanned,
)
from yiwang.rights.congress.models import AgendaItem, Congress, Delegate, Report, Session
from yiwang.rights.congress.queries import rule

State = Session.State
Kind = AgendaItem.Kind
Method = AgendaItem.Method
SECRET_KINDS = (Kind.ADOPT, Kind.AGREE, Kind.DECIDE, Kind.ELECT, Kind.APPRAISE)


def locked(session: Session, *states: str) -> Session:
    """The row, for the rest of the transaction, in one of these states."""
    found = Session.objects.select_for_update().select_related("congress__organisation").get(pk=session.pk)
    if found.state not in states:
        text = _("会议现在是“{state}”，不能做这一步。请刷新页面，看看现在能做什么。")
        raise NotReady(text.format(state=found.get_state_display()))
    return found


@transaction.atomic
def plan_session(congress: Congress, *, held_on: dt.date, place: str, form: str, called_by: str, by: User) -> Session:
    if congress.state != Congress.State.IN_TERM:
        raise NotReady(_("代表还没选齐，先选代表，再定开会日期。"))
    if congress.sessions.filter(state__in=[State.PLANNED, State.CALLED, State.OPEN]).exists():
        raise NotReady(_("已经有一次会在准备或在开。"))
    if congress.ends_on and held_on > congress.ends_on:
        text = _("这一天已经过了届满日。")
        raise NotReady(text, fields={"held_on": text})
    last = congress.sessions.exclude(state=State.CANCELLED).aggregate(last=Max("number"))["last"] or 0
    session = Session.objects.create(
        congress=congress, number=last + 1, held_on=held_on, place=place.strip(), form=form, called_by=called_by
    )
    record(SessionPlanned(session_id=session.pk, number=session.number, held_on=held_on.isoformat()), by=by)
    return session


@transaction.atomic
def name_presidium(session: Session, members: Sequence[Delegate], *, by: User) -> None:
    """Enough of them, and at least half from the front line."""
    session = locked(session, State.PLANNED, State.CALLED)
    total = queries.delegates_of(session.congress).count()
    fewest = formulas.fewest_presidium(
        total,
        fewest=rule("presidium_fewest"),
        large_from=rule("presidium_large_from"),
        large=rule("presidium_large"),
    )
    front = sum(row.is_front_line for row in members)
    least = formulas.fewest_front_line(len(members), rule("presidium_front_line_percent"))
    if len(members) < fewest:
        text = _("主席团至少{n}人。").format(n=fewest)
        raise NotReady(text, fields={"members": text})
    if front < least:
        text = _("主席团里一线职工和技术人员至少{n}人，现在{front}人。").format(n=least, front=front)
        raise NotReady(text, fields={"members": text})
    session.presidium.set(members)
    record(PresidiumNamed(session_id=session.pk, members=len(members)), by=by)


@transaction.atomic
def table_item(
    session: Session,
    *,
    kind: str,
    method: str,
    title: str,
    by: User,
    explanation: str = "",
    text: str = "",
    sponsor: str = "",
    names: Sequence[dict[str, str]] = (),
    seats: int = 0,
    office: str = "",
) -> AgendaItem:
    """A point of the agenda; what must be voted on in secret can't be tabled otherwise (D3-03)."""
    session = locked(session, State.PLANNED)
    _refuse_method(kind, method)
    if kind in (Kind.ELECT, Kind.APPRAISE):
        _refuse_names(kind, names, seats)
    elif not text.strip():
        words = _("把材料全文放上来，代表开会前要看。")
        raise NotReady(words, fields={"text": words})
    place = (session.items.aggregate(last=Max("place"))["last"] or 0) + 1
    item = AgendaItem.objects.create(
        session=session,
        place=place,
        kind=kind,
        method=method,
        title=title.strip(),
        explanation=explanation.strip(),
        text=text.strip(),
        sponsor=sponsor.strip(),
        names=[dict(row) for row in names] if kind in (Kind.ELECT, Kind.APPRAISE) else [],
        seats=seats if kind == Kind.ELECT else 0,
        office=office.strip(),
    )
    record(ItemTabled(session_id=session.pk, title=item.title, fingerprint=item.fingerprint), by=by)
    return item


def _refuse_method(kind: str, method: str) -> None:
    if kind in SECRET_KINDS and method != Method.SECRET:
        words = _("审议通过、审查同意、审议决定、选举和评议，都要无记名投票。")
        raise NotReady(words, fields={"method": words})


def _refuse_names(kind: str, names: Sequence[dict[str, str]], seats: int) -> None:
    given = [str(row.get("name", "")) for row in names]
    if not given or len(set(given)) != len(given):
        words = _("一行一个姓名，不能空着，也不能重复。同名的在后面加部门。")
        raise NotReady(words, fields={"names": words})
    if kind == Kind.ELECT and not 0 < seats < len(given):
        words = _("要差额选举：候选人{n}名，应选人数要少于{n}，至少1人。").format(n=len(given))
        raise NotReady(words, fields={"seats": words})


@transaction.atomic
def withdraw_item(item: AgendaItem, *, by: User) -> None:
    locked(item.session, State.PLANNED, State.CALLED, State.OPEN)
    if queries.is_in_a_ballot(item):
        raise NotReady(_("这一项在表决票上。先把表决票作废，再撤下。"))
    move(item, AgendaItem.State.WITHDRAWN)
    record(ItemWithdrawn(session_id=item.session_id, title=item.title), by=by)


@transaction.atomic
def call_session(session: Session, *, by: User, reason: str = "") -> None:
    """Notice and papers go to every delegate. Less than the notice days needs the presidium's reason."""
    session = locked(session, State.PLANNED)
    if not queries.items_of(session):
        raise NotReady(_("议程还是空的。先加议题和材料，再发通知。"))
    if not session.presidium.exists():
        raise NotReady(_("先定主席团，再发通知。"))
    days, ahead = rule("papers_days"), (session.held_on - today()).days
    if ahead < days and not reason.strip():
        text = _("离开会只有{ahead}天，材料要提前{days}天发。请改开会日期，或写明主席团同意的理由。")
        words = text.format(ahead=max(ahead, 0), days=days)
        raise NotReady(words, fields={"reason": words})
    move(session, State.CALLED, called_at=now(), short_notice_reason=reason.strip() if ahead < days else "")
    record(SessionMoved(session_id=session.pk, state=State.CALLED, reason=session.short_notice_reason), by=by)
    link = reverse("congress:own-session", args=[session.public_id])
    told = {"day": session.held_on.isoformat(), "place": session.place}
    for delegate in queries.delegates_of(session.congress).filter(person__user__isnull=False):
        user = delegate.person.user
        assert user is not None  # by the filter above
        send("congress/called", to=user, context=told, link=link, key=f"congress_called:{session.pk}")


@transaction.atomic
def open_session(session: Session, *, by: User) -> None:
    """Two thirds of all delegates are there."""
    session = locked(session, State.CALLED)
    hall = queries.hall_of(session)
    if today() < session.held_on:
        raise NotReady(_("还没到开会那天。要提前开，请重新发通知。"))
    if not hall.is_quorate:
        raise NoQuorum(present=hall.present, entitled=hall.entitled, needed=hall.needed)
    move(session, State.OPEN, opened_at=now(), entitled=hall.entitled, present_at_opening=hall.present)
    record(SessionMoved(session_id=session.pk, state=State.OPEN, present=hall.present, entitled=hall.entitled), by=by)


@transaction.atomic
def close_session(session: Session, *, by: User) -> None:
    """Every point is decided, noted or withdrawn; no ballot is open."""
    session = locked(session, State.OPEN)
    waiting = [row.title for row in queries.items_of(session) if not row.is_decided]
    if waiting:
        raise NotReady(_("还有没处理完的议题：{names}。").format(names="、".join(waiting[:4])))
    hall = queries.hall_of(session)
    move(session, State.CLOSED, closed_at=now(), entitled=hall.entitled)
    record(SessionMoved(session_id=session.pk, state=State.CLOSED, present=hall.present, entitled=hall.entitled), by=by)
    owe_report(session.congress, Report.About.SESSION, since=today(), session=session)


@transaction.atomic
def write_minutes(session: Session, minutes: str, *, by: User) -> None:
    session = locked(session, State.OPEN, State.CLOSED)
    Session.objects.filter(pk=session.pk).update(minutes=minutes.strip())
    record(MinutesWritten(session_id=session.pk), by=by)


@transaction.atomic
def publish_session(session: Session, *, by: User) -> None:
    """Every worker whom the congress speaks for may read results, resolutions and minutes."""
    session = locked(session, State.CLOSED)
    if not session.minutes:
        raise NotReady(_("先写好会议纪要，再公布。"))
    move(session, State.PUBLISHED)
    record(SessionMoved(session_id=session.pk, state=State.PUBLISHED), by=by)


@transaction.atomic
def cancel_session(session: Session, *, reason: str, by: User) -> None:
    session = locked(session, State.PLANNED, State.CALLED)
    if not reason.strip():
        text = _("写一句为什么不开了，代表会看到。")
        raise NotReady(text, fields={"reason": text})
    move(session, State.CANCELLED)
    record(SessionMoved(session_id=session.pk, state=State.CANCELLED, reason=reason.strip()), by=by)
