"""Who sees what of the tree: names and telephones are public, figures and history are for officers in their subtrees.

Appointments live above this app, so the rule of scope is named by ``settings.SCOPES``.
"""

from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.module_loading import import_string

from yiwang.kernel.ltree import is_within
from yiwang.register.organisations.models import Organisation

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
