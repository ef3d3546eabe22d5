"""The national file of a household: what is written, what is missing, and the rows that go to the national system."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from yiwang.kernel.money import yuan_text
from yiwang.rights.aid.models import AidFile, Member
from yiwang.rights.aid.national import OF_FILE, OF_MEMBER, Column

Told = dict[str, str]


def national_of(file: AidFile) -> tuple[Told, dict[str, Told]]:
    """Of the file, and of each member by public id."""
    kept: dict[str, Any] = json.loads(file.national or "{}")
    return kept.get("file", {}), kept.get("members", {})


def missing_columns(file: AidFile) -> list[str]:
    """Labels of what the national form wants and nobody has written: of the household, then of the applicant."""
    household, members = national_of(file)
    me = file.members.filter(relation="self").first()
    own = members.get(me.public_id, {}) if me else {}
    missing = [str(column.label) for column in OF_FILE if column.is_asked and not household.get(column.key)]
    return missing + [str(column.label) for column in OF_MEMBER if column.is_asked and not own.get(column.key)]


def pairs(columns: Iterable[Column], told: Told) -> list[tuple[str, str]]:
    return [(str(column.label), column.shown(told.get(column.key, "")) or "—") for column in columns]


def heads() -> list[str]:
    known = [
        _("档案编号"), _("全国系统编号"), _("困难类别"), _("姓名"), _("和申请人的关系"), _("身份证号"), _("出生日期"),
        _("身份"), _("就读阶段"), _("学校"), _("残疾等级"), _("残疾证号"), _("一年收入（元）"), _("家庭人口"),
        _("主要致困原因"), _("次要致困原因"), _("所在工会"), _("建档日期"),
    ]  # fmt: skip
    return [*known, *(str(column.label) for column in (*OF_MEMBER, *OF_FILE))]


def national_rows(files: Iterable[AidFile]) -> Iterator[list[str]]:
    """A row a person, the household's columns beside each: complete, with full numbers."""
    for file in files:
        household, told = national_of(file)
        members = list(file.members.all())
        people = sum(member.is_coresident for member in members)
        for member in members:
            own = told.get(member.public_id, {})
            yield [
                *_known(file, member, people),
                *(column.shown(own.get(column.key, "")) for column in OF_MEMBER),
                *(column.shown(household.get(column.key, "")) for column in OF_FILE),
            ]


def _known(file: AidFile, member: Member, people: int) -> list[str]:
    income = sum((income.amount for income in member.incomes.all()), start=file.disability_care * 0)
    return [
        file.number,
        file.national_number,
        str(file.get_file_class_display()),
        member.name,
        str(member.get_relation_display()),
        member.id_number or "",
        f"{member.birth_date:%Y-%m-%d}" if member.birth_date else "",
        str(member.get_work_state_display()),
        str(member.get_stage_display()),
        member.school,
        str(member.disability_grade or ""),
        member.disability_number,
        yuan_text(income),
        str(people),
        str(file.get_main_cause_display()),
        "、".join(str(code) for code in file.other_causes),
        file.organisation.name,
        f"{file.filed_on:%Y-%m-%d}" if file.filed_on else "",
    ]
