"""Why a practice is not sent, shown, tried or promoted yet, and what to do."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from yiwang.kernel.errors import DomainError


class BadText(DomainError):
    code = "bad_text"

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text, fields={field: text})


class SamePerson(DomainError):
    code = "same_person"

    def __init__(self) -> None:
        super().__init__(_("写的人不能自己同意给大家看。请上级工会的人来看。"))


class OwnPractice(DomainError):
    code = "own_practice"

    def __init__(self) -> None:
        super().__init__(_("这是你们自己的做法，不用再试。"))


class TryingAlready(DomainError):
    code = "trying_already"

    def __init__(self, organisation: object) -> None:
        super().__init__(_("“{organisation}”已经在试这个做法了。").format(organisation=organisation))


class NotEnoughReports(DomainError):
    """What is still missing for a promotion at this level."""

    code = "not_enough_reports"

    def __init__(self, problems: Sequence[object]) -> None:
        self.problems = [str(problem) for problem in problems]
        super().__init__(" ".join(self.problems))


class PromotedAlready(DomainError):
    code = "promoted_already"

    def __init__(self, organisation: object) -> None:
        super().__init__(_("“{organisation}”已经在推广这个做法。").format(organisation=organisation))
