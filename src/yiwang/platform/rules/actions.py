"""The only writers of parameters, rule versions and receipts."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from yiwang.kernel.clock import now, today
from yiwang.kernel.states import move
from yiwang.platform.journal.actions import record, record_many
from yiwang.platform.rules import queries
from yiwang.platform.rules.errors import (
    AlreadyFixedLater,
    BadRuleFiles,
    NeedsAnotherPublisher,
    NotFromToday,
    ProposalWaits,
    ReasonWanted,
    no_value,
)
from yiwang.platform.rules.events import (
    ParameterDeclined,
    ParameterProposed,
    ParameterPublished,
    ParameterValuesLoaded,
    ReceiptIssued,
    RuleSetPublished,
)
from yiwang.platform.rules.figures import published_rows, with_figures
from yiwang.platform.rules.files import packaged_book, packaged_parameters, packaged_workdays
from yiwang.platform.rules.library import receipts
from yiwang.platform.rules.library.book import Book
from yiwang.platform.rules.library.model import Parameter, RuleSet
from yiwang.platform.rules.library.receipts import Recourse
from yiwang.platform.rules.models import (
    ParameterProposal,
    ParameterValue,
    Receipt,
    RuleSetVersion,
    WorkdayOverride,
    row_key,
)

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

# The first edition answers for every day before it too.
FIRST_DAY = dt.date(2020, 1, 1)
_COMPILED: dict[str, dict[str, Any]] = {}


@transaction.atomic
def publish_files(*, by: "AbstractBaseUser | None" = None) -> int:
    """Bring parameters, working days and rule sets up to the files of this program. Safe to repeat.

    Returns how many rule sets got a new version. Raises BadRuleFiles and changes nothing if a file is wrong.
    """
    book = packaged_book()
    if book.problems:
        raise BadRuleFiles(book.problems)
    load_parameters(book, by=by)
    load_workdays()
    rows = published_rows()
    published = publish_rulesets([with_figures(ruleset, rows) for ruleset in book.rulesets.values()], by=by)
    transaction.on_commit(queries.forget)
    return published


@transaction.atomic
def load_parameters(book: Book, *, by: "AbstractBaseUser | None") -> None:
    """Figures of the files replace figures of earlier files; what people published is never touched."""
    known: dict[str, list[ParameterValue]] = {}
    for row in ParameterValue.objects.all():
        known.setdefault(row.name, []).append(row)
    events = []
    for name, parameter in packaged_parameters(book).items():
        rows = known.get(name, [])
        if any(row.origin == ParameterValue.Origin.PUBLISHED for row in rows):
            continue
        wanted = _rows(name, parameter)
        if {_content(row) for row in rows} == {_content(row) for row in wanted}:
            continue
        ParameterValue.objects.filter(name=name).delete()
        created = ParameterValue.objects.bulk_create(wanted)
        events.append(ParameterValuesLoaded(parameter_value_id=created[0].pk, parameter=name, values=len(created)))
    if events:
        record_many(events, by=by)


def _rows(name: str, parameter: Parameter) -> list[ParameterValue]:
    return [
        ParameterValue(
            name=name,
            key=row_key(value.key),
            label_zh=parameter.label.zh,
            label_en=parameter.label.en,
            value=value.value,
            unit=parameter.unit,
            valid_from=value.valid_from,
            valid_to=value.valid_to,
            source_zh=value.source.zh,
            source_en=value.source.en,
            evidence=value.evidence,
        )
        for value in parameter.values
    ]


def _content(row: ParameterValue) -> tuple[Any, ...]:
    names = (
        "key",
        "label_zh",
        "label_en",
        "value",
        "unit",
        "valid_from",
        "valid_to",
        "source_zh",
        "source_en",
        "evidence",
    )
    return tuple(getattr(row, name) for name in names)


@transaction.atomic
def load_workdays() -> None:
    """Provisional days give way to the file; a day that someone entered stays."""
    known = {row.day: row for row in WorkdayOverride.objects.all()}
    new = [
        WorkdayOverride(day=day, is_workday=works, note=note, provisional=provisional)
        for day, (works, note, provisional) in packaged_workdays().items()
        if day not in known
    ]
    WorkdayOverride.objects.bulk_create(new)


@transaction.atomic
def publish_rulesets(rulesets: Iterable[RuleSet], *, by: "AbstractBaseUser | None") -> int:
    """A new version of every rule set whose text differs from its last version; those compiled once, here."""
    last: dict[str, RuleSetVersion] = {}
    for row in RuleSetVersion.objects.defer("body", "compiled").order_by("key", "number"):
        last[row.key] = row
    changed = [ruleset for ruleset in rulesets if ruleset.key not in last or last[ruleset.key].sha256 != ruleset.sha256]
    rows = [
        RuleSetVersion(
            key=ruleset.key,
            number=last[ruleset.key].number + 1 if ruleset.key in last else 1,
            effective_from=today() if ruleset.key in last else FIRST_DAY,
            sha256=ruleset.sha256,
            body=ruleset.to_data(),
            compiled=_compiled(ruleset),
            published_by_id=by.pk if by else None,
        )
        for ruleset in changed
    ]
    created = RuleSetVersion.objects.bulk_create(rows)
    if created:
        transaction.on_commit(queries.forget)
    record_many(
        [
            RuleSetPublished(ruleset_version_id=row.pk, key=row.key, number=row.number, sha256=row.sha256)
            for row in created
        ],
        by=by,
    )
    return len(created)


def _publish_with_figure(name: str, *, by: "AbstractBaseUser") -> None:
    """A new version of every rule set that counts with this figure: what was decided keeps the version it was decided
    by. The SQL takes figures as columns, so it stays as it is and nothing is compiled in a web process."""
    last: dict[str, RuleSetVersion] = {}
    for row in RuleSetVersion.objects.order_by("key", "number"):
        last[row.key] = row
    rows = published_rows([name])
    changed = []
    for row in last.values():
        before = RuleSet.from_data(row.body)
        after = with_figures(before, rows)
        if after.sha256 != before.sha256:
            _COMPILED[after.sha256] = {**row.compiled, "sha256": after.sha256}
            changed.append(after)
    publish_rulesets(changed, by=by)


def _compiled(ruleset: RuleSet) -> dict[str, Any]:
    """Once per text and process: the text decides the SQL."""
    from yiwang.platform.rules.library.compiling import compile_ruleset  # noqa: PLC0415 -- slow import

    if ruleset.sha256 not in _COMPILED:
        _COMPILED[ruleset.sha256] = compile_ruleset(ruleset).to_data()
    return _COMPILED[ruleset.sha256]


@transaction.atomic
def issue_receipt(
    key: str,
    facts: Mapping[str, Any],
    *,
    on: dt.date,
    subject: str,
    subject_id: int,
    recourse: Recourse,
    by: "AbstractBaseUser | None",
) -> Receipt:
    """Decide by the rules of that day and keep the reasons. Raises BadFact, MissingParameter, UnknownRuleSet."""
    issued = receipts.issue(queries.version(key, on), facts, on, recourse)
    answer = issued.body["answer"]
    receipt = Receipt.objects.create(
        subject=subject,
        subject_id=subject_id,
        version=queries.edition(key, on),
        verdict=answer["verdict"],
        amount=answer["amount"] if answer["verdict"] == "yes" else None,
        body={"conditions": [{"key": item["key"], "holds": item["holds"]} for item in answer["conditions"]]},
        sealed=Receipt.seal(issued.content),
        sha256=issued.sha256,
        decided_on=on,
    )
    record(ReceiptIssued(receipt_id=receipt.pk, about=subject, about_id=subject_id, sha256=receipt.sha256), by=by)
    return receipt


def propose_parameter(
    current: ParameterValue,
    *,
    value: int,
    valid_from: dt.date,
    source_zh: str,
    source_en: str,
    evidence: str,
    reason: str,
    by: "AbstractBaseUser",
) -> ParameterProposal:
    """Put a new figure forward. ``current`` is the one in force; past days keep what they had."""
    if not reason.strip():
        raise ReasonWanted
    _refuse_day(current.name, current.key, valid_from)
    try:
        with transaction.atomic():
            proposal = ParameterProposal.objects.create(
                name=current.name,
                key=current.key,
                old_value=current.value,
                value=value,
                valid_from=valid_from,
                source_zh=source_zh,
                source_en=source_en,
                evidence=evidence,
                reason=reason.strip(),
                proposed_by_id=by.pk,
                proposed_by_name=str(by),
            )
            record(ParameterProposed(**_facts(proposal)), by=by, purpose=proposal.reason)
    except IntegrityError as clash:
        raise ProposalWaits from clash
    return proposal


@transaction.atomic
def publish_parameter(proposal: ParameterProposal, *, by: "AbstractBaseUser") -> ParameterValue:
    """The second person: the old figure ends the day before, the new one holds from its day on."""
    if proposal.proposed_by_id == by.pk:
        raise NeedsAnotherPublisher
    if proposal.may_move(ParameterProposal.State.PUBLISHED):
        _refuse_day(proposal.name, proposal.key, proposal.valid_from)
    rows = ParameterValue.objects.select_for_update().filter(name=proposal.name, key=proposal.key)
    current = rows.order_by("-valid_from").first()
    if current is None:
        raise no_value(proposal.name, proposal.valid_from)

    move(
        proposal,
        ParameterProposal.State.PUBLISHED,
        decided_by_id=by.pk,
        decided_by_name=str(by),
        decided_at=now(),
    )
    last = proposal.valid_from - dt.timedelta(days=1)
    if current.valid_to is None or current.valid_to > last:
        ParameterValue.objects.filter(pk=current.pk).update(valid_to=last)
    published = ParameterValue.objects.create(
        name=proposal.name,
        key=proposal.key,
        label_zh=current.label_zh,
        label_en=current.label_en,
        value=proposal.value,
        unit=current.unit,
        valid_from=proposal.valid_from,
        source_zh=proposal.source_zh,
        source_en=proposal.source_en,
        evidence=proposal.evidence,
        origin=ParameterValue.Origin.PUBLISHED,
    )
    record(ParameterPublished(**_facts(proposal)), by=by, purpose=proposal.reason)
    _publish_with_figure(proposal.name, by=by)
    transaction.on_commit(queries.forget)
    return published


@transaction.atomic
def decline_parameter(proposal: ParameterProposal, *, note: str, by: "AbstractBaseUser") -> None:
    """Not taken over; whoever put it forward may take it back the same way."""
    if not note.strip():
        raise ReasonWanted

    other = None if by.pk == proposal.proposed_by_id else by.pk
    move(
        proposal,
        ParameterProposal.State.DECLINED,
        decided_by_id=other,
        decided_by_name=str(by),
        decided_at=now(),
        note=note.strip(),
    )
    record(ParameterDeclined(**_facts(proposal)), by=by, purpose=note.strip())


def _refuse_day(name: str, key: str, valid_from: dt.date) -> None:
    if valid_from <= today():
        raise NotFromToday
    later = ParameterValue.objects.filter(name=name, key=key, valid_from__gte=valid_from).order_by("valid_from").first()
    if later is not None:
        raise AlreadyFixedLater(later.valid_from)


def _facts(proposal: ParameterProposal) -> dict[str, Any]:
    return {
        "parameter_proposal_id": proposal.pk,
        "parameter": proposal.name,
        "key": proposal.key,
        "value": proposal.value,
        "valid_from": proposal.valid_from.isoformat(),
    }
