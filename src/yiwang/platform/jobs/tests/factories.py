from django.contrib.auth import get_user_model

from yiwang.platform.jobs.actions import start_job
from yiwang.platform.jobs.models import JobRun
from yiwang.platform.jobs.registry import LONG_JOBS

User = get_user_model()

PHONES = iter(range(13900000000, 14000000000))


def make_user(name: str = "沈佳") -> User:
    return User.objects.create(phone=str(next(PHONES)), name=name)


def start(work, *, by=None, **more) -> JobRun:
    """A queued run of ``work``, which conftest forgets after the test."""
    name = f"test.{work.__name__}"
    LONG_JOBS[name] = work
    return start_job(name, more.pop("params", {}), by=by, title="导入会员名册", **more)
