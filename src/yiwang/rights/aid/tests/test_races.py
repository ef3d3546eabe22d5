"""Two at once, each on a connection of its own: the later one is told what the earlier one did."""

import datetime as dt

import pytest
from django.db import transaction

from tests.racing import beside
from yiwang.rights.aid import actions, errors
from yiwang.rights.aid.models import Referral, Sample
from yiwang.rights.aid.tests.factories import NOW, filed

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + dt.timedelta(days=1)
AGREE = {"papers_agree": True, "household_agrees": True, "reckoning_agrees": True}


def test_what_is_pressed_twice_at_once_is_done_once(cast):
    file = filed(cast)
    with transaction.atomic():
        actions.draw_samples(cast.city, by=cast.supervisor, now=LATER)
        again = beside(lambda: actions.draw_samples(cast.city, by=cast.supervisor, now=LATER))
    with pytest.raises(errors.NothingToDraw):
        again.result()

    sample = Sample.objects.get()
    stale = Sample.objects.get()
    with transaction.atomic():
        actions.check_sample(sample, **AGREE, words="原件都在", by=cast.supervisor, now=LATER)
        again = beside(lambda: actions.check_sample(stale, **AGREE, words="另一个人", by=cast.supervisor, now=LATER))
    with pytest.raises(errors.CheckedBefore):
        again.result()
    assert Sample.objects.get().words == "原件都在"

    with transaction.atomic():
        actions.refer_file(file, to="dibao", words="收入低", by=cast.handler, now=LATER)
        again = beside(lambda: actions.refer_file(file, to="dibao", words="收入低", by=cast.handler, now=LATER))
    with pytest.raises(errors.ReferredBefore):
        again.result()
    assert Referral.objects.count() == 1
