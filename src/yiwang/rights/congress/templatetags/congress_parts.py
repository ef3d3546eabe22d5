"""``{% load congress_parts %}``: results of an item."""

from django import template

from yiwang.rights.congress.models import AgendaItem
from yiwang.rights.congress.queries import Tallied, tallies_of

register = template.Library()


@register.simple_tag
def tallies(item: AgendaItem) -> list[Tallied]:
    """No query: the counts stand in the row."""
    return tallies_of(item)
