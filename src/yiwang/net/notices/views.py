"""Notices for everybody, and the desk where objections are looked into."""

from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.kernel import clock
from yiwang.kernel.errors import DomainError
from yiwang.net.notices import actions, policies
from yiwang.net.notices.forms import AnswerForm, ObjectForm, WithdrawForm
from yiwang.net.notices.models import Notice
from yiwang.platform.ui.pages import page
from yiwang.platform.ui.parts import Badge
from yiwang.platform.ui.tables import (
    BadgeColumn,
    ChoiceFilter,
    Column,
    DayColumn,
    LinkColumn,
    MomentColumn,
    NumberColumn,
    Table,
    table_page,
)
from yiwang.register.access.policies import View, capability_required
from yiwang.register.accounts.models import User

SHOWN = 50


def not_indexed(view: View) -> View:
    """No search engine keeps it, no browser or proxy stores it beyond its time."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive, nosnippet"
        response.headers["Cache-Control"] = "no-store"
        return response

    return guarded


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines are asked to leave alone: notices by name, and everything behind a sign-in."""
    lines = ["User-agent: *", "Disallow: /notices/", "Disallow: /work/", "Disallow: /accounts/", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@not_indexed
@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    notices = policies.showing(clock.now())[:SHOWN]
    return page(request, "notices/list.html", {"notices": notices})


@not_indexed
@require_safe
def notice_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    notice = policies.get_showing(public_id, clock.now())
    own = policies.own_objections(request.user, notice) if request.user.is_authenticated else []
    return page(request, "notices/notice.html", {"notice": notice, "own": own})


@not_indexed
@login_required
@require_http_methods(["GET", "POST"])
def notice_object(request: HttpRequest, public_id: str) -> HttpResponse:
    notice = policies.get_showing(public_id, clock.now())
    form = ObjectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.object_to(notice, text=form.cleaned_data["text"], by=cast(User, request.user))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("收到了。核查完，结果写在这里。"))
            return redirect("notices:notice-detail", public_id=public_id)
    return page(request, "notices/object.html", {"notice": notice, "form": form})


def state_badge(notice: Notice) -> Badge:
    label = notice.get_result_display() or notice.get_state_display()
    return Badge(str(label), "wait" if notice.state == Notice.State.SHOWN else "neutral", "eye")


def about(notice: Notice) -> str:
    """Whom it shows, as masked as the notice itself, so that two with one title can be told apart."""
    names = "、".join(row["name"] for row in notice.rows[:3])
    who = _("{names}等{n}户").format(names=names, n=len(notice.rows)) if len(notice.rows) > 3 else names
    return f"{who} · {notice.organisation.name}"


class NoticeTable(Table):
    name = "notices.desk"
    label = gettext_lazy("公示")
    empty_title = gettext_lazy("没有公示")
    filters = (ChoiceFilter("state", gettext_lazy("状态"), options=Notice.State.choices),)
    columns = (
        LinkColumn(
            "title", gettext_lazy("标题"), is_optional=False,
            read=lambda row: _(row.title),  # kept in Chinese; what our own apps post has its English text
            url=lambda row: reverse("notices:desk-detail", args=[row.public_id]),
            caption=about,
        ),
        BadgeColumn("state", gettext_lazy("状态"), state_badge),
        NumberColumn("waiting", gettext_lazy("待核查的意见")),
        MomentColumn("starts_at", gettext_lazy("开始"), sort="-starts_at"),
        DayColumn("ends_at", gettext_lazy("最后一天"), read=lambda row: clock.due_day(row.ends_at), sort="-ends_at"),
        Column("withdrawn_reason", gettext_lazy("撤下原因"), is_shown=False),
    )  # fmt: skip


@capability_required("cases.handle")
@require_safe
def desk_list(request: HttpRequest) -> HttpResponseBase:
    return table_page(request, "notices/desk_list.html", NoticeTable(request, policies.desk_notices(request.user)))


@capability_required("cases.handle")
@require_safe
def desk_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    notice = policies.get_desk_notice(request.user, public_id)
    return page(request, "notices/desk.html", _context(request, notice))


def _context(request: HttpRequest, notice: Notice) -> dict[str, Any]:
    objections = notice.objections.select_related("by", "notice__organisation", "answered_by").order_by("-pk")
    return {
        "notice": notice,
        "objections": [(one, AnswerForm() if policies.may_answer(request.user, one) else None) for one in objections],
        "withdraw_form": WithdrawForm() if policies.may_withdraw(request.user, notice) else None,
    }


@capability_required("cases.handle")
@require_POST
def objection_answer(request: HttpRequest, public_id: str) -> HttpResponse:
    objection = policies.get_objection(request.user, public_id)
    if not policies.may_answer(request.user, objection):
        raise PermissionDenied
    form = AnswerForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.answer_objection(
                objection, upheld=data["upheld"] == "yes", answer=data["answer"], by=cast(User, request.user)
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("notices:desk-detail", public_id=objection.notice.public_id)
    notice = policies.get_desk_notice(request.user, objection.notice.public_id)
    return page(request, "notices/desk.html", {**_context(request, notice), "form": form, "at": objection.pk})


@capability_required("cases.decide")
@require_POST
def desk_withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    notice = policies.get_desk_notice(request.user, public_id)
    if not policies.may_withdraw(request.user, notice):
        raise PermissionDenied
    form = WithdrawForm(request.POST)
    if form.is_valid():
        try:
            actions.withdraw_notice(notice, by=cast(User, request.user), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("notices:desk-detail", public_id=public_id)
    return page(request, "notices/desk.html", {**_context(request, notice), "form": form})
