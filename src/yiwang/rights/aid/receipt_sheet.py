"""The reasons of a decision on paper: the ledger, every step, the amounts, and the hash of the receipt."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from yiwang.kernel import clock
from yiwang.kernel.identity import mask_id
from yiwang.kernel.money import yuan_text
from yiwang.platform.documents.actions import make_form_sheet
from yiwang.platform.ui.formats import day_text
from yiwang.register.accounts.models import User
from yiwang.rights.aid.ledger import Ledger, ledger_of
from yiwang.rights.aid.models import Decision, Grant
from yiwang.rights.aid.queries import appeal_until, proposal_of


def receipt_pdf(decision: Decision, *, by: User) -> bytes:
    """Papers of the union are in Chinese, whoever prints them; numbers of persons are masked."""
    with override("zh-hans"):
        return make_form_sheet(_sheet(decision, by), at=decision.decided_at)


def _sheet(decision: Decision, by: User) -> dict[str, Any]:
    file = decision.file
    proposal = proposal_of(decision, "zh")
    ledger = ledger_of(decision, proposal)
    decided = decision.get_decided_class_display() if decision.decided_at else _("还没有决定")
    day = day_text(decision.decided_at or decision.prepared_at)
    return {
        "title": _("困难职工帮扶理由回执"),
        "number": file.number,
        "printed_by": by.name,
        "printed_at": f"{clock.today():%Y-%m-%d}",
        "rule_version": _("困难职工帮扶规则第{version}版").format(version=proposal.version),
        "rows": [
            [[_("申请人"), file.applicant.name], [_("证件号"), mask_id(file.applicant.id_number or "")]],
            [[_("所在工会"), file.organisation.name], [_("结论"), str(decided)]],
            *[[[reason.label, f"{reason.because} {reason.margin_text}".strip()]] for reason in proposal.reasons],
        ],
        "ledger": _ledger(ledger) if ledger else None,
        "amounts": _amounts(decision, proposal.total),
        "opinions": _opinions(decision, day),
        "footnote": _footnote(decision),
        "mark": "",
    }


def _ledger(ledger: Ledger) -> dict[str, Any]:
    def rows(lines: Any, sign: str) -> list[list[str]]:
        return [
            [f"{sign}{line.who} {line.label}".strip(), yuan_text(line.told) if line.told is not None else "—",
             yuan_text(line.counts), line.words]
            for line in lines
        ]  # fmt: skip

    told = "—" if ledger.told_net is None else yuan_text(ledger.told_net)
    return {
        "head": [_("核算项目"), _("申报（元）"), _("核定（元）"), _("为什么这样认")],
        "rows": [*rows(ledger.incomes, "+"), *rows(ledger.costs, "−")],
        "total": [_("家里每人每月剩"), told, yuan_text(ledger.net), ledger.against_line],
    }


def _amounts(decision: Decision, total: int) -> dict[str, Any] | None:
    grants = list(decision.grants.exclude(state=Grant.State.CANCELLED).order_by("pk"))
    if not grants:
        return None
    rows = [
        [str(grant.get_item_display()), _("应得{amount}").format(amount=yuan_text(grant.entitlement)),
         yuan_text(grant.payable)]
        for grant in grants
    ]  # fmt: skip
    paid = sum((grant.payable for grant in grants), start=grants[0].payable * 0)
    return {"label": _("帮扶金额"), "rows": rows, "total": [_("合计"), "", yuan_text(paid)]}


def _opinions(decision: Decision, day: str) -> list[dict[str, str]]:
    if decision.decided_by is None:
        return []
    return [{"label": _("决定"), "text": decision.reason, "signer": decision.decided_by.name, "date": day}]


def _footnote(decision: Decision) -> str:
    until = _("{day}前可以申请复核，换人来审；也可以打12351。").format(day=day_text(appeal_until(decision)))
    return f"{until} {_('回执指纹')} {decision.receipt.sha256}" if decision.receipt else until
