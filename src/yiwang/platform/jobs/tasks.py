import datetime as dt

from procrastinate import JobContext, RetryStrategy
from procrastinate.exceptions import JobAborted

from yiwang.kernel.clock import now
from yiwang.platform.jobs import actions, app
from yiwang.platform.jobs.errors import Interrupted

# Workers beat every 5 s (PROCRASTINATE_WORKER_DEFAULTS); four missed beats mean that one is dead.
DEAD_AFTER = dt.timedelta(seconds=20)
KEPT_FOR = dt.timedelta(days=90)


# Tries without end: actions.PATIENCE decides when a run has failed, and only for runs that don't move.
@app.task(name=actions.TASK, pass_context=True, retry=RetryStrategy(wait=10))
def run_long_job(context: JobContext, run_id: int) -> None:
    try:
        actions.run_long_job(run_id, is_interrupted=context.should_abort)
    except Interrupted as interruption:
        raise JobAborted from interruption


@app.periodic(cron="* * * * * */10")
@app.task(name="jobs.requeue_stalled", queueing_lock="jobs.requeue_stalled")
def requeue_stalled(timestamp: int) -> None:
    actions.requeue_stalled(now=now(), patience=DEAD_AFTER)


@app.periodic(cron="20 3 * * *")
@app.task(name="jobs.forget_old_runs", queueing_lock="jobs.forget_old_runs")
def forget_old_runs(timestamp: int) -> None:
    actions.forget_old_runs(now=now(), patience=KEPT_FOR)
