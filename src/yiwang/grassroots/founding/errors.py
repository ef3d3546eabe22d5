"""Why a founding or an election can't go on, and what to do."""

from collections.abc import Mapping

from yiwang.kernel.errors import DomainError


class NotReady(DomainError):
    """Something is missing or wrong in what was filled in; ``fields`` says where."""

    code = "founding_not_ready"

    def __init__(self, problems: list[str], *, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(" ".join(problems), fields=dict(fields or {}))
        self.problems = problems


class SamePerson(DomainError):
    code = "founding_same_person"


class AlreadyUnderWay(DomainError):
    code = "founding_already_under_way"


class NotEligible(DomainError):
    code = "founding_not_eligible"


class TooEarly(DomainError):
    code = "founding_too_early"


class BadVotes(NotReady):
    code = "founding_bad_votes"
