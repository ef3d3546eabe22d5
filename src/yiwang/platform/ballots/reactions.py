import contextlib

from yiwang.platform.ballots.errors import BeingJudged
from yiwang.platform.ballots.queries import archive_of, verdict_of


def judge_published_archive(election_id: int, **rest: object) -> None:
    """As soon as a result is there the whole archive is judged once, so that whoever asks is told at once.

    An archive that is not sound fails here, loudly; the page says why to everybody who asks.
    """
    with contextlib.suppress(BeingJudged):
        verdict_of(archive_of(election_id))
