"""What would change if a figure were another: who gains, who loses, what it costs, on facts that stand still."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from yiwang.platform.rules.library.errors import MissingParameter
from yiwang.platform.rules.library.explaining import Version
from yiwang.platform.rules.library.model import Parameter, RuleSet
from yiwang.rights.aid.household import Household
from yiwang.rights.aid.reckoning import PERSON_RULES, RULES, Rules, assess_by

Key = tuple[str, ...]
Changes = Mapping[tuple[str, Key], int]
NOBODY = "none"


@dataclass
class Row:
    """One county: households and fen before and after."""

    county: str
    households: int = 0
    gaining: int = 0
    losing: int = 0
    before: int = 0
    after: int = 0
    let_in: int = 0
    let_go: int = 0

    @property
    def difference(self) -> int:
        return self.after - self.before

    def count(self, before: tuple[str, int], after: tuple[str, int]) -> None:
        self.households += 1
        self.before += before[1]
        self.after += after[1]
        self.gaining += after[1] > before[1]
        self.losing += after[1] < before[1]
        self.let_in += before[0] == NOBODY != after[0]
        self.let_go += before[0] != NOBODY == after[0]


@dataclass
class Rehearsal:
    """Every county and all of them together."""

    rows: list[Row] = field(default_factory=list)
    total: Row = field(default_factory=lambda: Row(""))
    stopped: int = 0


def choices_of(ruleset: RuleSet, on: dt.date) -> list[tuple[Parameter, Key, int]]:
    """The figures in force that may be tried."""
    return [(parameter, key, one.value) for parameter in ruleset.parameters for key, one in parameter.on(on).items()]


def with_changes(version: Version, changes: Changes, on: dt.date) -> Version:
    """The same rules with other figures on that day. Nothing is published by this."""
    parameters = tuple(_changed(parameter, changes, on) for parameter in version.ruleset.parameters)
    ruleset = dataclasses.replace(version.ruleset, parameters=parameters)
    return Version(ruleset, dataclasses.replace(version.compiled, sha256=ruleset.sha256), version.number)


def _changed(parameter: Parameter, changes: Changes, on: dt.date) -> Parameter:
    values = tuple(
        dataclasses.replace(value, value=changes[parameter.name, value.key])
        if value.holds_on(on) and (parameter.name, value.key) in changes
        else value
        for value in parameter.values
    )
    return dataclasses.replace(parameter, values=values)


def rehearse(rules: Rules, homes: Iterable[tuple[str, Household]], changes: Changes, on: dt.date) -> Rehearsal:
    """``homes``: the county and the frozen facts of each household. One without a line counts as stopped."""
    other = {key: with_changes(rules(key), changes, on) for key in (RULES, PERSON_RULES)}
    found = Rehearsal()
    counties: dict[str, Row] = {}
    for county, household in homes:
        try:
            before = assess_by(rules, household, on)
            after = assess_by(other.__getitem__, household, on)
        except MissingParameter:
            found.stopped += 1
            continue
        for row in (counties.setdefault(county, Row(county)), found.total):
            row.count((before.file_class, before.total), (after.file_class, after.total))
    found.rows = sorted(counties.values(), key=lambda row: row.county)
    return found


def lines_of(found: Rehearsal) -> Sequence[tuple[str, int, int, int, int, int, int, int, int]]:
    """Rows for a table or a file; amounts in fen."""
    return [
        (
            row.county,
            row.households,
            row.gaining,
            row.losing,
            row.let_in,
            row.let_go,
            row.before,
            row.after,
            row.difference,
        )
        for row in [*found.rows, found.total]
    ]
