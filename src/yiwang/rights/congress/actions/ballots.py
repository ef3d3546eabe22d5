"""The secret ballot of a session over ``platform.ballots``: paper, keys, roll, cards, opening, closing, count (3.9).

Nothing here learns who cast a ballot: codes are made in the browser of who gives them out, cards are drawn unseen, and
ballots go to the box, which keeps neither voter nor time.
"""

import os
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from yiwang.kernel.clock import now
from yiwang.kernel.states import move
from yiwang.net.cases.actions.letters import LETTERS
from yiwang.platform.ballots import actions as box
from yiwang.platform.ballots.errors import SharesMissing
from yiwang.platform.ballots.library.election import Question
from yiwang.platform.ballots.models import Election, Trustee
from yiwang.platform.ballots.queries import counted_ballots, voted_codes
from yiwang.platform.journal.actions import record
from yiwang.platform.notify.actions import send
from yiwang.register.accounts.models import User
from yiwang.rights.congress import formulas, queries, queries_keeping
from yiwang.rights.congress.actions.hall import decide_yes_no, require_quorum, resolve
from yiwang.rights.congress.actions.sessions import locked
from yiwang.rights.congress.errors import NotReady, TooEarly
from yiwang.rights.congress.events import (
    BallotClosed,
    BallotCounted,
    BallotDrawn,
    BallotRollFrozen,
    CardsGivenOut,
    ItemDecided,
    ItemTabled,
    OthersNamed,
    VoteOpened,
)
from yiwang.rights.congress.models import AgendaItem, KeyHolder, RollEntry, SecretBallot, Session
from yiwang.rights.congress.queries import rule
from yiwang.rights.congress.queries_slips import slips_of, with_slips

State = Session.State
ItemState = AgendaItem.State
Kind = AgendaItem.Kind
YES_NO = ("yes", "no", "abstain")
GRADES = ("excellent", "competent", "basic", "poor")
OTHER = "other"


@override(LETTERS)
def questions_of(item: AgendaItem) -> list[Question]:
    """The paper is Chinese whoever draws it. An appraisal asks about each person, so that no answer covers two."""
    if item.kind == Kind.APPRAISE:
        grades = tuple(queries.label_of(grade) for grade in GRADES)
        return [
            Question(_("{title}：{name}").format(title=item.title, name=row["name"]), grades, 1, 1)
            for row in item.names
        ]
    if item.kind == Kind.ELECT:
        names = tuple(row["name"] for row in item.names)
        return [Question(item.title, (*names, queries.label_of(OTHER)), 1, item.seats, blank=True)]
    return [Question(item.title, tuple(queries.label_of(choice) for choice in YES_NO), 1, 1)]


@transaction.atomic
def draw_ballot(
    session: Session,
    items: Sequence[AgendaItem],
    *,
    holders: Sequence[tuple[User, str]],
    needed: int,
    authority: User,
    by: User,
) -> SecretBallot:
    """Fix the wording and name who holds the keys and who gives out the codes: never the same person."""
    session = locked(session, State.CALLED, State.OPEN)
    items = sorted(items, key=lambda item: item.place)
    _refuse_ballot(items, [user for user, _side in holders], needed, authority)
    # The fingerprint of each paper stands in the document that every ballot is bound to.
    prints = "\n".join(f"{item.title} {item.fingerprint}" for item in items)
    with override(LETTERS):
        name = _("{organisation}{heading}表决票").format(
            organisation=session.congress.organisation.name, heading=session.heading
        )
    election = box.draft_election(
        name,
        questions=[question for item in items for question in questions_of(item)],
        trustees=[user.name for user, _side in holders],
        needed=needed,
        authority=authority.name,
        description=prints,
        by=by,
    )
    ballot = SecretBallot.objects.create(session=session, election=election, authority=authority)
    ballot.items.set(items)
    trustees = Trustee.objects.filter(election=election).order_by("owner")
    KeyHolder.objects.bulk_create(
        KeyHolder(ballot=ballot, trustee=trustee, user=user, side=side)
        for trustee, (user, side) in zip(trustees, holders, strict=True)
    )
    record(BallotDrawn(session_id=session.pk, ballot=ballot.public_id, items=len(items)), by=by)
    _tell(ballot, [user for user, _side in holders], authority)
    return ballot


def _tell(ballot: SecretBallot, holders: Sequence[User], authority: User) -> None:
    """Who makes a key, and who makes the codes, learn of it."""
    named = {"name": ballot.election.name}
    for user in holders:
        link = reverse("congress:holder", args=[ballot.public_id])
        send("congress/holder", to=user, context=named, link=link, key=f"congress_key:{ballot.pk}")
    link = reverse("congress:codes", args=[ballot.public_id])
    send("congress/codes", to=authority, context=named, link=link, key=f"congress_codes:{ballot.pk}")


def _refuse_ballot(items: Sequence[AgendaItem], users: Sequence[User], needed: int, authority: User) -> None:
    if not items:
        raise NotReady(_("没有要无记名投票的议题。"))
    for item in items:
        if item.method != AgendaItem.Method.SECRET or item.state != ItemState.TABLED or queries.is_in_a_ballot(item):
            raise NotReady(_("“{title}”已经在别的表决票上，或者不用无记名投票。").format(title=item.title))
    fewest = rule("holders_fewest")
    if len({user.pk for user in users}) != len(users) or len(users) < fewest:
        text = _("共管人至少{n}位，一人一把钥匙。").format(n=fewest)
        raise NotReady(text, fields={"holders": text})
    if needed and not len(users) // 2 < needed <= len(users):
        text = _("开箱人数要过半，不超过共管人数。")
        raise NotReady(text, fields={"needed": text})
    if authority.pk in {user.pk for user in users}:
        text = _("发码人不能同时是共管人。")
        raise NotReady(text, fields={"authority": text})


def locked_ballot(ballot: SecretBallot, *states: str) -> SecretBallot:
    """The paper as it stands, its session locked and in one of these states."""
    locked(ballot.session, *states)
    rows = SecretBallot.objects.with_election().select_related("session__congress__organisation")
    return rows.get(pk=ballot.pk)


@transaction.atomic
def give_material(holder: KeyHolder, step: str, material: str, *, by: User) -> None:
    """What a key holder's browser made: never the key itself."""
    verbs: dict[str, Any] = {
        "key": box.give_key,
        "certificate": box.give_certificate,
        "polynomial": box.give_polynomial,
        "output": box.give_output,
    }
    if step not in verbs:
        raise NotReady(_("现在不到这一步。"))
    verbs[step](holder.trustee, material, by=by)


@transaction.atomic
def freeze_roll(ballot: SecretBallot, credentials: str, *, by: User) -> int:
    """The delegates in office are the roll, for good; as many codes as delegates."""
    ballot = locked_ballot(ballot, State.CALLED, State.OPEN)
    _refuse_contested(ballot.session)
    delegates = list(queries.delegates_of(ballot.session.congress))
    box.freeze_roll(ballot.election, credentials, voters=len(delegates), by=by)
    RollEntry.objects.filter(ballot=ballot).delete()
    RollEntry.objects.bulk_create(RollEntry(ballot=ballot, delegate=delegate) for delegate in delegates)
    roll_hash = queries_keeping.roll_hash_of(delegates)
    SecretBallot.objects.filter(pk=ballot.pk).update(roll_hash=roll_hash)
    record(
        BallotRollFrozen(
            session_id=ballot.session_id, ballot=ballot.public_id, voters=len(delegates), roll_hash=roll_hash
        ),
        by=by,
    )
    return len(delegates)


def _refuse_contested(session: Session) -> None:
    """Who is on the roll is settled before it is frozen, and before the vote begins."""
    waiting = queries_keeping.open_challenges(session)
    if waiting:
        raise NotReady(_("名册异议还没决定：{n}件。先决定，再往下办。").format(n=waiting))


@transaction.atomic
def give_out_cards(ballot: SecretBallot, *, by: User) -> int:
    """Every delegate in the hall draws one sealed card. Only that they have one is noted, never which."""
    ballot = locked_ballot(ballot, State.CALLED, State.OPEN)
    if not ballot.roll_hash or ballot.election.state not in (Election.State.DRAFT, Election.State.OPEN):
        raise NotReady(_("发码人还没有做好投票码，或者投票已经截止。"))
    here = queries.present_in(ballot.session).values("delegate")
    given = RollEntry.objects.filter(ballot=ballot, has_card=False, on_paper=False, delegate__in=here).update(
        has_card=True
    )
    if given:
        record(CardsGivenOut(session_id=ballot.session_id, ballot=ballot.public_id, cards=given), by=by)
    return given


@transaction.atomic
def open_ballot(ballot: SecretBallot, *, by: User) -> None:
    """Only with two thirds of the roll in the hall, every key there and the cards given out."""
    ballot = locked_ballot(ballot, State.OPEN)
    hall = require_quorum(ballot.session)
    _refuse_contested(ballot.session)
    if not queries_keeping.roll_lay_open(ballot.session):
        text = _("代表名册要公开{days}天供大家核对，{day}起才能投票。")
        until = queries_keeping.roll_contestable_until(ballot.session)
        raise TooEarly(text.format(days=rule("roll_days"), day=until))
    if not ballot.roll.filter(has_card=True).exists():
        raise NotReady(_("先把投票码卡发给到会代表，再开始投票。"))
    box.open_election(ballot.election, by=by)
    for item in ballot.items.all():
        move(item, ItemState.VOTING)
        record(
            VoteOpened(session_id=ballot.session_id, title=item.title, method=item.method, present=hall.present),
            by=by,
        )


def close_ballot(ballot: SecretBallot, *, by: User) -> None:
    """After the voting time, or as soon as every card given out has voted."""
    # First, and kept whatever follows: a code whose only ballot is unsound has not voted.
    box.judge_box(ballot.election, processes=os.cpu_count() or 1)
    _close_ballot(ballot, by)


@transaction.atomic
def _close_ballot(ballot: SecretBallot, by: User) -> None:
    ballot = locked_ballot(ballot, State.OPEN)
    election = ballot.election
    cards = ballot.roll.filter(has_card=True).count()
    minutes = rule("voting_minutes")
    late = election.opened_at is not None and (now() - election.opened_at).total_seconds() >= minutes * 60
    voted = voted_codes(election)
    if election.state == Election.State.OPEN and not late and voted < cards:
        text = _("发出{cards}张卡，投了{voted}张。没投完的，投票至少开放{minutes}分钟。")
        raise TooEarly(text.format(cards=cards, voted=voted, minutes=minutes))
    few, slips = rule("small_group"), slips_of(ballot)
    if 0 < slips < few:
        text = _("只有{slips}张纸票，会看得出是谁投的，至少要{few}张。请收回没用的纸票，让这几位领卡，用会场的设备投。")
        raise NotReady(text.format(slips=slips, few=few))
    box.close_election(election, by=by)
    record(BallotClosed(session_id=ballot.session_id, ballot=ballot.public_id), by=by)


@transaction.atomic
def give_share(holder: KeyHolder, share: str, *, by: User) -> bool:
    """One holder's part of the decryption; whether it was the last one needed, and the result is there."""
    ballot = locked_ballot(holder.ballot, State.OPEN, State.CLOSED)
    if ballot.slip_counts is None and slips_of(ballot):
        raise NotReady(_("先登记监票人数的纸票，再开箱。"))
    box.give_share(holder.trustee, share, by=by)
    election = Election.objects.get(pk=ballot.election_id)
    try:
        with transaction.atomic():
            counts = box.publish_result(election, by=by)
    except SharesMissing:
        return False
    _count(ballot, counts, by)
    return True


def _count(ballot: SecretBallot, counts: list[list[int]], by: User) -> None:
    """More ballots than cards means that the paper is worth nothing: the items are voted on again."""
    cards = ballot.roll.filter(has_card=True).count()
    entitled = ballot.roll.count()
    counted = counted_ballots(ballot.election)
    is_void = counted > cards
    SecretBallot.objects.filter(pk=ballot.pk).update(counted=counted, is_void=is_void)
    record(
        BallotCounted(session_id=ballot.session_id, ballot=ballot.public_id, counted=counted, is_void=is_void), by=by
    )
    rest = with_slips(ballot, counts)
    for item in ballot.items.order_by("place"):
        own = [rest.pop(0) for _question in questions_of(item)]
        if is_void:
            move(item, ItemState.TABLED)
        else:
            _decide(item, own, entitled, by)


def _decide(item: AgendaItem, counts: list[list[int]], entitled: int, by: User) -> None:
    if item.kind == Kind.ELECT:
        _decide_election(item, counts[0], entitled, by)
    elif item.kind == Kind.APPRAISE:
        parts = [
            {"title": row["name"], "votes": [list(pair) for pair in zip(GRADES, votes, strict=True)]}
            for row, votes in zip(item.names, counts, strict=True)
        ]
        _close(item, ItemState.APPRAISED, parts, entitled, 0, {}, by)
    else:
        decide_yes_no(item, counts[0], entitled, by=by)


def _decide_election(item: AgendaItem, votes: list[int], entitled: int, by: User) -> None:
    names = [str(row["name"]) for row in item.names]
    labels = ["blank", *names, OTHER]
    outcome = formulas.round_of(dict(zip(names, votes[1:-1], strict=True)), seats=item.seats, entitled=entitled)
    parts = [{"title": item.title, "votes": [list(pair) for pair in zip(labels, votes, strict=True)]}]
    found = {"elected": list(outcome.elected), "run_off": list(outcome.run_off)}
    to = ItemState.RUN_OFF if outcome.seats_left else ItemState.ELECTED
    _close(item, to, parts, entitled, formulas.majority(entitled), found, by)
    if outcome.elected:
        with override(LETTERS):
            resolve(item, _("选举{names}。").format(names="、".join(outcome.elected)))
    if outcome.seats_left:
        _table_run_off(item, outcome, by)


def _table_run_off(item: AgendaItem, outcome: formulas.Outcome, by: User) -> None:
    """The leading two for each empty seat stand again, on a new paper of the same session."""
    notes = {str(row["name"]): row for row in item.names}
    rows = [notes[name] for name in outcome.run_off]
    last = item.session.items.order_by("-place").values_list("place", flat=True)[0]
    again = AgendaItem.objects.create(
        session_id=item.session_id,
        place=last + 1,
        kind=item.kind,
        method=item.method,
        title=item.title,
        explanation=item.explanation,
        sponsor=item.sponsor,
        names=rows,
        seats=min(outcome.seats_left, max(len(rows) - 1, 1)),
        office=item.office,
        run_off_of=item,
    )
    record(ItemTabled(session_id=item.session_id, title=again.title, fingerprint=again.fingerprint), by=by)


@transaction.atomic
def name_others(item: AgendaItem, people: Sequence[dict[str, str]], *, by: User) -> None:
    """Whom voters meant by “另选他人” stands in the run-off: the paper slips are read out, the tellers count the names.

    The box itself only adds up: it can count how many meant somebody else, never whom.
    """
    session = locked(item.session, State.OPEN)
    item = AgendaItem.objects.select_for_update().get(pk=item.pk)
    first = item.run_off_of
    if first is None or item.state != ItemState.TABLED or queries.is_in_a_ballot(item):
        raise NotReady(_("只有要再选一轮、还没做表决票的选举，才加另选的人。"))
    stood = {str(row["name"]) for row in (*first.names, *item.names)}
    given = [str(row["name"]) for row in people]
    if not given or len(set(given)) != len(given) or stood & set(given):
        text = _("一行一个姓名，不重复，也不是上一轮的候选人。")
        raise NotReady(text, fields={"people": text})
    others, added = queries.others_of(first), len(item.names) - len((first.outcome or {}).get("run_off", []))
    if added + len(given) > others * first.seats:
        text = _("上一轮有{n}票另选他人，加不了这么多人。").format(n=others)
        raise NotReady(text, fields={"people": text})
    item.names = [*item.names, *({"name": row["name"], "note": row.get("note", "")} for row in people)]
    item.save(update_fields=["names"])
    record(OthersNamed(session_id=session.pk, title=item.title, added=len(given), fingerprint=item.fingerprint), by=by)


def _close(
    item: AgendaItem,
    to: str,
    counts: list[dict[str, Any]],
    entitled: int,
    needed: int,
    outcome: dict[str, list[str]],
    by: User,
) -> None:
    move(item, to, counts=counts, entitled=entitled, needed=needed or None, outcome=outcome, decided_at=now())
    record(ItemDecided(session_id=item.session_id, title=item.title, state=to, entitled=entitled, needed=needed), by=by)


@transaction.atomic
def cancel_ballot(ballot: SecretBallot, *, by: User) -> None:
    """Before it is opened: the wording was wrong, or a holder lost the key."""
    ballot = locked_ballot(ballot, State.CALLED, State.OPEN)
    if ballot.election.state != Election.State.DRAFT:
        raise NotReady(_("投票开始以后不能取消，只能截止。"))
    box.cancel_election(ballot.election, by=by)
