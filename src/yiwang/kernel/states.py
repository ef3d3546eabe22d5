"""States change by named moves only; each move is one guarded UPDATE."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext as _

from yiwang.kernel.errors import DomainError


class NotAllowedInState(DomainError):
    """The table of moves has no such move."""

    code = "not_allowed_in_state"

    def __init__(self, obj: object, *, was: str, to: str) -> None:
        text = _("“{object}”现在是“{was}”，不能变成“{to}”。请刷新页面，看看它现在能做什么。")
        super().__init__(text.format(object=obj, was=was, to=to))


class ChangedMeanwhile(DomainError):
    """Somebody else moved the record between our reading and our writing."""

    code = "changed_meanwhile"

    def __init__(self, obj: object) -> None:
        text = _("“{object}”刚刚被别人改过，这一步没有做。请刷新页面再试。")
        super().__init__(text.format(object=obj))


class Stateful(models.Model):
    """A record with a ``state`` field, an inner ``State`` and the table of its ``MOVES``."""

    MOVES: ClassVar[Mapping[Any, frozenset[Any]]] = {}

    state: Any  # a CharField of the subclass, whose choices are its own State

    class Meta:
        abstract = True

    def may_move(self, to: str) -> bool:
        return to in self.MOVES.get(self.state, frozenset())


def move(obj: Stateful, to: str, **changes: Any) -> None:
    """Change ``obj.state`` in one guarded UPDATE, so two people can't both win."""
    was = obj.state
    if not obj.may_move(to):
        raise NotAllowedInState(obj, was=_label(obj, was), to=_label(obj, to))

    changes["state"] = to
    same: dict[str, Any] = {"pk": obj.pk, "state": was}
    rows = type(obj)._base_manager.filter(**same).update(**changes)
    if rows == 0:
        raise ChangedMeanwhile(obj)

    for name, value in changes.items():
        setattr(obj, name, value)


def _label(obj: Any, state: str) -> str:
    choices = dict(obj._meta.get_field("state").flatchoices)
    return str(choices.get(state, state))
