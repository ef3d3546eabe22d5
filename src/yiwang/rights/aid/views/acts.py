"""What an officer may do with a file in its state: label, form, deed, right."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yiwang.register.accounts.models import User
from yiwang.rights.aid import actions, policies
from yiwang.rights.aid.forms import (
    CallForm,
    MonthForm,
    NoForm,
    OutcomeForm,
    PlanForm,
    ReasonForm,
    ReferForm,
    ReferredForm,
    RelapseForm,
    ReportForm,
)
from yiwang.rights.aid.models import AidFile
from yiwang.rights.aid.queries import open_appeal

State = AidFile.State
Right = Callable[[User, AidFile], bool]
Run = Callable[[AidFile, dict[str, Any], User], object]


@dataclass(frozen=True)
class Act:
    key: str
    label: str | Promise
    states: tuple[str, ...]
    right: Right
    make: type[Form]
    run: Run


def _prepare(file: AidFile, data: dict[str, Any], user: User) -> object:
    return actions.prepare_decision(file, by=user)


def _authorise(file: AidFile, data: dict[str, Any], user: User) -> None:
    for member in file.members.filter(is_coresident=True, authorised_at=None):
        actions.authorise(member, by=user)


def _relapse(file: AidFile, data: dict[str, Any], user: User) -> None:
    actions.settle_relapse(file, confirmed=data["confirmed"] == "yes", reason=data["reason"], by=user)


ENDABLE = (
    State.FILED,
    State.REVIEWING,
    State.FROZEN,
    State.BASE_REVIEW,
    State.VISITING,
    State.CROSSCHECKING,
    State.BASE_OPINION,
    State.EXPLAIN,
    State.COUNTY_REVIEW,
)
WORK, LEAD = policies.may_work, policies.may_lead


def _with_words(action: Callable[..., object]) -> Run:
    return lambda file, data, user: action(file, by=user, **data)


def _plain(action: Callable[..., object]) -> Run:
    return lambda file, data, user: action(file, by=user)


def _note_relapse(file: AidFile, data: dict[str, Any], user: User) -> None:
    actions.note_relapse(file, signal=data["reason"], by=user)


def _dismiss(file: AidFile, data: dict[str, Any], user: User) -> None:
    actions.notice_over(file, upheld=False)


COUNT, WRITE = (State.COUNTY_REVIEW, State.REVIEWING), (State.FILED, State.REVIEWING, State.EXITED)
BASE, ON_FILE = (State.BASE_OPINION,), (State.FILED, State.REVIEWING)
CHECK = (State.CROSSCHECKING,)
REPORTED = (State.CROSSCHECKING, State.BASE_OPINION, State.COUNTY_REVIEW, State.REVIEWING)
ANSWERED = (State.REFUSED, State.FILED, State.EXITED)


def _may_answer(user: User, file: AidFile) -> bool:
    return LEAD(user, file) and open_appeal(file) is not None


def _may_note_answer(user: User, file: AidFile) -> bool:
    return WORK(user, file) and file.referrals.filter(answered_on=None).exists()


def _may_call(user: User, file: AidFile) -> bool:
    return WORK(user, file) and file.call_due is not None


REFERABLE = (State.BASE_OPINION, State.COUNTY_REVIEW, State.FILED, State.REVIEWING, State.REFUSED, State.EXITED)
ACTS: tuple[Act, ...] = (
    Act("pass", _("初审通过"), (State.BASE_REVIEW,), WORK, NoForm, _plain(actions.pass_base_review)),
    Act("plan", _("约好上门的时间"), (State.VISITING,), WORK, PlanForm, _with_words(actions.plan_visit)),
    Act("authorise", _("成年人都当面签了核对授权"), CHECK, WORK, NoForm, _authorise),
    Act("opinion", _("签审核意见，转公示"), BASE, WORK, ReasonForm, _with_words(actions.sign_opinion)),
    Act("explain", _("请本人说明"), BASE, WORK, ReasonForm, _with_words(actions.ask_explanation)),
    Act("explained", _("记下本人的说明"), (State.EXPLAIN,), WORK, ReasonForm, _with_words(actions.answer_explanation)),
    Act("prepare", _("按规则测算"), COUNT, WORK, NoForm, _prepare),
    Act("report", _("登记核对报告"), REPORTED, WORK, ReportForm, _with_words(actions.record_report)),
    Act("checked", _("核对完，列出信号"), CHECK, WORK, NoForm, _plain(actions.close_checks)),
    Act("review", _("开始复核"), (State.FILED,), WORK, ReasonForm, _with_words(actions.start_review)),
    Act("call", _("记一次回访"), (State.EXITED,), _may_call, CallForm, _with_words(actions.record_call)),
    Act("month", _("登记某个月的情况"), WRITE, WORK, MonthForm, _with_words(actions.write_month)),
    Act("leave", _("退档"), (State.REVIEWING,), LEAD, OutcomeForm, _with_words(actions.finish_review)),
    Act("relapse", _("可能返困，开始核查"), (State.EXITED,), WORK, ReasonForm, _note_relapse),
    Act("settle", _("答复返困核查"), (State.RELAPSE_CHECK,), LEAD, RelapseForm, _relapse),
    Act("appeal", _("本人申请复核，重新审核"), (State.REFUSED,), LEAD, ReasonForm, _with_words(actions.uphold_appeal)),
    Act("revise", _("复核有理，重新审核"), (State.FILED,), _may_answer, ReasonForm, _with_words(actions.uphold_appeal)),
    Act("stand", _("复核后维持原来的决定"), ANSWERED, _may_answer, ReasonForm, _with_words(actions.dismiss_appeal)),
    Act("dismiss", _("异议不成立，继续审批"), (State.OBJECTION_CHECK,), LEAD, NoForm, _dismiss),
    Act("refer", _("转给民政的救助"), REFERABLE, WORK, ReferForm, _with_words(actions.refer_file)),
    Act(
        "referred",
        _("记下民政的答复"),
        tuple(State),
        _may_note_answer,
        ReferredForm,
        _with_words(actions.answer_referral),
    ),
    Act("freeze", _("冻结档案"), ON_FILE, LEAD, ReasonForm, _with_words(actions.freeze_file)),
    Act("close", _("注销档案"), ENDABLE, LEAD, ReasonForm, _with_words(actions.close_file)),
)
BY_KEY = {act.key: act for act in ACTS}


def acts_for(user: User, file: AidFile) -> list[Act]:
    return [act for act in ACTS if file.state in act.states and act.right(user, file)]
