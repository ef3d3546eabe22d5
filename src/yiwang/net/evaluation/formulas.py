"""Sums over ratings."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

BAD_UP_TO = 2
CONTENT_FROM = 3  # 基本满意 counts as content (GT 6.7)
BEST = 5


def is_bad(score: int) -> bool:
    return score <= BAD_UP_TO


def satisfaction(*, rated: int, content: int, fewest: int) -> Decimal | None:
    """Percent content, one decimal; nothing while so few rated that one person could be guessed (GT 6.10)."""
    if rated < fewest or rated == 0:
        return None
    return share(content, rated)


def share(part: int, whole: int) -> Decimal:
    """A percentage with one decimal, half up; nothing of nothing is nothing."""
    if whole == 0:
        return Decimal("0.0")
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def spread(scores: Sequence[int]) -> dict[int, int]:
    """How many gave each score, best first."""
    return {score: sum(given == score for given in scores) for score in range(BEST, 0, -1)}
