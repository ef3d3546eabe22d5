from yiwang.platform.jobs.actions import start_job
from yiwang.platform.jobs.models import JobRun
from yiwang.platform.jobs.registry import LONG_JOBS
from yiwang.register.accounts.models import User

PHONES = iter(range(13900000000, 14000000000))


def make_user(name: str = "沈佳") -> User:
    return User.objects.create(phone=str(next(PHONES)), name=name)


def start(work, *, by=None, **more) -> JobRun:
    """A queued run of ``work``, which is registered for this test only: use the ``registered`` fixture."""
    name = f"test.{work.__name__}"
    LONG_JOBS[name] = work
    return start_job(name, more.pop("params", {}), by=by, title="导入会员名册", **more)
