"""The only writers of household files: one function for each verb."""

from yiwang.rights.aid.actions.appealing import ask_appeal, dismiss_appeal, uphold_appeal
from yiwang.rights.aid.actions.applying import receive_application
from yiwang.rights.aid.actions.belongings import add_asset, void_asset
from yiwang.rights.aid.actions.calling import record_call
from yiwang.rights.aid.actions.checking import (
    authorise,
    check_household,
    close_checks,
    notice_over,
    pass_base_review,
    plan_visit,
    record_report,
    record_visit,
    resolve_finding,
    sign_opinion,
)
from yiwang.rights.aid.actions.deciding import approve_decision, decide_file, prepare_decision
from yiwang.rights.aid.actions.drawing import announce_programme_draw, hold_programme_draw
from yiwang.rights.aid.actions.entering import enter_for_case
from yiwang.rights.aid.actions.explaining import answer_explanation, ask_explanation, sweep_explanations
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
from yiwang.rights.aid.actions.following import deliver_paid, deliver_paid_places
from yiwang.rights.aid.actions.joining import receive_premium, receive_premiums
from yiwang.rights.aid.actions.naming import name_people
from yiwang.rights.aid.actions.national import export_national, take_national_numbers, write_national
from yiwang.rights.aid.actions.places import (
    check_place,
    enter,
    give_place,
    move_up,
    put_on_waiting_list,
    refuse_place,
    resolve_double,
    withdraw_place,
)
from yiwang.rights.aid.actions.programmes import (
    change_programme,
    close_due,
    close_programme,
    end_programme,
    make_programme,
    open_programme,
    set_share,
)
from yiwang.rights.aid.actions.reaching import record_contact, screen, start_screening
from yiwang.rights.aid.actions.referring import answer_referral, refer_file
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
from yiwang.rights.aid.actions.sampling import check_sample, draw_samples, record_files

__all__ = [
    "add_asset",
    "add_expense",
    "add_member",
    "announce_programme_draw",
    "answer_explanation",
    "answer_referral",
    "approve_decision",
    "ask_appeal",
    "ask_explanation",
    "authorise",
    "change_programme",
    "check_household",
    "check_place",
    "check_sample",
    "close_checks",
    "close_due",
    "close_file",
    "close_programme",
    "correct_expense",
    "decide_file",
    "deliver_paid",
    "deliver_paid_places",
    "dismiss_appeal",
    "draw_samples",
    "end_programme",
    "enter",
    "enter_for_case",
    "export_national",
    "finish_review",
    "freeze_file",
    "give_place",
    "hold_programme_draw",
    "make_programme",
    "move_up",
    "name_people",
    "note_relapse",
    "notice_over",
    "open_file",
    "open_programme",
    "pass_base_review",
    "plan_visit",
    "prepare_decision",
    "put_on_waiting_list",
    "receive_application",
    "receive_premium",
    "receive_premiums",
    "record_call",
    "record_contact",
    "record_files",
    "record_report",
    "record_visit",
    "refer_file",
    "refuse_place",
    "remove_member",
    "resolve_double",
    "resolve_finding",
    "screen",
    "set_circumstances",
    "set_income",
    "set_share",
    "settle_relapse",
    "sign_opinion",
    "start_review",
    "start_screening",
    "sweep_explanations",
    "sweep_reviews",
    "take_national_numbers",
    "uphold_appeal",
    "void_asset",
    "void_expense",
    "withdraw_place",
    "write_month",
    "write_national",
]
