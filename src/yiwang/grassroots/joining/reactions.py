"""What happens to requests to join and to move when their cases move. Each bears being called twice."""

from yiwang.grassroots.joining import actions


def note_request_to_join_or_move(*, case_id: int, service: str, channel: str, organisation_id: int) -> None:
    actions.note_submitted(case_id)


def carry_out_decision(*, case_id: int, outcome: str, on_time: bool) -> None:
    actions.carry_out(case_id, outcome)


def take_back_decision(*, case_id: int, was: str) -> None:
    actions.take_back(case_id)


def stop_what_was_under_way(*, case_id: int) -> None:
    actions.call_off(case_id)
