"""Papers of a case: letters as Word and PDF, the receipt and its canonical bytes."""

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from yiwang.net.cases.papers import CONTENT_TYPES, printed
from yiwang.net.cases.policies import get_case
from yiwang.net.cases.queries.casepage import decision_in_force
from yiwang.platform.rules.models import Receipt
from yiwang.platform.ui.pages import page


@login_required
@require_safe
def letter_download(request: HttpRequest, number: str, letter: str, form: str) -> HttpResponse:
    case = get_case(request.user, number)
    found = case.letters.filter(public_id=letter).first()
    if found is None or form not in CONTENT_TYPES:
        raise Http404
    response = HttpResponse(printed(found, form), content_type=CONTENT_TYPES[form])
    name = f"{found.get_kind_display()}-{found.document_number}.{form}"
    response["Content-Disposition"] = content_disposition_header(form == "docx", name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The reasons of the decision, as they were issued."""
    case = get_case(request.user, number)
    decision = decision_in_force(case)
    if decision is None:
        raise Http404
    body = _body(decision.receipt) if decision.receipt else {}
    context = {
        "case": case,
        "decision": decision,
        "receipt": decision.receipt,
        "reasons": _reasons(body),
        "ledger": _ledger(decision.receipt, body),
    }
    return page(request, "cases/receipt.html", context)


def _reasons(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The conditions as the receipt tells them, in the reader's language."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    conditions = body.get("answer", {}).get("conditions", [])
    return [
        {"holds": found["holds"], **found[language], "correct": (found.get("correct") or {}).get(language, "")}
        for found in conditions
    ]


def _ledger(receipt: Receipt | None, body: dict[str, Any]) -> list[dict[str, str]]:
    """The steps of the calculation, under the names that the rules of that day give them."""
    if receipt is None:
        return []
    language = "en" if (get_language() or "").startswith("en") else "zh"
    formulas = body["rules"]["text"].get("formulas", [])
    names = {formula["key"]: formula.get("label") or {} for formula in formulas}
    return [
        {"label": _words(names.get(step["key"]), language) or step["key"], "text": step["text"]}
        for step in body["answer"]["steps"]
    ]


def _words(label: Any, language: str) -> str:
    if isinstance(label, list):
        return str(label[language == "en"])
    return str(label.get(language, "")) if isinstance(label, dict) else ""


@login_required
@require_safe
def receipt_download(request: HttpRequest, number: str) -> HttpResponse:
    """The canonical bytes: anyone can check them against the hash and work the decision out again."""
    case = get_case(request.user, number)
    decision = decision_in_force(case)
    if decision is None or decision.receipt is None:
        raise Http404
    response = HttpResponse(decision.receipt.content, content_type="application/json; charset=utf-8")
    name = f"{case.number}-{decision.receipt.public_id}.json"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def _body(receipt: Receipt) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(receipt.content)
    return found
