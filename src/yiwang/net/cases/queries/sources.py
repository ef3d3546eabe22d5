"""Where the pickers of a service's form find unions and places."""

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse

from yiwang.platform.forms.library import Picked, PickSource, Sources
from yiwang.register.organisations.kinds import MEMBER_KINDS
from yiwang.register.organisations.models import Organisation, OrganisationQuerySet

HITS = 10
REGIONAL_LEVELS = (3, 4, 5, 6)


class UnionSource:
    """Bodies that take in members, by name, code or pinyin initials."""

    kind = "organisation"

    def __init__(self) -> None:
        self.search_url = reverse("cases:pick", args=[self.kind])

    def bodies(self) -> OrganisationQuerySet:
        return Organisation.objects.active().filter(kind__in=MEMBER_KINDS)

    def value(self, body: Organisation) -> str:
        return body.public_id

    def resolve(self, value: str) -> Picked | None:
        body = self.bodies().filter(public_id=value).select_related("parent").first() if value else None
        return self._picked(body) if body else None

    def search(self, text: str) -> Sequence[Picked]:
        typed = text.strip()
        if not typed:
            return []
        named = Q(name__contains=typed) | Q(code=typed) | Q(pinyin_initials__startswith=typed.lower())
        found = self.bodies().filter(named).select_related("parent").order_by("level", "name")[:HITS]
        return [self._picked(body) for body in found]

    def _picked(self, body: Organisation) -> Picked:
        return Picked(self.value(body), body.name, body.parent.name if body.parent else "")


class PlaceSource(UnionSource):
    """Cities, counties, towns and villages, through the union of the place."""

    kind = "division"

    def bodies(self) -> OrganisationQuerySet:
        return Organisation.objects.active().filter(level__in=REGIONAL_LEVELS, kind__regex="^[AC]")

    def value(self, body: Organisation) -> str:
        return body.division_code

    def resolve(self, value: str) -> Picked | None:
        body = self.bodies().filter(division_code=value).select_related("parent").order_by("level").first()
        return self._picked(body) if body else None

    def _picked(self, body: Organisation) -> Picked:
        place = body.name.removesuffix("总工会").removesuffix("工会")
        above = body.parent.name.removesuffix("总工会").removesuffix("工会") if body.parent else ""
        return Picked(self.value(body), place, above)


KINDS: dict[str, type[UnionSource]] = {"organisation": UnionSource, "division": PlaceSource}


def sources() -> Sources:
    return {name: kind() for name, kind in KINDS.items()}


def source(kind: str) -> PickSource | None:
    found = KINDS.get(kind)
    return found() if found else None
