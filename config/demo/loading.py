"""How a demo loads much at once: two processes side by side, the costly indexes built when the rows are there."""

import contextlib
import os
import sys
import traceback
from collections.abc import Callable, Iterator

from django.db import connection, connections
from django.db.models import BaseConstraint, Index, Model

from yiwang.platform.text.models import SearchEntry
from yiwang.register.members.models import Membership, MembershipSpan, Person

MEMORY = "512MB"  # for each index that is built anew
LARGE: tuple[type[Model], ...] = (SearchEntry, Person, Membership, MembershipSpan)
Part = tuple[type[Model], Index | BaseConstraint]


@contextlib.contextmanager
def beside(work: Callable[[], None]) -> Iterator[None]:
    """Do ``work`` in a process of its own while the block runs; both have to end well."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        except BaseException:  # the child ends here whatever happened, and says what
            traceback.print_exc()
        finally:
            connections.close_all()
            sys.stderr.flush()
            os._exit(status)
    try:
        yield
    finally:
        _, ended = os.waitpid(child, 0)
    if ended != 0:
        raise SystemExit("yiwang: a part of the demo could not be written; see the lines above.")


@contextlib.contextmanager
def lightly_indexed() -> Iterator[None]:
    """Without the indexes that cost most for each row, which come back at the end, also those an earlier try left off.

    What keeps memberships one at a time stays, but for the exclusion of spans, which is proved anew.
    """
    for model, part in _costly():
        if part.name in _standing():
            with connection.schema_editor() as editor:
                drop = editor.remove_index if isinstance(part, Index) else editor.remove_constraint
                drop(model, part)  # type: ignore[arg-type]  # of the kind just asked for
    yield
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('maintenance_work_mem', %s, false)", [MEMORY])
    for model, part in _costly():
        if part.name not in _standing():
            with connection.schema_editor() as editor:
                add = editor.add_index if isinstance(part, Index) else editor.add_constraint
                add(model, part)  # type: ignore[arg-type]  # of the kind just asked for
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _costly() -> list[Part]:
    """Indexes of words, of scopes and of names, and the exclusion constraint."""
    found: list[Part] = []
    for model in LARGE:
        found += [(model, index) for index in model._meta.indexes]
        found += [(model, one) for one in model._meta.constraints if type(one).__name__ == "ExclusionConstraint"]
    return found


def _standing() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()")
        return {name for (name,) in cursor.fetchall()}
