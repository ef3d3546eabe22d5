"""A request of the case line becomes a file, or is added to the one the household has."""

import datetime as dt
import json
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from yiwang.kernel import clock
from yiwang.kernel.clock import local_date
from yiwang.kernel.errors import DomainError
from yiwang.net.cases.models import Case
from yiwang.platform.journal.actions import record
from yiwang.register.accounts.models import User
from yiwang.register.members.queries import current_membership
from yiwang.rights.aid.actions.belongings import add_asset
from yiwang.rights.aid.actions.facts import OPEN_TO_FACTS, add_expense, add_member, open_file, set_income
from yiwang.rights.aid.actions.reaching import note_applied
from yiwang.rights.aid.actions.reviewing import start_review
from yiwang.rights.aid.codes import AssetKind, Knowledge, Origin, Signal, VehicleUse
from yiwang.rights.aid.events import ApplicationReceived
from yiwang.rights.aid.formulas_answers import MEANS, Bill, Declared, Person, declared
from yiwang.rights.aid.models import AidFile, Application, Finding, Member
from yiwang.rights.aid.queries import other_files

State = AidFile.State
# What the form asks in one tick each, as belongings; more of them is asked face to face.
BELONGINGS: dict[str, list[dict[str, Any]]] = {
    "homes": [{"kind": AssetKind.HOME}, {"kind": AssetKind.HOME}],
    "vehicle": [{"kind": AssetKind.VEHICLE, "vehicle_use": VehicleUse.PRIVATE}],
    "controls_company": [{"kind": AssetKind.COMPANY, "controls": True}],
}


@transaction.atomic
def receive_application(case: Case, *, now: dt.datetime | None = None) -> AidFile | None:
    """The file of this request: a new one, or the household's own. Bears repeating; nothing is written twice.

    Facts are the applicant's word (origin). What cannot be written down as it was said becomes a finding that a
    person resolves. Without a person of the register (an account that is bound to nobody) the desk opens the file.
    """
    now = now or clock.now()
    known = Application.objects.filter(case=case).select_related("file").first()
    if known is not None:
        return known.file
    if case.merged_into is not None:
        return _join(case, case.merged_into, now=now)
    if case.applicant is None or not case.is_open:
        return None
    answers = {**case.answers, **json.loads(case.sensitive_answers or "{}")}
    said = declared(answers, case.applicant.name)
    mine = other_files([case.applicant.id_hash]).first()
    file = mine.file if mine is not None else _open(case, said, now=now)
    Application.objects.create(
        case=case, file=file, kinds=list(said.kinds), authorised=list(said.authorised), received_at=now
    )
    if mine is not None and not _takes_facts(file, case):
        with override("zh-hans"):
            note_finding(file, _("又交了一份申请{number}，请看").format(number=case.number), now=now)
    else:
        _write(file, said, by=case.submitted_by, now=now)
    note_applied(case.applicant, case.service_code, by=case.submitted_by, now=now)
    record(ApplicationReceived(aid_file_id=file.pk, case_id=case.pk), by=case.submitted_by)
    return file


def _join(case: Case, first: Case, *, now: dt.datetime) -> AidFile | None:
    """A repeat of a request that is in hand: its file hears of it."""
    known = Application.objects.filter(case=first).select_related("file").first()
    if known is None:
        return None
    Application.objects.create(case=case, file=known.file, received_at=now)
    with override("zh-hans"):
        note_finding(known.file, _("又交了一份申请{number}，请看").format(number=case.number), now=now)
    return known.file


def _open(case: Case, said: Declared, *, now: dt.datetime) -> AidFile:
    assert case.applicant is not None
    membership = current_membership(case.applicant)
    joined = membership.joined_on if membership else None
    on = local_date(now)
    months = (on.year - joined.year) * 12 + on.month - joined.month if joined else 0
    return open_file(
        case.applicant,
        organisation=case.organisation,
        region=(case.division_code or case.organisation.division_code)[:6],
        by=case.submitted_by,
        case=case,
        is_urgent=case.is_urgent,
        now=now,
        main_cause=said.main_cause,
        is_union_member=membership is not None,
        is_rural_migrant=bool(membership and membership.is_migrant),
        labour_months=max(0, min(900, months)),
    )


def _takes_facts(file: AidFile, case: Case) -> bool:
    """A household on file that asks again is looked at again; a request older than the last answer says nothing new."""
    last = file.decisions.exclude(decided_at=None).order_by("-decided_at").first()
    if last is not None and last.decided_at is not None and case.submitted_at <= last.decided_at:
        return False
    if file.state == State.FILED:
        start_review(file, reason="asked_again", by=case.submitted_by)
    return file.state in OPEN_TO_FACTS


def _write(file: AidFile, said: Declared, *, by: User, now: dt.datetime) -> None:
    with override("zh-hans"):
        members = {member.name: member for member in file.members.all()}
        for person in said.persons:
            member = members.get(person.name) or _try(file, now, partial(_member, file, person, by=by, now=now))
            if isinstance(member, Member):
                members[person.name] = member
                _person_facts(file, member, person, by=by, now=now)
        for bill in said.bills:
            whose = members.get(bill.name, members[said.persons[0].name])
            _try(file, now, partial(_bill, whose, bill, by=by, now=now))
        known = set(file.assets.filter(is_void=False).values_list("kind", flat=True))
        for given in (found for code in said.assets for found in BELONGINGS[code] if found["kind"] not in known):
            _try(file, now, partial(add_asset, file, origin=Knowledge.APPLICANT, by=by, now=now, **given))
        for name in said.strangers:
            note_finding(file, _("看病的{name}不在家里人里").format(name=name), now=now)
        if MEANS not in said.authorised:
            note_finding(file, _("申请时没有勾选同意核对家庭经济情况，入户时当面问"), now=now)


def _member(file: AidFile, person: Person, *, by: User, now: dt.datetime) -> Member:
    birth = dt.date.fromisoformat(person.birth) if person.birth else None
    return add_member(
        file, name=person.name, relation=person.relation, birth_date=birth, work_state=person.work_state,
        stage=person.stage, school=person.school, origin=Origin.APPLICANT, by=by, now=now,
    )  # fmt: skip


def _person_facts(file: AidFile, member: Member, person: Person, *, by: User, now: dt.datetime) -> None:
    if member.relation == "self":
        member.work_state = person.work_state
        member.save(update_fields=["work_state"])
    if person.stage and not member.stage:
        member.stage, member.school = person.stage, person.school
        member.save(update_fields=["stage", "school"])
    for kind, amount in person.incomes.items():
        given: dict[str, Any] = {"kind": kind, "amount": amount, "origin": Origin.APPLICANT, "by": by}
        months = person.months if kind == "wage_net" else None
        _try(file, now, partial(set_income, member, months=months, declared=amount, **given))


def _bill(member: Member, bill: Bill, *, by: User, now: dt.datetime) -> None:
    """Until the settlement is looked up, what others gave back stands as basic insurance."""
    back: dict[str, Any] = {"basic": bill.total - bill.self_paid} if bill.bucket == "medical" else {}
    add_expense(
        member, bucket=bill.bucket, total=bill.total, day=local_date(now), origin=Origin.APPLICANT,
        declared=bill.self_paid, by=by, now=now, **back,
    )  # fmt: skip


def _try(file: AidFile, now: dt.datetime, write: Callable[[], Any]) -> Any:
    """What the household said is never lost: a fact that cannot stand is a finding with the reason."""
    try:
        with transaction.atomic():
            return write()
    except DomainError as refusal:
        note_finding(file, _("申请里有一条没写进去：{why}").format(why=refusal), now=now)
        return None


def note_finding(file: AidFile, detail: str, *, now: dt.datetime) -> None:
    Finding.objects.get_or_create(file=file, signal=Signal.WARNING, detail=detail[:200], defaults={"found_at": now})
