"""The only writers of the tree of union bodies."""

from yiwang.register.organisations.actions.divisions import import_divisions
from yiwang.register.organisations.actions.employers import (
    link_employer,
    register_employer,
    unlink_employer,
    update_employer,
)
from yiwang.register.organisations.actions.loading import compare_organisations, import_organisations
from yiwang.register.organisations.actions.tree import (
    close_organisation,
    create_organisation,
    link_line,
    move_subtree,
    rename_organisation,
    update_organisation,
)

rename = rename_organisation

__all__ = [
    "close_organisation",
    "compare_organisations",
    "create_organisation",
    "import_divisions",
    "import_organisations",
    "link_employer",
    "link_line",
    "move_subtree",
    "register_employer",
    "rename",
    "rename_organisation",
    "unlink_employer",
    "update_employer",
    "update_organisation",
]
