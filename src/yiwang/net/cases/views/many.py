"""Moves that can be made on many cases at once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yiwang.net.cases import actions, forms, policies
from yiwang.net.cases.actions import Row, do_for_each
from yiwang.net.cases.models import Case
from yiwang.register.accounts.models import User


@dataclass(frozen=True)
class Move:
    """One bulk move: what it asks once for all rows, and what it does to each."""

    key: str
    title: str | Promise
    must: policies.Check
    make: Callable[[Any, User], Form]
    run: Callable[[Case, Form, User], object]


def _to_superiors(data: Any, user: User) -> Form:
    choices = [(body.public_id, body.name) for body in policies.bodies_near(user)]
    return forms.BodyForm(data, bodies=choices)


def _accept(case: Case, form: Form, user: User) -> object:
    return actions.accept_case(case, by=user)


def _complete(case: Case, form: Form, user: User) -> object:
    return actions.complete_step(case, opinion=form.cleaned_data["opinion"], by=user)


def _supplement(case: Case, form: Form, user: User) -> object:
    assert isinstance(form, forms.AskSupplementForm)
    return actions.request_supplement(case, items=form.items(), message=form.cleaned_data["message"], by=user)


def _hand_over(case: Case, form: Form, user: User) -> object:
    chosen = next(b for b in policies.bodies_near(user) if b.public_id == form.cleaned_data["organisation"])
    return actions.hand_over(case, to=chosen, reason=form.cleaned_data["reason"], by=user)


MOVES = {
    move.key: move
    for move in (
        Move("accept", _("受理这几件"), policies.may_accept, lambda data, user: forms.NothingForm(data), _accept),
        Move(
            "complete",
            _("办完这几件的这一环节"),
            policies.may_complete_step,
            lambda data, user: forms.OpinionForm(data),
            _complete,
        ),
        Move(
            "supplement",
            _("请这几位补材料"),
            policies.may_ask_supplement,
            lambda data, user: forms.AskSupplementForm(data),
            _supplement,
        ),
        Move("hand_over", _("转办这几件"), policies.may_hand_over, _to_superiors, _hand_over),
    )
}


def report_of(move: Move, numbers: list[str], form: Form, user: User) -> list[Row]:
    return do_for_each(numbers, by=user, must=move.must, do=lambda case: move.run(case, form, user))
