"""Who rates, and who sets right what was bad: never the one who was rated."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest

from yiwang.net.cases.models import Case, CaseStep
from yiwang.net.cases.models.case import DECIDED_STATES
from yiwang.net.cases.policies import may_rate as may_rate
from yiwang.net.evaluation.models import BadReview, Evaluation
from yiwang.register.access.policies import AnyUser, can, within_scope
from yiwang.register.accounts.models import User

RATEABLE = (*DECIDED_STATES, Case.State.NOT_ACCEPTED)


def is_desk_browser(request: HttpRequest) -> bool:
    """Whether a desk has used this browser within the year (GT 6.10)."""
    return bool(request.get_signed_cookie("yw_desk", "", max_age=31_536_000))


def is_rated(user: User, case: Case) -> bool:
    """Did this account handle the case? Then its rating is about them."""
    return case.handler_id == user.pk or case.steps.filter(handler=user).exists()


def bad_reviews_visible_to(user: AnyUser) -> QuerySet[BadReview]:
    """Bad reviews in the user's reach, without those about the user's own work."""
    if not isinstance(user, User):
        return BadReview.objects.none()
    worked = CaseStep.objects.filter(handler=user, case=OuterRef("evaluation__case"))
    reach = within_scope(user, "evaluation.handle") | Q(assigned_to=user)
    others = BadReview.objects.filter(reach & ~Q(evaluation__case__handler=user) & ~Q(Exists(worked)))
    return others.select_related(
        "evaluation__case__version__service", "evaluation__case__applicant", "organisation", "assigned_to"
    )


def get_bad_review(user: AnyUser, public_id: str) -> BadReview:
    found = bad_reviews_visible_to(user).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def may_assign(user: User, review: BadReview) -> bool:
    return review.state in (BadReview.State.NEW, BadReview.State.ASSIGNED) and can(
        user, "evaluation.handle", review.organisation
    )


def may_handle(user: User, review: BadReview) -> bool:
    return review.is_open and review.assigned_to_id == user.pk


def may_know_who(user: User, evaluation: Evaluation) -> bool:
    """An anonymous rater stays unknown to all but whoever sets it right and must call back."""
    if not evaluation.is_anonymous:
        return True
    review = BadReview.objects.filter(evaluation=evaluation).first()
    return review is not None and review.assigned_to_id == user.pk
