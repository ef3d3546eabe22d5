"""Concrete records for every URL that names one. All belong to 周文娟 of 恒达精密, in the county of 昆山."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from tests.cast import Cast
from yiwang.register.access import actions as access
from yiwang.register.access.models import Appointment, Mandate, Recusal

Kwargs = dict[str, str | int]
IN_A_MONTH = dt.date.today() + dt.timedelta(days=30)


@dataclass
class World:
    """The cast and, made when first asked for, one sample of each kind of record."""

    cast: Cast

    @cached_property
    def appointment(self) -> Appointment:
        return Appointment.objects.get(user=self.cast.handler)

    @cached_property
    def mandate(self) -> Mandate:
        return access.note_paper_mandate(
            person_id=self.cast.wenjuan_person.pk,
            person_name="周文娟",
            delegate=self.cast.chair,
            evidence="委托书",
            valid_until=IN_A_MONTH,
            by=self.cast.chair,
        )

    @cached_property
    def recusal(self) -> Recusal:
        return access.declare_recusal(
            self.cast.handler, employer=self.cast.sibling_employer, reason="interest", by=self.cast.handler
        )


def appointment(world: World) -> Kwargs:
    return {"public_id": world.appointment.public_id}


def mandate(world: World) -> Kwargs:
    return {"public_id": world.mandate.public_id}


def key(world: World) -> Kwargs:
    return {"key": "abc"}


def nobodys_key(world: World) -> Kwargs:
    return {"pk": 1}


SAMPLES: dict[str, Callable[[World], Kwargs]] = {
    "access:appointment-detail": appointment,
    "access:appointment-confirm": appointment,
    "access:appointment-decline": appointment,
    "access:appointment-end": appointment,
    "access:recusal-end": lambda world: {"public_id": world.recusal.public_id},
    "mandates:mandate-confirm": mandate,
    "mandates:mandate-end": mandate,
    "accounts:session-end": lambda world: {"mark": "0123456789abcdef"},
    "accounts:email-confirm-unused": key,
    "accounts:reset-key-unused": key,
    "account_confirm_email": key,
    "account_reset_password_from_key": lambda world: {"uidb36": "a", "key": "abc"},
    "mfa_remove_webauthn": nobodys_key,
    "mfa_edit_webauthn": nobodys_key,
}
