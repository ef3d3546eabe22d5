"""一件事: asked once, then every part goes its own way; one that fails does not hold the others."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse

from yiwang.kernel import clock as kernel_clock
from yiwang.kernel.errors import DomainError
from yiwang.kernel.states import ChangedMeanwhile, move
from yiwang.net.cases.actions.submit import Contact, submit_case
from yiwang.net.cases.errors import KeyOfSomebodyElse, NothingWanted
from yiwang.net.cases.events import BundlePartNotStarted, BundlePartStarted, BundleSubmitted
from yiwang.net.cases.models import Bundle, BundlePart, Case
from yiwang.net.cases.queries.bundles import NEED_FAILED, WITHDRAWN, need_of, well_decided
from yiwang.net.cases.queries.limits import plan_of
from yiwang.net.catalogue.definitions import BundledPart
from yiwang.net.catalogue.models import ServiceVersion
from yiwang.net.catalogue.queries import current_version, published, with_contents
from yiwang.platform.files.actions import claim, copy_documents, remove_documents_of
from yiwang.platform.files.models import Document
from yiwang.platform.files.queries import documents_of
from yiwang.platform.forms.library import visible_answers
from yiwang.platform.journal.actions import record
from yiwang.platform.notify.actions import send
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Person

State = BundlePart.State


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One submission of a bundle, before it is written."""

    version: ServiceVersion
    applicant: Person | None
    contact: Contact | None
    answers: Mapping[str, Any]
    by: User
    key: str
    channel: str
    consents: tuple[dict[str, str], ...]
    now: dt.datetime

    @property
    def wanted(self) -> list[BundledPart]:
        return [part for part in self.version.content.bundle if part.is_wanted(self.answers)]


def submit_bundle(
    version: ServiceVersion,
    *,
    applicant: Person | None,
    answers: Mapping[str, Any],
    by: User,
    idempotency_key: str,
    channel: str = Case.Channel.WEB,
    documents: Sequence[Document] = (),
    contact: Contact | None = None,
    consents: Sequence[dict[str, str]] = (),
    now: dt.datetime | None = None,
) -> Bundle:
    """Start every part that waits for nothing. Safe to repeat: the same key by the same account is the same bundle.

    A part that is refused is kept with its reason; only when none could start is the whole refused, with the first
    reason, and nothing is written.
    """
    known = _submitted_before(idempotency_key, by)
    if known is not None:
        return known
    asked = Asked(
        version=version,
        applicant=applicant,
        contact=contact,
        answers=answers,
        by=by,
        key=idempotency_key,
        channel=channel,
        consents=tuple(consents),
        now=now or kernel_clock.now(),
    )
    if not asked.wanted:
        raise NothingWanted
    try:
        with transaction.atomic():
            return _write(asked, documents)
    except IntegrityError:
        known = _submitted_before(idempotency_key, by)
        if known is None:
            raise
        return known


def _submitted_before(key: str, by: User) -> Bundle | None:
    bundle = Bundle.objects.filter(idempotency_key=key).first()
    if bundle is not None and bundle.submitted_by_id != by.pk:
        raise KeyOfSomebodyElse
    return bundle


def _write(asked: Asked, documents: Sequence[Document]) -> Bundle:
    name = asked.version.content.name
    bundle = Bundle.objects.create(
        idempotency_key=asked.key,
        version=asked.version,
        title=name.zh,
        title_en=name.en,
        applicant=asked.applicant,
        submitted_by=asked.by,
        contact_name=asked.contact.name if asked.contact else "",
        contact_phone=asked.contact.phone if asked.contact else None,
        channel=asked.channel,
        answers=json.dumps(dict(asked.answers), ensure_ascii=False, default=str),
        consents=list(asked.consents),
        submitted_at=asked.now,
    )
    claim(documents, subject="bundle", subject_id=bundle.pk, by=asked.by)
    parts = _insert_parts(bundle, asked)
    event = BundleSubmitted(bundle_id=bundle.pk, service=asked.version.service.code, parts=len(parts))
    record(event, by=asked.by, at=asked.now)
    refusals = [_start(part, bundle, by=asked.by, now=asked.now) for part in parts if part.needs_id is None]
    if all(refusals):
        raise refusals[0]  # type: ignore[misc]  # all of them are refusals
    for part in parts:
        if part.state == State.NOT_STARTED:
            _follow_on(part, by=asked.by, now=asked.now)
    _let_go_of_papers(bundle)
    return bundle


def _insert_parts(bundle: Bundle, asked: Asked) -> list[BundlePart]:
    """A part that needs one which is not asked for this time needs nothing."""
    made: dict[str, BundlePart] = {}
    offered = with_contents(published().filter(service__code__in=[part.code for part in asked.wanted]))
    versions = {version.service.code: version for version in offered}
    for position, part in enumerate(asked.wanted):
        version = versions.get(part.code)
        made[part.code] = BundlePart.objects.create(
            bundle=bundle,
            position=position,
            service_code=part.code,
            title=version.content.name.zh if version else part.code,
            title_en=version.content.name.en if version else part.code,
            needs=made.get(part.needs),
            changed_at=asked.now,
        )
    return list(made.values())


def _start(part: BundlePart, bundle: Bundle, *, by: User, now: dt.datetime) -> DomainError | None:
    """Hand in one part as a case of its own. What refuses it is written down and returned."""
    try:
        with transaction.atomic():
            case = _submit(part, bundle, by=by, now=now)
    except DomainError as refusal:
        _leave(part, reason=refusal.code, now=now)
        return refusal
    move(part, State.STARTED, case=case, reason="", changed_at=now)
    event = BundlePartStarted(bundle_id=bundle.pk, service=part.service_code, case_id=case.pk)
    record(event, by=by, at=now)
    return None


def _submit(part: BundlePart, bundle: Bundle, *, by: User, now: dt.datetime) -> Case:
    version = current_version(part.service_code)
    laid_down = next(p for p in bundle.version.content.bundle if p.code == part.service_code)
    said = json.loads(bundle.answers)
    form = plan_of(version).form
    answers = {field.key: laid_down.answer(field.key, said) for field in form.fields() if field.is_asked}
    answers = {key: value for key, value in answers.items() if value not in (None, "")}
    answers, papers = _with_papers(part, bundle, form.by_key, laid_down, answers, by=by)
    contact = Contact(name=bundle.contact_name, phone=bundle.contact_phone) if bundle.contact_phone else None
    return submit_case(
        version,
        applicant=bundle.applicant,
        answers=visible_answers(form.steps, answers),
        by=bundle.submitted_by,
        idempotency_key=f"bundle:{bundle.public_id}:{part.service_code}",
        channel=bundle.channel,
        documents=papers,
        contact=None if bundle.applicant_id else contact,
        consents=bundle.consents,
        now=now,
    )


def _with_papers(
    part: BundlePart,
    bundle: Bundle,
    fields: Mapping[str, Any],
    laid_down: BundledPart,
    answers: dict[str, Any],
    *,
    by: User,
) -> tuple[dict[str, Any], list[Document]]:
    """The part's own copies of the papers it asks for; the bundle keeps the originals for those that wait."""
    held = list(documents_of("bundle", bundle.pk))
    found: list[Document] = []
    for key, field in fields.items():
        if field.is_file:
            mine = [document for document in held if document.kind == laid_down.source_of(key)]
            copies = copy_documents(mine, subject="bundle_part", subject_id=part.pk, kind=key, by=by)
            answers = {**answers, key: [copy.public_id for copy in copies]} if copies else answers
            found.extend(copies)
    return answers, found


def _leave(part: BundlePart, *, reason: str, now: dt.datetime, by: User | None = None) -> None:
    move(part, State.NOT_STARTED, reason=reason, changed_at=now)
    record(
        BundlePartNotStarted(bundle_id=part.bundle_id, service=part.service_code, reason=reason),
        by=by,
        at=now,
    )


@transaction.atomic
def follow_case(case_id: int, *, now: dt.datetime | None = None) -> int:
    """Parts that wait for this case: start them when it was decided well, let them go when it ended otherwise.

    It looks at how the case stands now, so that it may run late, twice or out of order. Returns how many moved.
    """
    now = now or kernel_clock.now()
    waiting = BundlePart.objects.select_for_update(of=("self",)).select_related("needs__case__merged_into", "bundle")
    moved = 0
    for part in waiting.filter(need_of(case_id)).order_by("position"):
        moved += _follow(part, by=part.bundle.submitted_by, now=now)
    return moved


def _follow(part: BundlePart, *, by: User, now: dt.datetime) -> bool:
    assert part.needs is not None
    bundle = part.bundle
    need = part.needs
    case = (need.case.merged_into or need.case) if need.case is not None else None
    if case is not None and well_decided(case):
        if part.state == State.NOT_STARTED and part.reason == NEED_FAILED:
            move(part, State.WAITING, reason="", changed_at=now)
        if part.state != State.WAITING:
            return False
        _start(part, bundle, by=by, now=now)
        _tell_if_left(part)
        _follow_on(part, by=by, now=now)
        return True
    is_over = case is not None and not case.is_open
    if part.state == State.WAITING and (is_over or need.state == State.NOT_STARTED):
        _leave(part, reason=NEED_FAILED, now=now)
        _tell_if_left(part)
        _follow_on(part, by=by, now=now)
        return True
    return False


def _follow_on(part: BundlePart, *, by: User, now: dt.datetime) -> None:
    """What waits for a part that did not start will not start either."""
    for follower in part.followers.select_related("needs__case__merged_into", "bundle"):
        _follow(follower, by=by, now=now)
    _let_go_of_papers(part.bundle)


def _let_go_of_papers(bundle: Bundle) -> None:
    """No copy is kept of what nothing waits for any more."""
    if not bundle.parts.filter(state=State.WAITING).exists():
        remove_documents_of("bundle", bundle.pk)


def _tell_if_left(part: BundlePart) -> None:
    if part.state != State.NOT_STARTED:
        return
    bundle = part.bundle
    context = {"title": part.title, "title_en": part.title_en or part.title}
    context |= {"bundle": bundle.title, "bundle_en": bundle.title_en or bundle.title}
    link = reverse("cases:bundle-detail", args=[bundle.public_id])
    for user in _readers(bundle):
        send("cases/part_not_started", to=user, context=context, link=link)


def _readers(bundle: Bundle) -> Iterable[User]:
    users = [bundle.applicant.user] if bundle.applicant is not None and bundle.applicant.user is not None else []
    if bundle.channel in Case.OWN_CHANNELS:
        users.append(bundle.submitted_by)
    return dict.fromkeys(users)


@transaction.atomic
def withdraw_part(part: BundlePart, *, by: User, now: dt.datetime | None = None) -> None:
    """The applicant does not want a part that has not begun; what waits for it is let go too."""
    now = now or kernel_clock.now()
    _leave(part, reason=WITHDRAWN, now=now, by=by)
    with suppress(ChangedMeanwhile):
        _follow_on(part, by=by, now=now)
