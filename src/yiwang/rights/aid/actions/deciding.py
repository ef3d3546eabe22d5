"""The proposal of the rules, the approvals, the answer of a person, and what follows from it."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.urls import reverse

from yiwang.kernel import clock
from yiwang.kernel.clock import add_months, local_date
from yiwang.kernel.money import yuan
from yiwang.kernel.states import move
from yiwang.net.notices.models import Notice
from yiwang.net.notices.queries import notice_of
from yiwang.net.payments.actions import Ask, ask_payments
from yiwang.net.payments.models import Fund
from yiwang.net.payments.queries import account_of
from yiwang.platform.journal.actions import record
from yiwang.platform.notify.actions import send
from yiwang.platform.rules.queries import parameter
from yiwang.register.accounts.models import User
from yiwang.rights.aid.actions import following
from yiwang.rights.aid.actions.checking import SOURCE
from yiwang.rights.aid.actions.programmes import take
from yiwang.rights.aid.actions.reviewing import watched
from yiwang.rights.aid.actions_receipts import issue_assessment_receipt
from yiwang.rights.aid.assessment import assess
from yiwang.rights.aid.codes import FileClass, ItemKind, Level
from yiwang.rights.aid.errors import (
    FactsChanged,
    FindingsOpen,
    FundMissing,
    NoticeFirst,
    WordsNeeded,
    WrongLevel,
    WrongPerson,
)
from yiwang.rights.aid.events import DecisionApproved, DecisionPrepared, FileDecided
from yiwang.rights.aid.ledger import freeze
from yiwang.rights.aid.models import AidFile, Decision, Grant
from yiwang.rights.aid.policies import is_free, may_lead, may_sign_at
from yiwang.rights.aid.queries import appeal_end, appeal_until, household_of
from yiwang.rights.aid.queries_programmes import programme_of_item

State = AidFile.State
WITH_FILE = (FileClass.DEEP, FileClass.RELATIVE, FileClass.ACCIDENT)
LADDER: dict[str, tuple[str, ...]] = {
    Level.COUNTY: (Level.COUNTY,),
    Level.PROVINCE: (Level.COUNTY, Level.PROVINCE),
    Level.NATIONAL: (Level.COUNTY, Level.PROVINCE, Level.NATIONAL),
}
READY = (State.COUNTY_REVIEW, State.REVIEWING)


@transaction.atomic
def prepare_decision(file: AidFile, *, by: User, now: dt.datetime | None = None) -> Decision:
    """Freeze the facts, let the rules propose, keep the receipt. Raises when a fact or a figure is missing."""
    now = now or clock.now()
    on = local_date(now)
    _refuse_early(file)
    Decision.objects.filter(file=file, decided_at=None, is_stale=False).update(is_stale=True)
    Grant.objects.filter(file=file, state=Grant.State.PROPOSED).update(state=Grant.State.CANCELLED)
    household = household_of(file, on=on)
    proposal = assess(household, on)
    decision = Decision.objects.create(
        file=file,
        facts=json.dumps(household.to_data(), ensure_ascii=False, sort_keys=True),
        ledger=freeze(file, household, proposal),
        facts_version=file.facts_version,
        proposed_class=proposal.file_class,
        level=proposal.approval_level,
        is_collective=proposal.collective,
        flags=list(proposal.flags),
        prepared_by=by,
        prepared_at=now,
    )
    until = appeal_end(now)
    decision.receipt = issue_assessment_receipt(
        household, on=on, subject="aid_file", subject_id=file.pk, until=until, by=by
    )
    decision.save(update_fields=["receipt"])
    Grant.objects.bulk_create(
        [
            Grant(
                file=file,
                decision=decision,
                item=item.item,
                year=on.year,
                entitlement=yuan(item.entitlement),
                prior=yuan(item.prior),
                payable=yuan(item.payable),
            )
            for item in proposal.items
        ]
    )
    record(DecisionPrepared(aid_file_id=file.pk, proposed=proposal.file_class, level=decision.level), by=by)
    return decision


def _refuse_early(file: AidFile) -> None:
    if file.state not in READY:
        raise NoticeFirst
    if file.state == State.COUNTY_REVIEW and not file.is_urgent:
        notice = notice_of(SOURCE, file.pk)
        if notice is None or notice.state != Notice.State.ENDED:
            raise NoticeFirst
    waiting = file.findings.filter(resolved_at=None).count()
    if waiting:
        raise FindingsOpen(waiting)


def next_level(decision: Decision) -> str:
    """Whose approval comes next; empty when all are there."""
    done = {entry["level"] for entry in decision.approvals}
    return next((level for level in LADDER[decision.level] if level not in done), "")


@transaction.atomic
def approve_decision(decision: Decision, *, note: str, by: User, now: dt.datetime | None = None) -> str:
    """One signature; returns the level that comes next, or nothing."""
    decision = Decision.objects.select_for_update().select_related("file__county").get(pk=decision.pk)
    level = next_level(decision)
    if decision.is_stale or decision.facts_version != decision.file.facts_version:
        raise FactsChanged
    if not level or not may_sign_at(by, decision.file, level):
        raise WrongLevel(Level(level or decision.level).label)
    _refuse_visitor(decision, by)
    if (decision.is_collective or level == Level.NATIONAL) and not note.strip():
        raise WordsNeeded("note")
    at = (now or clock.now()).isoformat()
    entry = {"level": level, "by": by.public_id, "name": by.name, "at": at, "note": note.strip()[:300]}
    decision.approvals = [*decision.approvals, entry]
    decision.save(update_fields=["approvals"])
    record(DecisionApproved(aid_file_id=decision.file_id, level=level), by=by)
    return next_level(decision)


def _refuse_visitor(decision: Decision, by: User) -> None:
    if not is_free(by, decision.file, decision):
        raise WrongPerson


@transaction.atomic
def decide_file(
    decision: Decision,
    *,
    decided_class: str,
    reason: str,
    by: User,
    funds: Mapping[str, Fund] | None = None,
    now: dt.datetime | None = None,
) -> None:
    """A person decides; another class than proposed needs its reason, a refusal always does.

    1. The facts are those that were assessed, every level has signed.
    2. The file moves: on file, or refused.
    3. Grants are approved, each from its fund, and asked to be paid.
    """
    now = now or clock.now()
    decision = (
        Decision.objects.select_for_update(of=("self", "file"))
        .select_related("file__county", "file__applicant__user")
        .get(pk=decision.pk)
    )
    file = decision.file
    if decision.is_stale or decision.facts_version != file.facts_version:
        raise FactsChanged
    if not reason.strip():
        raise WordsNeeded
    _refuse_visitor(decision, by)
    if not may_lead(by, file):
        raise WrongLevel(Level.COUNTY.label)
    is_yes = decided_class != FileClass.NONE
    if is_yes and (left := next_level(decision)):
        raise WrongLevel(Level(left).label)
    decision.decided_class, decision.reason = decided_class, reason.strip()[:500]
    decision.decided_by, decision.decided_at = by, now
    decision.save(update_fields=["decided_class", "reason", "decided_by", "decided_at"])
    _settle_file(file, decision, now=now)
    same = decided_class == decision.proposed_class
    _settle_grants(file, decision, funds or {}, same=same, by=by, now=now)
    following.decide_cases(file, decision, is_yes=is_yes, until=appeal_until(decision), by=by, now=now)
    record(FileDecided(aid_file_id=file.pk, decided=decided_class, proposed=decision.proposed_class), by=by)
    if file.applicant.user is not None:
        send("aid/decided", to=file.applicant.user, context={"number": file.number}, link=reverse("aid:own-file"))


def _settle_file(file: AidFile, decision: Decision, *, now: dt.datetime) -> None:
    on = local_date(now)
    changes: dict[str, Any]
    if decision.decided_class in WITH_FILE:
        months = int(parameter("aid_review_months", on))
        changes = {"file_class": decision.decided_class, "review_due": add_months(on, months)}
        changes["filed_on"] = file.filed_on or on
        move(file, State.FILED, **changes)
        return
    to = State.REFUSED if file.state == State.COUNTY_REVIEW else State.EXITED
    changes = {"file_class": decision.decided_class, "closed_on": on, "close_reason": decision.reason[:200]}
    if to == State.EXITED:
        changes |= watched(on)
    move(file, to, **changes)


def _settle_grants(
    file: AidFile, decision: Decision, funds: Mapping[str, Fund], *, same: bool, by: User, now: dt.datetime
) -> None:
    """What the rules proposed for the class they proposed; another class has no grants until it is assessed again."""
    grants = list(decision.grants.filter(state=Grant.State.PROPOSED).order_by("pk"))
    asks = []
    for grant in grants:
        if not same:
            move(grant, Grant.State.CANCELLED)
            continue
        fund = funds.get(grant.item)
        if fund is None:
            raise FundMissing(ItemKind(grant.item).label)
        programme = programme_of_item(file.county, grant.item, fund, local_date(now))
        if programme is not None:
            take(programme, file.organisation, grant.payable)
        move(grant, Grant.State.APPROVED, fund=fund, programme=programme, approved_at=now)
        asks.append(
            Ask(
                source="aid.grant",
                source_id=grant.pk,
                organisation=fund.organisation,
                fund=fund,
                item=grant.item,
                payee=file.applicant,
                amount=grant.payable,
                account=account_of(file.applicant),
                household=file.household_key,
            )
        )
    if asks:
        ask_payments(asks, by=by, now=now)
