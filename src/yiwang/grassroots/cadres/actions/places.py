"""Papers, certificates, places, posts and the card that workers see."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yiwang.grassroots.cadres.errors import BadEntry, Gone
from yiwang.grassroots.cadres.events import (
    AreaEnded,
    AreaGiven,
    CardChanged,
    CertificateAdded,
    ContractSigned,
    EstablishmentSet,
)
from yiwang.grassroots.cadres.models import Area, Cadre, Certificate, Contract, Establishment, Team
from yiwang.grassroots.cadres.queries.people import rule
from yiwang.kernel import clock
from yiwang.kernel.clock import add_months
from yiwang.platform.journal.actions import record
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Employer, Organisation


def refuse_gone(cadre: Cadre) -> None:
    if cadre.state in (Cadre.State.ENDED, Cadre.State.WITHDRAWN):
        raise Gone(cadre)


@transaction.atomic
def sign_contract(
    cadre: Cadre, *, kind: str, starts_on: dt.date, ends_on: dt.date, by: User | None, **details: Any
) -> Contract:
    """The first paper or a renewal: a new row, never two at a time."""
    refuse_gone(cadre)
    if ends_on < starts_on:
        raise BadEntry("ends_on", _("到期日不能早于开始日。"))
    if cadre.team == Team.SECONDED or kind == Contract.Kind.SECONDMENT:
        months = rule("secondment_months", starts_on)
        if ends_on > add_months(starts_on, months):
            raise BadEntry("ends_on", _("挂职最长{n}个月，请改到期日。").format(n=months))
        if not str(details.get("home_body", "")).strip():
            raise BadEntry("home_body", _("挂职要写明原来的单位。"))
    try:
        with transaction.atomic():
            contract = Contract.objects.create(
                cadre=cadre,
                kind=kind,
                starts_on=starts_on,
                ends_on=ends_on,
                signed_by=by,
                signed_at=clock.now(),
                **details,
            )
    except IntegrityError as clash:
        text = _("这段时间已经有一份合同了。续签请从上一份到期的第二天开始。")
        raise BadEntry("starts_on", text) from clash
    record(ContractSigned(cadre_id=cadre.pk, contract_id=contract.pk, kind=kind), by=by)
    return contract


@transaction.atomic
def add_certificate(
    cadre: Cadre, *, name: str, number: str, expires_on: dt.date | None, by: User | None
) -> Certificate:
    refuse_gone(cadre)
    made = Certificate.objects.create(cadre=cadre, name=name.strip(), number=number.strip(), expires_on=expires_on)
    record(CertificateAdded(cadre_id=cadre.pk, certificate_id=made.pk), by=by)
    return made


@transaction.atomic
def give_area(cadre: Cadre, place: Organisation | Employer, *, by: User | None, since: dt.date | None = None) -> Area:
    """From today on this officer serves a body with all below it, or one employer."""
    refuse_gone(cadre)
    body = place if isinstance(place, Organisation) else None
    firm = place if isinstance(place, Employer) else None
    try:
        with transaction.atomic():
            area = Area.objects.create(cadre=cadre, organisation=body, employer=firm, since=since or clock.today())
    except IntegrityError as clash:
        raise BadEntry("where", _("他已经服务“{place}”了。").format(place=place)) from clash
    event = AreaGiven(
        cadre_id=cadre.pk,
        area_id=area.pk,
        organisation_id=body.pk if body else None,
        employer_id=firm.pk if firm else None,
    )
    record(event, by=by)
    return area


@transaction.atomic
def end_area(area: Area, *, by: User) -> None:
    """Yesterday was the last day of service; what was given today never was."""
    area.until = clock.today() - dt.timedelta(days=1)
    area.save(update_fields=["until"])
    record(AreaEnded(cadre_id=area.cadre_id, area_id=area.pk), by=by)


@transaction.atomic
def change_card(cadre: Cadre, *, office_phone: str, hours: str, place: str, shows_photo: bool, by: User) -> None:
    """By the officer themselves: what workers see. Taking consent back hides the picture at once."""
    refuse_gone(cadre)
    cadre.office_phone, cadre.hours, cadre.place = office_phone.strip(), hours.strip(), place.strip()
    if not shows_photo:
        cadre.photo_consented_at = None
    elif cadre.photo_consented_at is None:
        cadre.photo_consented_at = clock.now()
    cadre.save(update_fields=["office_phone", "hours", "place", "photo_consented_at"])
    record(CardChanged(cadre_id=cadre.pk, has_photo=shows_photo), by=by)


@transaction.atomic
def set_establishment(
    organisation: Organisation, *, team: str, headcount: int, basis: str, by: User | None
) -> Establishment:
    """How many people of a team a body is meant to have, from today."""
    row, _is_new = Establishment.objects.update_or_create(
        organisation=organisation,
        team=team,
        defaults={"headcount": headcount, "basis": basis.strip(), "since": clock.today(), "set_by": by},
    )
    record(EstablishmentSet(organisation_id=organisation.pk, team=team, headcount=headcount), by=by)
    return row
