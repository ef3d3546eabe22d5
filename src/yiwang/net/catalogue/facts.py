"""What the register knows about a person, in the words of the rule vocabulary. Unknown facts stay out."""

import datetime as dt
from typing import Any

from yiwang.register.access.models import Appointment
from yiwang.register.access.roles import Role
from yiwang.register.members.codes import EmployKind, EmployState
from yiwang.register.members.models import Membership, Person
from yiwang.register.organisations.models import Organisation

Facts = dict[str, Any]

MEMBERSHIP = frozenset({"applied", "returned", "refused", "active", "moving", "retained", "quit", "lapsed", "expelled"})
BELONGING = frozenset({"active", "moving", "retained"})

EMPLOY_STATE = {
    EmployState.ON_POST: "working",
    EmployState.EARLY_RETIRED: "early_retired",
    EmployState.WAITING: "waiting",
    EmployState.UNEMPLOYED: "unemployed",
    EmployState.RETIRED: "retired",
    EmployState.REHIRED: "rehired",
    EmployState.MILITARY: "military",
    EmployState.STUDY: "study",
    EmployState.SECONDED: "seconded",
}

EMPLOY_KIND = {
    EmployKind.CONTRACT: "contract",
    EmployKind.DISPATCH: "dispatch",
    EmployKind.PART_TIME: "part_time",
    EmployKind.FLEXIBLE: "flexible",
    EmployKind.ESTABLISHED: "staff",
    EmployKind.APPOINTED: "hired",
    EmployKind.INTERN: "intern",
    EmployKind.PLATFORM: "platform",
}

UNION_ROLES = {Role.UNIT_CHAIR: "chair", Role.UNIT_CLERK: "clerk"}


def register_facts(
    person: Person, membership: Membership | None, appointments: list[Appointment], on: dt.date
) -> Facts:
    found: Facts = {
        "real_name_level": person.realname_level,
        "age": _years(person.birth_date, on),
        "city": _city(person.residence_division),
        "union_role": _union_role(appointments),
        "membership_state": "none",
    }
    if membership is not None:
        found |= _membership_facts(membership, on)
    return {name: value for name, value in found.items() if value is not None}


def _membership_facts(membership: Membership, on: dt.date) -> Facts:
    body = membership.organisation
    found: Facts = {"membership_state": membership.state if membership.state in MEMBERSHIP else "none"}
    if membership.state not in BELONGING:
        return found
    return found | {
        "months_in_union": _months(membership.joined_on, on),
        "employ_state": EMPLOY_STATE.get(EmployState(membership.employ_state)),
        "employ_kind": EMPLOY_KIND.get(EmployKind(membership.employ_kind)),
        "new_form": membership.new_form,
        "is_migrant": membership.is_migrant,
        "skill_level": membership.skill_level,
        "has_employer": membership.employer_id is not None,
        "employer_has_union": body.is_grassroots or None,
        "city": _city(body.division_code),
        "union_legal_person": body.uscc.startswith(("81", "89")) if body.uscc else None,
        "union_months": _months(body.founded_on, on),
    }


def _union_role(appointments: list[Appointment]) -> str:
    roles = [UNION_ROLES[Role(post.role)] for post in appointments if Role(post.role) in UNION_ROLES]
    return min(roles, key=list(UNION_ROLES.values()).index) if roles else "none"


def _years(since: dt.date | None, on: dt.date) -> int | None:
    if since is None or since > on:
        return None
    return on.year - since.year - ((on.month, on.day) < (since.month, since.day))


def _months(since: dt.date | None, on: dt.date) -> int | None:
    if since is None or since > on:
        return None
    return (on.year - since.year) * 12 + on.month - since.month - (on.day < since.day)


def _city(division: str) -> str | None:
    return f"{division[:4]}00" if division.startswith("32") and len(division) >= 6 else None


def held_by_register(person: Person, membership: Membership | None, on: dt.date) -> dict[str, tuple[Any, str]]:
    """What a form may be filled with: prefill path → (value, "person" | "membership", the place it comes from)."""
    held: dict[str, tuple[Any, str]] = {
        "person.name": (person.name, "person"),
        "person.phone": (person.phone, "person"),
    }
    if membership is None or membership.state not in BELONGING:
        return held
    body = membership.organisation
    held |= {
        "membership.organisation": (_picked(body.public_id, body.name), "membership"),
        "membership.division": (_division(body), "membership"),
        "membership.new_form": (membership.new_form, "membership"),
        "membership.skill_level": (str(membership.skill_level or ""), "membership"),
        "membership.post": (membership.post, "membership"),
        "membership.employer": (membership.employer.name if membership.employer else "", "membership"),
    }
    return held


# From this much a year, medical costs are a need to be named in a form.
NOTABLE_COSTS = 1_000_00
TROUBLES = {"wages_unpaid": "W1", "hurt_at_work": "W3", "dismissed": "W2"}


def held_by_answers(asked: Facts) -> dict[str, Any]:
    """The same from what a person told the finder: categories of rights requests, needs, the child's school."""
    troubles = [category for fact, category in TROUBLES.items() if asked.get(fact)]
    costs = asked.get("medical_self_paid")
    least = costs[0] if isinstance(costs, list | tuple) else costs
    needs = ["medical"] if least and least >= NOTABLE_COSTS else []
    needs += ["education"] if asked.get("child_stage") in ("senior", "higher") else []
    return {
        "finder.trouble": troubles[0] if troubles else "",
        "finder.complaints": [category for category in troubles if category != "W3"],
        "finder.needs": needs,
        "finder.child_stage": asked.get("child_stage", ""),
    }


def _picked(value: str, label: str) -> dict[str, str]:
    return {"value": value, "label": label}


def _division(body: Organisation) -> dict[str, str] | None:
    return _picked(body.division_code, body.division_code) if body.division_code else None
