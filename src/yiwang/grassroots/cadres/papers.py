"""Forms of GT 3.10 as Word and PDF: rosters, the sheet of social workers, the bargaining ledger, training hours."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from yiwang.grassroots.cadres.models import Cadre, LedgerEntry, Team, Training
from yiwang.kernel import clock
from yiwang.platform.documents.actions import ListSheet, make_list_sheet
from yiwang.register.accounts.models import User

MOST = 500


@dataclass(frozen=True)
class Form:
    """One printed form: its title, what it lists, and how a row becomes words."""

    title: str | Promise
    heads: tuple[str | Promise, ...]
    rows: Callable[[QuerySet[Cadre]], Iterable[list[str]]]


def _day(value: dt.date | None) -> str:
    return value.strftime("%Y-%m-%d") if value else ""


def _month(value: dt.date | None) -> str:
    return value.strftime("%Y-%m") if value else ""


def _kind_of(row: Cadre) -> str:
    short = {Team.FULL_TIME: _("专职"), Team.PART_TIME: _("兼职"), Team.SECONDED: _("挂职")}
    return str(short.get(Team(row.team), row.get_team_display()))


def _roster(rows: QuerySet[Cadre]) -> Iterable[list[str]]:
    teams = (Team.FULL_TIME, Team.PART_TIME, Team.SECONDED)
    for row in rows.filter(team__in=teams)[:MOST]:
        person = row.person
        yield [
            person.name,
            str(person.get_gender_display()),
            _month(person.birth_date),
            person.nation,
            str(person.get_political_display()),
            str(person.get_education_display()),
            row.major,
            _month(row.works_since),
            str(row.get_post_display()),
            _day(row.starts_on),
            _kind_of(row),
            row.other_post,
            row.office_phone or row.organisation.phone,
            row.organisation.display_name,
        ]


def _social(rows: QuerySet[Cadre]) -> Iterable[list[str]]:
    found = rows.filter(team=Team.SOCIAL).prefetch_related("contracts", "certificates", "evaluations")
    for row in found[:MOST]:
        papers = sorted(row.contracts.all(), key=lambda paper: paper.ends_on)
        last = papers[-1] if papers else None
        judged = [one for one in row.evaluations.all() if one.state not in ("rated", "returned")]
        grade = max(judged, key=lambda one: one.period).get_grade_display() if judged else ""
        yield [
            row.person.name,
            str(row.person.get_gender_display()),
            _month(row.person.birth_date),
            str(row.person.get_education_display()),
            _day(last.starts_on) if last else "",
            _day(last.ends_on) if last else "",
            row.organisation.display_name,
            last.pay_grade if last else "",
            "、".join(one.name for one in row.certificates.all()),
            str(grade),
        ]


def _ledger(rows: QuerySet[Cadre]) -> Iterable[list[str]]:
    guides = rows.filter(team=Team.BARGAINING)
    entries = LedgerEntry.objects.filter(cadre__in=guides).select_related("employer", "cadre__person")
    has_union = {one: bool(n) for one, n in entries.values_list("employer", "employer__unions")}
    for row in entries.order_by("cadre__person__name", "-year", "employer__name", "pk")[:MOST]:
        yield [
            row.cadre.person.name,
            str(row.year),
            row.employer.name,
            str(row.employer.headcount),
            str(_("是") if has_union.get(row.employer_id) else _("否")),
            _day(row.offered_on),
            str(row.rounds),
            str(row.get_kind_display()),
            _day(row.signed_on),
            _day(row.filed_on),
            _day(row.effective_on),
            str(row.covered),
            "" if row.raise_percent is None else f"{row.raise_percent}%",
            row.difficulty,
            row.next_step,
        ]


def _hours(rows: QuerySet[Cadre]) -> Iterable[list[str]]:
    found = Training.objects.filter(cadre__in=rows, state=Training.State.APPROVED)
    found = found.select_related("cadre__person", "cadre__organisation").order_by("cadre__person__name", "-ends_on")
    for row in found[:MOST]:
        yield [
            row.cadre.person.name,
            row.cadre.organisation.display_name,
            str(row.cadre.get_post_display()),
            row.title,
            _day(row.starts_on),
            _day(row.ends_on),
            str(row.hours),
            row.evidence,
        ]


FORMS: dict[str, Form] = {
    "roster": Form(
        _("专职兼职挂职干部花名册"),
        (
            _("姓名"), _("性别"), _("出生年月"), _("民族"), _("政治面貌"), _("学历"), _("专业"), _("参加工作"),
            _("工会职务"), _("任职时间"), _("专兼挂"), _("行政职务"), _("联系电话"), _("备注"),
        ),
        _roster,
    ),
    "social": Form(
        _("社会化工会工作者信息表"),
        (
            _("姓名"), _("性别"), _("出生年月"), _("学历"), _("合同开始"), _("合同到期"), _("派驻单位"), _("薪酬档次"),
            _("证书"), _("年度考核"),
        ),
        _social,
    ),
    "ledger": Form(
        _("集体协商指导员工作台账"),
        (
            _("指导员"), _("年份"), _("联系企业"), _("职工数"), _("建会"), _("要约日期"), _("协商次数"), _("合同类型"),
            _("签订日"), _("报送日"), _("生效日"), _("覆盖职工"), _("工资增幅"), _("难点"), _("下一步"),
        ),
        _ledger,
    ),
    "hours": Form(
        _("培训学时登记表"),
        (_("姓名"), _("单位"), _("职务"), _("班次"), _("开始"), _("结束"), _("学时"), _("考核或凭据")),
        _hours,
    ),
}  # fmt: skip


def printed(kind: str, rows: QuerySet[Cadre], *, body: str, by: User) -> ListSheet:
    """Papers of the union are in Chinese, whoever prints them."""
    form = FORMS[kind]
    with override("zh-hans"):
        data: dict[str, Any] = {
            "title": str(form.title),
            "body": body,
            "printed_by": by.name,
            "printed_at": clock.today().isoformat(),
            "heads": [str(head) for head in form.heads],
            "rows": list(form.rows(rows)),
        }
        return make_list_sheet(data, at=clock.now())
