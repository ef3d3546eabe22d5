"""The only writers of codes, requests to join, pools and transfers."""

from yiwang.grassroots.joining.actions.campaigns import close_campaign, open_campaign, reopen_campaign
from yiwang.grassroots.joining.actions.deciding import call_off, carry_out, note_submitted, take_back
from yiwang.grassroots.joining.actions.joining import (
    admit,
    bring_to_decision,
    join_by_code,
    note_contact,
    note_request,
    submit_for_others,
)
from yiwang.grassroots.joining.actions.pools import move_from_pool, pool_of
from yiwang.grassroots.joining.actions.transfers import begin, object_to, receive, release, sweep_transfers

__all__ = [
    "admit",
    "begin",
    "bring_to_decision",
    "call_off",
    "carry_out",
    "close_campaign",
    "join_by_code",
    "move_from_pool",
    "note_contact",
    "note_request",
    "note_submitted",
    "object_to",
    "open_campaign",
    "pool_of",
    "receive",
    "release",
    "reopen_campaign",
    "submit_for_others",
    "sweep_transfers",
    "take_back",
]
