"""A race that is no luck: one connection holds what the other needs, and the test goes on once that one waits."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

from django.db import connection

T = TypeVar("T")

WAITS_FOR_US = (
    "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
)


def beside(work: Callable[[], T]) -> "Future[T]":
    """``work`` on a connection of its own. Comes back when it is over or waits for a lock of this connection.

    Call it inside the transaction that ``work`` is to run into; ask for the result after its end.
    """

    def run() -> T:
        try:
            return work()
        finally:
            connection.close()

    pool = ThreadPoolExecutor(max_workers=1)
    going = pool.submit(run)
    pool.shutdown(wait=False)
    with connection.cursor() as cursor:
        while not going.done():
            cursor.execute(WAITS_FOR_US)
            if cursor.fetchone()[0]:
                break
            wait([going], timeout=0.02)
    return going
