"""Reads of the case line."""

from yiwang.net.cases.queries.own import NeedsYou, needs_you, needs_you_count, own_cases

__all__ = ["NeedsYou", "needs_you", "needs_you_count", "own_cases"]
