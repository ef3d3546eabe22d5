"""``{% load congress_parts %}``: results of an item."""

from django import template

from yiwang.rights.congress import queries_keeping, queries_slips
from yiwang.rights.congress.models import AgendaItem, SecretBallot
from yiwang.rights.congress.queries import Tallied, rule, tallies_of
from yiwang.rights.congress.queries_keeping import Kept
from yiwang.rights.congress.queries_slips import SlipField

register = template.Library()


@register.simple_tag
def tallies(item: AgendaItem) -> list[Tallied]:
    """No query: the counts stand in the row."""
    return tallies_of(item)


@register.simple_tag
def slip_sheet(ballot: SecretBallot) -> list[list[SlipField]]:
    """What the tellers fill in, once the vote is closed and before the box is opened."""
    return queries_slips.slip_sheet(ballot)


@register.simple_tag
def keys_kept(ballot: SecretBallot) -> list[Kept]:
    """Whose keys and codes there were, and which of them are destroyed."""
    return queries_keeping.keys_kept(ballot)


@register.simple_tag
def figure(name: str) -> int:
    """A number of the rules in force today, for a sentence that tells it."""
    return rule(name)
