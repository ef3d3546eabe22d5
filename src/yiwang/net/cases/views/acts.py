"""What an officer can do on a case page: each act with its form, its policy and its verb, in one table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.clock import today
from yiwang.kernel.states import ChangedMeanwhile
from yiwang.net.cases import actions, forms, policies
from yiwang.net.cases.models import Case
from yiwang.net.cases.policies import Check, get_staffed
from yiwang.net.cases.policies_ties import forget_ties
from yiwang.net.cases.queries import bodies
from yiwang.net.cases.queries.limits import plan_of
from yiwang.register.access.models import Recusal
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Organisation

Data = Mapping[str, Any]
Make = Callable[[Any, Case, User], Form]
Run = Callable[[Case, Form, User], object]


@dataclass(frozen=True)
class Act:
    """One button of the case page."""

    key: str
    label: str | Promise
    done: str | Promise
    must: Check
    make: Make
    run: Run
    icon: str = "check"
    group: str = "more"  # "main" stands open on the page, "more" is folded, "top" concerns superiors


def _simple(form: type[Form]) -> Make:
    return lambda data, case, user: form(data)


def _ask_form(data: Any, case: Case, user: User) -> Form:
    return forms.AskSupplementForm(
        data, approvers=bodies.colleagues(case, but=user), asked_before=bool(case.supplements.exists())
    )


def _ask(case: Case, form: Form, user: User) -> object:
    assert isinstance(form, forms.AskSupplementForm)
    approver = form.cleaned_data.get("approver")
    return actions.request_supplement(
        case,
        items=form.items(),
        message=form.cleaned_data["message"],
        new_facts=form.cleaned_data.get("new_facts", ""),
        approver=bodies.colleague(case, approver) if approver else None,
        by=user,
    )


def _decision_form(data: Any, case: Case, user: User) -> Form:
    return forms.DecisionForm(data, has_amount=plan_of(case.version).definition.result.kind in MONEY)


MONEY = ("payment", "money", "grant")


def _decide(case: Case, form: Form, user: User) -> object:
    data = form.cleaned_data
    verdict = actions.Verdict(
        outcome=data["outcome"],
        reason=data["reason"],
        other_ways=data["other_ways"],
        recourse=data["recourse"],
        corrections=data["corrections"],
        amount=data.get("amount"),
        amount_reason=data.get("amount_reason", ""),
    )
    return actions.decide(case, verdict, by=user)


def _body(case: Case, form: Form) -> Organisation:
    found = bodies.body(case, form.cleaned_data["organisation"])
    if found is None:
        raise ChangedMeanwhile(case)
    return found


def _to_bodies(form: type[forms.BodyForm]) -> Make:
    return lambda data, case, user: form(data, bodies=bodies.choices(case))


def _officers(data: Any, case: Case, user: User) -> Form:
    return forms.OfficerForm(data, officers=bodies.officers(case, on=today()))


def _helping_body(case: Case, user: User) -> Organisation:
    mine = policies.offices_of(user)
    rows = case.co_handlers.filter(reported_at=None).select_related("organisation")
    return next(row.organisation for row in rows if row.organisation_id in mine)


def _review(case: Case, form: Form, user: User) -> object:
    decision = case.decisions.select_related("review__organisation").get(revoked_at=None)
    review = decision.review
    review.case = case
    upheld = form.cleaned_data["upheld"] == "yes"
    return actions.answer_review(review, upheld=upheld, answer=form.cleaned_data["answer"], by=user)


def _accept(case: Case, form: Form, user: User) -> object:
    return actions.accept_case(case, by=user)


def _start(case: Case, form: Form, user: User) -> object:
    return actions.start_work(case, by=user)


def _complete(case: Case, form: Form, user: User) -> object:
    return actions.complete_step(case, opinion=form.cleaned_data["opinion"], by=user)


def _resume(case: Case, form: Form, user: User) -> object:
    return actions.resume_clock(case, by=user)


def _deliver(case: Case, form: Form, user: User) -> object:
    return actions.deliver(case, by=user)


def _reopen(case: Case, form: Form, user: User) -> object:
    return actions.reopen_case(case, by=user)


def _report(case: Case, form: Form, user: User) -> object:
    body = _helping_body(case, user)
    return actions.report_co_handling(case, organisation=body, report=form.cleaned_data["report"], by=user)


def _reply(case: Case, form: Form, user: User) -> object:
    return actions.write_reply(case, text=form.cleaned_data["text"], by=user)


def _write_note(case: Case, form: Form, user: User) -> object:
    return actions.write_note(case, text=form.cleaned_data["text"], by=user)


def _refuse(case: Case, form: Form, user: User) -> object:
    return actions.refuse_case(case, **form.cleaned_data, by=user)


def _pause(case: Case, form: Form, user: User) -> object:
    return actions.pause_clock(case, **form.cleaned_data, by=user)


def _extend(case: Case, form: Form, user: User) -> object:
    return actions.extend_once(case, **form.cleaned_data, by=user)


def _assign(case: Case, form: Form, user: User) -> object:
    return actions.assign(case, handler=bodies.officer(case, form.cleaned_data["handler"], on=today()), by=user)


def _hand_over(case: Case, form: Form, user: User) -> object:
    return actions.hand_over(case, to=_body(case, form), reason=form.cleaned_data["reason"], by=user)


def _return(case: Case, form: Form, user: User) -> object:
    return actions.return_case(case, reason=form.cleaned_data["reason"], by=user)


def _co_handle(case: Case, form: Form, user: User) -> object:
    task = form.cleaned_data["reason"]
    return actions.add_co_handler(case, organisation=_body(case, form), task=task, by=user)


def _merge(case: Case, form: Form, user: User) -> object:
    return actions.merge_cases(case, into=get_staffed(user, form.cleaned_data["number"]), by=user)


def _recuse(case: Case, form: Form, user: User) -> object:
    given = form.cleaned_data
    forget_ties(user)
    if given.get("reach") == "person":
        return actions.recuse_from_person(case, user=user, kind=given["kind"], reason=given["reason"], by=user)
    reason = f"{Recusal.Reason(given['kind']).label}：{given['reason']}"
    return actions.recuse(case, user=user, reason=reason, by=user)


def _recuse_form(data: Any, case: Case, user: User) -> Form:
    return forms.RecuseForm(data, has_person=case.applicant_id is not None)


def _supervise(case: Case, form: Form, user: User) -> object:
    return actions.supervise(case, organisation=policies.supervising_body(user, case), **form.cleaned_data, by=user)


def _designate(case: Case, form: Form, user: User) -> object:
    return actions.designate(case, to=_body(case, form), reason=form.cleaned_data["reason"], by=user)


def _revoke(case: Case, form: Form, user: User) -> object:
    body = policies.supervising_body(user, case)
    return actions.revoke_decision(case, reason=form.cleaned_data["reason"], organisation=body, by=user)


NOTHING, WORDS, REASON = _simple(forms.NothingForm), _simple(forms.WordsForm), _simple(forms.ReasonForm)
BODY, TASK = _to_bodies(forms.BodyForm), _to_bodies(forms.TaskForm)
OPINION = _simple(forms.OpinionForm)
REVIEW = _simple(forms.ReviewForm)
REPORT = _simple(forms.ReportForm)
REFUSE = _simple(forms.RefuseForm)
PAUSE = _simple(forms.PauseForm)
EXTEND = _simple(forms.ExtendForm)
MERGE = _simple(forms.MergeForm)
SUPERVISE = _simple(forms.SuperviseForm)
p = policies

ACTS: tuple[Act, ...] = (
    Act("accept", _("受理"), _("受理了，通知书发出了。"), p.may_accept, NOTHING, _accept, "check", "main"),
    Act("start", _("开始办"), _("开始办了。"), p.may_start, NOTHING, _start, "search", "main"),
    Act("complete", _("办完这一环节"), _("交给了下一位。"), p.may_complete_step, OPINION, _complete, "right", "main"),
    Act("decide", _("出结果"), _("结果发出了。"), p.may_decide, _decision_form, _decide, "check-circle", "main"),
    Act("resume", _("接着办"), _("时限接着算。"), p.may_resume, NOTHING, _resume, "clock", "main"),
    Act("deliver", _("登记送达"), _("办结了。"), p.may_deliver, NOTHING, _deliver, "check-circle", "main"),
    Act("reopen", _("重新办"), _("重新办了。"), p.may_reopen, NOTHING, _reopen, "refresh", "main"),
    Act("review", _("答复复核"), _("复核结论发出了。"), p.may_answer_review, REVIEW, _review, "scale", "main"),
    Act("help", _("反馈协办情况"), _("反馈了。"), p.may_report, REPORT, _report, "users", "main"),
    Act("supplement", _("要材料"), _("通知书发出了，时限暂停。"), p.may_ask_supplement, _ask_form, _ask, "camera"),
    Act("reply", _("回复申请人"), _("回复了，申请人能看到。"), p.may_reply, WORDS, _reply, "message"),
    Act("note", _("记内部备注"), _("记下了，申请人看不到。"), p.may_note, WORDS, _write_note, "edit"),
    Act("refuse", _("不予受理"), _("通知书发出了。"), p.may_refuse, REFUSE, _refuse, "x-circle"),
    Act("pause", _("暂停时限"), _("时限暂停了。"), p.may_pause, PAUSE, _pause, "pause"),
    Act("extend", _("延期一次"), _("延期了，通知书发出了。"), p.may_extend, EXTEND, _extend, "clock"),
    Act("assign", _("换经办人"), _("交给了新的经办人。"), p.may_hand_over, _officers, _assign, "user"),
    Act("hand-over", _("转办"), _("转出去了，期限不变。"), p.may_hand_over, BODY, _hand_over, "transfer"),
    Act("return", _("退回"), _("退回了。"), p.may_hand_over, REASON, _return, "return"),
    Act("co-handle", _("请人协办"), _("请求发出了，你们仍是主办。"), p.may_hand_over, TASK, _co_handle, "users"),
    Act("merge", _("合并"), _("合并了。"), p.may_merge, MERGE, _merge, "merge"),
    Act("recuse", _("我要回避"), _("回避了，交给了别人。"), p.may_recuse, _recuse_form, _recuse, "shield"),
    Act("supervise", _("督办"), _("督办了。"), p.may_supervise, SUPERVISE, _supervise, "flag", "top"),
    Act("designate", _("指定办理"), _("指定了，不能再退回。"), p.may_designate, BODY, _designate, "transfer", "top"),
    Act("revoke", _("撤销结果"), _("撤销了，重新办理。"), p.may_revoke, REASON, _revoke, "return", "top"),
)

BY_KEY = {act.key: act for act in ACTS}
