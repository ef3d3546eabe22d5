"""What rules refuse."""

import datetime as dt

from django.utils.translation import gettext as _

from yiwang.kernel.errors import DomainError
from yiwang.platform.rules.library.errors import BadFact, MissingParameter, Problem, RuleProblem

__all__ = ["BadFact", "BadRuleFiles", "MissingParameter", "RuleProblem", "UnknownRuleSet", "no_value"]


class UnknownRuleSet(DomainError):
    code = "unknown_ruleset"

    def __init__(self, key: str) -> None:
        super().__init__(_("没有发布过规则“{key}”。请管规则的人先发布。").format(key=key))


class BadRuleFiles(DomainError):
    code = "bad_rule_files"

    def __init__(self, problems: list[Problem]) -> None:
        lines = "\n".join(str(problem) for problem in problems[:20])
        text = _("规则文件有{count}处要改，没有发布：\n{lines}").format(count=len(problems), lines=lines)
        super().__init__(text)
        self.problems = problems


def no_value(name: str, on: dt.date) -> MissingParameter:
    text = _("参数“{name}”在{on}没有生效的数值，先不作决定。请管规则的人补上。")
    return MissingParameter(text.format(name=name, on=on))


class NeedsAnotherPublisher(DomainError):
    code = "needs_another_publisher"

    def __init__(self) -> None:
        super().__init__(_("提出和发布要由两个人做。请另一位管规则的同事来发布。"))


class ProposalWaits(DomainError):
    code = "proposal_waits"

    def __init__(self) -> None:
        super().__init__(_("这个参数已经有一个修改在等发布。先发布或不采用那一个，再提新的。"))


class NotFromToday(DomainError):
    code = "not_from_today"

    def __init__(self) -> None:
        text = _("最早从明天起用：已经按旧数值办的事不能倒过来改。")
        super().__init__(text, fields={"valid_from": text})


class AlreadyFixedLater(DomainError):
    code = "already_fixed_later"

    def __init__(self, day: dt.date) -> None:
        text = _("从{day}起已经定了新的数值，请从那天以后起用。").format(day=day.isoformat())
        super().__init__(text, fields={"valid_from": text})


class ReasonWanted(DomainError):
    code = "reason_wanted"

    def __init__(self) -> None:
        text = _("请写明为什么，以后查得到。")
        super().__init__(text, fields={"reason": text, "note": text})
