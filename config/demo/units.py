"""The demo's firms and their unions, hung into the real tree where the people are."""

import datetime as dt
from dataclasses import dataclass

from config.demo.fiction import TRADES, Fiction, Firm

# Where the firms are, as weights of counties by division code; every other county gets one share.
HEAVY = {
    "320583": 120,
    "320585": 25,
    "320581": 30,
    "320582": 30,
    "320506": 30,
    "320509": 30,
    "320205": 25,
    "320281": 30,
}
NATURES = (("170", 62), ("159", 14), ("300", 9), ("200", 6), ("169", 4), ("110", 2), ("161", 2), ("700", 1))


@dataclass(frozen=True, kw_only=True)
class Body:
    """A body of the real tree that a firm's union may hang under: a town, a zone, a village or the county."""

    pk: int
    path: str
    level: int
    kind: str
    name: str
    division: str
    county: str
    place: str


@dataclass(frozen=True, kw_only=True)
class Unit:
    """One firm with its own union, before it is a row."""

    firm: Firm
    parent: Body
    kind: str
    employees: int
    women: int
    migrants: int
    founded_on: dt.date
    nature: str


NAMED = (
    # brand, trade, town, employees: the stories of the demo live here
    ("恒达", "精密机械", "玉山镇", 268),
    ("宏图", "电子", "张浦镇", 640),
    ("昆益", "纺织", "周市镇", 182),
    ("优品", "家政服务", "花桥镇", 46),
)


def draw_employees(fiction: Fiction) -> int:
    return max(6, min(int(fiction.random.lognormvariate(3.6, 0.95)), 2400))


def draw_unit(
    fiction: Fiction, parent: Body, *, on: dt.date, brand: str = "", trade: str = "", employees: int = 0
) -> Unit:
    firm = fiction.firm(parent.county, parent.place, brand=brand, trade=trade or fiction.random.choice(list(TRADES)))
    count = employees or draw_employees(fiction)
    draw = fiction.random
    return Unit(
        firm=firm,
        parent=parent,
        kind="E1",
        employees=count,
        women=int(count * draw.uniform(0.2, 0.65)),
        migrants=int(count * draw.uniform(0.1, 0.6)),
        founded_on=on - dt.timedelta(days=draw.randrange(120, 9000)),
        nature=draw.choices([code for code, _ in NATURES], [weight for _, weight in NATURES])[0],
    )


def draw_units(fiction: Fiction, bodies: list[Body], *, count: int, on: dt.date) -> list[Unit]:
    """``count`` firms, the named ones first; no two of one name under one parent."""
    by_county: dict[str, list[Body]] = {}
    for body in bodies:
        if body.kind in ("C1", "C2"):
            by_county.setdefault(body.county, []).append(body)
    units: list[Unit] = []
    for brand, trade, town, employees in NAMED:
        parent = next((body for body in by_county.get("320583", []) if town in body.name), None)
        if parent is not None:
            units.append(draw_unit(fiction, parent, on=on, brand=brand, trade=trade, employees=employees))
    counties = sorted(by_county)
    weights = [HEAVY.get(code, 8) for code in counties]
    taken = {(unit.parent.pk, unit.firm.name) for unit in units}
    while len(units) < count:
        parent = fiction.random.choice(by_county[fiction.random.choices(counties, weights)[0]])
        unit = draw_unit(fiction, parent, on=on)
        if (parent.pk, unit.firm.name) not in taken:
            taken.add((parent.pk, unit.firm.name))
            units.append(unit)
    return units
