from procrastinate.contrib.django import app

from yiwang.kernel.clock import today
from yiwang.register.access import actions


@app.periodic(cron="5 * * * *")
@app.task(name="access.end_expired", queueing_lock="access.end_expired")
def end_expired(timestamp: int) -> None:
    actions.end_expired_appointments(on=today())
    actions.end_expired_mandates(on=today())
