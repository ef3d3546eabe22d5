"""Who may see, edit and publish which service. An item of the whole federation belongs to the root of the tree."""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from yiwang.net.catalogue.models import Service, ServiceVersion, ServiceVersionQuerySet
from yiwang.net.catalogue.queries import published, published_anywhere
from yiwang.register.access.policies import appointments_of, can_at, holds, scope_paths
from yiwang.register.access.roles import CAPABILITIES, Capability, Role
from yiwang.register.accounts.models import User
from yiwang.register.members.queries import current_membership, person_of
from yiwang.register.organisations.models import Organisation

AnyUser = User | AnonymousUser
Check = Callable[[AnyUser, ServiceVersion], bool]

_PATHS = "_catalogue_paths"


def paths_of(user: AnyUser) -> list[str]:
    """The bodies a person belongs to: where they are a member and where they serve. Remembered for the request."""
    known: list[str] | None = getattr(user, _PATHS, None)
    if known is None:
        known = [str(post.organisation.path) for post in appointments_of(user)]
        membership = current_membership(person_of(user))
        if membership:
            known.append(str(membership.organisation.path))
        setattr(user, _PATHS, known)
    return known


def offered_to(user: AnyUser) -> ServiceVersionQuerySet:
    """What lists show this person: items of the whole federation, local ones of their own bodies, and local ones for
    everybody where they live."""
    person = person_of(user)
    return published(paths=paths_of(user), places=[person.residence_division] if person is not None else [])


def found_by(user: AnyUser) -> ServiceVersionQuerySet:
    """What this person may read and ask for by its name: also local items for everybody of places we do not know they
    work in. Whether they do is said in the form and decided when they hand it in."""
    return published_anywhere(paths=paths_of(user))


def get_offered(user: AnyUser, code: str) -> ServiceVersion:
    return get_object_or_404(found_by(user), service__code=code.upper())


def _may(user: AnyUser, capability: Capability, service: Service) -> bool:
    if service.owner is None:
        return any("." not in path for path in scope_paths(user, capability))
    return can_at(user, capability, str(service.owner.path))


def may_open_editor(user: AnyUser) -> bool:
    return holds(user, "catalogue.edit") or holds(user, "catalogue.publish")


def in_editor(user: AnyUser) -> QuerySet[Service]:
    """Items of the whole federation, to read or start from, and local ones within the user's scope."""
    scope = Q(owner=None)
    for path in {*scope_paths(user, "catalogue.edit"), *scope_paths(user, "catalogue.publish")}:
        scope |= Q(owner__path__descendant=path)
    return Service.objects.filter(scope) if may_open_editor(user) else Service.objects.none()


def may_edit(user: AnyUser, version: ServiceVersion) -> bool:
    return _may(user, "catalogue.edit", version.service)


def may_publish(user: AnyUser, version: ServiceVersion) -> bool:
    """The second person: has the right here and did not write this version."""
    return _may(user, "catalogue.publish", version.service) and version.drafted_by_id != getattr(user, "pk", None)


def may_look(user: AnyUser, version: ServiceVersion) -> bool:
    return may_open_editor(user)


def get_version(user: AnyUser, code: str, number: int, *, must: Check = may_look) -> ServiceVersion:
    """Fetch and authorise in one step. Unknown and forbidden versions look the same."""
    versions = ServiceVersion.objects.filter(service__in=in_editor(user))
    versions = versions.select_related("service", "service__owner", "drafted_by", "published_by")
    version = get_object_or_404(versions, service__code=code, number=number)
    if not must(user, version):
        raise PermissionDenied
    return version


def owners_for(user: AnyUser) -> list[Organisation]:
    """The bodies for which the user may add a local service: where they hold the right, below the root."""
    found = {
        post.organisation.pk: post.organisation
        for post in appointments_of(user)
        if "catalogue.edit" in CAPABILITIES[Role(post.role)] and "." in str(post.organisation.path)
    }
    return list(found.values())
