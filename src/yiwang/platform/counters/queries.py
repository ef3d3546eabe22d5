"""Reading figures: what is folded plus what still waits, in one statement, so that no figure is ever stale."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import connection

Figures = dict[str, dict[str, int]]  # path or label of a node → name of the figure → number

# Days are asked for as a closed range; without one the totals answer and no day is looked at.
_FOLDED = "SELECT {node}, f.name, f.amount FROM counters_total f JOIN counters_node n ON n.id = f.node_id WHERE {where}"
_BY_DAY = (
    "SELECT {node}, f.name, f.amount FROM counters_daily f JOIN counters_node n ON n.id = f.node_id"
    " WHERE {where} AND f.day BETWEEN %(since)s AND %(until)s"
)
_SUM = "SELECT node, name, sum(amount) FROM ({folded} UNION ALL {waiting}) AS t (node, name, amount) GROUP BY 1, 2"


def figures(
    paths: Sequence[str], names: Sequence[str], *, since: dt.date | None = None, until: dt.date | None = None
) -> Figures:
    """Figures of these nodes, everything below them included: ``{path: {name: number}}``, zeros filled in."""
    params = {"paths": list(paths), "labels": [path.rpartition(".")[2] for path in paths]}
    waiting = (
        "SELECT ltree2text(p), d.name, d.amount FROM counters_delta d"
        " JOIN unnest(%(paths)s::ltree[]) p ON d.path <@ p WHERE d.name = ANY (%(names)s)"
    )
    # Indexes: the unique label of counters_node, the primary keys of counters_total and counters_daily.
    rows = _read("ltree2text(n.path)", "n.label = ANY (%(labels)s)", waiting, params, names, since, until)
    found = {path: dict.fromkeys(names, 0) for path in paths}
    by_label = {path.rpartition(".")[2]: path for path in paths}
    for path, name, amount in rows:
        found[by_label[path.rpartition(".")[2]]][name] += amount
    return found


def figure(path: str, name: str, *, since: dt.date | None = None, until: dt.date | None = None) -> int:
    return figures([path], [name], since=since, until=until)[path][name]


def children_figures(
    path: str, names: Sequence[str], *, since: dt.date | None = None, until: dt.date | None = None
) -> Figures:
    """Figures of each child of a node: ``{label: {name: number}}``. A child without any figure is not in it."""
    params = {"path": path, "parent": path.rpartition(".")[2]}
    waiting = (
        "SELECT ltree2text(subpath(d.path, nlevel(%(path)s::ltree), 1)), d.name, d.amount FROM counters_delta d"
        " WHERE d.path <@ %(path)s::ltree AND d.path <> %(path)s::ltree AND d.name = ANY (%(names)s)"
    )
    # Indexes: counters_node by parent, the primary keys of counters_total and counters_daily.
    rows = _read("n.label", "n.parent = %(parent)s", waiting, params, names, since, until)
    found: Figures = {}
    for label, name, amount in rows:
        found.setdefault(label, dict.fromkeys(names, 0))[name] = amount
    return found


def series(path: str, name: str, *, since: dt.date, until: dt.date) -> dict[dt.date, int]:
    """What one figure of a node changed by on each day of the range, quiet days included."""
    sql = """
        SELECT day, sum(amount) FROM (
            SELECT f.day, f.amount FROM counters_daily f JOIN counters_node n ON n.id = f.node_id
            WHERE n.label = %(label)s AND f.name = %(name)s
            UNION ALL
            SELECT day, amount FROM counters_delta WHERE path <@ %(path)s::ltree AND name = %(name)s
        ) t WHERE day BETWEEN %(since)s AND %(until)s GROUP BY 1
    """
    params: dict[str, Any] = {
        "label": path.rpartition(".")[2],
        "path": path,
        "name": name,
        "since": since,
        "until": until,
    }
    days = {since + dt.timedelta(days=i): 0 for i in range((until - since).days + 1)}
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return days | {day: int(amount) for day, amount in cursor.fetchall()}


def _read(
    node: str,
    where: str,
    waiting: str,
    params: dict[str, Any],
    names: Sequence[str],
    since: dt.date | None,
    until: dt.date | None,
) -> list[tuple[str, str, int]]:
    ranged = since is not None or until is not None
    folded = (_BY_DAY if ranged else _FOLDED).format(node=node, where=f"{where} AND f.name = ANY (%(names)s)")
    if ranged:
        waiting += " AND d.day BETWEEN %(since)s AND %(until)s"
    params = {**params, "names": list(names), "since": since or dt.date.min, "until": until or dt.date.max}
    with connection.cursor() as cursor:
        cursor.execute(_SUM.format(folded=folded, waiting=waiting), params)
        return [(node, name, int(amount)) for node, name, amount in cursor.fetchall()]
