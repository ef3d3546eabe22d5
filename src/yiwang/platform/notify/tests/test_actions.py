import datetime as dt

import pytest
from django.core import mail

from yiwang.kernel.clock import now
from yiwang.kernel.states import NotAllowedInState, move
from yiwang.platform.notify import actions, tasks
from yiwang.platform.notify.actions import forget_old_messages, mark_all_read, mark_read, send, send_code, send_due
from yiwang.platform.notify.adapters import DjangoEmail, adapter
from yiwang.platform.notify.errors import CannotSend
from yiwang.platform.notify.models import Delivery, Message
from yiwang.platform.notify.queries import unread_count

pytestmark = pytest.mark.django_db

FACTS = {"service": "住院慰问", "name": "周文娟", "amount": "1,000.00", "number": "苏州2026-000017"}
NOON = dt.datetime(2026, 3, 2, 4, 0, tzinfo=dt.UTC)
NIGHT = dt.datetime(2026, 3, 2, 15, 0, tzinfo=dt.UTC)  # 23:00 in Shanghai
SEVEN = dt.datetime(2026, 3, 2, 23, 0, tzinfo=dt.UTC)  # 7:00 of the 3rd


@pytest.fixture
def clock(monkeypatch):
    def set_to(moment):
        monkeypatch.setattr(actions, "now", lambda: moment)

    set_to(NOON)
    return set_to


def tell(user, **changes):
    return send("decided", to=user, context={**FACTS, **changes}, link="/matters/1/")


def test_a_message_stands_in_the_app_with_all_facts(wenjuan, clock):
    message = tell(wenjuan)

    assert (message.title, message.text) == ("住院慰问有结果了", "周文娟，你申请的住院慰问已经办好，金额1,000.00元。")
    assert str(message) == message.title
    assert unread_count(wenjuan) == 1


def test_no_personal_fact_ever_reaches_a_lock_screen(wenjuan, clock, sms):
    tell(wenjuan)
    send_due(now=NOON)

    assert [(s.address, s.text) for s in sms.outbox] == [
        ("13912345520", "你办的事苏州2026-000017有结果了，请打开“一网”查看。")
    ]
    assert str(Delivery.objects.get()).startswith("sms ")


def test_a_template_without_push_part_stays_in_the_app(wenjuan, clock, sms):
    send("looked", to=wenjuan, context={"name": "沈佳"})

    assert send_due(now=NOON) == 0
    assert unread_count(wenjuan) == 1


def test_a_message_is_written_in_the_language_of_its_reader(wenjuan, clock):
    wenjuan.language = "en"

    assert tell(wenjuan).title == "住院慰问: decided"


def test_at_night_the_telephone_is_silent_until_seven(wenjuan, clock, sms):
    clock(NIGHT)
    tell(wenjuan)

    assert send_due(now=NIGHT) == 0
    assert send_due(now=SEVEN - dt.timedelta(seconds=1)) == 0
    assert send_due(now=SEVEN) == 1
    assert unread_count(wenjuan) == 1


def test_what_is_urgent_rings_at_night(wenjuan, clock, sms):
    clock(NIGHT)
    send("decided", to=wenjuan, context=FACTS, urgent=True)

    assert send_due(now=NIGHT) == 1


def test_one_template_rings_three_times_a_day_and_not_a_fourth(wenjuan, stranger, clock, sms):
    for amount in range(5):
        tell(wenjuan, amount=amount)
    tell(stranger)

    assert send_due(now=NOON) == 4
    assert unread_count(wenjuan) == 5
    assert Delivery.objects.filter(state="skipped").count() == 2

    clock(NOON + dt.timedelta(hours=25))
    Message.objects.update(created_at=NOON)
    tell(wenjuan, amount=9)
    assert send_due(now=NOON + dt.timedelta(hours=25)) == 1


def test_the_same_words_are_said_once_until_they_are_read(wenjuan, clock, sms):
    first = tell(wenjuan)
    assert tell(wenjuan) == first

    mark_read(first)
    assert tell(wenjuan) != first


def test_a_key_says_it_once_for_ever(wenjuan, clock, sms):
    first = send("decided", to=wenjuan, context=FACTS, key="case_decided:1")
    mark_read(first)

    assert send("decided", to=wenjuan, context=FACTS, key="case_decided:1") == first
    assert send("decided", to=wenjuan, context=FACTS, key="case_decided:2") != first


def test_a_broken_gateway_is_tried_again_later_and_given_up_at_last(wenjuan, clock, sms):
    tell(wenjuan)
    sms.broken = True

    moment = NOON
    for attempt in range(1, 6):
        assert send_due(now=moment) == 0
        delivery = Delivery.objects.get()
        assert (delivery.state, delivery.attempts, delivery.error) == ("queued", attempt, "gateway down")
        assert delivery.due_at == moment + dt.timedelta(minutes=attempt**2)
        moment = delivery.due_at
    assert send_due(now=moment) == 0
    assert Delivery.objects.get().state == "failed"
    assert send_due(now=moment + dt.timedelta(days=1)) == 0


def test_a_gateway_that_recovers_gets_the_message_with_the_same_reference(wenjuan, clock, sms):
    message = tell(wenjuan)
    sms.broken = True
    send_due(now=NOON)
    sms.broken = False

    assert send_due(now=NOON + dt.timedelta(minutes=1)) == 1
    assert sms.outbox[0].reference == message.public_id


def test_a_message_whose_sender_died_is_taken_up_again(wenjuan, clock, sms):
    tell(wenjuan)
    Delivery.objects.update(state="sending", tried_at=NOON, attempts=1)

    assert send_due(now=NOON + dt.timedelta(minutes=5)) == 0
    assert send_due(now=NOON + dt.timedelta(minutes=11)) == 1


def test_an_account_that_lost_its_address_is_not_written_to(wenjuan, clock, sms):
    tell(wenjuan)
    wenjuan.phone = None
    wenjuan.save()

    assert send_due(now=NOON) == 0
    assert (Delivery.objects.get().state, sms.outbox) == ("failed", [])


def test_an_account_with_an_address_gets_mail_too(wenjuan, clock):
    wenjuan.email = "wenjuan@example.cn"
    wenjuan.save()
    tell(wenjuan)

    assert send_due(now=NOON) == 2
    assert (mail.outbox[0].to, mail.outbox[0].body) == (
        ["wenjuan@example.cn"],
        "你办的事苏州2026-000017有结果了，请打开“一网”查看。",
    )


def test_a_mail_server_that_is_down_is_a_gateway_that_is_down(monkeypatch):
    def refuse(*args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    with pytest.raises(CannotSend):
        DjangoEmail().send("a@example.cn", "x", reference="r")


def test_one_sweep_sends_no_more_than_its_limit(wenjuan, stranger, clock, sms):
    tell(wenjuan)
    tell(stranger)

    assert send_due(now=NOON, limit=1) == 1


def test_the_queue_of_a_made_up_history_closes_without_a_gateway(wenjuan, clock, sms):
    message = tell(wenjuan)

    assert actions.count_as_sent(now=NOON) == 1
    assert send_due(now=NOON) == 0

    assert sms.outbox == []
    assert message.deliveries.get().state == Delivery.State.SENT


def test_a_code_is_sent_at_once_and_kept_nowhere(sms):
    send_code("13912345520", "验证码123456", reference="r1")

    assert [s.text for s in sms.outbox] == ["验证码123456"]
    assert Message.objects.count() == 0


def test_the_console_shows_messages_in_development(settings, capsys):
    settings.NOTIFY_ADAPTERS = {}

    assert adapter("sms").send("13912345520", "验证码123456", reference="r1") is None


def test_reading_is_noted_once(wenjuan, clock):
    message = tell(wenjuan)
    mark_read(message)
    clock(NIGHT)
    mark_read(message)

    assert message.read_at == NOON
    tell(wenjuan, amount=2)
    assert mark_all_read(wenjuan) == 1
    assert unread_count(wenjuan) == 0


def test_old_read_messages_are_forgotten_and_unread_ones_kept(wenjuan, clock):
    mark_read(tell(wenjuan, amount=1))
    tell(wenjuan, amount=2)

    assert forget_old_messages(now=NOON + dt.timedelta(days=366), patience=dt.timedelta(days=365)) == 1
    assert Message.objects.count() == 1


@pytest.mark.parametrize("was", Delivery.State)
@pytest.mark.parametrize("to", Delivery.State)
def test_a_delivery_moves_only_as_its_table_says(wenjuan, clock, was, to):
    allowed = {("queued", "sending"), ("sending", "sent"), ("sending", "failed"), ("sending", "queued")}
    tell(wenjuan)
    Delivery.objects.update(state=was, sent_at=NOON)
    delivery = Delivery.objects.get()

    if (was, to) in allowed:
        move(delivery, to)
        assert Delivery.objects.get().state == to
    else:
        with pytest.raises(NotAllowedInState):
            move(delivery, to)


def test_the_sweeps_are_wired():
    assert tasks.send_due.func(0) is None
    assert tasks.forget_old_messages.func(0) is None
    assert now() > NOON
