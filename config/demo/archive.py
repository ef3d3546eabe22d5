"""Writing the clones: numbers in the order of time, rows by COPY, figures, search and journal."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from psycopg.sql import SQL, Identifier

from config.demo.clones import Clone
from config.demo.templates import PARTS, Row
from yiwang.kernel.clock import local_date
from yiwang.net.cases.formulas import COUNTY, case_number, letter_prefix, number_key, place_sign
from yiwang.net.cases.models import Case, Decision, Hop, NumberSeries
from yiwang.net.evaluation.formulas import CONTENT_FROM, is_bad
from yiwang.net.evaluation.models import BadReview, Evaluation
from yiwang.platform.counters.actions import add_many
from yiwang.platform.documents.formulas import DocumentNumber
from yiwang.platform.documents.letters import letter_kind
from yiwang.platform.documents.models import NumberSequence
from yiwang.platform.journal.actions import record_history
from yiwang.platform.rules.models import Receipt
from yiwang.platform.text.actions import index_many
from yiwang.platform.text.library import Entry
from yiwang.register.organisations.models import Organisation

POINTED_AT: tuple[type[Model], ...] = (Case, Receipt, Evaluation, BadReview)


def reserve(model: type[Model], count: int) -> list[int]:
    """Primary keys for rows that others point at, the first one last: they are popped."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [number for (number,) in cursor.fetchall()][::-1]


@transaction.atomic
def write(clones: Sequence[Clone]) -> None:
    """All of them, in the order in which they were handed in."""
    number_cases(clones)
    number_letters(clones)
    insert(Case, [clone.case for clone in clones])
    insert(Receipt, [row for clone in clones for row in clone.receipts])
    for model in PARTS:
        rows = [row for clone in clones for row in clone.rows.get(model, ())]
        insert(model, rows, with_key=model is Evaluation)
    insert(BadReview, [row for clone in clones for row in clone.reviews])
    record_history([entry for clone in clones for entry in clone.entries])
    index_many(entry for clone in clones for entry in search_entries(clone))
    figures = Counter(figure for clone in clones for figure in counted(clone))
    add_many((name, path, day, amount) for (name, path, day), amount in figures.items())


def insert(model: type[Model], rows: Sequence[Row], *, with_key: bool = True) -> None:
    """Rows by COPY; values as the model's fields write them."""
    if not rows:
        return
    fields = [field for field in model._meta.concrete_fields if with_key or not field.primary_key]
    names = SQL(", ").join([Identifier(str(field.column)) for field in fields])
    statement = SQL("COPY {} ({}) FROM STDIN").format(Identifier(model._meta.db_table), names)
    plain = {"CharField", "TextField", "BooleanField", "ForeignKey", "BigAutoField", "DateTimeField", "DateField"}
    writers = [
        (field.attname, None if field.get_internal_type() in plain else field.get_db_prep_save) for field in fields
    ]
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([row[name] if prep is None else prep(row[name], connection) for name, prep in writers])


def number_cases(clones: Sequence[Clone]) -> None:
    """One series for each kind, year and county, as ``cases.actions.numbers`` gives them."""
    last = {(row.kind, row.year, row.place): row.last for row in NumberSeries.objects.all()}
    for clone in clones:
        county = county_of(clone, received_at(clone))
        key = (clone.case["kind"], local_date(clone.case["submitted_at"]).year, place_sign(county.name))
        last[key] = last.get(key, 0) + 1
        number = case_number(*key, last[key])
        clone.case |= {"number": number, "number_key": number_key(number)}
        for letter in clone.letters.values():
            letter["context"]["case_number"] = number
    NumberSeries.objects.bulk_create(
        [NumberSeries(kind=kind, year=year, place=place, last=n) for (kind, year, place), n in last.items()],
        update_conflicts=True,
        unique_fields=["kind", "year", "place"],
        update_fields=["last"],
    )


def received_at(clone: Clone) -> Organisation:
    """Where the request was first in somebody's hands."""
    routed = [row for row in clone.rows[Hop] if row["kind"] == Hop.Kind.ROUTED]
    return clone.bodies[routed[-1]["to_organisation_id"]]


def county_of(clone: Clone, body: Organisation) -> Organisation:
    if body.level <= COUNTY:
        return body
    line = sorted(clone.bodies.values(), key=lambda one: -one.level)
    return next(one for one in line if one.level <= COUNTY)


def number_letters(clones: Sequence[Clone]) -> None:
    """Numbers of letters run per body, kind and year, in the order in which the letters went out."""
    last = {(row.body, row.kind, row.year): row.last for row in NumberSequence.objects.all()}
    letters = sorted(
        ((letter["issued_at"], clone, old, letter) for clone in clones for old, letter in clone.letters.items()),
        key=lambda item: item[0],
    )
    fresh: dict[int, dict[str, str]] = defaultdict(dict)
    for issued_at, clone, old, letter in letters:
        body = clone.body(letter)
        key = (
            letter_prefix(body.name, body.level),
            letter_kind(letter["kind"]).number_kind,
            local_date(issued_at).year,
        )
        last[key] = last.get(key, 0) + 1
        number = str(DocumentNumber(key[0] + key[1], key[2], last[key]))
        letter["document_number"] = letter["context"]["number"] = number
        fresh[id(clone)][old] = number
    for clone in clones:
        for entry in clone.entries:
            if "document_number" in entry.data:
                entry.data["document_number"] = fresh[id(clone)][entry.data["document_number"]]
    NumberSequence.objects.bulk_create(
        [NumberSequence(body=body, kind=kind, year=year, last=n) for (body, kind, year), n in last.items()],
        update_conflicts=True,
        unique_fields=["body", "kind", "year"],
        update_fields=["last"],
    )


def search_entries(clone: Clone) -> Iterable[Entry]:
    """As ``cases.actions.telling.index_case`` writes it; a complaint about union staff is never indexed."""
    case = clone.case
    if case["target"] == "union":
        return
    names = (case["number_key"], case["matter"], case["contact_name"], case["employer_name"])
    words = [*names, clone.wish.membership.person.name]
    yield Entry(
        kind="case",
        object_id=case["number"],
        title=f"{case['number']} {case['title']}",
        body=" ".join(word for word in words if word),
        scope_path=str(clone.body(case).path),
    )


Figure = tuple[str, str, dt.date]


def counted(clone: Clone) -> Iterable[Figure]:
    """Every figure that the actions would have counted (``apps.CasesConfig``, ``apps.EvaluationConfig``)."""
    case: dict[str, Any] = clone.case
    submitted = local_date(case["submitted_at"])
    yield "cases.received", str(received_at(clone).path), submitted
    if case["closed_at"] is None:
        yield "cases.open", str(clone.body(case).path), submitted
    for decision in clone.rows.get(Decision, ()):
        path, day = str(clone.body(decision).path), local_date(decision["decided_at"])
        yield "cases.done", path, day
        if decision["outcome"] != Decision.Outcome.NOT_ACCEPTED and decision["is_on_time"]:
            yield "cases.on_time", path, day
    for rating in clone.rows.get(Evaluation, ()):
        path, day = str(clone.body(rating).path), local_date(rating["created_at"])
        yield "evaluation.rated", path, day
        if rating["score"] >= CONTENT_FROM:
            yield "evaluation.content", path, day
        if is_bad(rating["score"]):
            yield "evaluation.bad", path, day
