"""Periodic entry points and long jobs."""

from django.db import transaction
from django.utils.translation import override

from yiwang.kernel.clock import today
from yiwang.platform.jobs import app
from yiwang.platform.jobs.actions import advance, set_total
from yiwang.platform.jobs.models import JobRun
from yiwang.platform.jobs.registry import long_job
from yiwang.register.members import actions
from yiwang.register.members.models import Release
from yiwang.register.members.queries import release_by_id
from yiwang.register.members.releases import gather


@app.periodic(cron="10 3 * * *")
@app.task(queueing_lock="members.find_pairs", name="members.find_pairs")
def look_for_pairs(timestamp: int) -> None:
    """Every night: records that may be one person go on the worklist."""
    actions.find_pairs()


@long_job(actions.RELEASE)
def make_release(run: JobRun) -> None:
    """In one transaction: a worker killed on the way leaves no half file, and no look without a file."""
    release = release_by_id(run.params["release"])
    if release.state != Release.State.APPROVED:
        return
    with override(run.params["language"]), transaction.atomic():
        found = gather(release)
        actions.refuse_size(len(found.person_ids))
        actions.make_released_file(release, found.labels, found.rows, person_ids=found.person_ids)
        set_total(run, len(found.person_ids))
        advance(run, done=len(found.person_ids))


@app.periodic(cron="20 3 * * *")
@app.task(queueing_lock="members.expire_releases", name="members.expire_releases")
def expire_releases(timestamp: int) -> None:
    """Every night: lists with full numbers whose last day is over are deleted."""
    actions.expire_releases(on=today())
