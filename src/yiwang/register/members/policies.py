"""Who sees which persons and memberships: oneself, and officers with register.view in their subtrees."""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from yiwang.register.access.policies import can_at, holds, scope_paths, within_scope
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Membership, MembershipQuerySet, Person, PersonQuerySet

AnyUser = User | AnonymousUser
Check = Callable[[AnyUser, Person], bool]


def visible_to(user: AnyUser) -> PersonQuerySet:
    """Every list, page, export and endpoint about persons starts here."""
    if not user.is_authenticated:
        return Person.objects.none()
    own = Q(user_id=user.pk)
    if not scope_paths(user, "register.view"):
        return Person.objects.known().filter(own)
    belongs = Membership.objects.filter(within_scope(user, "register.view"), person=OuterRef("pk"))
    return Person.objects.known().filter(own | Q(Exists(belongs)))


def memberships_visible_to(user: AnyUser) -> MembershipQuerySet:
    """Memberships of one's own subtrees, for lists of officers."""
    if not scope_paths(user, "register.view"):
        return Membership.objects.none()
    return Membership.objects.filter(within_scope(user, "register.view"))


def get_person(user: AnyUser, public_id: str, *, must: Check | None = None) -> Person:
    """Fetch and authorise in one step. Unknown and forbidden persons look the same."""
    person = get_object_or_404(visible_to(user), public_id=public_id)
    if must is not None and not must(user, person):
        raise PermissionDenied
    return person


def is_own(user: AnyUser, person: Person) -> bool:
    return user.is_authenticated and person.user_id == user.pk


def may_reveal(user: AnyUser, person: Person) -> bool:
    """See the full numbers, with a purpose, where one may reveal in the person's union."""
    return _may(user, person, "register.reveal")


def may_edit(user: AnyUser, person: Person) -> bool:
    return _may(user, person, "register.edit")


def _may(user: AnyUser, person: Person, capability: str) -> bool:
    if not holds(user, capability):  # type: ignore[arg-type]  # a capability by its name
        return False
    bodies = Membership.objects.filter(person=person).values_list("organisation__path", flat=True)
    return any(can_at(user, capability, path) for path in bodies)  # type: ignore[arg-type]  # as above


def persons(rows: QuerySet[Membership]) -> QuerySet[Membership]:
    """With all that a row of the list shows, in one query."""
    return rows.select_related("person", "organisation", "employer")
