from yiwang.platform.ballots.actions import release_ballots
from yiwang.platform.ballots.queries import open_elections
from yiwang.platform.jobs import app


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="ballots.release", name="ballots.release")
def release_to_boards(timestamp: int) -> None:
    for election in open_elections():
        release_ballots(election)
