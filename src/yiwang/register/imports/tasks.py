import datetime as dt

from yiwang.kernel.clock import now
from yiwang.platform.jobs import app, long_job
from yiwang.platform.jobs.models import JobRun
from yiwang.register.imports import actions
from yiwang.register.imports.queries import is_of_bodies

KEPT_FOR = dt.timedelta(days=60)  # beyond the days in which an import can be undone


@long_job("imports.stage")
def stage(run: JobRun) -> None:
    from yiwang.register.imports.actions.bodies import stage_bodies  # noqa: PLC0415 -- slow import
    from yiwang.register.imports.actions.stage import stage_rows  # noqa: PLC0415 -- slow import

    (stage_bodies if is_of_bodies(run.params["batch"]) else stage_rows)(run)


@long_job("imports.apply")
def apply(run: JobRun) -> None:
    from yiwang.register.imports.actions.apply import apply_rows  # noqa: PLC0415 -- slow import
    from yiwang.register.imports.actions.bodies import apply_bodies  # noqa: PLC0415 -- slow import

    (apply_bodies if is_of_bodies(run.params["batch"]) else apply_rows)(run)


@long_job("imports.index")
def index(run: JobRun) -> None:
    from yiwang.register.imports.actions.apply import index_rows  # noqa: PLC0415 -- slow import

    index_rows(run)


@long_job("imports.undo")
def undo(run: JobRun) -> None:
    from yiwang.register.imports.actions.bodies import undo_bodies  # noqa: PLC0415 -- slow import
    from yiwang.register.imports.actions.undo import undo_rows  # noqa: PLC0415 -- slow import

    (undo_bodies if is_of_bodies(run.params["batch"]) else undo_rows)(run)


@app.periodic(cron="50 3 * * *")
@app.task(name="imports.forget_rows", queueing_lock="imports.forget_rows")
def forget_rows(timestamp: int) -> None:
    actions.forget_rows(now=now(), patience=KEPT_FOR)
