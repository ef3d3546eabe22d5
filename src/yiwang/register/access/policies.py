"""The one door: what an account may do, and where. Every other app's policies stand on these."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from yiwang.kernel.clock import today
from yiwang.kernel.ltree import is_within
from yiwang.register.access.models import Appointment, Mandate, Recusal
from yiwang.register.access.queries import appointments_in_force, mandates_for, mandates_of, recusals_of, recused_users
from yiwang.register.access.roles import ADMINISTRATORS, CAPABILITIES, GIVES_OUT, LEVELS, Capability, Role
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Organisation

AnyUser = User | AnonymousUser

_CACHE = "_access_appointments"


def appointments_of(user: AnyUser) -> list[Appointment]:
    """The user's appointments in force today, with their organisations: one query for each user object and day.

    ``request.user`` is a fresh object in every request, so an appointment that ends is gone with the next request.
    """
    if not isinstance(user, User):
        return []
    day = today()
    known: tuple[dt.date, list[Appointment]] | None = getattr(user, _CACHE, None)
    if known is None or known[0] != day:
        active = list(appointments_in_force(user, day)) if user.is_active else []
        known = (day, active)
        setattr(user, _CACHE, known)
    return known[1]


def forget(user: AnyUser) -> None:
    """Drop what this object remembers of its appointments, after they changed within one request."""
    if hasattr(user, _CACHE):
        delattr(user, _CACHE)


def is_staff(user: AnyUser) -> bool:
    return bool(appointments_of(user))


def roles_of(user: AnyUser) -> frozenset[Role]:
    return frozenset(Role(post.role) for post in appointments_of(user))


def scope_paths(user: AnyUser, capability: Capability) -> list[str]:
    """The roots of the subtrees where the user may do this; none lies within another."""
    paths = {
        str(post.organisation.path) for post in appointments_of(user) if capability in CAPABILITIES[Role(post.role)]
    }
    return sorted(path for path in paths if not any(is_within(path, other) for other in paths - {path}))


def holds(user: AnyUser, capability: Capability) -> bool:
    """May the user do this anywhere at all? For navigation and page doors; records need ``can``."""
    return any(capability in CAPABILITIES[Role(post.role)] for post in appointments_of(user))


def can(user: AnyUser, capability: Capability, organisation: Organisation) -> bool:
    return can_at(user, capability, str(organisation.path))


def can_at(user: AnyUser, capability: Capability, path: str) -> bool:
    return any(is_within(path, root) for root in scope_paths(user, capability))


def within_scope(user: AnyUser, capability: Capability, *, field: str = "organisation__path") -> Q:
    """The same scope as a condition on another table's path to the organisation. No query if none is held."""
    paths = scope_paths(user, capability)
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{field}__descendant": path})
    return condition


def organisations_where(user: AnyUser, capability: Capability) -> QuerySet[Organisation]:
    """Every organisation in the subtrees where the user may do this."""
    if not scope_paths(user, capability):
        return Organisation.objects.none()
    return Organisation.objects.filter(within_scope(user, capability, field="path"))


def may_act_for(user: AnyUser, person_id: int, *, service_code: str = "", on: dt.date | None = None) -> bool:
    """Did this person consent to the user acting for them (in this service)?"""
    return isinstance(user, User) and mandate_to_act(user, person_id, service_code=service_code, on=on) is not None


def mandate_to_act(user: User, person_id: int, *, service_code: str = "", on: dt.date | None = None) -> Mandate | None:
    given = mandates_for(user, on=on).filter(person_id=person_id)
    return given.filter(Q(service_code="") | Q(service_code=service_code)).first()


def is_recused(user: AnyUser, *, person_id: int | None = None, employer_id: int | None = None) -> bool:
    """Has the user declared (or had declared) a conflict with this person or employer?"""
    return user.pk in recused_users(person_id=person_id, employer_id=employer_id)


def givable_roles(user: AnyUser, organisation: Organisation) -> list[Role]:
    """The roles this user may give out at this organisation, in the order of ``Role``."""
    path = str(organisation.path)
    given = frozenset[Role]().union(
        *(
            GIVES_OUT.get(Role(post.role), frozenset())
            for post in appointments_of(user)
            if is_within(path, str(post.organisation.path))
        )
    )
    return [role for role in Role if role in given and organisation.level in LEVELS[role]]


def may_give(user: AnyUser, role: str, organisation: Organisation) -> bool:
    return Role(role) in givable_roles(user, organisation)


def appointments_visible_to(user: AnyUser) -> QuerySet[Appointment]:
    """Appointments in the subtrees where the user appoints."""
    scope = within_scope(user, "access.appoint")
    return Appointment.objects.filter(scope).select_related("user", "organisation", "proposed_by", "confirmed_by")


def get_appointment(user: AnyUser, public_id: str) -> Appointment:
    return get_object_or_404(appointments_visible_to(user), public_id=public_id)


def may_confirm(user: AnyUser, appointment: Appointment) -> bool:
    return (
        appointment.may_move(Appointment.State.IN_FORCE)
        and user.pk not in (appointment.user_id, appointment.proposed_by_id)
        and may_give(user, appointment.role, appointment.organisation)
    )


def may_end(user: AnyUser, appointment: Appointment) -> bool:
    return (
        appointment.may_move(Appointment.State.ENDED)
        and user.pk != appointment.user_id
        and may_give(user, appointment.role, appointment.organisation)
    )


def appointments_to_confirm(user: AnyUser) -> list[Appointment]:
    """Proposals that wait for this very user's second pair of eyes."""
    proposed = appointments_visible_to(user).filter(state=Appointment.State.PROPOSED).order_by("created_at")
    return [appointment for appointment in proposed[:50] if may_confirm(user, appointment)]


def is_security_admin(user: AnyUser) -> bool:
    return Role.SECURITY_ADMIN in roles_of(user)


def may_recover(user: AnyUser, account: User) -> bool:
    """Security administrators rebind a lost number; an officer's account only within their own scope."""
    if not is_security_admin(user) or user.pk == account.pk:
        return False
    return all(can(user, "access.appoint", post.organisation) for post in appointments_of(account))


def get_mandate(user: AnyUser, public_id: str) -> Mandate:
    """A mandate that this account holds or asked for."""
    return get_object_or_404(Mandate, delegate=user, public_id=public_id)


def get_mandate_of(person_id: int, public_id: str) -> Mandate:
    """A mandate that this person was asked for or gave."""
    return get_object_or_404(mandates_of(person_id), public_id=public_id)


def get_recusal(user: AnyUser, public_id: str) -> Recusal:
    return get_object_or_404(recusals_of(cast(User, user)), public_id=public_id)


def givable_role_choices(user: AnyUser) -> list[tuple[str, str]]:
    """Every role the user may give out somewhere, for a form that does not know the place yet."""
    given = frozenset[Role]().union(*(GIVES_OUT.get(role, frozenset()) for role in roles_of(user)))
    return [(role.value, str(role.label)) for role in Role if role in given]


def mandates_visible_to(user: User) -> QuerySet[Mandate]:
    return Mandate.objects.filter(delegate=user).order_by("-asked_at", "-pk")


def is_administrator(user: AnyUser) -> bool:
    return not ADMINISTRATORS.isdisjoint(roles_of(user))


View = Callable[..., HttpResponseBase]


def staff_required(view: View) -> View:
    """The door of a staff page: strangers sign in first, signed-in workers are refused."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not is_staff(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def capability_required(*capabilities: Capability) -> Callable[[View], View]:
    """The door of a page for those who hold one of these anywhere; the page's records need their own policy."""

    def door(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not any(holds(request.user, capability) for capability in capabilities):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return door
