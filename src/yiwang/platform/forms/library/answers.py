"""What was answered, as a whole: shown back, checked at the end, carried over to a newer version of the form."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, override, pgettext
from django.utils.translation import gettext as _

from yiwang.kernel.clock import today as today_here
from yiwang.kernel.identity import mask_id, mask_phone
from yiwang.platform.forms.library.fields import (
    PICK_KINDS,
    Answers,
    Field,
    Json,
    Step,
    canonical,
    visible_fields,
)
from yiwang.platform.forms.library.reading import compare, missing_text, read_value
from yiwang.platform.forms.library.values import BadValue, date_text

Summary = list[tuple[str, list[tuple[str, str, str]]]]
"""[(step title, [(label, value text, field key)])]"""


@dataclass(frozen=True)
class AnswerProblem:
    """One answer that keeps the whole from being handed in, and where it is mended."""

    step_key: str
    field_key: str
    message: str


@dataclass(frozen=True)
class OnFile:
    """Something we already hold: shown as held, filled in, correctable."""

    value: Any
    source: str


@dataclass(frozen=True)
class CarriedOver:
    """Answers that still fit a newer version, those that don't, and the questions that are new."""

    answers: Json = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    new: tuple[str, ...] = ()


def show_value(question: Field, value: Any, language: str | None = None) -> str:
    """An answer as a person reads it; “—” for none."""
    if value in (None, "", [], {}):
        return "—"
    with override(language or get_language()):
        return _show(question, value, language)


def _show(question: Field, value: Any, language: str | None) -> str:
    if question.kind in SHOWN:
        return SHOWN[question.kind](question, value, language or get_language() or "zh-hans")
    return str(value)


def _show_money(question: Field, value: Any, language: str) -> str:
    return _("{amount}元").format(amount=f"{Decimal(str(value)):,.2f}")


def _show_number(question: Field, value: Any, language: str) -> str:
    unit = question.unit.in_language(language)
    return f"{value} {unit}" if unit.isascii() and unit else f"{value}{unit}"


def _show_date(question: Field, value: Any, language: str) -> str:
    return date_text(dt.date.fromisoformat(value))


def _show_yesno(question: Field, value: Any, language: str) -> str:
    return pgettext("answer", "是") if value else pgettext("answer", "否")


def _show_options(question: Field, value: Any, language: str) -> str:
    chosen = value if isinstance(value, list | tuple) else [value]
    return pgettext("between options", "、").join(
        question.option_label(str(part)).in_language(language) for part in chosen
    )


def _show_picked(question: Field, value: Any, language: str) -> str:
    return str(value.get("label") or value.get("value")) if isinstance(value, Mapping) else str(value)


def _show_files(question: Field, value: Any, language: str) -> str:
    return _("{count}个文件").format(count=len(value))


def _show_rows(question: Field, value: Any, language: str) -> str:
    return "\n".join(_show_row(question, row, language) for row in value)


def _show_row(question: Field, row: Mapping[str, Any], language: str | None) -> str:
    cells = [_show(column, row[column.key], language) for column in question.columns if column.key in row]
    return pgettext("between cells of a row", "，").join(cells)


SHOWN = {
    "money": _show_money,
    "number": _show_number,
    "date": _show_date,
    "yesno": _show_yesno,
    "choice": _show_options,
    "choices": _show_options,
    "organisation": _show_picked,
    "division": _show_picked,
    "file": _show_files,
    "files": _show_files,
    "person_rows": _show_rows,
}


def summary(steps: Sequence[Step], answers: Answers, language: str | None = None) -> Summary:
    """Every visible question with its answer, grouped by step: the page “check your answers”."""
    tongue = language or get_language()
    shown = {part.key for part in visible_fields(steps, answers) if part.is_asked}
    result: Summary = []
    for step in steps:
        asked = [part for part in step.fields if part.key in shown]
        lines = [
            (part.label.in_language(tongue), show_value(part, answers.get(part.key), tongue), part.key)
            for part in asked
        ]
        if lines:
            result.append((step.title.in_language(tongue), lines))
    return result


def masked(steps: Sequence[Step], answers: Answers) -> Json:
    """The answers as others may see them without a reason: numbers that name a person are starred out."""
    fields = {part.key: part for step in steps for part in step.fields}
    return {key: _mask(fields[key], value) for key, value in answers.items() if key in fields}


def _mask(question: Field, value: Any) -> Any:
    if value in (None, "", []):
        return value
    if question.kind == "person_rows":
        columns = {column.key: column for column in question.columns}
        return [{key: _mask(columns[key], cell) for key, cell in row.items() if key in columns} for row in value]
    if question.kind == "identity" or question.format == "bank_card":
        return mask_id(str(value))
    if question.kind == "phone":
        return mask_phone(str(value))
    if question.sensitive and question.kind in ("text", "textarea"):
        return "***"
    return value


def visible_answers(steps: Sequence[Step], answers: Answers) -> Json:
    """Only what was asked: answers to questions that are hidden in the end are not handed in."""
    return {
        part.key: answers[part.key]
        for part in visible_fields(steps, answers)
        if part.is_asked and answers.get(part.key) is not None
    }


def answer_problems(
    steps: Sequence[Step], answers: Answers, *, today: dt.date | None = None, sources: Any = None
) -> list[AnswerProblem]:
    """Why these answers can't be handed in yet, in the order of the form; keys the form doesn't know are refused."""
    day = today or today_here()
    fields = {part.key: part for step in steps for part in step.fields}
    place = {part.key: step.key for step in steps for part in step.fields}
    unknown = _("这份表里没有“{key}”这个问题。")
    problems = [AnswerProblem("", key, unknown.format(key=key)) for key in answers if key not in fields]
    for part in visible_fields(steps, answers):
        if not part.is_asked:
            continue
        refusal = _refusal(part, answers.get(part.key), answers, fields, day, sources)
        if refusal is not None:
            problems.append(AnswerProblem(place[part.key], part.key, refusal.message))
    return problems


def _refusal(
    part: Field, value: Any, answers: Answers, fields: Mapping[str, Field], day: dt.date, sources: Any
) -> BadValue | None:
    if part.kind in PICK_KINDS and sources is None:
        given = bool(canonical(value))
        return None if given or part.optional else BadValue(missing_text(part))
    try:
        clean = read_value(part, value, today=day, sources=sources)
    except BadValue as refusal:
        return refusal
    return None if clean is None else compare(part, clean, answers, fields)


def carry_over(old: Sequence[Step], new: Sequence[Step], answers: Answers, *, today: dt.date) -> CarriedOver:
    """A draft begun on an older version of the form: what was answered stays where it still answers the question."""
    known = {part.key: part for step in old for part in step.fields}
    kept: Json = {}
    dropped: list[str] = []
    fresh: list[str] = []
    for part in (part for step in new for part in step.fields if part.is_asked):
        before = known.get(part.key)
        if before is None or before.kind != part.kind:
            fresh.append(part.key)
        if part.key not in answers:
            continue
        if before is not None and before.kind == part.kind and _still_fits(part, answers[part.key], today):
            kept[part.key] = answers[part.key]
        else:
            dropped.append(part.key)
    asked = {part.key for step in new for part in step.fields}
    dropped += [key for key in answers if key not in asked]
    return CarriedOver(kept, tuple(dropped), tuple(fresh))


def _still_fits(part: Field, value: Any, today: dt.date) -> bool:
    if part.kind in PICK_KINDS:
        return True
    try:
        read_value(part, value, today=today)
    except BadValue:
        return False
    return True


def prefilled(steps: Sequence[Step], held: Mapping[str, OnFile], *, today: dt.date) -> dict[str, OnFile]:
    """What we hold (by prefill path, e.g. ``person.name``) as first answers by field key, each with its source.

    What we hold but the question would refuse is left out: nobody is shown our own mistake as theirs.
    """
    found: dict[str, OnFile] = {}
    for part in (part for step in steps for part in step.fields):
        on_file = held.get(part.prefill) if part.prefill else None
        if on_file is None or on_file.value in (None, "", []):
            continue
        if part.kind in PICK_KINDS:
            found[part.key] = on_file
            continue
        try:
            value = read_value(part, on_file.value, today=today)
        except BadValue:
            continue
        found[part.key] = OnFile(value, on_file.source)
    return found
