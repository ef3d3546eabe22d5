"""The way of one union to its committee, step by step."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.grassroots.founding import actions, policies, queries
from yiwang.grassroots.founding.forms import (
    CandidateForm,
    CorrectionForm,
    FoundingForm,
    OpinionForm,
    PlanForm,
    ResultForm,
)
from yiwang.grassroots.founding.models import Procedure
from yiwang.grassroots.founding.tables import ProcedureTable, WatchedTable
from yiwang.kernel.errors import DomainError
from yiwang.platform.ui.pages import page
from yiwang.platform.ui.tables import table_page
from yiwang.register.access.policies import staff_required
from yiwang.register.accounts.models import User

State = Procedure.State
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def user_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def note_fields(form: Any, refusal: DomainError) -> None:
    """Put a refusal beside its fields, or above the form."""
    known = {name: text for name, text in refusal.fields.items() if name in form.fields}
    for name, text in known.items():
        form.add_error(name, text)
    if not known:
        form.add_error(None, str(refusal))


@staff_required
@require_GET
def procedure_list(request: HttpRequest) -> HttpResponseBase:
    may_found = policies.founders_places(request.user).exists()
    make = ProcedureTable if may_found else WatchedTable
    table = make(request, policies.procedures_visible_to(request.user))
    return table_page(request, "founding/list.html", table, {"may_found": may_found})


@staff_required
@require_http_methods(["GET", "POST"])
def procedure_new(request: HttpRequest) -> HttpResponse:
    """Guidance begins."""
    places = policies.founders_places(request.user)
    if not places.exists():
        raise PermissionDenied
    known = queries.beginnings(request.GET.get("employer", ""))  # from the list of employers without a union
    form = FoundingForm(request.POST or None, places=places.order_by("level", "pk"), initial=known)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            procedure = actions.start_founding(
                given["superior"],
                name=given["name"],
                employers=given["employers"],
                group=form.group,
                has_party_consent=given["has_party_consent"],
                reason=given["reason"],
                by=user_of(request),
            )
        except DomainError as refusal:
            note_fields(form, refusal)
        else:
            messages.success(request, _("记下了，从这里开始建会。"))
            return redirect("founding:procedure-detail", procedure.public_id)
    return page(request, "founding/new.html", {"form": form})


@staff_required
@require_GET
def procedure_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    return _show(request, policies.get_procedure(request.user, public_id), {})


_STEPS = (
    (State.GUIDED, gettext_lazy("指导筹备")),
    (State.PREP_APPLIED, gettext_lazy("申请筹备，上级批复")),
    (State.PREP_APPROVED, gettext_lazy("发展会员，定候选人")),
    (State.MEET_APPLIED, gettext_lazy("请示开会，上级批复")),
    (State.MEET_APPROVED, gettext_lazy("开会选举")),
    (State.REPORTED, gettext_lazy("上报结果，上级批复")),
    (State.DONE, gettext_lazy("正式成立")),
)


def _show(request: HttpRequest, procedure: Procedure, forms: dict[str, Any]) -> HttpResponse:
    needs = queries.needs_of(procedure.organisation)
    rows = queries.candidates_of(procedure)
    order = [state for state, _label in _STEPS]
    here = order.index(State(procedure.state)) if procedure.state in order else -1
    may_edit = policies.may_edit(request.user, procedure)
    plans = may_edit and procedure.state == State.PREP_APPROVED
    guides = may_edit and procedure.state == State.GUIDED
    context = {
        "procedure": procedure,
        "face": queries.reply_face(procedure),
        "steps": [(label, place < here, place == here) for place, (_state, label) in enumerate(_STEPS)],
        "needs": needs,
        "fewest": needs.candidates(procedure.seats) if procedure.seats else 0,
        "candidates": rows,
        "problems": actions.candidate_problems(procedure) if plans else [],
        "prep_problems": actions.prep_problems(procedure) if guides else [],
        "correction_form": CorrectionForm(procedure=procedure) if guides and procedure.is_founding else None,
        "papers": queries.papers_of(procedure),
        "employers": procedure.employers.all(),
        "may_edit": may_edit,
        "may_decide": policies.may_decide(request.user, procedure),
        "waits": procedure.state in Procedure.WAITING,
        "plan_form": PlanForm(instance=procedure) if plans else None,
        "candidate_form": _candidate_form(None, procedure) if plans else None,
        "result_form": ResultForm(candidates=rows, entitled=needs.members)
        if may_edit and procedure.state == State.MEET_APPROVED
        else None,
        "opinion_form": OpinionForm(),
        **forms,
    }
    return page(request, "founding/detail.html", context)


def _candidate_form(data: Any, procedure: Procedure) -> CandidateForm:
    return CandidateForm(data, members=queries.voters(procedure.organisation))


@staff_required
@require_POST
def procedure_act(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    """One step: plan, candidate, apply, result of those who prepare; approve, return, reject of the union above."""
    procedure = policies.get_procedure(request.user, public_id)
    if act not in _ACTS:
        raise Http404
    may, name, make, verb, said = _ACTS[act]
    if not may(request.user, procedure):
        raise PermissionDenied
    form = make(request.POST, procedure)
    if form.is_valid():
        try:
            verb(procedure, form, user_of(request))
        except DomainError as refusal:
            note_fields(form, refusal)
        else:
            messages.success(request, str(said))
            return redirect("founding:procedure-detail", public_id)
    procedure = policies.get_procedure(request.user, public_id)
    return _show(request, procedure, {name: form, "form": form, "has_errors": True})


def _plan(procedure: Procedure, form: Any, by: User) -> None:
    actions.plan_election(procedure, by=by, **form.cleaned_data)


def _candidate(procedure: Procedure, form: Any, by: User) -> None:
    given = dict(form.cleaned_data)
    actions.name_candidate(procedure, given.pop("who"), by=by, **given)


def _result(procedure: Procedure, form: Any, by: User) -> None:
    given = form.cleaned_data
    actions.file_result(
        procedure,
        held_on=given["held_on"],
        place=given["place"],
        count=form.count,
        votes=form.votes,
        overseer=given["overseer"],
        counter=given["counter"],
        by=by,
    )


def _result_form(data: Any, procedure: Procedure) -> ResultForm:
    rows = queries.candidates_of(procedure)
    return ResultForm(data, candidates=rows, entitled=queries.needs_of(procedure.organisation).members)


def _opinion(data: Any, procedure: Procedure) -> OpinionForm:
    return OpinionForm(data)


def _reason(data: Any, procedure: Procedure) -> OpinionForm:
    return OpinionForm(data, needed=True)


def _given(form: Form) -> str:
    return str(form.cleaned_data["opinion"])


Act = tuple[
    Callable[[Any, Procedure], bool], str, Callable[[Any, Procedure], Any], Callable[[Procedure, Any, User], Any], Any
]
_ACTS: dict[str, Act] = {
    "prepare": (
        policies.may_edit,
        "correction_form",
        lambda data, procedure: CorrectionForm(data, procedure=procedure),
        lambda procedure, form, by: actions.correct_preparation(procedure, by=by, **form.facts),
        gettext_lazy("存好了。"),
    ),
    "plan": (
        policies.may_edit,
        "plan_form",
        lambda data, procedure: PlanForm(data, instance=procedure),
        _plan,
        gettext_lazy("存好了。"),
    ),
    "candidate": (policies.may_edit, "candidate_form", _candidate_form, _candidate, gettext_lazy("加上了。")),
    "result": (policies.may_edit, "result_form", _result_form, _result, gettext_lazy("结果报上去了，等上级批复。")),
    "apply": (
        policies.may_edit,
        "opinion_form",
        _opinion,
        lambda procedure, _form, by: actions.apply(procedure, by=by),
        gettext_lazy("报上去了，等上级批复。"),
    ),
    "withdraw": (
        policies.may_edit,
        "opinion_form",
        _reason,
        lambda procedure, form, by: actions.withdraw(procedure, by=by, opinion=_given(form)),
        gettext_lazy("撤回了。"),
    ),
    "approve": (
        policies.may_decide,
        "opinion_form",
        _opinion,
        lambda procedure, form, by: actions.approve(procedure, by=by, opinion=_given(form)),
        gettext_lazy("批复发出了。"),
    ),
    "return": (
        policies.may_decide,
        "opinion_form",
        _reason,
        lambda procedure, form, by: actions.send_back(procedure, by=by, opinion=_given(form)),
        gettext_lazy("退回去了，对方会看到你的意见。"),
    ),
    "reject": (
        policies.may_decide,
        "opinion_form",
        _reason,
        lambda procedure, form, by: actions.reject(procedure, by=by, opinion=_given(form)),
        gettext_lazy("不予同意，对方会看到你的意见。"),
    ),
}


@staff_required
@require_POST
def candidate_drop(request: HttpRequest, public_id: str, candidate: str) -> HttpResponse:
    procedure = policies.get_procedure(request.user, public_id)
    if not policies.may_edit(request.user, procedure):
        raise PermissionDenied
    row = next((row for row in queries.candidates_of(procedure) if row.public_id == candidate), None)
    if row is None:
        raise Http404
    try:
        actions.drop_candidate(row, by=user_of(request))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("founding:procedure-detail", public_id)


@login_required
@require_GET
def paper_file(request: HttpRequest, public_id: str, form: str) -> HttpResponse:
    """One paper as Word or PDF."""
    paper = policies.get_paper(request.user, public_id)
    if form not in TYPES:
        raise Http404
    answer = HttpResponse(actions.printed(paper, form), content_type=TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="{paper.public_id}.{form}"'
    return answer
