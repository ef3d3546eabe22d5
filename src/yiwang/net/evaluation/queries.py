"""Figures and lists about ratings."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet

from yiwang.kernel.clock import start_of
from yiwang.net.cases.models import Case
from yiwang.net.cases.models.case import DECIDED_STATES
from yiwang.net.evaluation.formulas import CONTENT_FROM, satisfaction, share
from yiwang.net.evaluation.models import BadReview, Evaluation
from yiwang.platform.rules.queries import parameter
from yiwang.register.organisations.models import Organisation


@dataclass(frozen=True, kw_only=True)
class Figures:
    """How a subtree was rated in a span of days. ``satisfaction`` is None while too few rated."""

    decided: int
    rated: int
    satisfaction: Decimal | None
    active_share: Decimal
    bad: int
    rectified_on_time: Decimal | None
    called_back: Decimal | None


def figures(path: str, *, since: dt.date, until: dt.date) -> Figures:
    """Ratings of all bodies under ``path`` from one day to another, both included. Index: evaluation_by_body."""
    bodies = Organisation.objects.under(path)
    span = {"created_at__gte": start_of(since), "created_at__lt": start_of(until + dt.timedelta(days=1))}
    ratings = Evaluation.objects.filter(organisation__in=bodies, **span).aggregate(
        rated=Count("pk"),
        content=Count("pk", filter=Q(score__gte=CONTENT_FROM)),
        bad=Count("pk", filter=Q(score__lt=CONTENT_FROM)),
    )
    decided = Case.objects.filter(
        organisation__in=bodies,
        state__in=DECIDED_STATES,
        decided_at__gte=span["created_at__gte"],
        decided_at__lt=span["created_at__lt"],
    ).count()
    reviews = BadReview.objects.filter(
        organisation__in=bodies,
        evaluation__created_at__gte=span["created_at__gte"],
        evaluation__created_at__lt=span["created_at__lt"],
    )
    done = reviews.aggregate(
        n=Count("pk", filter=Q(rectified_at__isnull=False)),
        on_time=Count("pk", filter=Q(rectified_at__lt=F("rectify_due_at"))),
        callable=Count("pk", filter=Q(evaluation__wants_no_call=False, state=BadReview.State.CLOSED)),
        called=Count("pk", filter=Q(evaluation__wants_no_call=False, called_back_at__isnull=False)),
    )
    fewest = int(parameter("evaluation.fewest_ratings", until))
    return Figures(
        decided=decided,
        rated=ratings["rated"],
        satisfaction=satisfaction(rated=ratings["rated"], content=ratings["content"], fewest=fewest),
        active_share=share(ratings["rated"], decided),
        bad=ratings["bad"],
        rectified_on_time=share(done["on_time"], done["n"]) if done["n"] else None,
        called_back=share(done["called"], done["callable"]) if done["callable"] else None,
    )


def rating_of(case: Case) -> Evaluation | None:
    return Evaluation.objects.filter(case=case, channel=Evaluation.Channel.WEB).first()


def tag_labels(evaluation: Evaluation) -> list[str]:
    return [str(Evaluation.Tag(tag).label) for tag in evaluation.tags if tag in Evaluation.Tag.values]


PAGE = 50


def key_of(reviews: QuerySet[BadReview], public_id: str) -> tuple[dt.datetime, int] | None:
    """Where the page before ended."""
    last = reviews.filter(public_id=public_id).first() if public_id else None
    return (last.rectify_due_at, last.pk) if last else None


def page_of_bad_reviews(
    reviews: QuerySet[BadReview], *, state: str = "", after: tuple[dt.datetime, int] | None = None, size: int = PAGE
) -> list[BadReview]:
    """Soonest due first, paged by key. Indexes: bad_review_open_by_body, bad_review_open_by_due."""
    if state == "closed":
        reviews = reviews.filter(state=BadReview.State.CLOSED)
    else:
        reviews = reviews.exclude(state=BadReview.State.CLOSED)
        reviews = reviews.filter(state=state) if state else reviews
    if after is not None:
        due, pk = after
        reviews = reviews.filter(Q(rectify_due_at__gt=due) | Q(rectify_due_at=due, pk__gt=pk))
    return list(reviews.order_by("rectify_due_at", "pk")[: size + 1])
