"""Everything one case page shows, in few queries: what hangs on the case comes with it as JSON."""

import datetime as dt
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext as _

from yiwang.net.cases.models import (
    Case,
    CaseOrganisation,
    CaseQuerySet,
    CaseStep,
    Decision,
    Letter,
    Note,
    Reply,
    Supervision,
    Supplement,
)
from yiwang.net.cases.queries.limits import plan_of
from yiwang.platform.files.models import Document
from yiwang.platform.files.queries import documents_of
from yiwang.platform.forms.library import masked
from yiwang.register.organisations.models import Organisation

Json = dict[str, Any]


def _of_case(rows: QuerySet[Any], **fields: Any) -> ArraySubquery:
    return ArraySubquery(rows.filter(case=OuterRef("pk")).order_by("pk").values(json=JSONObject(**fields)))


def with_relations(cases: CaseQuerySet) -> CaseQuerySet:
    """What every verb and every policy looks at. The rest is asked for when it is there: a mandate, a merger, a
    bundle, the home union, who filed a case for somebody else. Each table more doubles what the planner considers:
    with four more it took 10 ms to plan this one statement, and none to run it."""
    return cases.select_related("version__service", "applicant", "organisation", "handler", "employer", "bundle_part")


def with_everything(cases: CaseQuerySet) -> CaseQuerySet:
    """One statement for all that is small and many; clocks and pauses stay models, for the clock's face."""
    return with_relations(cases).prefetch_related("clocks", "pauses").annotate(**_small_and_many())


@cache
def _small_and_many() -> dict[str, RawSQL]:
    """As text: to build and compile these seven for every page took longer than everything the database does."""
    columns = Case.objects.annotate(
        notes_json=_of_case(Note.objects.all(), who="author__name", text="text", at="created_at"),
        replies_json=_of_case(
            Reply.objects.all(),
            who=Coalesce("author__name", F("case__contact_name")),
            text="text",
            at="created_at",
            from_applicant="from_applicant",
        ),
        steps_json=_of_case(
            CaseStep.objects.all(),
            key="key",
            who="handler__name",
            user="handler_id",
            body="organisation__name",
            opinion="opinion",
            at="done_at",
        ),
        supplements_json=_of_case(
            Supplement.objects.all(),
            items="items",
            message="message",
            at="asked_at",
            due="due_at",
            answer="answer",
            answered="answered_at",
            expired="is_expired",
            new_facts="new_facts",
        ),
        helpers_json=_of_case(
            CaseOrganisation.objects.all(),
            body="organisation__name",
            body_id="organisation_id",
            task="task",
            at="asked_at",
            report="report",
            reported="reported_at",
        ),
        supervisions_json=_of_case(
            Supervision.objects.all(),
            body="organisation__name",
            demand="demand",
            due="due_on",
            who="by__name",
            at="at",
            answer="answer",
        ),
        home_name=Subquery(Organisation.objects.filter(pk=OuterRef("home")).values("name")),
        letters_json=_of_case(
            Letter.objects.all(), kind="kind", number="document_number", public_id="public_id", at="issued_at"
        ),
    )
    compiler = columns.query.get_compiler(connection=connection)
    made = {}
    for name, column in columns.query.annotations.items():
        sql, params = compiler.compile(column)
        made[name] = RawSQL(sql, params, column.output_field)  # noqa: S611 -- compiled, no input
    return made


@dataclass(frozen=True)
class Remark:
    who: str
    text: str
    at: dt.datetime
    from_applicant: bool = False


@dataclass(frozen=True)
class StepDone:
    title: str
    who: str
    body: str
    opinion: str
    at: dt.datetime


@dataclass(frozen=True)
class Asked:
    """One request for what is missing."""

    items: list[dict[str, str]]
    message: str
    at: dt.datetime
    due: dt.datetime
    answer: str
    answered: dt.datetime | None
    is_expired: bool


@dataclass(frozen=True)
class Helper:
    body: str
    body_id: int
    task: str
    report: str
    is_done: bool


@dataclass(frozen=True)
class Watch:
    body: str
    who: str
    demand: str
    due: dt.date | None
    at: dt.datetime


@dataclass(frozen=True)
class Paper:
    kind: str
    number: str
    public_id: str
    at: dt.datetime


@dataclass(frozen=True)
class Dossier:
    """One case with all that hangs on it."""

    case: Case
    answers: list[tuple[str, list[tuple[str, str, str]]]]
    documents: list[Document]
    notes: list[Remark]
    replies: list[Remark]
    steps: list[StepDone]
    supplements: list[Asked]
    helpers: list[Helper]
    watches: list[Watch]
    papers: list[Paper]
    decision: Decision | None

    @property
    def has_review(self) -> bool:
        return self.decision is not None and hasattr(self.decision, "review")

    @property
    def open_supplement(self) -> Asked | None:
        return next((asked for asked in self.supplements if asked.answered is None and not asked.is_expired), None)


def dossier(case: Case, *, is_own: bool) -> Dossier:
    """``case`` comes from ``with_everything``. The applicant reads their own answers in full, staff masked."""
    plan = plan_of(case.version)
    titles = {step.key: str(step.title) for step in plan.steps}
    return Dossier(
        case=case,
        answers=plan.form.summary(_answers(case, is_own=is_own)),
        documents=list(documents_of("case", case.pk)),
        notes=[] if is_own else [Remark(row["who"], row["text"], _time(row["at"])) for row in _rows(case, "notes")],
        replies=[
            Remark(row["who"] or "", row["text"], _time(row["at"]), row["from_applicant"])
            for row in _rows(case, "replies")
        ],
        steps=[
            StepDone(titles.get(row["key"], ""), row["who"] or "", row["body"], row["opinion"], _time(row["at"]))
            for row in _rows(case, "steps")
        ],
        supplements=[_asked(row) for row in _rows(case, "supplements")],
        helpers=[
            Helper(row["body"], row["body_id"], row["task"], row["report"], row["reported"] is not None)
            for row in _rows(case, "helpers")
        ],
        watches=[
            Watch(row["body"], row["who"], row["demand"], _date(row["due"]), _time(row["at"]))
            for row in _rows(case, "supervisions")
        ],
        papers=[
            Paper(str(Letter.Kind(row["kind"]).label), row["number"], row["public_id"], _time(row["at"]))
            for row in _rows(case, "letters")
        ],
        decision=decision_in_force(case),
    )


@dataclass(frozen=True)
class Numbers:
    """What the case page stars out, in full: (label, text) each."""

    rows: list[tuple[str, str]]


def numbers_of(case: Case) -> Numbers:
    """The applicant's own numbers, then every answer that is masked for others."""
    rows = []
    if case.applicant is not None:
        rows.append((str(case.applicant.get_id_type_display()), case.applicant.id_number))
        rows.append((_("手机号"), case.applicant.phone or ""))
    if case.contact_phone:
        rows.append((_("联系电话"), case.contact_phone))
    form, answers = plan_of(case.version).form, all_answers(case)
    seen = {
        key: text for _title, fields in form.summary(dict(masked(form.steps, answers))) for _label, text, key in fields
    }
    for _title, fields in form.summary(answers):
        rows.extend((label, text) for label, text, key in fields if seen.get(key) != text)
    return Numbers([(label, text) for label, text in rows if text])


def helping_bodies(case: Case) -> list[int]:
    """Bodies asked to help that have not reported yet; no query where the page brought them along."""
    if hasattr(case, "helpers_json"):
        return [row["body_id"] for row in _rows(case, "helpers") if row["reported"] is None]
    return list(case.co_handlers.filter(reported_at=None).values_list("organisation_id", flat=True))


def decision_in_force(case: Case) -> Decision | None:
    if case.is_open:
        return None
    return (
        case.decisions.filter(revoked_at=None).select_related("decided_by", "organisation", "review", "receipt").first()
    )


def all_answers(case: Case) -> Json:
    """The encrypted ones included: for the applicant, for the rules, and for whoever may reveal."""
    secret: Json = json.loads(case.sensitive_answers) if case.sensitive_answers else {}
    return {**case.answers, **secret}


def _answers(case: Case, *, is_own: bool) -> Json:
    answers = all_answers(case)
    return answers if is_own else dict(masked(plan_of(case.version).form.steps, answers))


def _asked(row: Json) -> Asked:
    return Asked(
        items=row["items"],
        message=row["message"],
        at=_time(row["at"]),
        due=_time(row["due"]),
        answer=row["answer"],
        answered=_time(row["answered"]) if row["answered"] else None,
        is_expired=row["expired"],
    )


def _rows(case: Case, name: str) -> list[Json]:
    rows: list[Any] = getattr(case, f"{name}_json", [])
    return [json.loads(row) if isinstance(row, str) else row for row in rows]


def _time(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
