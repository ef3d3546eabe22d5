"""Five members ask for several things at once 一件事: one is through, one is late, two are half-way, one just began."""

import contextlib
import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from config.demo.answers import Answerer
from config.demo.fiction import Fiction
from config.demo.histories import Later, Player, Request
from config.demo.stories import Stories
from yiwang.kernel.clock import local_date
from yiwang.kernel.errors import DomainError
from yiwang.net.cases.actions.bundles import follow_case, submit_bundle
from yiwang.net.cases.models import Case
from yiwang.net.cases.queries.limits import plan_of
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Membership

SEED = 9  # draws of its own, so that everybody else's story stays as it was
KUNSHAN = "320583"
RIDER = {
    "new_form": "N03",
    "platform": "城东配送站",
    "pickup": "玉山镇便民服务中心",
    "wants": ["MB-0007", "MA-0001", "ST-0001"],
}
FIRM = {"employer": "昆山市城南彩印包装有限公司", "employees": 46, "asked_by": "worker", "address": "昆山市城南路8号"}


@dataclass(frozen=True)
class Wish:
    """One request for several services: when it was made, what it says, and how far each part has come."""

    code: str
    workdays_ago: int
    answers: dict[str, Any]
    done: tuple[str, ...] = ()
    begun: tuple[str, ...] = ()


WISHES = (
    Wish("BD-0001", 34, RIDER, done=("MB-0007", "MA-0001", "ST-0001")),
    Wish("BD-0001", 25, RIDER, done=("MB-0007", "MA-0001"), begun=("ST-0001",)),
    Wish("BD-0002", 8, {"keep": True, "mutual": True}, done=("MB-0004",), begun=("MA-0001",)),
    Wish("BD-0003", 4, FIRM, begun=("OR-0001",)),
    Wish("BD-0001", 1, RIDER),
)


class Together:
    """Plays the wishes through the very actions that workers and officers use."""

    def __init__(self, stories: Stories, activated: list[tuple[Membership, User]]) -> None:
        self.activated = activated
        known = stories.player
        self.fiction = Fiction(SEED)
        self.player = Player(self.fiction, known.versions, known.calendar, known.now)
        self.stories = Stories(self.fiction, stories.register, self.player, on=stories.on)

    def play(self) -> None:
        for wish, (membership, user) in zip(WISHES, self.people(), strict=False):
            at = self.stories.workdays_ago(wish.workdays_ago)
            with transaction.atomic():
                cases = self.ask(wish, membership, user, at)
            for code in (*wish.done, *wish.begun):
                if code in cases:
                    self.lead(cases[code], Request(membership, user, code, at, ""), ends=code in wish.done)

    def people(self) -> list[tuple[Membership, User]]:
        """Members of Kunshan; not the first ones, of whom some never asked for anything."""
        near = [pair for pair in self.activated if pair[0].organisation.division_code.startswith(KUNSHAN)]
        return near[-len(WISHES) :]

    def ask(self, wish: Wish, membership: Membership, user: User, at: dt.datetime) -> dict[str, Case]:
        version = self.player.versions[wish.code]
        answers = Answerer(self.fiction, membership, on=local_date(at)).fill(plan_of(version).form, fixed=wish.answers)
        bundle = submit_bundle(
            version,
            applicant=membership.person,
            answers=answers,
            by=user,
            idempotency_key=f"demo-bundle-{wish.code}-{user.pk}",
            now=at,
        )
        started = bundle.parts.exclude(case=None).select_related("case__version__service")
        return {part.service_code: part.case for part in started if part.case is not None}

    def lead(self, case: Case, request: Request, *, ends: bool) -> None:
        with contextlib.suppress(Later, DomainError):
            moment = self.player.accept(case, request.at)
            if ends:
                moment = self.player.work(case, moment, days=0)
                follow_case(case.pk, now=self.player.decide(case, request, moment, ok=True, scores=(5, 4)))
