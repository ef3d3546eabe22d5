"""Pools of the counties: made when first needed, left for a union of one's own."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.urls import reverse

from yiwang.grassroots.joining.errors import NobodyAbove
from yiwang.grassroots.joining.events import MovedFromPool
from yiwang.grassroots.joining.models import Pool
from yiwang.platform.journal.actions import record
from yiwang.platform.notify.actions import send
from yiwang.register.accounts.models import User
from yiwang.register.members import actions as members
from yiwang.register.members.models import Membership
from yiwang.register.organisations.actions import create_organisation
from yiwang.register.organisations.models import Kind, Organisation
from yiwang.register.organisations.queries import nearest_of_level

NAME = "新就业形态群体工会周转库"


def pool_of(place: Organisation) -> Organisation:
    """The pool of the county around a body; made when first needed."""
    county = nearest_of_level(place, 4)
    if county is None or county.kind != Kind.COUNTY:
        raise NobodyAbove
    known = Pool.objects.filter(county=county).select_related("organisation").first()
    if known is not None:
        return known.organisation
    try:
        with transaction.atomic():
            name = county.name.removesuffix("总工会") + NAME
            body = create_organisation(name=name, kind=Kind.AREA_FEDERATION, parent=county, by=None)
            return Pool.objects.create(county=county, organisation=body).organisation
    except IntegrityError:  # somebody made it a moment ago
        return Pool.objects.select_related("organisation").get(county=county).organisation


@transaction.atomic
def move_from_pool(memberships: Iterable[Membership], target: Organisation, *, by: User) -> int:
    """Into a union of their own, by the union above; each person is told (GT 2.6)."""
    moved = 0
    for membership in memberships:
        members.transfer_membership(membership, target, by=by, reason="周转库转出")
        record(MovedFromPool(membership_id=membership.pk, organisation_id=target.pk), by=by)
        moved += 1
        user = membership.person.user
        if user is not None:
            send("joining/moved", to=user, context={"name": target.name}, link=reverse("members:membership"))
    return moved
