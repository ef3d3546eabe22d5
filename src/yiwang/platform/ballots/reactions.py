import contextlib

from yiwang.platform.ballots.errors import BeingJudged
from yiwang.platform.ballots.models import Election
from yiwang.platform.ballots.queries import archive_bytes, judge_result, verdict_of


def judge_published_archive(election_id: int, **rest: object) -> None:
    """As soon as a result is there it is judged for whoever waits, and then the whole archive once, every proof anew,
    so that whoever asks for that is told at once.

    An archive that is not sound fails here, loudly; the page says why to everybody who asks.
    """
    election = Election.objects.defer("credentials").get(pk=election_id)
    with contextlib.suppress(BeingJudged):
        judge_result(election)
        verdict_of(archive_bytes(election))
