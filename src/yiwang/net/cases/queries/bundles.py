"""A bundle 一件事 as its applicant and the officers of its parts read it."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.net.cases.models import Bundle, BundlePart, Case, Decision
from yiwang.net.cases.queries.faces import face_of
from yiwang.platform.rules.queries import work_calendar
from yiwang.platform.ui.clockface import ClockFace
from yiwang.register.accounts.models import User
from yiwang.register.members.queries import person_of

NEED_FAILED = "need_failed"
WITHDRAWN = "withdrawn"
SHOWN = 20
State = BundlePart.State


def own_bundles(user: User) -> QuerySet[Bundle]:
    """Asked for oneself, or on the web for whoever gave a mandate. Indexes: ``bundle_by_…``."""
    person = person_of(user)
    filed = Q(submitted_by=user, channel__in=Case.OWN_CHANNELS)
    return Bundle.objects.filter(filed | Q(applicant=person) if person is not None else filed)


def bundle_of_key(user: User, key: str) -> Bundle | None:
    return Bundle.objects.filter(idempotency_key=key, submitted_by=user).first()


def need_of(case_id: int) -> Q:
    """The parts that wait for this case, also when a repeat of it was merged into it."""
    return Q(needs__case=case_id) | Q(needs__case__merged_into=case_id)


def well_decided(case: Case) -> bool:
    return case.is_decided and case.decisions.filter(revoked_at=None, outcome=Decision.Outcome.OK).exists()


@dataclass(frozen=True)
class PartLine:
    """One part: its case with its clock, or why there is none."""

    part: BundlePart
    case: Case | None
    face: ClockFace | None
    url: str

    @property
    def is_open(self) -> bool:
        return self.part.state == State.WAITING or (self.case is not None and self.case.is_open)

    @property
    def words(self) -> str:
        if self.case is not None:
            return str(self.case.get_state_display())
        if self.part.state == State.WAITING:
            assert self.part.needs is not None
            return _("等“{title}”办成后自动开始，不用你再填").format(title=self.part.needs.heading)
        return why_not(self.part)

    @property
    def may_ask_alone(self) -> bool:
        return self.part.state == State.NOT_STARTED


@dataclass(frozen=True)
class BundleCard:
    bundle: Bundle
    lines: list[PartLine]
    url: str

    @property
    def done(self) -> int:
        return sum(line.case is not None and line.case.is_decided for line in self.lines)

    @property
    def is_open(self) -> bool:
        return any(line.is_open for line in self.lines)


def why_not(part: BundlePart) -> str:
    if part.reason == NEED_FAILED and part.needs is not None:
        return _("“{title}”没有办成，这件没有开始").format(title=part.needs.heading)
    reasons = {
        WITHDRAWN: _("你说不办了"),
        "service_not_open": _("这件现在不收申请"),
        "service_gone": _("这件已经不办了"),
        "nobody_can_receive": _("这件暂时没有工会能接，请打12351"),
        "mandate_missing": _("委托已经到期，请本人重新委托"),
    }
    return reasons.get(part.reason, _("这件没能提交，请单独申请"))


def cards(bundles: Iterable[Bundle], now: dt.datetime) -> list[BundleCard]:
    """Four queries for any number of bundles."""
    found = list(bundles)
    parts = (
        BundlePart.objects.filter(bundle__in=found)
        .select_related("needs", "case__organisation", "case__merged_into__organisation")
        .prefetch_related("case__clocks", "case__pauses", "case__merged_into__clocks", "case__merged_into__pauses")
        .order_by("position")
    )
    by_bundle: dict[int, list[PartLine]] = {bundle.pk: [] for bundle in found}
    calendar = work_calendar()
    for part in parts:
        case = (part.case.merged_into or part.case) if part.case is not None else None
        face = face_of(case, now, calendar) if case is not None else None
        url = reverse("cases:matter-detail", args=[case.number]) if case is not None else ""
        by_bundle[part.bundle_id].append(PartLine(part, case, face, url))
    return [
        BundleCard(bundle, by_bundle[bundle.pk], reverse("cases:bundle-detail", args=[bundle.public_id]))
        for bundle in found
    ]


def open_cards(user: User, now: dt.datetime) -> list[BundleCard]:
    """The bundles with something still to come, the newest first."""
    is_going = Q(parts__state=State.WAITING) | Q(parts__case__closed_at=None, parts__state=State.STARTED)
    going = own_bundles(user).filter(is_going).distinct().order_by("-submitted_at")[:SHOWN]
    return [card for card in cards(going, now) if card.is_open]


@dataclass(frozen=True)
class Sibling:
    """Another part of the same bundle, on a case page: everybody on the case reads its state, few may open it."""

    title: str
    words: str
    case: Case | None
    url: str


def bundle_of(case: Case) -> Bundle | None:
    """None where it was asked for alone; no query where the page brought the part along."""
    part: BundlePart | None = getattr(case, "bundle_part", None)
    return part.bundle if part is not None else None


def siblings_of(
    case: Case, *, may_open: Callable[[], QuerySet[Case]], url_name: str, now: dt.datetime
) -> list[Sibling]:
    """``may_open`` gives the cases the reader may open: asked for only where there is a bundle."""
    bundle = bundle_of(case)
    if bundle is None:
        return []
    lines = [line for line in cards([bundle], now)[0].lines if line.case != case]
    opened = set(may_open().filter(pk__in=[line.case.pk for line in lines if line.case]).values_list("pk", flat=True))
    return [
        Sibling(
            line.part.heading,
            line.words,
            line.case,
            reverse(url_name, args=[line.case.number]) if line.case and line.case.pk in opened else "",
        )
        for line in lines
    ]
