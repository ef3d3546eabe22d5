"""The desk: a term, its constituencies, its delegates."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.platform.ui.pages import page
from yiwang.platform.ui.tables import table_page
from yiwang.register.access.policies import staff_required
from yiwang.rights.congress import actions, policies, queries
from yiwang.rights.congress import queries_keeping as kept
from yiwang.rights.congress.forms import (
    CongressForm,
    ConstituencyForm,
    ConstituencyResultForm,
    EndForm,
    NominationForm,
    SessionForm,
    TermForm,
)
from yiwang.rights.congress.forms_people import CommitteeForm, FirmsForm
from yiwang.rights.congress.models import Congress, Constituency, Delegate, Kind
from yiwang.rights.congress.tables import CongressTable
from yiwang.rights.congress.views.acting import filled, pressed, user_of


@staff_required
@require_GET
def congress_list(request: HttpRequest) -> HttpResponseBase:
    table = CongressTable(request, policies.congresses_visible_to(request.user))
    return table_page(request, "congress/list.html", table, {"may_start": policies.may_start(request.user)})


@staff_required
@require_http_methods(["GET", "POST"])
def congress_new(request: HttpRequest) -> HttpResponse:
    places = policies.places_for(request.user).order_by("-level", "name")
    if not policies.may_start(request.user):
        raise PermissionDenied
    form = CongressForm(request.POST or None, places=places, initial=_initial(places.first()))
    made: list[Congress] = []
    if request.method == "POST" and filled(
        form, lambda given: made.append(actions.start_congress(by=user_of(request), **given))
    ):
        messages.success(request, _("记下了。接着划选区、选代表。"))
        return redirect("congress:congress-detail", made[0].public_id)
    return page(request, "congress/new.html", {"form": form, "has_places": places.exists()})


def _initial(place: Any) -> dict[str, Any]:
    """What the register knows of the first union, for a start."""
    if place is None:
        return {}
    headcount = place.employee_count or queries.electors(place).count()
    return {
        "kind": queries.suggested_kind(headcount),
        "number": queries.next_number(place),
        "headcount": headcount,
        "women": queries.woman_share(place),
        "seats": queries.fewest_seats(headcount) if headcount >= queries.rule("congress_from") else headcount,
    }


@staff_required
@require_GET
def congress_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    return show(request, policies.get_congress(request.user, public_id), {})


def show(request: HttpRequest, congress: Congress, forms: dict[str, Any]) -> HttpResponse:
    keeps = policies.may_keep(request.user, congress)
    prepares = keeps and congress.state == Congress.State.PREPARING
    runs = keeps and congress.state == Congress.State.IN_TERM
    checks = queries.composition(congress)
    context = {
        "congress": congress,
        "keeps": keeps,
        "prepares": prepares,
        "runs": runs,
        "places": queries.constituencies_of(congress),
        "checks": checks,
        "is_ready": all(check.holds for check in checks if check.blocks),
        "delegates": queries.delegates_of(congress),
        "sessions": queries.sessions_of(congress),
        "is_due": runs and queries.session_is_due(congress),
        "constituency_form": ConstituencyForm() if prepares and not congress.everyone_meets else None,
        "term_form": TermForm() if prepares else None,
        "session_form": SessionForm() if runs else None,
        "end_form": EndForm() if runs else None,
        "consults": policies.consults(congress),
        "committees": queries.committees_of(congress),
        "reports": [(row, kept.is_late(row)) for row in kept.reports_of(congress)],
        "committee_form": CommitteeForm(delegates=queries.delegates_of(congress)) if runs else None,
        "firms_form": FirmsForm() if prepares and policies.seats_by_firm(congress) else None,
        **forms,
    }
    return page(request, "congress/congress.html", context)


@staff_required
@require_POST
def congress_act(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    """Draw a constituency, begin the term, plan a session, end the term."""
    congress = policies.get_congress(request.user, public_id)
    if not policies.may_keep(request.user, congress):
        raise PermissionDenied
    by = user_of(request)
    if act == "end":
        pressed(request, lambda: actions.end_congress(congress, by=by), _("这一届记为届满。"))
        return redirect("congress:congress-detail", public_id)
    makers: dict[str, tuple[str, Any, Any, str]] = {
        "constituency": (
            "constituency_form",
            ConstituencyForm(request.POST),
            lambda given: actions.draw_constituency(congress, by=by, **given),
            _("选区加上了。"),
        ),
        "constitute": (
            "term_form",
            TermForm(request.POST),
            lambda given: actions.constitute(congress, on=given["on"], by=by),
            _("代表选齐了，任期开始。"),
        ),
        "session": (
            "session_form",
            SessionForm(request.POST),
            lambda given: actions.plan_session(congress, by=by, **given),
            _("开会日期定下了。接着加议题和材料。"),
        ),
        "committee": (
            "committee_form",
            CommitteeForm(request.POST, delegates=queries.delegates_of(congress)),
            lambda given: actions.form_committee(congress, by=by, **given),
            _("小组定下了。"),
        ),
        "firms": (
            "firms_form",
            FirmsForm(request.POST),
            lambda given: actions.draw_by_firms(congress, given["firms"], by=by),
            _("选区按企业划好了，名额按人数分好了。"),
        ),
    }
    if act not in makers:
        raise Http404
    name, form, verb, said = makers[act]
    if filled(form, verb):
        messages.success(request, said)
        return redirect("congress:congress-detail", public_id)
    return show(request, policies.get_congress(request.user, public_id), {name: form, "form": form})


def _place(request: HttpRequest, public_id: str, place: str) -> tuple[Congress, Constituency]:
    congress = policies.get_congress(request.user, public_id)
    found = next((row for row in queries.constituencies_of(congress) if row.public_id == place), None)
    if found is None:
        raise Http404
    return congress, found


@staff_required
@require_GET
def constituency_detail(request: HttpRequest, public_id: str, place: str) -> HttpResponse:
    return _show_place(request, *_place(request, public_id, place), forms={})


def _nomination(congress: Congress, data: Any = None) -> NominationForm:
    members = queries.electors(congress.organisation)
    return NominationForm(data, members=members, is_platform=congress.kind == Kind.PLATFORM)


def _result(place: Constituency, data: Any = None) -> ConstituencyResultForm:
    rows = [row for row in queries.standing_in(place) if row.state != Delegate.State.ELECTED]
    return ConstituencyResultForm(data, candidates=rows)


def _show_place(
    request: HttpRequest, congress: Congress, place: Constituency, *, forms: dict[str, Any]
) -> HttpResponse:
    rows = queries.standing_in(place)
    elects = (
        policies.may_keep(request.user, congress)
        and place.elected_on is None
        and congress.state != Congress.State.ENDED
        and not congress.everyone_meets
    )
    waiting = [row for row in rows if row.state != Delegate.State.ELECTED]
    context = {
        "congress": congress,
        "place": place,
        "rows": rows,
        "elects": elects,
        "needed": queries.needed_of(place.headcount),
        "majority": place.headcount // 2 + 1,
        "nomination_form": _nomination(congress) if elects else None,
        "result_form": _result(place) if elects and waiting else None,
        **forms,
    }
    return page(request, "congress/constituency.html", context)


@staff_required
@require_POST
def constituency_act(request: HttpRequest, public_id: str, place: str, act: str) -> HttpResponse:
    """Nominate, enter the count, drop."""
    congress, found = _place(request, public_id, place)
    if not policies.may_keep(request.user, congress):
        raise PermissionDenied
    by = user_of(request)
    if act == "drop":
        pressed(request, lambda: actions.drop_constituency(found, by=by), _("选区去掉了。"))
        return redirect("congress:congress-detail", public_id)
    if act == "nominate":
        form: Any = _nomination(congress, request.POST)
        name, said = "nomination_form", _("候选人加上了。")
        done = filled(form, lambda given: actions.nominate(found, given.pop("who"), by=by, **given))
    elif act == "elect":
        form = _result(found, request.POST)
        name, said = "result_form", _("结果登记好了。")
        done = filled(form, lambda given: _elect(found, form, given, by))
    else:
        raise Http404
    if done:
        messages.success(request, said)
        return redirect("congress:constituency-detail", public_id, place)
    return _show_place(request, congress, found, forms={name: form, "form": form})


def _elect(place: Constituency, form: ConstituencyResultForm, given: dict[str, Any], by: Any) -> None:
    actions.elect_constituency(
        place,
        present=given["present"],
        votes=form.votes,
        method=given["method"],
        on=given["elected_on"],
        by=by,
    )


@staff_required
@require_POST
def delegate_end(request: HttpRequest, public_id: str, delegate: str) -> HttpResponse:
    congress = policies.get_congress(request.user, public_id)
    if not policies.may_keep(request.user, congress):
        raise PermissionDenied
    found = queries.delegate_called(congress, delegate)
    if found is None:
        raise Http404
    form = EndForm(request.POST)
    if filled(form, lambda given: actions.end_delegate(found, by=user_of(request), **given)):
        messages.success(request, _("代表资格终止了。这个选区要补选。"))
    for error in [text for texts in form.errors.values() for text in texts]:
        messages.error(request, str(error))
    return redirect("congress:congress-detail", public_id)
