"""Where a request goes: the body that can act on it, the person there with the least to do, and why."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Count, Q

from yiwang.kernel.ltree import is_within
from yiwang.net.cases.formulas import TRADE_WORDS, FirstRoute, RouteFacts, first_route
from yiwang.net.cases.models import Case
from yiwang.net.cases.models.case import OPEN_STATES
from yiwang.net.cases.queries.limits import DECIDE, HANDLE, plan_of
from yiwang.register.access.models import Appointment
from yiwang.register.access.queries import recused_users
from yiwang.register.access.roles import Capability
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Membership, Person
from yiwang.register.organisations.models import Employer, Kind, Organisation
from yiwang.register.organisations.queries import organisation_of_division

COUNTY_DIGITS = 6


@dataclass(frozen=True, kw_only=True)
class Situation:
    """Who asks, from where, about whom."""

    applicant: Person | None
    home: Organisation | None
    employer: Employer | None
    employer_name: str
    division_code: str
    new_form: str
    target: str
    anonymous: bool


@dataclass(frozen=True)
class Passage:
    """One hop: to which body, and the code of the reason."""

    organisation: Organisation
    code: str


@dataclass(frozen=True)
class Route:
    """Where a case begins, through which bodies it came, and who takes it."""

    organisation: Organisation
    handler: User | None
    passages: tuple[Passage, ...]


def find_route(
    situation: Situation, *, level: int, capability: Capability, on: dt.date, owner: Organisation | None = None
) -> Route | None:
    """None when nobody from there up to the top can take it.

    1. Begin at the union of the workplace, else the federation of the trade, else the region.
    2. Climb to the level that the service asks for, and out of reach of whoever is complained of.
    3. Climb on to the nearest body where somebody free of conflict holds the capability (small three levels).
    """
    federation = None if situation.home else _federation(situation)
    rule = first_route(
        RouteFacts(
            level=level,
            target=situation.target,
            anonymous=situation.anonymous,
            has_workplace=situation.home is not None,
            has_industry=federation is not None,
        )
    )
    start = situation.home or federation or _region(situation.division_code)
    if owner is not None and (start is None or not is_within(str(start.path), str(owner.path))):
        start = owner  # a local item stays with the body that offers it
    if start is None:
        return None
    return _climb(start, rule, situation, capability, on)


def _climb(
    start: Organisation,
    rule: FirstRoute,
    situation: Situation,
    capability: Capability,
    on: dt.date,
    barred: Iterable[int] = (),
) -> Route | None:
    line = line_of(start)
    allowed = [body for body in line if body.level <= rule.deepest] or line[-1:]
    free = free_holders(allowed, capability, situation, on, barred)
    passages = [Passage(start, rule.reasons[0])]
    if allowed[0] != start:
        passages.append(Passage(allowed[0], rule.reasons[1] if len(rule.reasons) > 1 else "level"))
    for body in allowed:
        if body.pk in free:
            if body != allowed[0]:
                passages.append(Passage(body, "nobody_below"))
            users = free[body.pk]
            if capability == HANDLE and len(users) > 1:
                users = whoever_only_handles(users, at=body, on=on)
            return Route(body, least_busy(users), tuple(passages))
    return None


def line_of(organisation: Organisation) -> list[Organisation]:
    """The body and every body above it that exists today, nearest first."""
    line = Organisation.objects.ancestors_of(organisation.path).active()
    return sorted({*line, organisation}, key=lambda body: -len(str(body.path)))


def free_holders(
    bodies: Iterable[Organisation],
    capability: Capability,
    situation: Situation,
    on: dt.date,
    barred: Iterable[int] = (),
) -> dict[int, list[User]]:
    """Officers by body id who may take this: they hold the capability there and have no tie to the matter."""
    posts = (
        Appointment.objects.in_force(on)
        .with_capability(capability)
        .filter(organisation__in=list(bodies), user__is_active=True)
        .select_related("user")
        .order_by("pk")
    )
    tied = barred_users(situation) | set(barred)
    free: dict[int, list[User]] = {}
    for post in posts:
        if post.user_id not in tied:
            free.setdefault(post.organisation_id, []).append(post.user)
    return free


def whoever_only_handles(users: list[User], *, at: Organisation, on: dt.date) -> list[User]:
    """Handling is given to those who do not decide, if there are any: who worked on a case may not decide it."""
    deciders = set(
        Appointment.objects.in_force(on)
        .with_capability(DECIDE)
        .filter(organisation=at, user__in=users)
        .values_list("user_id", flat=True)
    )
    return [user for user in users if user.pk not in deciders] or users


def barred_users(situation: Situation) -> set[int]:
    """Accounts with a tie: the applicant, declared recusals, and colleagues where the employer is complained of."""
    person, employer = situation.applicant, situation.employer
    barred = recused_users(person_id=person.pk if person else None, employer_id=employer.pk if employer else None)
    if person is not None and person.user_id:
        barred.add(person.user_id)
    if employer is not None and (situation.target or situation.anonymous):
        colleagues = Membership.objects.current().filter(employer=employer, person__user__isnull=False)
        barred.update(colleagues.values_list("person__user", flat=True))
    return barred


def situation_of(case: Case) -> Situation:
    """The situation of a case as it was submitted, for every later choice of a handler."""
    return Situation(
        applicant=case.applicant,
        home=case.home,
        employer=case.employer,
        employer_name=case.employer_name,
        division_code=case.division_code,
        new_form="",
        target=case.target,
        anonymous=case.anonymous_to_employer,
    )


def least_busy(users: list[User]) -> User | None:
    """Load balance by open cases (RI 4.4); the first appointed among equals."""
    if len(users) < 2:
        return users[0] if users else None
    # Index: case_open_by_handler.
    load = dict(
        Case.objects.filter(handler__in=users, state__in=OPEN_STATES)
        .values_list("handler")
        .annotate(n=Count("pk"))
        .order_by()
    )
    return min(users, key=lambda user: load.get(user.pk, 0))


def _region(code: str) -> Organisation | None:
    """The deepest regional body whose division contains the place, else the top of the tree."""
    found = organisation_of_division(code) if code else None
    return found or Organisation.objects.active().filter(parent=None).order_by("pk").first()


def _federation(situation: Situation) -> Organisation | None:
    """A federation of the trade within the county, for people in new forms of employment."""
    words = TRADE_WORDS.get(situation.new_form, ())
    if not words or len(situation.division_code) < COUNTY_DIGITS:
        return None
    county = _region(situation.division_code[:COUNTY_DIGITS])
    if county is None:
        return None
    named = reduce(or_, (Q(name__contains=word) for word in words))
    bodies = Organisation.objects.under(county.path).active().filter(named, kind=Kind.TRADE_FEDERATION)
    return bodies.order_by("level", "pk").first()


def _beginning(case: Case) -> Organisation:
    first = case.hops.select_related("to_organisation").order_by("pk").first()
    start = first.to_organisation if first is not None else case.organisation
    return start if case.organisation_id in {body.pk for body in line_of(start)} else case.organisation


def _named(case: Case, key: str) -> Organisation | None:
    """The body that the applicant named in the form, for a step that is done there (会籍转接: the new union)."""
    answer = case.answers.get(key) if key else None
    named = str((answer.get("value") if isinstance(answer, dict) else answer) or "")
    return Organisation.objects.active().filter(public_id=named).first() if named else None


def route_step(
    case: Case, index: int, *, on: dt.date, done_by: User | None = None, but: Iterable[int] = ()
) -> Route | None:
    """Who does that step of this case: at the body that the form names for it, else on the line where it began,
    unless it was moved off that line since.

    Where the service asks for two people, whoever did an earlier step is passed over at the deciding one.
    """
    plan = plan_of(case.version)
    step = plan.step(index)
    start = _named(case, step.at if step else "") or _beginning(case)
    rule = first_route(
        RouteFacts(
            level=step.level if step else 0,
            target=case.target,
            anonymous=case.anonymous_to_employer,
            has_workplace=True,
        )
    )
    earlier: set[int] = set()
    if index == plan.deciding_step and plan.needs_two_people:
        earlier = set(case.steps.exclude(handler=None).values_list("handler_id", flat=True))
        earlier |= {done_by.pk} if done_by else set()
    barred = earlier | set(but) | set(case.recusals.values_list("user_id", flat=True))
    return _climb(start, rule, situation_of(case), plan.capability(index), on, barred)


def free_officers(case: Case, *, on: dt.date, at: Organisation | None = None) -> list[User]:
    """Officers of the body, by default the one that has it, who may take the case at its present step."""
    plan = plan_of(case.version)
    body = at or case.organisation
    situation = situation_of(case)
    barred = set(case.recusals.values_list("user_id", flat=True))
    for capability in dict.fromkeys((plan.capability(case.step), HANDLE)):
        found = free_holders([body], capability, situation, on, barred).get(body.pk)
        if found:
            return found
    return []
