from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from yiwang.kernel.clock import now
from yiwang.kernel.errors import DomainError
from yiwang.platform.jobs.actions import cancel_job
from yiwang.platform.jobs.policies import get_run, visible_to
from yiwang.platform.jobs.queries import failures_csv, progress_of

SHOWN = 50


@login_required
@require_GET
def run_list(request: HttpRequest) -> HttpResponse:
    runs = visible_to(request.user).order_by("-id")[:SHOWN]
    return render(request, "jobs/run_list.html", {"runs": runs})


@login_required
@require_GET
def run_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """The page of a run; while it runs, the page asks for itself every two seconds."""
    run = get_run(request.user, public_id)
    shown = progress_of(run, now=now(), failures_url=reverse("jobs:run-failures", args=[public_id]))
    response = render(request, "jobs/run.html", {"run": run, "progress": shown})
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_GET
def run_failures(request: HttpRequest, public_id: str) -> StreamingHttpResponse:
    run = get_run(request.user, public_id)
    response = StreamingHttpResponse(failures_csv(run), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{public_id}.csv"'
    return response


@login_required
@require_POST
def run_cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    run = get_run(request.user, public_id)
    try:
        cancel_job(run, by=request.user)  # type: ignore[arg-type]  # login_required: never anonymous
    except DomainError as refusal:
        messages.info(request, str(refusal))
    return redirect("jobs:run-detail", public_id)
