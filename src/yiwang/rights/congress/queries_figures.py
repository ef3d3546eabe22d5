"""Figures about congresses of a union and all below it (3.12), counted from the records; each with its rows."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.kernel.clock import today
from yiwang.register.organisations.models import Kind as BodyKind
from yiwang.register.organisations.models import Organisation
from yiwang.rights.congress.models import (
    AgendaItem,
    Congress,
    Delegate,
    Disclosure,
    Kind,
    Proposal,
    Report,
    Resolution,
    ResolutionCheck,
    Session,
    WorkerDirector,
)
from yiwang.rights.congress.queries import rule

UNITS = (BodyKind.SINGLE, BodyKind.JOINT, BodyKind.GROUP)
SHARED = (Kind.REGIONAL, Kind.INDUSTRY)
VOTED = (
    AgendaItem.Kind.ADOPT,
    AgendaItem.Kind.AGREE,
    AgendaItem.Kind.DECIDE,
    AgendaItem.Kind.ELECT,
    AgendaItem.Kind.APPRAISE,
)
HELD = (Session.State.CLOSED, Session.State.PUBLISHED)
MOST = 500


@dataclass(frozen=True)
class Row:
    """One of the records a figure counts, or does not."""

    title: str
    caption: str
    url: str
    counted: bool


@dataclass(frozen=True)
class Figure:
    """So many of so many, and how one of them is told. ``part`` is a part of ``whole``."""

    key: str
    label: str
    part: QuerySet[Any]
    whole: QuerySet[Any]
    told: Callable[[Any], tuple[str, str, str]]

    @property
    def counts(self) -> tuple[int, int]:
        return self.part.count(), self.whole.count()

    def rows(self) -> list[Row]:
        """Those that are missing first: they are what there is to do."""
        counted = set(self.part.values_list("pk", flat=True))
        rows = [Row(*self.told(row), counted=row.pk in counted) for row in self.whole[:MOST]]
        return sorted(rows, key=lambda row: row.counted)


def _congress(row: Congress) -> tuple[str, str, str]:
    return row.organisation.display_name, row.heading, reverse("congress:congress-detail", args=[row.public_id])


def _unit(row: Organisation) -> tuple[str, str, str]:
    return row.display_name, "", reverse("organisations:organisation-overview", args=[row.public_id])


def _session(row: Session) -> tuple[str, str, str]:
    url = reverse("congress:session-detail", args=[row.public_id])
    return row.congress.organisation.display_name, row.heading, url


def _item(row: AgendaItem) -> tuple[str, str, str]:
    title, _heading, url = _session(row.session)
    return row.title, f"{title} · {row.get_method_display()}", url


def _proposal(row: Proposal) -> tuple[str, str, str]:
    url = reverse("congress:proposal-detail", args=[row.congress.public_id, row.public_id])
    return row.title, f"{row.congress.organisation.display_name} · {row.get_state_display()}", url


def _disclosure(row: Disclosure) -> tuple[str, str, str]:
    url = reverse("congress:disclosure-detail", args=[row.congress.public_id, row.public_id])
    return row.title, f"{row.congress.organisation.display_name} · {row.period}", url


def _resolution(row: Resolution) -> tuple[str, str, str]:
    congress = row.session.congress
    return row.text, congress.organisation.display_name, reverse("congress:resolution-list", args=[congress.public_id])


class Figures:
    """All figures of one body and those below it, in one year; what is in force is told as of today."""

    def __init__(self, body: Organisation, year: int) -> None:
        self.path, self.year = str(body.path), year
        rows = Congress.objects.filter(Q(organisation__path__descendant=self.path)).select_related("organisation")
        self.congresses = rows.order_by("organisation__code", "pk")
        self.in_term = self.congresses.filter(state=Congress.State.IN_TERM)
        inside = {"congress__organisation__path__descendant": self.path}
        sessions = Session.objects.filter(**inside, state__in=HELD, held_on__year=year)
        self.sessions = sessions.select_related("congress__organisation").order_by("held_on", "pk")
        proposals = Proposal.objects.filter(**inside, submitted_on__year=year)
        self.proposals = proposals.select_related("congress__organisation").order_by("submitted_on", "pk")
        self.taken = self.proposals.exclude(handler="")
        disclosures = Disclosure.objects.filter(**inside, published_on__year=year)
        self.disclosures = disclosures.select_related("congress__organisation").order_by("published_on", "pk")

    def all(self) -> list[Figure]:
        return [
            self._built(),
            self._held(),
            self._sound(),
            self._secret(),
            *self._of_proposals(),
            *self._of_disclosure(),
            self._directors(),
            self._carried_out(),
        ]

    def one(self, key: str) -> Figure | None:
        return next((figure for figure in self.all() if figure.key == key), None)

    def _built(self) -> Figure:
        """A unit has a congress of its own, or is covered by one of its region or trade."""
        above = Congress.objects.filter(state=Congress.State.IN_TERM, organisation__path__ancestor=OuterRef("path"))
        units = Organisation.objects.active().under(self.path).filter(kind__in=UNITS).order_by("code")
        return Figure("built", _("建了职代会的单位"), units.filter(Exists(above)), units, _unit)

    def _held(self) -> Figure:
        met = Session.objects.filter(congress=OuterRef("pk"), opened_at__isnull=False, held_on__year=self.year)
        return Figure("held", _("这一年开过会的职代会"), self.in_term.filter(Exists(met)), self.in_term, _congress)

    def _sound(self) -> Figure:
        """Papers in time, minutes written, reported in time; a quorum there is, or it had not been opened."""
        late = Q(report__sent_on__gt=F("report__due_on")) | Q(
            report__state=Report.State.DUE, report__due_on__lt=today()
        )
        sound = self.sessions.filter(short_notice_reason="").exclude(minutes="").exclude(late)
        return Figure("sound", _("按规矩开的会"), sound, self.sessions, _session)

    def _secret(self) -> Figure:
        items = AgendaItem.objects.filter(session__in=self.sessions, kind__in=VOTED, state__in=AgendaItem.DONE)
        items = items.select_related("session__congress__organisation").order_by("session__held_on", "place")
        return Figure("secret", _("无记名投票的议题"), items.filter(method=AgendaItem.Method.SECRET), items, _item)

    def _of_proposals(self) -> list[Figure]:
        judged = self.proposals.exclude(satisfaction="")
        waiting = Q(replied_on=None, due_on__gte=today())
        owed = self.taken.exclude(waiting)
        in_time = owed.filter(replied_on__lte=F("due_on"))
        pleased = judged.filter(satisfaction__in=["yes", "mostly"])
        closed = self.taken.filter(state=Proposal.State.CLOSED)
        return [
            Figure("taken", _("立案的提案"), self.taken, self.proposals, _proposal),
            Figure("answered", _("按期答复的提案"), in_time, owed, _proposal),
            Figure("closed", _("办结的提案"), closed, self.taken, _proposal),
            Figure("pleased", _("提案人满意、基本满意的"), pleased, judged, _proposal),
        ]

    def _of_disclosure(self) -> list[Figure]:
        told = Disclosure.objects.filter(congress=OuterRef("pk"), published_on__year=self.year)
        later = Disclosure.objects.filter(
            congress=OuterRef("congress"),
            group=OuterRef("group"),
            title=OuterRef("title"),
            published_on__gt=OuterRef("published_on"),
        )
        overdue = Q(next_on__lt=today()) & ~Exists(later)
        in_time = self.disclosures.exclude(pk__in=self.disclosures.filter(overdue).values("pk"))
        return [
            Figure("open", _("公开厂务的职代会"), self.in_term.filter(Exists(told)), self.in_term, _congress),
            Figure("on_time", _("按期公开的事项"), in_time, self.disclosures, _disclosure),
        ]

    def _directors(self) -> Figure:
        """Of the firms that need one by their number of workers."""
        seated = WorkerDirector.objects.filter(congress=OuterRef("pk"), recalled_on=None, until__gte=today())
        rows = self.in_term.filter(kind=Kind.CONGRESS, headcount__gte=rule("director_from"))
        return Figure("directors", _("要有职工董事、监事，也有了的"), rows.filter(Exists(seated)), rows, _congress)

    def _carried_out(self) -> Figure:
        rows = Resolution.objects.filter(session__in=self.sessions).select_related("session__congress__organisation")
        last = ResolutionCheck.objects.filter(resolution=OuterRef("pk")).order_by("-on", "-pk").values("result")[:1]
        done = rows.annotate(last=Subquery(last)).filter(last=ResolutionCheck.Result.DONE)
        return Figure("carried_out", _("办到了的决议"), done.order_by("pk"), rows.order_by("pk"), _resolution)

    def delegates(self) -> list[tuple[str, int, int]]:
        """Who the delegates in office are: so many of so many, nobody by name."""
        rows = Delegate.objects.filter(congress__in=self.in_term, state=Delegate.State.ELECTED)
        whole = rows.count()
        parts = (
            (_("一线职工和技术人员"), rows.filter(category__in=Delegate.FRONT_LINE)),
            (_("女代表"), rows.filter(is_woman=True)),
            (_("中层以上管理人员"), rows.filter(category=Delegate.Category.LEADER)),
        )
        return [(label, part.count(), whole) for label, part in parts]

    def shared(self) -> list[tuple[str, int, int]]:
        """Congresses of regions, trades and platforms, and the workers they cover."""
        told = ((_("区域性、行业性职代会"), SHARED), (_("平台劳动者代表大会"), (Kind.PLATFORM,)))
        found = []
        for label, kinds in told:
            rows = self.in_term.filter(kind__in=kinds)
            found.append((label, rows.count(), rows.aggregate(all=Sum("headcount"))["all"] or 0))
        return found


def years_known(on: dt.date) -> list[int]:
    """This year and the two before."""
    return [on.year - n for n in range(3)]


def bodies_below(body: Organisation) -> list[Organisation]:
    """In the order of their codes, never by their figures; only where a congress is."""
    there = Congress.objects.filter(organisation__path__descendant=OuterRef("path"))
    return list(body.children.active().filter(Exists(there)).order_by("code")[:60])
