"""In the hall: who is there, who speaks, what is moved, and what hands and open votes decide."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from yiwang.kernel.clock import now, today
from yiwang.kernel.states import move
from yiwang.net.cases.actions.letters import LETTERS
from yiwang.platform.journal.actions import record
from yiwang.register.accounts.models import User
from yiwang.rights.congress import formulas, queries
from yiwang.rights.congress.actions.recalling import settle_recall
from yiwang.rights.congress.actions.sessions import locked
from yiwang.rights.congress.errors import BadCount, NoQuorum, NotPresent, NotReady, WrongCode
from yiwang.rights.congress.events import (
    DelegateCheckedIn,
    DelegateLeft,
    FloorAsked,
    FloorGiven,
    ItemDecided,
    MotionDecided,
    MotionPut,
    NamedVoteGiven,
    VoteOpened,
)
from yiwang.rights.congress.formulas import HandCount
from yiwang.rights.congress.models import (
    AgendaItem,
    Attendance,
    Delegate,
    Motion,
    NamedVote,
    Resolution,
    Session,
    Speaker,
)
from yiwang.rights.congress.queries import Hall

State = Session.State
ItemState = AgendaItem.State
Method = AgendaItem.Method


@transaction.atomic
def check_in(session: Session, delegate: Delegate, *, by: User) -> Attendance:
    """By the desk. Safe to repeat; who was out of the hall is back."""
    return _signed_in(locked(session, State.CALLED, State.OPEN), delegate, Attendance.Way.HAND, by)


@transaction.atomic
def check_in_with_code(session: Session, delegate: Delegate, code: str, *, by: User) -> Attendance:
    """By the delegate, with the six digits of the hall, on the day."""
    live = session.state in (State.CALLED, State.OPEN) and session.held_on <= today()
    if not live or code.strip() != session.code:
        raise WrongCode()
    return _signed_in(locked(session, State.CALLED, State.OPEN), delegate, Attendance.Way.CODE, by)


def _signed_in(session: Session, delegate: Delegate, way: str, by: User) -> Attendance:
    if delegate.congress_id != session.congress_id or delegate.state != Delegate.State.ELECTED:
        raise NotReady(_("这个人不是这届的代表。"))
    row, made = Attendance.objects.get_or_create(session=session, delegate=delegate, defaults={"way": way, "at": now()})
    if made or row.left_at is not None:
        Attendance.objects.filter(pk=row.pk).update(left_at=None)
        row.left_at = None
        record(DelegateCheckedIn(session_id=session.pk, delegate=delegate.public_id, way=way), by=by)
    return row


@transaction.atomic
def leave_hall(session: Session, delegate: Delegate, *, by: User) -> None:
    """Counted as absent until they sign in again; the quorum may be lost by it."""
    session = locked(session, State.CALLED, State.OPEN)
    gone = Attendance.objects.filter(session=session, delegate=delegate, left_at=None).update(left_at=now())
    if gone:
        record(DelegateLeft(session_id=session.pk, delegate=delegate.public_id), by=by)


def require_quorum(session: Session) -> Hall:
    """Two thirds are there now, not only when the session began."""
    hall = queries.hall_of(session)
    if not hall.is_quorate:
        raise NoQuorum(present=hall.present, entitled=hall.entitled, needed=hall.needed)
    return hall


@transaction.atomic
def ask_floor(session: Session, delegate: Delegate, topic: str, *, by: User) -> Speaker:
    session = locked(session, State.OPEN)
    if not queries.is_present(session, delegate):
        raise NotPresent()
    try:
        with transaction.atomic():
            speaker = Speaker.objects.create(
                session=session, delegate=delegate, topic=topic.strip()[:120], asked_at=now()
            )
    except IntegrityError as clash:
        raise NotReady(_("已经在发言名单上了。")) from clash
    record(FloorAsked(session_id=session.pk, delegate=delegate.public_id), by=by)
    return speaker


@transaction.atomic
def give_floor(session: Session, *, by: User) -> Speaker | None:
    """Who speaks is done; the next one on the list begins, if there is one."""
    session = locked(session, State.OPEN)
    Speaker.objects.filter(session=session, ended_at=None).exclude(began_at=None).update(ended_at=now())
    following = Speaker.objects.filter(session=session, ended_at=None).order_by("asked_at", "pk").first()
    if following is None:
        return None
    Speaker.objects.filter(pk=following.pk).update(began_at=now())
    record(FloorGiven(session_id=session.pk, delegate=following.delegate.public_id), by=by)
    return following


@transaction.atomic
def put_motion(session: Session, delegate: Delegate, text: str, *, by: User, item: AgendaItem | None = None) -> Motion:
    """An amendment to an item that is not voted on yet, or a motion on the proceedings."""
    session = locked(session, State.OPEN)
    if not queries.is_present(session, delegate):
        raise NotPresent()
    if item is not None and item.state != ItemState.TABLED:
        raise NotReady(_("这一项已经在表决或表决完了，不能再提修改。"))
    if not text.strip():
        words = _("写一句改什么、为什么。")
        raise NotReady(words, fields={"text": words})
    motion = Motion.objects.create(session=session, item=item, proposer=delegate, text=text.strip(), put_at=now())
    record(MotionPut(session_id=session.pk, motion=motion.public_id), by=by)
    return motion


@transaction.atomic
def decide_motion(motion: Motion, count: HandCount, *, by: User) -> Motion:
    """More than half of all delegates adopt it; an adopted amendment is written below the item's text."""
    session = locked(motion.session, State.OPEN)
    hall = require_quorum(session)
    _refuse_hands(count, hall)
    adopted = formulas.is_majority(count.yes, hall.entitled)
    state = Motion.State.ADOPTED if adopted else Motion.State.REJECTED
    counts = {"yes": count.yes, "no": count.no, "abstain": count.abstain}
    changed = Motion.objects.filter(pk=motion.pk, state=Motion.State.PUT).update(state=state, counts=counts)
    if not changed:
        raise NotReady(_("这条动议已经表决过了。"))
    if adopted and motion.item is not None:
        _amend(motion.item, motion.text)
    record(MotionDecided(session_id=session.pk, motion=motion.public_id, state=state), by=by)
    motion.refresh_from_db()
    return motion


def _amend(item: AgendaItem, text: str) -> None:
    item = AgendaItem.objects.select_for_update().get(pk=item.pk)
    if item.state != ItemState.TABLED or queries.is_in_a_ballot(item):
        raise NotReady(_("这一项的表决票已经定稿，不能再改文字。"))
    with override(LETTERS):
        amended = "\n\n".join(part for part in (item.text, _("会上采纳的修改：{text}").format(text=text)) if part)
    AgendaItem.objects.filter(pk=item.pk).update(text=amended)


def _refuse_hands(count: HandCount, hall: Hall) -> None:
    if count.total > hall.present:
        text = _("赞成、反对、弃权加起来{n}人，比在场的{present}人多。请重新数一遍。")
        words = text.format(n=count.total, present=hall.present)
        raise BadCount(words, fields={"yes": words})


@transaction.atomic
def note_item(item: AgendaItem, opinions: str, *, by: User) -> None:
    """A report was heard; what the delegates said about it is written down."""
    session = locked(item.session, State.OPEN)
    if item.method != Method.NONE:
        raise NotReady(_("这一项要表决，不能只记意见。"))
    hall = queries.hall_of(session)
    move(item, ItemState.NOTED, opinions=opinions.strip(), decided_at=now())
    record(
        ItemDecided(session_id=session.pk, title=item.title, state=ItemState.NOTED, entitled=hall.entitled, needed=0),
        by=by,
    )


@transaction.atomic
def decide_by_hands(item: AgendaItem, count: HandCount, *, by: User) -> AgendaItem:
    session = locked(item.session, State.OPEN)
    if item.method != Method.HANDS:
        raise NotReady(_("这一项不是举手表决。"))
    hall = require_quorum(session)
    _refuse_hands(count, hall)
    decide_yes_no(item, [count.yes, count.no, count.abstain], hall.entitled, by=by)
    return item


def decide_yes_no(item: AgendaItem, votes: list[int], entitled: int, *, by: User | None) -> None:
    """The first option in favour needs more than half of all delegates. Runs in the caller's transaction."""
    passed = formulas.is_majority(votes[0], entitled)
    needed = formulas.majority(entitled)
    counts = [{"title": item.title, "votes": [list(pair) for pair in zip(NamedVote.Choice.values, votes, strict=True)]}]
    to = ItemState.PASSED if passed else ItemState.FAILED
    move(item, to, counts=counts, entitled=entitled, needed=needed, decided_at=now())
    if passed:
        with override(LETTERS):
            resolve(item, _("通过“{title}”。").format(title=item.title))
    settle_recall(item, passed=passed, by=by)
    record(ItemDecided(session_id=item.session_id, title=item.title, state=to, entitled=entitled, needed=needed), by=by)


def resolve(item: AgendaItem, text: str) -> Resolution:
    """What was decided, in force from today. A later vote on the same title replaces it."""
    before = (
        Resolution.objects.filter(session__congress=item.session.congress, item__title=item.title)
        .order_by("-pk")
        .first()
    )
    return Resolution.objects.create(item=item, session_id=item.session_id, text=text, made_on=today(), replaces=before)


@transaction.atomic
def open_named_vote(item: AgendaItem, *, by: User) -> None:
    """Delegates in the hall vote by name on their own phones; everyone sees it."""
    session = locked(item.session, State.OPEN)
    if item.method != Method.NAMED:
        raise NotReady(_("这一项不是记名表决。"))
    hall = require_quorum(session)
    move(item, ItemState.VOTING)
    record(VoteOpened(session_id=session.pk, title=item.title, method=item.method, present=hall.present), by=by)


@transaction.atomic
def vote_by_name(item: AgendaItem, delegate: Delegate, choice: str, *, by: User) -> None:
    """May be changed until the vote is closed."""
    session = locked(item.session, State.OPEN)
    item.refresh_from_db()
    if item.method != Method.NAMED or item.state != ItemState.VOTING:
        raise NotReady(_("这一项现在不在表决。"))
    if choice not in NamedVote.Choice.values:
        raise NotReady(_("选赞成、反对或弃权。"))
    if not queries.is_present(session, delegate):
        raise NotPresent()
    NamedVote.objects.update_or_create(item=item, delegate=delegate, defaults={"choice": choice})
    record(NamedVoteGiven(session_id=session.pk, title=item.title, delegate=delegate.public_id), by=by)


@transaction.atomic
def close_named_vote(item: AgendaItem, *, by: User) -> AgendaItem:
    session = locked(item.session, State.OPEN)
    item.refresh_from_db()
    if item.method != Method.NAMED or item.state != ItemState.VOTING:
        raise NotReady(_("这一项现在不在表决。"))
    hall = require_quorum(session)
    found = list(NamedVote.objects.filter(item=item).values_list("choice", flat=True))
    votes = [found.count(choice) for choice in NamedVote.Choice.values]
    decide_yes_no(item, votes, hall.entitled, by=by)
    return item
