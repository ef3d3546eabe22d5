"""Anybody reads what is shown now; officers of the body look into objections."""

import datetime as dt

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from yiwang.net.notices.models import Notice, Objection
from yiwang.register.access.policies import AnyUser, can, within_scope
from yiwang.register.access.roles import Capability
from yiwang.register.accounts.models import User

HANDLE: Capability = "cases.handle"


def showing(now: dt.datetime) -> QuerySet[Notice]:
    return Notice.objects.showing(now).select_related("organisation").order_by("ends_at", "pk")


def get_showing(public_id: str, now: dt.datetime) -> Notice:
    """An expired notice is gone: it looks like one that never was."""
    return get_object_or_404(showing(now), public_id=public_id)


def desk_notices(user: AnyUser) -> QuerySet[Notice]:
    waiting = Count("objections", filter=Q(objections__state=Objection.State.OPEN))
    return Notice.objects.filter(within_scope(user, HANDLE)).select_related("organisation").annotate(waiting=waiting)


def get_desk_notice(user: AnyUser, public_id: str) -> Notice:
    return get_object_or_404(desk_notices(user), public_id=public_id)


def get_objection(user: AnyUser, public_id: str) -> Objection:
    found = Objection.objects.filter(notice__in=desk_notices(user).values("pk")).select_related("notice__organisation")
    return get_object_or_404(found, public_id=public_id)


def may_answer(user: AnyUser, objection: Objection) -> bool:
    own = isinstance(user, User) and user.pk == objection.by_id
    is_open = objection.state == Objection.State.OPEN
    return is_open and not own and can(user, HANDLE, objection.notice.organisation)


def may_withdraw(user: AnyUser, notice: Notice) -> bool:
    return notice.state == Notice.State.SHOWN and can(user, "cases.decide", notice.organisation)


def own_objections(user: User, notice: Notice) -> QuerySet[Objection]:
    return Objection.objects.filter(notice=notice, by=user).order_by("-pk")
