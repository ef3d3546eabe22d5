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
