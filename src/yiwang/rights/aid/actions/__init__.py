"""The only writers of household files: one function for each verb."""

from yiwang.rights.aid.actions.appealing import ask_appeal, dismiss_appeal, uphold_appeal
from yiwang.rights.aid.actions.applying import receive_application
from yiwang.rights.aid.actions.checking import (
    answer_explanation,
    ask_explanation,
    authorise,
    check_household,
    close_checks,
    notice_over,
    pass_base_review,
    plan_visit,
    record_visit,
    resolve_finding,
    sign_opinion,
)
from yiwang.rights.aid.actions.deciding import approve_decision, decide_file, prepare_decision
from yiwang.rights.aid.actions.facts import (
    add_expense,
    add_member,
    correct_expense,
    open_file,
    remove_member,
    set_circumstances,
    set_income,
    void_expense,
)
from yiwang.rights.aid.actions.following import deliver_paid
from yiwang.rights.aid.actions.reaching import record_contact, screen, start_screening
from yiwang.rights.aid.actions.reviewing import (
    close_file,
    finish_review,
    freeze_file,
    note_relapse,
    settle_relapse,
    start_review,
    sweep_reviews,
    write_month,
)

__all__ = [
    "add_expense",
    "add_member",
    "answer_explanation",
    "approve_decision",
    "ask_appeal",
    "ask_explanation",
    "authorise",
    "check_household",
    "close_checks",
    "close_file",
    "correct_expense",
    "decide_file",
    "deliver_paid",
    "dismiss_appeal",
    "finish_review",
    "freeze_file",
    "note_relapse",
    "notice_over",
    "open_file",
    "pass_base_review",
    "plan_visit",
    "prepare_decision",
    "receive_application",
    "record_contact",
    "record_visit",
    "remove_member",
    "resolve_finding",
    "screen",
    "set_circumstances",
    "set_income",
    "settle_relapse",
    "sign_opinion",
    "start_review",
    "start_screening",
    "sweep_reviews",
    "uphold_appeal",
    "void_expense",
    "write_month",
]
