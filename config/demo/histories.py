"""Courses of cases, played by the very actions that serve real people, each at its moment.

Nothing is inserted behind the actions' backs: clocks, letters, receipts, journal, figures and messages are theirs.
What is played here stands in the demo as it is and is the pattern of the many like it (``config.demo.clones``).
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from config.demo.answers import MATTERS, WEIGHTS, Answerer
from config.demo.fiction import Fiction
from yiwang.kernel.clock import WorkCalendar, add_workdays, history, local_date, start_of
from yiwang.kernel.errors import DomainError
from yiwang.net.cases import actions
from yiwang.net.cases.actions.decisions import Verdict
from yiwang.net.cases.models import Case
from yiwang.net.cases.queries.limits import is_open_on, plan_of
from yiwang.net.cases.queries.routing import free_officers
from yiwang.net.catalogue.models import ServiceVersion
from yiwang.net.evaluation.actions import (
    assign_bad_review,
    call_back,
    close_bad_review,
    officers_for,
    rate,
    rectify_bad_review,
    verify_bad_review,
)
from yiwang.net.evaluation.models import BadReview
from yiwang.register.access.actions import note_look
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Membership

REASONS_OK = (
    "材料齐全，情况核实无误，按规定办理。",
    "已和单位谈妥，单位书面答应补发，约定了日期。",
    "核对了工资条和考勤，你反映的属实，已督促单位改正。",
    "已安排专人帮你办好，结果以短信告知。",
)
REASONS_NO = (
    "按现行规定，收入高于标准，这次不符合。",
    "这件事已经在仲裁委立案，按规定不能同时受理。",
    "提供的材料和登记的情况对不上，核实后不符合。",
)
OTHER_WAYS = "可以改申请临时救助；也可以打12351问问别的办法。"
RECOURSE = "不服的，可以在30天内申请复核，由上一级工会处理。"
COMMENTS = {
    5: ("办得快，说得清楚。", "主动打电话来，很耐心。", ""),
    4: ("结果满意，时间长了点。", ""),
    3: ("办成了，跑了一趟。", ""),
    2: ("催了两次才有人联系我。",),
    1: ("没有人告诉我为什么不行。", "打电话一直没人接。"),
}
GOOD, BAD = (5, 5, 5, 4, 4, 3), (2, 1)


@dataclass(frozen=True)
class Request:
    """One request to be made: who, when, for what, and how it goes."""

    membership: Membership
    user: User
    code: str
    at: dt.datetime
    ending: str


# How requests end, in percent; “stalled” is not among them: accepted, and then nobody went on.
ENDINGS = {
    "ok": 75, "bad": 3, "no": 7, "late": 4, "supplement": 6, "withdrawn": 2, "refused": 2, "unanswered": 1,
}  # fmt: skip
STALLED = "stalled"


class Player:
    """Plays requests; a step that the rules refuse at that moment is left out, as it would be in life."""

    def __init__(
        self, fiction: Fiction, versions: dict[str, ServiceVersion], calendar: WorkCalendar, now: dt.datetime
    ) -> None:
        self.fiction = fiction
        self.versions = versions
        self.calendar = calendar
        self.now = now
        self.count = 0
        self.tell_time: Callable[[dt.datetime], object] = bool  # nothing, outside of ``playing``

    @contextmanager
    def playing(self) -> Iterator[None]:
        """Inside, the clock of the house shows the moment of the story: what people are told bears its date."""
        with history() as self.tell_time:
            yield
        self.tell_time = bool

    def later(self, moment: dt.datetime, workdays: int) -> dt.datetime:
        """Some working days on, within office hours."""
        day = add_workdays(local_date(moment), workdays, self.calendar) if workdays else local_date(moment)
        hour = dt.timedelta(hours=9, minutes=self.fiction.random.randrange(0, 500))
        return max(start_of(day) + hour, moment + dt.timedelta(minutes=20))

    def is_open(self, code: str, on: dt.date) -> bool:
        return code in self.versions and is_open_on(self.versions[code], on)

    def draw(self, members: Sequence[tuple[Membership, User]], *, at: dt.datetime) -> Request:
        membership, user = self.fiction.random.choice(members)
        codes = [code for code in WEIGHTS if self.is_open(code, local_date(at))]
        code = self.fiction.random.choices(codes, [WEIGHTS[code] for code in codes])[0]
        ending = self.fiction.random.choices(list(ENDINGS), list(ENDINGS.values()))[0]
        return Request(membership, user, code, at, ending)

    def submit(self, request: Request, **fixed: Any) -> Case:
        version = self.versions[request.code]
        matter, story = self.fiction.random.choice(MATTERS.get(request.code, (("", ""),)))
        words = {"matter": matter, "description": story, "story": story, "facts": story}
        known = {key: value for key, value in words.items() if value}
        answerer = Answerer(self.fiction, request.membership, on=local_date(request.at))
        answers = answerer.fill(plan_of(version).form, fixed={**known, **fixed})
        self.count += 1
        self.tell_time(request.at)
        return actions.submit_case(
            version,
            applicant=request.membership.person,
            answers=answers,
            by=request.user,
            idempotency_key=f"demo-{request.user.pk}-{self.count}-{request.at:%Y%m%d%H%M%S%f}",
            now=request.at,
        )

    def play(self, request: Request) -> Case | None:
        """From submission to the end that was drawn, as far as the time until now allows; the case, if there is one."""
        try:
            case = self.submit(request)
        except DomainError:
            # Nobody could take it then, or its season was over: the worker was told so, and there is no case.
            return None
        if case.state != Case.State.SUBMITTED:
            return None
        ending: Callable[[Case, Request], object] = getattr(self, f"_{request.ending}")
        try:
            ending(case, request)
        except Later:
            pass
        except DomainError:
            # The rules refused this course of things here and now; the case stays where it truthfully stands.
            pass
        return case

    def at(self, moment: dt.datetime) -> dt.datetime:
        if moment >= self.now:
            raise Later
        self.tell_time(moment)
        return moment

    def officer(self, case: Case, moment: dt.datetime) -> User:
        if case.handler is not None:
            return case.handler
        found = free_officers(case, on=local_date(moment))
        if not found:
            raise Later
        return found[0]

    def look(self, case: Case, officer: User) -> None:
        """To handle a case is to open it, and its applicant can see who did."""
        if case.applicant_id is not None:
            note_look("case", case.pk, case.applicant_id, by=officer, purpose=f"办理{case.number}")

    def accept(self, case: Case, moment: dt.datetime) -> dt.datetime:
        moment = self.at(self.later(moment, self.fiction.random.randrange(0, 3)))
        officer = self.officer(case, moment)
        self.look(case, officer)
        actions.accept_case(case, by=officer, now=moment)
        moment = self.at(moment + dt.timedelta(hours=1))
        actions.start_work(case, by=officer, now=moment)
        return moment

    def work(self, case: Case, moment: dt.datetime, *, days: int) -> dt.datetime:
        """Through the steps before the deciding one."""
        deciding = plan_of(case.version).deciding_step
        while case.step < deciding:
            moment = self.at(self.later(moment, max(days // (deciding + 1), 0)))
            actions.complete_step(case, opinion="已核实，材料和情况一致。", by=self.officer(case, moment), now=moment)
            case.refresh_from_db()
        return self.at(self.later(moment, max(days // (deciding + 1), 0)))

    def decide(
        self, case: Case, request: Request, moment: dt.datetime, *, ok: bool, scores: Sequence[int] = ()
    ) -> dt.datetime:
        reasons = REASONS_OK if ok else REASONS_NO
        verdict = Verdict(
            outcome="ok" if ok else "no",
            reason=self.fiction.random.choice(reasons),
            other_ways="" if ok else OTHER_WAYS,
            recourse="" if ok else RECOURSE,
        )
        actions.decide(case, verdict, by=self.officer(case, moment), now=moment)
        moment = self.at(moment + dt.timedelta(hours=3))
        actions.deliver(case, by=None, now=moment)
        if not scores:
            return moment
        draw = self.fiction.random
        score = draw.choice(scores)
        moment = self.at(self.later(moment, draw.randrange(0, 4)))
        rate(case, score=score, text=draw.choice(COMMENTS[score]), by=request.user, now=moment)
        return moment

    def promised(self, case: Case, moment: dt.datetime) -> int:
        limit = plan_of(case.version).promised(local_date(moment))
        return limit.amount if limit.unit == "workday" else max(1, limit.amount * 2 // 3)

    def _ok(self, case: Case, request: Request, scores: Sequence[int] = GOOD) -> dt.datetime:
        moment = self.accept(case, request.at)
        days = max(0, int(self.promised(case, moment) * self.fiction.random.uniform(0.2, 0.85)) - 1)
        return self.decide(case, request, self.work(case, moment, days=days), ok=True, scores=scores)

    def _bad(self, case: Case, request: Request) -> None:
        """A bad rating, and how somebody else set it right."""
        moment = self._ok(case, request, BAD)
        review = BadReview.objects.select_related("evaluation__case", "organisation").get(evaluation__case=case)
        officers = officers_for(review)
        if not officers:
            raise Later
        officer = officers[0]
        moment = self.at(self.later(moment, 1))
        assign_bad_review(review, to=officer, by=officer, now=moment)
        moment = self.at(self.later(moment, 2))
        verify_bad_review(review, finding="true", text="回访本人并查了办理记录，反映的属实。", by=officer, now=moment)
        moment = self.at(self.later(moment, 3))
        rectify_bad_review(review, measures="向本人道歉，经办人改为当天回电。", by=officer, now=moment)
        moment = self.at(self.later(moment, 1))
        call_back(review, text="本人表示接受。", settled=True, by=officer, now=moment)
        close_bad_review(review, by=officer, now=self.at(moment + dt.timedelta(minutes=20)))

    def _stalled(self, case: Case, request: Request) -> None:
        self.accept(case, request.at)

    def _no(self, case: Case, request: Request) -> None:
        moment = self.accept(case, request.at)
        days = max(0, int(self.promised(case, moment) * 0.7) - 1)
        self.decide(case, request, self.work(case, moment, days=days), ok=False)

    def _late(self, case: Case, request: Request) -> None:
        moment = self.accept(case, request.at)
        days = self.promised(case, moment) + self.fiction.random.randrange(3, 9)
        moment = self.work(case, moment, days=0)
        self.decide(case, request, self.at(self.later(moment, days)), ok=True)

    def _supplement(self, case: Case, request: Request) -> None:
        moment = self.accept(case, request.at)
        moment = self.at(self.later(moment, 1))
        items = (
            [{"name": "出院结算单", "why": "要核对自己付了多少"}]
            if request.code == "HP-0002"
            else [{"name": "最近三个月的工资记录", "why": "要核对欠了多少"}]
        )
        actions.request_supplement(case, items=items, by=self.officer(case, moment), now=moment)
        moment = self.at(self.later(moment, self.fiction.random.randrange(1, 6)))
        actions.answer_supplement(case, text="材料补好了，请看。", by=request.user, now=moment)
        case.refresh_from_db()
        self.decide(case, request, self.work(case, moment, days=4), ok=True)

    def _withdrawn(self, case: Case, request: Request) -> None:
        actions.withdraw(case, by=request.user, now=self.at(self.later(request.at, 1)))

    def _refused(self, case: Case, request: Request) -> None:
        moment = self.at(self.later(request.at, 1))
        actions.refuse_case(
            case,
            reason="这件事归劳动监察管，工会不能代替处罚。",
            other_ways="可以打12333向劳动监察投诉，我们可以帮你写材料。",
            recourse=RECOURSE,
            by=self.officer(case, moment),
            now=moment,
        )

    def _unanswered(self, case: Case, request: Request) -> None:
        moment = self.accept(case, request.at)
        moment = self.at(self.later(moment, 1))
        items = [{"name": "和单位的聊天记录或通知", "why": "要证明事情经过"}]
        asked = actions.request_supplement(case, items=items, by=self.officer(case, moment), now=moment)
        actions.close_unanswered(case, now=self.at(asked.due_at + dt.timedelta(hours=1)))


class Later(Exception):
    """What comes next has not happened yet."""
