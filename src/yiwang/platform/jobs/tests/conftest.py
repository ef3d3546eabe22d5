import pytest

from yiwang.platform.jobs.registry import LONG_JOBS


@pytest.fixture(autouse=True)
def _no_job_outlives_its_test():
    before = dict(LONG_JOBS)
    yield
    LONG_JOBS.clear()
    LONG_JOBS.update(before)
