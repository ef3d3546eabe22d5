"""Concrete records of a congress of 恒达精密: 周文娟 is a delegate, 刘芳 keeps it."""

from typing import Any

from yiwang.platform.ballots.models import Election
from yiwang.platform.ballots.tests import factories as of_ballots
from yiwang.rights.congress.actions import ask_about, draw_ballot, start_consultation
from yiwang.rights.congress.models import Congress, Disclosure, Kind, Proposal, SecretBallot, Session
from yiwang.rights.congress.tests import factories as made

Kwargs = dict[str, str | int]


def _session(world: Any) -> Session:
    """Called for today, with one item; made once for each world."""
    if "_congress_session" not in world.__dict__:
        congress = made.in_term(world.cast)
        congress.kind = Kind.REGIONAL  # also what only regions and platforms have
        congress.save(update_fields=["kind"])
        world.__dict__["_congress_session"] = made.called(congress, world.cast.chair)
    found: Session = world.__dict__["_congress_session"]
    return found


def _congress(world: Any) -> Congress:
    return _session(world).congress


def congress(world: Any) -> Kwargs:
    return {"public_id": _congress(world).public_id}


def session(world: Any) -> Kwargs:
    return {"public_id": _session(world).public_id}


def item(world: Any) -> Kwargs:
    return {**session(world), "item": _session(world).items.get().public_id}


def place(world: Any) -> Kwargs:
    return {**congress(world), "place": _congress(world).constituencies.get().public_id}


def ballot(world: Any) -> SecretBallot:
    """Open; 刘芳 holds a key, 沈佳 made the codes."""
    if "_congress_ballot" not in world.__dict__:
        world.__dict__["_congress_ballot"] = _opened(world)
    found: SecretBallot = world.__dict__["_congress_ballot"]
    return found


def _opened(world: Any) -> SecretBallot:
    """Over the session of this world, so that both belong to one congress."""
    cast, session = world.cast, _session(world)
    holders = [(cast.chair, "union"), (cast.town_officer, "superior"), (cast.wenjuan, "scrutineer")]
    drawn = draw_ballot(
        session, list(session.items.all()), holders=holders, needed=0, authority=cast.handler, by=cast.chair
    )
    Election.objects.filter(pk=drawn.election_id).update(**_open_fields())
    return drawn


def _open_fields() -> dict[str, Any]:
    """As an election that is open: its board is of no concern to who may read it."""
    election = of_ballots.opened(1).election
    copied = ("document", "fingerprint", "begun", "credentials", "roll_size", "opened_at", "state")
    return {name: getattr(election, name) for name in copied}


def proposal(world: Any) -> Proposal:
    if "_congress_proposal" not in world.__dict__:
        first, *others = _congress(world).delegates.order_by("pk")[:3]
        world.__dict__["_congress_proposal"] = made.filed(first, others, by=world.cast.wenjuan)
    found: Proposal = world.__dict__["_congress_proposal"]
    return found


def disclosure(world: Any) -> Disclosure:
    if "_congress_disclosure" not in world.__dict__:
        item = made.disclosed(_congress(world), world.cast.chair)
        ask_about(item, "少交的几个月补上了吗？")
        world.__dict__["_congress_disclosure"] = item
    found: Disclosure = world.__dict__["_congress_disclosure"]
    return found


def delegate(world: Any) -> str:
    return str(_congress(world).delegates.order_by("-pk").first().public_id)


def consultation(world: Any) -> Kwargs:
    if "_congress_consultation" not in world.__dict__:
        world.__dict__["_congress_consultation"] = start_consultation(
            _congress(world), subject="times", title="送达时间怎么估", meaning="超时要扣钱。",
            current="按最快的算。", proposed="按中间的算。", effect="少扣钱。", by=world.cast.chair,
        )  # fmt: skip
    return {**congress(world), "consultation": world.__dict__["_congress_consultation"].public_id}


def report(world: Any) -> Kwargs:
    return {**congress(world), "report": _congress(world).reports.get(about="election").public_id}


SAMPLES = {
    "congress:congress-detail": congress,
    "congress:congress-act": lambda world: {**congress(world), "act": "constituency"},
    "congress:constituency-detail": place,
    "congress:constituency-act": lambda world: {**place(world), "act": "nominate"},
    "congress:delegate-end": lambda world: {**congress(world), "delegate": "nobody"},
    "congress:session-detail": session,
    "congress:session-act": lambda world: {**session(world), "act": "presidium"},
    "congress:item-act": lambda world: {**item(world), "act": "hands"},
    "congress:session-paper": lambda world: {**session(world), "kind": "minutes", "form": "pdf"},
    "congress:sign-in-sheet": session,
    "congress:sign-in-act": lambda world: {**session(world), "act": "in", "delegate": delegate(world)},
    "congress:hall-screen": session,
    "congress:ballot-act": lambda world: {"public_id": ballot(world).public_id, "act": "cancel"},
    "congress:holder": lambda world: {"public_id": ballot(world).public_id},
    "congress:codes": lambda world: {"public_id": ballot(world).public_id},
    "congress:vote": lambda world: {"uuid": ballot(world).election.uuid},
    "congress:board": lambda world: {"uuid": ballot(world).election.uuid},
    "congress:verify": lambda world: {"uuid": ballot(world).election.uuid},
    "congress:consultation-list": congress,
    "congress:consultation-detail": consultation,
    "congress:consultation-act": lambda world: {**consultation(world), "act": "talk"},
    "congress:own-consultation": lambda world: {"public_id": consultation(world)["consultation"]},
    "congress:proposal-list": congress,
    "congress:proposal-detail": lambda world: {**congress(world), "proposal": proposal(world).public_id},
    "congress:disclosure-list": congress,
    "congress:disclosure-detail": lambda world: {**congress(world), "disclosure": disclosure(world).public_id},
    "congress:disclosure-answer": lambda world: {
        **congress(world),
        "disclosure": disclosure(world).public_id,
        "question": disclosure(world).questions.get().public_id,
    },
    "congress:resolution-list": congress,
    "congress:resolution-check": lambda world: {**congress(world), "resolution": "nothing"},
    "congress:director-new": congress,
    "congress:director-report": lambda world: {**congress(world), "director": "nobody"},
    "congress:recall-new": lambda world: {**congress(world), "director": "nobody"},
    "congress:recall-table": lambda world: {**congress(world), "recall": "nothing"},
    "congress:report-detail": report,
    "congress:report-paper": lambda world: {**report(world), "form": "docx"},
    "congress:challenge-decide": lambda world: {**session(world), "challenge": "nothing"},
    "congress:gone": lambda world: {"public_id": ballot(world).public_id, "what": "key"},
    "congress:own-roll": session,
    "congress:figure-rows": lambda _world: {"key": "built"},
    "congress:own-proposal": lambda world: {"public_id": proposal(world).public_id},
    "congress:own-disclosure": lambda world: {"public_id": disclosure(world).public_id},
    "congress:own-session": session,
    "congress:own-act": lambda world: {**session(world), "act": "floor"},
    "congress:own-vote": item,
    "congress:own-paper": item,
    "congress:check-in": lambda world: {**session(world), "code": _session(world).code},
}


def make_all(world: Any) -> None:
    """Before the first test: what is made within one test is undone with it."""
    for sample in SAMPLES.values():
        sample(world)
