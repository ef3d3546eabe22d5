"""A union's committee: terms, seats, certificate, seals, letters, hand-over; and the ledger of all terms."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.grassroots.founding import actions, policies, queries
from yiwang.grassroots.founding.forms import (
    CertificateForm,
    ElectionForm,
    ExtensionForm,
    IssueForm,
    OpinionForm,
    SealForm,
    VacateForm,
)
from yiwang.grassroots.founding.tables import TermTable
from yiwang.grassroots.founding.views.procedures import note_fields, user_of
from yiwang.kernel.errors import DomainError
from yiwang.platform.ui.pages import page
from yiwang.platform.ui.tables import table_page
from yiwang.register.access.policies import staff_required
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Organisation


@staff_required
@require_GET
def term_list(request: HttpRequest) -> HttpResponseBase:
    """The ledger of terms, the first to end on top; overdue ones are red."""
    rows = queries.committees(policies.terms_visible_to(request.user))
    table = TermTable(request, rows)
    return table_page(request, "founding/terms.html", table, {"red": queries.red_terms(rows).count()})


@staff_required
@require_GET
def union_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    return _show(request, policies.get_union(request.user, public_id), {})


def _show(request: HttpRequest, organisation: Organisation, forms: dict[str, Any]) -> HttpResponse:
    terms = queries.current_terms(organisation)
    certificate = queries.certificate_of(organisation)
    extension = queries.open_extension(organisation)
    may_keep = policies.may_keep(request.user, organisation)
    context = {
        "organisation": organisation,
        "terms": [(term, queries.term_face(term), queries.seats_of(term)) for term in terms],
        "certificate": certificate,
        "seals": queries.seals_of(organisation),
        "papers": queries.papers_of_union(organisation),
        "procedures": queries.procedures_of(organisation),
        "extension": extension,
        "handover": queries.open_handover(organisation),
        "outgoing": queries.outgoing_chair(organisation),
        "is_red": queries.is_red(organisation),
        "may_keep": may_keep,
        "may_oversee": policies.may_oversee(request.user, organisation),
        "may_decide_extension": extension is not None and policies.may_decide_extension(request.user, extension),
        "may_decide_certificate": certificate is not None
        and policies.may_decide_certificate(request.user, certificate),
        "election_form": ElectionForm(),
        "extension_form": ExtensionForm(),
        "certificate_form": CertificateForm(initial={"address": organisation.address}),
        "issue_form": IssueForm(),
        "seal_form": SealForm(),
        "vacate_form": VacateForm(),
        "opinion_form": OpinionForm(),
        **forms,
    }
    return page(request, "founding/union.html", context)


@staff_required
@require_POST
def union_act(request: HttpRequest, public_id: str, act: str, item: str = "") -> HttpResponse:
    """One thing done about a union's committee, by its keepers or by the union above."""
    organisation = policies.get_union(request.user, public_id)
    if act not in _ACTS:
        raise Http404
    may, name, make, verb, said = _ACTS[act]
    if not may(request.user, organisation):
        raise PermissionDenied
    form = make(request.POST) if make else None
    if form is None or form.is_valid():
        try:
            verb(organisation, form.cleaned_data if form else {}, user_of(request), item)
        except DomainError as refusal:
            if form is None:
                messages.error(request, str(refusal))
                return redirect("founding:union-detail", public_id)
            note_fields(form, refusal)
        else:
            messages.success(request, str(said))
            return redirect("founding:union-detail", public_id)
    return _show(request, policies.get_union(request.user, public_id), {name: form, "form": form, "has_errors": True})


def _deciding(
    check: Callable[[Any, Any], bool], find: Callable[[Organisation], Any]
) -> Callable[[Any, Organisation], bool]:
    def may(user: Any, organisation: Organisation) -> bool:
        found = find(organisation)
        return found is not None and check(user, found)

    return may


_may_extend = _deciding(policies.may_decide_extension, queries.open_extension)
_may_certify = _deciding(policies.may_decide_certificate, queries.certificate_of)


def _found(row: Any) -> Any:
    if row is None:
        raise Http404
    return row


def _elect(body: Organisation, given: Any, by: User, _item: str) -> None:
    actions.start_election(body, given["kind"], reason=given["reason"], by=by)


def _extend(body: Organisation, given: Any, by: User, _item: str) -> None:
    actions.ask_extension(_found(queries.committee_of(body)), by=by, **given)


def _vacate(body: Organisation, given: Any, by: User, item: str) -> None:
    actions.vacate_seat(_found(queries.seat_called(body, item)), by=by, **given)


def _seal_back(body: Organisation, _given: Any, by: User, item: str) -> None:
    actions.return_seal(_found(queries.seal_called(body, item)), by=by)


def _issue(body: Organisation, given: Any, by: User, _item: str) -> None:
    actions.issue_certificate(_found(queries.certificate_of(body)), by=by, **given)


def _return(body: Organisation, given: Any, by: User, _item: str) -> None:
    actions.return_certificate(_found(queries.certificate_of(body)), by=by, **given)


def _approve_extension(body: Organisation, given: Any, by: User, _item: str) -> None:
    actions.approve_extension(_found(queries.open_extension(body)), by=by, **given)


def _refuse_extension(body: Organisation, given: Any, by: User, _item: str) -> None:
    actions.refuse_extension(_found(queries.open_extension(body)), by=by, **given)


def _order(body: Organisation, _given: Any, by: User, _item: str) -> None:
    actions.order_reelection(_found(queries.committee_of(body)), by=by)


def _hand_over(body: Organisation, _given: Any, by: User, _item: str) -> None:
    actions.draw_handover(body, _found(queries.outgoing_chair(body)), by=by)


def _needed(data: Any) -> OpinionForm:
    return OpinionForm(data, needed=True)


Verb = Callable[[Organisation, Any, User, str], Any]
_DONE = gettext_lazy("办好了。")
_ACTS: dict[str, tuple[Callable[[Any, Organisation], bool], str, Callable[[Any], Any] | None, Verb, Any]] = {
    "elect": (policies.may_keep, "election_form", ElectionForm, _elect, gettext_lazy("开始了，请看“在办的选举”。")),
    "extend": (policies.may_keep, "extension_form", ExtensionForm, _extend, gettext_lazy("报上去了，等上级批复。")),
    "extend-yes": (_may_extend, "opinion_form", OpinionForm, _approve_extension, gettext_lazy("批复发出了。")),
    "extend-no": (_may_extend, "opinion_form", _needed, _refuse_extension, _DONE),
    "order": (policies.may_oversee, "", None, _order, gettext_lazy("责令换届通知书发出了。")),
    "vacate": (policies.may_keep, "vacate_form", VacateForm, _vacate, _DONE),
    "certify": (
        policies.may_keep,
        "certificate_form",
        CertificateForm,
        lambda body, given, by, _item: actions.apply_certificate(body, by=by, **given),
        gettext_lazy("报上去了，等登记机关审查。"),
    ),
    "certify-yes": (_may_certify, "issue_form", IssueForm, _issue, gettext_lazy("证书发出了。")),
    "certify-no": (_may_certify, "opinion_form", _needed, _return, gettext_lazy("退回去了，对方会看到你的意见。")),
    "seal": (
        policies.may_keep,
        "seal_form",
        SealForm,
        lambda body, given, by, _item: actions.record_seal(body, by=by, **given),
        _DONE,
    ),
    "seal-back": (policies.may_keep, "", None, _seal_back, _DONE),
    "bank": (
        policies.may_oversee,
        "",
        None,
        lambda body, _given, by, _item: actions.issue_bank_letter(body, by=by),
        gettext_lazy("开户证明出好了，在“文书”里下载。"),
    ),
    "handover": (policies.may_keep, "", None, _hand_over, gettext_lazy("交接单列好了，等两人签字。")),
}


@login_required
@require_http_methods(["GET", "POST"])
def handover_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """What is handed over; each of the two signs for themselves."""
    handover = policies.get_handover(request.user, public_id)
    side = policies.side_of(request.user, handover)
    if request.method == "POST":
        if not side:
            raise PermissionDenied
        actions.sign_handover(handover, side, by=user_of(request))
        messages.success(request, _("签好了。"))
        return redirect("founding:handover-detail", public_id)
    return page(request, "founding/handover.html", {"handover": handover, "side": side})
