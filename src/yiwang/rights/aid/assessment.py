"""The proposal for one household by the rules that are published."""

import datetime as dt

from yiwang.platform.rules import queries
from yiwang.rights.aid.formulas_orders import Order
from yiwang.rights.aid.household import Household
from yiwang.rights.aid.reckoning import PAID, RULES, Assessment, Item, assess_by

__all__ = ["PAID", "RULES", "Assessment", "Item", "Order", "assess"]


def assess(household: Household, on: dt.date, language: str = "zh") -> Assessment:
    """By the rules published for that day. Raises BadHousehold, MissingParameter, BadFact, UnknownRuleSet."""
    return assess_by(lambda key: queries.version(key, on), household, on, language)
