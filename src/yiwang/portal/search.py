"""One search over what can be done, one's own matters, and union bodies; everyday words and pinyin are understood."""

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from yiwang.net.cases import queries as cases
from yiwang.net.cases.formulas import number_key
from yiwang.net.cases.models import Case
from yiwang.net.catalogue import queries as catalogue
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


def common_words() -> list[str]:
    """Everyday words that lead to the services people ask for most."""
    return [
        _("欠薪"),
        _("住院"),
        _("孩子上学"),
        _("工伤"),
        pgettext("what people look for", "入会"),
        _("学技能班"),
        pgettext("what people look for", "驿站"),
        pgettext("what people look for", "退休"),
    ]


def _own_matters(user: User, words: str) -> list[Case]:
    """One's own cases by number or by the words of their title and matter."""
    own = cases.own_cases(user)
    return list(own.filter(matching(words)).order_by("-submitted_at")[:LIMIT])


def _in_language(hits: list[text.Hit]) -> list[Row]:
    """Services as the reader's language names them: the index holds the Chinese words."""
    codes = [] if (get_language() or "zh").startswith("zh") else [hit.object_id for hit in hits]
    known = {version.service.code: version for version in catalogue.published().filter(service__code__in=codes)}
    rows = []
    for hit in hits:
        version = known.get(hit.object_id)
        title, detail = (version.name, str(version.content.summary)) if version else (hit.title, hit.detail)
        rows.append(Row(title, detail, reverse("catalogue:service-detail", args=[hit.object_id])))
    return rows


def matching(words: str) -> Q:
    return Q(number_key__contains=number_key(words) or "-") | Q(title__contains=words) | Q(matter__contains=words)


def search(words: str, *, user: User | None) -> Found:
    """What a person may see: public services and bodies, and their own matters by number or title."""
    hits = text.search(words, kinds=("service", "organisation"), limit=LIMIT)
    services = _in_language([hit for hit in hits if hit.kind == "service"][:LIMIT])
    bodies = [hit for hit in hits if hit.kind == "organisation"][:LIMIT]
    matters = _own_matters(user, words) if user else []
    return Found(
        services=services,
        matters=[Row(m.heading, m.number, reverse("cases:matter-detail", args=[m.number])) for m in matters],
        organisations=[
            Row(h.title, h.detail, reverse("organisations:organisation-detail", args=[h.object_id])) for h in bodies
        ],
    )
