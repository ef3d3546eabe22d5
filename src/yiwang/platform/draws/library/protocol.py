"""A draw that anybody can check from one file, without us.

Before: the list of tickets is fixed, a secret is made, and the *announcement* (title, places, every ticket, the hash of
the secret, where the public randomness will come from and when) is published with its hash, the *commitment*.
After: the public randomness exists; the secret is told. Then

1. ``seed  = SHA-256(commitment ‖ ":" ‖ secret ‖ ":" ‖ public value)`` (all as text, UTF-8)
2. ``score(ticket) = HMAC-SHA256(key=seed, ticket)``
3. the tickets in the order of their scores; the first ``places`` win, the others wait in this order.

Nobody can steer it: who makes the secret does not know the public value yet, who knows the public value can't change
the secret any more, and a ticket's chance does not hang on its place in the list.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

FORMAT = "yiwang-draw/1"
TICKET_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without 0 O 1 I: people copy tickets by hand
TICKET_LENGTH = 8
ANNOUNCED = ("draws_on", "format", "id", "organiser", "places", "secret_sha256", "source", "tickets", "title")
WHOLE = ("announcement", "commitment", "order", "public", "secret", "seed")


class DrawProblem(ValueError):
    """Why a file is not a sound draw. ``code`` for machines, the text for people."""

    def __init__(self, code: str, text: str) -> None:
        self.code = code
        super().__init__(text)


@dataclass(frozen=True)
class Drawn:
    """A draw as its file tells it, found sound."""

    id: str
    title: str
    commitment: str
    order: tuple[str, ...]
    places: int

    @property
    def winners(self) -> tuple[str, ...]:
        return self.order[: self.places]

    @property
    def waiting(self) -> tuple[str, ...]:
        return self.order[self.places :]


def new_ticket() -> str:
    return "".join(secrets.choice(TICKET_ALPHABET) for _ in range(TICKET_LENGTH))


def new_secret() -> str:
    return secrets.token_hex(32)


def canonical(value: Any) -> str:
    """One text for one value: sorted fields, no spaces, no escapes but those JSON needs."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def announce(
    *, id: str, title: str, organiser: str, places: int, tickets: Iterable[str], secret: str, source: str, draws_on: str
) -> str:
    """The announcement. The order in which tickets came is forgotten here."""
    listed = sorted(tickets)
    if places < 1:
        raise DrawProblem("places", "at least one place must be drawn")
    if len(set(listed)) != len(listed):
        raise DrawProblem("ticket_twice", "a ticket stands in the list twice")
    if not listed:
        raise DrawProblem("no_tickets", "there is no ticket to draw")
    return canonical(
        {
            "format": FORMAT,
            "id": id,
            "title": title,
            "organiser": organiser,
            "places": places,
            "tickets": listed,
            "secret_sha256": sha256(secret),
            "source": source,
            "draws_on": draws_on,
        }
    )


def seed_of(commitment: str, secret: str, public: str) -> str:
    return sha256(f"{commitment}:{secret}:{public}")


def order_of(tickets: Sequence[str], seed: str) -> list[str]:
    def score(ticket: str) -> str:
        return hmac.new(seed.encode(), ticket.encode(), hashlib.sha256).hexdigest()

    return sorted(tickets, key=score)


def reveal(announcement: str, *, secret: str, public: str) -> str:
    """The whole draw in one file. Raises if this is not the secret that was committed to."""
    told = json.loads(announcement)
    if sha256(secret) != told["secret_sha256"]:
        raise DrawProblem("secret", "this is not the secret that was committed to")
    commitment = sha256(announcement)
    seed = seed_of(commitment, secret, public)
    return canonical(
        {
            "announcement": told,
            "commitment": commitment,
            "secret": secret,
            "public": public,
            "seed": seed,
            "order": order_of(told["tickets"], seed),
        }
    )


def verify(raw: bytes, *, commitment: str = "") -> Drawn:
    """Judge a file from its bytes alone; with the ``commitment`` published before, also that it is that very draw."""
    told = _load(raw)
    announcement = told["announcement"]
    _judge_announcement(announcement)
    if sha256(canonical(announcement)) != told["commitment"]:
        raise DrawProblem("commitment", "the announcement was changed after its hash was published")
    if commitment and commitment.strip().lower() != told["commitment"]:
        raise DrawProblem("other_draw", "this is not the draw that was announced with this hash")
    if sha256(told["secret"]) != announcement["secret_sha256"]:
        raise DrawProblem("secret", "this is not the secret that was committed to")
    if seed_of(told["commitment"], told["secret"], told["public"]) != told["seed"]:
        raise DrawProblem("seed", "the seed does not follow from secret and public value")
    if order_of(announcement["tickets"], told["seed"]) != told["order"]:
        raise DrawProblem("order", "the order does not follow from the seed")
    return Drawn(
        id=announcement["id"],
        title=announcement["title"],
        commitment=told["commitment"],
        order=tuple(told["order"]),
        places=announcement["places"],
    )


def _load(raw: bytes) -> dict[str, Any]:
    try:
        text = raw.decode()
        told = json.loads(text)
    except (ValueError, RecursionError) as reason:
        raise DrawProblem("malformed", "this is not the file of a draw") from reason
    if not isinstance(told, dict) or sorted(told) != sorted(WHOLE):
        raise DrawProblem("malformed", "this is not the file of a draw")
    if canonical(told) != text:
        raise DrawProblem("bytes", "the bytes are not those that were published")
    texts = (told["commitment"], told["secret"], told["public"], told["seed"])
    if not all(isinstance(text, str) for text in texts) or not isinstance(told["order"], list):
        raise DrawProblem("malformed", "a field has the wrong kind")
    return told


def _judge_announcement(told: Any) -> None:
    if not isinstance(told, dict) or sorted(told) != sorted(ANNOUNCED) or told["format"] != FORMAT:
        raise DrawProblem("malformed", "the announcement has not the fields of this format")
    tickets, places = told["tickets"], told["places"]
    if not isinstance(tickets, list) or not tickets or not all(isinstance(ticket, str) for ticket in tickets):
        raise DrawProblem("malformed", "there is no list of tickets")
    if tickets != sorted(set(tickets)):
        raise DrawProblem("ticket_twice", "a ticket stands in the list twice, or the list is not in order")
    if isinstance(places, bool) or not isinstance(places, int) or places < 1:
        raise DrawProblem("places", "at least one place must be drawn")
    if not isinstance(told["secret_sha256"], str):
        raise DrawProblem("malformed", "a field has the wrong kind")
