"""Which new files a body above looks at again, and which it may take into its books."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from yiwang.kernel.money import yuan
from yiwang.platform.rules.queries import parameter
from yiwang.register.organisations.models import Organisation
from yiwang.rights.aid.models import AidFile, Decision, Finding, Grant, Sample
from yiwang.rights.aid.queries import PAYABLE


def below(body: Organisation) -> Q:
    return Q(county__path__descendant=str(body.path))


def new_files(body: Organisation) -> QuerySet[AidFile]:
    """On file and not yet in the books of the bodies above."""
    return AidFile.objects.filter(below(body), state__in=PAYABLE, recorded_on=None)


def last_draw(body: Organisation) -> dt.date | None:
    days = Sample.objects.filter(body=body).order_by("-drawn_on").values_list("drawn_on", flat=True)
    return days.first()


def to_look_at(body: Organisation, on: dt.date) -> QuerySet[AidFile]:
    """Filed before today and not reached by an earlier draw of this body: a draw covers the days before it."""
    files = new_files(body).filter(filed_on__lt=on)
    last = last_draw(body)
    return files.filter(filed_on__gte=last) if last else files


def to_record(body: Organisation) -> QuerySet[AidFile]:
    """A draw of this body covered them; no look is waiting, of whichever body, and no finding is open."""
    looks = Sample.objects.filter(file=OuterRef("pk"), checked_on=None)
    open_findings = Finding.objects.filter(file=OuterRef("pk"), resolved_at=None)
    last = last_draw(body)
    if last is None:
        return AidFile.objects.none()
    return new_files(body).filter(filed_on__lt=last).exclude(Exists(looks)).exclude(Exists(open_findings))


def large(files: Sequence[int], on: dt.date) -> set[int]:
    """Files with more than the set sum of approved aid."""
    least = yuan(int(parameter("aid_sample_sum", on)))
    sums = Grant.objects.filter(file__in=files, state=Grant.State.APPROVED).values("file").annotate(sum=Sum("payable"))
    return set(sums.filter(sum__gt=least).values_list("file", flat=True))


def flagged(files: Sequence[int]) -> set[int]:
    """Files with a sign that a person said counts, or a flag of the rules on their decision."""
    counted = Finding.objects.filter(file__in=files, outcome=Finding.Outcome.COUNTS).values_list("file", flat=True)
    rules = Decision.objects.filter(file__in=files).exclude(decided_at=None).exclude(flags=[])
    return {*counted, *rules.values_list("file", flat=True)}


def sample_counts(samples: QuerySet[Sample]) -> dict[str, int]:
    agree = Q(papers_agree=True, household_agrees=True, reckoning_agrees=True)
    counts: dict[str, int] = samples.aggregate(
        drawn=Count("pk"),
        checked=Count("pk", filter=Q(checked_on__isnull=False)),
        confirmed=Count("pk", filter=agree),
    )
    return counts
