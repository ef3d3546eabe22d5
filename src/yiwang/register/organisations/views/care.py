"""Care of the tree: asking for changes, deciding on them, settling what is abolished."""

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

from yiwang.kernel.errors import DomainError
from yiwang.platform.ui.pages import page
from yiwang.platform.ui.tables import table_page
from yiwang.register.accounts.models import User
from yiwang.register.organisations import actions, policies, queries
from yiwang.register.organisations.forms import CHANGE_FORMS, DecideForm, ThreeForm
from yiwang.register.organisations.models import Organisation, OrganisationLink, TreeChange
from yiwang.register.organisations.tables import ChangeTable

MOST_HITS = 8
NEEDS_TARGET = (TreeChange.Kind.MOVE, TreeChange.Kind.MERGE)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _may_care(user: Any, organisation: Organisation) -> bool:
    return policies.may_edit(user, organisation) or policies.may_approve_at(user, organisation)


@login_required
@require_GET
def organisation_care(request: HttpRequest, public_id: str) -> HttpResponse:
    """What an officer can change about one body, and what is under way."""
    organisation = policies.get_organisation(request.user, public_id, must=_may_care)
    context = {
        "organisation": organisation,
        "above": queries.ancestors(organisation),
        "may_edit": policies.may_edit(request.user, organisation),
        "kinds": [(kind, _ASKS[kind]) for kind in TreeChange.Kind if _offers(organisation, kind)],
        "lines": queries.lines(organisation),
        "employers": queries.employers(organisation)[:50],
        "changes": queries.changes_of(organisation),
        "three": ThreeForm(instance=organisation) if organisation.kind in ("C1", "C2") else None,
        "line_kinds": OrganisationLink.Kind.choices,
        "takes_employers": organisation.holds_members,
    }
    return page(request, "organisations/care.html", context)


_ASKS = {
    TreeChange.Kind.FOUND: gettext_lazy("设立下级组织"),
    TreeChange.Kind.RENAME: gettext_lazy("改名称"),
    TreeChange.Kind.MOVE: gettext_lazy("换上级工会"),
    TreeChange.Kind.MERGE: gettext_lazy("并入另一个工会"),
    TreeChange.Kind.SPLIT: gettext_lazy("分出一个工会"),
    TreeChange.Kind.CLOSE: gettext_lazy("撤销这个工会"),
}


def _offers(organisation: Organisation, kind: str) -> bool:
    if organisation.state not in (Organisation.State.ACTIVE, Organisation.State.SUSPENDED):
        return False
    if kind == TreeChange.Kind.FOUND:
        return bool(queries.kinds_under(organisation))
    if kind in (TreeChange.Kind.MERGE, TreeChange.Kind.SPLIT):
        return organisation.holds_members and organisation.state == Organisation.State.ACTIVE
    return organisation.parent_id is not None


@login_required
@require_http_methods(["GET", "POST"])
def change_new(request: HttpRequest, public_id: str, kind: str) -> HttpResponse:
    """Ask for one kind of change; another person decides."""
    organisation = policies.get_organisation(request.user, public_id, must=policies.may_edit)
    if kind not in TreeChange.Kind or not _offers(organisation, kind):
        raise Http404
    form = CHANGE_FORMS[kind](request.POST or None, organisation=organisation)
    target = _Target(request, needed=kind in NEEDS_TARGET)
    if request.method == "POST" and form.is_valid() and target.is_fine:
        try:
            change = actions.propose_change(
                organisation, kind, by=_user(request), target=target.organisation, **form.cleaned_data
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("交上去了，等另一位审批人决定。"))
            return redirect("organisations:change-detail", change.public_id)
    title = _ASKS[TreeChange.Kind(kind)]
    context = {"organisation": organisation, "form": form, "kind": kind, "title": title, "target": target}
    return page(request, "organisations/change_new.html", context)


class _Target:
    """What the picker sent: a choice, or a typed text with its hits."""

    def __init__(self, request: HttpRequest, *, needed: bool) -> None:
        self.needed = needed
        chosen, self.text = request.POST.get("target", ""), request.POST.get("target_text", "").strip()
        self.organisation = queries.body_called(chosen) if needed else None
        self.hits: list[dict[str, str]] = []
        self.error = ""
        if needed and request.method == "POST" and self.organisation is None:
            self.hits = [hit.as_option() for hit in queries.search(self.text, limit=MOST_HITS)] if self.text else []
            self.error = _("选一个工会。") if self.hits else _("没找到这个工会。请换个名称或代码再找。")
        if self.organisation is not None:
            self.text = self.organisation.name

    @property
    def is_fine(self) -> bool:
        return not self.needed or self.organisation is not None


@login_required
@require_GET
def change_list(request: HttpRequest) -> HttpResponseBase:
    """Changes in one's own subtrees, the open ones first in view."""
    if not policies.is_carer(request.user):
        raise PermissionDenied
    table = ChangeTable(request, policies.changes_visible_to(request.user))
    return table_page(request, "organisations/change_list.html", table, {})


@login_required
@require_GET
def change_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    return _change_page(request, policies.get_change(request.user, public_id), DecideForm())


def _change_page(request: HttpRequest, change: TreeChange, form: DecideForm) -> HttpResponse:
    body = change.organisation
    context = {
        "change": change,
        "organisation": body,
        "form": form,
        "employers": change.employers.all(),
        "bodies": queries.under(body).count(),
        "staying": actions.members_staying(body),
        "tasks": [(task, task.value in change.settled) for task in TreeChange.Task],
        "may_decide": policies.may_decide(request.user, change),
        "may_withdraw": policies.may_withdraw(request.user, change),
        "may_settle": policies.may_settle(request.user, change),
    }
    return page(request, "organisations/change.html", context)


@login_required
@require_POST
def change_act(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    """One decision or step on a change."""
    change = policies.get_change(request.user, public_id)
    if act not in _ACTS:
        raise Http404
    may, verb, said = _ACTS[act]
    if not may(request.user, change):
        raise PermissionDenied
    form = DecideForm(request.POST, needed=act == "refuse")
    if form.is_valid():
        try:
            verb(change, _user(request), form.cleaned_data["opinion"])
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            change = policies.get_change(request.user, public_id)
        else:
            messages.success(request, str(said))
            return redirect("organisations:change-detail", public_id)
    return _change_page(request, change, form)


Verb = Callable[[TreeChange, User, str], None]
_ACTS: dict[str, tuple[Callable[[Any, TreeChange], bool], Verb, Any]] = {
    "approve": (
        policies.may_decide,
        lambda change, by, text: actions.approve_change(change, by=by, opinion=text),
        gettext_lazy("同意了。"),
    ),
    "refuse": (
        policies.may_decide,
        lambda change, by, text: actions.refuse_change(change, by=by, opinion=text),
        gettext_lazy("没有同意，提出的人会看到你的意见。"),
    ),
    "withdraw": (
        policies.may_withdraw,
        lambda change, by, _text: actions.withdraw_change(change, by=by),
        gettext_lazy("撤回了。"),
    ),
    "finish": (
        policies.may_settle,
        lambda change, by, _text: actions.finish_closing(change, by=by),
        gettext_lazy("这个工会撤销了。"),
    ),
}


@login_required
@require_POST
def closing_task(request: HttpRequest, public_id: str, task: str) -> HttpResponse:
    change = policies.get_change(request.user, public_id)
    if not policies.may_settle(request.user, change):
        raise PermissionDenied
    actions.tick_closing_task(change, task, by=_user(request))
    return redirect("organisations:change-detail", public_id)


@login_required
@require_POST
def care_act(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    """Lines, employers and the three flags: kept by the body's own officers without a second person."""
    organisation = policies.get_organisation(request.user, public_id, must=policies.may_edit)
    if act not in _CARE:
        raise Http404
    try:
        said = _CARE[act](organisation, request.POST, _user(request))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("organisations:organisation-care", public_id)


def _line_add(organisation: Organisation, given: Any, by: User) -> str:
    leader, kind = queries.body_called(given.get("leader", "")), given.get("kind", "")
    if leader is None or kind not in OrganisationLink.Kind:
        return _("没有选工会，什么也没改。")
    actions.link_line(organisation, leader, kind, by=by)
    return _("加上了。")


def _line_end(organisation: Organisation, given: Any, by: User) -> str:
    for link in queries.lines(organisation):
        if link.leader.public_id == given.get("leader"):
            actions.end_line(link, by=by)
    return _("去掉了。")


def _employer_add(organisation: Organisation, given: Any, by: User) -> str:
    employer = queries.employer_called(given.get("employer", ""))
    if employer is None:
        return _("没找到这个单位，什么也没改。请填全称或统一社会信用代码。")
    actions.link_employer(organisation, employer, actions.relation_to(organisation), by=by)
    return _("加上了。")


def _employer_end(organisation: Organisation, given: Any, by: User) -> str:
    for link in queries.employers(organisation):
        if link.employer.public_id == given.get("employer"):
            actions.unlink_employer(link, by=by)
    return _("去掉了。")


def _three(organisation: Organisation, given: Any, by: User) -> str:
    flags = {name: name in given for name in ("has_staff", "has_money", "has_place")}
    return _("存好了。") if actions.update_organisation(organisation, by=by, **flags) else _("没有改动。")


def _suspend(organisation: Organisation, given: Any, by: User) -> str:
    actions.suspend_organisation(organisation, reason=str(given.get("reason", ""))[:200], by=by)
    return _("标为待整顿了。")


def _restore(organisation: Organisation, given: Any, by: User) -> str:
    actions.restore_organisation(organisation, by=by)
    return _("恢复正常了。")


_CARE: dict[str, Callable[[Organisation, Any, User], str]] = {
    "line-add": _line_add,
    "line-end": _line_end,
    "employer-add": _employer_add,
    "employer-end": _employer_end,
    "three": _three,
    "suspend": _suspend,
    "restore": _restore,
}
