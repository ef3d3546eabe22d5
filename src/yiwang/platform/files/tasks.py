from yiwang.kernel.clock import now, today
from yiwang.platform.files import actions
from yiwang.platform.jobs import app


@app.periodic(cron="* * * * *")
@app.task(name="files.scan_waiting", queueing_lock="files.scan_waiting", lock="files.scan_waiting")
def scan_waiting(timestamp: int) -> None:
    actions.scan_waiting()


@app.periodic(cron="20 4 * * *")
@app.task(name="files.sweep_expired", queueing_lock="files.sweep_expired")
def sweep_expired(timestamp: int) -> None:
    actions.sweep_expired(today())


@app.periodic(cron="40 4 * * *")
@app.task(name="files.sweep_orphans", queueing_lock="files.sweep_orphans")
def sweep_orphans(timestamp: int) -> None:
    actions.sweep_orphans(now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="files.sweep_held", queueing_lock="files.sweep_held")
def sweep_held(timestamp: int) -> None:
    actions.sweep_held(now())
