"""Who tells, who helps to edit, who tries, who promotes; what is shown everybody may read."""

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from yiwang.grassroots.practices.models import Adoption, Practice, Promotion
from yiwang.grassroots.practices.queries import promotions_of
from yiwang.kernel.ltree import is_within
from yiwang.register.access.policies import AnyUser, appointments_of, can, organisations_where, within_scope
from yiwang.register.access.roles import CAPABILITIES, Capability, Role
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Organisation

EDIT: Capability = "organisations.edit"
APPROVE: Capability = "organisations.approve"
PROMOTERS = (2, 3, 4)


def visible_to(user: AnyUser) -> QuerySet[Practice]:
    """What is shown; what one's own unions wrote; what one helps to edit from above, once it was sent."""
    scope = Q(state=Practice.State.SHOWN)
    scope |= within_scope(user, EDIT) | within_scope(user, APPROVE)
    if isinstance(user, User):
        scope |= Q(told_by=user)
    return Practice.objects.filter(scope).select_related("organisation", "told_by", "shown_by")


def desk(user: AnyUser) -> QuerySet[Practice]:
    """The list at the desk: everything visible; drafts only of one's very own union."""
    own = [post.organisation_id for post in appointments_of(user)]
    drafts = Q(state=Practice.State.DRAFT) & ~Q(organisation__in=own)
    if isinstance(user, User):
        drafts &= ~Q(told_by=user)
    return visible_to(user).exclude(drafts)


def get_practice(user: AnyUser, public_id: str) -> Practice:
    return get_object_or_404(desk(user), public_id=public_id)


def get_shown(public_id: str) -> Practice:
    return get_object_or_404(Practice.objects.shown().select_related("organisation"), public_id=public_id)


def tellers(user: AnyUser) -> QuerySet[Organisation]:
    """Unions for which this user may tell or try a practice: where they hold the post themselves."""
    own = [post.organisation_id for post in appointments_of(user) if EDIT in CAPABILITIES[Role(post.role)]]
    return Organisation.objects.active().filter(pk__in=own).order_by("level", "name")


def may_tell(user: AnyUser) -> bool:
    return any(EDIT in CAPABILITIES[Role(post.role)] for post in appointments_of(user))


def is_teller(user: AnyUser, practice: Practice) -> bool:
    return any(
        post.organisation_id == practice.organisation_id and EDIT in CAPABILITIES[Role(post.role)]
        for post in appointments_of(user)
    )


def is_above(user: AnyUser, practice: Practice) -> bool:
    """An officer of a body above the one that told it."""
    path = str(practice.organisation.path)
    return any(
        post.organisation_id != practice.organisation_id
        and is_within(path, str(post.organisation.path))
        and not CAPABILITIES[Role(post.role)].isdisjoint({EDIT, APPROVE})
        for post in appointments_of(user)
    )


def may_edit(user: AnyUser, practice: Practice) -> bool:
    """The union while it writes; the superior while it helps, and to mend what is shown."""
    state = Practice.State
    if practice.state in (state.DRAFT, state.RETURNED):
        return is_teller(user, practice)
    return practice.state in (state.SENT, state.SHOWN) and is_above(user, practice)


def may_send(user: AnyUser, practice: Practice) -> bool:
    return practice.state in (Practice.State.DRAFT, Practice.State.RETURNED) and is_teller(user, practice)


def may_show(user: AnyUser, practice: Practice) -> bool:
    """Somebody above, never who wrote it."""
    waits = practice.state == Practice.State.SENT
    return waits and user.pk != practice.told_by_id and is_above(user, practice)


def may_withdraw(user: AnyUser, practice: Practice) -> bool:
    return practice.may_move(Practice.State.WITHDRAWN) and (is_teller(user, practice) or is_above(user, practice))


def may_try(user: AnyUser, practice: Practice) -> bool:
    return practice.state == Practice.State.SHOWN and tellers(user).exclude(pk=practice.organisation_id).exists()


def get_adoption(user: AnyUser, public_id: str) -> Adoption:
    """Of a union where the user holds a post."""
    rows = Adoption.objects.filter(organisation__in=tellers(user)).select_related("practice", "organisation")
    return get_object_or_404(rows, public_id=public_id)


def promoters(user: AnyUser) -> list[Organisation]:
    """County, city or province in whose name this user may promote."""
    return [
        post.organisation
        for post in appointments_of(user)
        if post.organisation.level in PROMOTERS and can(user, APPROVE, post.organisation)
    ]


def own_promotions(user: AnyUser, practice: Practice) -> list[Promotion]:
    """Those of the bodies in whose name this user may promote: they may end them."""
    mine = {body.pk for body in promoters(user)}
    return [row for row in promotions_of(practice) if row.organisation_id in mine]


def overseen(user: AnyUser) -> QuerySet[Organisation]:
    """Areas whose map the user may see."""
    rows = organisations_where(user, EDIT) | organisations_where(user, APPROVE)
    return rows.filter(state=Organisation.State.ACTIVE, level__lte=5)


def may_open_photo(user: AnyUser, practice_id: int) -> bool:
    return desk(user).filter(pk=practice_id).exists()
