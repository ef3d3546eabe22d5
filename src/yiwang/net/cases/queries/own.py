"""The applicant's side: what is theirs, what they must do, in the order of the clock."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yiwang.kernel import clock as kernel_clock
from yiwang.net.cases.models import Case, CaseQuerySet, Decision, Supplement
from yiwang.net.cases.models.case import OPEN_STATES
from yiwang.net.cases.queries.faces import CLOCKS, clocks_of, face_of
from yiwang.net.catalogue.queries import published
from yiwang.platform.files.models import Document
from yiwang.platform.files.queries import documents_of
from yiwang.platform.forms.models import Draft
from yiwang.platform.forms.queries import drafts_of
from yiwang.platform.rules.queries import work_calendar
from yiwang.platform.ui.clockface import ClockFace
from yiwang.platform.ui.formats import day_text
from yiwang.register.accounts.models import User
from yiwang.register.members.queries import person_of, records_of

SHOWN = 50


def own_condition(user: User) -> Q:
    """What the user asked for, or filed for somebody with a mandate. Indexes: case_by_applicant, case_by_submitter."""
    person = person_of(user)
    filed = Q(submitted_by=user) & (Q(applicant=None, channel__in=Case.OWN_CHANNELS) | Q(mandate__isnull=False))
    return filed | Q(applicant__in=records_of(person)) if person is not None else filed


def own_cases(user: User) -> CaseQuerySet:
    return Case.objects.filter(own_condition(user))


def case_of_key(user: User, key: str) -> Case | None:
    """What this account submitted under an idempotency key."""
    return Case.objects.filter(idempotency_key=key, submitted_by=user).first()


@dataclass(frozen=True)
class DraftLine:
    """A request begun and not handed in."""

    draft: Draft
    title: str
    url: str


def drafts(user: User) -> list[DraftLine]:
    lines = []
    versions: dict[str, str] = {}
    found = [draft for draft in drafts_of(user.pk) if draft.key.startswith(DRAFT_PREFIX)]
    codes = {draft.key.split(":")[1] for draft in found}
    for version in published().filter(service__code__in=codes) if codes else []:
        versions[version.service.code] = version.name
    for draft in found:
        code = draft.key.split(":")[1]
        if code in versions:
            lines.append(DraftLine(draft, versions[code], reverse("cases:apply-start", args=[code])))
    return lines


DRAFT_PREFIX = "service:"
SUPPLEMENT_SUBJECT = "supplement"


def supplement_documents(case: Case) -> list[Document]:
    """What the applicant uploaded for a supplement and has not handed in yet."""
    return list(documents_of(SUPPLEMENT_SUBJECT, case.pk))


def open_supplement_of(case: Case) -> Supplement | None:
    return case.supplements.filter(answered_at=None, is_expired=False).first()


@dataclass(frozen=True)
class Matter:
    """One line of 我的事."""

    case: Case
    face: ClockFace
    url: str
    outcome: str = ""  # of the decision in force, for what is over

    @property
    def ended_as(self) -> str:
        """How it ended as the applicant reads it: the answer, not the state of the file."""
        if self.outcome == Decision.Outcome.OK:
            return _("同意了")
        return _("没有通过") if self.outcome == Decision.Outcome.NO else str(self.case.get_state_display())


def matters(
    user: User, *, is_open: bool, now: dt.datetime, before: Case | None = None, shown: Collection[int] = ()
) -> list[Matter]:
    """Open ones by the clock; ended ones the latest first, paged by key. ``shown`` stand in a bundle already."""
    cases = own_cases(user).exclude(state=Case.State.MERGED).prefetch_related(*CLOCKS)
    if shown:
        cases = cases.exclude(pk__in=shown)
    if is_open:
        found = cases.open().by_clock()[:SHOWN]
    else:
        in_force = Decision.objects.filter(case=OuterRef("pk"), revoked_at=None).values("outcome")
        done = cases.exclude(state__in=OPEN_STATES).order_by("-closed_at", "-pk").annotate(outcome=Subquery(in_force))
        if before is not None:
            earlier = Q(closed_at__lt=before.closed_at) | Q(closed_at=before.closed_at, pk__lt=before.pk)
            done = done.filter(earlier)
        found = done[:SHOWN]
    calendar = work_calendar()
    return [
        Matter(
            case,
            face_of(case, now, calendar),
            reverse("cases:matter-detail", args=[case.number]),
            getattr(case, "outcome", "") or "",
        )
        for case in found
    ]


@dataclass(frozen=True)
class NeedsYou:
    """One thing the person must do, with its clock and where to do it."""

    title: str
    detail: str
    face: ClockFace
    label: str
    url: str


def needs_you(user: User, *, now: dt.datetime | None = None) -> list[NeedsYou]:
    """What only the applicant can do: send what is missing. Two queries beside the one for the person."""
    now = now or kernel_clock.now()
    waiting = _needing(user).prefetch_related(*CLOCKS, "supplements").order_by("due_at", "pk")[:SHOWN]
    found = []
    for case in waiting:
        supplement = next((s for s in case.supplements.all() if s.answered_at is None and not s.is_expired), None)
        items = supplement.items if supplement else []
        title = ngettext("补交{n}份材料：{names}", "补交{n}份材料：{names}", len(items)).format(
            n=len(items), names=_("、").join(item["name"] for item in items)
        )
        detail = case.heading
        if supplement is not None:
            day = day_text(kernel_clock.due_day(supplement.due_at))
            detail = _("{service} · {day}24:00前").format(service=case.heading, day=day)
        url = reverse("cases:matter-supplement", args=[case.number])
        found.append(NeedsYou(title, detail, their_face(case, now), _("去补交"), url))
    return found


def needs_you_count(user: User) -> int:
    return _needing(user).count()


def _needing(user: User) -> CaseQuerySet:
    return own_cases(user).filter(state=Case.State.SUPPLEMENT)


def their_face(case: Case, now: dt.datetime) -> ClockFace:
    """The applicant's own deadline runs in calendar days, so it says days."""
    clock = next((c for c in clocks_of(case) if c.kind == "supplement" and c.state == "running"), None)
    if clock is None:
        return face_of(case, now)
    day = kernel_clock.due_day(clock.due_at)
    left = (day - kernel_clock.local_date(now)).days
    text = _("今天24:00") if left == 0 else ngettext("还剩{n}天", "还剩{n}天", left).format(n=left)
    state = "today" if left <= 0 else "soon" if left <= 3 else "run"
    return ClockFace(state, clock.amount - left, clock.amount, text, f"{day:%m-%d}")  # type: ignore[arg-type]  # one of the choices
