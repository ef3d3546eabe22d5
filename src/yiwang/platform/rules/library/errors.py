"""What can be wrong with a rule file, a fact or a number."""

from dataclasses import dataclass

from yiwang.kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing an expert must mend, with the place where it stands."""

    code: str
    message: str
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.file else ""
        return f"{place}{self.message} [{self.code}]"


class RuleProblem(DomainError):
    """A rule cannot be read or run as it is written."""

    code = "rule_problem"

    def __init__(self, message: str, *, at: int = 0, kind: str = "expression") -> None:
        super().__init__(message)
        self.at = at
        self.kind = kind


class BadFact(DomainError):
    """A fact was given that the vocabulary does not know, or in a shape it cannot have."""

    code = "bad_fact"


class MissingParameter(DomainError):
    """A number that decides is not in force on that day. Nothing guesses."""

    code = "missing_parameter"
