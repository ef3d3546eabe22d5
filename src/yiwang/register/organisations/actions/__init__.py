"""The only writers of the tree of union bodies."""

from yiwang.register.organisations.actions.care import (
    advance_founding,
    begin_closing,
    end_line,
    merge_organisation,
    relation_to,
    restore_organisation,
    split_organisation,
    stop_closing,
    suspend_organisation,
)
from yiwang.register.organisations.actions.changes import (
    approve_change,
    finish_closing,
    propose_change,
    refuse_change,
    tick_closing_task,
    withdraw_change,
)
from yiwang.register.organisations.actions.divisions import import_divisions
from yiwang.register.organisations.actions.employer_list import HEADINGS as LIST_HEADINGS
from yiwang.register.organisations.actions.employer_list import load_employers
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
    members_staying,
    move_subtree,
    rename_organisation,
    update_organisation,
)

rename = rename_organisation

__all__ = [
    "LIST_HEADINGS",
    "advance_founding",
    "approve_change",
    "begin_closing",
    "close_organisation",
    "compare_organisations",
    "create_organisation",
    "end_line",
    "finish_closing",
    "import_divisions",
    "import_organisations",
    "link_employer",
    "link_line",
    "load_employers",
    "members_staying",
    "merge_organisation",
    "move_subtree",
    "propose_change",
    "refuse_change",
    "register_employer",
    "relation_to",
    "rename",
    "rename_organisation",
    "restore_organisation",
    "split_organisation",
    "stop_closing",
    "suspend_organisation",
    "tick_closing_task",
    "unlink_employer",
    "update_employer",
    "update_organisation",
    "withdraw_change",
]
