"""Programmes at the desk: list with the money, one programme with its people, editor, visit lists, draws."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.kernel import clock
from yiwang.kernel.errors import DomainError
from yiwang.platform.ui.pages import page
from yiwang.platform.ui.tables import table_page
from yiwang.register.access.policies import AnyUser, capability_required
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Organisation
from yiwang.rights.aid import actions, queries_programmes
from yiwang.rights.aid import policies_programmes as policies
from yiwang.rights.aid.forms import NoForm
from yiwang.rights.aid.forms_programmes import (
    AnnounceForm,
    ChangeForm,
    HoldForm,
    NamesForm,
    ProgrammeForm,
    ShareForm,
    UnionPremiumForm,
)
from yiwang.rights.aid.models import Programme
from yiwang.rights.aid.tables_programmes import PlaceTable, ProgrammeTable, programme_badge
from yiwang.rights.aid.views.files import DOCX, refuse, who

State = Programme.State
MOST = 200


@dataclass(frozen=True)
class Act:
    """What a leader may do with a programme in its state: label, right, form, deed."""

    key: str
    label: str | Promise
    states: tuple[str, ...]
    right: Callable[[AnyUser, Programme], bool]
    make: type[Form]
    run: Callable[[Programme, dict[str, Any], User], object]


@capability_required("cases.handle")
@require_safe
def programme_list(request: HttpRequest) -> HttpResponseBase:
    programmes = policies.programmes_visible_to(request.user)
    context = {
        "total": queries_programmes.totals(programmes),
        "may_make": policies.leading_bodies(request.user).exists(),
    }
    return table_page(request, "aid/programmes.html", ProgrammeTable(request, programmes), context)


@capability_required("cases.decide")
@require_http_methods(["GET", "POST"])
def programme_new(request: HttpRequest) -> HttpResponse:
    bodies = {body.public_id: body for body in policies.leading_bodies(request.user)[:MOST]}
    if not bodies:
        raise PermissionDenied
    offices = [(key, body.name) for key, body in bodies.items()]
    form = ProgrammeForm(request.POST or None, offices=offices, funds=policies.funds_for(request.user))
    if request.method == "POST" and form.is_valid():
        terms = form.terms()
        organisation = bodies[terms.pop("organisation")]
        try:
            programme = actions.make_programme(organisation, by=who(request), **terms)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            return redirect("aid:programme-detail", public_id=programme.public_id)
    title, button = _("设一个项目"), _("存成草稿")
    return page(request, "aid/programme_new.html", {"form": form, "title": title, "button": button})


@capability_required("cases.decide")
@require_http_methods(["GET", "POST"])
def programme_change(request: HttpRequest, public_id: str) -> HttpResponse:
    programme = policies.get_programme(request.user, public_id)
    if not policies.may_lead(request.user, programme):
        raise PermissionDenied
    start = {name: getattr(programme, name) for name in ("opens_on", "closes_on", "quota", "budget")}
    start["fund"] = programme.fund.public_id if programme.fund else ""
    form = ChangeForm(request.POST or None, funds=policies.funds_for(request.user), initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_programme(programme, by=who(request), **form.terms())
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("记下了。"))
            return redirect("aid:programme-detail", public_id=public_id)
    title = _("调整：{name}").format(name=programme.name)
    return page(request, "aid/programme_new.html", {"form": form, "title": title, "button": _("存好")})


@capability_required("cases.handle")
@require_safe
def programme_detail(request: HttpRequest, public_id: str) -> HttpResponseBase:
    programme = policies.get_programme(request.user, public_id)
    return table_page(request, "aid/programme.html", _table(request, programme), _context(request, programme))


@capability_required("cases.decide")
@require_POST
def programme_act(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    programme = policies.get_programme(request.user, public_id)
    found = next((one for one in acts_for(request.user, programme) if one.key == act), None)
    if found is None and act in {one.key for one in ACTS}:
        raise PermissionDenied
    if found is None:
        raise Http404
    form = _form(found, programme, request)
    if form.is_valid():
        try:
            found.run(programme, form.cleaned_data, who(request))
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("记下了。"))
            return redirect("aid:programme-detail", public_id=public_id)
    programme = policies.get_programme(request.user, public_id)
    context = {**_context(request, programme), "table": _table(request, programme), "form": form, "act": act}
    return page(request, "aid/programme.html", context)


def _table(request: HttpRequest, programme: Programme) -> PlaceTable:
    places = policies.places_visible_to(request.user).filter(programme=programme)
    return PlaceTable(
        request, queries_programmes.with_open_doubles(places, may_open=policies.may_open_places(request.user))
    )


def _context(request: HttpRequest, programme: Programme) -> dict[str, Any]:
    user = request.user
    return {
        "programme": programme,
        "badge": programme_badge(programme),
        "money": queries_programmes.money_of(programme),
        "premiums": queries_programmes.premiums_of(programme) if programme.is_mutual else None,
        "draw": programme.draw,
        "shares": programme.shares.select_related("organisation").order_by("-quota", "pk"),
        "is_taking": programme.state == State.OPEN,
        "may_name": policies.may_name(user, programme),
        "may_lead": policies.may_lead(user, programme),
        "acts": [(found, _form(found, programme, None)) for found in acts_for(user, programme)],
    }


def _form(act: Act, programme: Programme, request: HttpRequest | None) -> Any:
    data = request.POST if request is not None else None
    if act.make is ShareForm:
        bodies = [(body.public_id, body.name) for body in queries_programmes.bodies_below(programme)[:MOST]]
        return ShareForm(data, bodies=bodies)
    if act.make is UnionPremiumForm:
        return UnionPremiumForm(data, unions=[(body.public_id, label) for body, label in _unions_owing(programme)])
    return act.make(data)


def _unions_owing(programme: Programme) -> list[tuple[Organisation, str]]:
    label = _("{body}（{n}人没交）")
    return [(body, label.format(body=body.name, n=n)) for body, n in queries_programmes.unions_owing(programme)]


def _premiums(programme: Programme, data: dict[str, Any], user: User) -> object:
    bodies = {body.public_id: body for body, _label in _unions_owing(programme)}
    organisation = bodies[data.pop("organisation")]
    return actions.receive_premiums(programme, organisation=organisation, by=user, **data)


def _share(programme: Programme, data: dict[str, Any], user: User) -> object:
    organisation = queries_programmes.bodies_below(programme).get(public_id=data["organisation"])
    return actions.set_share(programme, organisation=organisation, quota=data["quota"], by=user)


def _plain(action: Callable[..., object]) -> Callable[[Programme, dict[str, Any], User], object]:
    return lambda programme, data, user: action(programme, by=user)


def _with(action: Callable[..., object]) -> Callable[[Programme, dict[str, Any], User], object]:
    return lambda programme, data, user: action(programme, by=user, **data)


def _draws(user: AnyUser, programme: Programme) -> bool:
    return policies.may_lead(user, programme) and programme.is_drawn and programme.draw is None


def _holds(user: AnyUser, programme: Programme) -> bool:
    draw = programme.draw
    return policies.may_lead(user, programme) and draw is not None and draw.state == "announced"


def _owes(user: AnyUser, programme: Programme) -> bool:
    return policies.may_lead(user, programme) and queries_programmes.owing(programme).exists()


def _moves_up(user: AnyUser, programme: Programme) -> bool:
    return policies.may_lead(user, programme) and programme.places.filter(state="waiting").exists()


LEAD = policies.may_lead
OPENABLE, GOING = (State.DRAFT, State.CLOSED), (State.OPEN,)
OVER: tuple[str, ...] = (State.CLOSED,)
ACTS: tuple[Act, ...] = (
    Act("open", gettext_lazy("开放"), (State.DRAFT,), LEAD, NoForm, _plain(actions.open_programme)),
    Act("announce", gettext_lazy("公布抽签名单"), OVER, _draws, AnnounceForm, _with(actions.announce_programme_draw)),
    Act("hold", gettext_lazy("开签"), OVER, _holds, HoldForm, _with(actions.hold_programme_draw)),
    Act("up", gettext_lazy("按次序递补一位"), (*GOING, *OVER), _moves_up, NoForm, _plain(actions.move_up)),
    Act("premium", gettext_lazy("工会统一交了互助费"), (*GOING, *OVER), _owes, UnionPremiumForm, _premiums),
    Act("share", gettext_lazy("把名额分给下面的单位"), (*OPENABLE, *GOING), LEAD, ShareForm, _share),
    Act("close", gettext_lazy("截止"), GOING, LEAD, NoForm, _plain(actions.close_programme)),
    Act("reopen", gettext_lazy("再开放"), OVER, LEAD, NoForm, _plain(actions.open_programme)),
    Act("end", gettext_lazy("结束"), OVER, LEAD, NoForm, _plain(actions.end_programme)),
)


def acts_for(user: AnyUser, programme: Programme) -> list[Act]:
    held = programme.draw is not None
    found = [act for act in ACTS if programme.state in act.states and act.right(user, programme)]
    return [act for act in found if not (held and act.key in ("reopen", "share"))]


@capability_required("cases.handle")
@require_http_methods(["GET", "POST"])
def programme_names(request: HttpRequest, public_id: str) -> HttpResponse:
    """The union writes down whom it will visit or help: one name a line, from its own members."""
    programme = policies.get_programme(request.user, public_id)
    if programme.state != State.OPEN or not policies.may_name(request.user, programme):
        raise PermissionDenied
    facts = queries_programmes.asked_facts(programme.list_rules, clock.today())
    form = NamesForm(request.POST or None, facts=facts)
    if request.method == "POST" and form.is_valid():
        members = policies.members_to_name(request.user, programme)
        try:
            made = actions.name_people(
                programme, form.cleaned_data["names"], told=form.facts(), members=members, by=who(request)
            )
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("登记了{n}人。").format(n=len(made)))
            return redirect("aid:programme-detail", public_id=public_id)
    title = _("报名单：{name}").format(name=programme.name)
    hint = _("只能报自己这里的会员。同一户报了两次、别处也报了的，会列出来由人核对，不会自动拒绝。")
    context = {"form": form, "title": title, "button": _("登记这些人"), "hint": hint}
    return page(request, "aid/programme_new.html", context)


@capability_required("cases.handle")
@require_safe
def programme_paper(request: HttpRequest, public_id: str) -> HttpResponse:
    """The list as Word, with masked numbers and a column to sign."""
    from yiwang.rights.aid.papers_programmes import programme_roll  # noqa: PLC0415 -- slow import

    programme = policies.get_programme(request.user, public_id)
    places = policies.places_visible_to(request.user).filter(programme=programme)
    response = HttpResponse(programme_roll(programme, places), content_type=DOCX)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(programme.name)}.docx"
    response.headers["Cache-Control"] = "no-store"
    return response
