"""The two lists that can be loaded, members and union bodies: which columns each has and what people call them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Choices

from yiwang.register.imports.library import bodies, columns, headings
from yiwang.register.imports.library.columns import Column


@dataclass(frozen=True)
class Layout:
    """Columns in the order of the template; words other people use for them; what may hold for every row at once."""

    kind: str
    title: str
    columns: tuple[Column, ...]
    landmarks: tuple[str, ...]
    usual: Mapping[str, Iterable[str]]
    choices: Mapping[str, type[Choices]]
    for_all_rows: tuple[str, ...]
    passed_over: tuple[str, ...] = ("serial", "remark")

    @cached_property
    def headings(self) -> dict[str, str]:
        return {column.key: column.heading for column in self.columns}

    @cached_property
    def other_landmarks(self) -> dict[str, str]:
        """Words people write over the columns by which a header is known, each with the column's own heading."""
        keys = {column.heading: column.key for column in self.columns}
        return {word: heading for heading in self.landmarks for word in self.usual.get(keys[heading], ())}

    @cached_property
    def required(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.is_required)


MEMBERS = Layout(
    kind="members",
    title="会员名册",
    columns=columns.COLUMNS,
    landmarks=columns.LANDMARKS,
    usual=headings.USUAL,
    choices=columns.CHOICES,
    for_all_rows=("id_type", "employer_name", "uscc", "employ_kind", "employ_state", "joined_on", "organisation"),
)
BODIES = Layout(
    kind="organisations",
    title="工会组织名单",
    columns=bodies.COLUMNS,
    landmarks=bodies.LANDMARKS,
    usual=bodies.USUAL,
    choices=bodies.CHOICES,
    for_all_rows=("kind", "parent", "division_code", "counted_on"),
)
LAYOUTS = {layout.kind: layout for layout in (MEMBERS, BODIES)}
