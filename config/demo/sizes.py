"""How large a demo federation is."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Size:
    """Counts of one size; the tree below is always the whole real one."""

    unions: int
    members: int
    cases: int
    courses: int  # courses of cases that are played for real and then stand for many
    recent_courses: int  # those of the last weeks, most of them not over


SIZES = {
    "small": Size(unions=2_000, members=20_000, cases=3_000, courses=64, recent_courses=36),
    "tiny": Size(unions=120, members=900, cases=160, courses=40, recent_courses=20),
}
