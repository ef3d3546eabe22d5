"""Two at once, each on a connection of its own: the later one finds what the earlier one left."""

import pytest
from django.db import transaction

from tests.racing import beside
from yiwang.grassroots.practices import actions
from yiwang.grassroots.practices.models import Adoption, Practice
from yiwang.grassroots.practices.tests.factories import shown, union
from yiwang.kernel.states import NotAllowedInState

pytestmark = pytest.mark.django_db(transaction=True)


def test_nobody_begins_what_is_being_withdrawn(cast):
    practice, other = shown(cast), union(cast.town)
    stale = Practice.objects.get(pk=practice.pk)

    with transaction.atomic():
        actions.withdraw(practice, reason="不再这么做", by=cast.chair)
        later = beside(lambda: actions.begin_adoption(stale, other, plan="", by=cast.chair))
        assert not later.done()

    with pytest.raises(NotAllowedInState):
        later.result()
    assert not Adoption.objects.exists()
