"""Facts about ratings. They hang on the case; none says who rated, for the rated read that timeline too."""

from dataclasses import dataclass
from typing import ClassVar

from yiwang.platform.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class CaseRated(Event):
    name: ClassVar[str] = "evaluation.case_rated"
    subject: ClassVar[str] = "case"

    case_id: int
    score: int


@dataclass(frozen=True, kw_only=True)
class BadReviewEvent(Event):
    """A step of setting right what somebody was unhappy with."""

    subject: ClassVar[str] = "bad_review"
    audience: ClassVar[str] = "staff"

    bad_review_id: int


@dataclass(frozen=True, kw_only=True)
class BadReviewAssigned(BadReviewEvent):
    name: ClassVar[str] = "evaluation.bad_review_assigned"

    to_id: int


@dataclass(frozen=True, kw_only=True)
class BadReviewVerified(BadReviewEvent):
    name: ClassVar[str] = "evaluation.bad_review_verified"

    finding: str


@dataclass(frozen=True, kw_only=True)
class BadReviewRectified(BadReviewEvent):
    name: ClassVar[str] = "evaluation.bad_review_rectified"

    on_time: bool


@dataclass(frozen=True, kw_only=True)
class BadReviewCalledBack(BadReviewEvent):
    name: ClassVar[str] = "evaluation.bad_review_called_back"


@dataclass(frozen=True, kw_only=True)
class BadReviewClosed(BadReviewEvent):
    name: ClassVar[str] = "evaluation.bad_review_closed"


@dataclass(frozen=True, kw_only=True)
class BadReviewOverdue(BadReviewEvent):
    name: ClassVar[str] = "evaluation.bad_review_overdue"

    organisation_id: int
