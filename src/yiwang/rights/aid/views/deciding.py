"""The review page: facts, the calculation explained, and the decision."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yiwang.kernel.clock import local_date
from yiwang.kernel.errors import DomainError
from yiwang.kernel.money import capital_text, yuan
from yiwang.platform.ui.formats import money_text
from yiwang.platform.ui.pages import page
from yiwang.register.access.actions import note_look
from yiwang.register.access.policies import capability_required
from yiwang.rights.aid import actions, policies, queries
from yiwang.rights.aid.actions.deciding import next_level
from yiwang.rights.aid.codes import ItemKind, Level
from yiwang.rights.aid.forms import DecideForm, SignForm
from yiwang.rights.aid.ledger import Ledger, ledger_of
from yiwang.rights.aid.models import AidFile, Decision, Finding, Grant, Visit
from yiwang.rights.aid.views.files import refuse, who
from yiwang.rights.aid.views.own import progress_of


@capability_required("cases.handle", "aid.audit")
@require_safe
def review(request: HttpRequest, public_id: str) -> HttpResponse:
    file = policies.get_file(request.user, public_id)
    decision = _decision(file)
    note_look("aid_file", file.pk, file.applicant_id, by=who(request), purpose="aid")
    return page(request, "aid/review.html", _context(request, file, decision))


def _decision(file: AidFile) -> Decision:
    decision = queries.open_decision(file) or file.decisions.order_by("-pk").first()
    if decision is None:
        raise Http404
    return decision


def _context(request: HttpRequest, file: AidFile, decision: Decision) -> dict[str, Any]:
    user = who(request)
    language = "en" if (translation.get_language() or "").startswith("en") else "zh"
    proposal = queries.proposal_of(decision, language)
    level = next_level(decision) if decision.decided_at is None and not decision.is_stale else ""
    free = policies.is_free(user, file, decision)
    may_sign = bool(level) and free and policies.may_sign_at(user, file, level)
    may_decide = decision.decided_at is None and not decision.is_stale and free and policies.may_lead(user, file)
    grants = list(decision.grants.exclude(state=Grant.State.CANCELLED).order_by("pk"))
    ledger = ledger_of(decision, proposal)
    total = sum((grant.payable for grant in grants), start=Decimal(0))
    visits = list(file.visits.select_related("first").order_by("-day"))
    findings = list(file.findings.order_by("pk"))
    checks = [*_checks(decision, visits, findings, free=free), *_amounts_to_see(ledger, grants)]
    how = {step.key: f"{step.label} {step.text}" for step in proposal.steps}
    return {
        "file": file,
        "decision": decision,
        "proposal": proposal,
        "ledger": ledger,
        "people": list(file.members.filter(is_coresident=True).order_by("pk")),
        "papers": queries.papers_of(file),
        "visits": visits,
        "findings": findings,
        "checks": checks,
        "log": progress_of(file, decision),
        "until": queries.appeal_until(decision),
        "amounts": [(grant, how.get(grant.item, "")) for grant in grants],
        "total": total,
        "total_words": capital_text(total) if total else "",
        "steps": [(step.label, step.text) for step in proposal.steps],
        "orders": [
            ([ItemKind(item).label for item in order.order if item in order.items], yuan(order.total), order.chosen)
            for order in proposal.orders
        ],
        "level_label": Level(level).label if level else "",
        "on": local_date(decision.prepared_at),
        "sign_form": SignForm() if may_sign else None,
        "decide_form": _decide_form(file, decision, grants, None) if may_decide else None,
        "stands_back": decision.decided_at is None and not free,
    }


def _checks(decision: Decision, visits: list[Visit], findings: list[Finding], *, free: bool) -> list[tuple[bool, str]]:
    """What the machine can see, before a person judges."""
    waiting = sum(finding.resolved_at is None for finding in findings)
    return [
        (bool(visits), _("入户了，两个人签字") if visits else _("还没有入户")),
        (not waiting, _("核对信号都有人看过") if not waiting else _("还有{n}条核对信号没有处理").format(n=waiting)),
        (free, _("你没有入过户、没有做过测算") if free else _("你入过户或做过测算，要由别人审批")),
        (not decision.is_stale, _("测算以后资料没有改过") if not decision.is_stale else _("测算以后资料改过")),
    ]


def _amounts_to_see(ledger: Ledger | None, grants: list[Grant]) -> Iterator[tuple[bool, str]]:
    if ledger is not None and ledger.cut:
        text = _("开支少认{amount}。回执里会逐项写明，本人可以申请复核。")
        yield False, text.format(amount=money_text(ledger.cut))
    prior = sum((grant.prior for grant in grants), start=Decimal(0))
    same = _("今年同样的项目已经给过{amount}，已经扣掉").format(amount=money_text(prior))
    yield True, same if prior else _("今年没有给过同样的项目")


def _decide_form(file: AidFile, decision: Decision, grants: list[Grant], data: Any) -> DecideForm:
    funds = policies.usable_funds(file)
    return DecideForm(data, grants=grants, funds=funds, initial={"decided_class": decision.proposed_class})


@capability_required("cases.decide")
@require_POST
def sign(request: HttpRequest, public_id: str) -> HttpResponse:
    file = policies.get_file(request.user, public_id)
    decision = _decision(file)
    form = SignForm(request.POST)
    if form.is_valid():
        try:
            actions.approve_decision(decision, by=who(request), **form.cleaned_data)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("签好了。"))
            return redirect("aid:review", public_id=public_id)
    return page(request, "aid/review.html", {**_context(request, file, decision), "form": form})


@capability_required("cases.decide")
@require_POST
def decide(request: HttpRequest, public_id: str) -> HttpResponse:
    file = policies.get_file(request.user, public_id)
    decision = _decision(file)
    if decision.decided_at is not None:
        raise PermissionDenied
    grants = list(decision.grants.filter(state=Grant.State.PROPOSED).order_by("pk"))
    form = _decide_form(file, decision, grants, request.POST)
    if form.is_valid():
        funds = {fund.public_id: fund for fund in policies.usable_funds(file)}
        chosen = {item: funds[key] for item in form.items if (key := form.cleaned_data[f"fund_{item}"])}
        try:
            actions.decide_file(
                decision,
                decided_class=form.cleaned_data["decided_class"],
                reason=form.cleaned_data["reason"],
                funds=chosen,
                by=who(request),
            )
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("决定记下了。本人有账号的已经发了消息；没有账号的，请打电话告诉。"))
            return redirect("aid:file-detail", public_id=public_id)
    return page(request, "aid/review.html", {**_context(request, file, decision), "form": form, "deciding": True})
