"""From the first look to the end of the notice: visit, cross-checks, opinion."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from yiwang.kernel import clock
from yiwang.kernel.clock import local_date
from yiwang.kernel.identity import mask_name
from yiwang.kernel.states import move
from yiwang.net.notices.actions import post_notice
from yiwang.platform.journal.actions import record
from yiwang.platform.notify.actions import send
from yiwang.platform.rules.library.words import RATE_SCALE
from yiwang.platform.rules.queries import parameter
from yiwang.register.accounts.models import User
from yiwang.rights.aid.actions import following
from yiwang.rights.aid.actions.signs import resolve
from yiwang.rights.aid.codes import Bucket, Cause, Signal
from yiwang.rights.aid.errors import BadFact, FindingsOpen, NotAuthorised, NotSigned, TwoVisitors, WordsNeeded
from yiwang.rights.aid.events import FileMoved, FindingResolved, ReportReceived, VisitPlanned, VisitRecorded
from yiwang.rights.aid.formulas_files import age_on
from yiwang.rights.aid.models import AidFile, Expense, Finding, Member, Visit
from yiwang.rights.aid.queries import PARTS, other_files
from yiwang.rights.aid.signals import signs_at_hand

State = AidFile.State
SOURCE = "aid.file"
DECIDING = 2  # the step of the case that decides; those before it are signed with the opinion


def _move(file: AidFile, to: str, *, by: User | None, reason: str = "", **changes: Any) -> None:
    move(file, to, **changes)
    record(FileMoved(aid_file_id=file.pk, to=to, reason=reason), by=by)


@transaction.atomic
def pass_base_review(file: AidFile, *, by: User, now: dt.datetime | None = None) -> None:
    """The papers are there. An urgent household goes straight to the decision; the visit follows."""
    _move(file, State.COUNTY_REVIEW if file.is_urgent else State.VISITING, by=by)
    following.accept_cases(file, by=by, now=now or clock.now())


@transaction.atomic
def plan_visit(file: AidFile, *, at: dt.datetime, second: str, by: User, now: dt.datetime | None = None) -> None:
    """Agreed by telephone: when two officers come. The household reads it at once."""
    if at <= (now or clock.now()):
        raise BadFact(_("约的时间已经过了，请改成以后的。"), "at")
    if not second.strip() or second.strip() == by.name:
        raise TwoVisitors
    file.visit_at, file.visit_by = at, f"{by.name}、{second.strip()}"[:50]
    file.save(update_fields=["visit_at", "visit_by"])
    record(VisitPlanned(aid_file_id=file.pk, on=local_date(at).isoformat()), by=by)
    if file.applicant.user is not None:
        told = {"when": f"{localtime(at):%Y-%m-%d %H:%M}", "who": file.visit_by}
        send("aid/visit", to=file.applicant.user, context=told, link=reverse("aid:own-file"))


@transaction.atomic
def record_visit(
    file: AidFile,
    *,
    key: str,
    second: str,
    day: dt.date,
    place: str,
    seen: str,
    findings: str,
    opinion: str,
    application_signed: bool,
    authorisation_signed: bool,
    by: User,
    checked: Sequence[dict[str, Any]] = (),
    now: dt.datetime | None = None,
) -> Visit:
    """What two officers saw. Sent again by a phone that had lost the network, it is the same visit."""
    now = now or clock.now()
    if not second.strip() or second.strip() == by.name:
        raise TwoVisitors
    if day > local_date(now):
        raise BadFact(_("日期在以后，请核对。"), "day")
    if not (application_signed and authorisation_signed):
        raise NotSigned
    visit, is_new = Visit.objects.get_or_create(
        file=file,
        key=key,
        defaults={
            "first": by,
            "second": second.strip(),
            "day": day,
            "place": place.strip(),
            "seen": seen.strip(),
            "findings": findings.strip(),
            "opinion": opinion,
            "application_signed": application_signed,
            "authorisation_signed": authorisation_signed,
            "checked": list(checked),
            "recorded_at": now,
        },
    )
    if is_new:
        record(VisitRecorded(aid_file_id=file.pk, opinion=opinion), by=by)
        _after_visit(file, visit, by=by, now=now)
    return visit


def _after_visit(file: AidFile, visit: Visit, *, by: User, now: dt.datetime) -> None:
    """What did not agree with what was told is a finding; the case's step of visiting is signed."""
    for row in visit.checked:
        if row["agrees"] != "yes":
            detail = f"{row['what']} {row['declared']}：{row['words'] or _('入户看到的不一样')}"[:200]
            Finding.objects.get_or_create(file=file, signal=Signal.WARNING, detail=detail, defaults={"found_at": now})
    if file.visit_at is not None:
        file.visit_at = None
        file.save(update_fields=["visit_at"])
    if file.state == State.VISITING:
        _move(file, State.CROSSCHECKING, by=by)
    following.sign_steps(file, 1, opinion=visit.findings, by=by, now=now)


@transaction.atomic
def authorise(member: Member, *, by: User, now: dt.datetime | None = None) -> None:
    """This adult signed, face to face, that the household's means may be checked."""
    member.authorised_at = member.authorised_at or now or clock.now()
    member.save(update_fields=["authorised_at"])


@transaction.atomic
def record_report(
    file: AidFile,
    *,
    number: str,
    day: dt.date,
    matches: Sequence[str],
    words: str,
    by: User,
    now: dt.datetime | None = None,
) -> None:
    """What Civil Affairs' platform answered: each match is a sign for a person; none is a good answer too."""
    now = now or clock.now()
    if day > local_date(now):
        raise BadFact(_("日期在以后，请核对。"), "day")
    if matches and not words.strip():
        raise WordsNeeded("words")
    file.report_number, file.report_on = number.strip(), day
    file.save(update_fields=["report_number", "report_on"])
    with override("zh-hans"):
        detail = _("核对报告{number}：{words}").format(number=number.strip(), words=words.strip())[:200]
    for signal in matches:
        Finding.objects.get_or_create(file=file, signal=signal, detail=detail, defaults={"found_at": now})
    record(ReportReceived(aid_file_id=file.pk, matches=len(matches)), by=by)


@transaction.atomic
def check_household(file: AidFile, *, by: User, now: dt.datetime | None = None) -> list[Finding]:
    """Look for signals in what we hold (RI 1.12, 1.14). They are findings for a person, and refuse nobody."""
    now = now or clock.now()
    made = []
    for signal, detail in _signals(file, local_date(now)):
        finding, is_new = Finding.objects.get_or_create(
            file=file, signal=signal, detail=detail[:200], defaults={"found_at": now}
        )
        if is_new:
            made.append(finding)
    return made


def _signals(file: AidFile, on: dt.date) -> Iterator[tuple[str, str]]:
    """In Chinese, for they are kept and read by whoever comes later."""
    members = list(file.members.prefetch_related("incomes", "expenses").order_by("pk"))
    with override("zh-hans"):
        yield from _signals_of_persons(file, members)
        yield from _signals_of_bills(members, on)
        yield from _signals_of_causes(file, members)
        yield from signs_at_hand(file, members, on)


def _signals_of_persons(file: AidFile, members: list[Member]) -> Iterator[tuple[str, str]]:
    for other in other_files([member.id_hash for member in members if member.id_hash], but=file):
        text = _("{name}在另一份档案{number}里").format(name=other.name, number=other.file.number)
        yield Signal.OTHER_FILE, text
    for member in members:
        wage = next((income.amount for income in member.incomes.all() if income.kind == "wage_net"), None)
        if member.work_state == "working" and not wage:
            yield Signal.WAGE, _("{name}在岗，但没有工资收入").format(name=member.name)
    if sum(member.is_coresident for member in members) == 1 and any(
        member.relation == "child" and not member.is_coresident for member in members
    ):
        yield Signal.WARNING, _("一人户，但有不共同生活的子女")


def _signals_of_bills(members: list[Member], on: dt.date) -> Iterator[tuple[str, str]]:
    share, many = int(parameter("aid_self_paid_share", on)), int(parameter("aid_round_person", on))
    for member in members:
        bills = [bill for bill in member.expenses.all() if not bill.is_void and bill.bucket == Bucket.MEDICAL]
        for bill in bills:
            back = sum(getattr(bill, part) for part in PARTS)
            if back > bill.total:
                yield Signal.REIMBURSED, _("{name}的一张票据报销比总费用多").format(name=member.name)
            elif (bill.total - back) * 10**RATE_SCALE > bill.total * share:
                text = _("{name}的一张票据自己付了{share}以上")
                yield Signal.WARNING, text.format(name=member.name, share=f"{share / 100:g}%")
        if len(bills) >= many and all(bill.total % 100 == 0 for bill in bills):
            yield Signal.ROUND, _("{name}的票据都是整百").format(name=member.name)


def _signals_of_causes(file: AidFile, members: list[Member]) -> Iterator[tuple[str, str]]:
    if file.main_cause == Cause.SCHOOLING and not any(member.stage for member in members):
        yield Signal.WARNING, _("主要原因是子女上学，但没有人上学")
    has_bills = Expense.objects.filter(member__file=file, bucket=Bucket.MEDICAL, is_void=False).exists()
    if file.main_cause == Cause.ILLNESS and not has_bills:
        yield Signal.WARNING, _("主要原因是患病，但没有看病的票据")
    for code, signal in (("homes", Signal.HOMES), ("vehicle", Signal.VEHICLE), ("controls_company", Signal.BUSINESS)):
        if code in file.exclusions:
            yield signal, _("申报时写明")


@transaction.atomic
def resolve_finding(finding: Finding, *, outcome: str, words: str, by: User, now: dt.datetime | None = None) -> None:
    resolve(finding, outcome=outcome, words=words, by=by, now=now)
    record(FindingResolved(aid_file_id=finding.file_id, signal=finding.signal, outcome=outcome), by=by)


@transaction.atomic
def close_checks(file: AidFile, *, by: User, now: dt.datetime | None = None) -> None:
    """Every adult has authorised the check; what it brought up is listed for a person."""
    now = now or clock.now()
    today = local_date(now)
    adult = int(parameter("aid_adult_age", today))
    missing = [
        member.name
        for member in file.members.filter(is_coresident=True, authorised_at=None).order_by("pk")
        if member.birth_date is None or age_on(member.birth_date, today) >= adult
    ]
    if missing:
        raise NotAuthorised("、".join(missing))
    check_household(file, by=by, now=now)
    _move(file, State.BASE_OPINION, by=by)


@transaction.atomic
def sign_opinion(file: AidFile, *, reason: str, by: User, now: dt.datetime | None = None) -> None:
    """The unit's opinion; then the masked notice: name, unit, kind and number of people, nothing else."""
    now = now or clock.now()
    if not reason.strip():
        raise WordsNeeded
    waiting = file.findings.filter(resolved_at=None).count()
    if waiting:
        raise FindingsOpen(waiting)
    _move(file, State.PUBLICITY, by=by, reason=reason.strip())
    following.sign_steps(file, DECIDING, opinion=reason.strip(), by=by, now=now)
    with override("zh-hans"):
        notice = post_notice(
            file.county,
            source=SOURCE,
            source_id=file.pk,
            title=_("困难职工建档公示"),
            rows=[
                {
                    "name": mask_name(file.applicant.name),
                    "unit": file.organisation.name,
                    "matter": _("申请困难职工建档"),
                    "people": file.members.filter(is_coresident=True).count(),
                }
            ],
            by=by,
            now=now,
        )
    following.stop_clocks(file, until=notice.ends_at, by=by, now=now)


@transaction.atomic
def notice_over(file: AidFile, *, upheld: bool, now: dt.datetime | None = None) -> None:
    """The notice ended: with an objection found true a person looks again, else the county decides."""
    if file.state == State.PUBLICITY:
        _move(file, State.OBJECTION_CHECK if upheld else State.COUNTY_REVIEW, by=None)
        following.let_clocks_run(file, now=now or clock.now())
    elif file.state == State.OBJECTION_CHECK and not upheld:
        _move(file, State.COUNTY_REVIEW, by=None)
