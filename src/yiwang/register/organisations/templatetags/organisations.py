"""Words for rates and size bands."""

from django import template
from django.utils.translation import gettext as _

from yiwang.platform.ui.formats import MISSING
from yiwang.register.organisations.coverage import BANDS, Band

register = template.Library()


@register.filter
def tenths(rate: int | None) -> str:
    """925 → 92.5%"""
    return MISSING if rate is None else f"{rate // 10}.{rate % 10}%"


@register.filter
def band_words(band: Band) -> str:
    place = BANDS.index(band.at_least)
    if place == 0:
        return _("{low}人及以上").format(low=f"{band.at_least:,}")
    return _("{low}–{high}人").format(low=band.at_least, high=BANDS[place - 1] - 1)
