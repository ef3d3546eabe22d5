"""A request becomes a case: exactly one, whatever the network, the finger or the power does."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from yiwang.kernel import clock as kernel_clock
from yiwang.kernel.clock import local_date
from yiwang.kernel.crypto import blind_index
from yiwang.kernel.identity import parse_phone
from yiwang.kernel.ltree import is_within
from yiwang.net.cases.actions.clocks import set_due, start_clock
from yiwang.net.cases.actions.merging import append_repeat, watch_for_cluster
from yiwang.net.cases.actions.numbers import next_number
from yiwang.net.cases.actions.telling import (
    count,
    count_standing,
    day_words,
    index_case,
    tell_applicant,
    tell_journal,
    tell_staff,
)
from yiwang.net.cases.errors import (
    KeyOfSomebodyElse,
    MandateMissing,
    NoApplicant,
    NobodyCanReceive,
    NotFromHere,
    ServiceNotOpen,
)
from yiwang.net.cases.events import CaseRouted, CaseSubmitted, FileWanted
from yiwang.net.cases.formulas import number_key
from yiwang.net.cases.models import Case, Clock, Hop
from yiwang.net.cases.queries.limits import Plan, is_open_on, limit, plan_of
from yiwang.net.cases.queries.routing import Route, Situation, find_route
from yiwang.net.cases.queries.situations import situate
from yiwang.net.cases.registry import WINGS
from yiwang.net.catalogue.formulas import is_in_region
from yiwang.net.catalogue.models import ServiceVersion
from yiwang.platform.files.actions import claim
from yiwang.platform.files.models import Document
from yiwang.register.access.models import Mandate
from yiwang.register.access.policies import holds, mandate_to_act
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Person
from yiwang.register.organisations.models import Organisation


@dataclass(frozen=True, kw_only=True)
class Contact:
    """How to reach somebody who has no account and perhaps no record: name and telephone."""

    name: str
    phone: str


@dataclass(frozen=True, kw_only=True)
class Request:
    """Everything one submission says, before it is a case."""

    plan: Plan
    version: ServiceVersion
    applicant: Person | None
    contact: Contact | None
    mandate: Mandate | None
    answers: Mapping[str, Any]
    by: User
    channel: str
    key: str
    consents: tuple[dict[str, str], ...]
    situation: Situation
    route: Route
    now: dt.datetime


def submit_case(
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
) -> Case:
    """Make a case and send it on its way. Safe to repeat: the same key by the same account gives the same case.

    A second request of the same person for the same thing within the parameter's days is kept and appended to the
    first one (state ``merged``), so that nothing written is lost and nobody handles it twice.
    """
    known = _submitted_before(idempotency_key, by)
    if known is not None:
        return known
    now = now or kernel_clock.now()
    request = _prepare(version, applicant, contact, answers, by, channel, idempotency_key, consents, now)
    try:
        with transaction.atomic():
            return _write(request, documents)
    except IntegrityError:
        # The same key, submitted at the same moment: the other one has committed by now.
        known = _submitted_before(idempotency_key, by)
        if known is None:
            raise
        return known


def _submitted_before(key: str, by: User) -> Case | None:
    case = (
        Case.objects.select_related("version__service", "applicant__user", "organisation", "handler")
        .filter(idempotency_key=key)
        .first()
    )
    if case is not None and case.submitted_by_id != by.pk:
        raise KeyOfSomebodyElse
    return case


def _prepare(
    version: ServiceVersion,
    applicant: Person | None,
    contact: Contact | None,
    answers: Mapping[str, Any],
    by: User,
    channel: str,
    key: str,
    consents: Sequence[dict[str, str]],
    now: dt.datetime,
) -> Request:
    plan = plan_of(version)
    if not is_open_on(version, local_date(now)):
        raise ServiceNotOpen(str(plan.definition.name))
    if applicant is None and contact is None:
        raise NoApplicant
    mandate = _mandate(applicant, by, plan.code, channel)
    situation = situate(plan, applicant, answers)
    step = plan.step(0)
    owner = version.service.owner
    if owner is not None:
        _refuse_from_elsewhere(owner, situation, str(plan.definition.name))
    route = find_route(
        situation, level=step.level if step else 0, capability=plan.capability(0), on=local_date(now), owner=owner
    )
    if route is None:
        raise NobodyCanReceive(str(plan.definition.name))
    return Request(
        plan=plan,
        version=version,
        applicant=applicant,
        contact=contact,
        mandate=mandate,
        answers=answers,
        by=by,
        channel=channel,
        key=key,
        consents=tuple(consents),
        situation=situation,
        route=route,
        now=now,
    )


def _refuse_from_elsewhere(owner: Organisation, situation: Situation, title: str) -> None:
    """A local item is for its members and for who works or lives there. Where nothing is known, the officer looks."""
    home, person = situation.home, situation.applicant
    if home is not None and is_within(str(home.path), str(owner.path)):
        return
    lives = person.residence_division if person is not None else ""
    works = situation.division_code or (home.division_code if home is not None else "")
    known = [place for place in (works, lives) if place]
    if known and not any(is_in_region(place, owner.division_code) for place in known):
        raise NotFromHere(title, owner.name)


def _mandate(applicant: Person | None, by: User, code: str, channel: str) -> Mandate | None:
    """Filing for somebody else needs their consent, or an officer who takes the request at a desk or by telephone."""
    if applicant is None or applicant.user_id == by.pk:
        return None
    mandate = mandate_to_act(by, applicant.pk, service_code=code)
    if mandate is None and not (channel not in Case.OWN_CHANNELS and holds(by, "cases.intake")):
        raise MandateMissing(applicant.name)
    return mandate


def _write(request: Request, documents: Sequence[Document]) -> Case:
    case = _insert(request)
    if documents:
        claim(documents, subject="case", subject_id=case.pk)
    first = _first_of_its_kind(request) if request.plan.appends_repeats else None
    if request.plan.code in WINGS:
        tell_journal(case, FileWanted(case_id=case.pk, service=request.plan.code), by=None, now=request.now)
    if first is not None:
        append_repeat(case, to=first, by=request.by, now=request.now)
        return case
    _send_on_its_way(case, request)
    watch_for_cluster(case, now=request.now)
    return case


def _insert(request: Request) -> Case:
    plan, situation, route, now = request.plan, request.situation, request.route, request.now
    secret = {key: value for key, value in request.answers.items() if key in plan.sensitive_keys}
    number = next_number(plan.kind, route.organisation, now=now)
    phone = parse_phone(request.contact.phone) if request.contact else ""
    return Case.objects.create(
        number=number,
        number_key=number_key(number),
        idempotency_key=request.key,
        version=request.version,
        service_code=plan.code,
        title=plan.definition.name.zh,
        title_en=plan.definition.name.en,
        matter=str(request.answers.get("matter") or "")[:120],
        kind=plan.kind,
        applicant=request.applicant,
        submitted_by=request.by,
        mandate=request.mandate,
        contact_name=request.contact.name if request.contact else "",
        contact_phone=phone or None,
        contact_phone_hash=blind_index("phone", phone) if phone else "",
        channel=request.channel,
        organisation=route.organisation,
        handler=route.handler,
        home=situation.home,
        employer=situation.employer,
        employer_name=situation.employer_name,
        division_code=situation.division_code,
        target=situation.target,
        anonymous_to_employer=situation.anonymous,
        answers={key: value for key, value in request.answers.items() if key not in secret},
        sensitive_answers=json.dumps(secret, ensure_ascii=False, default=str) if secret else None,
        consents=list(request.consents),
        submitted_at=now,
        queued_for=now,
    )


def _first_of_its_kind(request: Request) -> Case | None:
    """An open case of the same person for the same service, young enough. Indexes: case_by_applicant, case_by_phone."""
    since = request.now - dt.timedelta(days=limit("merge_days", local_date(request.now)))
    same = Case.objects.filter(
        service_code=request.plan.code, submitted_at__gte=since, state__in=MERGEABLE_STATES
    ).exclude(idempotency_key=request.key)
    if request.applicant is not None:
        same = same.filter(applicant=request.applicant)
    else:
        assert request.contact is not None  # without both it is refused
        same = same.filter(contact_phone_hash=blind_index("phone", parse_phone(request.contact.phone)))
    return same.filter(matter=str(request.answers.get("matter") or "")[:120]).order_by("submitted_at").first()


MERGEABLE_STATES = (Case.State.SUBMITTED, Case.State.SUPPLEMENT, Case.State.ACCEPTED, Case.State.IN_PROGRESS)


def _send_on_its_way(case: Case, request: Request) -> None:
    now, route = request.now, request.route
    start_clock(
        case,
        Clock.Kind.ACCEPTANCE,
        amount=limit("acceptance_limit", local_date(now)),
        unit=Clock.Unit.WORKDAY,
        started_at=now,
        now=now,
    )
    set_due(case)
    _log_passages(case, route, now)
    count(case, "received", day=local_date(now))
    count_standing(case, "open", +1)
    index_case(case)
    event = CaseSubmitted(
        case_id=case.pk,
        service=case.service_code,
        channel=case.channel,
        organisation_id=case.organisation_id,
    )
    tell_journal(case, event, by=request.by, now=now)
    routed = CaseRouted(case_id=case.pk, organisation_id=case.organisation_id, reason=route.passages[-1].code)
    tell_journal(case, routed, by=None, now=now)
    tell_applicant(case, "submitted", organisation=route.organisation.name, day=day_words(case.due_at))
    tell_staff(case, "new_case", [route.handler])


def _log_passages(case: Case, route: Route, now: dt.datetime) -> None:
    before = None
    hops = []
    for passage in route.passages:
        hops.append(
            Hop(
                case=case,
                from_organisation=before,
                to_organisation=passage.organisation,
                kind=Hop.Kind.ROUTED,
                code=passage.code,
                at=now,
            )
        )
        before = passage.organisation
    Hop.objects.bulk_create(hops)
