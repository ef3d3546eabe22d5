"""The only writers of persons and memberships. Imports by column stand apart in ``columnar``: they need Polars."""

from yiwang.register.members.actions.bulk import Correction, correct_many, enrol_many, unenrol_many
from yiwang.register.members.actions.many import Kept, index_members, unenrol_pairs
from yiwang.register.members.actions.memberships import (
    correct_membership,
    end_membership,
    resume_membership,
    retain_members_of,
    retain_membership,
    start_membership,
    transfer_membership,
)
from yiwang.register.members.actions.persons import (
    bind_in_person,
    bind_person,
    correct_person,
    export_own_data,
    note_export,
    register_person,
    replace_document,
    reveal_person,
    unbind_person,
)

transfer = transfer_membership

__all__ = [
    "Correction",
    "Kept",
    "bind_in_person",
    "bind_person",
    "correct_many",
    "correct_membership",
    "correct_person",
    "end_membership",
    "enrol_many",
    "export_own_data",
    "index_members",
    "note_export",
    "register_person",
    "replace_document",
    "resume_membership",
    "retain_members_of",
    "retain_membership",
    "reveal_person",
    "start_membership",
    "transfer",
    "transfer_membership",
    "unbind_person",
    "unenrol_many",
    "unenrol_pairs",
]
