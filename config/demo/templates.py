"""The courses that stand for many: which are played for real, and what each of them left behind."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from config.demo.answers import WEIGHTS
from config.demo.histories import ENDINGS, STALLED, Player, Request
from config.demo.register import Register
from yiwang.kernel.clock import local_date, start_of
from yiwang.net.cases.models import (
    Case,
    CaseStep,
    Clock,
    ClockPause,
    Decision,
    Hop,
    Letter,
    Supplement,
)
from yiwang.net.cases.queries.facts import case_facts
from yiwang.net.cases.queries.limits import plan_of
from yiwang.net.catalogue.facts import register_facts
from yiwang.net.evaluation.models import BadReview, Evaluation
from yiwang.platform.journal.models import JournalEntry
from yiwang.platform.rules.models import Receipt
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Membership
from yiwang.register.organisations.models import Organisation

Applicant = tuple[Membership, User]
Row = dict[str, Any]
Signature = tuple[object, ...]

PARTS: tuple[type[Model], ...] = (Hop, CaseStep, Clock, ClockPause, Supplement, Decision, Letter, Evaluation)
MOST_WANTED = ("RT-0001", "RT-0005", "MA-0001")
STALLED_SHARE = 5  # one course in so many of the recent ones is left lying
DEEPEST = 9
MORNING = dt.timedelta(hours=8, minutes=30)  # templates are handed in before the offices open


@dataclass
class Template:
    """One played course: its rows as the actions left them."""

    case: Case
    membership: Membership
    ending: str
    signature: Signature
    rows: dict[type[Model], list[Row]] = field(default_factory=dict)
    reviews: list[Row] = field(default_factory=list)
    receipts: list[Row] = field(default_factory=list)
    entries: list[JournalEntry] = field(default_factory=list)
    asked_facts: dict[str, Any] = field(default_factory=dict)

    @property
    def weight(self) -> int:
        return WEIGHTS[self.case.service_code]

    @property
    def last_moment(self) -> dt.datetime:
        return max(entry.at for entry in self.entries if entry.subject != "receipt")


class Lines:
    """The union bodies above each home, and who holds which post there: what routing looks at."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.regional = {str(body.path): body for body in Organisation.objects.filter(level__lte=6)}
        self.posts: dict[int, dict[str, User]] = {}
        for (body, role), user in register.officers.items():
            self.posts.setdefault(body, {})[role] = user
        self.known: dict[int, tuple[Organisation, ...]] = {}

    def of(self, home: Organisation) -> tuple[Organisation, ...]:
        """The home and everything above it, nearest first."""
        line = self.known.get(home.pk)
        if line is None:
            labels = str(home.path).split(".")
            above = (".".join(labels[:depth]) for depth in range(len(labels) - 1, 0, -1))
            line = (home, *(self.regional[path] for path in above))
            self.known[home.pk] = line
        return line

    def signature(self, home: Organisation, depth: int) -> Signature:
        """Two homes of one signature send a request of the same service through bodies of the same kinds."""
        line = self.of(home)
        levels = tuple(body.level for body in line)
        return levels, tuple(frozenset(self.posts.get(body.pk, ())) for body in line if body.level <= depth)


def depth_of(player: Player, code: str) -> int:
    """The deepest level that any step of the service can land on."""
    return max((step.level or DEEPEST for step in plan_of(player.versions[code]).steps), default=DEEPEST)


class Repertoire:
    """Plays the courses and keeps them by what routing sees of the applicant's union."""

    def __init__(
        self, player: Player, lines: Lines, people: Sequence[Applicant], *, on: dt.date, season: Sequence[dt.date]
    ) -> None:
        self.player = player
        self.lines = lines
        self.people = people
        self.on = on
        self.season = season  # working days of the last months, oldest first
        self.depths = {code: depth_of(player, code) for code in WEIGHTS if code in player.versions}
        self.over: dict[tuple[str, Signature], list[Template]] = {}
        self.open: dict[tuple[str, Signature], list[Template]] = {}
        self.played: list[Template] = []

    def signature(self, code: str, home: Organisation) -> Signature:
        return self.lines.signature(home, self.depths[code])

    def play(self, *, closed: int, recent: int) -> None:
        """The likeliest courses that are over, and recent ones wherever they stand today."""
        for code, ending, person in self.likeliest(closed):
            self._play(code, ending, person, self._day(code))
        draw = self.player.fiction.random
        for number in range(recent):
            stalled = number % STALLED_SHARE == STALLED_SHARE - 1
            day = draw.choice(self.season[-45:-20] if stalled else self.season[-12:])
            request = self.player.draw(self.people, at=self._morning(day))
            ending = STALLED if stalled else request.ending
            self._play(request.code, ending, (request.membership, request.user), day)
        capture(self.played)
        for template in self.played:
            pool = self.open if template.case.is_open else self.over
            if template.case.is_open or template.ending != STALLED:
                pool.setdefault((template.case.service_code, template.signature), []).append(template)

    def likeliest(self, count: int) -> list[tuple[str, str, Applicant]]:
        """Service, ending and somebody of each kind of union, by how often they come together.

        First a yes for every kind of union and service, then every other ending for the most wanted services.
        """
        found: list[tuple[int, float, str, str, Applicant]] = []
        for code in self.depths:
            groups: dict[Signature, list[Applicant]] = {}
            for pair in self.people:
                groups.setdefault(self.signature(code, pair[0].organisation), []).append(pair)
            for group in groups.values():
                share = WEIGHTS[code] * len(group) / len(self.people)
                for ending, percent in ENDINGS.items():
                    rank = 0 if ending == "ok" else 1 if code in MOST_WANTED else 2
                    found.append((rank, -share * percent, code, ending, group[len(group) // 2]))
        found.sort(key=lambda item: item[:4])
        return [(code, ending, pair) for _rank, _share, code, ending, pair in found[:count]]

    def _day(self, code: str) -> dt.date:
        days = [day for day in self.season[:-60] if self.player.is_open(code, day)]
        return self.player.fiction.random.choice(days or self.season[:-60])

    def _morning(self, day: dt.date) -> dt.datetime:
        return start_of(day) + MORNING

    def _play(self, code: str, ending: str, pair: Applicant, day: dt.date) -> None:
        membership, user = pair
        case = self.player.play(Request(membership, user, code, self._morning(day), ending))
        if case is not None:
            self.played.append(Template(case, membership, ending, self.signature(code, membership.organisation)))


def capture(templates: Sequence[Template]) -> None:
    """Read what the actions wrote for each of them, one query for each table."""
    by_case = {template.case.pk: template for template in templates}
    fresh = Case.objects.select_related("version__service", "applicant__user", "organisation", "home")
    for case in fresh.filter(pk__in=by_case):
        by_case[case.pk].case = case
    for model in PARTS:
        for row in model._default_manager.filter(case_id__in=by_case).order_by("pk").values():
            by_case[row["case_id"]].rows.setdefault(model, []).append(row)
    ratings = {row["id"]: row["case_id"] for t in templates for row in t.rows.get(Evaluation, ())}
    for review in BadReview.objects.filter(evaluation_id__in=ratings).values():
        by_case[ratings[review["evaluation_id"]]].reviews.append({**review})
    for receipt in Receipt.objects.filter(subject="case", subject_id__in=by_case).order_by("pk").values():
        by_case[receipt["subject_id"]].receipts.append({**receipt})
    _capture_journal(by_case)
    for template in templates:
        if template.receipts:
            template.asked_facts = _asked_facts(template)


def _capture_journal(by_case: dict[int, Template]) -> None:
    owners = {("case", pk): template for pk, template in by_case.items()}
    for template in by_case.values():
        owners |= {("receipt", row["id"]): template for row in template.receipts}
        owners |= {("bad_review", row["id"]): template for row in template.reviews}
    for subject in ("case", "receipt", "bad_review"):
        ids = [pk for name, pk in owners if name == subject]
        for entry in JournalEntry.objects.filter(subject=subject, subject_id__in=ids).order_by("pk"):
            owners[(subject, entry.subject_id)].entries.append(entry)
    for template in by_case.values():
        template.entries.sort(key=lambda entry: entry.pk)


def _asked_facts(template: Template) -> dict[str, Any]:
    """What the rules took from the answers: everything that the register does not know better."""
    on = local_date(template.case.decided_at or template.case.submitted_at)
    person = template.membership.person
    held = register_facts(person, template.membership, [], on)
    facts = case_facts(template.case, on)
    return {name: value for name, value in facts.items() if name not in held}
