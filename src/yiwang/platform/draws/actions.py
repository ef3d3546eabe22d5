"""The only writers of draws."""

import datetime as dt
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from yiwang.kernel import clock
from yiwang.kernel.clock import local_date
from yiwang.kernel.ids import public_id
from yiwang.kernel.states import move
from yiwang.platform.draws.errors import NotAhead, NothingToDraw, TooEarly, WordsMissing
from yiwang.platform.draws.events import DrawAnnounced, DrawHeld, DrawVoided
from yiwang.platform.draws.library import protocol
from yiwang.platform.draws.models import Draw
from yiwang.platform.journal.actions import record

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


@transaction.atomic
def announce_draw(
    title: str,
    *,
    organiser: str,
    places: int,
    tickets: Sequence[str],
    source: str,
    draws_on: dt.date,
    subject: str,
    subject_id: int,
    by: "AbstractBaseUser",
    now: dt.datetime | None = None,
) -> Draw:
    """Fix the list, make and seal the secret, publish the commitment. The public value must still lie ahead."""
    now = now or clock.now()
    if draws_on <= local_date(now):
        raise NotAhead
    if not source.strip():
        raise WordsMissing("source")
    if not tickets:
        raise NothingToDraw
    secret, name = protocol.new_secret(), public_id()
    announcement = protocol.announce(
        id=name,
        title=title,
        organiser=organiser,
        places=places,
        tickets=tickets,
        secret=secret,
        source=source.strip(),
        draws_on=draws_on.isoformat(),
    )
    draw = Draw.objects.create(
        public_id=name,
        subject=subject,
        subject_id=subject_id,
        title=title,
        organiser=organiser,
        places=places,
        entries=len(tickets),
        source=source.strip(),
        draws_on=draws_on,
        announcement=announcement,
        commitment=protocol.sha256(announcement),
        secret=secret,
        announced_by_id=by.pk,
        announced_at=now,
    )
    record(DrawAnnounced(draw_id=draw.pk, commitment=draw.commitment, entries=draw.entries, places=places), by=by)
    return draw


@transaction.atomic
def hold_draw(
    draw: Draw, *, public: str, witness: str, by: "AbstractBaseUser", now: dt.datetime | None = None
) -> protocol.Drawn:
    """Tell the secret; the order follows from it and the public value. Once."""
    now = now or clock.now()
    if local_date(now) < draw.draws_on:
        raise TooEarly(draw.draws_on)
    for field, words in (("public", public), ("witness", witness)):
        if not words.strip():
            raise WordsMissing(field)
    document = protocol.reveal(draw.announcement, secret=draw.secret, public=public.strip())
    move(
        draw,
        Draw.State.DRAWN,
        document=document,
        public_value=public.strip(),
        witness=witness.strip()[:60],
        drawn_by_id=by.pk,
        drawn_at=now,
    )
    record(DrawHeld(draw_id=draw.pk, public=draw.public_value, seed=json.loads(document)["seed"]), by=by)
    return protocol.verify(document.encode(), commitment=draw.commitment)


@transaction.atomic
def void_draw(draw: Draw, *, reason: str, by: "AbstractBaseUser") -> None:
    """It will not be held; everybody reads why."""
    if not reason.strip():
        raise WordsMissing("reason")
    move(draw, Draw.State.VOID, void_reason=reason.strip()[:200])
    record(DrawVoided(draw_id=draw.pk, reason=reason), by=by)
