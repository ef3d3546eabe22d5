"""The kinds of union bodies and which may stand under which: ``data/kinds.csv`` (handbook GT 1.2)."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.db import models
from django.utils.translation import gettext_lazy as _

DATA = Path(__file__).parent / "data"


class Kind(models.TextChoices):
    NATIONAL = "A1", _("全国总工会")
    PROVINCE = "A2", _("省总工会")
    CITY = "A3", _("设区市总工会")
    COUNTY = "A4", _("县（市、区）总工会")
    PROVINCE_INDUSTRY = "B1", _("省产业（系统）工会")
    CITY_INDUSTRY = "B2", _("市产业（系统）工会")
    COUNTY_INDUSTRY = "B3", _("县产业（系统）工会、机关工会联合会")
    TOWN = "C1", _("乡镇（街道）总工会")
    ZONE = "C2", _("开发区（工业园区）工会")
    VILLAGE = "C3", _("村（社区）工会")
    AREA_FEDERATION = "D1", _("区域性工会联合会")
    TRADE_FEDERATION = "D2", _("行业性工会联合会")
    SINGLE = "E1", _("单独基层工会")
    JOINT = "E2", _("联合基层工会")
    PROJECT = "E3", _("项目工会")
    GROUP = "E4", _("集团（公司）工会")
    SUB_UNION = "F1", _("分工会")
    UNION_GROUP = "F2", _("工会小组")
    DISPATCHED = "G1", _("派出代表机关")


class Level(models.IntegerChoices):
    NATION = 1, _("全国")
    PROVINCE = 2, _("省级")
    CITY = 3, _("设区市")
    COUNTY = 4, _("县（市、区）")
    TOWN = 5, _("乡镇（街道）、开发区")
    VILLAGE = 6, _("村（社区）")
    GRASSROOTS = 7, _("基层工会")
    SUB_UNION = 8, _("分工会")
    GROUP = 9, _("工会小组")


@dataclass(frozen=True)
class KindRule:
    """One line of the table: at which levels a kind stands and under which kinds."""

    code: str
    level_from: int
    level_to: int
    parents: frozenset[str]
    may_be_root: bool
    holds_members: bool

    @property
    def levels(self) -> range:
        return range(self.level_from, self.level_to + 1)


@lru_cache(maxsize=1)
def kind_rules() -> dict[str, KindRule]:
    with (DATA / "kinds.csv").open(encoding="utf-8") as lines:
        return {
            row["code"]: KindRule(
                code=row["code"],
                level_from=int(row["level_from"]),
                level_to=int(row["level_to"]),
                parents=frozenset(row["parents"].split()),
                may_be_root=row["may_be_root"] == "yes",
                holds_members=row["holds_members"] == "yes",
            )
            for row in csv.DictReader(lines)
        }


def level_under(kind: str, parent_level: int | None) -> int | None:
    """The highest level (smallest number) of this kind that is below its parent; None when there is none."""
    rule = kind_rules()[kind]
    if parent_level is None:
        return rule.level_from if rule.may_be_root else None
    return next((level for level in rule.levels if level > parent_level), None)


# Bodies in which a person can be a member (GT 1.2, last rule).
MEMBER_KINDS = frozenset(code for code, rule in kind_rules().items() if rule.holds_members)
GRASSROOTS_KINDS = frozenset({Kind.SINGLE, Kind.JOINT, Kind.PROJECT, Kind.GROUP})


def relation_of(kind: str) -> str:
    """How a body of this kind covers an employer: as its own union, jointly with others, or as a federation."""
    if kind in (Kind.JOINT, Kind.PROJECT):
        return "joint"
    return "own" if kind in GRASSROOTS_KINDS else "federation"
