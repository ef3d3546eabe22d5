"""Writing down what a household has. What a checking platform told needs the owner's signature first (RI 0.6, 1.1)."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from yiwang.kernel import clock
from yiwang.kernel.clock import local_date
from yiwang.platform.rules.queries import parameter
from yiwang.register.accounts.models import User
from yiwang.rights.aid.actions.facts import note_change
from yiwang.rights.aid.codes import AssetKind, Holding, Knowledge
from yiwang.rights.aid.errors import BadFact, NotAuthorised
from yiwang.rights.aid.formulas_files import age_on
from yiwang.rights.aid.models import AidFile, Asset, Member

OF_HOMES = (AssetKind.HOME, AssetKind.SHOP)


@transaction.atomic
def add_asset(
    file: AidFile,
    *,
    kind: str,
    by: User,
    owner: Member | None = None,
    holding: str = Holding.OWN,
    housing: str = "",
    area: Decimal | None = None,
    vehicle_use: str = "",
    controls: bool = False,
    value: Decimal | None = None,
    words: str = "",
    origin: str = Knowledge.SEEN,
    now: dt.datetime | None = None,
) -> Asset:
    """One belonging; what does not belong to its kind is not kept."""
    today = local_date(now or clock.now())
    if area is not None and area <= 0:
        raise BadFact(_("面积要大于0。"), "area")
    if value is not None and value < 0:
        raise BadFact(_("金额不能是负数。"), "value")
    if kind == AssetKind.VEHICLE and not vehicle_use:
        raise BadFact(_("车要写明做什么用。"), "vehicle_use")
    if kind in (AssetKind.MONEY, AssetKind.SPENDING) and value is None:
        raise BadFact(_("要写明多少钱。"), "value")
    if origin == Knowledge.CHECK:
        _signed(file, owner, today)
    asset = Asset.objects.create(
        file=file,
        owner=owner,
        kind=kind,
        holding=holding,
        housing=housing if kind == AssetKind.HOME else "",
        area=area if kind in OF_HOMES else None,
        vehicle_use=vehicle_use if kind == AssetKind.VEHICLE else "",
        controls=controls and kind == AssetKind.COMPANY,
        value=value,
        words=words.strip()[:120],
        origin=origin,
        noted_on=today,
    )
    note_change(file, "asset", by=by)
    return asset


def _signed(file: AidFile, owner: Member | None, today: dt.date) -> None:
    """The owner signed that the household's means may be checked; for a child or for all of them, the applicant did."""
    adult = int(parameter("aid_adult_age", today))
    if owner is None or (owner.birth_date is not None and age_on(owner.birth_date, today) < adult):
        owner = file.members.get(relation="self")
    if owner.authorised_at is None:
        raise NotAuthorised(owner.name)


@transaction.atomic
def void_asset(asset: Asset, *, by: User) -> None:
    """Sold, wrongly told, or somebody else's."""
    asset.is_void = True
    asset.save(update_fields=["is_void"])
    note_change(asset.file, "asset", by=by)
