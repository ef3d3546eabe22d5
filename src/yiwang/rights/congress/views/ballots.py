"""The secret ballot's pages: desk, key holders, codes, voting, board, verifier. None asks who a voter is."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.kernel.clock import today
from yiwang.kernel.errors import DomainError
from yiwang.net.cases.actions.letters import LETTERS
from yiwang.platform.ballots.library.election import Question
from yiwang.platform.ballots.models import Election
from yiwang.platform.ui.pages import page
from yiwang.register.access.policies import staff_required
from yiwang.rights.congress import actions, policies, queries
from yiwang.rights.congress import queries_keeping as kept
from yiwang.rights.congress.forms import SlipsForm
from yiwang.rights.congress.forms_keeping import GoneForm
from yiwang.rights.congress.models import AgendaItem, KeyHolder, SecretBallot
from yiwang.rights.congress.queries_slips import slip_fields
from yiwang.rights.congress.views.acting import filled, pressed, user_of

OPTIONS = ("yes", "no", "abstain", "other", "excellent", "competent", "basic", "poor")
MOST_BYTES = 64 * 1024 * 1024


@staff_required
@require_POST
def ballot_act(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    """Cards, opening, closing, cancelling."""
    ballot = policies.get_ballot(request.user, public_id)
    if not policies.may_keep(request.user, ballot.session.congress):
        raise PermissionDenied
    by = user_of(request)
    if act == "slips":
        form = SlipsForm(request.POST, sheet=slip_fields(ballot))
        if filled(form, lambda _given: actions.note_slips(ballot, form.counts, by=by)):
            messages.success(request, _("纸票登记了，可以开箱了。"))
        for error in [text for texts in form.errors.values() for text in texts][:1]:
            messages.error(request, str(error))
        return redirect("congress:session-detail", ballot.session.public_id)
    buttons: dict[str, tuple[Callable[[], object], str]] = {
        "cards": (lambda: actions.give_out_cards(ballot, by=by), _("到会的代表都领了卡。")),
        "open": (lambda: actions.open_ballot(ballot, by=by), _("开始投票。")),
        "close": (lambda: actions.close_ballot(ballot, by=by), _("投票截止。请共管人开箱。")),
        "cancel": (lambda: actions.cancel_ballot(ballot, by=by), _("这张表决票作废了，可以重做。")),
    }
    if act not in buttons:
        raise Http404
    pressed(request, *buttons[act])
    return redirect("congress:session-detail", ballot.session.public_id)


@login_required
@require_http_methods(["GET", "POST"])
def holder(request: HttpRequest, public_id: str) -> HttpResponse:
    """A key holder: key first, after the closing their part of the opening."""
    own = policies.get_holder(request.user, public_id)
    step = queries.step_of(own)
    if request.method == "POST":
        material, by = request.POST.get("material", ""), user_of(request)
        if step == "share":
            pressed(request, lambda: actions.give_share(own, material, by=by), _("你的一份交上去了。"))
        else:
            pressed(request, lambda: actions.give_material(own, step, material, by=by), _("这一步做好了。"))
        return redirect("congress:holder", public_id)
    context = {
        "ballot": own.ballot,
        "holder": own,
        "step": step,
        "given": queries.given_for(own, step) if step else None,
        "holders": queries.holders_of(own.ballot),
        "is_threshold": bool(own.ballot.election.needed),
        **_ending(own.ballot, own),
    }
    return page(request, "congress/holder.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def codes(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who gives out the codes: made and printed in the browser, the public half comes here."""
    ballot = policies.get_codes(request.user, public_id)
    if request.method == "POST":
        given = request.POST.get("credentials", "")
        pressed(
            request,
            lambda: actions.freeze_roll(ballot, given, by=user_of(request)),
            _("名册和投票码定下了。卡封好，会上让代表自己抽。"),
        )
        return redirect("congress:codes", public_id)
    context = {
        "ballot": ballot,
        "count": queries.delegates_of(ballot.session.congress).count(),
        "may_make": ballot.election.state == Election.State.DRAFT and not ballot.roll_hash,
        "names": queries.roll_names(ballot),
        **_ending(ballot, None),
    }
    return page(request, "congress/codes.html", context)


def _ending(ballot: SecretBallot, holder: KeyHolder | None) -> dict[str, Any]:
    """When a key or the codes may be destroyed, and the record that they were."""
    destruction, free_on = kept.destruction_of(ballot, holder), kept.keys_free_on(ballot)
    may = free_on is not None and free_on <= today() and destruction is None
    return {"destruction": destruction, "free_on": free_on, "gone_form": GoneForm() if may else None}


def _paper(ballot: SecretBallot) -> list[dict[str, Any]]:
    """The questions as the archive has them, each with the paper behind it."""
    tabled = list(ballot.items.all())
    notes = {item.pk: notes_of(item) for item in tabled}
    items = [item for item in tabled for _question in actions.questions_of(item)]
    asked = [Question.read(row) for row in ballot.election.questions]
    return [
        {
            "key": f"q{number}",
            "title": question.question,
            "most": question.most,
            "kind": "checkbox" if question.most > 1 else "radio",
            "answers": [
                (value, label, notes[item.pk].get(label, ""))
                for value, label in enumerate(question.answers, 1 if question.blank else 0)
            ],
            "blank": question.blank,
            "item": item,
        }
        for number, (question, item) in enumerate(zip(asked, items, strict=True), 1)
    ]


def notes_of(item: AgendaItem) -> dict[str, str]:
    """What stands below an option: a candidate's department and post; the option in the reader's language."""
    notes = {str(row.get("name", "")): str(row.get("note", "")) for row in item.names}
    with override(LETTERS):
        printed = {queries.label_of(key): key for key in OPTIONS}
    said = {label: queries.label_of(key) for label, key in printed.items()}
    return notes | {label: words for label, words in said.items() if words != label}


@require_GET
def vote(request: HttpRequest, uuid: str) -> HttpResponse:
    """The paper, for whoever holds a card; on their own phone or the station's."""
    ballot = policies.get_announced_ballot(uuid)
    context = {
        "ballot": ballot,
        "election": ballot.election,
        "session": ballot.session,
        "is_open": ballot.election.state == Election.State.OPEN,
        "paper": _paper(ballot),
        "hall": queries.hall_of(ballot.session),
        "holders": queries.holders_of(ballot),
    }
    return page(request, "congress/vote.html", context)


@require_GET
def board(request: HttpRequest, uuid: str) -> HttpResponse:
    """Everything that is public: wording, roll's hash, ballots by number, result."""
    return _board(request, policies.get_public_ballot(uuid), {})


def _board(request: HttpRequest, ballot: SecretBallot, more: dict[str, Any]) -> HttpResponse:
    words = request.GET.get("q", "").strip().upper()
    rows, refused = queries.tracked_ballots(ballot.election), queries.refused_codes(ballot.election)
    context = {
        "ballot": ballot,
        "election": ballot.election,
        "session": ballot.session,
        "progress": queries.progress_of(ballot),
        "items": ballot.items.order_by("place"),
        "rows": [row for row in rows if words in row.code],
        "on_board": len(rows),
        "refused": refused,
        "is_refused": bool(words) and any(words in code for code in refused),
        "words": words,
        "holders": queries.holders_of(ballot),
        "at_result": queries.told_with_result(ballot.election),
        **more,
    }
    return page(request, "congress/board.html", context)


@require_POST
def verify_archive(request: HttpRequest, uuid: str) -> HttpResponse:
    """Judge the archive of the board, or a file somebody brings, from its bytes alone."""
    ballot = policies.get_public_ballot(uuid)
    given = request.FILES.get("archive")
    if isinstance(given, UploadedFile) and (given.size or 0) > MOST_BYTES:
        messages.error(request, _("文件太大了，不是这次投票的档案。"))
        return redirect("congress:board", uuid)
    raw = given.read() if isinstance(given, UploadedFile) else None
    try:
        report, problem = queries.judged(ballot.election, raw), ""
    except DomainError as refusal:
        report, problem = None, str(refusal)
    return _board(request, ballot, {"report": report, "problem": problem, "is_file": raw is not None, "judged": True})
