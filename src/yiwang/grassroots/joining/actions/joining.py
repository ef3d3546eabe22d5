"""Asking to join, by code or on behalf, and being admitted."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from yiwang.grassroots.joining.actions.campaigns import hold_if_burst, refuse_unfit
from yiwang.grassroots.joining.actions.pools import pool_of
from yiwang.grassroots.joining.errors import AskedAlready, MemberAlready, NoPerson
from yiwang.grassroots.joining.events import Admitted, ContactNoted
from yiwang.grassroots.joining.models import Campaign, JoinRequest
from yiwang.grassroots.joining.queries import CONTACTS, open_request_of, requests_of
from yiwang.kernel import clock
from yiwang.kernel.clock import local_date
from yiwang.kernel.errors import DomainError
from yiwang.kernel.identity import IdType
from yiwang.net.cases import actions as cases
from yiwang.net.cases.models import Case
from yiwang.net.cases.policies import may_decide
from yiwang.net.cases.queries.limits import plan_of
from yiwang.net.catalogue.models import ServiceVersion
from yiwang.net.catalogue.queries import current_version
from yiwang.platform.journal.actions import record
from yiwang.register.accounts.models import User
from yiwang.register.members import actions as members
from yiwang.register.members.codes import EmployKind, JoinWay, NewForm
from yiwang.register.members.models import Membership, Person
from yiwang.register.members.queries import held_membership, person_with
from yiwang.register.organisations.models import Organisation

UNIT_LEVEL = 7


def join_by_code(
    campaign: Campaign,
    person: Person,
    *,
    answers: dict[str, Any],
    device: str,
    consents: list[dict[str, str]],
    by: User,
    now: dt.datetime | None = None,
) -> Case:
    """One request from one scan: refused when the code or the telephone has had enough, reviewed like any other."""
    now = now or clock.now()
    held = held_membership(person)
    if held is not None:
        raise MemberAlready(held.organisation)
    if open_request_of(person) is not None:
        raise AskedAlready
    with transaction.atomic():
        # Two scans at once are counted one after the other, on the code as it is now.
        locked = Campaign.objects.select_for_update(of=("self",)).select_related("organisation", "office")
        campaign = locked.get(pk=campaign.pk)
        refuse_unfit(campaign, device, now)
        case = cases.submit_case(
            _service_for(campaign.organisation),
            applicant=person,
            answers={**answers, **_place(campaign.office)},
            by=by,
            idempotency_key=f"code:{campaign.public_id}:{person.public_id}:{requests_of(person)}",
            consents=consents,
            now=now,
        )
        JoinRequest.objects.get_or_create(
            case=case,
            defaults={"campaign": campaign, "target": campaign.organisation, "device": device, "at": now},
        )
        hold_if_burst(campaign, now)
    return case


def _service_for(organisation: Organisation) -> ServiceVersion:
    """A union at work reviews its own; for all others the street or town does."""
    return current_version("MB-0001" if organisation.level >= UNIT_LEVEL else "MB-0002")


def _place(organisation: Organisation) -> dict[str, Any]:
    """Where it is reviewed: a union by its name, an office of an area by its place."""
    name = str(organisation.name)
    place = {"value": organisation.division_code, "label": name.removesuffix("总工会").removesuffix("工会")}
    if not organisation.holds_members:
        return {"division": place}
    return {"organisation": {"value": organisation.public_id, "label": name}, "division": place}


def note_request(case: Case) -> JoinRequest:
    """The row beside a case of joining, whichever way it came; the union is the one named or that of the employer."""
    home = case.home if case.home is not None and case.home.holds_members else None
    found, _is_new = JoinRequest.objects.get_or_create(case=case, defaults={"target": home, "at": case.submitted_at})
    return found


@transaction.atomic
def submit_for_others(
    union: Organisation, rows: Iterable[dict[str, str]], *, by: User, key: str
) -> tuple[list[Case], list[tuple[str, str]]]:
    """A list of people who signed on paper: a request for each; and (name, why not) for those that can't be."""
    version, made, refused = _service_for(union), [], []
    for place, row in enumerate(rows):
        try:
            with transaction.atomic():
                made.append(_submit_one(version, union, row, by=by, key=f"list:{key}:{place}"))
        except DomainError as refusal:
            refused.append((row["name"], str(refusal)))
            if isinstance(refusal, MemberAlready):
                _note_elsewhere(union, row, by=by)
    return made, refused


def _note_elsewhere(union: Organisation, row: dict[str, str], *, by: User) -> None:
    """Listed here, a member elsewhere (D8; D7 of a dispatched worker): both unions see it; it is theirs to settle."""
    person = person_with(IdType.RESIDENT, row["id_number"])
    held = held_membership(person) if person is not None else None
    assert person is not None  # else nobody would be a member elsewhere
    assert held is not None  # as above
    if held.organisation_id != union.pk:
        rule = "D7" if held.employ_kind == EmployKind.DISPATCH else "D8"
        members.note_conflict(rule, person, claimed_by=union, detail=row["name"], by=by)


def _submit_one(version: ServiceVersion, union: Organisation, row: dict[str, str], *, by: User, key: str) -> Case:
    person = members.register_person(name=row["name"], id_number=row["id_number"], phone=row.get("phone", ""), by=by)
    held = held_membership(person)
    if held is not None:
        raise MemberAlready(held.organisation)
    if open_request_of(person) is not None:
        raise AskedAlready
    case = cases.submit_case(
        version,
        applicant=person,
        answers={"name": person.name, "employer": row.get("employer", ""), **_place(union)},
        by=by,
        idempotency_key=key,
        channel=Case.Channel.VISIT,
    )
    JoinRequest.objects.get_or_create(case=case, defaults={"target": union, "at": case.submitted_at})
    return case


@transaction.atomic
def note_contact(request: JoinRequest, what: str, *, by: User) -> None:
    """One of the five was done; a second tick changes nothing."""
    if what not in dict(CONTACTS) or what in request.contacts:
        return
    request.contacts = {**request.contacts, what: clock.now().isoformat()}
    request.save(update_fields=["contacts"])
    record(ContactNoted(case_id=request.case_id, what=what), by=by)


@transaction.atomic
def admit(
    request: JoinRequest, organisation: Organisation, *, reason: str, by: User, name: str = "", id_number: str = ""
) -> Membership | None:
    """Admitted today into this union. None when the officer may only check: the case went on to whoever decides."""
    case = request.case
    person = case.applicant
    if person is None:
        if not id_number:
            raise NoPerson
        person = members.register_person(name=name or case.contact_name, id_number=id_number, by=by)
    request.target = organisation
    request.save(update_fields=["target"])
    if not bring_to_decision(case, opinion=reason, by=by):
        return None
    cases.decide(case, cases.Verdict(outcome="ok", reason=reason), by=by)
    return enrol(request, person, by=by)


def bring_to_decision(case: Case, *, opinion: str, by: User) -> bool:
    """Accept and sign what comes before the decision; says whether this officer is the one who decides."""
    if case.state == Case.State.SUBMITTED:
        cases.accept_case(case, by=by)
    if case.step < plan_of(case.version).deciding_step:
        cases.complete_step(case, opinion=opinion, by=by)
    return may_decide(by, case)


@transaction.atomic
def enrol(request: JoinRequest, person: Person, *, by: User | None) -> Membership:
    """The decision becomes a membership: in the union found, else in the pool of the county. Safe to run twice."""
    if request.admitted is not None:
        return request.admitted
    case = request.case
    target = request.target or pool_of(case.organisation)
    day = local_date(case.decided_at) if case.decided_at else None
    membership = members.start_membership(
        person, target, by=by, joined_on=day, join_way=_way(request), employer=case.employer, **_work(case.answers)
    )
    request.admitted = membership
    request.save(update_fields=["admitted"])
    record(Admitted(case_id=case.pk, organisation_id=target.pk, membership_id=membership.pk), by=by)
    if second := request.case.answers.get("second_union"):
        _second(person, str(second), by)
    return membership


@transaction.atomic
def take_back_admission(case: Case, *, reason: str, by: User | None) -> None:
    """The admission was wrong: the membership it made ends, unless it moved on or ended since. Safe to run twice."""
    request = JoinRequest.objects.select_related("admitted__person", "admitted__organisation").filter(case=case).first()
    if request is None or request.admitted is None:
        return
    made, request.admitted = request.admitted, None
    request.save(update_fields=["admitted"])
    if made.is_current or made.state == Membership.State.RETAINED:
        members.end_membership(made, by=by, state=Membership.State.REVOKED, reason=reason)


def _way(request: JoinRequest) -> str:
    if request.campaign_id:
        return JoinWay.QR
    return JoinWay.GATHERING if request.case.idempotency_key.startswith("list:") else JoinWay.ONLINE


def _work(answers: dict[str, Any]) -> dict[str, Any]:
    form = str(answers.get("new_form") or NewForm.NONE)
    form = form if form in NewForm.values else NewForm.NONE
    kind = EmployKind.CONTRACT if form == NewForm.NONE else EmployKind.PLATFORM
    return {
        "new_form": form,
        "employ_kind": kind,
        "post": str(answers.get("post") or "")[:60],
        "platforms": str(answers.get("platform") or "")[:60],
    }


def _second(person: Person, public_id: str, by: User | None) -> None:
    union = Organisation.objects.active().filter(public_id=public_id).first()
    if union is not None:
        members.begin_affiliation(person, union, by=by)
