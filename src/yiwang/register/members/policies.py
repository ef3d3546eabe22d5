"""Who sees which persons and memberships: oneself, and officers with register.view in their subtrees."""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from yiwang.kernel.clock import today
from yiwang.register.access.policies import (
    appointments_of,
    can,
    can_at,
    holds,
    organisations_where,
    scope_paths,
    within_scope,
)
from yiwang.register.access.roles import CAPABILITIES, Role
from yiwang.register.accounts.models import User
from yiwang.register.members.models import (
    Affiliation,
    Conflict,
    ConflictQuerySet,
    GroupLead,
    Membership,
    MembershipQuerySet,
    Merge,
    Person,
    PersonQuerySet,
    Release,
    ReleaseQuerySet,
)
from yiwang.register.members.queries import held_membership, led_by, person_of
from yiwang.register.organisations.models import Organisation

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


def may_open_photo(user: AnyUser, person_id: int) -> bool:
    """Oneself, and officers who see the record: never a list, never the public card."""
    return visible_to(user).filter(pk=person_id).exists()


def may_reveal(user: AnyUser, person: Person) -> bool:
    """See the full numbers, with a purpose, where one may reveal in the person's union."""
    return _may(user, person, "register.reveal")


def may_edit(user: AnyUser, person: Person) -> bool:
    return _may(user, person, "register.edit")


def may_decide(user: AnyUser, person: Person) -> bool:
    """Change a membership's standing: the chair or officer who decides, in the person's union (GT 2.13)."""
    return may_edit(user, person) and _may(user, person, "cases.decide") and not is_own(user, person)


def _may(user: AnyUser, person: Person, capability: str) -> bool:
    if not holds(user, capability):  # type: ignore[arg-type]  # a capability by its name
        return False
    bodies = Membership.objects.filter(person=person).values_list("organisation__path", flat=True)
    return any(can_at(user, capability, path) for path in bodies)  # type: ignore[arg-type]  # as above


def persons(rows: QuerySet[Membership]) -> QuerySet[Membership]:
    """With all that a row of the list shows, in one query."""
    return rows.select_related("person", "organisation", "employer")


def conflicts_visible_to(user: AnyUser) -> ConflictQuerySet:
    """Of the unions on either side; both sides see the same row."""
    sides = within_scope(user, "register.edit") | within_scope(user, "register.edit", field="claimed_by__path")
    return Conflict.objects.filter(sides).select_related("person", "other", "organisation", "claimed_by")


def get_conflict(user: AnyUser, public_id: str) -> Conflict:
    return get_object_or_404(conflicts_visible_to(user), public_id=public_id)


def may_merge(user: AnyUser, conflict: Conflict) -> bool:
    """Both records must lie in one's own scope: merging moves a membership (GT 2.10, D4)."""
    if not conflict.is_pair or conflict.state != Conflict.State.OPEN or conflict.other is None:
        return False
    return all(_may_or_free(user, person) for person in (conflict.person, conflict.other))


def _may_or_free(user: AnyUser, person: Person) -> bool:
    """In scope, or a record without any membership, which belongs to nobody."""
    return may_edit(user, person) or not Membership.objects.filter(person=person).exists()


HANDED_OVER = ("D1", "D8", "D9")
COUNTY_LEVEL = 4


def may_hand_over(user: AnyUser, conflict: Conflict) -> bool:
    """Who keeps the union that holds the membership lets go; a retained one the new union takes back itself (D9)."""
    if conflict.state != Conflict.State.OPEN or conflict.claimed_by is None or conflict.rule not in HANDED_OVER:
        return False
    held = held_membership(conflict.person)
    if held is None or held.organisation_id == conflict.claimed_by_id:
        return False
    is_back = conflict.rule == Conflict.Rule.RETAINED_BACK and held.state == Membership.State.RETAINED
    return can(user, "register.edit", held.organisation) or (
        is_back and can(user, "register.edit", conflict.claimed_by)
    )


def may_settle_dispatch(user: AnyUser, conflict: Conflict) -> bool:
    """A superior of both unions (D7)."""
    sides = (conflict.organisation, conflict.claimed_by)
    is_open = conflict.state == Conflict.State.OPEN and conflict.rule == Conflict.Rule.TWO_CLAIMS
    return is_open and all(side is not None and can(user, "register.edit", side) for side in sides)


def may_release_phone(user: AnyUser, conflict: Conflict) -> bool:
    """The county or above, with both people in its scope (D3)."""
    if conflict.rule != Conflict.Rule.SAME_PHONE or not may_merge(user, conflict):
        return False
    return any(post.organisation.level <= COUNTY_LEVEL for post in appointments_of(user))


def get_merge(user: AnyUser, public_id: str) -> Merge:
    merge = get_object_or_404(Merge.objects.select_related("kept", "dropped", "membership"), public_id=public_id)
    if not (holds(user, "register.edit") and may_edit(user, merge.kept)):
        raise Http404
    return merge


def get_own_affiliation(user: AnyUser, public_id: str) -> Affiliation:
    return get_object_or_404(Affiliation.objects.running(), public_id=public_id, person=person_of(user))


def get_place(user: AnyUser, public_id: str) -> Organisation:
    """A body whose register this user may read."""
    return get_object_or_404(organisations_where(user, "register.view"), public_id=public_id)


def first_place(user: AnyUser) -> Organisation:
    """The body of the user's first post with a register."""
    posts = appointments_of(user)
    able = [post.organisation for post in posts if "register.view" in CAPABILITIES[Role(post.role)]]
    return able[0]


def unions_edited_by(user: AnyUser) -> QuerySet[Organisation]:
    return organisations_where(user, "register.edit").filter(state=Organisation.State.ACTIVE)


def get_union(user: AnyUser, public_id: str) -> Organisation:
    """A union whose groups this user keeps."""
    return get_object_or_404(unions_edited_by(user), public_id=public_id)


def get_led_group(user: AnyUser, public_id: str) -> GroupLead:
    """The group this very person leads today."""
    for lead in led_by(person_of(user)):
        if lead.group.public_id == public_id:
            return lead
    raise Http404


def releases_visible_to(user: AnyUser) -> ReleaseQuerySet:
    """One's own requests, and those of the bodies where one may let lists go."""
    if not user.is_authenticated:
        return Release.objects.none()
    rows = Release.objects.filter(Q(asked_by=user.pk) | within_scope(user, "register.release", field="place__path"))
    return rows.select_related("place", "asked_by", "decided_by", "run")


def releases_to_decide(user: AnyUser) -> int:
    """How many wait for somebody like this user; no query for those who decide nothing."""
    return releases_visible_to(user).waiting().count() if holds(user, "register.release") else 0


def get_release(user: AnyUser, public_id: str) -> Release:
    return get_object_or_404(releases_visible_to(user), public_id=public_id)


def may_decide_release(user: AnyUser, release: Release) -> bool:
    """Another person, with that right at the place."""
    other = user.pk != release.asked_by_id
    return other and release.may_move(Release.State.APPROVED) and can(user, "register.release", release.place)


def may_take_release(user: AnyUser, release: Release) -> bool:
    """Who asked, while they still may see full numbers there, until the last day."""
    in_time = release.expires_on is not None and release.expires_on >= today()
    is_ready = release.state == Release.State.READY and in_time
    return is_ready and user.pk == release.asked_by_id and can(user, "register.reveal", release.place)


def place_of_release(user: AnyUser, public_id: str) -> Organisation:
    """The body whose list it is: the one the list was narrowed to, else that of the first post with full numbers."""
    if public_id:
        return get_object_or_404(organisations_where(user, "register.reveal"), public_id=public_id)
    return next(
        post.organisation for post in appointments_of(user) if "register.reveal" in CAPABILITIES[Role(post.role)]
    )
