"""A form as data: JSON in the table, frozen objects in the code.

``FormDefinition.from_json`` is forgiving, for the editor shows half-written forms; ``problems()`` is strict and says
in words what is wrong. The JSON is described in ``docs/reference/forms.md``.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

from yiwang.platform.forms.library.answers import Summary, summary
from yiwang.platform.forms.library.fields import Answers, Field, Json, Step, mappings, visible_fields
from yiwang.platform.forms.library.problems import problems_of


@dataclass(frozen=True, kw_only=True)
class FormDefinition:
    """All questions of one service, in the order in which they are asked."""

    steps: tuple[Step, ...] = ()
    source: Json | None = field(default=None, compare=False, repr=False)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        steps = tuple(Step.from_json(part) for part in mappings(data.get("steps")))
        return cls(steps=steps, source=dict(data))

    def to_json(self) -> Json:
        return {"steps": [step.to_json() for step in self.steps]}

    @cached_property
    def hash(self) -> str:
        """The version: two definitions that ask the same have the same hash."""
        text = json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def problems(self) -> list[str]:
        """What the editor must mend before this form can be published; empty when nothing."""
        return problems_of(self.source if self.source is not None else self.to_json())

    def step(self, key: str) -> Step | None:
        return next((step for step in self.steps if step.key == key), None)

    def fields(self) -> Iterator[Field]:
        for step in self.steps:
            yield from step.fields

    @cached_property
    def by_key(self) -> Mapping[str, Field]:
        return {part.key: part for part in self.fields()}

    @cached_property
    def sensitive_keys(self) -> frozenset[str]:
        return frozenset(part.key for part in self.fields() if part.has_sensitive)

    def visible_fields(self, answers: Answers) -> list[Field]:
        return visible_fields(self.steps, answers)

    def visible_steps(self, answers: Answers) -> list[Step]:
        """The steps that ask or tell this person something."""
        shown = {part.key for part in self.visible_fields(answers)}
        return [step for step in self.steps if step.keys & shown]

    def next_step(self, key: str, answers: Answers) -> Step | None:
        return self._neighbour(key, answers, +1)

    def previous_step(self, key: str, answers: Answers) -> Step | None:
        return self._neighbour(key, answers, -1)

    def position(self, key: str, answers: Answers) -> tuple[int, int]:
        """(3, 6) for 第3步，共6步."""
        keys = [step.key for step in self.visible_steps(answers)]
        return (keys.index(key) + 1 if key in keys else 1), len(keys)

    def summary(self, answers: Answers, language: str | None = None) -> Summary:
        return summary(self.steps, answers, language)

    def _neighbour(self, key: str, answers: Answers, way: int) -> Step | None:
        all_keys = [step.key for step in self.steps]
        shown = {step.key for step in self.visible_steps(answers)} | {key}
        ordered = [name for name in all_keys if name in shown]
        place = ordered.index(key) + way if key in ordered else -1
        return self.step(ordered[place]) if 0 <= place < len(ordered) else None
