"""A unit tells, the superior helps to edit, and then everybody may read it."""

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.grassroots.practices.errors import BadText, SamePerson
from yiwang.grassroots.practices.events import PracticeEdited, PracticeMoved, PracticeTold
from yiwang.grassroots.practices.models import Practice, Revision
from yiwang.grassroots.practices.queries import rule
from yiwang.kernel import clock
from yiwang.kernel.states import move
from yiwang.platform.journal.actions import record
from yiwang.platform.notify.actions import send
from yiwang.register.access.queries import holders, nearest_with
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Organisation

State = Practice.State
TEXTS = ("title", "subject", "problem", "what", "cost_yuan", "hours", "effect", "measure", "before", "after", "needs")


@transaction.atomic
def tell(organisation: Organisation, *, by: User | None, **texts: Any) -> Practice:
    """A short form; nothing is judged before it is sent."""
    practice = Practice.objects.create(organisation=organisation, told_by=by, told_at=clock.now(), **texts)
    record(PracticeTold(practice_id=practice.pk, organisation_id=organisation.pk), by=by)
    return practice


@transaction.atomic
def edit(practice: Practice, *, by: User, organisation: Organisation | None = None, **texts: Any) -> list[str]:
    """The union itself, or the superior that helps; what stood there before is kept with who changed it."""
    was = {
        name: str(getattr(practice, name)) for name in TEXTS if name in texts and getattr(practice, name) != texts[name]
    }
    if not was:
        return []
    for name in was:
        setattr(practice, name, texts[name])
    practice.save(update_fields=list(was))
    Revision.objects.create(practice=practice, by=by, organisation=organisation, at=clock.now(), was=was)
    record(PracticeEdited(practice_id=practice.pk, fields=list(was)), by=by)
    return list(was)


@transaction.atomic
def send_up(practice: Practice, *, by: User) -> None:
    """Enough words, and a figure that changed or is said to have stayed."""
    least = rule("words_least")
    for name, words in (("what", _("怎么做的")), ("effect", _("后来怎么样"))):
        if len(getattr(practice, name).strip()) < least:
            text = _("“{field}”写细一点，至少{n}个字，别人才学得会。").format(field=words, n=least)
            raise BadText(name, text)
    _move(practice, State.SENT, by=by)
    above = practice.organisation.parent
    desk = nearest_with(above, "organisations.edit") if above else None
    for user in holders(desk, "organisations.edit") if desk else []:
        told = {"title": practice.title, "union": practice.organisation.display_name}
        send("practices/sent", to=user, context=told, link=_link(practice))


@transaction.atomic
def give_back(practice: Practice, *, note: str, by: User) -> None:
    _move(practice, State.RETURNED, by=by, note=note.strip())
    if practice.told_by is not None:
        told = {"title": practice.title, "note": note.strip()}
        send("practices/returned", to=practice.told_by, context=told, link=_link(practice))


@transaction.atomic
def show(practice: Practice, *, by: User) -> None:
    """From now on every worker may read it and every union may try it."""
    if by.pk == practice.told_by_id:
        raise SamePerson
    _move(practice, State.SHOWN, by=by, shown_by=by, shown_at=clock.now(), note="")
    if practice.told_by is not None:
        send("practices/shown", to=practice.told_by, context={"title": practice.title}, link=_link(practice))


@transaction.atomic
def withdraw(practice: Practice, *, reason: str, by: User) -> None:
    """Nobody begins it any more; reports of those who tried stay. Promotions end with it."""
    _move(practice, State.WITHDRAWN, by=by, reason=reason, withdrawn_reason=reason.strip())
    practice.promotions.filter(ended_at=None).update(ended_at=clock.now(), end_reason=reason.strip()[:200])


def _move(practice: Practice, to: str, *, by: User, reason: str = "", **changes: Any) -> None:
    move(practice, to, **changes)
    record(PracticeMoved(practice_id=practice.pk, state=to, reason=reason.strip()[:200]), by=by)


def _link(practice: Practice) -> str:
    return reverse("practices:practice-detail", args=[practice.public_id])
