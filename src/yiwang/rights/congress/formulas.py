"""Delegates, quorums, majorities, elections: whole numbers only, never a share in floating point."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


def fewest_delegates(headcount: int, *, percent: int, fewest: int, cap: int) -> int:
    """At least so many percent of all workers and at least ``fewest``; above ``cap`` the number is negotiated."""
    return max(fewest, min(cap, -(-headcount * percent // 100)))


def most_leaders(delegates: int, percent: int) -> int:
    return delegates * percent // 100


def fewest_of_share(delegates: int, part: int, whole: int) -> int:
    """How many delegates a group of ``part`` among ``whole`` workers would have, rounded up."""
    return -(-delegates * part // whole) if whole else 0


def fewest_front_line(delegates: int, percent: int) -> int:
    return -(-delegates * percent // 100)


def fewest_presidium(delegates: int, *, fewest: int, large_from: int, large: int) -> int:
    return large if delegates > large_from else fewest


@dataclass(frozen=True)
class Firm:
    """One employer of a region or a trade."""

    name: str
    headcount: int
    women: int = 0


def seats_by_size(sizes: Sequence[int], seats: int) -> list[int]:
    """Seats in proportion to size, each at least one, the largest remainders first; exactly ``seats`` in all.

    ``seats`` must be enough for one each.
    """
    spare, whole = seats - len(sizes), sum(sizes)
    shares = [1 + spare * size // whole for size in sizes]
    order = sorted(range(len(sizes)), key=lambda place: (-(spare * sizes[place] % whole), place))
    for place in order[: seats - sum(shares)]:
        shares[place] += 1
    return shares


def quorum(entitled: int, *, of: int, needs: int) -> int:
    """The smallest number present that is enough: ``needs``/``of`` of all entitled."""
    return -(-entitled * needs // of)


def is_quorate(present: int, entitled: int, *, of: int, needs: int) -> bool:
    return entitled > 0 and present * of >= entitled * needs


def majority(entitled: int) -> int:
    """The smallest number that is more than half of **all** delegates, present or not."""
    return entitled // 2 + 1


def is_majority(votes: int, entitled: int) -> bool:
    return votes * 2 > entitled


@dataclass(frozen=True)
class Outcome:
    """Who is elected by a round, who goes on to the next, and for how many seats."""

    elected: tuple[str, ...]
    run_off: tuple[str, ...] = ()
    seats_left: int = 0


def round_of(votes: Mapping[str, int], *, seats: int, entitled: int) -> Outcome:
    """The most votes first, each with more than half of all. A tie for the last seat elects none of the tied.

    For the seats that stay empty the leading two for each go on, with everyone tied with the last of them.
    """
    order = sorted(votes.items(), key=lambda pair: -pair[1])
    enough = [(name, count) for name, count in order if is_majority(count, entitled)]
    if len(enough) > seats:
        line = enough[seats][1]
        kept = enough[:seats] if enough[seats - 1][1] > line else [pair for pair in enough if pair[1] > line]
    else:
        kept = enough
    elected = tuple(name for name, _count in kept)
    left = seats - len(elected)
    if not left:
        return Outcome(elected)
    return Outcome(elected, _leading([pair for pair in order if pair[0] not in elected], left * 2), left)


def _leading(order: Sequence[tuple[str, int]], places: int) -> tuple[str, ...]:
    if len(order) <= places:
        return tuple(name for name, _count in order)
    line = order[places - 1][1]
    return tuple(name for name, count in order if count >= line)


@dataclass(frozen=True)
class HandCount:
    """A show of hands as the tellers counted it."""

    yes: int
    no: int
    abstain: int

    @property
    def total(self) -> int:
        return self.yes + self.no + self.abstain
