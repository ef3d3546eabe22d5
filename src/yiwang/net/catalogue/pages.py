"""What the pages of the catalogue show: groups, materials in their three kinds, limits in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from yiwang.net.catalogue.cards import eligibility_card
from yiwang.net.catalogue.definitions import Definition, LegalBasis, Limit, Material
from yiwang.net.catalogue.models import ServiceVersion, ServiceVersionQuerySet
from yiwang.net.catalogue.problems import limit_text
from yiwang.net.catalogue.queries import Entitlement, with_contents
from yiwang.net.catalogue.vocabulary import CHANNELS, SITUATIONS
from yiwang.platform.rules.library.model import Question

MATERIAL_LOOKS = {
    "upload": ("file", "t-ind", "warn", "camera"),
    "on_file": ("file-check", "t-ok", "ok", "check"),
    "shared": ("file-check", "t-ok", "ok", "check"),
}


@dataclass(frozen=True)
class Row:
    """One service in a list."""

    code: str
    name: str
    summary: str
    icon: str
    term: str
    is_local: bool
    owner: str


@dataclass(frozen=True)
class Group:
    key: str
    title: str | Promise
    rows: list[Row]


def grouped(versions: Iterable[ServiceVersion], *, audience: str = "", situation: str = "") -> list[Group]:
    """By situation in life; a filter that matches nothing known is no filter."""
    by_situation: dict[str, list[Row]] = {key: [] for key in SITUATIONS}
    for version in versions:
        content = version.content
        if audience and audience not in content.audience:
            continue
        by_situation.setdefault(content.situation, []).append(row_of(version))
    wanted = [situation] if situation in SITUATIONS else list(SITUATIONS)
    return [Group(key, SITUATIONS[key], by_situation[key]) for key in wanted if by_situation[key]]


def row_of(version: ServiceVersion) -> Row:
    content = version.content
    owner = version.service.owner
    return Row(
        code=version.service.code,
        name=str(content.name),
        summary=str(content.summary),
        icon=content.icon,
        term=term_of(content),
        is_local=owner is not None,
        owner=owner.name if owner else "",
    )


def term_of(content: Definition) -> str:
    if content.timing == "instant":
        return _("当场办好")
    if content.timing == "window":
        return _("按期申报")
    return limit_text(content.promised_limit)


def service_context(version: ServiceVersion, found: Entitlement, *, is_known: bool, via: str = "") -> dict[str, Any]:
    """Everything the service page shows; ``is_known``: we know something about this person; ``via``: how they came."""
    content = version.content
    apply_url = reverse("cases:apply-start", args=[version.service.code]) + (f"?via={via}" if via else "")
    answer = found.answer if found.answer is not None and found.answer.verdict != "stopped" else None
    asked = [material for material in content.materials if material.is_asked]
    return {
        "version": version,
        "service": content,
        "situation": SITUATIONS.get(content.situation, ""),
        "term": content.promised_limit,
        "term_unit": _unit(content.promised_limit),
        "longest": limit_text(content.legal_limit),
        "card": eligibility_card(answer, apply_url=apply_url, other_ways=[]) if answer and is_known else None,
        "requirements": [reason.label for reason in answer.reasons] if answer else [str(c) for c in content.conditions],
        "answer": answer if is_known else None,
        "shown_steps": [step for step in answer.steps if step.unit == "yuan"] if answer and is_known else [],
        "materials": [
            (material, *MATERIAL_LOOKS.get(material.source, MATERIAL_LOOKS["upload"])) for material in content.materials
        ],
        "materials_line": _materials_line(content.materials, asked),
        "steps": [(step, limit_text(step.limit)) for step in content.steps],
        "channels": [CHANNELS[channel] for channel in content.channels if channel in CHANNELS],
        "laws": [basis for basis in content.legal_basis if basis.is_law],
        "own_rules": [basis for basis in content.legal_basis if basis.evidence == "design"],
        "apply_url": apply_url,
        "is_english": (get_language() or "").startswith("en"),
    }


def _unit(limit: Limit | None) -> str:
    return limit_text(limit).removeprefix(str(limit.amount)).strip() if limit else ""


def _materials_line(materials: Sequence[Material], asked: Sequence[Material]) -> str:
    held = len(materials) - len(asked)
    if not asked:
        return _("什么都不用交")
    needed = ngettext("只交{count}样", "只交{count}样", len(asked)).format(count=len(asked))
    if not held:
        return needed
    return _("{held}样不用交，{needed}").format(held=held, needed=needed)


def bundled(version: ServiceVersion, offered: ServiceVersionQuerySet) -> list[Row]:
    """The services that a 一件事 does in one go."""
    codes = [part.code for part in version.content.bundle]
    if not codes:
        return []
    return [row_of(item) for item in with_contents(offered.filter(service__code__in=codes))]


def law_line(laws: Sequence[LegalBasis]) -> str:
    return _("、").join(f"{law.title}{law.article}" for law in laws)


@dataclass(frozen=True)
class VerdictGroup:
    """The services with one kind of answer."""

    key: str
    title: str | Promise
    text: str | Promise
    icon: str
    tone: str
    is_open: bool
    items: Sequence[Entitlement] = ()


YES_TEXT = gettext_lazy("按已知的情况算，申请后由工作人员核对。")
ONE_MISSING_TEXT = gettext_lazy("知道下面这一样，就能告诉你行不行。")
OPEN_TEXT = gettext_lazy("用得着的时候再来，随时能办。")
MISSING_TEXT = gettext_lazy("多答几个问题，或者直接申请，由人来看。")
PERSON_TEXT = gettext_lazy("没有固定的条件，问了就有人答。")
NO_TEXT = gettext_lazy("觉得不对，照样可以申请，由人来判断。")
VERDICTS = (
    VerdictGroup("yes", gettext_lazy("你很可能符合"), YES_TEXT, "check-circle", "t-ok", True),
    VerdictGroup("one_missing", gettext_lazy("差一样就能定"), ONE_MISSING_TEXT, "alert-circle", "t-warn", True),
    VerdictGroup("missing", gettext_lazy("还差几样"), MISSING_TEXT, "help", "muted", False),
    VerdictGroup("open", gettext_lazy("随时能办"), OPEN_TEXT, "services", "t-ind", False),
    VerdictGroup("person", gettext_lazy("要人来看"), PERSON_TEXT, "talks", "muted", False),
    VerdictGroup("no", gettext_lazy("这次可能不符合"), NO_TEXT, "info", "muted", False),
)


def verdict_groups(found: Iterable[Entitlement]) -> list[VerdictGroup]:
    by_verdict: dict[str, list[Entitlement]] = {}
    for item in found:
        by_verdict.setdefault(item.verdict, []).append(item)
    return [replace(group, items=by_verdict[group.key]) for group in VERDICTS if group.key in by_verdict]


def answered(questions: Sequence[Question], answers: dict[str, Any]) -> list[tuple[Question, str, str]]:
    """Each question that was answered: (question, its text, the answer in words)."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    lines = []
    for question in questions:
        chosen = answers.get(question.key)
        if chosen is None:
            continue
        values = chosen if isinstance(chosen, list) else [chosen]
        words = [option.words.read(language) for option in question.options if option.value in values]
        lines.append((question, question.text.read(language), _("、").join(words)))
    return lines
