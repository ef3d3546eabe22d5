"""Reads about appointments, mandates, recusals and looks."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Q, QuerySet

from yiwang.kernel.clock import today
from yiwang.kernel.ltree import prefixes_of
from yiwang.register.access.models import Appointment, Look, Mandate, Recusal
from yiwang.register.access.roles import Capability
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Employer, Organisation


def holders(organisation: Organisation, capability: Capability, *, on: dt.date | None = None) -> QuerySet[User]:
    """Who may do this as an officer of this very organisation (not of one above it)."""
    posts = Appointment.objects.in_force(on or today()).with_capability(capability).filter(organisation=organisation)
    return User.objects.filter(is_active=True, pk__in=posts.values("user")).order_by("name", "pk")


def nearest_with(
    organisation: Organisation, capability: Capability, *, on: dt.date | None = None
) -> Organisation | None:
    """The organisation itself, or the nearest ancestor, where somebody holds the capability: the safety net."""
    posts = Appointment.objects.in_force(on or today()).with_capability(capability)
    manned = posts.filter(user__is_active=True).values("organisation")
    line = Organisation.objects.filter(path__in=prefixes_of(str(organisation.path)), pk__in=manned)
    return max(line, key=lambda body: len(str(body.path)), default=None)


def appointments_in_force(user: User | int, on: dt.date) -> QuerySet[Appointment]:
    return Appointment.objects.in_force(on).filter(user=user).select_related("organisation").order_by("pk")


def matching(posts: QuerySet[Appointment], text: str) -> QuerySet[Appointment]:
    """Appointments whose person or organisation has this in its name."""
    return posts.filter(Q(user__name__contains=text) | Q(organisation__name__contains=text))


def mandates_for(delegate: User, *, on: dt.date | None = None) -> QuerySet[Mandate]:
    """Whom this account may act for on that day."""
    given = Mandate.objects.filter(delegate=delegate, state=Mandate.State.GIVEN)
    return given.filter(valid_until__gte=on or today()).order_by("valid_until", "pk")


def mandates_of(person_id: int) -> QuerySet[Mandate]:
    """Every mandate a person was asked for, newest first: shown on their own page."""
    return Mandate.objects.filter(person_id=person_id).select_related("delegate").order_by("-asked_at", "-pk")


def recusals_of(user: User) -> QuerySet[Recusal]:
    return Recusal.objects.filter(user=user, ended_at=None).select_related("employer").order_by("-declared_at", "-pk")


def organisation_of(scope: QuerySet[Organisation], public_id: str) -> Organisation | None:
    return scope.filter(public_id=public_id).first() if public_id else None


def organisations_named(scope: QuerySet[Organisation], text: str) -> QuerySet[Organisation]:
    """Bodies of this scope with the text in their name, or with exactly this code."""
    wanted = text.strip()
    return scope.filter(Q(name__contains=wanted) | Q(code=wanted)).order_by("level", "code")


def employer_named(text: str) -> Employer | None:
    """The employer with exactly this credit code or name."""
    wanted = text.strip()
    return Employer.objects.filter(Q(uscc=wanted) if wanted[:1].isdigit() else Q(name=wanted)).order_by("pk").first()


def account_of_phone(phone: str) -> User | None:
    return User.objects.filter(phone=phone, is_active=True).first()


def recused_users(*, person_id: int | None, employer_id: int | None) -> set[int]:
    """Ids of the accounts that must not handle a matter of this person or this employer."""
    declared = Recusal.objects.filter(ended_at=None)
    ids: set[int] = set()
    if person_id is not None:
        ids.update(declared.filter(person_id=person_id).values_list("user_id", flat=True))
    if employer_id is not None:
        ids.update(declared.filter(employer_id=employer_id).values_list("user_id", flat=True))
    return ids


def looks_at(person_id: int) -> QuerySet[Look]:
    """Who looked at this person's data, newest first."""
    return Look.objects.filter(person_id=person_id).order_by("-at", "-pk")


def first_holders(
    bodies: Sequence[Organisation], capability: Capability, *, on: dt.date | None = None
) -> dict[int, str]:
    """Who to ask at each of these bodies: the name of the longest-serving holder, by body id; one query."""
    posts = Appointment.objects.in_force(on or today()).with_capability(capability).filter(organisation__in=bodies)
    rows = posts.order_by("-valid_from", "-pk").values_list("organisation_id", "user__name")
    return dict(rows)
