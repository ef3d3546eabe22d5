"""How large a demo federation is."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Width:
    """What a large demo has beyond the small one: more unions and members, without stories."""

    unions: int
    members: int
    county: str = ""  # the division where all of them are; everywhere by the weights of ``units`` when empty


@dataclass(frozen=True, kw_only=True)
class Size:
    """Counts of one size; the tree below is always the whole real one."""

    unions: int
    members: int
    cases: int
    courses: int  # courses of cases that are played for real and then stand for many
    recent_courses: int  # those of the last weeks, most of them not over
    width: Width | None = None


def _small(width: Width | None = None) -> Size:
    return Size(unions=2_000, members=20_000, cases=3_000, courses=64, recent_courses=36, width=width)


SIZES = {
    "small": _small(),
    "tiny": Size(unions=120, members=900, cases=160, courses=40, recent_courses=20),
    # One county as it is in truth; the province: 140,000 bodies and three million members.
    "county": _small(Width(unions=10_000, members=280_000, county="320583")),
    "province": _small(Width(unions=114_500, members=2_980_000)),
}
