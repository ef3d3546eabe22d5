"""How large a demo federation is."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Size:
    """Counts of one size; the tree below is always the whole real one."""

    unions: int
    members: int
    cases: int


SIZES = {
    "small": Size(unions=2_000, members=20_000, cases=400),
    "tiny": Size(unions=120, members=900, cases=160),
}
