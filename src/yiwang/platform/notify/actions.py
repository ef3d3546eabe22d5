import datetime as dt
from collections.abc import Mapping

import structlog
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import F, Q

from yiwang.kernel.clock import now
from yiwang.kernel.states import move
from yiwang.platform.notify.adapters import adapter
from yiwang.platform.notify.errors import CannotSend
from yiwang.platform.notify.formulas import next_loud_moment, next_try
from yiwang.platform.notify.library import Words, words
from yiwang.platform.notify.models import Delivery, Message

QUIET_HOURS = (22, 7)
FLOOD = (3, dt.timedelta(hours=24))  # pushes of one template to one person
PATIENCE = 6  # tries: about an hour and a half
STUCK = dt.timedelta(minutes=10)

log = structlog.get_logger(__name__)


@transaction.atomic
def send(
    template: str,
    *,
    to: AbstractBaseUser,
    context: Mapping[str, str | int],
    link: str = "",
    urgent: bool = False,
    key: str = "",
) -> Message:
    """Tell one account something, in its language: in the app at once, outside by the sweep and outside quiet hours.

    The same words about the same thing, while the first are unread, are said once. With a ``key`` (“job_ended:17”) they
    are said once for ever, so that a reaction can be repeated.
    """
    told = words(template, getattr(to, "language", "") or "zh", context)
    same = {"key": key} if key else {"template": template, "link": link, "title": told.title, "text": told.text}
    before = Message.objects.to(to.pk) if key else Message.objects.to(to.pk).unread()
    if earlier := before.filter(**same).first():
        return earlier
    message = Message.objects.create(
        recipient_id=to.pk,
        template=template,
        title=told.title[:200],
        text=told.text,
        link=link,
        urgent=urgent,
        key=key,
        created_at=now(),
    )
    if told.push:
        _queue_deliveries(message, told, to)
    return message


def _queue_deliveries(message: Message, told: Words, to: AbstractBaseUser) -> None:
    moment = now()
    quiet_from, quiet_until = getattr(settings, "NOTIFY_QUIET_HOURS", QUIET_HOURS)
    due = moment if message.urgent else next_loud_moment(moment, quiet_from=quiet_from, quiet_until=quiet_until)
    limit, span = getattr(settings, "NOTIFY_FLOOD", FLOOD)
    for channel in Delivery.Channel:
        if not _address(to, channel):
            continue
        recent = Delivery.objects.filter(
            message__recipient_id=to.pk,
            message__template=message.template,
            message__created_at__gt=moment - span,
            channel=channel,
        ).exclude(state=Delivery.State.SKIPPED)
        is_flood = not message.urgent and recent.count() >= limit
        state = Delivery.State.SKIPPED if is_flood else Delivery.State.QUEUED
        Delivery.objects.create(message=message, channel=channel, text=told.push[:300], due_at=due, state=state)


def _address(user: AbstractBaseUser, channel: str) -> str:
    return str(getattr(user, "phone" if channel == Delivery.Channel.SMS else "email", "") or "")


def send_due(*, now: dt.datetime, limit: int = 200) -> int:
    """Hand what is due to the gateways. A crash between handing over and noting it may send one message twice."""
    sent = 0
    while sent < limit and (delivery := _take_next(now)):
        sent += _hand_over(delivery, now)
    return sent


@transaction.atomic
def _take_next(now: dt.datetime) -> Delivery | None:
    waiting = Q(state=Delivery.State.QUEUED, due_at__lte=now)
    stuck = Q(state=Delivery.State.SENDING, tried_at__lt=now - STUCK)
    due = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).filter(waiting | stuck)
    delivery = due.select_related("message").order_by("due_at").first()
    if delivery is None:
        return None
    if delivery.state == Delivery.State.SENDING:
        move(delivery, Delivery.State.QUEUED)
    move(delivery, Delivery.State.SENDING, tried_at=now, attempts=delivery.attempts + 1)
    return delivery


def _hand_over(delivery: Delivery, now: dt.datetime) -> int:
    user = get_user_model()._default_manager.filter(pk=delivery.message.recipient_id).first()
    address = _address(user, delivery.channel) if user else ""
    if not address:
        move(delivery, Delivery.State.FAILED, error="no address")
        return 0
    try:
        adapter(delivery.channel).send(address, delivery.text, reference=f"{delivery.message.public_id}")
    except CannotSend as reason:
        log.warning("delivery_failed", delivery=delivery.pk, attempts=delivery.attempts, reason=str(reason))
        if delivery.attempts >= PATIENCE:
            move(delivery, Delivery.State.FAILED, error=str(reason)[:200])
        else:
            move(delivery, Delivery.State.QUEUED, due_at=next_try(now, delivery.attempts), error=str(reason)[:200])
        return 0
    move(delivery, Delivery.State.SENT, sent_at=now, error="")
    return 1


def count_as_sent(*, now: dt.datetime) -> int:
    """Close the queue of a made-up history without handing anything to a gateway; returns how many."""
    return Delivery.objects.filter(state=Delivery.State.QUEUED).update(state=Delivery.State.SENT, sent_at=now)


def count_as_read(*, before: dt.datetime) -> int:
    """In a made-up history, what somebody was told before that moment was read the moment it came; returns how many."""
    return Message.objects.filter(created_at__lt=before, read_at=None).update(read_at=F("created_at"))


def send_code(phone: str, text: str, *, reference: str) -> None:
    """A one-time code, at once and at any hour; nothing of it is kept. Raises ``CannotSend``."""
    adapter(Delivery.Channel.SMS).send(phone, text, reference=reference)


def mark_read(message: Message) -> None:
    """Note the first time a message was opened."""
    if message.read_at is None:
        message.read_at = now()
        message.save(update_fields=["read_at"])


def mark_all_read(user: AbstractBaseUser) -> int:
    return Message.objects.to(user.pk).unread().update(read_at=now())


@transaction.atomic
def forget_old_messages(*, now: dt.datetime, patience: dt.timedelta) -> int:
    """Read messages go after a while; the journal keeps what happened."""
    return Message.objects.filter(read_at__lt=now - patience).delete()[1].get("notify.Message", 0)
