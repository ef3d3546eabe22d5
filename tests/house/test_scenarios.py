"""The scenarios of the handbook (grassroots, chapters 1-3 and 7.7) and the tests that hold them: each is there."""

import ast
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2]
FOUNDING, JOINING, CADRES = (f"src/yiwang/grassroots/{app}/tests" for app in ("founding", "joining", "cadres"))
ORGANISATIONS, MEMBERS, IMPORTS = (
    f"src/yiwang/register/{app}/tests" for app in ("organisations", "members", "imports")
)
JOURNEYS = "tests/journeys"

HELD = (
    ("30 members, 5 seats, 5 candidates: one too few", f"{FOUNDING}/test_procedures.py::test_five_candidates_for_five_seats_are_one_too_few"),
    ("180 entitled, 119 present: no quorum", f"{FOUNDING}/test_procedures.py::test_119_of_180_are_no_quorum"),
    ("certificate: renewed in its last 30 days, expired the day after", f"{FOUNDING}/test_unions.py::test_a_certificate_is_renewed_in_its_last_thirty_days_and_expires_the_day_after"),
    ("certificate: reminder at 60 days", f"{FOUNDING}/test_unions.py::test_whoever_keeps_the_union_is_reminded_once_of_a_certificate_that_ends"),
    ("term over: red list, order to re-elect", f"{FOUNDING}/test_unions.py::test_an_overdue_term_is_red_and_gets_an_order"),
    ("1.5 from guidance to the certificate", f"{JOURNEYS}/test_founding.py::test_a_union_is_founded_from_guidance_to_the_certificate"),
    ("1.5 returned, withdrawn, rejected, expired", f"{FOUNDING}/test_procedures.py::test_a_request_is_returned_rejected_or_withdrawn"),
    ("1.6 by-election of a chair", f"{FOUNDING}/test_procedures.py::test_a_by_election_fills_the_vacant_chair"),
    ("1.6 hand-over with two signatures", f"{FOUNDING}/test_unions.py::test_a_hand_over_needs_both_signatures_and_ends_the_old_post"),
    ("1.9 who drafts does not approve", f"{FOUNDING}/test_procedures.py::test_who_reports_does_not_decide"),
    ("1.10 rates and the employers behind them", f"{ORGANISATIONS}/test_coverage.py"),
    ("1.11 duplicates, levels, cycles", f"{ORGANISATIONS}/test_tree.py"),
    ("1.14 merger, split, dissolved only when every member is moved or retained", f"{MEMBERS}/test_tree_changes.py::test_a_union_is_gone_only_when_every_member_is_moved_or_retained"),
    ("member of Suzhou applies in Wuxi: no second membership, transfer", f"{JOURNEYS}/test_moving.py::test_a_worker_transfers_from_suzhou_to_wuxi_on_a_phone"),
    ("the old union silent for 5 workdays: passed", f"{JOINING}/test_transfers.py::test_silence_of_the_former_union_lets_go"),
    ("retained: no vote, no candidacy", f"{MEMBERS}/test_memberships.py::test_a_retained_member_belongs_but_does_not_vote"),
    ("retained: no candidate", f"{FOUNDING}/test_procedures.py::test_who_may_not_stand"),
    ("months without dues: a reminder, then the committee", f"{MEMBERS}/test_care.py::test_months_without_dues_change_nothing_until_a_committee_decides"),
    ("18-digit numbers as Excel rounds them", f"{IMPORTS}/test_cleaning.py::test_each_kind_of_bad_cell_is_refused_in_its_column"),
    ("… and nothing is written", f"{IMPORTS}/test_applying.py::test_nothing_is_written_while_rows_are_in_the_way_unless_asked"),
    ("810000…: a residence permit, no mainland card", f"{IMPORTS}/test_cleaning.py::test_a_residence_permit_of_its_own_kind_is_taken"),
    ("2.6 a courier joins by code, counted once", f"{JOURNEYS}/test_moving.py::test_a_courier_joins_by_scanning_and_is_counted_once"),
    ("2.10 D1 to D9", f"{IMPORTS}/test_staging.py::test_d1_a_member_of_another_union_needs_a_transfer"),
    ("2.10 a merge is undone for 30 days", f"{MEMBERS}/test_care.py"),
    ("3.5 appointment with check and public notice", f"{CADRES}/test_people.py::test_an_appointment_takes_two_people_and_a_notice"),
    ("3.6 80 hours of 90: not enough", f"{CADRES}/test_work.py::test_eighty_hours_of_ninety_are_too_few"),
    ("3.7 a visit told ten days late", f"{CADRES}/test_work.py::test_a_log_is_in_time_for_three_days"),
    ("3.3 contract in effect 15 days after filing", f"{CADRES}/test_work.py::test_the_ledger_works_out_when_a_contract_is_in_effect"),
    ("3.9 nobody rates themselves or kin", f"{CADRES}/test_work.py::test_nobody_rates_themselves_or_kin"),
    ("numbers in clear: a second person, watermark, journal", f"{MEMBERS}/test_releases.py::test_the_way_from_the_list_to_the_file"),
)  # fmt: skip


@pytest.mark.parametrize(("scenario", "test"), HELD, ids=[scenario for scenario, _test in HELD])
def test_a_scenario_has_its_test(scenario, test):
    path, _, name = test.partition("::")
    functions = {node.name for node in ast.parse((SRC / path).read_text()).body if isinstance(node, ast.FunctionDef)}
    assert (name in functions) if name else any(function.startswith("test_") for function in functions)
