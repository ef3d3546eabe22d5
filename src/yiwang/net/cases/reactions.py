"""What happens in the line of cases when something happened elsewhere."""

from yiwang.net.cases.actions import take_off_tied_cases


def pass_on_tied_cases(*, recusal_id: int, user_id: int) -> None:
    take_off_tied_cases(recusal_id=recusal_id, user_id=user_id)
