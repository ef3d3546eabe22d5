"""The list of files, one file with its facts, and the steps of its life."""

from typing import Any, cast
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.kernel import clock
from yiwang.kernel.errors import DomainError
from yiwang.kernel.ids import public_id as new_key
from yiwang.net.payments.models import Payment
from yiwang.net.payments.policies import payments_visible_to
from yiwang.net.payments.queries import payments_for
from yiwang.platform.files.actions import store_uploads
from yiwang.platform.journal.queries import staff_timeline
from yiwang.platform.ui.pages import page
from yiwang.platform.ui.tables import table_page
from yiwang.register.access.actions import note_look
from yiwang.register.access.policies import capability_required, holds, organisations_where
from yiwang.register.access.roles import Capability
from yiwang.register.accounts.models import User
from yiwang.register.members.queries import current_membership, person_with, persons_with_phone
from yiwang.rights.aid import actions, policies, queries
from yiwang.rights.aid.codes import Paper
from yiwang.rights.aid.forms import (
    AssetForm,
    CircumstancesForm,
    CorrectForm,
    ExpenseForm,
    IncomeForm,
    MemberForm,
    OpenForm,
    ResolveForm,
    VisitForm,
)
from yiwang.rights.aid.models import AidFile, Grant, Visit
from yiwang.rights.aid.tables import FileTable, file_badge
from yiwang.rights.aid.views.acts import BY_KEY, acts_for

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def who(request: HttpRequest) -> User:
    return cast(User, request.user)


def refuse(form: Form, refusal: DomainError) -> None:
    placed = [name for name in refusal.fields if name in form.fields]
    for name in placed:
        form.add_error(name, refusal.fields[name])
    if not placed:
        form.add_error(None, str(refusal))


READS: tuple[Capability, ...] = ("cases.handle", "aid.audit")


@capability_required(*READS)
@require_safe
def file_list(request: HttpRequest) -> HttpResponseBase:
    files = policies.visible_to(request.user)
    context = {"figures": queries.figures(files, year=clock.today().year), "year": clock.today().year}
    context["may_handle"] = holds(request.user, "cases.handle")
    context["calls"] = queries.due_calls(files, clock.today()).count()
    context["may_rehearse"] = holds(request.user, "cases.decide")
    context["may_exchange"] = policies.exchanging_body(request.user) is not None
    context["may_look_again"] = bool(policies.looking_bodies(request.user))
    context["may_reach"] = bool(policies.reach_bodies(request.user))
    return table_page(request, "aid/list.html", FileTable(request, files), context)


@capability_required("cases.handle")
@require_http_methods(["GET", "POST"])
def file_new(request: HttpRequest) -> HttpResponse:
    """For a household whose paper has come in: the member is found by number, the file is theirs."""
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            file = _open(request, dict(form.cleaned_data))
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            return redirect("aid:file-detail", public_id=file.public_id)
    return page(request, "aid/new.html", {"form": form})


def _open(request: HttpRequest, data: dict[str, Any]) -> AidFile:
    text = "".join(data.pop("person").split())
    found = person_with("1", text) if len(text) > 11 else next(iter(persons_with_phone(text)), None)
    if found is None:
        raise DomainError(_("没有找到这个人。请先在会员里登记。"))
    membership = current_membership(found)
    mine = organisations_where(request.user, "cases.handle")
    body = mine.filter(pk=membership.organisation_id).first() if membership else None
    body = body or mine.order_by("level").first()
    if body is None:
        raise PermissionDenied
    return actions.open_file(found, organisation=body, by=who(request), is_union_member=membership is not None, **data)


def _purpose(request: HttpRequest, file: AidFile) -> str:
    return _("办理困难帮扶") if policies.may_work(request.user, file) else _("经费审查")


@capability_required(*READS)
@require_safe
def file_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    file = policies.get_file(request.user, public_id)
    note_look("aid_file", file.pk, file.applicant_id, by=who(request), purpose=_purpose(request, file))
    return page(request, "aid/file.html", _context(request, file))


@capability_required("cases.handle")
@require_POST
def file_act(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    file = policies.get_file(request.user, public_id)
    found = BY_KEY.get(act)
    if found is None:
        raise Http404
    if file.state not in found.states or not found.right(who(request), file):
        raise PermissionDenied
    form = found.make(request.POST)
    if form.is_valid():
        try:
            found.run(file, form.cleaned_data, who(request))
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("记下了。"))
            return redirect("aid:review" if act == "prepare" else "aid:file-detail", public_id=public_id)
    return page(request, "aid/file.html", {**_context(request, file), "form": form, "act": act})


def _context(request: HttpRequest, file: AidFile) -> dict[str, Any]:
    user = who(request)
    members = list(file.members.prefetch_related("incomes", "expenses").order_by("pk"))
    findings = file.findings.select_related("resolved_by").order_by("resolved_at", "pk")
    may_work = policies.may_work(user, file)
    return {
        "file": file,
        "badge": file_badge(file),
        "members": members,
        "expenses": queries.expenses_of(file),
        "visits": file.visits.select_related("first").order_by("-day"),
        "applications": file.applications.select_related("case").order_by("pk"),
        "papers": queries.papers_of(file),
        "referrals": file.referrals.select_related("sent_by").order_by("-pk"),
        "appeal": queries.open_appeal(file),
        "findings": [(f, ResolveForm() if may_work and f.resolved_at is None else None) for f in findings],
        "decisions": file.decisions.exclude(decided_at=None).select_related("decided_by").order_by("-pk"),
        "open_decision": queries.open_decision(file),
        "grants": _grants(user, file),
        "acts": [(found, found.make()) for found in acts_for(user, file)],
        "word_forms": Paper.choices,
        "assets": [(row, queries.asset_text(row)) for row in file.assets.select_related("owner").order_by("pk")],
        "calls": file.calls.select_related("by").order_by("-pk"),
        "journal": staff_timeline("aid_file", file.pk) if policies.audits(user, file) else None,
        "may_work": may_work,
        "may_write": policies.may_write_facts(user, file),
        "may_visit": may_work and file.state in (AidFile.State.VISITING, AidFile.State.REVIEWING, AidFile.State.FILED),
    }


def _grants(user: User, file: AidFile) -> list[tuple[Grant, Payment | None, bool]]:
    """What was given, its money, and whether this reader may open the payment."""
    grants = list(file.grants.exclude(state="cancelled").select_related("fund").order_by("-pk"))
    money = payments_for("aid.grant", [grant.pk for grant in grants]) if grants else {}
    open_to = payments_visible_to(user).filter(pk__in=[payment.pk for payment in money.values()]) if money else ()
    seen = {payment.pk for payment in open_to}
    return [(grant, found := money.get(grant.pk), found is not None and found.pk in seen) for grant in grants]


@capability_required("cases.handle")
@require_http_methods(["GET", "POST"])
def facts(request: HttpRequest, public_id: str, part: str) -> HttpResponse:
    """One question group a page: member, income, expense or circumstances."""
    file = policies.get_file(request.user, public_id)
    if part not in PARTS:
        raise Http404
    if not policies.may_write_facts(request.user, file):
        raise PermissionDenied
    form = _form_of(part, file, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _write(part, file, dict(form.cleaned_data), who(request))
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("记下了。"))
            return redirect("aid:file-detail", public_id=public_id)
    return page(request, "aid/facts.html", {"file": file, "form": form, "title": PARTS[part]})


PARTS = {
    "member": gettext_lazy("添一个家里人"),
    "income": gettext_lazy("填收入"),
    "expense": gettext_lazy("添一张票据"),
    "circumstances": gettext_lazy("家里的情况"),
    "asset": gettext_lazy("添一样财产"),
}


def _form_of(part: str, file: AidFile, data: Any) -> Form:
    if part == "member":
        return MemberForm(data)
    if part == "circumstances":
        names = CircumstancesForm.base_fields
        return CircumstancesForm(data, initial={name: getattr(file, name) for name in names})
    members = [(member.public_id, member.name) for member in file.members.order_by("pk")]
    return {"income": IncomeForm, "expense": ExpenseForm, "asset": AssetForm}[part](data, members=members)


def _write(part: str, file: AidFile, data: dict[str, Any], user: User) -> None:
    if part == "member":
        actions.add_member(file, by=user, **data)
    elif part == "circumstances":
        actions.set_circumstances(file, by=user, **data)
    elif part == "asset":
        owner = file.members.filter(public_id=data.pop("member")).first()
        actions.add_asset(file, owner=owner, by=user, **data)
    else:
        member = file.members.get(public_id=data.pop("member"))
        if part == "income":
            actions.set_income(member, by=user, **data)
        else:
            actions.add_expense(member, by=user, **data)


@capability_required("cases.handle")
@require_POST
def expense_void(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    file = policies.get_file(request.user, public_id)
    if not policies.may_write_facts(request.user, file):
        raise PermissionDenied
    actions.void_expense(policies.get_expense(request.user, file, number), by=who(request))
    return redirect("aid:file-detail", public_id=public_id)


@capability_required("cases.handle")
@require_http_methods(["GET", "POST"])
def expense_correct(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """What the papers say, beside what was told."""
    file = policies.get_file(request.user, public_id)
    if not policies.may_write_facts(request.user, file):
        raise PermissionDenied
    expense = policies.get_expense(request.user, file, number)
    start = {name: getattr(expense, name) for name in CorrectForm.base_fields}
    form = CorrectForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_expense(expense, by=who(request), **form.cleaned_data)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("记下了。"))
            return redirect("aid:file-detail", public_id=public_id)
    return page(request, "aid/facts.html", {"file": file, "form": form, "title": _("改成票据上的数")})


@capability_required("cases.handle")
@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest, public_id: str) -> HttpResponse:
    """On the officer's phone at the household. The key makes a visit that is sent twice one visit."""
    file = policies.get_file(request.user, public_id)
    if not policies.may_work(request.user, file):
        raise PermissionDenied
    form = VisitForm(
        request.POST or None, facts=queries.declared_facts(file), initial={"key": new_key(), "day": clock.today()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.record_visit(file, by=who(request), **form.visit())
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            for problem in _take_photos(request, made):
                messages.warning(request, problem)
            messages.success(request, _("入户记录存好了。"))
            return redirect("aid:file-detail", public_id=public_id)
    return page(request, "aid/visit.html", {"file": file, "form": form})


def _take_photos(request: HttpRequest, visit: Visit) -> list[str]:
    """Each picture on its own; the same one sent twice is kept once. What was refused, in words."""
    photos = [photo for photo in request.FILES.getlist("photos") if isinstance(photo, UploadedFile)]
    results = store_uploads(
        photos, subject="aid_visit", subject_id=visit.pk, kind="photo", by=who(request), accept=("image",), max_files=12
    )
    return [f"{result.name}：{result.problem}" for result in results if result.problem]


@capability_required("cases.handle")
@require_POST
def finding_resolve(request: HttpRequest, public_id: str) -> HttpResponse:
    finding = policies.get_finding(request.user, public_id)
    file = policies.get_file(request.user, finding.file.public_id)
    if finding.resolved_at is not None or not policies.may_work(request.user, file):
        raise PermissionDenied
    form = ResolveForm(request.POST)
    if form.is_valid():
        actions.resolve_finding(finding, by=who(request), **form.cleaned_data)
        return redirect("aid:file-detail", public_id=file.public_id)
    return page(request, "aid/file.html", {**_context(request, file), "form": form})


@capability_required(*READS)
@require_safe
def file_form(request: HttpRequest, public_id: str, form: str) -> HttpResponse:
    """One of the other forms of RI 1.15, filled with what is on file."""
    from yiwang.rights.aid.papers_forms import filled  # noqa: PLC0415 -- slow import

    file = policies.get_file(request.user, public_id)
    if form not in Paper.values:
        raise Http404
    response = HttpResponse(filled(form, file), content_type=DOCX)
    name = quote(f"{Paper(form).label}-{file.number}")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}.docx"
    response.headers["Cache-Control"] = "no-store"
    return response


@capability_required(*READS)
@require_safe
def file_paper(request: HttpRequest, public_id: str) -> HttpResponse:
    """困难职工档案表 as Word, with the numbers masked."""
    from yiwang.rights.aid.papers import file_sheet  # noqa: PLC0415 -- slow import

    file = policies.get_file(request.user, public_id)
    response = HttpResponse(file_sheet(file), content_type=DOCX)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.number)}.docx"
    response.headers["Cache-Control"] = "no-store"
    return response
