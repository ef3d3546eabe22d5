"""Reads of rules. What is published is kept in memory: a version never changes, and figures change rarely.

Each process looks every ``settings.RULES_RECHECK_SECONDS`` whether something new was published elsewhere (0: never,
for tests); a publication by this process shows at once after it commits.
"""

import datetime as dt
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q

from yiwang.kernel.clock import WorkCalendar, today
from yiwang.platform.rules.errors import UnknownRuleSet, no_value
from yiwang.platform.rules.files import packaged_book
from yiwang.platform.rules.library import explaining
from yiwang.platform.rules.library.explaining import Answer, Version
from yiwang.platform.rules.library.facts import check_names
from yiwang.platform.rules.library.facts import facts_from_answers as _facts_from_answers
from yiwang.platform.rules.library.model import Fact, Question, RuleSet
from yiwang.platform.rules.library.running import Compiled
from yiwang.platform.rules.models import (
    ParameterProposal,
    ParameterValue,
    Receipt,
    RuleSetVersion,
    WorkdayOverride,
    row_key,
)


@dataclass
class _Kept:
    """What one process remembers."""

    stamp: Any = None
    checked_at: float = 0.0
    parameters: dict[tuple[str, str], list[ParameterValue]] | None = None
    editions: dict[str, list[RuleSetVersion]] | None = None
    calendar: WorkCalendar | None = None
    versions: dict[int, Version] = field(default_factory=dict)


_kept = _Kept()
_lock = threading.Lock()


def forget() -> None:
    """Read everything anew at the next question. Called when a publication commits."""
    with _lock:
        _kept.stamp = _kept.parameters = _kept.editions = _kept.calendar = None
        _kept.versions = {}
        _kept.checked_at = 0.0


def _fresh() -> _Kept:
    pause = settings.RULES_RECHECK_SECONDS
    if pause and time.monotonic() - _kept.checked_at > pause:
        stamp = _stamp()
        if stamp != _kept.stamp:
            forget()
        _kept.stamp, _kept.checked_at = stamp, time.monotonic()
    return _kept


# xmin is the transaction that last wrote a row: with the count it changes with every insert, update and delete.
STAMP = """
SELECT (SELECT (count(*), max(xmin::text::bigint))::text FROM rules_parametervalue),
       (SELECT (count(*), max(xmin::text::bigint))::text FROM rules_workdayoverride),
       (SELECT (count(*), max(id))::text FROM rules_rulesetversion)
"""


def _stamp() -> Any:
    """Changes whenever something is published, by whatever process."""
    with connection.cursor() as cursor:
        cursor.execute(STAMP)
        return cursor.fetchone()


def warm() -> None:
    """Fill the memory, so that the first request of a process pays for nothing."""
    _parameters()
    work_calendar()
    versions(ruleset_keys(), today())


def _parameters() -> dict[tuple[str, str], list[ParameterValue]]:
    kept = _fresh()
    if kept.parameters is None:
        found: dict[tuple[str, str], list[ParameterValue]] = {}
        for row in ParameterValue.objects.order_by("-valid_from"):
            found.setdefault((row.name, row.key), []).append(row)
        kept.parameters = found
    return kept.parameters


def _editions() -> dict[str, list[RuleSetVersion]]:
    kept = _fresh()
    if kept.editions is None:
        found: dict[str, list[RuleSetVersion]] = {}
        for row in RuleSetVersion.objects.defer("body", "compiled").order_by("key", "-effective_from", "-number"):
            found.setdefault(row.key, []).append(row)
        kept.editions = found
    return kept.editions


def parameter(name: str, on: dt.date, *key: str) -> int:
    """The figure in force on that day. Raises MissingParameter: numbers missing stop the decision."""
    return parameter_value(name, on, *key).value


def parameter_value(name: str, on: dt.date, *key: str) -> ParameterValue:
    """The figure with its source and evidence mark."""
    for row in _parameters().get((name, row_key(key)), ()):
        if row.valid_from <= on and (row.valid_to is None or on <= row.valid_to):
            return row
    raise no_value(name, on)


def work_calendar() -> WorkCalendar:
    """The packaged holidays under the editable table; years only the table knows count by it alone."""
    kept = _fresh()
    if kept.calendar is None:
        overrides = dict(WorkdayOverride.objects.values_list("day", "is_workday"))
        years = frozenset(day.year for day in overrides)
        kept.calendar = WorkCalendar(overrides, frozenset(year for year in years if not WorkCalendar().knows(year)))
    return kept.calendar


def ruleset_keys() -> list[str]:
    return sorted(_editions())


def edition(key: str, on: dt.date) -> RuleSetVersion:
    """The published version in force on that day; the first one for days before it."""
    rows = _editions().get(key)
    if not rows:
        raise UnknownRuleSet(key)
    return next((row for row in rows if row.effective_from <= on), rows[-1])


def version(key: str, on: dt.date) -> Version:
    """Ready to answer: the text and its SQL."""
    return versions([key], on)[0]


def versions(keys: Iterable[str], on: dt.date) -> list[Version]:
    """Those not yet in memory are read in one query."""
    rows = [edition(key, on) for key in keys]
    kept = _kept.versions
    unread = [row.pk for row in rows if row.pk not in kept]
    if unread:
        for pk, row in RuleSetVersion.objects.in_bulk(unread).items():
            kept[pk] = Version(RuleSet.from_data(row.body), Compiled.from_data(row.compiled), row.number)
    return [kept[row.pk] for row in rows]


def explain(key: str, facts: Mapping[str, Any], on: dt.date, language: str = "zh") -> Answer:
    """Raises BadFact, MissingParameter, UnknownRuleSet."""
    check_names(vocabulary(), facts)
    return explaining.explain(version(key, on), facts, on, language)


def explain_many(keys: Iterable[str], facts: Mapping[str, Any], on: dt.date, language: str = "zh") -> dict[str, Answer]:
    """All at once; a key without published rules is left out, one that lacks a number is ``stopped``."""
    check_names(vocabulary(), facts)
    known = versions([key for key in keys if key in _editions()], on)
    return {answer.ruleset: answer for answer in explaining.explain_many(known, facts, on, language)}


def vocabulary() -> Mapping[str, Fact]:
    return packaged_book().facts


def questions() -> list[Question]:
    return packaged_book().questions


def facts_from_answers(answers: Mapping[str, Any]) -> dict[str, Any]:
    """``{question key: option value, or a list of them}`` as facts. Raises BadFact for what is no option."""
    return _facts_from_answers(questions(), answers)


def next_questions(answers: Sequence[Answer]) -> list[Question]:
    """The questions that would still decide something, the most useful first."""
    useful: dict[str, int] = {}
    for answer in answers:
        asked = {item.question for item in answer.missing if item.question and not item.exact}
        for key in asked:
            useful[key] = useful.get(key, 0) + (2 if answer.one_missing else 1)
    wanted = [question for question in questions() if question.key in useful]
    return sorted(wanted, key=lambda question: -useful[question.key])


def receipts_of(subject: str, subject_id: int) -> list[Receipt]:
    return list(Receipt.objects.filter(subject=subject, subject_id=subject_id).order_by("issued_at"))


def parameters_on(on: dt.date, words: str = "") -> list[ParameterValue]:
    """Every figure with its value on that day, or the next one to come, by name; ``words`` narrows."""
    rows: dict[tuple[str, str], ParameterValue] = {}
    found = ParameterValue.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on)).order_by("name", "key", "valid_from")
    if words:
        found = found.filter(Q(name__icontains=words) | Q(label_zh__icontains=words) | Q(label_en__icontains=words))
    for row in found:
        rows.setdefault((row.name, row.key), row)
    return list(rows.values())


def history_of(name: str, key: str) -> list[ParameterValue]:
    return list(ParameterValue.objects.filter(name=name, key=key).order_by("-valid_from"))


def open_proposals() -> list[ParameterProposal]:
    return list(ParameterProposal.objects.filter(state=ParameterProposal.State.PROPOSED).order_by("proposed_at", "pk"))


def proposals_of(name: str, key: str) -> list[ParameterProposal]:
    return list(ParameterProposal.objects.filter(name=name, key=key).order_by("-proposed_at", "-pk"))


def proposal(public_id: str) -> ParameterProposal | None:
    return ParameterProposal.objects.filter(public_id=public_id).first()
