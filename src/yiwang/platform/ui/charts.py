"""Small charts drawn on the server: lines labelled at their end, bars with their target, dots of a spread."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

WIDTH, HEIGHT = 430, 150
LEFT, RIGHT, TOP, BOTTOM = 34, 70, 12, 20


@dataclass(frozen=True)
class Series:
    """One line: its values in order (None where nothing is known) and the words at its end."""

    label: str
    values: Sequence[float | None]
    colour: int = 1
    is_dashed: bool = False


@dataclass(frozen=True)
class LineChart:
    """``sentence`` says in words what the picture shows; ``names`` are the labels below."""

    sentence: str
    names: Sequence[str]
    series: Sequence[Series]
    unit: str = ""

    @property
    def view(self) -> str:
        return f"0 0 {WIDTH} {HEIGHT}"

    @property
    def top(self) -> float:
        return nice_top(max((v for one in self.series for v in one.values if v is not None), default=1))

    def x(self, place: int) -> float:
        return LEFT + place * (WIDTH - LEFT - RIGHT) / max(len(self.names) - 1, 1)

    def y(self, value: float) -> float:
        return HEIGHT - BOTTOM - value / self.top * (HEIGHT - TOP - BOTTOM)

    @property
    def grid(self) -> list[tuple[str, str]]:
        return [(f"{self.y(self.top * n / 4):.1f}", f"{self.top * n / 4:,.0f}") for n in range(5)]

    @property
    def below(self) -> list[tuple[str, str]]:
        return [(f"{self.x(place):.1f}", name) for place, name in enumerate(self.names)]

    @property
    def lines(self) -> list[tuple[Series, str, str, str, str]]:
        """Each series with its points, its last point and the height of its label."""
        found = []
        taken: list[float] = []
        for one in self.series:
            points = [(self.x(place), self.y(v)) for place, v in enumerate(one.values) if v is not None]
            if not points:
                continue
            end_x, end_y = points[-1]
            label_y = end_y + 4
            while any(abs(label_y - other) < 14 for other in taken):
                label_y += 4
            taken.append(label_y)
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
            found.append((one, path, f"{end_x:.1f}", f"{end_y:.1f}", f"{label_y:.1f}"))
        return found

    @property
    def rows(self) -> list[tuple[str, list[str]]]:
        """The same figures as a table."""
        return [(name, [cell(one.values, place) for one in self.series]) for place, name in enumerate(self.names)]


def cell(values: Sequence[float | None], place: int) -> str:
    value = values[place] if place < len(values) else None
    return "—" if value is None else f"{value:,.10g}"


def nice_top(largest: float) -> float:
    """The next round number at or above the largest value, so that four equal steps stay readable."""
    if largest <= 0:
        return 4
    step = largest / 4
    power = 10 ** floor(log10(step))
    for factor in (1, 2, 2.5, 5, 10):
        if step <= factor * power:
            return float(4 * factor * power)
    return float(4 * ceil(step))


@dataclass(frozen=True)
class Bar:
    """A bar from 0 to ``share`` (0–1) of the scale; ``target`` is a tick on it."""

    label: str
    share: float
    figure: str
    note: str = ""
    target: float | None = None
    is_behind: bool = False
    full: float = 0

    @property
    def width(self) -> str:
        return f"{min(max(self.share, 0), 1) * 100:.1f}%"

    @property
    def full_width(self) -> str:
        return f"{min(max(self.full, 0), 1) * 100:.1f}%"

    @property
    def target_x(self) -> str:
        return f"{min(max(self.target or 0, 0), 1) * 100:.1f}%"


@dataclass(frozen=True)
class Spread:
    """Dots of the parts of a whole between ``low`` and ``high``; below ``target`` they are brick."""

    values: Sequence[float]
    mean: float
    low: float
    high: float
    target: float

    def x(self, value: float) -> str:
        return f"{min(max((value - self.low) / (self.high - self.low), 0), 1) * 100:.1f}%"

    @property
    def dots(self) -> list[tuple[str, bool]]:
        return [(self.x(value), value < self.target) for value in self.values]

    @property
    def mean_x(self) -> str:
        return self.x(self.mean)

    @property
    def target_x(self) -> str:
        return self.x(self.target)


@dataclass(frozen=True)
class Rung:
    """A step of a coverage ladder: what is covered and, hatched, what was lost since the step above."""

    label: str
    figure: str
    share: float
    lost: float = 0
    lost_text: str = ""
    lost_link: str = ""
    lost_link_text: str = ""

    @property
    def width(self) -> str:
        return f"{self.share * 100:.1f}%"

    @property
    def is_short(self) -> bool:
        """Too short to hold its own words: they stand behind it."""
        return self.share < 0.3

    @property
    def lost_width(self) -> str:
        return f"{self.lost * 100:.1f}%"

    @property
    def percent(self) -> str:
        return f"{self.share * 100:.3g}%"
