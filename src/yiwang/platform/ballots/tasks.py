from yiwang.platform.ballots.actions import judge_box, release_ballots
from yiwang.platform.ballots.queries import open_elections
from yiwang.platform.jobs import app


# Whether or not somebody votes: what this leaves behind tells no time of any ballot.
@app.periodic(cron="* * * * * */5")
@app.task(queueing_lock="ballots.judge", name="ballots.judge")
def judge_boxes(timestamp: int) -> None:
    for election in open_elections():
        judge_box(election)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="ballots.release", name="ballots.release")
def release_to_boards(timestamp: int) -> None:
    for election in open_elections():
        release_ballots(election)
