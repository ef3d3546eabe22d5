"""What the person who asked can do while they wait."""

import datetime as dt

from django.db import transaction

from yiwang.kernel import clock as kernel_clock
from yiwang.kernel.clock import add_workdays, local_date
from yiwang.kernel.states import move
from yiwang.net.cases.actions.clocks import end_clocks, set_due
from yiwang.net.cases.actions.telling import count_standing, tell_journal, tell_staff
from yiwang.net.cases.errors import AlreadyAppealed, ReasonMissing, TooLateToAppeal, UrgedJustNow
from yiwang.net.cases.events import CaseUrged, CaseWithdrawn, ReplyWritten, ReviewRequested
from yiwang.net.cases.models import Case, Reply, Review, Urge
from yiwang.net.cases.queries.limits import limit
from yiwang.net.cases.queries.routing import line_of
from yiwang.platform.rules.queries import work_calendar
from yiwang.register.access.queries import holders
from yiwang.register.accounts.models import User


@transaction.atomic
def urge(case: Case, *, by: User, text: str = "", now: dt.datetime | None = None) -> Urge:
    """A reminder, not more than one in some working days, so that it keeps its weight."""
    now = now or kernel_clock.now()
    today = local_date(now)
    last = case.urges.order_by("-at").first()
    if last is not None:
        again_on = add_workdays(local_date(last.at), limit("urge_gap_workdays", today), work_calendar())
        if today < again_on:
            raise UrgedJustNow(again_on)

    made = Urge.objects.create(case=case, by=by, text=text.strip()[:300], at=now)

    tell_journal(case, CaseUrged(case_id=case.pk), by=by, now=now)
    tell_staff(case, "urged", [case.handler] if case.handler else holders(case.organisation, "cases.handle"))
    return made


@transaction.atomic
def withdraw(case: Case, *, by: User, now: dt.datetime | None = None) -> None:
    """Until it is decided, the applicant may take a request back without giving a reason."""
    now = now or kernel_clock.now()

    move(case, Case.State.WITHDRAWN, closed_at=now)
    end_clocks(case, now=now, stopped=True)
    case.pauses.filter(ended_at=None).update(ended_at=now)
    case.supplements.filter(answered_at=None).update(is_expired=True)
    set_due(case)
    count_standing(case, "open", -1)

    tell_journal(case, CaseWithdrawn(case_id=case.pk), by=by, now=now)
    tell_staff(case, "withdrawn", [case.handler])


@transaction.atomic
def write_message(case: Case, *, text: str, by: User, now: dt.datetime | None = None) -> Reply:
    """The applicant writes to whoever handles the case."""
    if not text.strip():
        raise ReasonMissing("text")
    now = now or kernel_clock.now()

    reply = Reply.objects.create(case=case, author=by, from_applicant=True, text=text.strip(), created_at=now)

    tell_journal(case, ReplyWritten(case_id=case.pk, from_applicant=True), by=by, now=now)
    tell_staff(case, "message", [case.handler])
    return reply


@transaction.atomic
def request_review(case: Case, *, text: str, by: User, now: dt.datetime | None = None) -> Review:
    """Somebody else, one level up, looks at the answer again."""
    if not text.strip():
        raise ReasonMissing("text")
    now = now or kernel_clock.now()
    today = local_date(now)
    decision = case.decisions.select_for_update().get(revoked_at=None)
    if decision.appeal_until and today > decision.appeal_until:
        raise TooLateToAppeal(decision.appeal_until)
    if Review.objects.filter(decision=decision).exists():
        raise AlreadyAppealed

    superior = next((body for body in line_of(decision.organisation)[1:]), decision.organisation)
    review = Review.objects.create(
        case=case,
        decision=decision,
        text=text.strip(),
        organisation=superior,
        asked_at=now,
        due_at=kernel_clock.deadline(now, limit("review_days", today), "day", work_calendar(), at=now),
    )

    tell_journal(case, ReviewRequested(case_id=case.pk), by=by, now=now)
    tell_staff(case, "review_requested", holders(superior, "cases.supervise"))
    return review
