from django.contrib.auth import get_user_model
from django.urls import reverse

from yiwang.platform.jobs.models import JobRun
from yiwang.platform.notify.actions import send


def tell_who_started(*, job_id: int, state: str) -> None:
    """Long work ended: its starter may have gone elsewhere. Safe to run twice."""
    run = JobRun.objects.filter(pk=job_id).first()
    if run is None or run.started_by_id is None:
        return
    starter = get_user_model()._default_manager.filter(pk=run.started_by_id).first()
    if starter is None:
        return
    context: dict[str, str | int] = {"title": run.title, "state": state, "done": run.done, "failed": run.failed}
    went_well = state == JobRun.State.DONE and run.link
    link = run.link if went_well else reverse("jobs:run-detail", args=[run.public_id])
    send("job_ended", to=starter, context=context, link=link, key=f"job_ended:{job_id}")
