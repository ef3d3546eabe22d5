"""A rule set with the figures that people published in place of those of its file."""

import dataclasses
from collections.abc import Iterable, Mapping

from yiwang.platform.rules.files import packaged_book
from yiwang.platform.rules.library.model import Parameter, RuleSet, Value
from yiwang.platform.rules.library.words import Words
from yiwang.platform.rules.models import ParameterValue, row_key

Rows = Mapping[str, list[ParameterValue]]


def full_name(ruleset: RuleSet, parameter: Parameter) -> str:
    """As the figure stands in the table: a programme's own under the name of the programme."""
    is_own = parameter.name in packaged_book().own_parameters.get(ruleset.key, {})
    return f"{ruleset.key}.{parameter.name}" if is_own else parameter.name


def published_rows(names: Iterable[str] | None = None) -> dict[str, list[ParameterValue]]:
    """Every row of each figure of which people published one, by name; the earliest first."""
    touched = ParameterValue.objects.filter(origin=ParameterValue.Origin.PUBLISHED).values("name")
    rows = ParameterValue.objects.filter(name__in=touched).order_by("valid_from")
    found: dict[str, list[ParameterValue]] = {}
    for row in rows if names is None else rows.filter(name__in=list(names)):
        found.setdefault(row.name, []).append(row)
    return found


def with_figures(ruleset: RuleSet, rows: Rows) -> RuleSet:
    """The same rules; days that have passed keep their figures, for every row keeps its days."""
    parameters = tuple(
        _with_rows(parameter, rows.get(full_name(ruleset, parameter), [])) for parameter in ruleset.parameters
    )
    return dataclasses.replace(ruleset, parameters=parameters)


def _with_rows(parameter: Parameter, rows: list[ParameterValue]) -> Parameter:
    if not rows:
        return parameter
    # In the order of the file's keys, by which the compiled columns go.
    values = [_value(row, key) for key in parameter.key_values for row in rows if row.key == row_key(key)]
    return dataclasses.replace(parameter, values=tuple(values))


def _value(row: ParameterValue, key: tuple[str, ...]) -> Value:
    return Value(
        value=row.value,
        valid_from=row.valid_from,
        source=Words(row.source_zh, row.source_en),
        evidence=row.evidence,
        valid_to=row.valid_to,
        key=key,
    )
