"""Two at once, each on a connection of its own: the later one finds what the earlier one left."""

import datetime as dt

import pytest
from django.db import transaction

from tests.racing import beside
from yiwang.grassroots.joining import actions
from yiwang.grassroots.joining.models import Pool, Transfer
from yiwang.grassroots.joining.tests.factories import ask_to_move, services
from yiwang.kernel.clock import now
from yiwang.net.cases import actions as cases
from yiwang.register.members.tests.factories import member
from yiwang.register.organisations.models import Organisation

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_pool_that_two_need_at_once_is_made_once(cast):
    with transaction.atomic():
        first = actions.pool_of(cast.unit)
        later = beside(lambda: actions.pool_of(cast.town))
        assert not later.done()

    assert later.result() == first
    assert (Pool.objects.count(), Organisation.objects.filter(kind="D1").count()) == (1, 1)


def test_a_move_that_somebody_is_working_on_is_left_to_them_and_swept_the_next_time(cast):
    services()
    held = member(cast.unit, "陆建平")
    held.person.user = cast.quality
    held.person.save(update_fields=["user"])
    case = ask_to_move(held.person, cast.sibling_unit)
    cases.accept_case(case, by=cast.clerk)
    late = now() + dt.timedelta(days=15)

    with transaction.atomic():
        Transfer.objects.select_for_update().get(case=case)
        assert beside(lambda: actions.sweep_transfers(late)).result() == 0
    assert actions.sweep_transfers(late) == 1
    assert Transfer.objects.get(case=case).is_deemed
