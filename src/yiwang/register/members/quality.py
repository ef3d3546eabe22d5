"""How good a union's register is (GT 2.12, 2.14): every lost point is a list of people to look at."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.clock import add_months
from yiwang.platform.rules.queries import parameter
from yiwang.register.members.codes import EmployKind, EmployState, NewForm, RealnameLevel
from yiwang.register.members.formulas import years_before
from yiwang.register.members.models import MembershipQuerySet
from yiwang.register.organisations.models import Organisation, OrganisationEmployer

WELL = 90
PLACEHOLDER = re.compile("测试|NULL|^无$|^—$")
_COVERED = OrganisationEmployer.objects.filter(organisation=OuterRef("organisation"), employer=OuterRef("employer"))


@dataclass(frozen=True)
class Flaw:
    """One thing that can be wrong or missing in a membership, and how much a register full of it costs."""

    key: str
    label: str | Promise
    advice: str | Promise
    weight: int
    condition: Callable[[dt.date], Q]


def _too_young(day: dt.date) -> Q:
    youngest = int(parameter("members.youngest", day))
    early = Q(person__birth_date__gt=F("joined_on") - dt.timedelta(days=youngest * 365 + youngest // 4))
    return Q(person__birth_date__gt=years_before(day, youngest)) | early


def _too_old(day: dt.date) -> Q:
    return Q(person__birth_date__lt=years_before(day, int(parameter("members.oldest_active", day))))


FLAWS: tuple[Flaw, ...] = (
    Flaw(
        "not_real",
        _("没有核对过姓名和证件"),
        _("请会员在手机上实名，或者带证件当面核对。"),
        30,
        lambda _day: Q(person__realname_level__lt=RealnameLevel.TWO_FACTORS),
    ),
    Flaw("no_phone", _("没有手机号"), _("问到手机号，在会员页上补上。"), 15, lambda _day: Q(person__phone_hash="")),
    Flaw(
        "not_active",
        _("本人没有登录过"),
        _("请小组长教会员登录、实名一次。"),
        10,
        lambda _day: Q(person__user=None),
    ),
    Flaw("no_employer", _("没有写单位"), _("补上现在的单位。"), 15, lambda _day: Q(employer=None)),
    Flaw("no_post", _("没有写岗位或工种"), _("补上岗位或工种。"), 5, lambda _day: Q(post="", trade="")),
    Flaw(
        "other_employer",
        _("单位不在本工会覆盖的单位里"),
        _("换了单位的，请本人办转接；单位漏登记的，补上覆盖单位。"),
        10,
        lambda _day: Q(employer__isnull=False, organisation__kind__in=("E1", "E2")) & ~Q(Exists(_COVERED)),
    ),
    Flaw(
        "wrong_age",
        _("年龄不对：不满最小年龄，或年龄太大还在册"),
        _("核对证件；已经退休的，办保留会籍。"),
        10,
        lambda day: _too_young(day) | _too_old(day),
    ),
    Flaw(
        "retired_active",
        _("写着退休、失业、服兵役，会籍却在册"),
        _("本人申请保留会籍，或者改正就业状态。"),
        5,
        lambda _day: Q(employ_state__in=[EmployState.RETIRED, EmployState.UNEMPLOYED, EmployState.MILITARY]),
    ),
    Flaw(
        "dues_late",
        _("好几个月没有交会费"),
        _("先问清原因、谈一次。满六个月又不参加活动的，由委员会开会决定，系统不替你定。"),
        5,
        lambda day: Q(dues_paid_to__lt=add_months(day, -int(parameter("members.dues_months", day)))),
    ),
    Flaw(
        "skill_no_proof",
        _("写了技能等级，没有证书编号"),
        _("请本人补证书编号和发证机构。"),
        5,
        lambda _day: Q(skill_level__isnull=False, skill_certificate=""),
    ),
    Flaw(
        "platform_blank",
        _("平台就业，没有写做哪一行"),
        _("问清做哪一行、哪个平台。"),
        5,
        lambda _day: Q(employ_kind=EmployKind.PLATFORM, new_form=NewForm.NONE),
    ),
    Flaw(
        "placeholder",
        _("姓名像是测试或占位的"),
        _("核对是不是真的有这个人。"),
        10,
        lambda _day: Q(person__name__regex=PLACEHOLDER.pattern),
    ),
)
BY_KEY = {flaw.key: flaw for flaw in FLAWS}


@dataclass(frozen=True)
class Point:
    """One line of a union's score: how many members it concerns and what it costs."""

    flaw: Flaw
    count: int
    total: int

    @property
    def cost(self) -> float:
        return round(self.flaw.weight * self.count / self.total, 1) if self.total else 0.0


@dataclass(frozen=True)
class Score:
    """A register in one number and the points behind it."""

    total: int
    points: tuple[Point, ...]

    @property
    def value(self) -> float:
        return max(0.0, round(100 - sum(point.cost for point in self.points), 1))

    @property
    def tone(self) -> str:
        return "ok" if self.value >= WELL else "warn"


def with_flaw(rows: Any, key: str, on: dt.date) -> Any:
    """The list behind a point."""
    flaw = BY_KEY.get(key)
    return rows.current().filter(flaw.condition(on)) if flaw else rows.none()


def score(rows: MembershipQuerySet, on: dt.date) -> Score:
    """All points of a set of memberships in one query."""
    found = rows.current().aggregate(total=Count("pk"), **_counts(on))
    return _score(found)


def scores_by_union(rows: MembershipQuerySet, on: dt.date, *, at_most: int) -> list[tuple[Organisation, Score]]:
    """The unions with the most to mend first, in two queries."""
    grouped = rows.current().values("organisation").annotate(total=Count("pk"), **_counts(on)).order_by()
    scored = [(row["organisation"], _score(row)) for row in grouped]
    scored.sort(key=lambda pair: (pair[1].value, -pair[1].total, pair[0]))
    bodies = Organisation.objects.in_bulk([pk for pk, _found in scored[:at_most]])
    return [(bodies[pk], found) for pk, found in scored[:at_most]]


def _counts(on: dt.date) -> dict[str, Any]:
    return {flaw.key: Count("pk", filter=flaw.condition(on)) for flaw in FLAWS}


def _score(found: Mapping[str, Any]) -> Score:
    total = found["total"]
    return Score(total=total, points=tuple(Point(flaw, found[flaw.key], total) for flaw in FLAWS))
