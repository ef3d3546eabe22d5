"""The workbench: queues, search, many at once, intake, hand-over of a leaving officer's cases."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from yiwang.kernel import clock
from yiwang.net.cases import policies
from yiwang.net.cases.actions import give_all_to, note_export, open_intake
from yiwang.net.cases.forms import HandOverAllForm, IntakeForm
from yiwang.net.cases.models import CaseQuerySet
from yiwang.net.cases.queries import workbench
from yiwang.net.cases.views.common import posted, signed_in
from yiwang.net.cases.views.many import MOVES, report_of
from yiwang.net.cases.views.tables import BUCKETS, FoundTable, QueueTable, with_rows
from yiwang.platform.ui.formats import percent_text
from yiwang.platform.ui.pages import page
from yiwang.platform.ui.parts import StripCell
from yiwang.platform.ui.tables import Table, table_page
from yiwang.register.access.policies import capability_required
from yiwang.register.accounts.models import User

HEAPS: tuple[policies.Which, ...] = ("mine", "office", "subtree")
CLOCKS = {"over": "over", "today": "today", "soon": "soon", "ample": "run", "waiting": "paused"}


@capability_required("cases.view")
@require_safe
def queue(request: HttpRequest) -> HttpResponseBase:
    """The heap of cases that wait, by the clock. What is shown follows from the address alone."""
    user = signed_in(request)
    now, offices = clock.now(), policies.offices_of(user)
    counts, whole = workbench.standing(policies.listed(user), user_id=user.pk, offices=offices, now=now)
    policies.remember_on_desk(user, counts.mine)
    which = _which(request, counts)
    heap = policies.queue_of(user, which)
    cases = heap.open()
    figures = whole if which == "subtree" else workbench.strip(cases, now)
    table = QueueTable(request, with_rows(cases))
    context = {
        "which": which,
        "heaps": [(heap, label, getattr(counts, heap)) for heap, label in _heap_labels()],
        "cells": [*_cells(table, figures), _on_time(heap)],
        "may_take_in": policies.may_take_in(user),
        "now": now,
    }
    response = table_page(request, "cases/queue.html", table, context, on_export=lambda table: _journal(table, user))
    # Marks this browser as a desk: ratings are not taken from it (evaluation.views).
    response.set_signed_cookie("yw_desk", "1", max_age=31_536_000, httponly=True, samesite="Lax")
    return response


def _which(request: HttpRequest, counts: workbench.Heaps) -> policies.Which:
    """The heap asked for; without a wish the first one that is not empty."""
    wished = request.GET.get("heap", "")
    for heap in HEAPS:
        if wished == heap or (not wished and getattr(counts, heap)):
            return heap
    return "mine"


def _heap_labels() -> list[tuple[policies.Which, str]]:
    return [("mine", pgettext("queue", "我的")), ("office", pgettext("queue", "本单位")), ("subtree", _("全辖区"))]


def _cells(table: QueueTable, figures: workbench.Strip) -> list[StripCell]:
    wished = table.given.get("due", "")
    if not table.given.keys() - {"due"}:
        # The strip has just counted the very rows that the table shows.
        table.total = getattr(figures, wished) if wished else figures.all
    return [
        StripCell(
            number=str(getattr(figures, key)),
            label=str(label),
            url=table.url(due=None if wished == key else key),
            is_on=wished == key,
            clock=CLOCKS[key],  # type: ignore[arg-type]  # the keys of the strip are clock states
        )
        for key, label in BUCKETS
    ]


def _on_time(heap: CaseQuerySet) -> StripCell:
    """This month's share of decisions that were on time; a dash while there is none."""
    on_time, decided = workbench.on_time_share(heap, now=clock.now())
    words = _("{n}件里{on_time}件").format(n=decided, on_time=on_time) if decided else _("还没有作过决定")
    return StripCell(number=percent_text(on_time / decided if decided else None), label=_("本月按时办结"), delta=words)


def _journal(table: Table, user: User) -> None:
    note_export(table.name, rows=table.total, by=user)


@capability_required("cases.view")
@require_safe
def search(request: HttpRequest) -> HttpResponseBase:
    """Every case within reach, ended ones too."""
    user = signed_in(request)
    table = FoundTable(request, with_rows(policies.listed(user)))
    return table_page(request, "cases/search.html", table, on_export=lambda table: _journal(table, user))


@capability_required("cases.view")
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Many cases, one move: its words first where it needs some, then a report with a line for each case."""
    move = MOVES.get(request.POST.get("move", ""))
    numbers = list(dict.fromkeys(request.POST.getlist("row")))[:200]
    if move is None:
        raise Http404
    if not numbers:
        messages.warning(request, _("还没有勾选。先勾选，再点要做的事。"))
        return redirect("cases:queue")
    user = signed_in(request)
    is_second = "confirmed" in request.POST
    form = move.make(request.POST if is_second else None, user)
    if not is_second or not form.is_valid():
        context = {"move": move, "numbers": numbers, "form": form}
        return page(request, "cases/bulk.html", context)
    rows = report_of(move, numbers, form, user)
    done = sum(row.done for row in rows)
    context = {"move": move, "rows": rows, "done": done, "failed": len(rows) - done}
    return page(request, "cases/bulk_report.html", context)


@capability_required("cases.supervise")
def hand_over_all(request: HttpRequest) -> HttpResponse:
    """All open cases of a leaving officer to a successor (离任移交), with a line for each."""
    user = signed_in(request)
    officers = policies.officers_under(user)
    form = HandOverAllForm(posted(request), officers=[(o.public_id, o.name) for o in officers])
    if request.method == "POST" and form.is_valid():
        by_id = {officer.public_id: officer for officer in officers}
        rows = give_all_to(
            by_id[form.cleaned_data["leaving"]],
            successor=by_id[form.cleaned_data["successor"]],
            by=user,
            reason=form.cleaned_data["reason"],
        )
        done = sum(row.done for row in rows)
        context = {"rows": rows, "done": done, "failed": len(rows) - done, "move": None}
        return page(request, "cases/bulk_report.html", context)
    return page(request, "cases/hand_over.html", {"form": form, "back": reverse("cases:queue")})


@capability_required("cases.supervise")
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """Decisions that applicants asked this office to look at again. Index: review_open_by_office."""
    found = policies.reviews_of(signed_in(request))
    return page(request, "cases/reviews.html", {"reviews": found})


@capability_required("cases.intake")
def intake(request: HttpRequest) -> HttpResponse:
    """Somebody called or came: who, how, and for what. The questions of the service follow."""
    user = signed_in(request)
    services = [(v.service.code, f"{v.service.code} {v.name}") for v in policies.services_for(user)]
    form = IntakeForm(posted(request), services=services, initial={"channel": "phone"})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        version = policies.may_be_asked_for(user, data["service"])
        drafting = open_intake(user, version, channel=data["channel"], name=data["name"], phone=data["phone"])
        first = drafting.draft.form.steps[0].key
        return redirect("cases:apply-step", draft=drafting.draft.public_id, step=first)
    return page(request, "cases/intake.html", {"form": form, "back": reverse("cases:queue")})
