"""Figures of a subtree for those who answer for it. Reads counters and the rows they count; writes nothing."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.net.cases import policies as cases
from yiwang.platform.counters import queries as counters
from yiwang.platform.ui.charts import Spread
from yiwang.platform.ui.formats import percent_text
from yiwang.platform.ui.maps import Shade, cities
from yiwang.register.access.policies import scope_paths
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Organisation

RECEIVED, OPEN, DONE, ON_TIME = "cases.received", "cases.open", "cases.done", "cases.on_time"
MEMBERS, BODIES = "members.current", "organisations.bodies"
NAMES = (RECEIVED, OPEN, DONE, ON_TIME, MEMBERS, BODIES)
# Below this many the share of cases on time says more about chance than about work.
LEAST_FOR_A_SHARE = 5
LOW_SHARE = 0.8
COUNTY_LEVEL = 4
# How far from the whole a part must be, in shares, to stand in the outer classes of the map.
FAR = 0.03


def own_body(user: User) -> Organisation | None:
    """The highest body whose figures the user answers for. Only the roots of their scope, by their unique paths: the
    highest of everything below would read the whole tree."""
    roots = Organisation.objects.filter(path__in=scope_paths(user, "insight.view"))
    return roots.order_by("level", "pk").first()


@dataclass(frozen=True)
class Row:
    """The figures of one body and all below it, each with the address of the rows it counts."""

    organisation: Organisation
    figures: dict[str, int]
    overdue: int

    @property
    def members(self) -> int:
        return self.figures.get(MEMBERS, 0)

    @property
    def bodies(self) -> int:
        return self.figures.get(BODIES, 0)

    @property
    def open(self) -> int:
        return self.figures.get(OPEN, 0)

    @property
    def received(self) -> int:
        return self.figures.get(RECEIVED, 0)

    @property
    def done(self) -> int:
        return self.figures.get(DONE, 0)

    @property
    def on_time(self) -> float | None:
        """Share of decided cases that were on time; None below the smallest number that says anything."""
        done = self.figures.get(DONE, 0)
        return None if done < LEAST_FOR_A_SHARE else self.figures.get(ON_TIME, 0) / done

    def rows_url(self, **filters: str) -> str:
        """The very cases behind a figure of this row."""
        asked = {"heap": "subtree", "org": self.organisation.public_id, **filters}
        return f"{reverse('cases:queue')}?{urlencode(asked)}"

    def found_url(self, **filters: str) -> str:
        """The same among all cases, ended ones too."""
        return f"{reverse('cases:search')}?{urlencode({'org': self.organisation.public_id, **filters})}"

    @property
    def received_url(self) -> str:
        return self.found_url()

    @property
    def open_url(self) -> str:
        return self.rows_url()

    @property
    def overdue_url(self) -> str:
        return self.rows_url(due="over")

    @property
    def done_url(self) -> str:
        return self.found_url(done="1")


@dataclass(frozen=True)
class Picture:
    """The same shares once more, to be seen at a glance: the parts of each part, and the map where there is one."""

    spreads: dict[int, Spread]  # by body
    low: float
    high: float
    shades: Sequence[Shade]
    legend: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Remark:
    """One thing out of the ordinary, as a sentence with what to do."""

    sentence: str
    label: str
    url: str
    tone: str


def row_of(user: User, organisation: Organisation, *, now: dt.datetime) -> Row:
    figures = counters.figures([str(organisation.path)], NAMES)
    late = cases.listed(user).filter(Q(organisation__path__descendant=organisation.path)).overdue(now).count()
    return Row(organisation, figures.get(str(organisation.path), {}), late)


def children_of(user: User, organisation: Organisation, *, now: dt.datetime) -> list[Row]:
    """One row for each body below that has any figure, largest first: three queries whatever their number."""
    bodies = list(organisation.children.active().order_by("division_code", "code"))
    figures = counters.figures([str(body.path) for body in bodies], NAMES)
    late: dict[str, int] = {}
    depth = str(organisation.path).count(".") + 2
    overdue = cases.listed(user).filter(Q(organisation__path__descendant=organisation.path)).overdue(now)
    for path in overdue.values_list("organisation__path", flat=True):
        child = ".".join(str(path).split(".")[:depth])
        late[child] = late.get(child, 0) + 1
    rows = [Row(body, figures.get(str(body.path), {}), late.get(str(body.path), 0)) for body in bodies]
    return sorted(rows, key=lambda row: (-row.overdue, -row.open, -row.received, row.organisation.code))


def picture_of(total: Row, children: Sequence[Row]) -> Picture | None:
    """Of a province or a city; below a county the parts are too small for a share. Two queries for any number."""
    whole = total.on_time
    if whole is None or total.organisation.level >= COUNTY_LEVEL:
        return None
    shares = _shares_inside(children)
    every = [share for inside in shares.values() for share in inside]
    every += [row.on_time for row in children if row.on_time is not None]
    if not every:
        return None
    low, high = min(*every, whole), max(*every, whole)
    low, high = max(low - 0.01, 0), min(high + 0.01, 1)
    spreads = {
        row.organisation.pk: Spread(shares.get(row.organisation.pk, []), row.on_time, low, high, whole)
        for row in children
        if row.on_time is not None
    }
    return Picture(spreads, low, high, _shades(children, whole), _legend(whole))


def _shares_inside(children: Sequence[Row]) -> dict[int, list[float]]:
    """The shares of the bodies just below each of these."""
    below = Organisation.objects.active().filter(parent__in=[row.organisation.pk for row in children])
    paths = {str(path): parent for parent, path in below.values_list("parent_id", "path")}
    shares: dict[int, list[float]] = {}
    for path, figures in counters.figures(list(paths), (DONE, ON_TIME)).items():
        if figures.get(DONE, 0) >= LEAST_FOR_A_SHARE:
            shares.setdefault(paths[path], []).append(figures.get(ON_TIME, 0) / figures[DONE])
    return shares


def _shades(children: Sequence[Row], whole: float) -> list[Shade]:
    """The map, when the parts are its areas."""
    areas = cities()
    by_code = {row.organisation.division_code[:6]: row for row in children if row.organisation.division_code}
    if not areas.keys() <= by_code.keys():
        return []
    rows = [(area, by_code[code]) for code, area in areas.items()]
    return [
        Shade(
            area,
            class_of(row.on_time, whole),
            percent_text(row.on_time),
            reverse("insight:overview-of", args=[row.organisation.public_id]),
        )
        for area, row in rows
    ]


def class_of(share: float | None, whole: float) -> str:
    """Diverging around the whole: below it is always brick."""
    if share is None:
        return "none"
    if share >= whole:
        return "d4" if share >= whole + FAR else "d3"
    return "d1" if share < whole - FAR else "d2"


def _legend(whole: float) -> list[tuple[str, str]]:
    high, middle, low = percent_text(min(whole + FAR, 1)), percent_text(whole), percent_text(whole - FAR)
    return [
        ("d4", _("{share}及以上").format(share=high)),
        ("d3", _("{low}到{high}").format(low=middle, high=high)),
        ("d2", _("{low}到{high}").format(low=low, high=middle)),
        ("d1", _("低于{share}").format(share=low)),
    ]


def exceptions(total: Row, children: list[Row]) -> list[Remark]:
    """What is out of the ordinary, in sentences; nothing is said where nothing is."""
    found = []
    if total.overdue:
        sentence = _("有{n}件逾期没有办结。").format(n=total.overdue)
        found.append(Remark(sentence, _("看这{n}件").format(n=total.overdue), total.overdue_url, "bad"))
    worst = max(children, key=lambda row: row.overdue, default=None)
    if worst is not None and worst.overdue > 1:
        sentence = _("{name}逾期最多，{n}件。").format(name=worst.organisation.display_name, n=worst.overdue)
        found.append(Remark(sentence, _("看是哪些"), worst.overdue_url, "bad"))
    slow = [(row.on_time, row) for row in children if row.on_time is not None and row.on_time < LOW_SHARE]
    if slow:
        share, row = min(slow, key=lambda pair: pair[0])
        words = percent_text(share)
        sentence = _("{name}按时办结率只有{share}。").format(name=row.organisation.display_name, share=words)
        found.append(Remark(sentence, _("看办结的"), row.done_url, "warn"))
    idle = [row for row in children if row.bodies and not row.received]
    if idle and total.received:
        sentence = _("{n}个下级一件申请也没有收到过。").format(n=len(idle))
        found.append(Remark(sentence, _("看名单"), "#below", "warn"))
    return found
