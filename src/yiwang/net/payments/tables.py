"""Lists of money: payments, batches, lines, the ledger."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.net.payments.formulas import mask_tail
from yiwang.net.payments.models import Account, Batch, Fund, FundEntry, Item, Line, Payment
from yiwang.platform.ui.parts import Badge, Tone
from yiwang.platform.ui.tables import (
    BadgeColumn,
    ChoiceFilter,
    Column,
    DayColumn,
    LinkColumn,
    MomentColumn,
    MoneyColumn,
    NumberColumn,
    SearchFilter,
    Table,
)

PAYMENT_LOOKS: dict[str, tuple[Tone, str]] = {
    Payment.State.HELD: ("warn", "eye"),
    Payment.State.READY: ("neutral", "clock"),
    Payment.State.BATCHED: ("info", "folder"),
    Payment.State.SENT: ("info", "upload"),
    Payment.State.PAID: ("ok", "yuan"),
    Payment.State.RETURNED: ("warn", "return"),
    Payment.State.MANUAL: ("warn", "user"),
    Payment.State.CANCELLED: ("neutral", "x"),
    Payment.State.RECOVERING: ("wait", "return"),
    Payment.State.RECOVERED: ("neutral", "check"),
}
BATCH_LOOKS: dict[str, tuple[Tone, str]] = {
    Batch.State.DRAFT: ("neutral", "edit"),
    Batch.State.LOCKED: ("warn", "clock"),
    Batch.State.APPROVED: ("warn", "clock"),
    Batch.State.SENT: ("wait", "pause"),
    Batch.State.PARTLY_PAID: ("warn", "return"),
    Batch.State.PAID: ("ok", "yuan"),
    Batch.State.CLOSED: ("ok", "check-circle"),
    Batch.State.CANCELLED: ("neutral", "x"),
}
LINE_LOOKS: dict[str, tuple[Tone, str]] = {
    Line.State.PENDING: ("wait", "pause"),
    Line.State.PAID: ("ok", "yuan"),
    Line.State.RETURNED: ("warn", "return"),
    Line.State.WITHDRAWN: ("neutral", "x"),
}


def payment_badge(payment: Payment) -> Badge:
    return Badge(str(payment.get_state_display()), *PAYMENT_LOOKS[payment.state])


def batch_badge(batch: Batch) -> Badge:
    return Badge(str(batch.get_state_display()), *BATCH_LOOKS[batch.state])


def line_badge(line: Line) -> Badge:
    label = line.get_return_code_display() if line.return_code else line.get_state_display()
    return Badge(str(label), *LINE_LOOKS[line.state])


def fund_badge(fund: Fund) -> Badge:
    return Badge(str(fund.get_state_display()), "ok" if fund.state == Fund.State.OPEN else "neutral")


def account_text(account: Account | None) -> str:
    return f"{account.bank_name} {mask_tail(account.tail)}".strip() if account else _("没有账户")


class PaymentTable(Table):
    name = "payments.payments"
    label = gettext_lazy("发放明细")
    unit = gettext_lazy("笔")
    empty_title = gettext_lazy("没有要发放的款项")
    filters = (
        SearchFilter("q", gettext_lazy("收款人姓名"), "payee_name__startswith"),
        ChoiceFilter("state", gettext_lazy("状态"), options=Payment.State.choices),
        ChoiceFilter("item", gettext_lazy("项目"), options=Item.choices),
    )
    columns = (
        LinkColumn(
            "payee", gettext_lazy("收款人"), "payee_name", is_optional=False,
            url=lambda row: reverse("payments:payment-detail", args=[row.public_id]),
            caption=lambda row: account_text(row.account),
        ),
        Column("item", gettext_lazy("项目"), "get_item_display"),
        MoneyColumn("amount", gettext_lazy("金额"), sort="-amount"),
        BadgeColumn("state", gettext_lazy("状态"), payment_badge),
        Column("hold_reason", gettext_lazy("说明")),
        Column("fund", gettext_lazy("资金"), "fund.name"),
        MomentColumn("approved_at", gettext_lazy("批准时间"), sort="-approved_at"),
        DayColumn("due_at", gettext_lazy("应发放日"), is_shown=False),
        MomentColumn("paid_at", gettext_lazy("到账时间"), is_shown=False),
    )  # fmt: skip


class BatchTable(Table):
    name = "payments.batches"
    label = gettext_lazy("发放批次")
    unit = gettext_lazy("批")
    empty_title = gettext_lazy("还没有发放批次")
    empty_text = gettext_lazy("有待发放的款项时，在上面按资金和项目做成批次。")
    filters = (ChoiceFilter("state", gettext_lazy("状态"), options=Batch.State.choices),)
    columns = (
        LinkColumn(
            "number", gettext_lazy("批次号"), is_optional=False,
            url=lambda row: reverse("payments:batch-detail", args=[row.public_id]),
            caption=lambda row: row.organisation.name,
        ),
        Column("item", gettext_lazy("项目"), "get_item_display"),
        Column("fund", gettext_lazy("资金"), "fund.name"),
        NumberColumn("line_count", gettext_lazy("笔数")),
        MoneyColumn("total", gettext_lazy("金额"), sort="-total"),
        BadgeColumn("state", gettext_lazy("状态"), batch_badge),
        MomentColumn("created_at", gettext_lazy("制批时间"), sort="-created_at"),
    )  # fmt: skip


class LineTable(Table):
    """发放花名册: names are masked in print and export, accounts show their last four digits (RI 1.15)."""

    name = "payments.lines"
    label = gettext_lazy("发放花名册")
    unit = gettext_lazy("笔")
    order = "number"
    page_size = 50
    filters = (ChoiceFilter("state", gettext_lazy("状态"), options=Line.State.choices),)
    columns = (
        NumberColumn("number", gettext_lazy("序号"), is_optional=False),
        LinkColumn(
            "payee", gettext_lazy("收款人"), "payment.payee_name",
            url=lambda row: reverse("payments:payment-detail", args=[row.payment.public_id]),
            caption=lambda row: account_text(row.payment.account),
        ),
        Column("identity", gettext_lazy("证件号码"), lambda row: masked_identity(row)),
        Column("item", gettext_lazy("项目"), "payment.get_item_display"),
        MoneyColumn("amount", gettext_lazy("金额")),
        BadgeColumn("state", gettext_lazy("状态"), line_badge),
        DayColumn("paid_on", gettext_lazy("到账日期")),
        Column("receipt", gettext_lazy("回单号")),
    )  # fmt: skip


def masked_identity(line: Line) -> str:
    text = line.identity or ""
    return f"{text[:6]}{'*' * max(len(text) - 10, 0)}{text[-4:]}" if len(text) > 10 else ""


class EntryTable(Table):
    """帮扶资金收支台账 (RI 1.15)."""

    name = "payments.entries"
    label = gettext_lazy("资金收支台账")
    unit = gettext_lazy("条")
    filters = (ChoiceFilter("kind", gettext_lazy("类型"), options=FundEntry.Kind.choices),)
    columns = (
        MomentColumn("at", gettext_lazy("时间"), is_optional=False),
        Column("kind", gettext_lazy("类型"), "get_kind_display"),
        Column("item", gettext_lazy("项目"), lambda row: str(Item(row.item).label) if row.item else ""),
        MoneyColumn("amount", gettext_lazy("金额")),
        LinkColumn(
            "batch", gettext_lazy("批次"), lambda row: row.batch.number if row.batch else "",
            url=lambda row: reverse("payments:batch-detail", args=[row.batch.public_id]) if row.batch else "",
        ),
        Column("by", gettext_lazy("经手"), lambda row: row.by.name if row.by else ""),
        Column("note", gettext_lazy("摘要")),
    )  # fmt: skip

    def ident(self, row: Any) -> str:
        return ""


class FundTable(Table):
    name = "payments.funds"
    label = gettext_lazy("资金")
    unit = gettext_lazy("笔")
    empty_title = gettext_lazy("还没有登记资金")
    columns = (
        LinkColumn(
            "name", gettext_lazy("资金名称"), is_optional=False,
            url=lambda row: reverse("payments:fund-detail", args=[row.public_id]),
            caption=lambda row: f"{row.organisation.name} · {row.year}",
        ),
        Column("kind", gettext_lazy("来源"), "get_kind_display"),
        MoneyColumn("budget", gettext_lazy("预算"), sort="-budget"),
        MoneyColumn("committed", gettext_lazy("已锁定")),
        MoneyColumn("paid", gettext_lazy("已支出"), sort="-paid"),
        MoneyColumn("free", gettext_lazy("还能用")),
        NumberColumn("share", gettext_lazy("执行率（%）"), lambda row: row.share_paid * 100, places=1),
        BadgeColumn("state", gettext_lazy("状态"), fund_badge),
    )  # fmt: skip
