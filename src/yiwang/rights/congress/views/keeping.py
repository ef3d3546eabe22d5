"""Around the vote: the roll and objections to it, reports to the union above, the end of keys, recalls."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.platform.ui.pages import page
from yiwang.register.access.policies import staff_required
from yiwang.rights.congress import actions, papers, policies, queries
from yiwang.rights.congress import queries_keeping as kept
from yiwang.rights.congress.forms_keeping import (
    ChallengeForm,
    DecisionForm,
    GoneForm,
    RecallForm,
    ReceiveForm,
    ReportForm,
)
from yiwang.rights.congress.models import Congress, KeyHolder, Report, SecretBallot
from yiwang.rights.congress.queries_consulting import planned_session
from yiwang.rights.congress.queries_following import director_called
from yiwang.rights.congress.views.acting import filled, pressed, user_of
from yiwang.rights.congress.views.following import show_resolutions
from yiwang.rights.congress.views.papers import answer
from yiwang.rights.congress.views.sessions import show


@login_required
@require_http_methods(["GET", "POST"])
def own_roll(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who may vote, for everybody the congress speaks for; and what is wrong with it."""
    session = policies.get_own_session(request.user, public_id)
    delegates = list(queries.delegates_of(session.congress))
    contested = session.is_live and not kept.roll_is_settled(session)
    form = ChallengeForm(request.POST or None) if contested else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if filled(form, lambda given: actions.challenge_roll(session, by=user_of(request), **given)):
            messages.success(request, _("异议提上去了，决定了告诉你。"))
            return redirect("congress:own-roll", public_id)
    context = {
        "session": session,
        "congress": session.congress,
        "delegates": delegates,
        "roll_hash": kept.roll_hash_of(delegates),
        "until": kept.roll_contestable_until(session),
        "form": form,
        "challenges": kept.own_challenges(session, user_of(request)),
    }
    return page(request, "congress/own_roll.html", context)


@staff_required
@require_POST
def challenge_decide(request: HttpRequest, public_id: str, challenge: str) -> HttpResponse:
    session = policies.get_session(request.user, public_id)
    if not policies.may_keep(request.user, session.congress):
        raise PermissionDenied
    found = kept.challenge_called(session, challenge)
    if found is None:
        raise Http404
    form = DecisionForm(request.POST)
    done = filled(
        form,
        lambda given: actions.decide_challenge(found, given["to"], decision=given["decision"], by=user_of(request)),
    )
    if done:
        messages.success(request, _("决定了，提的人会看到。"))
        return redirect("congress:session-detail", public_id)
    return show(request, session, {"decision_form": form, "form": form, "challenge_now": challenge})


def _report(request: HttpRequest, public_id: str, report: str) -> tuple[Congress, Report]:
    congress = policies.get_congress(request.user, public_id)
    found = kept.report_called(congress, report)
    if found is None:
        raise Http404
    return congress, found


@staff_required
@require_http_methods(["GET", "POST"])
def report_detail(request: HttpRequest, public_id: str, report: str) -> HttpResponse:
    """Its keeper sends it, the union above says that it came."""
    congress, found = _report(request, public_id, report)
    by, form = user_of(request), _report_form(request, congress, found)
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if isinstance(form, ReportForm):
            done = filled(form, lambda given: actions.send_report(found, note=given["note"], by=by))
        else:
            done = filled(form, lambda given: actions.receive_report(found, remark=given["remark"], by=by))
        if done:
            messages.success(request, _("上报了。") if found.state == Report.State.SENT else _("收到了，记下了。"))
            return redirect("congress:report-detail", public_id, report)
    context = {
        "congress": congress,
        "report": found,
        "facts": papers.facts_of_report(found),
        "form": form,
        "is_late": kept.is_late(found),
    }
    return page(request, "congress/report.html", context)


def _report_form(request: HttpRequest, congress: Congress, report: Report) -> Any:
    if report.state == Report.State.DUE and policies.may_keep(request.user, congress):
        return ReportForm(request.POST or None)
    if report.state == Report.State.SENT and policies.may_oversee(request.user, congress):
        return ReceiveForm(request.POST or None)
    return None


@staff_required
@require_GET
def report_paper(request: HttpRequest, public_id: str, report: str, form: str) -> HttpResponse:
    """The report as Word or PDF."""
    _congress, found = _report(request, public_id, report)
    if form not in ("pdf", "docx"):
        raise Http404
    paper = papers.report_paper(found)
    return answer(paper.pdf if form == "pdf" else paper.docx, form, f"congress-report-{found.public_id}")


@login_required
@require_POST
def gone(request: HttpRequest, public_id: str, what: str) -> HttpResponse:
    """A key, or the codes, no longer exist: told by whose they were."""
    holder: KeyHolder | None = None
    if what == "key":
        holder = policies.get_holder(request.user, public_id)
        ballot: SecretBallot = holder.ballot
    elif what == "codes":
        ballot = policies.get_codes(request.user, public_id)
    else:
        raise Http404
    form, by = GoneForm(request.POST), user_of(request)
    if holder is not None:
        owner = holder
        done = filled(form, lambda given: actions.destroy_key(owner, by=by, **given))
    else:
        done = filled(form, lambda given: actions.destroy_codes(ballot, by=by, **given))
    if done:
        messages.success(request, _("销毁记下了，写进证据包。"))
    for text in [text for texts in form.errors.values() for text in texts][:1]:
        messages.error(request, str(text))
    return redirect("congress:holder" if holder else "congress:codes", public_id)


@staff_required
@require_POST
def recall_new(request: HttpRequest, public_id: str, director: str) -> HttpResponse:
    congress = _kept(request, public_id)
    found = director_called(congress, director)
    if found is None:
        raise Http404
    form = RecallForm(request.POST)
    if filled(form, lambda given: actions.ask_recall(found, by=user_of(request), **given)):
        messages.success(request, _("罢免案记下了。接着列入下一次会议的议程。"))
        return redirect("congress:resolution-list", public_id)
    return show_resolutions(request, congress, {"recall_form": form, "form": form, "director_now": director})


@staff_required
@require_POST
def recall_table(request: HttpRequest, public_id: str, recall: str) -> HttpResponse:
    congress = _kept(request, public_id)
    found = kept.recall_called(congress, recall)
    if found is None:
        raise Http404
    session = planned_session(congress)
    pressed(
        request, lambda: actions.table_recall(found, session, by=user_of(request)), _("列入议程了，由代表无记名表决。")
    )
    return redirect("congress:resolution-list", public_id)


def _kept(request: HttpRequest, public_id: str) -> Congress:
    congress = policies.get_congress(request.user, public_id)
    if not policies.may_keep(request.user, congress):
        raise PermissionDenied
    return congress
