"""From what riders and drivers say to a rule that holds: opinions, talks, the delegates' vote, the day it is told."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yiwang.kernel.clock import today
from yiwang.kernel.crypto import blind_index
from yiwang.kernel.states import move
from yiwang.platform.journal.actions import record
from yiwang.register.accounts.models import User
from yiwang.rights.congress.actions.sessions import table_item
from yiwang.rights.congress.errors import NotReady
from yiwang.rights.congress.events import ConsultationMoved, ConsultationTalked
from yiwang.rights.congress.models import (
    AgendaItem,
    Congress,
    Consultation,
    ConsultationOpinion,
    ConsultationTalk,
    ConsultationVoice,
    Session,
)
from yiwang.rights.congress.queries_consulting import opinions_needed, voices_of

State = Consultation.State


def _moved(consultation: Consultation, by: User) -> None:
    record(
        ConsultationMoved(congress_id=consultation.congress_id, title=consultation.title, state=consultation.state),
        by=by,
    )


def _locked(consultation: Consultation, *states: str) -> Consultation:
    found = Consultation.objects.select_for_update().select_related("congress").get(pk=consultation.pk)
    if found.state not in states:
        raise NotReady(_("现在不到这一步。请刷新页面，看看现在能做什么。"))
    return found


@transaction.atomic
def start_consultation(
    congress: Congress, *, subject: str, title: str, meaning: str, current: str, proposed: str, effect: str, by: User
) -> Consultation:
    if congress.state != Congress.State.IN_TERM:
        raise NotReady(_("代表还没选齐。先选代表，再协商。"))
    consultation = Consultation.objects.create(
        congress=congress,
        subject=subject,
        title=title.strip(),
        meaning=meaning.strip(),
        current=current.strip(),
        proposed=proposed.strip(),
        effect=effect.strip(),
        begun_on=today(),
    )
    _moved(consultation, by)
    return consultation


@transaction.atomic
def give_opinion(consultation: Consultation, text: str, user: User) -> None:
    """Once each. Who said what is written nowhere: the hash is kept apart from the words, neither with a time."""
    if consultation.state != State.COLLECTING:
        raise NotReady(_("这一项已经不收意见了。"))
    voice = blind_index("congress.consultation", f"{consultation.pk}:{user.pk}")
    try:
        with transaction.atomic():
            ConsultationVoice.objects.create(consultation=consultation, voice=voice)
    except IntegrityError as clash:
        raise NotReady(_("你已经提过意见了，一人一次。")) from clash
    ConsultationOpinion.objects.create(consultation=consultation, text=text.strip())


@transaction.atomic
def begin_talks(consultation: Consultation, *, by: User) -> None:
    """Not before enough people were heard."""
    consultation = _locked(consultation, State.COLLECTING)
    needed, heard = opinions_needed(consultation), voices_of(consultation)
    if heard < needed:
        text = _("听了{heard}人的意见，至少要{needed}人，才开始协商。")
        raise NotReady(text.format(heard=heard, needed=needed))
    move(consultation, State.TALKING)
    _moved(consultation, by)


@transaction.atomic
def note_talk(consultation: Consultation, *, on: dt.date, ours: str, theirs: str, by: User) -> ConsultationTalk:
    consultation = _locked(consultation, State.TALKING)
    talk = ConsultationTalk.objects.create(consultation=consultation, on=on, ours=ours.strip(), theirs=theirs.strip())
    record(ConsultationTalked(congress_id=consultation.congress_id, title=consultation.title), by=by)
    return talk


@transaction.atomic
def agree_on(consultation: Consultation, agreement: str, *, by: User) -> None:
    """The words both sides agree to; they hold when the delegates adopt them."""
    consultation = _locked(consultation, State.TALKING)
    if not consultation.talks.exists():
        raise NotReady(_("先记下至少一轮协商，再写谈好的文字。"))
    move(consultation, State.AGREED, agreement=agreement.strip(), item=None)
    _moved(consultation, by)


@transaction.atomic
def table_agreement(consultation: Consultation, session: Session | None, *, by: User) -> AgendaItem:
    """On the agenda of the session that is being prepared: adopted in secret, by a majority of all delegates."""
    consultation = _locked(consultation, State.AGREED)
    if session is None:
        raise NotReady(_("先定一次会议，再把谈好的文字列入议程。"))
    if consultation.item_id is not None:
        raise NotReady(_("已经列入议程了。"))
    item = table_item(
        session,
        kind=AgendaItem.Kind.ADOPT,
        method=AgendaItem.Method.SECRET,
        title=consultation.title,
        explanation=consultation.effect[:300],
        text=consultation.agreement,
        by=by,
    )
    Consultation.objects.filter(pk=consultation.pk).update(item=item)
    return item


@transaction.atomic
def conclude(consultation: Consultation, *, effective_on: dt.date, by: User) -> str:
    """Adopted: told today and in force from the day named, never before it was told. Not adopted: back to the table."""
    consultation = _locked(consultation, State.AGREED)
    item = consultation.item
    if item is None or item.state not in (AgendaItem.State.PASSED, AgendaItem.State.FAILED):
        raise NotReady(_("代表还没有表决。"))
    if item.state == AgendaItem.State.FAILED:
        move(consultation, State.TALKING)
    elif effective_on < today():
        text = _("先公布，再执行：执行的日子不能早于今天。")
        raise NotReady(text, fields={"effective_on": text})
    else:
        move(consultation, State.IN_FORCE, published_on=today(), effective_on=effective_on)
    _moved(consultation, by)
    return consultation.state


@transaction.atomic
def end_consultation(consultation: Consultation, reason: str, *, by: User) -> None:
    consultation = _locked(consultation, State.COLLECTING, State.TALKING)
    if not reason.strip():
        text = _("写一句为什么没有谈成，大家会看到。")
        raise NotReady(text, fields={"reason": text})
    move(consultation, State.ENDED, end_reason=reason.strip())
    _moved(consultation, by)
