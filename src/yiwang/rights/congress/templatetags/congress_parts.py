"""``{% load congress_parts %}``: results of an item."""

from django import template

from yiwang.rights.congress import queries
from yiwang.rights.congress.models import AgendaItem, SecretBallot
from yiwang.rights.congress.queries import SlipField, Tallied, tallies_of

register = template.Library()


@register.simple_tag
def tallies(item: AgendaItem) -> list[Tallied]:
    """No query: the counts stand in the row."""
    return tallies_of(item)


@register.simple_tag
def slip_sheet(ballot: SecretBallot) -> list[list[SlipField]]:
    """What the tellers fill in, once the vote is closed and before the box is opened."""
    return queries.slip_sheet(ballot)
