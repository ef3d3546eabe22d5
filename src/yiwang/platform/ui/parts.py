"""What the larger parts show. Whoever owns the facts fills these in; the templates only draw them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from yiwang.platform.ui.clockface import ClockFace

Tone = Literal["neutral", "info", "warn", "wait", "ok", "bad", "line"]
Verdict = Literal["yes", "missing", "no"]


@dataclass(frozen=True)
class Badge:
    label: str
    tone: Tone = "neutral"
    icon: str = ""


@dataclass(frozen=True)
class TimelineEntry:
    """One stretch of a case: ``done`` is filled, ``now`` outlined in its tone, ``coming`` numbered."""

    title: str
    state: Literal["done", "now", "coming"] = "coming"
    text: str = ""
    time: str = ""
    tone: Literal["info", "warn", "wait", "bad", "ok"] = "info"
    icon: str = "check"
    is_paused: bool = False
    link: str = ""
    link_text: str = ""


@dataclass(frozen=True)
class StripCell:
    """A figure above a list. With a ``url`` it filters the list; ``is_on`` says that it does now."""

    number: str
    label: str
    unit: str = ""
    delta: str = ""
    url: str = ""
    is_on: bool = False
    clock: Literal["", "run", "soon", "today", "over", "paused", "done"] = ""

    @property
    def face(self) -> ClockFace | None:
        shares = {"run": 5, "soon": 14, "today": 17}
        return ClockFace(self.clock, shares.get(self.clock, 20), 20, self.label) if self.clock else None


@dataclass(frozen=True)
class Band:
    """A stretch of a scale from where the last one ended to ``until`` (0–1)."""

    until: float
    label: str
    tone: Literal["deep", "middle", "out"]


@dataclass(frozen=True)
class Mark:
    """A place on a scale (0–1). ``value`` is the person's figure, ``line`` a limit, ``declared`` what was declared."""

    at: float
    label: str
    kind: Literal["value", "line", "declared"] = "line"

    @property
    def x(self) -> str:
        return f"{min(max(self.at, 0.0), 1.0) * 100:.1f}%"

    @property
    def anchor(self) -> str:
        if self.at < 0.12:
            return "start"
        return "end" if self.at > 0.88 else "middle"


@dataclass(frozen=True)
class Scale:
    """A number compared with its lines; ``sentence`` says the same in words."""

    sentence: str
    bands: Sequence[Band]
    marks: Sequence[Mark]

    @property
    def stretches(self) -> list[tuple[Band, str, str, str]]:
        """Each band with its left edge, width and the place of its label."""
        found = []
        start = 0.0
        for band in self.bands:
            found.append((band, f"{start * 100:.1f}%", f"{(band.until - start) * 100:.1f}%", f"{start * 100 + 1:.1f}%"))
            start = band.until
        return found

    @property
    def above(self) -> list[Mark]:
        return [mark for mark in self.marks if mark.kind == "value"]

    @property
    def below(self) -> list[Mark]:
        return [mark for mark in self.marks if mark.kind != "value"]


@dataclass(frozen=True)
class Condition:
    """One condition of a service: what is asked, the person's own fact, and where the fact comes from."""

    requirement: str
    holds: bool | None
    fact: str = ""
    source: str = ""
    scale: Scale | None = None


@dataclass(frozen=True)
class Eligibility:
    verdict: Verdict
    title: str
    subtitle: str
    conditions: Sequence[Condition] = ()
    other_ways: Sequence[tuple[str, str]] = ()
    apply_url: str = ""


@dataclass(frozen=True)
class LedgerLine:
    """A line of an explained calculation. ``is_cut`` marks a figure that was changed."""

    item: str
    sign: str = ""
    declared: str = ""
    allowed: str = ""
    why: str = ""
    cites: Sequence[tuple[str, str]] = ()
    is_cut: bool = False
    kind: Literal["line", "group", "sum", "result", "total"] = "line"


@dataclass(frozen=True)
class JobFace:
    """What the progress part shows of a long job."""

    title: str
    state: str
    done: int
    total: int
    remaining: str = ""
    note: str = ""
    failures_url: str = ""
    failures_text: str = ""
    links: Sequence[tuple[str, str]] = field(default=())


@dataclass(frozen=True)
class BallotOption:
    value: str
    label: str
    caption: str = ""


@dataclass(frozen=True)
class BallotQuestion:
    """One question of a paper. ``rule`` says what is valid; more than one choice makes it a list of ticks."""

    key: str
    title: str
    rule: str
    options: Sequence[BallotOption]
    most: int = 1
    links: Sequence[tuple[str, str]] = ()

    @property
    def input_type(self) -> str:
        return "radio" if self.most == 1 else "checkbox"


@dataclass(frozen=True)
class WageCell:
    """Pay of one grade at one step: ``tint`` 0–5 by headcount; ``is_hand_set`` marks a figure typed over."""

    pay: str
    heads: str
    change: str
    tint: int = 0
    is_hand_set: bool = False
    name: str = ""


@dataclass(frozen=True)
class WageRow:
    grade: str
    cells: Sequence[WageCell]
    heads: str
    over_last: str = ""
    over_now: str = ""


@dataclass(frozen=True)
class Contestant:
    """A line of a leaderboard. ``lost`` are the points lost per module, in the order of the modules."""

    name: str
    team: str
    unit: str
    marks: Sequence[str]
    rank: str = "—"
    moved: str = ""
    lost: Sequence[float] = ()
    total: str = ""
    behind: str = ""
    badge: Badge | None = None
    waits: str = ""
    cut_below: str = ""
    is_selected: bool = False

    @property
    def segments(self) -> list[tuple[str, str, int]]:
        """Left edge, width and colour of each module's lost points; a full bar is 48 points."""
        found = []
        start = 0.0
        for place, points in enumerate(self.lost, 1):
            found.append((f"{start:.2f}%", f"{points / 48 * 100:.2f}%", place))
            start += points / 48 * 100
        return found
