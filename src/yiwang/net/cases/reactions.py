"""What happens in the line of cases when something happened elsewhere."""

from yiwang.net.cases.actions import follow_case, take_off_tied_cases


def pass_on_tied_cases(*, recusal_id: int, user_id: int) -> None:
    take_off_tied_cases(recusal_id=recusal_id, user_id=user_id)


def go_on_with_bundle(*, case_id: int, outcome: str, on_time: bool) -> None:
    follow_case(case_id)


def let_go_of_bundle(*, case_id: int) -> None:
    follow_case(case_id)
