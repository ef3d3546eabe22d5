"""Papers of a case: letters as Word and PDF, the receipt and its canonical bytes."""

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
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
    body = _body(decision.receipt) if decision.receipt else None
    context = {"case": case, "decision": decision, "receipt": decision.receipt, "body": body}
    return page(request, "cases/receipt.html", context)


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
