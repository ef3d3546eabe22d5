"""The desk: a session from its agenda to its publication; the sign-in sheet; the screen of the hall."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yiwang.platform.ui.pages import page
from yiwang.platform.ui.qr import drawn
from yiwang.register.access.policies import staff_required
from yiwang.rights.congress import actions, policies, queries
from yiwang.rights.congress import queries_keeping as kept
from yiwang.rights.congress.forms import (
    BallotForm,
    HandsForm,
    ItemForm,
    MinutesForm,
    OpinionsForm,
    OthersForm,
    PresidiumForm,
    ReasonForm,
)
from yiwang.rights.congress.forms_keeping import DecisionForm
from yiwang.rights.congress.forms_people import GuestForm
from yiwang.rights.congress.models import AgendaItem, SecretBallot, Session
from yiwang.rights.congress.views.acting import filled, pressed, user_of

State = Session.State
Made = tuple[str, Any, Callable[[Any], object], str]


@staff_required
@require_GET
def session_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    return show(request, policies.get_session(request.user, public_id), {})


def show(request: HttpRequest, session: Session, forms: dict[str, Any]) -> HttpResponse:
    keeps = policies.may_keep(request.user, session.congress)
    plans = keeps and session.state == State.PLANNED
    writes = keeps and session.state in (State.OPEN, State.CLOSED)
    live, items = keeps and session.state == State.OPEN, queries.items_of(session)
    context = {
        "session": session,
        "congress": session.congress,
        "keeps": keeps,
        "plans": plans,
        "live": live,
        "hall": queries.hall_of(session),
        "items": items,
        "presidium": queries.presidium_of(session),
        "has_resolutions": queries.has_resolutions(session),
        "speakers": queries.speakers_of(session),
        "motions": queries.motions_of(session),
        "item_form": ItemForm() if plans else None,
        "ballots": [(row, queries.progress_of(row), queries.holders_of(row)) for row in queries.ballots_of(session)],
        "ballot_form": BallotForm() if keeps and session.is_live and queries.secret_items(session) else None,
        "secret_items": queries.secret_items(session),
        "presidium_form": _presidium(session) if keeps and session.state in (State.PLANNED, State.CALLED) else None,
        "reason_form": ReasonForm() if keeps else None,
        "minutes_form": MinutesForm(initial={"minutes": session.minutes}) if writes else None,
        "hands_form": HandsForm(),
        "opinions_form": OpinionsForm(),
        "others_form": OthersForm(),
        "names_others": {row.pk for row in items if live and queries.may_name_others(row)},
        "challenges": kept.challenges_of(session),
        "decision_form": DecisionForm() if keeps and session.is_live else None,
        "guests": queries.guests_of(session),
        "guest_form": GuestForm() if keeps and session.state in (State.PLANNED, State.CALLED, State.OPEN) else None,
        **forms,
    }
    return page(request, "congress/session.html", context)


def _presidium(session: Session, data: Any = None) -> PresidiumForm:
    names = "\n".join(row.person.name for row in queries.presidium_of(session))
    return PresidiumForm(data, delegates=queries.delegates_of(session.congress), initial={"members": names})


@staff_required
@require_POST
def session_act(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    """What needs no item: presidium, agenda, notice, opening, the floor, closing, minutes, publication."""
    session = policies.get_session(request.user, public_id)
    if not policies.may_keep(request.user, session.congress):
        raise PermissionDenied
    by = user_of(request)
    buttons: dict[str, tuple[Callable[[], object], str]] = {
        "open": (lambda: actions.open_session(session, by=by), _("到会人数够了，会议开始。")),
        "close": (lambda: actions.close_session(session, by=by), _("会议开完了。")),
        "publish": (lambda: actions.publish_session(session, by=by), _("公布了，职工都能看到。")),
        "floor": (lambda: actions.give_floor(session, by=by), _("请下一位发言。")),
    }
    if act in buttons:
        pressed(request, *buttons[act])
        return redirect("congress:session-detail", public_id)
    name, form, verb, said = _made(request, session, act)
    if filled(form, verb):
        messages.success(request, said)
        return redirect("congress:session-detail", public_id)
    return show(request, policies.get_session(request.user, public_id), {name: form, "form": form})


def _made(request: HttpRequest, session: Session, act: str) -> Made:
    by = user_of(request)
    makers: dict[str, Callable[[], Made]] = {
        "presidium": lambda: (
            "presidium_form",
            _presidium(session, request.POST),
            lambda given: actions.name_presidium(session, given["members"], by=by),
            _("主席团定下了。"),
        ),
        "item": lambda: (
            "item_form",
            ItemForm(request.POST),
            lambda given: actions.table_item(session, names=given.pop("people"), by=by, **given),
            _("议题加上了。"),
        ),
        "call": lambda: (
            "reason_form",
            ReasonForm(request.POST),
            lambda given: actions.call_session(session, reason=given["reason"], by=by),
            _("通知和材料发给代表了。"),
        ),
        "cancel": lambda: (
            "reason_form",
            ReasonForm(request.POST),
            lambda given: actions.cancel_session(session, reason=given["reason"], by=by),
            _("这次会取消了。"),
        ),
        "ballot": lambda: (
            "ballot_form",
            BallotForm(request.POST),
            lambda given: actions.draw_ballot(session, queries.secret_items(session), by=by, **given),
            _("表决票做好了。请共管人做钥匙，发码人做投票码。"),
        ),
        "minutes": lambda: (
            "minutes_form",
            MinutesForm(request.POST),
            lambda given: actions.write_minutes(session, given["minutes"], by=by),
            _("纪要存好了。"),
        ),
        "guest": lambda: (
            "guest_form",
            GuestForm(request.POST),
            lambda given: actions.ask_guest(session, by=by, **given),
            _("列席名单加上了。"),
        ),
    }
    if act not in makers:
        raise Http404
    return makers[act]()


@staff_required
@require_POST
def item_act(request: HttpRequest, public_id: str, act: str, item: str) -> HttpResponse:
    """What is done with one point: withdraw, note, count hands, open and close a vote by name; decide a motion."""
    session = policies.get_session(request.user, public_id)
    if not policies.may_keep(request.user, session.congress):
        raise PermissionDenied
    if act == "motion":
        return _decide_motion(request, session, item)
    found = queries.item_called(session, item)
    if found is None:
        raise Http404
    by = user_of(request)
    buttons: dict[str, tuple[Callable[[], object], str]] = {
        "withdraw": (lambda: actions.withdraw_item(found, by=by), _("议题撤下了。")),
        "vote": (lambda: actions.open_named_vote(found, by=by), _("记名表决开始，代表在手机上表决。")),
        "count": (lambda: actions.close_named_vote(found, by=by), _("表决结束，结果出来了。")),
    }
    if act in buttons:
        pressed(request, *buttons[act])
        return redirect("congress:session-detail", public_id)
    return _fill_item(request, session, found, act)


def _fill_item(request: HttpRequest, session: Session, item: AgendaItem, act: str) -> HttpResponse:
    by = user_of(request)
    if act == "note":
        form: Any = OpinionsForm(request.POST)
        name, done = "opinions_form", filled(form, lambda given: actions.note_item(item, given["opinions"], by=by))
    elif act == "hands":
        form = HandsForm(request.POST)
        name, done = "hands_form", filled(form, lambda _given: actions.decide_by_hands(item, form.count, by=by))
    elif act == "others":
        form = OthersForm(request.POST)
        name = "others_form"
        done = filled(form, lambda given: actions.name_others(item, given["people"], by=by))
    else:
        raise Http404
    if done:
        messages.success(request, _("记下了。"))
        return redirect("congress:session-detail", session.public_id)
    return show(request, session, {name: form, "form": form, "item_now": item.public_id})


def _decide_motion(request: HttpRequest, session: Session, public_id: str) -> HttpResponse:
    motion = queries.motion_called(session, public_id)
    if motion is None:
        raise Http404
    form = HandsForm(request.POST)
    if filled(form, lambda _given: actions.decide_motion(motion, form.count, by=user_of(request))):
        messages.success(request, _("记下了。"))
        return redirect("congress:session-detail", session.public_id)
    return show(request, session, {"hands_form": form, "form": form, "item_now": public_id})


@staff_required
@require_GET
def sign_in_sheet(request: HttpRequest, public_id: str) -> HttpResponse:
    session = policies.get_session(request.user, public_id)
    words = request.GET.get("q", "").strip()
    rows = [row for row in queries.sign_in_sheet(session) if words in row.delegate.person.name]
    context = {
        "session": session,
        "congress": session.congress,
        "rows": rows,
        "guests": [row for row in queries.guests_of(session) if words in row.name],
        "words": words,
        "hall": queries.hall_of(session),
        "keeps": policies.may_keep(request.user, session.congress) and session.is_live,
    }
    return page(request, "congress/sign_in.html", context, part="rows")


@staff_required
@require_POST
def sign_in_act(request: HttpRequest, public_id: str, act: str, delegate: str) -> HttpResponse:
    """Sign a delegate in by hand, or note that they left the hall; sign a guest in, or take one off the list."""
    session = policies.get_session(request.user, public_id)
    if not policies.may_keep(request.user, session.congress):
        raise PermissionDenied
    if act in ("guest-in", "guest-drop"):
        return _guest_act(request, session, act, delegate)
    found = queries.delegate_called(session.congress, delegate)
    ballot = queries.paper_ballot(session) if act in ("slip", "no-slip") else None
    if found is None or (act not in ("in", "out") and ballot is None):
        raise Http404
    by = user_of(request)
    if ballot is not None:
        verb = actions.give_slip if act == "slip" else actions.take_slip_back
        said = _("{name}领了纸票。") if act == "slip" else _("{name}的纸票收回了。")
        pressed(request, lambda: verb(ballot, found, by=by), said.format(name=found))
        return redirect("congress:sign-in-sheet", public_id)
    if act == "in":
        pressed(request, lambda: actions.check_in(session, found, by=by), _("{name}签到了。").format(name=found))
    else:
        pressed(request, lambda: actions.leave_hall(session, found, by=by), _("{name}离场了。").format(name=found))
    return redirect("congress:sign-in-sheet", public_id)


def _guest_act(request: HttpRequest, session: Session, act: str, public_id: str) -> HttpResponse:
    guest = queries.guest_called(session, public_id)
    if guest is None:
        raise Http404
    by = user_of(request)
    if act == "guest-in":
        pressed(request, lambda: actions.sign_guest_in(guest, by=by), _("{name}签到了。").format(name=guest))
    else:
        pressed(request, lambda: actions.drop_guest(guest, by=by), _("从名单上去掉了。"))
    return redirect("congress:sign-in-sheet", session.public_id)


@staff_required
@require_GET
def hall_screen(request: HttpRequest, public_id: str) -> HttpResponse:
    """For the projector: read from the last row, renewed every few seconds."""
    session = policies.get_session(request.user, public_id)
    way = reverse("congress:check-in", args=[session.public_id, session.code])
    speakers = queries.speakers_of(session)
    item, items = queries.current_item(session), queries.items_of(session)
    context = {
        "session": session,
        "congress": session.congress,
        "hall": queries.hall_of(session),
        "item": item,
        # On the same voting paper as the item that stands large.
        "together": [row for row in items if row.state == AgendaItem.State.VOTING and row != item],
        "named": queries.named_count(item) if item and item.method == AgendaItem.Method.NAMED else 0,
        "speaker": next((row for row in speakers if row.began_at), None),
        "waiting": [row for row in speakers if row.began_at is None][:4],
        "agenda": items if session.state == State.CALLED else [],
        "decided": [row for row in items if row.is_decided][-3:],
        "ballots": [
            (row, queries.progress_of(row), _way_to_vote(request, row))
            for row in queries.ballots_of(session)
            if row.is_live
        ],
        "qr": drawn(request.build_absolute_uri(way), _("签到二维码；扫不了就在手机上填六位签到码"), "hall-qr")
        if session.is_live
        else "",
    }
    return page(request, "congress/hall.html", context, part="screen")


def _way_to_vote(request: HttpRequest, ballot: SecretBallot) -> dict[str, str]:
    """Where the cards are used, to be photographed from the hall, or typed."""
    address = request.build_absolute_uri(reverse("congress:vote", args=[ballot.election.uuid]))
    return {"address": address, "drawing": drawn(address, _("投票页二维码；扫不了就在手机上填下面的地址"), "hall-qr")}
