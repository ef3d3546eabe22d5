"""The address of a joining code: its public id and a short seal, so that a guessed or mistyped one is refused."""

from django.http import HttpRequest
from django.urls import reverse

from yiwang.grassroots.joining.models import Campaign
from yiwang.grassroots.joining.queries import campaign_called
from yiwang.kernel.crypto import authenticate

SEAL = 8


def seal(public_id: str) -> str:
    return authenticate("joining-code", public_id.encode()).hex()[:SEAL]


def code_of(campaign: Campaign) -> str:
    return campaign.public_id + seal(campaign.public_id)


def campaign_of_code(code: str) -> Campaign | None:
    public_id, sealed = code[:-SEAL], code[-SEAL:]
    return campaign_called(public_id) if sealed == seal(public_id) else None


def url_of(campaign: Campaign, request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("joining:join", args=[code_of(campaign)]))
