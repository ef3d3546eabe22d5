"""Forms of RI 1.15 as Word: the file sheet with the opinions of each level."""

import io

from django.utils.translation import gettext as _
from django.utils.translation import override
from docx import Document
from docx.document import Document as WordDocument

from yiwang.kernel.identity import mask_id
from yiwang.kernel.money import yuan_text
from yiwang.platform.ui.formats import day_text
from yiwang.rights.aid.models import AidFile
from yiwang.rights.aid.national import OF_FILE, OF_MEMBER
from yiwang.rights.aid.queries_national import national_of, pairs


def file_sheet(file: AidFile) -> bytes:
    """困难职工档案表. Papers of the union are in Chinese, whoever prints them."""
    with override("zh-hans"):
        document = Document()
        document.add_heading(_("困难职工档案表"), level=1)
        household, told = national_of(file)
        me = file.members.filter(relation="self").first()
        own = told.get(me.public_id, {}) if me else {}
        _pairs(document, [*_facts(file), *pairs(OF_MEMBER, own), *pairs(OF_FILE, household)])
        document.add_heading(_("家庭成员"), level=2)
        heads = [_("姓名"), _("关系"), _("身份证号"), _("身份"), _("就读阶段"), _("一年收入（元）")]
        heads += [_("健康状况"), _("医保状况")]
        add_rows(document, heads, _members(file, told))
        document.add_heading(_("意见"), level=2)
        heads = [_("谁"), _("意见"), _("签字、日期、盖章")]
        add_rows(
            document, heads, [[_("基层工会"), "", ""], [_("县级工会"), *_decided(file)], [_("市级、省级工会"), "", ""]]
        )
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


def _facts(file: AidFile) -> list[tuple[str, str]]:
    return [
        (_("档案编号"), file.number),
        (_("全国系统编号"), file.national_number or "—"),
        (_("困难类别"), file.get_file_class_display() or "—"),
        (_("申请人"), file.applicant.name),
        (_("身份证号"), file.applicant.masked_id),
        (_("所在工会"), file.organisation.name),
        (_("主要致困原因"), file.get_main_cause_display() or "—"),
        (_("家庭人口"), str(file.members.filter(is_coresident=True).count())),
        (_("建档日期"), day_text(file.filed_on) if file.filed_on else "—"),
        (_("状态"), str(file.get_state_display())),
    ]


def _members(file: AidFile, told: dict[str, dict[str, str]]) -> list[list[str]]:
    columns = [column for column in OF_MEMBER if column.key in ("health", "insurance")]
    return [
        [
            member.name,
            str(member.get_relation_display()),
            mask_id(member.id_number) if member.id_number else "—",
            str(member.get_work_state_display()) or "—",
            str(member.get_stage_display()) or "—",
            yuan_text(sum((income.amount for income in member.incomes.all()), start=file.disability_care * 0)),
            *(text for _label, text in pairs(columns, told.get(member.public_id, {}))),
        ]
        for member in file.members.prefetch_related("incomes").order_by("pk")
    ]


def _decided(file: AidFile) -> list[str]:
    last = file.decisions.exclude(decided_at=None).select_related("decided_by").order_by("-pk").first()
    if last is None or last.decided_by is None:
        return ["", ""]
    return [f"{last.get_decided_class_display()}。{last.reason}", last.decided_by.name]


def _pairs(document: WordDocument, pairs: list[tuple[str, str]]) -> None:
    add_rows(document, None, [[label, value] for label, value in pairs])


def add_rows(document: WordDocument, heads: list[str] | None, rows: list[list[str]]) -> None:
    width = len(heads or rows[0])
    table = document.add_table(rows=0, cols=width)
    table.style = "Table Grid"
    for row in ([heads] if heads else []) + rows:
        cells = table.add_row().cells
        for cell, text in zip(cells, row, strict=True):
            cell.text = text
