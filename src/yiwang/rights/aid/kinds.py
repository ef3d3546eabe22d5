"""The kinds of programmes: by which rules, booked as what, asked for through which service, and how people come in."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwang.net.payments.models import Item


class Kind(models.TextChoices):
    LIVING = "living", _("生活救助")
    MEDICAL = "medical", _("医疗救助")
    EDUCATION = "education", _("金秋助学")
    TEMPORARY = "temporary", _("临时救助")
    WARMTH = "warmth", _("送温暖")
    EMPLOYMENT = "employment", _("就业帮扶")
    MUTUAL = "mutual", _("医疗互助")
    REST = "rest", _("疗休养")


class Choice(models.TextChoices):
    """How places are given when more qualify than there are places."""

    RULES = "rules", _("符合的都给，给完为止")
    DRAW = "draw", _("符合的公开抽签")


@dataclass(frozen=True)
class Spec:
    """``services``: whose requests come in here. ``by_file``: money goes with the household's file and its grants."""

    rules: str
    item: str  # of ``payments``; empty where no money is paid to people
    services: tuple[str, ...] = ()
    by_file: bool = False
    by_list: bool = False  # the union names people
    lists: tuple[str, ...] = ()  # services by which a union hands in such a list


SPECS: dict[str, Spec] = {
    Kind.LIVING: Spec("aid-living", Item.LIVING, ("HP-0002",), by_file=True),
    Kind.MEDICAL: Spec("aid-medical", Item.MEDICAL, ("HP-0002",), by_file=True),
    Kind.TEMPORARY: Spec("aid-temporary", Item.TEMPORARY, ("HP-0002",), by_file=True),
    Kind.EDUCATION: Spec("aid-education", Item.EDUCATION, ("HP-0003",)),
    Kind.WARMTH: Spec("aid-visit", Item.WARMTH, by_list=True, lists=("HP-0004",)),
    Kind.EMPLOYMENT: Spec("aid-employment", Item.EMPLOYMENT, by_list=True),
    Kind.MUTUAL: Spec("aid-mutual", Item.MUTUAL, ("MA-0001",), by_list=True),
    Kind.REST: Spec("aid-rest", "", ("CU-0004",), by_list=True),
}
JOIN_RULES = "aid-join"  # taking part in mutual aid, before any claim
ENTERING = tuple(
    dict.fromkeys(code for spec in SPECS.values() if not spec.by_file for code in spec.services + spec.lists)
)  # services whose requests become places


def kinds_of(service: str) -> Iterator[str]:
    """The kinds of programmes a request of this service comes into."""
    return (kind for kind, spec in SPECS.items() if service in spec.services + spec.lists)
