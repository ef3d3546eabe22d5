"""The only writers of the case line: one function for each verb."""

from yiwang.net.cases.actions.acceptance import (
    accept_case,
    answer_supplement,
    close_unanswered,
    deem_accepted,
    open_supplement,
    refuse_case,
    request_supplement,
)
from yiwang.net.cases.actions.applicant import request_review, urge, withdraw, write_message
from yiwang.net.cases.actions.bulk import Row, do_for_each, give_all_to, note_export
from yiwang.net.cases.actions.bundles import follow_case, submit_bundle, withdraw_part
from yiwang.net.cases.actions.clocks import extend_once, pause_clock, resume_clock
from yiwang.net.cases.actions.decisions import (
    Verdict,
    answer_review,
    decide,
    deliver,
    reopen_case,
    revoke_decision,
)
from yiwang.net.cases.actions.drafting import (
    Drafting,
    drafting_of,
    open_drafting,
    open_intake,
    submit_draft,
    submitted_from,
)
from yiwang.net.cases.actions.handling import (
    add_co_handler,
    assign,
    complete_step,
    recuse,
    report_co_handling,
    start_work,
    supervise,
    write_note,
    write_reply,
)
from yiwang.net.cases.actions.handover import designate, give_to, hand_over, return_case
from yiwang.net.cases.actions.merging import merge_cases
from yiwang.net.cases.actions.recusing import recuse_from_person, take_off_tied_cases
from yiwang.net.cases.actions.revealing import reveal_numbers
from yiwang.net.cases.actions.submit import Contact, submit_case
from yiwang.net.cases.actions.sweeps import (
    sweep_archive,
    sweep_deadlines,
    sweep_deemed_acceptance,
    sweep_forgotten,
    sweep_pauses,
    sweep_supplements,
)

__all__ = [
    "Contact",
    "Drafting",
    "Row",
    "Verdict",
    "accept_case",
    "add_co_handler",
    "answer_review",
    "answer_supplement",
    "assign",
    "close_unanswered",
    "complete_step",
    "decide",
    "deem_accepted",
    "deliver",
    "designate",
    "do_for_each",
    "drafting_of",
    "extend_once",
    "follow_case",
    "give_all_to",
    "give_to",
    "hand_over",
    "merge_cases",
    "note_export",
    "open_drafting",
    "open_intake",
    "open_supplement",
    "pause_clock",
    "recuse",
    "recuse_from_person",
    "refuse_case",
    "reopen_case",
    "report_co_handling",
    "request_review",
    "request_supplement",
    "resume_clock",
    "return_case",
    "reveal_numbers",
    "revoke_decision",
    "start_work",
    "submit_bundle",
    "submit_case",
    "submit_draft",
    "submitted_from",
    "supervise",
    "sweep_archive",
    "sweep_deadlines",
    "sweep_deemed_acceptance",
    "sweep_forgotten",
    "sweep_pauses",
    "sweep_supplements",
    "take_off_tied_cases",
    "urge",
    "withdraw",
    "withdraw_part",
    "write_message",
    "write_note",
    "write_reply",
]
