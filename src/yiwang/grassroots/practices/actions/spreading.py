"""Others try it and say how it went; a county, city or province takes it further on their reports."""

import datetime as dt
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.grassroots.practices.errors import BadText, NotEnoughReports, OwnPractice, PromotedAlready, TryingAlready
from yiwang.grassroots.practices.events import (
    AdoptionBegun,
    AdoptionReported,
    AdoptionStopped,
    PracticePromoted,
    PromotionEnded,
)
from yiwang.grassroots.practices.models import Adoption, Practice, Promotion
from yiwang.grassroots.practices.queries import adoptions_to_remind, good_reports, missing_for, rule
from yiwang.kernel import clock
from yiwang.kernel.states import ChangedMeanwhile, NotAllowedInState, move
from yiwang.platform.journal.actions import record
from yiwang.platform.notify.actions import send
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Organisation


@transaction.atomic
def begin_adoption(
    practice: Practice, organisation: Organisation, *, plan: str, by: User | None, started_on: dt.date | None = None
) -> Adoption:
    """Another union tries it from a day on."""
    if organisation.pk == practice.organisation_id:
        raise OwnPractice
    _refuse_hidden(practice)
    started = started_on or clock.today()
    if started > clock.today():
        raise BadText("started_on", _("日期在以后，开始了再登记。"))
    try:
        with transaction.atomic():
            adoption = Adoption.objects.create(
                practice=practice, organisation=organisation, plan=plan.strip(), started_on=started, began_by=by
            )
    except IntegrityError as clash:
        raise TryingAlready(organisation) from clash
    event = AdoptionBegun(practice_id=practice.pk, adoption_id=adoption.pk, organisation_id=organisation.pk)
    record(event, by=by)
    return adoption


def _refuse_hidden(practice: Practice) -> None:
    """Whoever withdraws it at this moment is waited for."""
    practice = Practice.objects.select_for_update(of=("self",)).get(pk=practice.pk)
    if practice.state != Practice.State.SHOWN:
        shown = Practice.State.SHOWN.label
        raise NotAllowedInState(practice, was=str(practice.get_state_display()), to=str(shown))


@transaction.atomic
def report_adoption(
    adoption: Adoption,
    *,
    verdict: str,
    words: str,
    before: Decimal,
    after: Decimal,
    cost_yuan: int,
    people: int,
    by: User | None,
) -> None:
    """How it went, with figures; that it did not work is as good a report as any other."""
    least = rule("words_least")
    if len(words.strip()) < least:
        raise BadText("words", _("写细一点，至少{n}个字：怎么做的、改了什么、哪里不行。").format(n=least))
    if Adoption.objects.filter(practice=adoption.practice, words=words.strip()).exclude(pk=adoption.pk).exists():
        raise BadText("words", _("和别家报的一模一样。请写你们自己的情况。"))
    move(
        adoption,
        Adoption.State.REPORTED,
        verdict=verdict,
        words=words.strip(),
        before=before,
        after=after,
        cost_yuan=cost_yuan,
        people=people,
        reported_by=by,
        reported_at=clock.now(),
    )
    record(AdoptionReported(practice_id=adoption.practice_id, adoption_id=adoption.pk, verdict=verdict), by=by)


@transaction.atomic
def stop_adoption(adoption: Adoption, *, by: User) -> None:
    move(adoption, Adoption.State.STOPPED)
    record(AdoptionStopped(practice_id=adoption.practice_id, adoption_id=adoption.pk), by=by)


@transaction.atomic
def promote(practice: Practice, organisation: Organisation, *, words: str, by: User | None) -> Promotion:
    """Refused while there are too few good reports, or they come from too few places."""
    _refuse_hidden(practice)
    if problems := missing_for(practice, organisation):
        raise NotEnoughReports(problems)
    reports = len(good_reports(practice, organisation))
    try:
        with transaction.atomic():
            made = Promotion.objects.create(
                practice=practice,
                organisation=organisation,
                level=organisation.level,
                reports=reports,
                words=words.strip(),
                by=by,
                at=clock.now(),
            )
    except IntegrityError as clash:
        raise PromotedAlready(organisation) from clash
    event = PracticePromoted(
        practice_id=practice.pk, organisation_id=organisation.pk, level=organisation.level, reports=reports
    )
    record(event, by=by)
    return made


@transaction.atomic
def end_promotion(promotion: Promotion, *, reason: str, by: User) -> None:
    changes = {"ended_at": clock.now(), "end_reason": reason.strip()}
    if not Promotion.objects.filter(pk=promotion.pk, ended_at=None).update(**changes):
        raise ChangedMeanwhile(promotion.practice)
    promotion.refresh_from_db()
    event = PromotionEnded(practice_id=promotion.practice_id, organisation_id=promotion.organisation_id)
    record(event, by=by)


def sweep_reports(day: dt.date) -> int:
    """Who has tried it long enough is asked how it went; once."""
    rows = adoptions_to_remind(day)
    for row in rows:
        if row.began_by is None:
            continue
        link = reverse("practices:adoption-report", args=[row.public_id])
        told = {"title": row.practice.title}
        send("practices/report", to=row.began_by, context=told, link=link, key=f"practice_report:{row.pk}")
    return len(rows)
