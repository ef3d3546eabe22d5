"""The way from guidance to a committee: apply, approve, return, withdraw (GT 1.5, 1.6)."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.grassroots.founding.actions.elections import candidate_problems, report_result
from yiwang.grassroots.founding.actions.papers import issue_paper
from yiwang.grassroots.founding.actions.terms import begin_terms, fill_vacancies
from yiwang.grassroots.founding.actions.wording import Wording
from yiwang.grassroots.founding.errors import AlreadyUnderWay, NotReady, SamePerson
from yiwang.grassroots.founding.events import PreparationCorrected, ProcedureMoved, ProcedureStarted, UnionFounded
from yiwang.grassroots.founding.formulas import Count
from yiwang.grassroots.founding.models import Paper, Procedure
from yiwang.grassroots.founding.queries import committee_of, rule
from yiwang.kernel import clock
from yiwang.kernel.clock import deadline
from yiwang.kernel.states import ChangedMeanwhile, move
from yiwang.platform.journal.actions import record
from yiwang.platform.notify.actions import send
from yiwang.platform.rules.queries import work_calendar
from yiwang.register.access.queries import holders
from yiwang.register.accounts.models import User
from yiwang.register.organisations import actions as bodies
from yiwang.register.organisations.actions.tree import refuse_wrong_place
from yiwang.register.organisations.models import Employer, Organisation
from yiwang.register.organisations.queries import lineage, union_of_employer

State = Procedure.State
Kind = Procedure.Kind
BODY = Organisation.State


@transaction.atomic
def start_founding(
    superior: Organisation,
    *,
    name: str,
    employers: Sequence[Employer],
    group: Sequence[Mapping[str, str]],
    by: User,
    has_party_consent: bool = False,
    reason: str = "",
) -> Procedure:
    """Guidance begins: for which employers, under which union, who prepares."""
    for employer in employers:
        union = union_of_employer(employer)
        if union is not None and union.is_grassroots and len(employers) == 1:
            raise AlreadyUnderWay(_("“{employer}”已经有工会：{union}。").format(employer=employer, union=union))
        if Procedure.objects.open().filter(employers=employer, kind=Kind.FOUNDING).exists():
            raise AlreadyUnderWay(_("“{employer}”已经在建会了。").format(employer=employer))
    body_kind = "E2" if len(employers) > 1 else "E1"
    refuse_wrong_place(body_kind, superior, name)
    procedure = Procedure.objects.create(
        kind=Kind.FOUNDING,
        superior=superior,
        name=name.strip(),
        body_kind=body_kind,
        headcount=sum(employer.headcount for employer in employers),
        has_party_consent=has_party_consent,
        group=[dict(row) for row in group],
        reason=reason.strip(),
        applied_by=by,
        started_at=clock.now(),
        moved_at=clock.now(),
    )
    procedure.employers.set(employers)
    record(ProcedureStarted(procedure_id=procedure.pk, kind=procedure.kind, title=procedure.name), by=by)
    return procedure


@transaction.atomic
def correct_preparation(procedure: Procedure, *, by: User, **changes: Any) -> None:
    """What was noted at the beginning, or sent back for more; once it is with the union above it stands."""
    if not (procedure.is_founding and procedure.state == State.GUIDED):
        raise NotReady([_("报上去以后就不能改了。要改，请上级退回来。")])
    if changes["name"] != procedure.name:
        refuse_wrong_place(procedure.body_kind, procedure.superior, changes["name"])
    changed = [field for field, value in changes.items() if getattr(procedure, field) != value]
    rows = Procedure.objects.filter(pk=procedure.pk, state=State.GUIDED).update(**changes)
    if rows == 0:
        raise ChangedMeanwhile(procedure)
    for field, value in changes.items():
        setattr(procedure, field, value)
    if changed:
        record(PreparationCorrected(procedure_id=procedure.pk, fields=changed), by=by)


@transaction.atomic
def start_election(organisation: Organisation, kind: str, *, by: User, reason: str = "") -> Procedure:
    """A re-election of all bodies, or a by-election for vacant seats; prepared by the committee in office."""
    if organisation.parent is None or not organisation.holds_members:
        raise NotReady([_("这种组织不在这里换届。")])
    term = committee_of(organisation)
    try:
        with transaction.atomic():
            procedure = Procedure.objects.create(
                kind=kind,
                # A by-election only asks to hold the meeting: its body stands already.
                state=State.PREP_APPROVED if kind == Kind.BY_ELECTION else State.GUIDED,
                superior=organisation.parent,
                organisation=organisation,
                name=organisation.name,
                body_kind=organisation.kind,
                headcount=organisation.employee_count,
                term_years=term.years if term else 5,
                reason=reason.strip(),
                applied_by=by,
                started_at=clock.now(),
                moved_at=clock.now(),
            )
    except IntegrityError as clash:
        raise AlreadyUnderWay(_("这个工会已经有一次选举在办。")) from clash
    record(ProcedureStarted(procedure_id=procedure.pk, kind=kind, title=procedure.name), by=by)
    return procedure


@transaction.atomic
def apply(procedure: Procedure, *, by: User) -> Paper:
    """Send the next request to the union above; its paper is numbered, the reply's clock starts."""
    if procedure.state == State.GUIDED:
        problems = prep_problems(procedure)
        to, words = State.PREP_APPLIED, Wording(procedure).prep()
    else:
        problems = candidate_problems(procedure)
        to, words = State.MEET_APPLIED, Wording(procedure).meeting()
    if problems:
        raise NotReady(problems)
    _advance(procedure, to, by=by, applied_by=by, due_at=_due(rule("reply_workdays")))
    paper = _ask(procedure, *words, by=by)
    _moved(procedure, by, number=paper.document_number)
    _tell_approvers(procedure)
    return paper


@transaction.atomic
def approve(procedure: Procedure, *, by: User, opinion: str = "") -> Paper:
    """The union above agrees: its reply is numbered, and the next stretch begins."""
    _refuse_same(procedure, by)
    verbs: dict[str, Callable[[Procedure, User, str], None]] = {
        State.PREP_APPLIED: _agree_to_prepare,
        State.MEET_APPLIED: _agree_to_meet,
        State.REPORTED: _agree_to_result,
    }
    verb = verbs.get(procedure.state)
    if verb is None:
        raise NotReady([_("现在没有要批复的。")])
    request = procedure.papers.order_by("-issued_at", "-pk").first()
    subject, facts = Wording(procedure).reply()
    verb(procedure, by, opinion)
    paper = issue_paper(
        "union_reply",
        issuer=_signer(procedure, by),
        sender=_signer(procedure, by).name,
        recipient=procedure.name if procedure.organisation else f"{procedure.name}筹备组",
        by=by,
        procedure=procedure,
        organisation=procedure.organisation,
        subject=subject,
        facts=facts,
        request_number=request.document_number if request else "",
    )
    if procedure.state == State.DONE:
        _put_in_force(procedure, paper, by)
    _moved(procedure, by, opinion=opinion, number=paper.document_number)
    _tell_applicant(procedure)
    return paper


@transaction.atomic
def send_back(procedure: Procedure, *, by: User, opinion: str) -> None:
    """Returned to be put right: to the step before."""
    _refuse_same(procedure, by)
    before: dict[str, str] = {
        State.PREP_APPLIED: State.GUIDED,
        State.MEET_APPLIED: State.PREP_APPROVED,
        State.REPORTED: State.MEET_APPROVED,
    }
    if procedure.state not in before:
        raise NotReady([_("现在没有要批复的。")])
    _advance(procedure, before[procedure.state], by=by, due_at=None, opinion=opinion.strip())
    _moved(procedure, by, opinion=opinion)
    _tell_applicant(procedure)


@transaction.atomic
def reject(procedure: Procedure, *, by: User, opinion: str) -> None:
    _refuse_same(procedure, by)
    _out(procedure, State.REJECTED, by=by, opinion=opinion)
    _tell_applicant(procedure)


@transaction.atomic
def withdraw(procedure: Procedure, *, by: User, opinion: str = "") -> None:
    _out(procedure, State.WITHDRAWN, by=by, opinion=opinion)


@transaction.atomic
def expire(procedure: Procedure) -> None:
    """The approval to prepare has run out without a meeting being asked for."""
    _out(procedure, State.EXPIRED, by=None, opinion="")
    _tell_applicant(procedure)


@transaction.atomic
def file_result(
    procedure: Procedure,
    *,
    held_on: dt.date,
    place: str,
    count: Count,
    votes: Mapping[int, int],
    overseer: str,
    counter: str,
    by: User,
) -> Paper:
    """Enter the count of the meeting and report it to the union above for approval."""
    report_result(
        procedure,
        held_on=held_on,
        place=place,
        count=count,
        votes=votes,
        overseer=overseer,
        counter=counter,
        by=by,
        due_at=_due(rule("final_workdays")),
    )
    paper = _ask(procedure, *Wording(procedure).report(), by=by)
    _tell_approvers(procedure)
    return paper


def sweep_procedures(now: dt.datetime) -> int:
    """Let approvals to prepare that ran out expire; a re-election or by-election has no such end."""
    late = Procedure.objects.filter(kind=Kind.FOUNDING, state=State.PREP_APPROVED, due_at__lte=now)
    rows = list(late.select_related("organisation", "applied_by"))
    for procedure in rows:
        expire(procedure)
    return len(rows)


def prep_problems(procedure: Procedure) -> list[str]:
    """Why a first request can't be sent yet."""
    if not procedure.is_founding:
        return []
    problems = []
    count = len(procedure.group)
    fewest, most = rule("group_fewest"), rule("group_most")
    if not fewest <= count <= most:
        text = _("筹备组要{fewest}到{most}人，现在{count}人。")
        problems.append(text.format(fewest=fewest, most=most, count=count))
    if not any(row.get("side") == "worker" for row in procedure.group):
        problems.append(_("筹备组里至少要有一名职工代表。"))
    if procedure.headcount < 1:
        problems.append(_("单位的职工数还没有填。"))
    if any(employer.has_party_branch for employer in procedure.employers.all()) and not procedure.has_party_consent:
        problems.append(_("单位有党组织，要先取得党组织同意。"))
    return problems


def _agree_to_prepare(procedure: Procedure, by: User, opinion: str) -> None:
    if procedure.is_founding:
        procedure.organisation = _create_body(procedure, by)
    _advance(
        procedure,
        State.PREP_APPROVED,
        by=by,
        organisation=procedure.organisation,
        due_at=deadline(clock.now(), rule("prep_valid_days"), "day", work_calendar()),
        opinion=opinion.strip(),
    )


def _create_body(procedure: Procedure, by: User) -> Organisation:
    """The union to be, so that people can join it before its first meeting."""
    firms = list(procedure.employers.all())
    body = bodies.create_organisation(
        name=procedure.name,
        kind=procedure.body_kind,
        parent=procedure.superior,
        by=by,
        state=BODY.PREP_APPROVED,
        employee_count=procedure.headcount,
        counted_on=clock.today(),
        member_scope="joint" if len(firms) > 1 else "single",
        address=firms[0].address if firms else "",
    )
    for firm in firms:
        bodies.link_employer(body, firm, bodies.relation_to(body), by=by)
    return body


def _agree_to_meet(procedure: Procedure, by: User, opinion: str) -> None:
    if procedure.is_founding and procedure.organisation and procedure.organisation.state == BODY.PREP_APPROVED:
        bodies.advance_founding(procedure.organisation, BODY.MEET_APPLIED, BODY.MEET_APPROVED, by=by)
    _advance(procedure, State.MEET_APPROVED, by=by, due_at=None, opinion=opinion.strip())


def _agree_to_result(procedure: Procedure, by: User, opinion: str) -> None:
    _advance(procedure, State.DONE, by=by, due_at=None, opinion=opinion.strip())


def _put_in_force(procedure: Procedure, paper: Paper, by: User) -> None:
    assert procedure.organisation is not None
    if procedure.kind == Kind.BY_ELECTION:
        fill_vacancies(procedure, by=by)
        return
    if procedure.is_founding:
        facts = {
            "founded_on": procedure.held_on,
            "approved_by": procedure.superior,
            "approval_document": paper.document_number,
            "approved_on": clock.today(),
        }
        bodies.advance_founding(procedure.organisation, BODY.ELECTED, BODY.ACTIVE, by=by, **facts)
        event = UnionFounded(organisation_id=procedure.organisation.pk, document_number=paper.document_number)
        record(event, by=by)
    begin_terms(procedure, document_number=paper.document_number, by=by)


def _out(procedure: Procedure, state: str, *, by: User | None, opinion: str) -> None:
    _advance(procedure, state, by=by, due_at=None, opinion=opinion.strip())
    body = procedure.organisation
    if procedure.is_founding and body is not None and not body.is_gone:
        gone = {"rejected": BODY.REJECTED, "expired": BODY.EXPIRED}.get(state, BODY.WITHDRAWN)
        bodies.advance_founding(body, gone, by=by)
    _moved(procedure, by, opinion=opinion)


def _advance(procedure: Procedure, to: str, *, by: User | None, **changes: object) -> None:
    move(procedure, to, moved_at=clock.now(), **changes)


def _moved(procedure: Procedure, by: User | None, *, opinion: str = "", number: str = "") -> None:
    event = ProcedureMoved(
        procedure_id=procedure.pk, state=procedure.state, opinion=opinion.strip(), document_number=number
    )
    record(event, by=by)


def _due(workdays: int) -> dt.datetime:
    moment = clock.now()
    return deadline(moment, workdays, "workday", work_calendar(), at=moment)


def _ask(procedure: Procedure, kind: str, subject: str, facts: Sequence[str], *, by: User) -> Paper:
    sender = procedure.name if procedure.organisation and not procedure.is_founding else f"{procedure.name}筹备组"
    return issue_paper(
        kind,
        issuer=procedure.organisation or procedure.superior,
        sender=sender,
        recipient=procedure.superior.name,
        by=by,
        procedure=procedure,
        organisation=procedure.organisation,
        subject=subject,
        facts=facts,
    )


def _signer(procedure: Procedure, by: User) -> Organisation:
    """Replies are given by the county or a body above: the lowest one at which somebody approves."""
    above = lineage(procedure.superior)
    return next((body for body in above if holders(body, "organisations.approve").exists()), above[0])


def _refuse_same(procedure: Procedure, by: User) -> None:
    if procedure.applied_by_id == by.pk:
        raise SamePerson(_("上报的人不能自己批复，请换一位审批人。"))


def _tell_approvers(procedure: Procedure) -> None:
    for user in holders(_signer(procedure, procedure.applied_by), "organisations.approve"):
        _tell(user, "to_decide", procedure)


def _tell_applicant(procedure: Procedure) -> None:
    _tell(procedure.applied_by, "decided", procedure)


def _tell(user: User, template: str, procedure: Procedure) -> None:
    link = reverse("founding:procedure-detail", args=[procedure.public_id])
    send(f"founding/{template}", to=user, context={"name": procedure.name, "state": procedure.state}, link=link)
