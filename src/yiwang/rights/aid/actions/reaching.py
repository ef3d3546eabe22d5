"""Looking for families who qualify and never asked, and writing down what became of our calls."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.kernel import clock
from yiwang.kernel.clock import local_date
from yiwang.net.catalogue.queries import agreed_profiles, answer_for, current_version
from yiwang.platform.jobs.actions import advance, set_total, start_job
from yiwang.platform.jobs.models import JobRun
from yiwang.platform.journal.actions import record
from yiwang.platform.rules.library.explaining import Answer
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Person
from yiwang.register.members.queries import current_membership
from yiwang.register.organisations.models import Organisation
from yiwang.rights.aid.errors import OutreachOver, WordsNeeded
from yiwang.rights.aid.events import OutreachRecorded, ScreeningStarted
from yiwang.rights.aid.models import Outreach, Screening
from yiwang.rights.aid.queries import has_asked

BATCH = 50
JOB = "aid.screening"


@transaction.atomic
def start_screening(organisation: Organisation, *, service: str, by: User, now: dt.datetime | None = None) -> Screening:
    """Long work with progress; the list it fills is the page it ends on."""
    now = now or clock.now()
    name = str(current_version(service).name)
    screening = Screening.objects.create(
        organisation=organisation, service=service, on=local_date(now), by=by, started_at=now
    )
    title = _("{place}：谁符合“{service}”还没申请").format(place=organisation.name, service=name)
    screening.job = start_job(JOB, {"screening": screening.pk}, by=by, title=title, link=reverse("aid:outreach-list"))
    screening.save(update_fields=["job"])
    record(ScreeningStarted(screening_id=screening.pk, service=service, organisation_id=organisation.pk), by=by)
    return screening


def screen(run: JobRun) -> None:
    """Goes on after the last account it looked at; a family found before stays as it is."""
    screening = Screening.objects.select_related("organisation").get(pk=run.params["screening"])
    version = current_version(screening.service)
    profiles = agreed_profiles(str(screening.organisation.path))
    if run.total is None:
        set_total(run, profiles.count())
    while batch := list(profiles.filter(pk__gt=run.cursor or 0)[:BATCH]):
        with transaction.atomic():
            for profile in batch:
                answer = answer_for(version, profile, screening.on)
                if answer is not None and answer.verdict == "yes":
                    _find(screening, profile.user.person, answer)
            screening.looked_at += len(batch)
            screening.save(update_fields=["looked_at"])
            advance(run, done=len(batch), cursor=batch[-1].pk)
    screening.found = screening.families.count()
    screening.finished_at = clock.now()
    screening.save(update_fields=["found", "finished_at"])


def _find(screening: Screening, person: Person, answer: Answer) -> None:
    membership = current_membership(person)
    known = Outreach.objects.filter(person=person, service=screening.service)
    declined = known.filter(outcome=Outreach.Outcome.NOT_WANTED, found_on__year=screening.on.year)
    if membership is None or has_asked(person, screening.service) or declined.exists():
        return
    reasons = [reason.label for reason in answer.reasons if reason.holds]
    try:
        with transaction.atomic():
            Outreach.objects.create(
                person=person,
                organisation=membership.organisation,
                screening=screening,
                service=screening.service,
                reason="；".join(reasons)[:300],
                found_on=screening.on,
            )
    except IntegrityError:  # found before, still open
        return


@transaction.atomic
def record_contact(family: Outreach, *, outcome: str, words: str, by: User, now: dt.datetime | None = None) -> None:
    """Called, visited, not reached; not wanted and applied end it."""
    now = now or clock.now()
    family = Outreach.objects.select_for_update().get(pk=family.pk)
    if family.outcome in Outreach.LAST:
        raise OutreachOver
    if outcome == Outreach.Outcome.NOT_WANTED and not words.strip():
        raise WordsNeeded("words")
    step = {"outcome": outcome, "by": by.name, "on": local_date(now).isoformat(), "words": words.strip()[:200]}
    family.steps, family.outcome, family.touched_at = [*family.steps, step], outcome, now
    family.save(update_fields=["steps", "outcome", "touched_at"])
    record(OutreachRecorded(outreach_id=family.pk, outcome=outcome), by=by)


def note_applied(person: Person, service: str, *, by: User, now: dt.datetime) -> None:
    """A family we were to call has asked by itself, or because we called."""
    open_ones = Outreach.objects.filter(person=person, service=service).exclude(outcome__in=Outreach.LAST)
    for family in open_ones:
        record_contact(family, outcome=Outreach.Outcome.APPLIED, words="", by=by, now=now)
