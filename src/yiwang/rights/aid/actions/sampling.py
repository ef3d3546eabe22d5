"""Bodies above the county look at new files again, then take them into their books (RI 1.3 备案, 1.12 抽查)."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterator, Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from yiwang.kernel import clock
from yiwang.kernel.clock import local_date
from yiwang.platform.journal.actions import record, record_many
from yiwang.platform.rules.queries import parameter
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Organisation
from yiwang.rights.aid.codes import Signal
from yiwang.rights.aid.errors import CheckedBefore, NothingToDraw, WordsNeeded, WrongPerson
from yiwang.rights.aid.events import FileRecorded, SampleChecked, SamplesDrawn
from yiwang.rights.aid.formulas_files import part_of
from yiwang.rights.aid.models import AidFile, Finding, Sample
from yiwang.rights.aid.policies import is_free
from yiwang.rights.aid.queries_sampling import flagged, large, to_look_at, to_record


@transaction.atomic
def draw_samples(body: Organisation, *, by: User, now: dt.datetime | None = None) -> list[Sample]:
    """Every new file with a large sum or a sign, and a part of the others by lot. The seed is kept: whoever has it
    and the files' numbers finds the same ones."""
    on = local_date(now or clock.now())
    _hold(body)
    files = list(to_look_at(body, on).order_by("number"))
    if not files:
        raise NothingToDraw
    seed = secrets.token_hex(16)
    samples = [Sample(file=file, body=body, why=why, seed=seed, drawn_on=on) for file, why in picked(files, seed, on)]
    Sample.objects.bulk_create(samples)
    record(SamplesDrawn(organisation_id=body.pk, seed=seed, files=len(samples)), by=by)
    return samples


def _hold(body: Organisation) -> None:
    """One at a time looks again for a body: who comes later finds what was drawn and recorded."""
    Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=body.pk)


def picked(files: Sequence[AidFile], seed: str, on: dt.date) -> Iterator[tuple[AidFile, str]]:
    """Which of them, and why."""
    numbers = [file.pk for file in files]
    much, signs = large(numbers, on), flagged(numbers)
    others = []
    for file in files:
        if file.pk in much:
            yield file, Sample.Why.LARGE
        elif file.pk in signs:
            yield file, Sample.Why.FLAGGED
        else:
            others.append(file)
    others.sort(key=lambda file: hashlib.sha256(f"{seed}|{file.number}".encode()).hexdigest())
    for file in others[: part_of(len(others), int(parameter("aid_sample_percent", on)))]:
        yield file, Sample.Why.RANDOM


@transaction.atomic
def check_sample(
    sample: Sample,
    *,
    papers_agree: bool,
    household_agrees: bool,
    reckoning_agrees: bool,
    words: str,
    by: User,
    now: dt.datetime | None = None,
) -> None:
    """Three looks by somebody who had no part in the file. What does not agree is a finding of the county's."""
    if not words.strip():
        raise WordsNeeded("words")
    if not _had_no_part(by, sample.file):
        raise WrongPerson
    if Sample.objects.select_for_update().get(pk=sample.pk).checked_on is not None:
        raise CheckedBefore
    now = now or clock.now()
    sample.papers_agree, sample.household_agrees = papers_agree, household_agrees
    sample.reckoning_agrees, sample.words = reckoning_agrees, words.strip()[:300]
    sample.checked_by, sample.checked_on = by, local_date(now)
    sample.save()
    if not sample.is_confirmed:
        with override("zh-hans"):
            detail = _("{body}抽查：{words}").format(body=sample.body.name, words=sample.words)[:200]
        Finding.objects.get_or_create(
            file=sample.file, signal=Signal.SAMPLED, detail=detail, defaults={"found_at": now}
        )
    record(SampleChecked(aid_file_id=sample.file_id, confirmed=sample.is_confirmed), by=by)


def _had_no_part(user: User, file: AidFile) -> bool:
    signed = file.decisions.exclude(decided_at=None).order_by("-pk").first()
    return is_free(user, file, signed) and (signed is None or signed.decided_by_id != user.pk)


@transaction.atomic
def record_files(body: Organisation, *, by: User, now: dt.datetime | None = None) -> int:
    """Take into the books what waits for no look of this body and has no open finding."""
    on = local_date(now or clock.now())
    _hold(body)
    files = list(to_record(body).values_list("pk", flat=True))
    AidFile.objects.filter(pk__in=files, recorded_on=None).update(recorded_on=on)
    record_many([FileRecorded(aid_file_id=pk, organisation_id=body.pk) for pk in files], by=by)
    return len(files)
