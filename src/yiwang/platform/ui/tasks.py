"""A long list becomes a file without holding a request."""

from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import override

from yiwang.kernel.clock import today
from yiwang.platform.jobs import app
from yiwang.platform.jobs.actions import set_total
from yiwang.platform.jobs.models import JobRun
from yiwang.platform.jobs.registry import long_job
from yiwang.platform.ui import actions
from yiwang.platform.ui.errors import ListGone
from yiwang.platform.ui.tables.exports import CHUNK
from yiwang.platform.ui.tables.opening import open_table
from yiwang.platform.ui.tables.table import Table


@long_job(actions.EXPORT)
def export(run: JobRun) -> None:
    """Row by row in the order of the list, in batches; killed at any moment it goes on after the last one."""
    user = get_user_model()._default_manager.filter(pk=run.started_by_id or 0, is_active=True).first()
    if user is None:
        raise ListGone
    with override(run.params["language"]):
        table = open_table(run.params["path"], user=user, columns=run.params["columns"])
        if run.total is None:
            set_total(run, table.narrowed.order_by().count())
        _write_parts(run, table)
        name = f"{table.label or table.name}-{today():%Y-%m-%d}.{run.params['kind']}"
        actions.finish_export(run, [str(column.label) for column in table.shown_columns], name=name, by=user)


def _write_parts(run: JobRun, table: Table) -> None:
    cursor: dict[str, Any] = run.cursor or {"number": 0, "after": None}
    while cursor is not None:
        found = table.rows_after(cursor["after"], CHUNK)
        if not found:
            return
        records = [[column.plain(row) for column in table.shown_columns] for row in found]
        number = cursor["number"]
        cursor = {"number": number + 1, "after": table.place_of(found[-1])}
        actions.add_part(run, number, records, cursor=cursor)


@app.periodic(cron="15 3 * * *")
@app.task(name="ui.sweep_parts", queueing_lock="ui.sweep_parts")
def sweep_parts(timestamp: int) -> None:
    actions.sweep_parts()
