"""The only writers of persons and memberships. Imports by column stand apart in ``columnar``: they need Polars."""

from yiwang.register.members.actions.affiliations import begin_affiliation, end_affiliation, end_affiliation_with
from yiwang.register.members.actions.bulk import Correction, correct_many, enrol_many, unenrol_many
from yiwang.register.members.actions.claims import hand_over, release_phone, settle_dispatch
from yiwang.register.members.actions.conflicts import find_pairs, note_conflict, settle_conflict
from yiwang.register.members.actions.groups import end_lead, make_group, name_leader, put_in_group
from yiwang.register.members.actions.many import Kept, index_members, unenrol_pairs
from yiwang.register.members.actions.memberships import (
    begin_transfer,
    call_off_transfer,
    change_standing,
    correct_membership,
    end_membership,
    move_back,
    resume_membership,
    retain_members_of,
    retain_membership,
    start_membership,
    transfer_membership,
)
from yiwang.register.members.actions.merging import merge_persons, undo_merge
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
from yiwang.register.members.actions.photos import remove_photo, set_photo
from yiwang.register.members.actions.releasing import (
    RELEASE,
    approve_release,
    ask_release,
    expire_releases,
    make_released_file,
    refuse_release,
    refuse_size,
    take_release,
    withdraw_release,
)

transfer = transfer_membership

__all__ = [
    "hand_over",
    "release_phone",
    "remove_photo",
    "set_photo",
    "settle_dispatch",
    "RELEASE",
    "approve_release",
    "ask_release",
    "change_standing",
    "expire_releases",
    "make_released_file",
    "refuse_release",
    "refuse_size",
    "take_release",
    "withdraw_release",
    "undo_merge",
    "merge_persons",
    "move_back",
    "call_off_transfer",
    "begin_transfer",
    "put_in_group",
    "name_leader",
    "make_group",
    "end_lead",
    "settle_conflict",
    "note_conflict",
    "find_pairs",
    "end_affiliation_with",
    "end_affiliation",
    "begin_affiliation",
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
