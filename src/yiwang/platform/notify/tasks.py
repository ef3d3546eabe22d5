import datetime as dt

from yiwang.kernel.clock import now
from yiwang.platform.jobs import app
from yiwang.platform.notify import actions

KEPT_FOR = dt.timedelta(days=365)


@app.periodic(cron="* * * * * */10")
@app.task(name="notify.send_due", queueing_lock="notify.send_due", lock="notify.send_due")
def send_due(timestamp: int) -> None:
    actions.send_due(now=now())


@app.periodic(cron="40 3 * * *")
@app.task(name="notify.forget_old_messages", queueing_lock="notify.forget_old_messages")
def forget_old_messages(timestamp: int) -> None:
    actions.forget_old_messages(now=now(), patience=KEPT_FOR)
