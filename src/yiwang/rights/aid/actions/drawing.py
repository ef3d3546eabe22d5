"""A programme with fewer places than people: the list is fixed, drawn in public, and nobody decides one by one."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from yiwang.kernel import clock
from yiwang.kernel.clock import local_date
from yiwang.kernel.states import move
from yiwang.platform.draws.actions import announce_draw, hold_draw
from yiwang.platform.draws.models import Draw
from yiwang.register.accounts.models import User
from yiwang.rights.aid.actions.places import give
from yiwang.rights.aid.errors_programmes import BadProgramme, DoublesOpen
from yiwang.rights.aid.models import Doubled, Place, Programme
from yiwang.rights.aid.queries_programmes import answer_for_place

State = Place.State


@transaction.atomic
def announce_programme_draw(
    programme: Programme, *, source: str, draws_on: dt.date, by: User, now: dt.datetime | None = None
) -> Draw:
    """Everybody who was checked and qualifies takes part. The programme takes nobody any more."""
    now = now or clock.now()
    if not programme.is_drawn or programme.state != Programme.State.CLOSED:
        raise BadProgramme(_("报名截止以后才能抽签。"), "draws_on")
    waiting = Doubled.objects.filter(place__programme=programme, place__state=State.ENTERED, resolved_at=None).count()
    if waiting:
        raise DoublesOpen(waiting)
    places = programme.places.filter(state=State.ENTERED).exclude(checked_by=None).select_related("programme", "person")
    on = local_date(now)
    tickets = [place.ticket for place in places if answer_for_place(place, on).verdict == "yes"]
    draw = announce_draw(
        programme.name,
        organiser=programme.organisation.name,
        places=programme.places_left,
        tickets=tickets,
        source=source,
        draws_on=draws_on,
        subject="aid_programme",
        subject_id=programme.pk,
        by=by,
        now=now,
    )
    programme.draw = draw
    programme.save(update_fields=["draw"])
    return draw


@transaction.atomic
def hold_programme_draw(
    programme: Programme, *, public: str, witness: str, by: User, now: dt.datetime | None = None
) -> None:
    """Winners have their place; the others wait in the order of the draw."""
    now = now or clock.now()
    if programme.draw is None:
        raise BadProgramme(_("还没有公布抽签名单。"), "public")
    drawn = hold_draw(programme.draw, public=public, witness=witness, by=by, now=now)
    places = programme.places.filter(state=State.ENTERED, ticket__in=drawn.order)
    by_ticket = {place.ticket: place for place in places.select_related("programme", "person__user", "organisation")}
    with override("zh-hans"):
        reason = _("公开抽签中签")
    for ticket in drawn.winners:
        if ticket in by_ticket:  # who gave up meanwhile leaves the place to the waiting list
            give(by_ticket[ticket], reason=reason, by=by, now=now)
    for rank, ticket in enumerate(drawn.waiting, start=1):
        if ticket in by_ticket:
            move(by_ticket[ticket], State.WAITING, rank=rank)
