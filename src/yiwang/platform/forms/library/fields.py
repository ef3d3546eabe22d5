"""The parts of a form: texts, options, conditions, questions, steps. Frozen objects read from plain JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.utils.translation import get_language

Json = dict[str, Any]
Answers = Mapping[str, Any]
"""Answers by field key, JSON-able: what is stored in a draft and in a case."""

TEXT_KINDS = frozenset({"text", "textarea"})
FILE_KINDS = frozenset({"file", "files"})
PICK_KINDS = frozenset({"organisation", "division"})
CHOICE_KINDS = frozenset({"choice", "choices"})
BOUNDED_KINDS = frozenset({"number", "money", "date"})
KINDS = (
    TEXT_KINDS | FILE_KINDS | PICK_KINDS | CHOICE_KINDS | BOUNDED_KINDS
    | frozenset({"phone", "identity", "yesno", "person_rows", "info"})
)  # fmt: skip
COLUMN_KINDS = KINDS - FILE_KINDS - PICK_KINDS - frozenset({"person_rows", "info", "textarea", "choices"})

TEXT_LENGTH = 200
TEXTAREA_LENGTH = 2000


@dataclass(frozen=True)
class Text:
    """One sentence in both languages; printing it gives the reader's language."""

    zh: str = ""
    en: str = ""

    @classmethod
    def from_json(cls, data: Any) -> Self:
        if isinstance(data, Mapping):
            return cls(zh=str(data.get("zh") or "").strip(), en=str(data.get("en") or "").strip())
        return cls(zh=str(data or "").strip())

    def to_json(self) -> dict[str, str]:
        return {"zh": self.zh, "en": self.en}

    def in_language(self, language: str | None) -> str:
        if language and language.startswith("en"):
            return self.en or self.zh
        return self.zh or self.en

    def __str__(self) -> str:
        return self.in_language(get_language())

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)


@dataclass(frozen=True)
class Option:
    value: str
    label: Text
    hint: Text = Text()

    @classmethod
    def from_json(cls, data: Any) -> Self:
        if not isinstance(data, Mapping):
            return cls(str(data or ""), Text.from_json(data))
        return cls(str(data.get("value") or ""), Text.from_json(data.get("label")), Text.from_json(data.get("hint")))

    def to_json(self) -> Json:
        return _lean({"value": self.value, "label": self.label.to_json(), "hint": _text(self.hint)})


@dataclass(frozen=True, kw_only=True)
class Condition:
    """When a question is asked: what an earlier answer must be. All parts that are given must hold."""

    field: str
    among: tuple[str, ...] = ()
    not_among: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    filled: bool | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            field=str(data.get("field") or ""),
            among=tuple(canonical(value) for value in _list(data.get("in"))),
            not_among=tuple(canonical(value) for value in _list(data.get("not_in"))),
            minimum=as_number(data.get("min")),
            maximum=as_number(data.get("max")),
            filled=data.get("filled") if isinstance(data.get("filled"), bool) else None,
        )

    def to_json(self) -> Json:
        return _lean(
            {
                "field": self.field,
                "in": list(self.among),
                "not_in": list(self.not_among),
                "min": self.minimum,
                "max": self.maximum,
                "filled": self.filled,
            }
        )

    def holds(self, answers: Answers) -> bool:
        value = answers.get(self.field)
        is_filled = value not in (None, "", [], {})
        if self.filled is not None and is_filled != self.filled:
            return False
        values = {canonical(part) for part in (value if isinstance(value, list) else [value])} if is_filled else set()
        if self.among and not values & set(self.among):
            return False
        if self.not_among and (values & set(self.not_among) or not is_filled):
            return False
        if self.minimum is None and self.maximum is None:
            return True
        number = len(value) if isinstance(value, list) else as_number(value)
        if number is None:
            return False
        return (self.minimum is None or number >= self.minimum) and (self.maximum is None or number <= self.maximum)


@dataclass(frozen=True, kw_only=True)
class Field:
    """One question. Which members matter depends on ``kind``; see the reference."""

    key: str
    kind: str
    label: Text
    hint: Text = Text()
    optional: bool = False
    sensitive: bool = False
    options: tuple[Option, ...] = ()
    minimum: Any = None
    maximum: Any = None
    min_length: int = 0
    max_length: int = 0
    decimals: int = 0
    unit: Text = Text()
    format: str = ""
    landline: bool = False
    id_types: tuple[str, ...] = ("1",)
    show_if: tuple[Condition, ...] = ()
    not_above: str = ""
    not_below: str = ""
    prefill: str = ""
    autocomplete: str = ""
    max_files: int = 1
    accept: tuple[str, ...] = ("image", "pdf")
    columns: tuple["Field", ...] = ()
    min_rows: int = 1
    max_rows: int = 20
    noun: Text = Text()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        kind = str(data.get("kind") or "")
        return cls(
            key=str(data.get("key") or ""),
            kind=kind,
            label=Text.from_json(data.get("label")),
            hint=Text.from_json(data.get("hint")),
            optional=bool(data.get("optional")),
            sensitive=bool(data.get("sensitive", kind == "identity")),
            options=tuple(Option.from_json(option) for option in _list(data.get("options"))),
            minimum=data.get("min"),
            maximum=data.get("max"),
            min_length=_whole(data.get("min_length"), 0),
            max_length=_whole(data.get("max_length"), TEXTAREA_LENGTH if kind == "textarea" else TEXT_LENGTH),
            decimals=_whole(data.get("decimals"), 0),
            unit=Text.from_json(data.get("unit")),
            format=str(data.get("format") or ""),
            landline=bool(data.get("landline")),
            id_types=tuple(str(code) for code in _list(data.get("id_types"))) or ("1",),
            show_if=tuple(Condition.from_json(part) for part in mappings(data.get("show_if"))),
            not_above=str(data.get("not_above") or ""),
            not_below=str(data.get("not_below") or ""),
            prefill=str(data.get("prefill") or ""),
            autocomplete=str(data.get("autocomplete") or ""),
            max_files=_whole(data.get("max_files"), 6 if kind == "files" else 1),
            accept=tuple(str(part) for part in _list(data.get("accept"))) or ("image", "pdf"),
            columns=tuple(cls.from_json(column) for column in mappings(data.get("columns"))),
            min_rows=_whole(data.get("min_rows"), 0 if data.get("optional") else 1),
            max_rows=_whole(data.get("max_rows"), 20),
            noun=Text.from_json(data.get("noun")),
        )

    def to_json(self) -> Json:
        blank = type(self).from_json({"kind": self.kind, "optional": self.optional})
        told = {
            "key": self.key,
            "kind": self.kind,
            "label": self.label.to_json(),
            "hint": _text(self.hint),
            "optional": self.optional or None,
            "sensitive": self.sensitive if self.sensitive != blank.sensitive else None,
            "options": [option.to_json() for option in self.options],
            "min": self.minimum,
            "max": self.maximum,
            "unit": _text(self.unit),
            "format": self.format,
            "landline": self.landline or None,
            "show_if": [part.to_json() for part in self.show_if],
            "not_above": self.not_above,
            "not_below": self.not_below,
            "prefill": self.prefill,
            "autocomplete": self.autocomplete,
            "columns": [column.to_json() for column in self.columns],
            "noun": _text(self.noun),
        }
        for name in ("min_length", "max_length", "decimals", "max_files", "min_rows", "max_rows"):
            if getattr(self, name) != getattr(blank, name):
                told[name] = getattr(self, name)
        for name in ("id_types", "accept"):
            if getattr(self, name) != getattr(blank, name):
                told[name] = list(getattr(self, name))
        return {"key": self.key} | _lean(told)

    @property
    def is_asked(self) -> bool:
        return self.kind != "info"

    @property
    def is_file(self) -> bool:
        return self.kind in FILE_KINDS

    @property
    def has_sensitive(self) -> bool:
        return self.sensitive or any(column.sensitive for column in self.columns)

    def option_label(self, value: str) -> Text:
        return next((option.label for option in self.options if option.value == value), Text(value))

    def is_visible(self, answers: Answers) -> bool:
        return all(condition.holds(answers) for condition in self.show_if)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One page: one subject, few questions."""

    key: str
    title: Text
    hint: Text = Text()
    fields: tuple[Field, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            key=str(data.get("key") or ""),
            title=Text.from_json(data.get("title")),
            hint=Text.from_json(data.get("hint")),
            fields=tuple(Field.from_json(part) for part in mappings(data.get("fields"))),
        )

    def to_json(self) -> Json:
        hint = {"hint": self.hint.to_json()} if self.hint else {}
        fields = [part.to_json() for part in self.fields]
        return {"key": self.key, "title": self.title.to_json(), **hint, "fields": fields}

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(part.key for part in self.fields)


def visible_fields(steps: Sequence[Step], answers: Answers) -> list[Field]:
    """Questions whose conditions hold, in order. The answer to a hidden question counts as not given."""
    heard: Json = {}
    shown = []
    for part in (part for step in steps for part in step.fields):
        if part.is_visible(heard):
            shown.append(part)
            if part.key in answers:
                heard[part.key] = answers[part.key]
    return shown


def canonical(value: Any) -> str:
    """How a condition compares: yes/no for booleans, the identifier of a picked body, else the text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return str(value.get("value") or "")
    return "" if value is None else str(value)


def _list(value: Any) -> list[Any]:
    if value in (None, ""):
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def mappings(value: Any) -> list[Mapping[str, Any]]:
    return [part for part in _list(value) if isinstance(part, Mapping)]


def _whole(value: Any, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def as_number(value: Any) -> float | None:
    if isinstance(value, bool) or value in (None, ""):
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _text(text: Text) -> dict[str, str] | None:
    return text.to_json() if text else None


def _lean(data: Json) -> Json:
    return {key: value for key, value in data.items() if value not in (None, "", [])}
