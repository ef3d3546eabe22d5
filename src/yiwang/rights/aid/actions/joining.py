"""Who takes part in mutual aid pays once for a period; cover runs from then on, never before the period begins."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from yiwang.kernel import clock
from yiwang.kernel.clock import local_date
from yiwang.platform.journal.actions import record, record_many
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Organisation
from yiwang.rights.aid.errors import BadFact, WordsNeeded
from yiwang.rights.aid.errors_programmes import NothingOwed
from yiwang.rights.aid.events import PremiumReceived
from yiwang.rights.aid.models import Place, Programme
from yiwang.rights.aid.queries_programmes import owing


@transaction.atomic
def receive_premium(
    place: Place, *, day: dt.date, payer: str, voucher: str, by: User, now: dt.datetime | None = None
) -> None:
    place = Place.objects.select_for_update(of=("self",)).select_related("programme").get(pk=place.pk)
    if not owing(place.programme).filter(pk=place.pk).exists():
        raise NothingOwed
    _write(place, day=day, payer=payer, voucher=_checked(day, voucher, now))
    record(PremiumReceived(place_id=place.pk, payer=payer), by=by)


@transaction.atomic
def receive_premiums(
    programme: Programme,
    *,
    organisation: Organisation,
    day: dt.date,
    voucher: str,
    by: User,
    now: dt.datetime | None = None,
) -> int:
    """A union pays for all its members who take part, with one voucher."""
    voucher = _checked(day, voucher, now)
    places = list(owing(programme).filter(organisation=organisation).select_for_update(of=("self",)))
    if not places:
        raise NothingOwed
    for place in places:
        _write(place, day=day, payer=Place.Payer.UNION, voucher=voucher)
    record_many([PremiumReceived(place_id=place.pk, payer=Place.Payer.UNION) for place in places], by=by)
    return len(places)


def _checked(day: dt.date, voucher: str, now: dt.datetime | None) -> str:
    if day > local_date(now or clock.now()):
        raise BadFact(_("日期在以后，请核对。"), "day")
    if not voucher.strip():
        raise WordsNeeded("voucher")
    return voucher.strip()[:60]


def _write(place: Place, *, day: dt.date, payer: str, voucher: str) -> None:
    place.premium_on, place.premium_by, place.premium_voucher = day, payer, voucher
    place.covered_from = max(day, place.programme.covers_from or day)
    place.save(update_fields=["premium_on", "premium_by", "premium_voucher", "covered_from"])
