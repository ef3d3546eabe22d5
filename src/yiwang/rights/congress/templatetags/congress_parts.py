"""``{% load congress_parts %}``: results of an item."""

from django import template

from yiwang.rights.congress import queries_slips
from yiwang.rights.congress.models import AgendaItem, SecretBallot
from yiwang.rights.congress.queries import Tallied, tallies_of
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
