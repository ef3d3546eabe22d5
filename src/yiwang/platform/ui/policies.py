from typing import Any

from yiwang.platform.jobs.policies import visible_to


def may_open_export(user: Any, run_id: int) -> bool:
    """Who asked for the file, and nobody else."""
    return user.pk is not None and visible_to(user).filter(pk=run_id, started_by_id=user.pk).exists()
