"""The items of aid in other orders: what the household would get if the order were another."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import permutations
from typing import Any

LETTERS = {"living": "l", "medical": "m", "education": "e"}


@dataclass(frozen=True)
class Order:
    """One order of the three items and its total in fen."""

    order: tuple[str, ...]
    items: Mapping[str, int]
    total: int
    chosen: bool


def orders_of(figures: Mapping[str, Any], places: Mapping[str, int]) -> tuple[Order, ...]:
    """All six orders, the one in force first. Only a deep household gets several items, so only there they differ."""
    if figures["file_class"] != "deep":
        return ()
    found = [_order(figures, order, places) for order in permutations(LETTERS)]
    return tuple(sorted(found, key=lambda order: not order.chosen))


def _order(figures: Mapping[str, Any], order: tuple[str, ...], places: Mapping[str, int]) -> Order:
    granted: dict[str, int] = {}
    for item in order:
        fits = figures["base"] + sum(granted.values()) < figures["recheck"]
        granted[item] = figures[f"{item}_left"] if fits else 0
    total = figures["order_" + "".join(LETTERS[item] for item in order)]
    return Order(order, granted, total, all(places[item] == place for place, item in enumerate(order, 1)))
