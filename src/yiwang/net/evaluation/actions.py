"""Rating a case, and the way a bad rating is set right."""

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.urls import reverse

from yiwang.kernel import clock as kernel_clock
from yiwang.kernel.clock import deadline, local_date
from yiwang.kernel.states import move
from yiwang.net.cases.models import Case
from yiwang.net.cases.queries.routing import line_of
from yiwang.net.evaluation.errors import (
    CallFirst,
    CannotHandleHere,
    NotYetDecided,
    RatedBefore,
    RatedMayNotHandle,
    RectifyFirst,
    ScoreMissing,
    WordsMissing,
)
from yiwang.net.evaluation.events import (
    BadReviewAssigned,
    BadReviewCalledBack,
    BadReviewClosed,
    BadReviewOverdue,
    BadReviewRectified,
    BadReviewVerified,
    CaseRated,
)
from yiwang.net.evaluation.formulas import CONTENT_FROM, is_bad
from yiwang.net.evaluation.models import BadReview, Evaluation
from yiwang.net.evaluation.policies import RATEABLE, is_rated
from yiwang.platform.counters.actions import add
from yiwang.platform.journal.actions import record
from yiwang.platform.notify.actions import send
from yiwang.platform.rules.queries import parameter, work_calendar
from yiwang.register.access.queries import holders
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Organisation

State, Finding = BadReview.State, BadReview.Finding
UPHELD = (Finding.TRUE, Finding.PARTLY)


@transaction.atomic
def rate(
    case: Case,
    *,
    score: int | None,
    by: User,
    tags: Sequence[str] = (),
    text: str = "",
    anonymous: bool = False,
    wants_no_call: bool = False,
    channel: str = Evaluation.Channel.WEB,
    now: dt.datetime | None = None,
) -> Evaluation:
    """Keep one rating for each channel. A bad one starts on its way to somebody else than the rated."""
    if case.state not in RATEABLE:
        raise NotYetDecided
    if score not in Evaluation.Score.values:
        raise ScoreMissing
    now = now or kernel_clock.now()
    try:
        with transaction.atomic():
            evaluation = Evaluation.objects.create(
                case=case,
                channel=channel,
                score=score,
                tags=[tag for tag in tags if tag in Evaluation.Tag.values],
                text=text.strip(),
                is_anonymous=anonymous,
                wants_no_call=wants_no_call,
                by=by,
                organisation=case.organisation,
                created_at=now,
            )
    except IntegrityError as clash:
        raise RatedBefore from clash

    _count(evaluation, now)
    record(CaseRated(case_id=case.pk, score=evaluation.score), by=None, at=now)
    if is_bad(evaluation.score):
        _open_bad_review(evaluation, now)
    return evaluation


def _count(evaluation: Evaluation, now: dt.datetime) -> None:
    path, day = str(evaluation.organisation.path), local_date(now)
    add("evaluation.rated", path=path, day=day)
    if evaluation.score >= CONTENT_FROM:
        add("evaluation.content", path=path, day=day)
    if is_bad(evaluation.score):
        add("evaluation.bad", path=path, day=day)


def _open_bad_review(evaluation: Evaluation, now: dt.datetime) -> None:
    calendar, on = work_calendar(), local_date(now)
    review = BadReview.objects.create(
        evaluation=evaluation,
        organisation=evaluation.organisation,
        assign_due_at=deadline(now, _limit("assign_workdays", on), "workday", calendar, at=now),
        rectify_due_at=deadline(now, _limit("rectify_workdays", on), "workday", calendar, at=now),
    )
    for leader in _others(evaluation):
        _tell(leader, "bad_review", review)


def _limit(name: str, on: dt.date) -> int:
    return int(parameter(f"evaluation.{name}", on))


def _others(evaluation: Evaluation) -> list[User]:
    """Officers for ratings at the body, or the nearest above it, who did not work on the case."""
    for body in line_of(evaluation.organisation):
        free = [user for user in holders(body, "evaluation.handle") if not is_rated(user, evaluation.case)]
        if free:
            return free
    return []


def officers_for(review: BadReview) -> list[User]:
    """Everybody on the line of the body who handles ratings and did not work on the case, nearest first."""
    found = [user for body in line_of(review.organisation) for user in holders(body, "evaluation.handle")]
    return [user for user in dict.fromkeys(found) if not is_rated(user, review.evaluation.case)]


def _tell(user: User, template: str, review: BadReview) -> None:
    link = reverse("evaluation:bad-review", args=[review.public_id])
    send(f"evaluation/{template}", to=user, context={"number": review.evaluation.case.number}, link=link)


@transaction.atomic
def assign_bad_review(review: BadReview, *, to: User, by: User, now: dt.datetime | None = None) -> None:
    """Give it to somebody who did not work on the case; giving it to another one later is allowed until verified."""
    case = review.evaluation.case
    if is_rated(to, case):
        raise RatedMayNotHandle(to.name)
    if not any(to == user for body in line_of(review.organisation) for user in holders(body, "evaluation.handle")):
        raise CannotHandleHere(to.name)
    now = now or kernel_clock.now()

    if review.state == State.ASSIGNED:
        BadReview.objects.filter(pk=review.pk, state=State.ASSIGNED).update(assigned_to=to, assigned_at=now)
        review.assigned_to, review.assigned_at = to, now
    else:
        move(review, State.ASSIGNED, assigned_to=to, assigned_at=now)

    record(BadReviewAssigned(bad_review_id=review.pk, to_id=to.pk), by=by, at=now)
    if to.pk != by.pk:
        _tell(to, "bad_review", review)


@transaction.atomic
def verify_bad_review(review: BadReview, *, finding: str, text: str, by: User, now: dt.datetime | None = None) -> None:
    if not text.strip():
        raise WordsMissing("text")
    now = now or kernel_clock.now()

    move(review, State.VERIFIED, finding=Finding(finding).value, finding_text=text.strip(), verified_at=now)

    record(BadReviewVerified(bad_review_id=review.pk, finding=review.finding), by=by, at=now)


@transaction.atomic
def rectify_bad_review(review: BadReview, *, measures: str, by: User, now: dt.datetime | None = None) -> None:
    if not measures.strip():
        raise WordsMissing("measures")
    now = now or kernel_clock.now()

    move(review, State.RECTIFIED, measures=measures.strip(), rectified_at=now)

    record(BadReviewRectified(bad_review_id=review.pk, on_time=now < review.rectify_due_at), by=by, at=now)


@transaction.atomic
def call_back(review: BadReview, *, text: str, settled: bool | None, by: User, now: dt.datetime | None = None) -> None:
    """Say to the person what was found and done; ``settled`` is their answer, None when nobody picked up."""
    if not text.strip():
        raise WordsMissing("text")
    if review.state == State.VERIFIED and review.finding in UPHELD:
        raise RectifyFirst
    now = now or kernel_clock.now()

    move(review, State.CALLED_BACK, call_text=text.strip(), is_settled=settled, called_back_at=now)

    record(BadReviewCalledBack(bad_review_id=review.pk), by=by, at=now)


@transaction.atomic
def close_bad_review(review: BadReview, *, by: User, now: dt.datetime | None = None) -> None:
    """Without a call only where the person asked for none (they do not count in the call-back rate)."""
    if review.state == State.VERIFIED and review.finding in UPHELD:
        raise RectifyFirst
    if review.state != State.CALLED_BACK and not review.evaluation.wants_no_call:
        raise CallFirst
    now = now or kernel_clock.now()

    move(review, State.CLOSED, closed_at=now)

    record(BadReviewClosed(bad_review_id=review.pk), by=by, at=now)


def sweep_bad_reviews(now: dt.datetime) -> int:
    """Tell the superior of every bad review that was not given out, or not set right, in time. Once each."""
    late = BadReview.objects.open().filter(escalated_at=None)
    ids = [
        *late.filter(state=State.NEW, assign_due_at__lte=now).values_list("pk", flat=True),
        *late.exclude(state=State.NEW).filter(rectified_at=None, rectify_due_at__lte=now).values_list("pk", flat=True),
    ]
    return sum(_escalate(pk, now) for pk in ids)


@transaction.atomic
def _escalate(pk: int, now: dt.datetime) -> bool:
    wide = BadReview.objects.select_related("organisation", "evaluation__case")
    review = wide.select_for_update(of=("self",)).get(pk=pk)
    if review.escalated_at is not None:
        return False
    body, leaders = _above(review.organisation)
    BadReview.objects.filter(pk=pk).update(escalated_at=now)
    record(BadReviewOverdue(bad_review_id=pk, organisation_id=body.pk), by=None)
    for leader in leaders:
        if not is_rated(leader, review.evaluation.case):
            _tell(leader, "bad_review_overdue", review)
    return True


def _above(organisation: Organisation) -> tuple[Organisation, list[User]]:
    line = line_of(organisation)
    for body in line[1:]:
        leaders = list(holders(body, "evaluation.handle"))
        if leaders:
            return body, leaders
    return line[-1], []
