"""Who sees programmes and places, and who does what with them."""

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from yiwang.net.payments.models import Fund
from yiwang.register.access.policies import AnyUser, appointments_of, can, organisations_where, within_scope
from yiwang.register.access.queries import recusals_of
from yiwang.register.access.roles import CAPABILITIES, Capability, Role
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Membership
from yiwang.register.members.queries import current_membership, person_of
from yiwang.register.organisations.models import Organisation
from yiwang.rights.aid.models import Doubled, Place, Programme

COUNTY, TOWN = 4, 5
ENTITLED: frozenset[Capability] = frozenset({"cases.handle", "cases.decide"})


def programmes_visible_to(user: AnyUser) -> QuerySet[Programme]:
    """Programmes of the bodies where the user handles or decides cases, and of those above: they name people there."""
    bodies = organisations_where(user, "cases.handle") | organisations_where(user, "cases.decide")
    if not bodies.exists():
        return Programme.objects.none()
    paths = [str(path) for path in bodies.order_by("level").values_list("path", flat=True)[:1]]
    above = Organisation.objects.ancestors_of(paths[0])
    found = Q(organisation__in=bodies) | Q(organisation__in=above) & ~Q(state=Programme.State.DRAFT)
    return Programme.objects.filter(found).select_related("organisation", "fund", "draw")


def get_programme(user: AnyUser, public_id: str) -> Programme:
    return get_object_or_404(programmes_visible_to(user), public_id=public_id)


def may_lead(user: AnyUser, programme: Programme) -> bool:
    """Dates, quota, money, opening and closing, draws: who decides at the programme's own body."""
    return can(user, "cases.decide", programme.organisation)


def leading_bodies(user: AnyUser) -> QuerySet[Organisation]:
    """Bodies that make programmes: from the county up."""
    return organisations_where(user, "cases.decide").filter(level__lte=COUNTY).order_by("level", "name")


def funds_for(user: AnyUser) -> QuerySet[Fund]:
    """Open funds of those bodies and of the ones above."""
    bodies = list(leading_bodies(user)[:50])
    found = Q(pk__in=[])
    for body in bodies[:1]:
        found |= Q(organisation__in=Organisation.objects.ancestors_of(str(body.path)))
    found |= Q(organisation__in=[body.pk for body in bodies])
    return Fund.objects.filter(found, state=Fund.State.OPEN).select_related("organisation").order_by("name")


def may_name(user: AnyUser, programme: Programme) -> bool:
    """Naming people for a visit list: whoever handles cases somewhere below the programme's body."""
    return programme.spec.by_list and members_to_name(user, programme).exists()


def members_to_name(user: AnyUser, programme: Programme) -> QuerySet[Membership]:
    below = Q(organisation__path__descendant=str(programme.organisation.path))
    members = Membership.objects.filter(within_scope(user, "cases.handle"), below, state="active")
    return members.exclude(person__user=user if isinstance(user, User) else None).select_related(
        "person", "organisation"
    )


def places_visible_to(user: AnyUser) -> QuerySet[Place]:
    """Places of members of unions where the user handles or decides; never one's own, nor of people one is tied to."""
    if not isinstance(user, User):
        return Place.objects.none()
    tied = recusals_of(user).exclude(person_id=None).values("person_id")
    places = Place.objects.filter(_reaching(user) | Q(entered_by=user)).exclude(person__user=user)
    places = places.exclude(person_id__in=tied)
    return places.select_related("programme__organisation", "programme__fund", "person__user", "organisation")


def _reaching(user: AnyUser) -> Q:
    """Town level and above. A unit works beside the employer: it knows whom it named itself, and no reasons."""
    scope = Q(pk__in=[])
    for post in appointments_of(user):
        if post.organisation.level <= TOWN and ENTITLED & CAPABILITIES[Role(post.role)]:
            scope |= Q(organisation__path__descendant=str(post.organisation.path))
    return scope


def may_open_places(user: AnyUser) -> bool:
    """Whether the list links to what the rules say of each person."""
    posts = appointments_of(user)
    return any(post.organisation.level <= TOWN and ENTITLED & CAPABILITIES[Role(post.role)] for post in posts)


def places_to_open(user: AnyUser) -> QuerySet[Place]:
    return places_visible_to(user).filter(_reaching(user))


def get_place(user: AnyUser, public_id: str) -> Place:
    return get_object_or_404(places_to_open(user), public_id=public_id)


def get_double(user: AnyUser, public_id: str) -> Doubled:
    found = Doubled.objects.filter(place__in=places_to_open(user).values("pk")).select_related("place__programme")
    return get_object_or_404(found, public_id=public_id)


def may_check(user: AnyUser, place: Place) -> bool:
    """Papers are looked at where cases are handled at town or county: not by whoever decides the same place."""
    waits = place.state in (Place.State.ENTERED, Place.State.WAITING)
    return waits and can(user, "cases.handle", place.programme.organisation)


def may_decide(user: AnyUser, place: Place) -> bool:
    other = isinstance(user, User) and user.pk not in (place.checked_by_id, place.entered_by_id)
    waits = place.state in (Place.State.ENTERED, Place.State.WAITING)
    return (
        waits and other and place.checked_by_id is not None and can(user, "cases.decide", place.programme.organisation)
    )


def may_take_premium(user: AnyUser, place: Place) -> bool:
    owes = place.state == Place.State.GIVEN and place.premium > 0 and place.premium_on is None
    return owes and can(user, "cases.handle", place.programme.organisation)


def may_withdraw(user: AnyUser, place: Place) -> bool:
    return (
        place.premium_on is None
        and place.may_move(Place.State.WITHDRAWN)
        and can(user, "cases.handle", place.programme.organisation)
    )


def own_places(user: AnyUser) -> QuerySet[Place]:
    person = person_of(user)
    if person is None:
        return Place.objects.none()
    return Place.objects.filter(person=person).select_related("programme__organisation", "programme__draw", "receipt")


def get_own_place(user: AnyUser, public_id: str) -> Place:
    return get_object_or_404(own_places(user), public_id=public_id)


def own_paths(user: AnyUser) -> list[str]:
    membership = current_membership(person_of(user))
    return [str(membership.organisation.path)] if membership else []
