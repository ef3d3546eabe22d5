"""The only writers of the tree of union bodies."""

from yiwang.register.organisations.actions.bulk import NewBody
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
from yiwang.register.organisations.actions.listed import found_bodies, link_listed, take_back_bodies, unlink_listed
from yiwang.register.organisations.actions.tree import (
    close_organisation,
    create_organisation,
    hold_tree,
    link_line,
    members_staying,
    move_subtree,
    rename_organisation,
    update_organisation,
)

rename = rename_organisation

__all__ = [
    "LIST_HEADINGS",
    "NewBody",
    "advance_founding",
    "approve_change",
    "begin_closing",
    "close_organisation",
    "create_organisation",
    "end_line",
    "finish_closing",
    "found_bodies",
    "hold_tree",
    "import_divisions",
    "link_employer",
    "link_line",
    "link_listed",
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
    "take_back_bodies",
    "tick_closing_task",
    "unlink_employer",
    "unlink_listed",
    "update_employer",
    "update_organisation",
    "withdraw_change",
]
