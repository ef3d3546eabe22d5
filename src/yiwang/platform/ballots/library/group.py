"""The group BELENIOS-2048 (5.1): arithmetic, fixed-base tables, membership one by one and in batches."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from functools import lru_cache

from gmpy2 import invert, mpz

from yiwang.platform.ballots.library import modular
from yiwang.platform.ballots.library.errors import BallotProblem

NAME = "BELENIOS-2048"
P = mpz(
    "2069478569142254640101364365750500806492298929575110409710088478705737421924271740192223725449768433"
    "8129066633138078958404960054389636289796393038773905722803605973749427671376777618898589872735865049"
    "0811670993105358677809800307904916540637771737641986785272734744763418356000356983051931442845617019"
    "1100078673730733356412397173289791324047457883446826065232797464795113767265869358218004631792207366"
    "8860052627186363386088796882120769432366149491002923444346373222145884100586421050242120365433561201"
    "3204811188524087310770141516662001623131771693721892480785077118278423174980732765988288251691831031"
    "25680162072880719"
)
G = mpz(
    "2402352677501852209227687703532399932712287657378364916510075318787663274146353219320285676155269678"
    "7996946682987493890950838965734256019006010684771644917354741372831046104586813145117816467554005274"
    "0288984613986453266121505579709716201616827031288643245666383486363578210615491841998253431518974065"
    "8186868651151358576410138882215396016043228843603930989333662772848406593138406010231675095763777982"
    "6651036068224066350766977640253462537730851331734951942489677540525736590494924776314759915751987751"
    "7771148149092045660020547812705472823814097251863985833411570056835369555342378147558249189605029668"
    "0037745308460627"
)
Q = mpz("78571733251071885079927659812671450121821421258408794611510081919805623223441")
ELEMENT_DIGITS = 617
EXPONENT_DIGITS = 77
# A foreign element slips through a batch with probability 2^-64; the bits are drawn after the archive is read.
ROUNDS = 64
GROUPED = 5


def element(text: object) -> mpz:
    """A number of the field, written as the protocol writes it. Membership in the subgroup is asked separately."""
    number = _number(text, ELEMENT_DIGITS)
    if not 0 < number < P:
        raise BallotProblem("not_in_group", "a number is outside the group")
    return number


def exponent(text: object) -> mpz:
    number = _number(text, EXPONENT_DIGITS)
    if number >= Q:
        raise BallotProblem("not_an_exponent", "an exponent is not below the group's order")
    return number


def _number(text: object, digits: int) -> mpz:
    if not isinstance(text, str):
        raise BallotProblem("malformed", "a number must be a string of digits")
    if len(text) > digits:
        raise BallotProblem("overlong_number", f"a number has more than {digits} digits")
    if not text.isascii() or not text.isdigit() or (text[0] == "0" and text != "0"):
        raise BallotProblem("malformed", "a number must be written in decimal digits without leading zero")
    return mpz(text)


def random_exponent() -> mpz:
    return mpz(secrets.randbelow(int(Q)))


def digest(text: str) -> mpz:
    """SHA-256 as a big-endian number modulo q."""
    return mpz(int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")) % Q


ARITHMETIC = modular.fastest(P, G)


def power(base: mpz, number: mpz) -> mpz:
    return ARITHMETIC.power(base, number)


def powers(base: mpz, numbers: Sequence[mpz]) -> list[mpz]:
    """One base to several powers, below 2^256 each."""
    return ARITHMETIC.powers(base, numbers) if len(numbers) > 1 else [power(base, number) for number in numbers]


def inverse(number: mpz) -> mpz:
    return invert(number, P)


def product(numbers: Iterable[mpz]) -> mpz:
    total = mpz(1)
    for number in numbers:
        total = total * number % P
    return total


def require_member(number: mpz) -> None:
    if power(number, Q) != 1:
        raise BallotProblem("not_in_subgroup", "a number does not belong to the subgroup of the protocol")


class FixedBase:
    """Powers of one base by tables: one multiplication for every ``width`` bits of the exponent."""

    def __init__(self, base: mpz, width: int = 8) -> None:
        self.base = base
        self.width = width
        self.mask = (1 << width) - 1
        self.rows: list[list[mpz]] = []
        step = base
        for _ in range(-(-256 // width)):
            row = [mpz(1)]
            for _ in range(self.mask):
                row.append(row[-1] * step % P)
            self.rows.append(row)
            step = row[-1] * step % P

    def power(self, number: mpz) -> mpz:
        total, rest, mask, width, modulus = mpz(1), int(number), self.mask, self.width, P
        for row in self.rows:
            digit = rest & mask
            if digit:
                total = total * row[digit] % modulus
            rest >>= width
        return total


@lru_cache(maxsize=8)
def table(base: mpz, width: int = 8) -> FixedBase:
    """Tables of a base that comes back: the generator, an election's key."""
    return FixedBase(base, width)


def generate(number: mpz) -> mpz:
    """g to the power of ``number``."""
    return table(G).power(number)


def subset_products(numbers: Sequence[mpz]) -> list[mpz]:
    """For each round the product of a random subset.

    Subset products of five numbers at a time are looked up, not multiplied anew.
    """
    totals = [mpz(1)] * ROUNDS
    mask = (1 << GROUPED) - 1
    for start in range(0, len(numbers), GROUPED):
        subsets = [mpz(1)]
        for number in numbers[start : start + GROUPED]:
            subsets += [subset * number % P for subset in subsets]
        last = len(subsets) - 1
        picks = secrets.token_bytes(ROUNDS)
        for position, pick in enumerate(picks):
            if chosen := pick & mask & last:
                totals[position] = totals[position] * subsets[chosen] % P
    return totals


def hold_members_only(products: Iterable[Sequence[mpz]]) -> bool:
    """Whether all numbers whose subsets were multiplied belong to the subgroup (error at most 2^-64).

    If one number is foreign, the product of a random subset is foreign with probability at least one half, in every
    round anew. Products of several parts, round by round, are the products of subsets of the whole.
    """
    return all(power(product(parts), Q) == 1 for parts in zip(*products, strict=True))


def are_members(numbers: Sequence[mpz]) -> bool:
    """Whether all belong to the subgroup: random subset products must."""
    return hold_members_only([subset_products(numbers)])
