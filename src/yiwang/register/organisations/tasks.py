"""Long jobs of the tree."""

from yiwang.platform.jobs.models import JobRun
from yiwang.platform.jobs.registry import long_job
from yiwang.register.organisations.actions.tree import WORDS, index_words


@long_job(WORDS)
def write_words(run: JobRun) -> None:
    index_words(run)
