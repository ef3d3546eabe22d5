"""Who may act for me: given, asked for, listed, ended; strangers learn nothing."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.urls import reverse

from yiwang.kernel.clock import today
from yiwang.platform.journal.models import JournalEntry
from yiwang.platform.notify.models import Message
from yiwang.register.access import actions
from yiwang.register.access.errors import MandateTooLong, NotYourself
from yiwang.register.access.models import Mandate
from yiwang.register.access.policies import mandate_to_act

pytestmark = pytest.mark.django_db

LIST, NEW, ASK = reverse("portal:delegates"), reverse("portal:delegate-new"), reverse("portal:act-for")


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


def terms(user, name=None, **more):
    until = (today() + dt.timedelta(days=30)).isoformat()
    return {"name": name or user.name, "phone": user.phone, "service": "", "valid_until": until, **more}


def test_a_worker_lets_somebody_act_and_ends_it(client_of, cast):
    client = client_of(cast.wenjuan)
    assert client.get(NEW).status_code == 200

    answer = client.post(NEW, terms(cast.courier))

    assert answer.headers["Location"] == LIST, answer.text
    mandate = Mandate.objects.get()
    assert (mandate.person_id, mandate.delegate, mandate.consent) == (cast.wenjuan_person.pk, cast.courier, "self")
    assert mandate_to_act(cast.courier, cast.wenjuan_person.pk) == mandate
    assert Message.objects.get(recipient_id=cast.courier.pk).title.endswith("请你替他办事")
    assert cast.courier.name in client.get(LIST).text
    assert cast.wenjuan_person.name in client_of(cast.courier).get(reverse("mandates:mandate-list")).text

    client.post(reverse("portal:delegate-end", args=[mandate.public_id]))
    assert mandate_to_act(cast.courier, cast.wenjuan_person.pk) is None
    assert JournalEntry.objects.filter(name="access.mandate_ended").count() == 1
    assert "已经结束的" in client.get(LIST).text
    again = client.post(reverse("portal:delegate-end", args=[mandate.public_id]), follow=True)
    assert again.status_code == 200


def test_others_end_nothing_and_see_nothing(client_of, cast):
    mandate = actions.grant_mandate(
        person_id=cast.wenjuan_person.pk,
        person_name="周文娟",
        delegate=cast.courier,
        valid_until=today(),
        by=cast.wenjuan,
    )

    for user in (cast.courier, cast.stranger):
        assert client_of(user).post(reverse("portal:delegate-end", args=[mandate.public_id])).status_code == 404
    assert mandate_to_act(cast.courier, cast.wenjuan_person.pk) == mandate


def test_granting_twice_is_one_and_the_term_is_bounded(cast):
    facts = {"person_id": cast.wenjuan_person.pk, "person_name": "周文娟", "by": cast.wenjuan}
    first = actions.grant_mandate(**facts, delegate=cast.courier, valid_until=today())

    assert actions.grant_mandate(**facts, delegate=cast.courier, valid_until=today()) == first
    with pytest.raises(NotYourself):
        actions.grant_mandate(**facts, delegate=cast.wenjuan, valid_until=today())
    with pytest.raises(MandateTooLong):
        actions.grant_mandate(**facts, delegate=cast.courier, valid_until=today() + dt.timedelta(days=9999))


@pytest.mark.parametrize(("name", "phone"), [("没有这个人", None), (None, "13999999999")])
def test_name_and_number_must_both_fit(client_of, cast, name, phone):
    data = terms(cast.courier, name) | ({"phone": phone} if phone else {})

    for url in (NEW, ASK):
        page = client_of(cast.wenjuan).post(url, data)
        assert page.status_code == 200
        assert "没有" in page.text
    assert not Mandate.objects.exists()


def test_a_refusal_stands_beside_its_field(client_of, cast):
    page = client_of(cast.wenjuan).post(NEW, terms(cast.courier, valid_until="2019-01-01"))

    assert "一次委托最长" in page.text
    assert cast.courier.phone in page.text


def test_asking_somebody_sends_a_code_and_waits_for_it(client_of, cast):
    person = cast.wenjuan_person

    answer = client_of(cast.courier).post(ASK, terms(cast.wenjuan, person.name, phone=person.phone))

    mandate = Mandate.objects.get()
    assert (mandate.state, mandate.delegate, mandate.person_id) == ("asked", cast.courier, person.pk)
    assert answer.headers["Location"] == reverse("mandates:mandate-confirm", args=[mandate.public_id])
    assert "验证码" in client_of(cast.wenjuan).get(LIST).text
    own = client_of(cast.wenjuan).post(ASK, terms(cast.wenjuan, person.name, phone=person.phone))
    assert own.status_code == 200


def test_without_a_name_on_record_nothing_is_given(client_of, cast):
    client = client_of(cast.admin)

    assert client.get(LIST).status_code == 200
    assert client.get(NEW).status_code == 404
    assert client_of(None).get(LIST).status_code == 302


def test_trying_numbers_is_slowed_down(client_of, cast):
    client = client_of(cast.wenjuan)

    answers = [client.post(NEW, terms(cast.courier, "没有")).status_code for _n in range(11)]

    assert answers == [200] * 10 + [429]
