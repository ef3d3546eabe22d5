"""The worker's and delegate's pages: what the congress does, papers, signing in, speaking, voting by name."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.kernel.clock import today
from yiwang.platform.ui.pages import page
from yiwang.rights.congress import actions, policies, queries
from yiwang.rights.congress import queries_following as following
from yiwang.rights.congress.errors import NotADelegate
from yiwang.rights.congress.forms import FloorForm, MotionForm
from yiwang.rights.congress.models import AgendaItem, Delegate, NamedVote, Session
from yiwang.rights.congress.queries_consulting import consultations_of
from yiwang.rights.congress.queries_keeping import destructions_due
from yiwang.rights.congress.views.acting import filled, pressed, user_of


@login_required
@require_GET
def own_congress(request: HttpRequest) -> HttpResponse:
    congress = policies.congress_of(request.user)
    user = user_of(request)
    duties = [*queries.duties_of(user), *((row, f"{what}-gone") for row, what in destructions_due(user))]
    if congress is None:
        return page(request, "congress/none.html", {"duties": duties})
    mandate = policies.mandate_of(request.user, congress)
    sessions = [row for row in queries.sessions_of(congress) if row.state != Session.State.PLANNED]
    context = {
        "congress": congress,
        "mandate": mandate,
        "sessions": sessions,
        "duties": duties,
        "disclosures": following.disclosures_for(congress, mandate)[:20],
        "proposals": following.proposals_of(congress)[:20],
        "resolutions": following.resolutions_of(congress)[:20],
        "delegates": queries.delegates_of(congress).count(),
        "committees": queries.committees_of(congress),
        "consultations": consultations_of(congress)[:20] if policies.consults(congress) else [],
    }
    return page(request, "congress/own.html", context)


@login_required
@require_GET
def own_session(request: HttpRequest, public_id: str) -> HttpResponse:
    return _show(request, policies.get_own_session(request.user, public_id), {})


def _show(request: HttpRequest, session: Session, forms: dict[str, Any]) -> HttpResponse:
    mandate = policies.mandate_of(request.user, session.congress)
    present = mandate is not None and queries.is_present(session, mandate)
    items = queries.items_of(session)
    speaks = present and session.state == Session.State.OPEN
    voting = [row for row in items if row.state == AgendaItem.State.VOTING and row.method == AgendaItem.Method.NAMED]
    context = {
        "session": session,
        "congress": session.congress,
        "is_early": mandate is not None and session.is_live and session.held_on > today(),
        "mandate": mandate,
        "present": present,
        "items": items,
        "hall": queries.hall_of(session),
        "reads": mandate is not None or session.state == Session.State.PUBLISHED,
        "votes": [(row, queries.named_vote_of(row, mandate)) for row in voting] if speaks and mandate else [],
        "choices": NamedVote.Choice.choices,
        "ballots": [row for row in queries.ballots_of(session) if row.election.state not in ("draft", "cancelled")],
        "floor_form": FloorForm() if speaks else None,
        "motion_form": MotionForm(items=items) if speaks else None,
        **forms,
    }
    return page(request, "congress/own_session.html", context)


def _mandate(request: HttpRequest, session: Session) -> Delegate:
    mandate = policies.mandate_of(request.user, session.congress)
    if mandate is None:
        raise NotADelegate()
    return mandate


@login_required
@require_POST
def own_act(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    """Sign in with the six digits, ask for the floor, move something."""
    session = policies.get_own_session(request.user, public_id)
    by = user_of(request)
    if act == "in":
        code = request.POST.get("code", "")
        pressed(
            request,
            lambda: actions.check_in_with_code(session, _mandate(request, session), code, by=by),
            _("签到好了。"),
        )
        return redirect("congress:own-session", public_id)
    items = queries.items_of(session)
    if act == "floor":
        form: Any = FloorForm(request.POST)
        name, said = "floor_form", _("排上发言名单了。")
        done = filled(form, lambda given: actions.ask_floor(session, _mandate(request, session), given["topic"], by=by))
    elif act == "motion":
        form = MotionForm(request.POST, items=items)
        name, said = "motion_form", _("动议提交了，等主持人交付表决。")
        done = filled(form, lambda given: _move(request, session, items, given))
    else:
        raise Http404
    if done:
        messages.success(request, said)
        return redirect("congress:own-session", public_id)
    return _show(request, session, {name: form, "form": form})


def _move(request: HttpRequest, session: Session, items: list[AgendaItem], given: dict[str, Any]) -> None:
    item = next((row for row in items if row.public_id == given["item"]), None)
    actions.put_motion(session, _mandate(request, session), given["text"], item=item, by=user_of(request))


@login_required
@require_POST
def own_vote(request: HttpRequest, public_id: str, item: str) -> HttpResponse:
    """A vote by name, which everyone sees. Secret votes never come here."""
    session = policies.get_own_session(request.user, public_id)
    found = queries.item_called(session, item)
    if found is None:
        raise Http404
    choice, by = request.POST.get("choice", ""), user_of(request)
    pressed(
        request,
        lambda: actions.vote_by_name(found, _mandate(request, session), choice, by=by),
        _("你的表决记下了，结束前可以改。"),
    )
    return redirect("congress:own-session", public_id)


@login_required
@require_GET
def own_paper(request: HttpRequest, public_id: str, item: str) -> HttpResponse:
    """The full text of one item: delegates before the session, every worker once it is published."""
    session = policies.get_own_session(request.user, public_id)
    found = queries.item_called(session, item)
    if found is None or not policies.may_read_paper(request.user, found):
        raise Http404
    context = {"session": session, "item": found, "tallies": queries.tallies_of(found)}
    return page(request, "congress/paper.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def check_in(request: HttpRequest, public_id: str, code: str) -> HttpResponse:
    """Where the code on the screen leads: one button."""
    session = policies.get_own_session(request.user, public_id)
    if request.method == "POST":
        pressed(
            request,
            lambda: actions.check_in_with_code(session, _mandate(request, session), code, by=user_of(request)),
            _("签到好了。"),
        )
        return redirect("congress:own-session", public_id)
    mandate = policies.mandate_of(request.user, session.congress)
    context = {"session": session, "congress": session.congress, "mandate": mandate}
    return page(request, "congress/check_in.html", context)
