"""Before and after the vote: objections to the roll, and the end of keys and codes (3.9, 1 and 16)."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.kernel.clock import today
from yiwang.kernel.states import move
from yiwang.platform.journal.actions import record
from yiwang.platform.notify.actions import send
from yiwang.register.access.queries import holders
from yiwang.register.accounts.models import User
from yiwang.rights.congress import queries_keeping
from yiwang.rights.congress.actions.sessions import locked
from yiwang.rights.congress.errors import NotReady
from yiwang.rights.congress.events import KeyDestroyed, RollChallenged, RollChallengeDecided
from yiwang.rights.congress.models import KeyDestruction, KeyHolder, RollChallenge, SecretBallot, Session
from yiwang.rights.congress.queries import rule

State = Session.State


@transaction.atomic
def challenge_roll(session: Session, *, about: str, name: str, reason: str, by: User) -> RollChallenge:
    """By anybody for whom the congress speaks, from the notice until the vote begins."""
    session = locked(session, State.CALLED, State.OPEN)
    if queries_keeping.roll_is_settled(session):
        raise NotReady(_("投票已经开始，名册不能再改。对结果有异议，找监票人和上级工会。"))
    challenge = RollChallenge.objects.create(
        session=session, about=about, name=name.strip(), reason=reason.strip(), raised_on=today(), raised_by=by
    )
    record(RollChallenged(session_id=session.pk, challenge=challenge.public_id, about=about), by=by)
    keepers = holders(session.congress.organisation, "organisations.edit")
    link = reverse("congress:session-detail", args=[session.public_id])
    for user in keepers:
        send("congress/challenge", to=user, context={"heading": session.heading}, link=link)
    return challenge


@transaction.atomic
def decide_challenge(challenge: RollChallenge, to: str, *, decision: str, by: User) -> None:
    """By somebody else, with the reason. A roll that was frozen wrongly is of no use: its paper is drawn again."""
    session = locked(challenge.session, State.CALLED, State.OPEN)
    if challenge.raised_by_id == by.pk:
        raise NotReady(_("自己提的异议，请别人来决定。"))
    if not decision.strip():
        text = _("写下怎么决定、为什么，提的人会看到。")
        raise NotReady(text, fields={"decision": text})
    if to == RollChallenge.State.UPHELD and queries_keeping.has_frozen_roll(session):
        raise NotReady(_("名册已经定在表决票上。先把表决票作废，改好代表名册，再重做表决票。"))
    move(challenge, to, decision=decision.strip(), decided_by=by, decided_on=today())
    record(RollChallengeDecided(session_id=session.pk, challenge=challenge.public_id, state=to), by=by)
    link = reverse("congress:own-roll", args=[session.public_id])
    send(
        "congress/challenge_decided",
        to=challenge.raised_by,
        context={"name": challenge.name, "state": str(challenge.get_state_display())},
        link=link,
        key=f"congress_challenge:{challenge.pk}",
    )


@transaction.atomic
def destroy_key(holder: KeyHolder, *, how: str, witness: str, by: User) -> KeyDestruction:
    """The holder's own word, and who saw it, after the days in which somebody may still contest the count."""
    return _destroy(holder.ballot, holder, how=how, witness=witness, by=by)


@transaction.atomic
def destroy_codes(ballot: SecretBallot, *, how: str, witness: str, by: User) -> KeyDestruction:
    """The codes that nobody drew, and the file of all of them, by who made them."""
    return _destroy(ballot, None, how=how, witness=witness, by=by)


def _destroy(ballot: SecretBallot, holder: KeyHolder | None, *, how: str, witness: str, by: User) -> KeyDestruction:
    ballot = SecretBallot.objects.select_for_update(of=("self",)).with_election().get(pk=ballot.pk)
    free_on = queries_keeping.keys_free_on(ballot)
    if free_on is None:
        raise NotReady(_("结果还没有公布，钥匙和投票码还有用，不能销毁。"))
    if free_on > today():
        text = _("结果公布后{days}天内可能有人要求复核，{day}起才能销毁。")
        raise NotReady(text.format(days=rule("keys_days"), day=free_on.isoformat()))
    if witness.strip() == by.name:
        text = _("见证人要是别人。")
        raise NotReady(text, fields={"witness": text})
    if ballot.destructions.filter(holder=holder).exists():
        raise NotReady(_("已经登记过销毁了。"))
    destruction = KeyDestruction.objects.create(
        ballot=ballot, holder=holder, by=by, on=today(), how=how.strip(), witness=witness.strip()
    )
    what = "key" if holder else "codes"
    record(KeyDestroyed(session_id=ballot.session_id, ballot=ballot.public_id, what=what), by=by)
    return destruction
