"""Joining codes: open, hold when too many come at once, look and open again, close."""

import datetime as dt

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.grassroots.joining.errors import BadCampaign, CodeClosed, CodeFull, TooManyFromDevice
from yiwang.grassroots.joining.events import CampaignHeld, CampaignMoved, CampaignOpened
from yiwang.grassroots.joining.models import Campaign
from yiwang.grassroots.joining.queries import joins_of, joins_of_device, joins_within_an_hour, rule
from yiwang.kernel import clock
from yiwang.kernel.clock import add_days, local_date
from yiwang.kernel.states import move
from yiwang.platform.journal.actions import record
from yiwang.platform.notify.actions import send
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Organisation

State = Campaign.State


@transaction.atomic
def open_campaign(
    organisation: Organisation,
    *,
    name: str,
    kind: str,
    valid_from: dt.date,
    valid_until: dt.date,
    most: int,
    by: User,
    place: str = "",
    office: Organisation | None = None,
) -> Campaign:
    """A code for one union, good for a while and for so many people; ``office`` reviews, by default that union."""
    if not organisation.holds_members or organisation.is_gone:
        raise BadCampaign("organisation", _("这个工会不直接接收会员，请换一个。"))
    longest = rule("campaign_days", valid_from)
    if valid_until < valid_from or valid_until > add_days(valid_from, longest):
        raise BadCampaign("valid_until", _("到期日要在开始以后，最长{n}天。").format(n=longest))
    campaign = Campaign.objects.create(
        organisation=organisation,
        office=office or organisation,
        name=name.strip(),
        kind=kind,
        place=place.strip(),
        valid_from=valid_from,
        valid_until=valid_until,
        most=most,
        made_by=by,
        made_at=clock.now(),
    )
    record(CampaignOpened(campaign_id=campaign.pk, organisation_id=organisation.pk), by=by)
    return campaign


@transaction.atomic
def close_campaign(campaign: Campaign, *, by: User) -> None:
    move(campaign, State.CLOSED)
    record(CampaignMoved(campaign_id=campaign.pk, state=State.CLOSED), by=by)


@transaction.atomic
def reopen_campaign(campaign: Campaign, *, by: User) -> None:
    """Somebody looked at the requests and found them sound: the count of the hour begins anew."""
    move(campaign, State.OPEN, looked_at=clock.now())
    record(CampaignMoved(campaign_id=campaign.pk, state=State.OPEN), by=by)


def refuse_unfit(campaign: Campaign, device: str, now: dt.datetime) -> None:
    """Closed, not yet or no longer good, full, or too many from one telephone today."""
    day = local_date(now)
    if not campaign.is_open_on(day) or campaign.organisation.is_gone:
        raise CodeClosed
    if joins_of(campaign) >= campaign.most:
        raise CodeFull
    most = rule("device_per_day", day)
    if joins_of_device(device, day) >= most:
        raise TooManyFromDevice(most)


def hold_if_burst(campaign: Campaign, now: dt.datetime) -> None:
    """More than the limit within an hour: nobody else until somebody looked; what came stays and is reviewed."""
    joins = joins_within_an_hour(campaign, now)
    if joins <= rule("burst_per_hour", local_date(now)) or campaign.state != State.OPEN:
        return
    move(campaign, State.HELD)
    record(CampaignHeld(campaign_id=campaign.pk, joins=joins), by=None)
    link = reverse("joining:campaign-detail", args=[campaign.public_id])
    send("joining/held", to=campaign.made_by, context={"name": campaign.name, "n": joins}, link=link)
