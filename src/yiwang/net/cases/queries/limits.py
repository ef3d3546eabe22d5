"""Numbers a committee can change, and what a service version says, in the words of the case line."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from yiwang.kernel.clock import add_workdays, deadline, due_day, local_date, start_of
from yiwang.net.cases.formulas import KINDS, OTHER_KIND
from yiwang.net.cases.models import Clock
from yiwang.net.catalogue.definitions import Definition, Limit, Step
from yiwang.net.catalogue.models import ServiceVersion
from yiwang.platform.forms.library import FormDefinition
from yiwang.platform.rules.queries import parameter, work_calendar
from yiwang.register.access.roles import Capability

DECIDE: Capability = "cases.decide"
HANDLE: Capability = "cases.handle"
DISCIPLINE: Capability = "cases.discipline"


def limit(name: str, on: dt.date) -> int:
    """A whole number of the case line in force on that day, such as ``acceptance_limit``."""
    return int(parameter(f"cases.{name}", on))


@dataclass(frozen=True, eq=False)
class Plan:
    """What a service version lays down for every case of it."""

    code: str
    definition: Definition

    @property
    def kind(self) -> str:
        return KINDS.get(self.code[:2], OTHER_KIND)

    @property
    def target(self) -> str:
        return self.definition.target

    @property
    def appends_repeats(self) -> bool:
        return self.definition.append_repeats

    @property
    def steps(self) -> tuple[Step, ...]:
        return self.definition.steps

    def step(self, index: int) -> Step | None:
        return self.steps[index] if index < len(self.steps) else None

    def capability(self, index: int) -> Capability:
        if self.target == "union":
            return DISCIPLINE
        step = self.step(index)
        return cast(Capability, (step.capability if step else "") or HANDLE)

    @property
    def deciding_step(self) -> int:
        """The last step that decides; what follows it (publicity, payment) only carries the decision out."""
        deciding = [i for i, step in enumerate(self.steps) if step.capability == DECIDE]
        return deciding[-1] if deciding else max(0, len(self.steps) - 1)

    @property
    def needs_two_people(self) -> bool:
        step = self.step(self.deciding_step)
        return step is not None and step.two_person and self.deciding_step > 0

    @cached_property
    def form(self) -> FormDefinition:
        return FormDefinition.from_json(self.definition.form)

    @property
    def sensitive_keys(self) -> frozenset[str]:
        return self.form.sensitive_keys

    def promised(self, on: dt.date) -> Limit:
        """The promise of the service; one without its own limit takes the general one."""
        own = self.definition.promised_limit
        if own and own.unit in ("workday", "day", "hour", "month") and own.amount > 0:
            return own
        return Limit(amount=limit("default_promised", on), unit="workday")

    def legal(self) -> Limit | None:
        own = self.definition.legal_limit
        return own if own and own.unit in ("workday", "day", "hour", "month") and own.amount > 0 else None


def basis_of(clock: Clock) -> str:
    """Where its limit comes from, in the reader's language: the clock keeps the Chinese, the version has both."""
    plan = plan_of(clock.case.version)
    laid_down: dict[str, Limit | None] = {
        Clock.Kind.PROMISED: plan.definition.promised_limit,
        Clock.Kind.LEGAL: plan.definition.legal_limit,
    }
    known = laid_down.get(clock.kind)
    return str(known.basis) if known is not None and known.basis.zh == clock.basis else clock.basis


def plan_of(version: ServiceVersion) -> Plan:
    """Made once per version object: a page asks many times."""
    known: Plan | None = version.__dict__.get("_plan")
    if known is None:
        known = Plan(code=version.service.code, definition=version.content)
        version.__dict__["_plan"] = known
    return known


def is_open_on(version: ServiceVersion, on: dt.date) -> bool:
    """Published, and within its yearly season when it has one."""
    if version.state != ServiceVersion.State.PUBLISHED:
        return False
    season = version.content.window
    if season is None or not season.opens or not season.closes:
        return True
    day = f"{on:%m-%d}"
    if season.opens <= season.closes:
        return season.opens <= day <= season.closes
    return day >= season.opens or day <= season.closes


def promise_day(version: ServiceVersion, now: dt.datetime) -> dt.date:
    """The very last day for an answer to a request handed in now: acceptance on its last day, then the promise."""
    calendar = work_calendar()
    accepted = add_workdays(local_date(now), limit("acceptance_limit", local_date(now)), calendar)
    promised = plan_of(version).promised(accepted)
    return due_day(deadline(start_of(accepted), promised.amount, promised.unit, calendar, at=now))  # type: ignore[arg-type]  # one of the choices
