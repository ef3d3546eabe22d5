"""Appending deltas, folding them, moving a subtree's figures, and proving every figure by a recount."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from yiwang.kernel.clock import today
from yiwang.kernel.ltree import prefixes_of
from yiwang.platform.counters.events import CounterRepaired
from yiwang.platform.counters.models import Delta, Node
from yiwang.platform.counters.registry import recount_sources
from yiwang.platform.journal.actions import record_many

FOLDER_LOCK = 0x79696675  # "yifu": folding, moving and recounting never overlap; adding never waits for them
BATCH = 20_000


def add(name: str, *, path: str, amount: int = 1, day: dt.date | None = None) -> None:
    """Say that a figure of this node changed, in the caller's transaction. Never waits for anybody."""
    Delta.objects.create(name=name, path=path, day=day or today(), amount=amount)


def add_many(rows: Iterable[tuple[str, str, dt.date, int]]) -> None:
    """Many changes (name, path, day, amount) by COPY, for loading."""
    # Joined before the COPY, for the rows may come from a query. Nothing in names and paths needs to be escaped.
    lines = "".join(
        [f"{name}\t{path}\t{day}\t{amount}\n" for name, path, day, amount in rows]
    )  # may query, COPY may not
    with connection.cursor() as cursor, cursor.copy("COPY counters_delta (name, path, day, amount) FROM STDIN") as copy:
        copy.write(lines)


# Takes deltas off the table and spreads them over the nodes from the root down. A node that moved since its delta was
# written counts where it stands now: counters_node knows.
_FOLD = """
    WITH taken AS (
        DELETE FROM counters_delta WHERE id IN (SELECT id FROM counters_delta ORDER BY id LIMIT %(batch)s)
        RETURNING name, path, day, amount
    ),
    placed AS (
        SELECT t.name, coalesce(n.path, t.path) AS path, t.day, sum(t.amount) AS amount
        FROM taken t LEFT JOIN counters_node n ON n.label = ltree2text(subpath(t.path, -1))
        GROUP BY 1, 2, 3
    ),
    spread AS (
        SELECT subpath(path, 0, depth) AS path, name, day, sum(amount) AS amount
        FROM placed, generate_series(1, nlevel(path)) depth GROUP BY 1, 2, 3
    ),
    known AS (
        INSERT INTO counters_node (label, parent, path)
        SELECT DISTINCT ON (1) ltree2text(subpath(path, -1)),
            CASE WHEN nlevel(path) > 1 THEN ltree2text(subpath(path, -2, 1)) ELSE '' END, path
        FROM spread ORDER BY 1, path
        ON CONFLICT (label) DO UPDATE SET label = excluded.label  -- returns the row that is there, changes nothing
        RETURNING id, label
    ),
    daily AS (
        INSERT INTO counters_daily (node_id, name, day, amount)
        SELECT k.id, s.name, s.day, s.amount FROM spread s JOIN known k ON k.label = ltree2text(subpath(s.path, -1))
        ON CONFLICT (node_id, name, day) DO UPDATE SET amount = counters_daily.amount + excluded.amount
    ),
    totals AS (
        INSERT INTO counters_total (node_id, name, amount)
        SELECT k.id, s.name, sum(s.amount) FROM spread s JOIN known k ON k.label = ltree2text(subpath(s.path, -1))
        GROUP BY 1, 2
        ON CONFLICT (node_id, name) DO UPDATE SET amount = counters_total.amount + excluded.amount
    )
    SELECT count(*) FROM taken
"""


@transaction.atomic
def fold_batch() -> int:
    """Fold some deltas in one statement: either all their figures have changed or they are still waiting."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [FOLDER_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_FOLD, {"batch": BATCH})
        return int(cursor.fetchone()[0])


def fold() -> int:
    """Fold all waiting deltas, batch by batch. Killed at any instant it loses and repeats nothing."""
    folded = 0
    while batch := fold_batch():
        folded += batch
    return folded


@transaction.atomic
def move_subtree(old: str, new: str) -> None:
    """A node and all below it moved from path ``old`` to path ``new``: its figures leave the old ancestors.

    The figures of all days move: statistics use the tree as it is at the end of the period (GT 1.14).
    """
    names = {"old": old, "new": new, "label": old.rpartition(".")[2], "parent": _parent_label(new)}
    leaving, joining = set(prefixes_of(old)[:-1]), set(prefixes_of(new)[:-1])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FOLDER_LOCK])
        for table, key in (("counters_total", ""), ("counters_daily", ", day")):
            for paths, sign in ((leaving - joining, -1), (joining - leaving, 1)):
                cursor.execute(_ANCESTORS, {"paths": [*paths]})
                labels = [path.rpartition(".")[2] for path in paths]
                cursor.execute(_SHIFT.format(table=table, key=key), {**names, "labels": labels, "sign": sign})
        cursor.execute(_REPLACE.format(table="counters_node", where=""), names)
        cursor.execute(_REPLACE.format(table="counters_delta", where=""), names)
        cursor.execute("UPDATE counters_node SET parent = %(parent)s WHERE label = %(label)s", names)


def _parent_label(path: str) -> str:
    return path.rpartition(".")[0].rpartition(".")[2]


_ANCESTORS = """
    INSERT INTO counters_node (label, parent, path)
    SELECT ltree2text(subpath(p, -1)), CASE WHEN nlevel(p) > 1 THEN ltree2text(subpath(p, -2, 1)) ELSE '' END, p
    FROM unnest(%(paths)s::ltree[]) p
    ON CONFLICT (label) DO NOTHING
"""
_SHIFT = """
    INSERT INTO {table} (node_id, name{key}, amount)
    SELECT a.id, f.name{key}, %(sign)s * f.amount
    FROM {table} f JOIN counters_node n ON n.id = f.node_id AND n.label = %(label)s, counters_node a
    WHERE a.label = ANY (%(labels)s)
    ON CONFLICT (node_id, name{key}) DO UPDATE SET amount = {table}.amount + excluded.amount
"""
_REPLACE = """
    UPDATE {table} SET path = CASE WHEN path = %(old)s::ltree THEN %(new)s::ltree
        ELSE %(new)s::ltree || subpath(path, nlevel(%(old)s::ltree)) END
    WHERE path <@ %(old)s::ltree
"""


@dataclass(frozen=True)
class Difference:
    """One figure of one node on one day that a recount found wrong."""

    name: str
    path: str
    day: dt.date
    was: int
    now: int

    def __str__(self) -> str:
        return f"{self.name} {self.path} {self.day}: {self.was} → {self.now}"

    def as_dict(self) -> dict[str, str | int]:
        return {"name": self.name, "path": self.path, "day": str(self.day), "was": self.was, "now": self.now}


def recount(*, by: AbstractBaseUser | None = None) -> list[Difference]:
    """Count every registered figure from its rows and repair what differs, each repair in the journal."""
    return [difference for name in recount_sources() for difference in recount_figure(name, by=by)]


@transaction.atomic
def recount_figure(name: str, *, by: AbstractBaseUser | None = None) -> list[Difference]:
    """Compare one figure with its rows in a single statement, so that writers meanwhile don't look like errors."""
    source = recount_sources()[name]
    given: dict[str, Any] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FOLDER_LOCK])
        if callable(source):
            rows = list(source())
            truth = "SELECT * FROM unnest(%(paths)s::text[], %(days)s::date[], %(amounts)s::bigint[])"
            given = {"paths": [r[0] for r in rows], "days": [r[1] for r in rows], "amounts": [r[2] for r in rows]}
        else:
            truth = source
        cursor.execute(_COMPARE.format(truth=truth), {**given, "name": name})
        found = cursor.fetchall()
        wrong = [Difference(name, path, day, int(was), int(now)) for path, day, was, now in found if was != now]
        for difference in wrong:
            _repair(cursor, difference)
    _journal(wrong, by=by)
    return wrong


_COMPARE = """
    WITH truth AS (SELECT path::text::ltree AS path, day, amount FROM ({truth}) AS t (path, day, amount)),
    pending AS (
        SELECT coalesce(n.path, d.path) AS path, d.day, d.amount FROM counters_delta d
        LEFT JOIN counters_node n ON n.label = ltree2text(subpath(d.path, -1)) WHERE d.name = %(name)s
    ),
    spread AS (
        SELECT subpath(path, 0, depth) AS path, day, 0 AS was, amount AS now
        FROM truth, generate_series(1, nlevel(path)) depth
        UNION ALL
        SELECT subpath(path, 0, depth), day, amount, 0 FROM pending, generate_series(1, nlevel(path)) depth
        UNION ALL
        SELECT n.path, f.day, f.amount, 0 FROM counters_daily f JOIN counters_node n ON n.id = f.node_id
        WHERE f.name = %(name)s
    )
    SELECT ltree2text(path), day, sum(was), sum(now) FROM spread GROUP BY 1, 2 ORDER BY 1, 2
"""


def _repair(cursor: CursorWrapper, found: Difference) -> None:
    """Add what is missing; adding commutes with everything that happens meanwhile."""
    values: dict[str, Any] = {"path": found.path, "name": found.name, "day": found.day, "amount": found.now - found.was}
    cursor.execute(_ANCESTORS, {"paths": prefixes_of(found.path)})
    for table, key, value in (("counters_total", "", ""), ("counters_daily", ", day", ", %(day)s")):
        cursor.execute(_ADD.format(table=table, key=key, value=value), values)


_ADD = """
    INSERT INTO {table} (node_id, name{key}, amount)
    SELECT id, %(name)s{value}, %(amount)s FROM counters_node WHERE path = %(path)s::ltree
    ON CONFLICT (node_id, name{key}) DO UPDATE SET amount = {table}.amount + excluded.amount
"""


def _journal(differences: Iterable[Difference], *, by: AbstractBaseUser | None) -> None:
    nodes = dict(Node.objects.values_list("path", "pk"))
    events = [
        CounterRepaired(
            counter_id=nodes[found.path],
            counter=found.name,
            path=found.path,
            day=found.day.isoformat(),
            was=found.was,
            now=found.now,
        )
        for found in differences
    ]
    if events:
        record_many(events, by=by)
