"""The life cycle of handbook GT 6.4, pair by pair, and what the tables refuse."""

import pytest
from django.db import IntegrityError

from yiwang.kernel.states import ChangedMeanwhile, NotAllowedInState, move
from yiwang.net.cases.models import Case, Clock, Decision, Review
from yiwang.net.cases.tests.factories import NOW, make_service, submit

S = Case.State

# Copied from GT 6.4 and design.md 4.1: every allowed passage, and no other.
ALLOWED = {
    ("submitted", "accepted"),
    ("submitted", "not_accepted"),
    ("submitted", "supplement"),
    ("submitted", "withdrawn"),
    ("submitted", "merged"),
    ("supplement", "submitted"),
    ("supplement", "in_progress"),
    ("supplement", "withdrawn"),
    ("supplement", "closed_unanswered"),
    ("supplement", "merged"),
    ("accepted", "in_progress"),
    ("accepted", "supplement"),
    ("accepted", "paused"),
    ("accepted", "decided_ok"),
    ("accepted", "decided_no"),
    ("accepted", "withdrawn"),
    ("accepted", "merged"),
    ("in_progress", "supplement"),
    ("in_progress", "paused"),
    ("in_progress", "decided_ok"),
    ("in_progress", "decided_no"),
    ("in_progress", "withdrawn"),
    ("in_progress", "merged"),
    ("paused", "in_progress"),
    ("paused", "withdrawn"),
    ("decided_ok", "delivered"),
    ("decided_ok", "revoked"),
    ("decided_no", "delivered"),
    ("decided_no", "revoked"),
    ("not_accepted", "revoked"),
    ("delivered", "archived"),
    ("delivered", "revoked"),
    ("archived", "revoked"),
    ("revoked", "in_progress"),
}


def test_the_table_of_moves_is_that_of_the_handbook():
    assert {(str(was), str(to)) for was, tos in Case.MOVES.items() for to in tos} == ALLOWED


@pytest.mark.parametrize("model", [Clock, Review])
def test_smaller_lives_only_lead_to_states_that_exist(model):
    pairs = {(str(was), str(to)) for was, tos in model.MOVES.items() for to in tos}

    assert {state for pair in pairs for state in pair} <= set(model.State.values)


@pytest.mark.parametrize("was", S.values)
@pytest.mark.parametrize("to", S.values)
def test_a_case_moves_only_as_the_handbook_says(was, to):
    case = Case(pk=1, number="帮扶2026-昆-00001", state=was)

    assert case.may_move(to) is ((was, to) in ALLOWED)
    if (was, to) not in ALLOWED:
        with pytest.raises(NotAllowedInState):
            move(case, to)


@pytest.mark.django_db
def test_of_two_who_move_at_once_one_wins(cast):
    case = submit(make_service(), cast.wenjuan_person)
    same = Case.objects.get(pk=case.pk)

    move(case, S.ACCEPTED, accepted_at=NOW)

    with pytest.raises(ChangedMeanwhile):
        move(same, S.WITHDRAWN, closed_at=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"state": "accepted"}, "case_in_hand_was_accepted"),
        ({"state": "withdrawn"}, "case_closed_has_time"),
        ({"state": "decided_ok", "accepted_at": NOW, "closed_at": NOW}, "case_decided_has_time"),
        ({"state": "merged", "closed_at": NOW}, "case_merged_points_at_another"),
        ({"applicant": None}, "case_is_asked_by_somebody"),
        ({"amount": -1}, "case_amount_is_not_negative"),
    ],
)
def test_the_table_refuses_what_must_never_be(cast, changes, constraint):
    case = submit(make_service(), cast.wenjuan_person)

    with pytest.raises(IntegrityError, match=constraint):
        Case.objects.filter(pk=case.pk).update(**changes)


@pytest.mark.django_db
def test_a_refusal_without_other_ways_cannot_be_written(cast):
    case = submit(make_service(), cast.wenjuan_person)

    with pytest.raises(IntegrityError, match="refusal_names_other_ways"):
        Decision.objects.create(
            case=case, outcome="no", reason="不符合", organisation=cast.county, decided_by=cast.approver, decided_at=NOW
        )


@pytest.mark.django_db
def test_a_case_speaks_the_readers_language(cast, settings):
    from django.utils.translation import override  # noqa: PLC0415 -- used here only

    case = submit(make_service(), cast.wenjuan_person)

    with override("en"):
        assert case.heading == "Hardship aid after illness"
    assert case.heading == "大病致困帮扶"
