"""Lists with full numbers: asking, a second person's decision, the file, its download and its end."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yiwang.kernel.clock import now, today
from yiwang.kernel.crypto import decrypt_bytes, encrypt_bytes
from yiwang.kernel.states import move
from yiwang.platform.jobs.actions import start_job
from yiwang.platform.journal.actions import record
from yiwang.platform.notify.actions import send
from yiwang.platform.rules.queries import parameter
from yiwang.platform.ui.spreadsheets import Record, as_stamped_xlsx
from yiwang.register.access.actions import note_reveals
from yiwang.register.accounts.models import User
from yiwang.register.members.errors import (
    DecideWithReason,
    NothingToRelease,
    ReleaseNeedsAnotherPerson,
    TooManyToRelease,
)
from yiwang.register.members.events import (
    ReleaseApproved,
    ReleaseAsked,
    ReleaseExpired,
    ReleaseMade,
    ReleaseRefused,
    ReleaseTaken,
    ReleaseWithdrawn,
)
from yiwang.register.members.models import Release, ReleasedFile
from yiwang.register.members.queries import release_deciders
from yiwang.register.organisations.models import Organisation

RELEASE = "members.release"
CONTEXT = b"members.release"


@transaction.atomic
def ask_release(
    place: Organisation,
    *,
    address: str,
    told: str,
    columns: Sequence[str],
    fields: Sequence[str],
    rows: int,
    purpose: str,
    by: User,
) -> Release:
    """Somebody wants this list with full numbers. Whoever may let it go, nearest to the place, is told."""
    refuse_size(rows)
    release = Release.objects.create(
        place=place,
        address=address,
        told=told,
        columns=list(columns),
        fields=list(fields),
        rows=rows,
        purpose=purpose.strip(),
        asked_by=by,
        asked_at=now(),
    )
    record(ReleaseAsked(**_facts(release), rows=rows, fields=list(fields)), by=by, purpose=release.purpose)
    context: dict[str, str | int] = {
        "name": by.name,
        "place": place.name,
        "rows": rows,
        "purpose": release.purpose,
    }
    for decider in release_deciders(place, by):
        send("members/release_asked", to=decider, context=context, link=_page(release))
    return release


def refuse_size(rows: int) -> None:
    most = int(parameter("members.release_rows", today()))
    if rows == 0:
        raise NothingToRelease
    if rows > most:
        raise TooManyToRelease(most)


@transaction.atomic
def approve_release(release: Release, *, by: User) -> None:
    """The second person lets it go; the file is made in the background, for who asked."""
    _refuse_same_person(release, by)
    move(release, Release.State.APPROVED, decided_by=by, decided_at=now())
    title = _("带完整号码的名册：{place}，{rows}人").format(place=release.place.name, rows=release.rows)
    params: dict[str, Any] = {"release": release.pk, "language": release.asked_by.language or get_language()}
    release.run = start_job(RELEASE, params, by=release.asked_by, title=title, link=_page(release))
    release.save(update_fields=["run"])
    record(ReleaseApproved(**_facts(release)), by=by, purpose=release.purpose)


@transaction.atomic
def refuse_release(release: Release, *, reason: str, by: User) -> None:
    _refuse_same_person(release, by)
    if not reason.strip():
        raise DecideWithReason
    move(release, Release.State.REFUSED, decided_by=by, decided_at=now(), reason=reason.strip())
    record(ReleaseRefused(**_facts(release)), by=by, purpose=release.reason)
    context = {"name": by.name, "place": release.place.name, "reason": release.reason}
    send("members/release_refused", to=release.asked_by, context=context, link=_page(release))


def _refuse_same_person(release: Release, by: User) -> None:
    if by.pk == release.asked_by_id:
        raise ReleaseNeedsAnotherPerson


@transaction.atomic
def withdraw_release(release: Release, *, by: User) -> None:
    """Not wanted any more, or used up: what was made is deleted at once."""
    move(release, Release.State.WITHDRAWN)
    ReleasedFile.objects.filter(release=release).delete()
    record(ReleaseWithdrawn(**_facts(release)), by=by)


@transaction.atomic
def make_released_file(
    release: Release, labels: list[str], rows: Iterator[Record], *, person_ids: Sequence[int]
) -> ReleasedFile:
    """The file, sealed, and a line for each of its people under “who looked at my data”; all or nothing."""
    until = today() + dt.timedelta(days=int(parameter("members.release_days", today())))
    content = as_stamped_xlsx(labels, rows, stamp_of(release, until))
    made = ReleasedFile.objects.create(
        release=release,
        name=_("会员名册（完整号码）-{id}.xlsx").format(id=release.public_id),
        sealed=encrypt_bytes(content, CONTEXT),
    )
    move(release, Release.State.READY, made_at=now(), expires_on=until, rows_made=len(person_ids))
    why = _("导出名册：{purpose}（{name}批准）").format(purpose=release.purpose, name=_name_of(release.decided_by))
    note_reveals("person", person_ids, release.asked_by, why)
    record(ReleaseMade(**_facts(release), rows=len(person_ids)), by=release.asked_by, purpose=release.purpose)
    context: dict[str, str | int] = {
        "place": release.place.name,
        "rows": len(person_ids),
        "day": until.isoformat(),
    }
    send("members/release_ready", to=release.asked_by, context=context, link=_page(release))
    return made


def stamp_of(release: Release, until: dt.date) -> str:
    """Who took it, when, what for, who let it go: in the sheet, and at the foot of every printed page."""
    return _(
        "{name}于{day}导出，用途：{purpose}。{decider}批准，编号{id}。有完整号码，只作这个用途，不得转发；{until}以前删除。"
    ).format(
        name=_name_of(release.asked_by),
        day=today().isoformat(),
        purpose=release.purpose,
        decider=_name_of(release.decided_by),
        id=release.public_id,
        until=until.isoformat(),
    )


def _name_of(user: Any) -> str:
    return user.name if user is not None else ""


@transaction.atomic
def take_release(release: Release, *, by: User) -> tuple[str, bytes]:
    """Name and content of the file; every download is journalled."""
    file = ReleasedFile.objects.get(release=release)
    Release.objects.filter(pk=release.pk).update(taken=F("taken") + 1)
    record(ReleaseTaken(**_facts(release)), by=by, purpose=release.purpose)
    return file.name, decrypt_bytes(bytes(file.sealed), CONTEXT)


def expire_releases(*, on: dt.date) -> int:
    """Delete the files whose last day is over."""
    over = list(Release.objects.filter(state=Release.State.READY, expires_on__lt=on))
    for release in over:
        with transaction.atomic():
            move(release, Release.State.EXPIRED)
            ReleasedFile.objects.filter(release=release).delete()
            record(ReleaseExpired(**_facts(release)), by=None)
    return len(over)


def _facts(release: Release) -> dict[str, Any]:
    return {"release_id": release.pk, "organisation_id": release.place_id}


def _page(release: Release) -> str:
    return reverse("members:release-detail", args=[release.public_id])
