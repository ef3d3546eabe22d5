from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from yiwang.platform.journal import actions

# 3 s, 9 s, 27 s … for about three days: long enough for a bug to be mended while the fact still waits.
PATIENCE = RetryStrategy(max_attempts=11, exponential_wait=3)


@app.task(name=actions.DELIVERY, retry=PATIENCE)
def deliver(entry_id: int, handler: str) -> None:
    actions.deliver(entry_id, handler)


@app.periodic(cron="* * * * * */10")
@app.task(name="journal.seal", queueing_lock="journal.seal")
def seal(timestamp: int) -> None:
    while actions.seal_batch() == actions.SEALED_AT_ONCE:
        pass
