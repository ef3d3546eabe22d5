"""One step of a form definition as a Django form: reads, keeps what was typed, says what is wrong, offers repairs."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from yiwang.kernel.clock import today as today_here
from yiwang.platform.forms.library.answers import OnFile, show_value
from yiwang.platform.forms.library.definition import FormDefinition
from yiwang.platform.forms.library.fields import PICK_KINDS, Answers, Field, Json, Step, Text
from yiwang.platform.forms.library.reading import (
    NO,
    YES,
    BadRows,
    SeveralFit,
    Sources,
    Typed,
    compare,
    is_blank,
    read_value,
)
from yiwang.platform.forms.library.values import BadValue, clean_text
from yiwang.platform.forms.library.widgets import AnswerWidget, OptionsWidget, PickWidget, rows_of, widget_for

USE, ADD, REMOVE, STAY, TAKE_OUT = "_use", "_add", "_remove", "_stay", "_remove_document"


class FileItem(Protocol):
    """An uploaded document as a form shows it; ``files.models.Document`` fits."""

    @property
    def public_id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...


@dataclass(frozen=True)
class Part:
    """One thing on the page, in order: either a question (``field``) or a piece of text (``info``)."""

    question: Field
    field: forms.BoundField | None = None

    @property
    def info(self) -> str:
        return "" if self.field is not None else str(self.question.label)


class AnswerField(forms.Field):
    """One question. What is wrong stands in ``ValidationError``; the repair in ``widget.suggestion``."""

    widget: AnswerWidget

    def __init__(self, question: Field, widget: AnswerWidget, form: "AnswerForm") -> None:
        super().__init__(
            required=not question.optional,  # read by the page, which marks what may be left empty
            widget=widget,
            label=question.label.in_language(form.language),
            help_text=question.hint.in_language(form.language),
        )
        self.question = question
        self.form = form

    def clean(self, value: Any) -> Any:
        heard = self.form.heard
        if not self.question.is_visible(heard):
            return None
        try:
            answer = read_value(self.question, value, today=self.form.today, sources=self.form.sources)
            refusal = None if answer is None else compare(self.question, answer, heard, self.form.by_key)
            if refusal is not None:
                raise refusal
        except BadRows as bad:
            raise ValidationError([self._row_error(cell) for cell in bad.cells]) from None
        except BadValue as bad:
            if isinstance(bad, SeveralFit) and isinstance(self.widget, PickWidget):
                self.widget.choices = bad.choices
            self.widget.suggestion = bad.suggestion
            raise ValidationError(bad.message, code=bad.code) from None
        if answer is not None:
            heard[self.question.key] = answer
        return answer

    def _row_error(self, cell: tuple[int, str, BadValue]) -> ValidationError:
        place, column_key, bad = cell
        label = next(str(column.label) for column in self.question.columns if column.key == column_key)
        message = _("第{place}行的“{label}”：{problem}")
        return ValidationError(message.format(place=place + 1, label=label, problem=bad.message), code=bad.code)


class AnswerForm(forms.Form):
    """What a step and a row have in common: questions as fields, answers heard so far."""

    language: str
    today: dt.date
    sources: Sources | None
    heard: Json
    by_key: Mapping[str, Field]


class RowForm(AnswerForm):
    """One row of ``person_rows``; its cells render and complain like questions of their own."""

    def __init__(self, question: Field, place: int, row: Mapping[str, Any], parent: AnswerForm, *, bound: bool) -> None:
        prefix = f"{question.key}-{place}"
        told = {f"{prefix}-{key}": value for key, value in row.items()} if bound else None
        super().__init__(told, prefix=prefix, initial=dict(row), use_required_attribute=False)
        self.language, self.today, self.sources = parent.language, parent.today, None
        self.heard, self.by_key = {}, {}
        self.place = place
        self.title = _("第{place}位").format(place=place + 1)
        for column in question.columns:
            widget = widget_for(column, choices=options_of(column, self.language))
            self.fields[column.key] = AnswerField(column, widget, self)
        if bound:
            self.is_valid()


class StepForm(AnswerForm):
    """The page of one step.

    ``typed`` is what was typed, cleaned of nothing but characters no database takes; ``answers`` are the answers
    that stand, also while others don't. ``stays`` means the person asked for something on this page (a row more, a
    repair, an upload) and not for the next one: save and show the page again.
    """

    def __init__(
        self,
        definition: FormDefinition,
        step: Step,
        data: Mapping[str, Any] | None,
        *,
        heard: Json,
        initial: Mapping[str, Any],
        settings: "StepSettings",
    ) -> None:
        self.definition, self.step, self.given = definition, step, settings
        self.language = settings.language or get_language() or "zh-hans"
        self.today = settings.today or today_here()
        self.sources = settings.sources
        self.heard, self.by_key = dict(heard), definition.by_key
        self.rows: dict[str, list[RowForm]] = {}
        told = _with_repair(data) if data is not None else None
        self.stays = data is not None and bool({USE, ADD, REMOVE, STAY, TAKE_OUT} & set(data))
        self.typed = self._typed(told) if told is not None else {}
        is_row_move = data is not None and bool({ADD, REMOVE} & set(data))
        start = dict(initial) | self.typed if is_row_move else dict(initial)
        super().__init__(None if is_row_move else told, initial=start, use_required_attribute=False)
        self._unknown = self._unknown_keys(told) if told is not None else []
        self.parts: list[Part] = []
        before = {part.key: heard[part.key] for part in definition.visible_fields(heard) if part.key in heard}
        for question in step.fields:
            if question.is_asked and _may_show(question, before, step):
                self.fields[question.key] = AnswerField(question, self._widget(question), self)
        self.parts = [
            Part(question, self[question.key] if question.is_asked else None)
            for question in step.fields
            if question.key in self.fields or (not question.is_asked and question.is_visible(before))
        ]
        for question in step.fields:
            self.heard.pop(question.key, None)
            if question.kind == "person_rows" and question.key in self.fields:
                self._make_rows(question, told, start, data or {})

    @property
    def answers(self) -> Json:
        """The answers of this step that stand; complete only when the form is valid."""
        if not self.is_bound:
            return {}
        self.errors  # noqa: B018 -- reading the errors is how a Django form is made to clean
        return {key: value for key, value in self.cleaned_data.items() if value is not None and key in self.fields}

    @property
    def suggestions(self) -> dict[str, Any]:
        """Repairs on offer by field key; ``_use=key:value`` takes one."""
        self.errors  # noqa: B018 -- as above
        return {
            name: field.widget.suggestion
            for name, field in self.fields.items()
            if isinstance(field, AnswerField) and field.widget.suggestion is not None
        }

    def clean(self) -> dict[str, Any]:
        if self._unknown:
            self.add_error(None, _("这一页的问题刚更新过。请看一遍，再存一次。"))
        for key, problems in self.given.file_errors.items():
            if key in self.fields:
                for problem in problems:
                    self.add_error(key, problem)
        return self.cleaned_data

    def _widget(self, question: Field) -> AnswerWidget:
        given = self.given
        source = (self.sources or {}).get(question.kind) if question.kind in PICK_KINDS else None
        widget = widget_for(
            question,
            choices=options_of(question, self.language),
            documents=list((given.documents or {}).get(question.key, ())),
            upload_place=given.upload_place,
            search_url=source.search_url if source else "",
            depends=_depends(question, self.step),
        )
        held = given.on_file.get(question.key)
        if held and self.typed.get(question.key, "") not in ("", _as_typed(question, held.value)):
            held = None  # they corrected it: it is theirs now
        widget.on_file = _("已从{source}带出，不对可以改。").format(source=held.source) if held else ""
        widget.is_new = question.key in given.new_keys
        return widget

    def _make_rows(self, question: Field, told: Mapping[str, Any] | None, start: Mapping[str, Any], data: Any) -> None:
        rows: list[Any] = list(start.get(question.key) or []) if told is None or not self.is_bound else []
        if self.is_bound and told is not None:
            rows = rows_of(told, question.key, question)
        if data.get(ADD) == question.key and len(rows) < question.max_rows:
            rows.append({})
        name, _sep, place = str(data.get(REMOVE) or "").rpartition("-")
        if name == question.key and place.isdigit() and int(place) < len(rows):
            del rows[int(place)]
        if data.get(ADD) == question.key or name == question.key:
            self.typed[question.key] = rows
        wanted = max(1, question.min_rows)
        shown = rows + [{}] * (wanted - len(rows))
        self.rows[question.key] = [
            RowForm(question, n, row, self, bound=self.is_bound and not is_blank(row)) for n, row in enumerate(shown)
        ]
        self.fields[question.key].widget.extra |= {
            "row_forms": self.rows[question.key],
            "noun": str(question.noun) or pgettext("something to add", "一行"),
            "is_full": len(shown) >= question.max_rows,
        }

    def _typed(self, data: Mapping[str, Any]) -> Json:
        """What was typed, JSON-able, for the draft to keep even where it is wrong."""
        typed: Json = {}
        for question in self.step.fields:
            key = question.key
            if not question.is_asked:
                continue
            if question.is_file:
                if self.given.documents is not None:
                    typed[key] = [item.public_id for item in self.given.documents.get(key, ())]
            elif question.kind == "person_rows":
                rows = rows_of(data, key, question)
                typed[key] = [{name: clean_text(cell) for name, cell in row.items()} for row in rows]
            elif question.kind == "choices":
                values = OptionsWidget(question, choices=()).value_from_datadict(data, None, key)
                typed[key] = [clean_text(value) for value in values]
            elif question.kind in PICK_KINDS:
                typed[key] = {"text": clean_text(data.get(key)), "value": clean_text(data.get(f"{key}-pick"))}
            elif key in data:
                typed[key] = clean_text(data.get(key))
        return typed

    def _unknown_keys(self, data: Mapping[str, Any]) -> list[str]:
        known = self.step.keys | {"csrfmiddlewaretoken"}
        return [key for key in data if not key.startswith("_") and key.split("-")[0] not in known]


@dataclass(frozen=True, kw_only=True)
class StepSettings:
    """What the caller hands a step: it lies below the register and the files and can't fetch these itself."""

    documents: Mapping[str, Sequence[FileItem]] | None
    file_errors: Mapping[str, Sequence[str]]
    sources: Sources | None
    on_file: Mapping[str, OnFile]
    new_keys: frozenset[str]
    upload_place: str
    language: str | None
    today: dt.date | None


def step_form(
    definition: FormDefinition,
    step_key: str,
    data: Mapping[str, Any] | None = None,
    *,
    answers: Answers | None = None,
    typed: Mapping[str, Any] | None = None,
    documents: Mapping[str, Sequence[FileItem]] | None = None,
    file_errors: Mapping[str, Sequence[str]] | None = None,
    sources: Sources | None = None,
    on_file: Mapping[str, OnFile] | None = None,
    new_keys: Iterable[str] = (),
    upload_place: str = "",
    language: str | None = None,
    today: dt.date | None = None,
) -> StepForm:
    """The form of one step, bound when ``data`` is given.

    ``answers`` are all answers so far (conditions of this step may look at earlier ones), ``typed`` what was typed
    and did not stand, ``documents`` the uploads by field key (None: not known here, so files are left as they are),
    ``upload_place`` the public id of the draft, so that files go up as soon as they are chosen.
    Raises ``KeyError`` for a step that does not exist.
    """
    step = definition.step(step_key)
    if step is None:
        raise KeyError(step_key)
    held = on_file or {}
    initial: Json = {key: part.value for key, part in held.items()}
    initial |= answers or {}
    initial = {key: _as_typed(definition.by_key[key], value) for key, value in initial.items() if key in step.keys}
    initial |= {key: value for key, value in (typed or {}).items() if key in step.keys}
    settings = StepSettings(
        documents=documents,
        file_errors=file_errors or {},
        sources=sources,
        on_file={key: part for key, part in held.items() if (answers or {}).get(key, part.value) == part.value},
        new_keys=frozenset(new_keys),
        upload_place=upload_place,
        language=language,
        today=today,
    )
    return StepForm(definition, step, data, heard=dict(answers or {}), initial=initial, settings=settings)


def options_of(question: Field, language: str) -> list[tuple[str, str, str]]:
    if question.kind == "yesno":
        return [(YES, pgettext("answer", "是"), ""), (NO, pgettext("answer", "否"), "")]
    return [
        (option.value, option.label.in_language(language), option.hint.in_language(language))
        for option in question.options
    ]


def _as_typed(question: Field, value: Any) -> Any:
    """A stored answer as it stands in its input: money with commas, yes/no as told by the cards."""
    if question.kind == "money" and value not in (None, ""):
        return show_value(question, value, "zh-hans").removesuffix("元")
    if question.kind == "yesno" and isinstance(value, bool):
        return YES if value else NO
    return value


def _with_repair(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The data with the repair taken that the person asked for (“是38,460.00元？点这里改成它”)."""
    key, separator, value = str(data.get(USE) or "").partition(":")
    if not separator:
        return data
    if isinstance(data, MultiValueDict):
        copy = data.copy()
        copy[key] = value
        return copy
    return {**data, key: value}


def _may_show(question: Field, before: Answers, step: Step) -> bool:
    """Shown when its conditions hold, or may hold once the questions on the same page are answered."""
    return all(condition.field in step.keys or condition.holds(before) for condition in question.show_if)


def _depends(question: Field, step: Step) -> dict[str, str]:
    """For the script that folds a question away: the first condition on a question of the same page."""
    for condition in question.show_if:
        if condition.field in step.keys and condition.among:
            return {"field": condition.field, "among": ",".join(condition.among)}
    return {}


__all__ = ["FileItem", "Part", "StepForm", "Text", "Typed", "step_form"]
