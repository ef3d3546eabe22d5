"""One page of the editor: a form and lists of rows over one definition, saved as a whole.

Adding, moving and taking away are submit buttons named ``op`` (“add:materials”, “up:steps:2”): no script is needed.
"""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yiwang.net.catalogue.definitions import Json, tidy
from yiwang.net.catalogue.forms.rows import PartForm
from yiwang.net.catalogue.forms.sections import RowList, Section

KEY_START = 1


@dataclass(frozen=True)
class Row:
    place: int
    anchor: str
    form: PartForm
    is_first: bool
    is_last: bool


@dataclass(frozen=True)
class Listed:
    rows_of: RowList
    rows: list[Row]

    @property
    def anchor(self) -> str:
        return self.rows_of.name.replace(".", "-")


class Sheet:
    def __init__(
        self,
        definition: Json,
        section: Section,
        *,
        lists: tuple[RowList, ...] | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        self.definition = definition
        self.section = section
        self.data = data
        form = section.form if lists is None else None
        self.main = form(data, initial=form.initial_of(definition), prefix="main") if form else None
        self.lists = [self._listed(rows_of) for rows_of in (section.lists if lists is None else lists)]

    def _listed(self, rows_of: RowList) -> Listed:
        parts = part_at(self.definition, rows_of.name) or []
        settings = rows_of.settings(self.definition)
        rows = []
        for place, part in enumerate(parts):
            prefix = f"{rows_of.name.replace('.', '-')}-{place}"
            form = rows_of.form(self.data, initial=rows_of.form.initial_of(part), prefix=prefix, **settings)
            rows.append(Row(place, prefix, form, place == 0, place == len(parts) - 1))
        return Listed(rows_of, rows)

    @property
    def forms(self) -> list[PartForm]:
        main = [self.main] if self.main else []
        return [*main, *[row.form for listed in self.lists for row in listed.rows]]

    def is_valid(self) -> bool:
        # Every form is asked, so that every error shows.
        valid = [form.is_valid() for form in self.forms]
        return all(valid)

    def changes(self, op: str) -> Json:
        """The parts of the definition that this page writes, after the row operation ``op``."""
        written = copy.deepcopy(self.definition)
        if self.main:
            written = self.main.to_json(written)
        for listed in self.lists:
            parts = part_at(self.definition, listed.rows_of.name) or []
            rows = [row.form.to_json(parts[row.place]) for row in listed.rows]
            put_at(written, listed.rows_of.name, moved(rows, listed.rows_of, op))
        old, new = tidy(self.definition), tidy(written)
        return {name: new.get(name) for name in {**old, **new} if old.get(name) != new.get(name)}


def moved(rows: list[Any], rows_of: RowList, op: str) -> list[Any]:
    verb, _, rest = op.partition(":")
    name, _, place_text = rest.partition(":")
    if name != rows_of.name:
        return rows
    if verb == "add":
        return [*rows, _blank(rows, rows_of)]
    place = int(place_text) if place_text.isdigit() else -1
    if not 0 <= place < len(rows):
        return rows
    if verb == "remove":
        return rows[:place] + rows[place + 1 :]
    other = {"up": place - 1, "down": place + 1}.get(verb, -1)
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
    return rows


def _blank(rows: list[Any], rows_of: RowList) -> Any:
    if not rows_of.key_letter:
        return {}
    taken = {row.get("key") for row in rows}
    number = KEY_START
    while f"{rows_of.key_letter}{number}" in taken:
        number += 1
    return {"key": f"{rows_of.key_letter}{number}"}


def part_at(definition: Json, name: str) -> Any:
    found: Any = definition
    for label in name.split("."):
        if isinstance(found, list):
            place = int(label)
            found = found[place] if place < len(found) else None
        else:
            found = (found or {}).get(label)
    return found


def put_at(definition: Json, name: str, value: Any) -> None:
    *way, last = name.split(".")
    found: Any = definition
    for label in way:
        found = found[int(label)] if isinstance(found, list) else found.setdefault(label, {})
    found[last] = value
