"""Who sees what of the tree: names and telephones are public, figures and history are for officers in their subtrees.

Appointments live above this app, so the rule of scope is named by ``settings.SCOPES``.
"""

from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.module_loading import import_string

from yiwang.kernel.ltree import is_within
from yiwang.register.organisations.models import Organisation, TreeChange

VIEW = "register.view"
EDIT = "organisations.edit"

Scopes = Callable[[Any, str], list[str]]
Check = Callable[[Any, Organisation], bool]


def scope_paths(user: Any, capability: str) -> list[str]:
    """The roots of the subtrees in which the user may do this."""
    return cast(Scopes, import_string(settings.SCOPES))(user, capability)


def _holds(user: Any, capability: str, organisation: Organisation) -> bool:
    return any(is_within(organisation.path, root) for root in scope_paths(user, capability))


def visible_to(user: Any) -> QuerySet[Organisation]:
    """The public directory: every living body, for everybody."""
    return Organisation.objects.live().filter(state__in=["active", "suspended", "merging", "dissolving"])


def may_see_figures(user: Any, organisation: Organisation) -> bool:
    return _holds(user, VIEW, organisation)


def may_edit(user: Any, organisation: Organisation) -> bool:
    return _holds(user, EDIT, organisation)


def get_organisation(user: Any, public_id: str, *, must: Check | None = None) -> Organisation:
    """Fetch and authorise in one step; a body that is gone looks like one that never was."""
    organisation = get_object_or_404(visible_to(user).select_related("parent"), public_id=public_id)
    if must is not None and not must(user, organisation):
        raise PermissionDenied
    return organisation


def tree_roots(user: Any) -> QuerySet[Organisation]:
    """Where an officer's tree begins."""
    return visible_to(user).filter(path__in=scope_paths(user, VIEW)).in_order()  # type: ignore[attr-defined,no-any-return]  # our own manager


def is_officer(user: Any) -> bool:
    return bool(scope_paths(user, VIEW))


APPROVE = "organisations.approve"
MOVE = "organisations.move"
TOWN_LEVEL = 5


def may_approve_at(user: Any, organisation: Organisation) -> bool:
    return _holds(user, APPROVE, organisation)


def changes_visible_to(user: Any) -> QuerySet[TreeChange]:
    """Changes of the bodies in one's own subtrees: of who keeps them and of who decides."""
    scope = Q(pk__in=[])
    for path in {*scope_paths(user, EDIT), *scope_paths(user, APPROVE)}:
        scope |= Q(organisation__path__descendant=path)
    rows = TreeChange.objects.filter(scope)
    return rows.select_related("organisation", "target", "result", "proposed_by", "decided_by").order_by("-proposed_at")


def get_change(user: Any, public_id: str) -> TreeChange:
    return get_object_or_404(changes_visible_to(user), public_id=public_id)


def may_decide(user: Any, change: TreeChange) -> bool:
    """Approvers of both places, never who asked; whole towns and counties move above the county only (GT 1.9)."""
    if change.state != TreeChange.State.PROPOSED or change.proposed_by_id == user.pk:
        return False
    places = [change.organisation, *([change.target] if change.target else [])]
    # A county does not decide on its own name, place or end: the level above it does.
    above = [place.parent if place == change.organisation and change.kind != "found" else place for place in places]
    if not all(place is not None and may_approve_at(user, place) for place in above):
        return False
    is_big = change.kind == TreeChange.Kind.MOVE and change.organisation.level <= TOWN_LEVEL
    return not is_big or all(_holds(user, MOVE, place) for place in above if place is not None)


def may_withdraw(user: Any, change: TreeChange) -> bool:
    if change.state == TreeChange.State.SETTLING:
        return bool(change.organisation.parent) and may_approve_at(user, change.organisation.parent)  # type: ignore[arg-type]  # checked
    return change.state == TreeChange.State.PROPOSED and change.proposed_by_id == user.pk


def may_settle(user: Any, change: TreeChange) -> bool:
    return change.state == TreeChange.State.SETTLING and may_edit(user, change.organisation)


def is_carer(user: Any) -> bool:
    return bool(scope_paths(user, EDIT) or scope_paths(user, APPROVE))


def may_import_employers(user: Any) -> bool:
    return bool(scope_paths(user, "register.import"))
