"""Candidates and the count: every rule that needs no law clerk (GT 1.6, 7.7)."""

import datetime as dt
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yiwang.grassroots.founding.errors import BadVotes, NotEligible, NotReady
from yiwang.grassroots.founding.events import CandidateDropped, CandidateNamed, ProcedureMoved
from yiwang.grassroots.founding.formulas import Count, Standing, is_quorate, quorum, winners
from yiwang.grassroots.founding.models import Body, Candidate, Post, Procedure
from yiwang.grassroots.founding.queries import WOMAN, candidates_of, needs_of, rule, voters
from yiwang.kernel import clock
from yiwang.kernel.states import NotAllowedInState, move
from yiwang.platform.journal.actions import record
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Membership

State = Procedure.State


@transaction.atomic
def name_candidate(
    procedure: Procedure,
    membership: Membership,
    *,
    body: str,
    post: str,
    by: User,
    is_employer_head: bool = False,
    is_kin_of_head: bool = False,
    is_personnel_head: bool = False,
    is_finance: bool = False,
) -> Candidate:
    """A member stands for a body. Refused: no vote, the employer's head and their near relatives (law art. 10)."""
    _refuse_moved(procedure)
    person = membership.person
    if not membership.may_vote or membership.organisation_id != procedure.organisation_id:
        raise NotEligible(_("{name}没有选举权和被选举权，不能做候选人。").format(name=person.name))
    if is_employer_head:
        raise NotEligible(_("单位主要负责人不能做工会委员会的候选人。"))
    if is_kin_of_head:
        raise NotEligible(_("单位主要负责人的近亲属不能做候选人（工会法第十条）。"))
    if is_personnel_head and post == Post.CHAIR:
        raise NotEligible(_("人力资源负责人不能做工会主席的候选人。"))
    if is_finance and body == Body.AUDIT:
        raise NotEligible(_("管财务和资产的人不能做经费审查委员会的候选人。"))
    if body == Body.WOMEN and person.gender != WOMAN:
        raise NotEligible(_("女职工委员会的候选人应是女会员。"))
    try:
        with transaction.atomic():
            candidate = Candidate.objects.create(
                procedure=procedure,
                person=person,
                body=body,
                post=post,
                is_personnel_head=is_personnel_head,
                is_finance=is_finance,
            )
    except IntegrityError as clash:
        raise NotEligible(_("{name}已经是这个委员会的候选人了。").format(name=person.name)) from clash
    record(CandidateNamed(procedure_id=procedure.pk, person_id=person.pk, body=body), by=by)
    return candidate


@transaction.atomic
def drop_candidate(candidate: Candidate, *, by: User) -> None:
    _refuse_moved(candidate.procedure)
    event = CandidateDropped(procedure_id=candidate.procedure_id, person_id=candidate.person_id, body=candidate.body)
    candidate.delete()
    record(event, by=by)


@transaction.atomic
def plan_election(
    procedure: Procedure,
    *,
    seats: int,
    audit_seats: int,
    women_seats: int,
    term_years: int,
    meeting_form: str,
    by: User,
) -> None:
    """How many seats, for how long, at which meeting."""
    _refuse_moved(procedure)
    changes = {
        "seats": seats,
        "audit_seats": audit_seats,
        "women_seats": women_seats,
        "term_years": term_years,
        "meeting_form": meeting_form,
    }
    for field, value in changes.items():
        setattr(procedure, field, value)
    procedure.save(update_fields=list(changes))


def candidate_problems(procedure: Procedure) -> list[str]:
    """Why the request to hold the meeting can't be sent yet; empty when it can."""
    needs = needs_of(procedure.organisation)
    names = {body: candidates_of(procedure, body) for body in Body}
    if procedure.kind == Procedure.Kind.BY_ELECTION:
        return _by_election_problems(procedure, names[Body.COMMITTEE], needs.candidates(procedure.seats))
    problems = _committee_problems(procedure, names[Body.COMMITTEE])
    problems += _audit_problems(procedure, names[Body.AUDIT], duty=needs.members >= rule("committee_members", "1") + 1)
    if needs.women_committee and not procedure.women_seats:
        text = _("女会员有{count}人，要同时成立女职工委员会。")
        problems.append(text.format(count=needs.women))
    if len(names[Body.WOMEN]) < procedure.women_seats:
        problems.append(_("女职工委员会的候选人不够：应选{seats}人。").format(seats=procedure.women_seats))
    if needs.all_meet and procedure.meeting_form != Procedure.Meeting.MEMBERS:
        text = _("会员不到{count}人，要开会员大会。")
        problems.append(text.format(count=rule("members_meeting_below")))
    return problems


def _committee_problems(procedure: Procedure, named: list[Candidate]) -> list[str]:
    needs = needs_of(procedure.organisation)
    if needs.members == 0:
        return [_("还没有会员。请先发展会员，再定候选人。")]
    problems = []
    band = needs.band
    if not band.fewest <= procedure.seats <= band.most:
        text = _("会员{members}人，委员会应有{fewest}到{most}人，你填的是{seats}人。")
        problems.append(text.format(members=needs.members, fewest=band.fewest, most=band.most, seats=procedure.seats))
    fewest = needs.candidates(procedure.seats)
    if len(named) < fewest:
        text = _("委员会应选{seats}人，候选人至少{fewest}人（差额），现在{count}人。")
        problems.append(text.format(seats=procedure.seats, fewest=fewest, count=len(named)))
    if not any(row.post == Post.CHAIR for row in named):
        problems.append(_("还没有主席候选人。"))
    return problems


def _audit_problems(procedure: Procedure, named: list[Candidate], *, duty: bool) -> list[str]:
    fewest, most = rule("audit_fewest"), rule("audit_most")
    if (duty or procedure.audit_seats) and not fewest <= procedure.audit_seats <= most:
        text = _("经费审查委员会要{fewest}到{most}人。")
        return [text.format(fewest=fewest, most=most)]
    if len(named) < procedure.audit_seats:
        return [_("经费审查委员会的候选人不够：应选{seats}人。").format(seats=procedure.audit_seats)]
    return []


def _by_election_problems(procedure: Procedure, named: list[Candidate], with_margin: int) -> list[str]:
    if procedure.seats < 1:
        return [_("要补选几人还没有填。")]
    # Chair and vice-chair may be elected with as many candidates as posts.
    leaders_only = bool(named) and all(row.post in (Post.CHAIR, Post.VICE) for row in named)
    fewest = procedure.seats if leaders_only else with_margin
    if len(named) < fewest:
        text = _("委员会应选{seats}人，候选人至少{fewest}人（差额），现在{count}人。")
        return [text.format(seats=procedure.seats, fewest=fewest, count=len(named))]
    return []


@transaction.atomic
def report_result(
    procedure: Procedure,
    *,
    held_on: dt.date,
    place: str,
    count: Count,
    votes: Mapping[int, int],
    overseer: str,
    counter: str,
    by: User,
    due_at: dt.datetime,
) -> None:
    """Enter the paper count; it is refused whole while a figure can't be true or nobody is validly elected."""
    if procedure.state != State.MEET_APPROVED:
        raise NotAllowedInState(procedure, was=procedure.get_state_display(), to=str(State.REPORTED.label))
    rows = candidates_of(procedure)
    _refuse_bad_count(procedure, held_on, count, votes, rows)
    elected = _elected(procedure, rows, votes, count.entitled)
    for row in rows:
        row.votes, row.is_elected = votes.get(row.pk, 0), row.pk in elected
    _refuse_no_committee(procedure, rows)
    Candidate.objects.bulk_update(rows, ["votes", "is_elected"])
    move(
        procedure,
        State.REPORTED,
        held_on=held_on,
        place=place.strip(),
        overseer=overseer.strip(),
        counter=counter.strip(),
        applied_by=by,
        moved_at=clock.now(),
        due_at=due_at,
        **vars(count),
    )
    record(ProcedureMoved(procedure_id=procedure.pk, state=procedure.state), by=by)


def _refuse_bad_count(
    procedure: Procedure, held_on: dt.date, count: Count, votes: Mapping[int, int], rows: list[Candidate]
) -> None:
    words = {
        "present": _("实到人数不能超过应到人数。"),
        "issued": _("发出的票不能超过实到人数。"),
        "returned": _("收回的票不能超过发出的票。"),
        "valid": _("有效票加无效票要等于收回的票。"),
    }
    fields = {key: words[key] for key in count.faults()}
    have = voters(procedure.organisation).count()
    if procedure.meeting_form == Procedure.Meeting.MEMBERS and count.entitled != have:
        fields["entitled"] = _("会员大会应到人数是有选举权的会员数：{count}人。").format(count=have)
    if held_on > clock.today() or held_on < clock.local_date(procedure.started_at):
        fields["held_on"] = _("开会日期不能晚于今天，也不能早于开始筹备的那天。")
    needs, of = rule("quorum_needs"), rule("quorum_of")
    if not is_quorate(count.present, count.entitled, of=of, needs=needs):
        text = _("到会人数不够：应到{entitled}人，至少要到{quorum}人，实到{present}人。这次选举无效。")
        fields.setdefault(
            "present",
            text.format(
                entitled=count.entitled, quorum=quorum(count.entitled, of=of, needs=needs), present=count.present
            ),
        )
    if any(votes.get(row.pk, 0) > count.valid for row in rows):
        fields["votes"] = _("有候选人的赞成票超过了有效票。")
    if fields:
        raise BadVotes(list(fields.values()), fields=fields)


def _elected(procedure: Procedure, rows: list[Candidate], votes: Mapping[int, int], entitled: int) -> set[int]:
    seats = {Body.COMMITTEE: procedure.seats, Body.AUDIT: procedure.audit_seats, Body.WOMEN: procedure.women_seats}
    found: set[int] = set()
    for body, count in seats.items():
        standings = [Standing(row.pk, votes.get(row.pk, 0)) for row in rows if row.body == body]
        found.update(winners(standings, seats=count, entitled=entitled))
    return found


def _refuse_no_committee(procedure: Procedure, rows: list[Candidate]) -> None:
    """Enough must be elected, the chair among them: else there is another ballot."""
    committee = [row for row in rows if row.body == Body.COMMITTEE and row.is_elected]
    if procedure.kind == Procedure.Kind.BY_ELECTION:
        if not committee:
            raise NotReady([_("没有人得到过半数的票，没有选出来，要再投一次。")])
        return
    fewest = needs_of(procedure.organisation).band.fewest
    if len(committee) < fewest:
        text = _("过半数当选的只有{count}人，委员会至少要{fewest}人，要再投一次。")
        raise NotReady([text.format(count=len(committee), fewest=fewest)])
    if not any(row.post == Post.CHAIR for row in committee):
        raise NotReady([_("主席候选人没有过半数，要再投一次。")])


def _refuse_moved(procedure: Procedure) -> None:
    if procedure.state != State.PREP_APPROVED:
        raise NotReady([_("现在不能改候选人：要在同意筹备以后、请示开会以前。")])
