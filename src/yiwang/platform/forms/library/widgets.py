"""How each kind of question is asked in HTML. Every widget carries its own repair offer and “already on file” line."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.datastructures import MultiValueDict

from yiwang.platform.forms.library.fields import CHOICE_KINDS, FILE_KINDS, PICK_KINDS, Field
from yiwang.platform.forms.library.reading import NO, YES, Typed

MANY_OPTIONS = 10
INPUTMODE = {"number": "numeric", "money": "decimal", "date": "numeric", "phone": "tel", "identity": "text"}
AUTOCOMPLETE = {"phone": "tel-national"}


class AnswerWidget(forms.Widget):
    """A widget that knows its question, what is offered as a repair and what is already on file."""

    question: Field
    suggestion: Any = None
    on_file: str = ""
    is_new: bool = False
    css: tuple[str, ...] = ("inp",)
    extra: dict[str, Any]

    def __init__(self, question: Field, attrs: dict[str, Any] | None = None, **extra: Any) -> None:
        super().__init__(attrs)
        self.question = question
        self.extra = extra

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        classes = context["widget"]["attrs"].get("class", "").split()
        context["widget"]["attrs"].pop("class", None)
        context["widget"] |= {
            "css": " ".join(dict.fromkeys([*self.css, *(name for name in classes if name != "inp")])),
            "question": self.question,
            "unit": str(self.question.unit),
            "suggestion": self.suggestion,
            "on_file": self.on_file,
            "is_new": self.is_new,
            **self.extra,
        }
        return context

    def format_value(self, value: Any) -> Any:
        return "" if value is None else str(value)


class LineWidget(AnswerWidget):
    """One line of text, a number, an amount, a date, a telephone or identity number."""

    template_name = "forms/widgets/line.html"

    @property
    def css(self) -> tuple[str, ...]:  # type: ignore[override]  # figures stand in columns
        return ("inp", "num") if self.question.kind in ("number", "money", "date", "phone", "identity") else ("inp",)


class TextareaWidget(AnswerWidget):
    template_name = "forms/widgets/textarea.html"


class OptionsWidget(AnswerWidget):
    """Full-width cards; a list to fold out above ten options. Ticks are told as text values."""

    template_name = "forms/widgets/options.html"
    use_fieldset = True

    @property
    def is_multiple(self) -> bool:
        return self.question.kind == "choices"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        if self.is_multiple:
            return data.getlist(name) if isinstance(data, MultiValueDict) else data.get(name, [])
        return data.get(name)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        given = value if isinstance(value, list | tuple) else [value]
        chosen = {{True: YES, False: NO}.get(part, str(part)) for part in given if part not in (None, "")}
        options = self.extra["choices"]
        context["widget"]["options"] = [
            {"value": option, "label": label, "hint": hint, "is_chosen": option in chosen, "place": place}
            for place, (option, label, hint) in enumerate(options)
        ]
        context["widget"]["type"] = "checkbox" if self.is_multiple else "radio"
        context["widget"]["is_list"] = len(options) > MANY_OPTIONS and not self.is_multiple
        return context

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return f"{id_}_0" if id_ and len(self.extra["choices"]) <= MANY_OPTIONS else id_


class PickWidget(AnswerWidget):
    """A search box for a body; without JavaScript the hits come back as cards to choose from."""

    template_name = "forms/widgets/pick.html"
    choices: tuple[Any, ...] = ()

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Typed:
        return Typed(
            text=str(data.get(name) or ""),
            pick=str(data.get(f"{name}-pick") or ""),
            offered_for=str(data.get(f"{name}-for") or ""),
        )

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        text, pick = "", ""
        if isinstance(value, Typed):
            text, pick = value.text, value.pick
        elif isinstance(value, Mapping):
            text, pick = str(value.get("label") or value.get("text") or ""), str(value.get("value") or "")
        elif value:
            text = str(value)
        context["widget"] |= {"text": text, "pick": pick, "hits": self.choices}
        return context

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}-pick" not in data


class FilesWidget(AnswerWidget):
    """What was uploaded so far, each with its result, and the input for more."""

    template_name = "forms/widgets/files.html"
    needs_multipart_form = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [item.public_id for item in self.extra["documents"]]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        documents = self.extra["documents"]
        context["widget"] |= {
            "describedby": context["widget"]["attrs"].get("aria-describedby", ""),
            "is_invalid": "aria-invalid" in context["widget"]["attrs"],
            "photo_limit": settings.PHOTO_LIMIT // settings.MEGABYTE,
            "file_limit": settings.FILE_LIMIT // settings.MEGABYTE,
            "is_full": len(documents) >= self.question.max_files,
            "is_multiple": self.question.max_files > 1,
        }
        return context


class RowsWidget(AnswerWidget):
    """Rows of persons; “add a row” and “take it out” are submit buttons."""

    template_name = "forms/widgets/rows.html"
    use_fieldset = True

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[dict[str, Any]]:
        return rows_of(data, name, self.question)

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return ""

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False


def rows_of(data: Mapping[str, Any], name: str, question: Field) -> list[dict[str, Any]]:
    """The rows a page sent as “household-0-name”, “household-2-name” …, in the order of their numbers."""
    found: dict[int, dict[str, Any]] = {}
    columns = {column.key for column in question.columns}
    for key in data:
        prefix, _, rest = str(key).partition(f"{name}-")
        place, _, column = rest.partition("-")
        if not prefix and column in columns and place.isascii() and place.isdigit() and len(place) <= 4:
            found.setdefault(int(place), {})[column] = data.get(key)
    return [found[place] for place in sorted(found)]


def widget_for(question: Field, **extra: Any) -> AnswerWidget:
    kind = question.kind
    if kind in CHOICE_KINDS or kind == "yesno":
        return OptionsWidget(question, **extra)
    if kind in PICK_KINDS:
        return PickWidget(question, {"autocomplete": "off", "enterkeyhint": "search"}, **extra)
    if kind in FILE_KINDS:
        return FilesWidget(question, **extra)
    if kind == "person_rows":
        return RowsWidget(question, **extra)
    # A rare character is two units to the browser and one to us: its limit must never cut a name short.
    attrs: dict[str, Any] = {"maxlength": question.max_length * 2} if kind in ("text", "textarea") else {}
    if kind == "textarea":
        return TextareaWidget(question, attrs | {"rows": 5, "enterkeyhint": "enter"}, **extra)
    attrs["enterkeyhint"] = "next"
    if kind in ("money", "identity", "phone"):
        attrs["data-kind"] = kind
    if kind == "number" and question.decimals:
        attrs["inputmode"] = "decimal"
    elif kind in INPUTMODE:
        attrs["inputmode"] = INPUTMODE[kind]
    elif question.format == "bank_card":
        attrs["inputmode"] = "numeric"
    attrs["autocomplete"] = question.autocomplete or AUTOCOMPLETE.get(kind) or "off"
    if question.autocomplete == "name":
        attrs["autocomplete"] = "name"
    return LineWidget(question, attrs, **extra)
