"""What follows: proposals, disclosure, resolutions carried out, worker directors (3.6, 3.7, D3-08 to D3-14)."""

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from yiwang.kernel.clock import add_months, today
from yiwang.kernel.crypto import blind_index
from yiwang.kernel.states import move
from yiwang.platform.journal.actions import record
from yiwang.register.accounts.models import User
from yiwang.rights.congress.errors import NotReady
from yiwang.rights.congress.events import (
    DirectorRecorded,
    DirectorReported,
    DisclosureAnswered,
    DisclosurePublished,
    ProposalFiled,
    ProposalMoved,
    ResolutionChecked,
)
from yiwang.rights.congress.models import (
    AgendaItem,
    Congress,
    Delegate,
    Disclosure,
    DisclosureQuestion,
    DisclosureReading,
    Proposal,
    Resolution,
    ResolutionCheck,
    WorkerDirector,
)
from yiwang.rights.congress.queries import rule

State = Proposal.State


@transaction.atomic
def file_proposal(
    proposer: Delegate,
    seconders: Sequence[Delegate],
    *,
    category: str,
    title: str,
    reason: str,
    suggestion: str,
    by: User,
) -> Proposal:
    """One delegate and enough others who second it."""
    congress = Congress.objects.select_for_update().get(pk=proposer.congress_id)
    others = {row.pk: row for row in seconders if row.pk != proposer.pk and row.congress_id == congress.pk}
    fewest = rule("seconders")
    if len(others) < fewest:
        text = _("提案要有{n}位别的代表附议。").format(n=fewest)
        raise NotReady(text, fields={"seconders": text})
    last = congress.proposals.aggregate(last=Max("number"))["last"] or 0
    proposal = Proposal.objects.create(
        congress=congress,
        number=last + 1,
        proposer=proposer,
        category=category,
        title=title.strip(),
        reason=reason.strip(),
        suggestion=suggestion.strip(),
        submitted_on=today(),
    )
    proposal.seconders.set(others.values())
    record(ProposalFiled(congress_id=congress.pk, number=proposal.number), by=by)
    return proposal


def _moved(proposal: Proposal, by: User) -> None:
    record(ProposalMoved(congress_id=proposal.congress_id, number=proposal.number, state=proposal.state), by=by)


@transaction.atomic
def review_proposal(proposal: Proposal, to: str, *, opinion: str, handler: str, by: User) -> None:
    """Taken up with a handler and a day to reply; or made a suggestion, or not taken up, with the reason."""
    if to == State.ASSIGNED:
        if not handler.strip():
            text = _("写明由哪个部门承办。")
            raise NotReady(text, fields={"handler": text})
        due = today() + dt.timedelta(days=rule("proposal_days"))
        move(proposal, to, opinion=opinion.strip(), handler=handler.strip(), due_on=due)
    else:
        if not opinion.strip():
            text = _("写一句为什么不立案，提案人会看到。")
            raise NotReady(text, fields={"opinion": text})
        move(proposal, to, opinion=opinion.strip())
    _moved(proposal, by)


@transaction.atomic
def reply_to_proposal(proposal: Proposal, reply: str, *, by: User) -> None:
    if not reply.strip():
        text = _("写下答复：怎么办、谁办、什么时候办好。")
        raise NotReady(text, fields={"reply": text})
    move(proposal, State.REPLIED, reply=reply.strip(), replied_on=today())
    _moved(proposal, by)


@transaction.atomic
def judge_reply(proposal: Proposal, satisfaction: str, *, by: User) -> None:
    """The proposer's word: not satisfied means that it is handled once more."""
    if satisfaction not in Proposal.Satisfaction.values:
        raise NotReady(_("选满意、基本满意或不满意。"))
    again = satisfaction == Proposal.Satisfaction.NO and proposal.rounds < rule("proposal_rounds")
    if again:
        due = today() + dt.timedelta(days=rule("proposal_days"))
        move(proposal, State.ASSIGNED, satisfaction=satisfaction, rounds=proposal.rounds + 1, due_on=due)
    else:
        move(proposal, State.CLOSED, satisfaction=satisfaction)
    _moved(proposal, by)


@transaction.atomic
def publish_disclosure(
    congress: Congress, *, group: str, title: str, content: str, scope: str, every: int, period: str, by: User
) -> Disclosure:
    """One item for one period; when the next one is due follows from how often."""
    item = Disclosure.objects.create(
        congress=congress,
        group=group,
        title=title.strip(),
        content=content.strip(),
        scope=scope,
        every=every,
        period=period.strip(),
        published_on=today(),
        next_on=add_months(today(), every) if every else None,
    )
    record(DisclosurePublished(congress_id=congress.pk, title=item.title, period=item.period), by=by)
    return item


def note_reading(item: Disclosure, user: User) -> None:
    """Counts a reader once and names nobody: a keyed hash, no time, no journal entry."""
    reader = blind_index("congress.disclosure", f"{item.pk}:{user.pk}")
    DisclosureReading.objects.get_or_create(disclosure=item, reader=reader)


@transaction.atomic
def ask_about(item: Disclosure, text: str) -> DisclosureQuestion:
    """Without who asked it: neither in the row nor in the journal."""
    if not text.strip():
        words = _("写下想问什么。")
        raise NotReady(words, fields={"text": words})
    due = today() + dt.timedelta(days=rule("answer_days"))
    return DisclosureQuestion.objects.create(disclosure=item, text=text.strip(), asked_on=today(), due_on=due)


@transaction.atomic
def answer_question(question: DisclosureQuestion, answer: str, *, by: User) -> None:
    if not answer.strip():
        words = _("写下回答。")
        raise NotReady(words, fields={"answer": words})
    DisclosureQuestion.objects.filter(pk=question.pk).update(answer=answer.strip(), answered_on=today())
    item = question.disclosure
    record(DisclosureAnswered(congress_id=item.congress_id, title=item.title), by=by)


@transaction.atomic
def check_resolution(resolution: Resolution, *, on: dt.date, result: str, finding: str, by: User) -> ResolutionCheck:
    """A look at how far it was carried out; the resolution itself never changes."""
    check = ResolutionCheck.objects.create(resolution=resolution, on=on, result=result, finding=finding.strip())
    congress_id = resolution.session.congress_id
    record(ResolutionChecked(congress_id=congress_id, title=str(resolution.item), result=result), by=by)
    return check


@transaction.atomic
def record_director(
    item: AgendaItem, *, name: str, body: str, is_senior_manager: bool, since: dt.date, until: dt.date, by: User
) -> WorkerDirector:
    """Only who was elected by the congress; a senior manager can't be a supervisor; no term longer than the law's."""
    congress = item.session.congress
    if name not in (item.outcome or {}).get("elected", []):
        text = _("这个人不是这次会议选出来的。")
        raise NotReady(text, fields={"name": text})
    longest = rule("director_years")
    if not since < until <= add_months(since, longest * 12):
        text = _("任期要有起止，最长{n}年。").format(n=longest)
        raise NotReady(text, fields={"until": text})
    try:
        with transaction.atomic():
            director = WorkerDirector.objects.create(
                congress=congress,
                item=item,
                name=name,
                body=body,
                is_senior_manager=is_senior_manager,
                since=since,
                until=until,
            )
    except IntegrityError as clash:
        text = _("董事、高级管理人员不能当监事。")
        raise NotReady(text, fields={"is_senior_manager": text}) from clash
    record(DirectorRecorded(congress_id=congress.pk, body=body), by=by)
    return director


@transaction.atomic
def note_report(director: WorkerDirector, *, by: User) -> None:
    """They report to the congress once a year."""
    WorkerDirector.objects.filter(pk=director.pk).update(reported_on=today())
    record(DirectorReported(congress_id=director.congress_id, body=director.body), by=by)
