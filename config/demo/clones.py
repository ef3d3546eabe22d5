"""Thousands of histories out of the few that were played: the same course with other people, bodies and days.

A clone is what the actions would have written for those people on those days. Days move by whole working days;
deadlines, receipts, numbers and letters are worked out anew from the same calendar, rules and series.
"""

import datetime as dt
import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import DateTimeField, ForeignKey, Model
from django.utils.translation import override

from config.demo.answers import MATTERS, Answerer
from config.demo.fiction import Fiction
from config.demo.histories import COMMENTS, GOOD, REASONS_OK
from config.demo.templates import Lines, Row, Template
from yiwang.kernel.clock import Pause, WorkCalendar, add_days, deadline, due_day, local_date, start_of
from yiwang.kernel.ids import public_id
from yiwang.net.cases.actions.clocks import BINDING, LIVE, WAITS_LAST
from yiwang.net.cases.actions.letters import HELP_LINE, LETTERS, money_words
from yiwang.net.cases.actions.receipts import recourse_from
from yiwang.net.cases.models import Case, Clock, ClockPause, Decision, Letter, Supplement
from yiwang.net.cases.queries.limits import limit, plan_of
from yiwang.net.catalogue.facts import register_facts
from yiwang.net.evaluation.events import CaseRated
from yiwang.net.evaluation.models import BadReview, Evaluation
from yiwang.platform.journal.models import JournalEntry
from yiwang.platform.rules import queries as rules
from yiwang.platform.rules.library import receipts
from yiwang.platform.rules.models import Receipt
from yiwang.platform.ui.formats import day_text
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Membership
from yiwang.register.organisations.models import Organisation

SECOND = dt.timedelta(seconds=1)
WORDS = ("matter", "description", "story", "facts")
PERSONAL = ("phone", "identity", "organisation", "division")
NAMES = ("employer", "name", "applicant_name", "trade", "post")
SILENT = 0.5  # so many content people say nothing
DUE = ("assign_due_at", "rectify_due_at")


@dataclass(frozen=True)
class Wish:
    """One clone to be made: of what, for whom, handed in when."""

    template: Template
    membership: Membership
    user: User
    at: dt.datetime


@dataclass
class Clone:
    """All rows of one cloned case, ready to be written but for its numbers."""

    case: Row
    template: Template
    wish: Wish
    rows: dict[type[Model], list[Row]] = field(default_factory=dict)
    reviews: list[Row] = field(default_factory=list)
    receipts: list[Row] = field(default_factory=list)
    entries: list[JournalEntry] = field(default_factory=list)
    letters: dict[str, Row] = field(default_factory=dict)  # by the document number of the template
    line: dict[int, Organisation] = field(default_factory=dict)  # body of the template -> body of the clone
    bodies: dict[int, Organisation] = field(default_factory=dict)  # by id, those of the clone

    def body(self, row: Row) -> Organisation:
        return self.bodies[row["organisation_id"]]


class Days:
    """The working days from the first history to some weeks after today, by number."""

    def __init__(self, calendar: WorkCalendar, first: dt.date, last: dt.date) -> None:
        span = range((last - first).days + 1)
        self.days = [day for n in span if calendar.is_workday(day := first + dt.timedelta(days=n))]

    def number(self, day: dt.date) -> int:
        """Of the day itself, or of the last working day before it."""
        return bisect_right(self.days, day) - 1

    def next(self, day: dt.date) -> int:
        number = self.number(day)
        return number if number >= 0 and self.days[number] == day else number + 1


class Shift:
    """Moments of the template as moments of the clone: as many working days on, at the same hour."""

    def __init__(self, days: Days, start: dt.datetime, at: dt.datetime) -> None:
        self.days = days
        self.known: dict[dt.datetime, dt.datetime] = {start: at}
        opened = local_date(at)
        # What comes in after the office has opened is taken up on the next working day.
        late = at - start_of(opened) > start - start_of(local_date(start))
        self.first = days.number(local_date(start))
        self.base = days.next(opened + dt.timedelta(days=1) if late else opened)

    def __call__(self, moment: dt.datetime) -> dt.datetime:
        found = self.known.get(moment)
        if found is None:
            day = local_date(moment)
            target = self.days.days[self.base + self.days.number(day) - self.first]
            found = self.known[moment] = start_of(target) + (moment - start_of(day))
        return found

    def due(self, moment: dt.datetime) -> dt.datetime:
        """A due time is 24:00 of its day."""
        return self(moment - SECOND) + SECOND


@lru_cache(maxsize=50_000)
def plain_deadline(day: dt.date, amount: int, unit: str) -> dt.datetime:
    start = start_of(day)
    return deadline(start, amount, unit, rules.work_calendar(), at=start)  # type: ignore[arg-type]  # one of the choices


def first_promise(clocks: Sequence[Row]) -> dt.datetime:
    """What acceptance promised: the earlier of promise and law, before anything held it up."""
    given = [clock for clock in clocks if clock["kind"] in (Clock.Kind.PROMISED, Clock.Kind.LEGAL)]
    return min(plain_deadline(local_date(clock["started_at"]), clock["amount"], clock["unit"]) for clock in given)


def clock_of(clocks: Sequence[Row], kind: str) -> Row:
    return next(clock for clock in clocks if clock["kind"] == kind)


def chinese_day(day: dt.date) -> str:
    """As letters write it."""
    return f"{day.year}年{day.month}月{day.day}日"


@dataclass(frozen=True)
class Kinds:
    """Which columns of a table point where."""

    users: tuple[str, ...]
    bodies: tuple[str, ...]
    moments: tuple[str, ...]

    @classmethod
    @lru_cache
    def of(cls, model: type[Model]) -> "Kinds":
        users, bodies, moments = [], [], []
        for column in model._meta.concrete_fields:
            if isinstance(column, ForeignKey) and column.related_model is User:
                users.append(column.attname)
            elif isinstance(column, ForeignKey) and column.related_model is Organisation:
                bodies.append(column.attname)
            elif isinstance(column, DateTimeField) and column.attname not in ("due_at", *DUE):
                moments.append(column.attname)
        return cls(tuple(users), tuple(bodies), tuple(moments))


class Copyist:
    """Makes one clone after the other; the numbers come afterwards (``config.demo.archive``)."""

    def __init__(self, fiction: Fiction, lines: Lines, days: Days) -> None:
        self.fiction = fiction
        self.lines = lines
        self.days = days

    def fits(self, template: Template, at: dt.datetime, now: dt.datetime) -> bool:
        """Whether all that happened in the template would be over by now."""
        shift = Shift(self.days, template.case.submitted_at, at)
        last = template.last_moment
        return self.days.number(local_date(last)) - shift.first + shift.base < len(self.days.days) and shift(last) < now

    def make(self, wish: Wish, ids: Mapping[type[Model], list[int]]) -> Clone:
        """``ids`` hands out the primary keys of rows that others point at."""
        template = wish.template
        line = self.lines.of(template.membership.organisation)
        new_line = self.lines.of(wish.membership.organisation)
        clone = Clone(case={}, template=template, wish=wish)
        clone.line = {old.pk: new for old, new in zip(line, new_line, strict=True)}
        clone.bodies = {body.pk: body for body in new_line}
        shift = Shift(self.days, template.case.submitted_at, wish.at)
        users = self._users(template, wish, line, new_line)
        pk = ids[Case].pop()
        self._shift_clocks(clone, template, shift, pk)
        for model, rows in template.rows.items():
            if model is not Clock:
                clone.rows[model] = [self._moved(model, row, clone, users, shift, case_id=pk) for row in rows]
        for supplement in clone.rows.get(Supplement, ()):
            supplement["due_at"] = clock_of(clone.rows[Clock], Clock.Kind.SUPPLEMENT)["due_at"]
        clone.case = self._case(clone, users, shift, pk)
        self._reason(clone)
        self._answer(clone, shift, ids)
        self._rate(clone, users, shift, ids)
        self._write_letters(clone, shift)
        self._tell(clone, users, shift)
        return clone

    def _users(
        self, template: Template, wish: Wish, line: Sequence[Organisation], new_line: Sequence[Organisation]
    ) -> dict[int, User]:
        users = {template.case.submitted_by_id: wish.user}
        for old, new in zip(line, new_line, strict=True):
            holders = self.lines.posts.get(new.pk, {})
            for role, user in self.lines.posts.get(old.pk, {}).items():
                if role in holders:
                    users[user.pk] = holders[role]
        return users

    def _moved(
        self, model: type[Model], row: Row, clone: Clone, users: Mapping[int, User], shift: Shift, **fixed: Any
    ) -> Row:
        kinds = Kinds.of(model)
        moved = {**row, **fixed}
        for name in kinds.users:
            if row[name] is not None:
                moved[name] = users[row[name]].pk
        for name in kinds.bodies:
            if row[name] is not None:
                moved[name] = clone.line[row[name]].pk
        for name in kinds.moments:
            if row[name] is not None:
                moved[name] = shift(row[name])
        if "public_id" in moved:
            moved["public_id"] = public_id()
        return moved

    def _shift_clocks(self, clone: Clone, template: Template, shift: Shift, pk: int) -> None:
        """First of all: the end of an unanswered supplement hangs on its deadline, not on working days."""
        rows = template.rows[Clock]
        clocks = []
        for row in rows:
            moved = self._moved(Clock, {**row, "ended_at": None}, clone, {}, shift, case_id=pk)
            if row["kind"] == Clock.Kind.SUPPLEMENT:
                moved["due_at"] = plain_deadline(local_date(moved["started_at"]), row["amount"], row["unit"])
                if row["state"] == Clock.State.LATE:
                    shift.known[row["ended_at"]] = moved["due_at"] + (row["ended_at"] - row["due_at"])
            clocks.append(moved)
        pauses = [
            Pause(shift(pause["started_at"]), shift(pause["ended_at"]))
            for pause in template.rows.get(ClockPause, ())
            if pause["ended_at"] is not None
        ]
        for row, moved in zip(rows, clocks, strict=True):
            moved["ended_at"] = shift(row["ended_at"]) if row["ended_at"] else None
            if row["kind"] != Clock.Kind.SUPPLEMENT:
                moved["due_at"] = self._due(row, moved, pauses)
            if row["state"] in (Clock.State.MET, Clock.State.LATE):
                late = moved["due_at"] <= moved["ended_at"]
                moved["state"] = Clock.State.LATE.value if late else Clock.State.MET.value
        clone.rows[Clock] = clocks

    def _due(self, row: Row, moved: Row, pauses: Sequence[Pause]) -> dt.datetime:
        start, amount, unit = moved["started_at"], row["amount"] + row["extended_by"], row["unit"]
        held = [pause for pause in pauses if pause.start >= start and row["is_suspendable"]]
        if row["ended_at"] is not None:
            held = [pause for pause in held if pause.end and pause.end <= moved["ended_at"]]
        if not held and unit != Clock.Unit.HOUR:
            return plain_deadline(local_date(start), amount, unit)
        return deadline(start, amount, unit, rules.work_calendar(), held, at=start)

    def _case(self, clone: Clone, users: Mapping[int, User], shift: Shift, pk: int) -> Row:
        template, wish = clone.template, clone.wish
        row = {name: value for name, value in template.case.__dict__.items() if not name.startswith("_")}
        row = {column.attname: row[column.attname] for column in Case._meta.concrete_fields}
        membership = wish.membership
        moved = self._moved(Case, row, clone, users, shift, id=pk)
        moved |= {
            "applicant_id": membership.person_id,
            "home_id": membership.organisation_id,
            "employer_id": membership.employer_id,
            "division_code": membership.organisation.division_code[:12],
            "idempotency_key": f"demo-clone-{pk}",
        }
        self._speak(clone, moved)
        live = [clock for clock in clone.rows[Clock] if clock["state"] in LIVE]
        theirs = moved["state"] == Case.State.SUPPLEMENT
        party = Clock.Party.THEIRS if theirs else Clock.Party.OURS
        due = [clock["due_at"] for clock in live if clock["party"] == party and (theirs or clock["kind"] in BINDING)]
        moved["due_at"] = min(due, default=None)
        waits = WAITS_LAST if moved["is_waiting"] else dt.timedelta()
        moved["queued_for"] = (moved["due_at"] or moved["submitted_at"]) + waits
        return moved

    def _speak(self, clone: Clone, moved: Row) -> None:
        """The answers in the person's own name, and about a matter of the same kind."""
        membership, template = clone.wish.membership, clone.template
        plan = plan_of(template.case.version)
        answers = dict(template.case.answers)
        secret: Row = json.loads(template.case.sensitive_answers) if template.case.sensitive_answers else {}
        answerer = Answerer(self.fiction, membership, on=local_date(clone.wish.at))
        matter, story = self.fiction.random.choice(MATTERS.get(template.case.service_code, (("", ""),)))
        fields = [field for step in plan.form.steps for field in step.fields]
        for item in fields:
            held = answers if item.key in answers else secret if item.key in secret else None
            if held is None:
                continue
            if item.key in WORDS and matter:
                held[item.key] = matter if item.key == "matter" else story
            elif item.kind in PERSONAL or item.key in NAMES:
                held[item.key] = answerer.value(item)
        moved["answers"], moved["sensitive_answers"] = (
            answers,
            json.dumps(secret, ensure_ascii=False) if secret else None,
        )
        moved["matter"] = str(answers.get("matter") or "")[:120]
        employer = membership.employer.name if membership.employer else ""
        moved["employer_name"] = str(answers.get("employer") or employer)[:120]

    def _reason(self, clone: Clone) -> None:
        """Other good words for the same yes."""
        for decision in clone.rows.get(Decision, ()):
            if decision["outcome"] == Decision.Outcome.OK:
                fresh = self.fiction.random.choice(REASONS_OK)
                for rows in clone.rows.values():
                    for row in rows:
                        if row.get("opinion") == decision["reason"]:
                            row["opinion"] = fresh
                decision["reason"] = fresh

    def _answer(self, clone: Clone, shift: Shift, ids: Mapping[type[Model], list[int]]) -> None:
        """Decision and receipt by the rules of that day, for this person."""
        promised = [clock for clock in clone.rows[Clock] if clock["kind"] == Clock.Kind.PROMISED]
        for decision in clone.rows.get(Decision, ()):
            on = local_date(decision["decided_at"])
            decision["appeal_until"] = add_days(on, limit("appeal_days", on))
            if decision["outcome"] != Decision.Outcome.NOT_ACCEPTED:
                decision["is_on_time"] = all(clock["state"] != Clock.State.LATE for clock in promised)
            if decision["receipt_id"] is None:
                continue
            receipt = self._receipt(clone, decision, on, ids[Receipt].pop())
            decision["receipt_id"] = receipt["id"]
            ok = decision["outcome"] == Decision.Outcome.OK
            amount = None if receipt["amount"] is None or not ok else Decimal(receipt["amount"]) / 100
            decision["amount"] = decision["computed_amount"] = clone.case["amount"] = amount

    def _receipt(self, clone: Clone, decision: Row, on: dt.date, pk: int) -> Row:
        old = clone.template.receipts[0]
        key = plan_of(clone.template.case.version).definition.ruleset
        membership = clone.wish.membership
        facts = clone.template.asked_facts | register_facts(membership.person, membership, [], on)
        issued = receipts.issue(rules.version(key, on), facts, on, recourse_from(on))
        answer = issued.body["answer"]
        row = old | {
            "id": pk,
            "public_id": public_id(),
            "subject_id": clone.case["id"],
            "version_id": rules.edition(key, on).pk,
            "verdict": answer["verdict"],
            "amount": answer["amount"] if answer["verdict"] == "yes" else None,
            "body": {"conditions": [{"key": item["key"], "holds": item["holds"]} for item in answer["conditions"]]},
            "sealed": Receipt.seal(issued.content),
            "sha256": issued.sha256,
            "decided_on": on,
            "issued_at": decision["decided_at"],
        }
        clone.receipts.append(row)
        return row

    def _rate(
        self, clone: Clone, users: Mapping[int, User], shift: Shift, ids: Mapping[type[Model], list[int]]
    ) -> None:
        if not clone.template.reviews and self.fiction.random.random() < SILENT:
            clone.rows.pop(Evaluation, None)
        for rating in clone.rows.get(Evaluation, ()):
            rating["id"] = ids[Evaluation].pop()
            if rating["score"] in GOOD:
                rating["score"] = self.fiction.random.choice(GOOD)
                rating["text"] = self.fiction.random.choice(COMMENTS[rating["score"]])
            for review in clone.template.reviews:
                moved = self._moved(BadReview, review, clone, users, shift, evaluation_id=rating["id"])
                moved |= {name: shift.due(review[name]) for name in DUE}
                clone.reviews.append(moved | {"id": ids[BadReview].pop()})

    def _write_letters(self, clone: Clone, shift: Shift) -> None:
        """The words of ``cases.actions.letters``, for these people and days; the numbers come later."""
        applicant = clone.wish.membership.person.name
        for letter in clone.rows.get(Letter, ()):
            body, context = clone.body(letter), dict(letter["context"])
            clone.letters[context["number"]] = letter
            officer = self._signer(clone, letter)
            accepted = clone.case["accepted_at"]
            context |= {
                "organisation": body.name,
                "handling_body": body.name,
                "recipient": applicant,
                "date": chinese_day(local_date(letter["issued_at"])),
                "contact_person": body.contact or (officer.name if officer else body.name),
                "contact_phone": body.phone or HELP_LINE,
                "submitted_on": chinese_day(local_date(clone.case["submitted_at"])),
            }
            if context["accepted_on"] and accepted:
                context["accepted_on"] = chinese_day(local_date(accepted))
            letter["context"] = context | self._particulars(clone, letter)

    def _signer(self, clone: Clone, letter: Row) -> User | None:
        """Whoever had the case in the template when the letter went out, at the clone's body."""
        posts = self.lines.posts.get(letter["organisation_id"], {})
        return next((user for user in posts.values() if user.pk == letter["by_id"]), None)

    def _particulars(self, clone: Clone, letter: Row) -> Row:
        """What only this kind of letter says."""
        clocks = clone.rows[Clock]
        if letter["kind"] == Letter.Kind.ACCEPTANCE:
            return {"due_on": chinese_day(due_day(first_promise(clocks)))}
        if letter["kind"] == Letter.Kind.SUPPLEMENT:
            return {"answer_by": chinese_day(due_day(clock_of(clocks, Clock.Kind.SUPPLEMENT)["due_at"]))}
        decision = clone.rows[Decision][0]
        old = clone.template.rows[Decision][0]
        with override(LETTERS):
            was, until = day_text(old["appeal_until"]), day_text(decision["appeal_until"])
        words: Row = {"reasons": [decision["reason"]]}
        if "recourse" in letter["context"]:
            words["recourse"] = letter["context"]["recourse"].replace(str(was), str(until))
        if "amount_text" in letter["context"]:
            words["amount_text"] = money_words(decision["amount"]) if decision["amount"] is not None else ""
        return words

    def _tell(self, clone: Clone, users: Mapping[int, User], shift: Shift) -> None:
        """The journal of the clone: the same facts in the same order."""
        decided = clone.rows.get(Decision, [{}])[0]
        reviews = {old["id"]: new["id"] for old, new in zip(clone.template.reviews, clone.reviews, strict=True)}
        receipts_of = {old["id"]: new for old, new in zip(clone.template.receipts, clone.receipts, strict=True)}
        ratings = clone.rows.get(Evaluation, [{}])
        for entry in clone.template.entries:
            if entry.name == CaseRated.name and Evaluation not in clone.rows:
                continue
            values: dict[str, Any] = {}
            for name, value in entry.data.items():
                if name in ("case_id", "about_id"):
                    values[name] = clone.case["id"]
                elif name.endswith("organisation_id"):
                    values[name] = clone.line[value].pk
                elif name in ("handler_id", "user_id", "to_id"):
                    values[name] = users[value].pk
                elif name == "bad_review_id":
                    values[name] = reviews[value]
                elif name == "receipt_id":
                    values[name] = receipts_of[value]["id"]
                elif name == "sha256":
                    values[name] = receipts_of[entry.subject_id]["sha256"]
                elif name == "score":
                    values[name] = ratings[0]["score"]
                elif name == "due":
                    values[name] = self._told_due(clone, entry.name)
                elif name == "on_time" and entry.subject == "case":
                    values[name] = decided["is_on_time"]
                elif name.endswith("_id"):
                    raise LookupError(f"{entry.name} points at {name}, which a clone does not know")
                else:
                    values[name] = value
            clone.entries.append(self._entry(clone, entry, values, users, shift))

    def _told_due(self, clone: Clone, name: str) -> str:
        clocks = clone.rows[Clock]
        if name == "cases.supplement_requested":
            return str(due_day(clock_of(clocks, Clock.Kind.SUPPLEMENT)["due_at"]))
        return str(due_day(first_promise(clocks)))

    def _entry(
        self, clone: Clone, old: JournalEntry, data: Row, users: Mapping[int, User], shift: Shift
    ) -> JournalEntry:
        actor = users[old.actor_id] if old.actor_id else None
        subject_id = {"case": clone.case["id"], "receipt": data.get("receipt_id")}.get(old.subject)
        # A receipt is booked when it is written, which for a played history is the day of the demo itself.
        at = clone.case["decided_at"] if old.subject == "receipt" else shift(old.at)
        return JournalEntry(
            at=at,
            name=old.name,
            subject=old.subject,
            subject_id=subject_id or data["bad_review_id"],
            audience=old.audience,
            actor_id=actor.pk if actor else None,
            actor_name=str(actor)[:80] if actor else "",
            on_behalf_of=clone.case["applicant_id"] if old.on_behalf_of else None,
            purpose=old.purpose,
            data=data,
        )
