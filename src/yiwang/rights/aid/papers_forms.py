"""The other forms of RI 1.15 as Word, filled with what is on file; in Chinese, whoever prints."""

import datetime as dt
import io
from collections.abc import Callable, Iterable
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import override
from docx import Document
from docx.document import Document as WordDocument

from yiwang.kernel import clock
from yiwang.kernel.clock import local_date
from yiwang.kernel.identity import mask_id, mask_name, mask_phone
from yiwang.kernel.money import yuan, yuan_text
from yiwang.platform.rules.queries import parameter
from yiwang.platform.ui.formats import day_text
from yiwang.rights.aid.codes import Bucket, ItemKind, Paper
from yiwang.rights.aid.formulas_files import age_on
from yiwang.rights.aid.models import AidFile, Decision, Grant, Member
from yiwang.rights.aid.papers import add_rows
from yiwang.rights.aid.queries import appeal_until, proposal_of

Fill = Callable[[WordDocument, AidFile], None]


def _pairs(document: WordDocument, pairs: list[tuple[str, str]]) -> None:
    add_rows(document, None, [[label, value] for label, value in pairs])


def _signed() -> str:
    return _("签字：　　　　　　　　日期：　　　年　　月　　日")


def _head(file: AidFile) -> list[tuple[str, str]]:
    return [
        (_("档案编号"), file.number),
        (_("申请人"), file.applicant.name),
        (_("身份证号"), file.applicant.masked_id),
        (_("所在工会"), file.organisation.name),
    ]


def _members(document: WordDocument, file: AidFile) -> None:
    heads = [_("姓名"), _("关系"), _("身份证号"), _("身份"), _("就读阶段")]
    rows = [
        [
            member.name,
            str(member.get_relation_display()),
            mask_id(member.id_number) if member.id_number else "—",
            str(member.get_work_state_display()) or "—",
            str(member.get_stage_display()) or "—",
        ]
        for member in file.members.order_by("pk")
    ]
    add_rows(document, heads, rows)


def application(document: WordDocument, file: AidFile) -> None:
    """困难职工帮扶申请书"""
    _pairs(document, [*_head(file), (_("主要致困原因"), file.get_main_cause_display() or "—")])
    document.add_paragraph(_("本人因上述原因家庭生活困难，申请建立困难职工档案并给予帮扶。所填情况属实。"))
    _members(document, file)
    document.add_paragraph(_signed())


def authorisation(document: WordDocument, file: AidFile) -> None:
    """家庭经济状况核对授权委托书"""
    _pairs(document, _head(file))
    text = _("我们同意{body}为审核帮扶申请，核对户籍、婚姻、社保、公积金、个税、不动产、车辆、工商、存款和证券情况。")
    document.add_paragraph(text.format(body=file.county.name))
    document.add_paragraph(_("授权自签字之日起6个月内有效，可以随时撤回。"))
    today = clock.today()
    adults = [one for one in file.members.order_by("pk") if _is_adult(one, today) and one.is_coresident]
    heads = [_("成年家庭成员"), _("关系"), _("身份证号"), _("本人签字"), _("日期")]
    rows = [
        [
            one.name,
            str(one.get_relation_display()),
            mask_id(one.id_number) if one.id_number else "",
            _("已当面签字") if one.authorised_at else "",
            day_text(local_date(one.authorised_at)) if one.authorised_at else "",
        ]
        for one in adults
    ]
    add_rows(document, heads, rows)


def _is_adult(member: Member, today: dt.date) -> bool:
    adult = int(parameter("aid_adult_age", today))
    return member.birth_date is None or age_on(member.birth_date, today) >= adult


def income_table(document: WordDocument, file: AidFile) -> None:
    """困难职工家庭月人均收入测算表"""
    _pairs(document, _head(file))
    heads = [_("姓名"), _("收入种类"), _("一年金额（元）"), _("凭据")]
    rows = [
        [member.name, str(income.get_kind_display()), yuan_text(income.amount), str(income.get_proof_display())]
        for member in file.members.prefetch_related("incomes").order_by("pk")
        for income in member.incomes.all()
    ]
    add_rows(document, heads, rows)
    bills = [
        [member.name, str(bill.get_bucket_display()), yuan_text(bill.total), yuan_text(bill.self_paid)]
        for member in file.members.prefetch_related("expenses").order_by("pk")
        for bill in member.expenses.all()
        if not bill.is_void
    ]
    document.add_heading(_("刚性支出"), level=2)
    add_rows(document, [_("姓名"), _("支出种类"), _("总金额"), _("自己付的")], bills)
    decision = _last(file)
    if decision is not None:
        proposal = proposal_of(decision, "zh")
        document.add_heading(_("测算"), level=2)
        steps = [[step.label, step.text] for step in proposal.steps if not step.key.startswith("order_")]
        add_rows(document, [_("算什么"), _("结果")], [*steps, [_("困难类别"), proposal.class_label]])


def visit_sheet(document: WordDocument, file: AidFile) -> None:
    """入户调查表"""
    _pairs(document, _head(file))
    for visit in file.visits.select_related("first").order_by("day"):
        document.add_heading(day_text(visit.day), level=2)
        _pairs(
            document,
            [
                (_("入户的人"), f"{visit.first.name}、{visit.second}"),
                (_("地点"), visit.place),
                (_("见到了谁"), visit.seen),
                (_("看到的情况"), visit.findings),
                (_("申报是否属实"), str(visit.get_opinion_display())),
            ],
        )
    document.add_paragraph(_signed())


def notice_sheet(document: WordDocument, file: AidFile) -> None:
    """公示单"""
    people = str(file.members.filter(is_coresident=True).count())
    row = [mask_name(file.applicant.name), file.organisation.name, file.get_file_class_display() or "—", people]
    add_rows(document, [_("姓名"), _("单位"), _("困难类别"), _("家庭人口")], [row])
    text = _("公示{days}个工作日。有不同意见，可以向{body}反映，或打12351。")
    days = int(parameter("notices.workdays", clock.today()))
    document.add_paragraph(text.format(days=days, body=file.county.name))


def approval(document: WordDocument, file: AidFile) -> None:
    """审批表"""
    decision = _last(file)
    _pairs(document, [*_head(file), (_("困难类别"), file.get_file_class_display() or "—")])
    heads = [_("哪一级"), _("谁"), _("意见"), _("日期")]
    rows = [
        [entry["level"], entry["name"], entry["note"] or _("同意"), entry["at"][:10]]
        for entry in (decision.approvals if decision else [])
    ]
    labels = {"county": _("县级"), "province": _("省级"), "national": _("全总")}
    add_rows(document, heads, [[labels.get(row[0], row[0]), *row[1:]] for row in rows])
    if decision is None or decision.decided_at is None or decision.decided_by is None:
        return
    document.add_paragraph(f"{decision.get_decided_class_display()}。{decision.reason}")
    grants = decision.grants.filter(state=Grant.State.APPROVED).select_related("fund").order_by("pk")
    money = [
        [str(ItemKind(grant.item).label), yuan_text(grant.payable), grant.fund.name if grant.fund else "—"]
        for grant in grants
    ]
    add_rows(document, [_("项目"), _("金额（元）"), _("资金")], money)


def review_sheet(document: WordDocument, file: AidFile) -> None:
    """复核表"""
    _pairs(document, _head(file))
    decisions = file.decisions.exclude(decided_at=None).order_by("-decided_at")[:2]
    rows = []
    for decision in decisions:
        proposal = proposal_of(decision, "zh")
        rows.append(
            [
                day_text(local_date(decision.decided_at)) if decision.decided_at else "",
                yuan_text(yuan(proposal.net_month)),
                str(decision.get_decided_class_display()),
                decision.reason,
            ]
        )
    add_rows(document, [_("哪天决定"), _("每人每月剩（元）"), _("困难类别"), _("理由")], rows)
    document.add_paragraph(_signed())


def leaving(document: WordDocument, file: AidFile) -> None:
    """退档告知书"""
    decision = _last(file)
    _pairs(document, [*_head(file), (_("状态"), str(file.get_state_display()))])
    document.add_paragraph(file.close_reason or _("档案还在册，没有退档。"))
    if decision is not None and decision.decided_at is not None:
        text = _("不同意，{day}前可以申请复核，换人来看；也可以打12351。")
        document.add_paragraph(text.format(day=day_text(appeal_until(decision))))
    if file.watch_until:
        document.add_paragraph(
            _("到{day}，我们每{months}个月回访一次；有新的困难，随时告诉我们。").format(
                day=day_text(file.watch_until), months=int(parameter("aid_call_months", clock.today()))
            )
        )


def school(document: WordDocument, file: AidFile) -> None:
    """金秋助学申请表"""
    _pairs(document, _head(file))
    rows = []
    for member in file.members.exclude(stage="").prefetch_related("expenses").order_by("pk"):
        cost = sum((bill.total for bill in member.expenses.all() if bill.bucket == Bucket.EDUCATION), start=yuan(0))
        rows.append(
            [
                member.name,
                str(member.get_relation_display()),
                member.school,
                str(member.get_stage_display()),
                yuan_text(cost),
            ]
        )
    add_rows(document, [_("学生"), _("关系"), _("学校"), _("就读阶段"), _("上学费用（元）")], rows)
    document.add_paragraph(_signed())


def edge(document: WordDocument, file: AidFile) -> None:
    """生活暂时困难职工申请表: for households that get no file."""
    members = list(file.members.prefetch_related("incomes", "expenses").order_by("pk"))
    bills = [bill for member in members for bill in member.expenses.all() if not bill.is_void]
    told = [
        (_("手机号"), mask_phone(file.applicant.phone or "") or "—"),
        (_("家庭人口"), str(sum(member.is_coresident for member in members))),
        (_("主要致困原因"), file.get_main_cause_display() or "—"),
        (_("一年收入（元）"), _sum(income.amount for member in members for income in member.incomes.all())),
        (_("看病自己付的（元）"), _sum(bill.self_paid for bill in bills if bill.bucket == Bucket.MEDICAL)),
        (_("意外损失（元）"), yuan_text(file.accident_loss)),
    ]
    _pairs(document, [*_head(file), *told])
    rows = [
        [member.name, str(member.get_relation_display()), member.get_work_state_display() or "—", member.school or "—"]
        for member in members
    ]
    add_rows(document, [_("姓名"), _("关系"), _("身份"), _("学校")], rows)
    document.add_paragraph(_signed())


def _sum(amounts: Iterable[Decimal]) -> str:
    return yuan_text(sum(amounts, start=yuan(0)))


def _last(file: AidFile) -> Decision | None:
    return file.decisions.filter(is_stale=False).select_related("decided_by").order_by("-pk").first()


FORMS: dict[str, Fill] = {
    Paper.APPLICATION: application,
    Paper.AUTHORISATION: authorisation,
    Paper.INCOME: income_table,
    Paper.VISIT: visit_sheet,
    Paper.NOTICE: notice_sheet,
    Paper.APPROVAL: approval,
    Paper.REVIEW: review_sheet,
    Paper.LEAVING: leaving,
    Paper.SCHOOL: school,
    Paper.EDGE: edge,
}


def filled(key: str, file: AidFile) -> bytes:
    with override("zh-hans"):
        document = Document()
        document.add_heading(str(Paper(key).label), level=1)
        FORMS[key](document, file)
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()
