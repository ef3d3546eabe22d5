"""The only writers of the catalogue. A definition is written by one person and published by another."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from yiwang.kernel.clock import now
from yiwang.kernel.states import move
from yiwang.net.catalogue.definitions import Definition, Json, tidy
from yiwang.net.catalogue.errors import (
    CodeTaken,
    DefinitionHasProblems,
    DrafterMayNotPublish,
    DraftExists,
    EditedMeanwhile,
    NotEditable,
    NotSubmitted,
)
from yiwang.net.catalogue.events import (
    ServiceDrafted,
    ServicePublished,
    ServiceResumed,
    ServiceRetired,
    ServiceReturned,
    ServiceSubmitted,
    ServiceSuspended,
)
from yiwang.net.catalogue.models import FinderProfile, Service, ServiceVersion
from yiwang.net.catalogue.problem import Problem
from yiwang.net.catalogue.problems import problems_of
from yiwang.net.catalogue.queries import is_open_to_everybody, surroundings
from yiwang.net.catalogue.seed import SeededService, seeded_services
from yiwang.platform.journal.actions import record
from yiwang.platform.text.actions import drop, index
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Organisation

State = ServiceVersion.State


@dataclass(frozen=True)
class SeedReport:
    """What ``load_seed`` did: codes by outcome. ``kept`` were changed by people since and are left alone."""

    created: tuple[str, ...]
    updated: tuple[str, ...]
    unchanged: tuple[str, ...]
    kept: tuple[str, ...]


def digest_of(definition: Json) -> str:
    text = json.dumps(definition, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def load_seed() -> SeedReport:
    """Bring the catalogue that ships with the system into the tables. Idempotent; people's own versions stay."""
    outcome: dict[str, list[str]] = {"created": [], "updated": [], "unchanged": [], "kept": []}
    for seeded in seeded_services():
        outcome[_load(seeded)].append(seeded.code)
    return SeedReport(**{name: tuple(codes) for name, codes in outcome.items()})


def _load(seeded: SeededService) -> str:
    service, is_new = Service.objects.get_or_create(
        code=seeded.code, defaults={"domain": seeded.code[:2], "position": seeded.position}
    )
    latest = service.versions.order_by("-number").first()
    if latest is not None and latest.drafted_by_id is not None:
        return "kept"
    if latest is not None and latest.digest == digest_of(seeded.definition):
        return "unchanged"
    version = ServiceVersion.objects.create(
        service=service,
        number=latest.number + 1 if latest else 1,
        definition=seeded.definition,
        digest=digest_of(seeded.definition),
        submitted_at=now(),
    )
    _put_in_force(version, by=None)
    return "created" if is_new else "updated"


@transaction.atomic
def create_service(code: str, *, owner: Organisation, definition: Json, by: User) -> ServiceVersion:
    """A local service of one body, as a draft."""
    if Service.objects.filter(code=code).exists():
        raise CodeTaken(code)

    definition = tidy(definition)
    service = Service.objects.create(code=code, domain=code[:2], owner=owner)
    version = ServiceVersion.objects.create(
        service=service, number=1, definition=definition, digest=digest_of(definition), drafted_by=by
    )

    record(ServiceDrafted(**_about(version)), by=by)
    return version


@transaction.atomic
def draft_version(source: ServiceVersion, *, by: User) -> ServiceVersion:
    """The next version of a service, starting as a copy of ``source``."""
    service = Service.objects.select_for_update().get(pk=source.service_id)
    if service.versions.filter(state__in=[State.DRAFT, State.REVIEWED]).exists():
        raise DraftExists(source.name)

    latest = service.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version = ServiceVersion.objects.create(
        service=service,
        number=latest + 1,
        definition=source.definition,
        digest=source.digest,
        drafted_by=by,
    )

    record(ServiceDrafted(**_about(version)), by=by)
    return version


@transaction.atomic
def edit_definition(version: ServiceVersion, changes: Json, *, seen: str, by: User) -> None:
    """Replace parts of a draft. ``seen`` is the digest the editor worked from: nobody's work is overwritten unseen.

    Whoever edits last counts as the drafter, so that nobody publishes their own words.
    """
    if version.state != State.DRAFT or version.submitted_at is not None:
        raise NotEditable(version.name)
    if version.digest != seen:
        raise EditedMeanwhile(version.name)

    definition = tidy({**version.definition, **changes})
    digest = digest_of(definition)
    rows = ServiceVersion.objects.filter(pk=version.pk, state=State.DRAFT, submitted_at=None, digest=seen).update(
        definition=definition, digest=digest, drafted_by=by, changed_at=now()
    )
    if rows == 0:
        raise EditedMeanwhile(version.name)
    version.definition, version.digest, version.drafted_by = definition, digest, by


@transaction.atomic
def submit_for_review(version: ServiceVersion, *, note: str, by: User) -> None:
    """Hand a draft without problems to the person who publishes."""
    if version.state != State.DRAFT or version.submitted_at is not None:
        raise NotEditable(version.name)
    _refuse_problems(version)

    version.submitted_at, version.note = now(), note
    version.save(update_fields=["submitted_at", "note"])

    record(ServiceSubmitted(**_about(version)), by=by)


@transaction.atomic
def return_to_drafter(version: ServiceVersion, *, reason: str, by: User) -> None:
    """The publisher wants something changed."""
    if version.submitted_at is None:
        raise NotSubmitted(version.name)
    if version.state == State.REVIEWED:
        move(version, State.DRAFT)
    elif version.state != State.DRAFT:
        raise NotEditable(version.name)

    version.submitted_at, version.reason = None, reason
    version.save(update_fields=["submitted_at", "reason"])

    record(ServiceReturned(**_about(version), reason=reason), by=by)


@transaction.atomic
def publish_version(version: ServiceVersion, *, by: User) -> None:
    """Put a submitted version in force; the one before it retires, and its running cases keep it."""
    if version.drafted_by_id == by.pk:
        raise DrafterMayNotPublish(version.name)
    if version.submitted_at is None:
        raise NotSubmitted(version.name)
    _refuse_problems(version)

    _put_in_force(version, by=by)


def _put_in_force(version: ServiceVersion, *, by: User | None) -> None:
    if version.state == State.DRAFT:
        move(version, State.REVIEWED)
    in_force = [State.PUBLISHED, State.SUSPENDED]
    for former in ServiceVersion.objects.filter(service=version.service_id, state__in=in_force):
        move(former, State.RETIRED, ended_at=now())
    move(version, State.PUBLISHED, published_at=now(), published_by=by)
    _index(version)
    record(ServicePublished(**_about(version)), by=by)


@transaction.atomic
def suspend_service(version: ServiceVersion, *, reason: str, by: User) -> None:
    """No new requests for now; what is running goes on."""
    move(version, State.SUSPENDED, reason=reason)
    drop("service", [version.service.code])
    record(ServiceSuspended(**_about(version), reason=reason), by=by)


@transaction.atomic
def resume_service(version: ServiceVersion, *, by: User) -> None:
    if version.state != State.SUSPENDED:
        raise NotEditable(version.name)
    move(version, State.PUBLISHED, reason="")
    _index(version)
    record(ServiceResumed(**_about(version)), by=by)


@transaction.atomic
def retire_service(version: ServiceVersion, *, reason: str, by: User) -> None:
    """The end of a service, or of a draft nobody wants any more."""
    was_in_force = version.state != State.DRAFT
    move(version, State.RETIRED, reason=reason, ended_at=now())
    if was_in_force:
        drop("service", [version.service.code])
    record(ServiceRetired(**_about(version), reason=reason), by=by)


def found_problems(version: ServiceVersion) -> list[Problem]:
    return problems_of(Definition.from_json(version.definition), surroundings(version.service))


def _refuse_problems(version: ServiceVersion) -> None:
    found = found_problems(version)
    if found:
        raise DefinitionHasProblems(version.name, fields={problem.field: problem.text for problem in found})


def _about(version: ServiceVersion) -> dict[str, Any]:
    return {"service_id": version.service_id, "code": version.service.code, "number": version.number}


def _index(version: ServiceVersion) -> None:
    """What search finds: name, summary and the words people use. Local items only within their body, unless they
    are for everybody who works or lives there."""
    content = version.content
    owner = version.service.owner
    index(
        "service",
        version.service.code,
        content.name.zh,
        body=" ".join([content.name.en, content.summary.en, *content.aliases]),
        detail=content.summary.zh,
        scope_path=str(owner.path) if owner else None,
        public=owner is None or is_open_to_everybody(version),
        weight=100,
    )


@transaction.atomic
def keep_finder_answers(user: User, answers: Json, *, may_be_told: bool) -> None:
    """By the person's own consent, until ``forget_finder_answers``."""
    FinderProfile.objects.update_or_create(
        user=user,
        defaults={"answers": json.dumps(answers), "may_be_told": may_be_told, "consented_at": now()},
    )


def forget_finder_answers(user: User) -> None:
    FinderProfile.objects.filter(user=user).delete()


@transaction.atomic
def discard_draft(version: ServiceVersion, *, by: User) -> None:
    """The drafter gives up a version that was not submitted."""
    if version.state != State.DRAFT or version.submitted_at is not None:
        raise NotEditable(version.name)

    move(version, State.RETIRED, ended_at=now())
    record(ServiceRetired(**_about(version), reason=""), by=by)
