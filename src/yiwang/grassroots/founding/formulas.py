"""Sizes, margins, quorums and majorities of elections: whole numbers only."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class SizeBand:
    """Up to so many members: from so many to so many seats."""

    up_to: int
    fewest: int
    most: int


def band_of(members: int, bands: Sequence[SizeBand]) -> SizeBand:
    return next(band for band in bands if members <= band.up_to)


def min_candidates(seats: int, percent: int) -> int:
    """Seats and a margin of so many percent, one at least (GT 1.6)."""
    return seats + max(1, -(-seats * percent // 100))


def is_quorate(present: int, entitled: int, *, of: int, needs: int) -> bool:
    """Present people are at least ``needs``/``of`` of the entitled ones."""
    return present * of >= entitled * needs


def quorum(entitled: int, *, of: int, needs: int) -> int:
    """The smallest number of people that is enough."""
    return -(-entitled * needs // of)


def is_elected(votes: int, entitled: int) -> bool:
    """More than half of all entitled people, not of those present."""
    return votes * 2 > entitled


@dataclass(frozen=True)
class Count:
    """The figures of one paper count."""

    entitled: int
    present: int
    issued: int
    returned: int
    valid: int
    invalid: int

    def faults(self) -> list[str]:
        """Keys of what can't be: entitled ≥ present ≥ issued ≥ returned = valid + invalid."""
        found = []
        if self.present > self.entitled:
            found.append("present")
        if self.issued > self.present:
            found.append("issued")
        if self.returned > self.issued:
            found.append("returned")
        if self.valid + self.invalid != self.returned:
            found.append("valid")
        return found


@dataclass(frozen=True)
class Standing:
    """One candidate as counted."""

    key: int
    votes: int


def winners(standings: Sequence[Standing], *, seats: int, entitled: int) -> list[int]:
    """Keys of who is elected: more than half of all, the most votes first, no more than there are seats.

    A tie for the last seat elects none of the tied: they are voted on again.
    """
    enough = sorted((row for row in standings if is_elected(row.votes, entitled)), key=lambda row: -row.votes)
    if len(enough) <= seats:
        return [row.key for row in enough]
    line = enough[seats].votes
    if enough[seats - 1].votes > line:
        return [row.key for row in enough[:seats]]
    return [row.key for row in enough if row.votes > line]


REMIND_DAYS = (180, 90, 30, 0)
WEEK = 7


def reminder(days_left: int) -> str:
    """The reminder that is due so many days before the end of a term; after it, one each week (GT 1.6)."""
    if days_left < 0:
        return f"late{-days_left // WEEK}"
    due = [days for days in REMIND_DAYS if days_left <= days]
    return f"t{min(due)}" if due else ""
