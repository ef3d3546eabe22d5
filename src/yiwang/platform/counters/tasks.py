from yiwang.platform.counters.actions import fold, recount
from yiwang.platform.jobs import app


@app.periodic(cron="* * * * * */10")
@app.task(queueing_lock="counters.fold", name="counters.fold")
def fold_deltas(timestamp: int) -> None:
    fold()


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="counters.recount", name="counters.recount")
def recount_nightly(timestamp: int) -> None:
    recount()
