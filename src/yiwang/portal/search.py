"""One search over what can be done, one's own matters, and union bodies; everyday words and pinyin are understood."""

from dataclasses import dataclass

from django.urls import reverse

from yiwang.net.cases import queries as cases
from yiwang.platform.text import queries as text
from yiwang.register.accounts.models import User

LIMIT = 8


@dataclass(frozen=True)
class Row:
    title: str
    detail: str
    url: str


@dataclass(frozen=True)
class Found:
    services: list[Row]
    matters: list[Row]
    organisations: list[Row]

    @property
    def is_empty(self) -> bool:
        return not (self.services or self.matters or self.organisations)


def search(words: str, *, user: User | None) -> Found:
    """What a person may see: public services and bodies, and their own matters by number or title."""
    hits = text.search(words, kinds=("service", "organisation"), limit=LIMIT)
    services = [hit for hit in hits if hit.kind == "service"][:LIMIT]
    bodies = [hit for hit in hits if hit.kind == "organisation"][:LIMIT]
    matters = cases.search_own(user, words, limit=LIMIT) if user else []
    return Found(
        services=[Row(h.title, h.detail, reverse("catalogue:service-detail", args=[h.object_id])) for h in services],
        matters=[Row(str(m), m.number, reverse("cases:matter-detail", args=[m.number])) for m in matters],
        organisations=[
            Row(h.title, h.detail, reverse("organisations:organisation-detail", args=[h.object_id])) for h in bodies
        ],
    )
