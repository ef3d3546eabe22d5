"""What the household sees: where its file stands, why it was decided so, the money, and how to object."""

import datetime as dt
import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.kernel import clock
from yiwang.kernel.errors import DomainError
from yiwang.kernel.money import yuan
from yiwang.net.notices.queries import notice_of
from yiwang.net.payments.queries import payments_for
from yiwang.platform.ui.formats import day_text, moment_text, plain_day_text
from yiwang.platform.ui.pages import page
from yiwang.platform.ui.parts import TimelineEntry
from yiwang.rights.aid import actions, policies, queries
from yiwang.rights.aid.actions.checking import SOURCE
from yiwang.rights.aid.codes import ItemKind
from yiwang.rights.aid.forms import AppealForm, ExplainForm
from yiwang.rights.aid.ledger import Ledger, ledger_of
from yiwang.rights.aid.models import AidFile, Decision, Grant
from yiwang.rights.aid.receipt_sheet import receipt_pdf
from yiwang.rights.aid.tables import file_badge
from yiwang.rights.aid.views.files import refuse, who

State = AidFile.State
ORDER = (
    (State.BASE_REVIEW,),
    (State.VISITING,),
    (State.CROSSCHECKING, State.BASE_OPINION, State.EXPLAIN),
    (State.PUBLICITY, State.OBJECTION_CHECK),
    (State.COUNTY_REVIEW,),
)


@login_required
@require_safe
def own_file(request: HttpRequest) -> HttpResponse:
    file = policies.own_file(request.user)
    if file is None:
        return page(request, "aid/own.html", {"file": None})
    grants = list(file.grants.filter(state=Grant.State.APPROVED).order_by("-pk"))
    paid = payments_for("aid.grant", [grant.pk for grant in grants])
    last = file.decisions.exclude(decided_at=None).select_related("receipt").order_by("-pk").first()
    appeal = queries.appeal_of(last)
    until = queries.appeal_until(last) if last else None
    ledger = _ledger(last) if last else None
    context = {
        "file": file,
        "badge": file_badge(file),
        "entries": progress_of(file, last),
        "decision": last,
        "against": ledger.against_line if ledger else "",
        "appeal": appeal,
        "until": until,
        "may_appeal": last is not None and appeal is None and until is not None and clock.today() <= until,
        "grants": [(grant, paid.get(grant.pk)) for grant in grants],
    }
    return page(request, "aid/own.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def own_explain(request: HttpRequest) -> HttpResponse:
    """What the household was asked, until when, and its answer."""
    file = policies.own_file(request.user)
    if file is None or not policies.may_explain(request.user, file):
        raise Http404
    form = ExplainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.answer_explanation(file, reason=form.cleaned_data["words"], by=who(request))
        messages.success(request, _("收到了，我们接着办。"))
        return redirect("aid:own-file")
    return page(request, "aid/explain.html", {"file": file, "form": form})


def _ledger(decision: Decision) -> Ledger | None:
    return ledger_of(decision, queries.proposal_of(decision, _language()))


def _language() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh"


def progress_of(file: AidFile, decision: Decision | None) -> list[TimelineEntry]:
    """Five steps to the answer; the one in hand says what happens next and when."""
    here = next((place for place, states in enumerate(ORDER) if file.state in states), len(ORDER))
    visit = file.visits.order_by("-day").first()
    notice = notice_of(SOURCE, file.pk) if file.state == State.PUBLICITY else None
    titles = (_("收到申请"), _("上门看看"), _("核对情况"), _("公示"), _("算一遍，作决定"))
    notes = [
        _("{body}先看材料。").format(body=file.organisation.name),
        _visit_words(file, visit.day if visit else None),
        _("和有关部门核对；有不清楚的会问你。") if here <= 2 else "",
        _("只写姓氏、单位和类别，到{day}。").format(day=plain_day_text(notice.ends_at)) if notice else "",
        _("每一步怎么算都写给你看。") if decision is None else "",
    ]
    entries = []
    for place, (title, text) in enumerate(zip(titles, notes, strict=True)):
        state = "done" if place < here else "now" if place == here else "coming"
        entries.append(TimelineEntry(title, state, text))  # type: ignore[arg-type]  # one of the three
    return entries


def _visit_words(file: AidFile, seen: dt.date | None) -> str:
    if file.visit_at is not None:
        return _("{when}，{who}到你家。").format(when=moment_text(file.visit_at), who=file.visit_by)
    if seen is not None:
        return _("{day}来过。").format(day=plain_day_text(seen))
    return _("先打电话约时间，两个人来。")


@login_required
@require_safe
def own_receipt(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every condition with its margin, every step, the other orders, who corrects a fact, until when to object."""
    decision = policies.get_answer(request.user, public_id)
    return page(request, "aid/receipt.html", receipt_context(request, decision))


def receipt_context(request: HttpRequest, decision: Decision) -> dict[str, Any]:
    proposal = queries.proposal_of(decision, _language())
    is_own = decision.file.applicant.user_id == request.user.pk
    return {
        "file": decision.file,
        "decision": decision,
        "receipt": decision.receipt,
        "proposal": proposal,
        "ledger": ledger_of(decision, proposal),
        "steps": [step for step in proposal.steps if not step.key.startswith("order_")],  # shown as orders
        "corrections": _corrections(decision),
        "grants": list(decision.grants.filter(state=Grant.State.APPROVED).order_by("pk")),
        "orders": [
            ([ItemKind(item).label for item in order.order if item in order.items], yuan(order.total), order.chosen)
            for order in proposal.orders
        ],
        "until": queries.appeal_until(decision),
        "is_own": is_own,
        "may_appeal": is_own
        and queries.appeal_of(decision) is None
        and clock.today() <= queries.appeal_until(decision),
    }


def _corrections(decision: Decision) -> list[tuple[str, str]]:
    """Who can correct which fact, as the receipt says."""
    if decision.receipt is None:
        return []
    found: dict[str, str] = {}
    for condition in json.loads(decision.receipt.content)["answer"]["conditions"]:
        source, correct = condition[_language()]["source"], (condition.get("correct") or {}).get(_language(), "")
        if correct:
            found.setdefault(correct, source)
    return list(found.items())


@login_required
@require_safe
def own_receipt_file(request: HttpRequest, public_id: str, form: str) -> HttpResponse:
    """The canonical bytes, or the same on paper."""
    decision = policies.get_answer(request.user, public_id)
    if decision.receipt is None or form not in ("json", "pdf"):
        raise Http404
    if form == "json":
        response = HttpResponse(decision.receipt.content, content_type="application/json; charset=utf-8")
    else:
        response = HttpResponse(receipt_pdf(decision, by=who(request)), content_type="application/pdf")
    name = f"{decision.file.number}-{decision.receipt.public_id}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_http_methods(["GET", "POST"])
def own_appeal(request: HttpRequest, public_id: str) -> HttpResponse:
    decision = policies.get_answer(request.user, public_id)
    if decision.file.applicant.user_id != request.user.pk:
        raise Http404
    form = AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_appeal(decision, words=form.cleaned_data["words"], by=who(request))
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("复核申请交上去了，会换人来看。"))
            return redirect("aid:own-file")
    context = {"decision": decision, "form": form, "until": day_text(queries.appeal_until(decision))}
    return page(request, "aid/appeal.html", context)
