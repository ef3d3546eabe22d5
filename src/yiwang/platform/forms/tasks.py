from yiwang.kernel.clock import today
from yiwang.platform.forms import actions
from yiwang.platform.jobs import app


@app.periodic(cron="10 4 * * *")
@app.task(name="forms.sweep_drafts", queueing_lock="forms.sweep_drafts")
def sweep_drafts(timestamp: int) -> None:
    actions.sweep_drafts(today())
