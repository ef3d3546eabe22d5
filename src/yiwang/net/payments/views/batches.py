"""Making, checking, sending and reconciling batches."""

from typing import Any
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from yiwang.kernel.clock import now
from yiwang.kernel.errors import DomainError
from yiwang.net.payments import actions, policies, queries
from yiwang.net.payments.forms import AnswerForm, NoForm, NoteForm, ReasonForm, SettleForm
from yiwang.net.payments.models import Account, Batch, Item
from yiwang.net.payments.tables import BatchTable, LineTable, batch_badge
from yiwang.net.payments.views.common import Act, do, tell_in, who
from yiwang.platform.jobs.models import JobRun
from yiwang.platform.jobs.queries import progress_of
from yiwang.platform.ui.pages import page
from yiwang.platform.ui.tables import table_page
from yiwang.register.access.policies import capability_required


@capability_required("payments.view")
@require_safe
def batch_list(request: HttpRequest) -> HttpResponseBase:
    """What waits to be put into batches, and the batches by time."""
    user = who(request)
    heaps = queries.ready_heaps(policies.payments_visible_to(user))
    context = {
        "heaps": [
            (
                heap,
                Item(heap.item).label,
                Account.Kind(heap.channel).label,
                policies.may_prepare(user, heap.fund.organisation),
            )
            for heap in heaps
        ],
        "counts": queries.state_counts(policies.payments_visible_to(user)),
    }
    return table_page(
        request, "payments/batch_list.html", BatchTable(request, policies.batches_visible_to(user)), context
    )


@capability_required("payments.prepare")
@require_POST
def batch_new(request: HttpRequest) -> HttpResponse:
    user = who(request)
    fund = policies.get_fund(user, request.POST.get("fund", ""))
    item, channel = request.POST.get("item", ""), request.POST.get("channel", "")
    if item not in Item.values or channel not in Account.Kind.values:
        raise Http404
    if not policies.may_prepare(user, fund.organisation):
        raise PermissionDenied
    try:
        batch = actions.start_batch(
            fund.organisation, fund=fund, item=item, channel=channel, by=user, link_of=_address_of
        )
    except DomainError as refusal:
        return page(request, "payments/refused.html", {"text": str(refusal)}, status=409)
    return redirect(_address_of(batch))


def _address_of(batch: Batch) -> str:
    return reverse("payments:batch-detail", args=[batch.public_id])


@capability_required("payments.view")
@require_safe
def batch_detail(request: HttpRequest, public_id: str) -> HttpResponseBase:
    batch = policies.get_batch(request.user, public_id)
    table = LineTable(request, policies.lines_of(batch))
    return table_page(request, "payments/batch.html", table, _context(request, batch))


@capability_required("payments.view")
@require_POST
def batch_act(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    batch = policies.get_batch(request.user, public_id)
    if act not in ACTS:
        raise Http404
    may, found = ACTS[act]
    if not may(request.user, batch):
        raise PermissionDenied
    form = found.make(request.POST)
    if do(request, found, batch, form):
        return redirect("payments:batch-detail", public_id=public_id)
    return _again(request, batch, form, act)


@capability_required("payments.pay")
@require_POST
def batch_answer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take in the bank's answer file."""
    batch = policies.get_batch(request.user, public_id)
    if not policies.may_answer(request.user, batch):
        raise PermissionDenied
    form = AnswerForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            actions.start_answer(batch, file.read(), name=file.name, by=who(request), link=_address_of(batch))
        except DomainError as refusal:
            tell_in(form, refusal)
        else:
            return redirect("payments:batch-detail", public_id=public_id)
    return _again(request, batch, form, "answer")


@capability_required("payments.pay")
@require_POST
def batch_file(request: HttpRequest, public_id: str) -> HttpResponse:
    """The file for the bank, the same bytes each time. Fetching it is journalled."""
    batch = policies.get_batch(request.user, public_id)
    if not policies.may_fetch(request.user, batch):
        raise PermissionDenied
    try:
        content = actions.note_fetched(batch, by=who(request))
    except DomainError as refusal:
        return page(request, "payments/refused.html", {"text": str(refusal)}, status=409)
    ending = "txt" if batch.channel == Account.Kind.SOCIAL_CARD else "csv"
    response = HttpResponse(content, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(batch.file_number)}.{ending}"
    response.headers["Cache-Control"] = "no-store"
    return response


@capability_required("payments.pay")
@require_POST
def answer_settle(request: HttpRequest, public_id: str) -> HttpResponse:
    answer = policies.get_answer(request.user, public_id)
    if not policies.may_settle(request.user, answer):
        raise PermissionDenied
    form = SettleForm(request.POST)
    act = Act("settle", "", SettleForm, lambda record, data, user: actions.settle_answer(record, by=user, **data))
    if do(request, act, answer, form):
        return redirect("payments:batch-detail", public_id=answer.batch.public_id)
    return _again(request, policies.get_batch(request.user, answer.batch.public_id), form, "settle")


def _again(request: HttpRequest, batch: Batch, form: Any, act: str) -> HttpResponse:
    table = LineTable(request, policies.lines_of(batch))
    context = {**_context(request, batch), "table": table, "form": form, "act": act}
    return page(request, "payments/batch.html", context)


def _context(request: HttpRequest, batch: Batch) -> dict[str, Any]:
    user = who(request)
    figures = queries.line_figures(batch)
    answers = list(batch.answers.defer("content").select_related("run", "settled_by").order_by("-pk"))
    for answer in answers:
        for problem in answer.problems:
            problem["text"] = PROBLEMS[problem["code"]]
    return {
        "batch": batch,
        "badge": batch_badge(batch),
        "is_taking": any(answer.is_taking for answer in answers),
        "runs": [
            (progress_of(run, now=now(), failures_url=""), run, run.started_by_id == user.pk)
            for run in (batch.run, *(answer.run for answer in answers))
            if run is not None and run.state != JobRun.State.DONE
        ],
        "figures": [(label, *figures.get(state, (0, 0))) for state, label in LINE_WORDS],
        "acts": [(act, act.make(None)) for key, (may, act) in ACTS.items() if may(user, batch)],
        "answer_form": AnswerForm() if policies.may_answer(user, batch) else None,
        "may_fetch": policies.may_fetch(user, batch),
        "answers": [(answer, SettleForm() if policies.may_settle(user, answer) else None) for answer in answers],
    }


LINE_WORDS = (
    ("pending", gettext_lazy("待回执")),
    ("paid", gettext_lazy("已到账")),
    ("returned", gettext_lazy("已退回")),
)
PROBLEMS = {
    "unknown_line": gettext_lazy("批次里没有这一行，请向银行查清钱打给了谁。"),
    "twice": gettext_lazy("同一行在回执里出现了两次，只记了第一次。"),
    "other_amount": gettext_lazy("金额和送出的不一样，没有记。"),
    "contradicts": gettext_lazy("和以前的回执说法不一样，没有改。"),
}
ACTS: dict[str, tuple[Any, Act]] = {
    "lock": (
        policies.may_lock,
        Act("lock", gettext_lazy("锁定，送审批"), NoForm, lambda batch, data, user: actions.lock_batch(batch, by=user)),
    ),
    "approve": (
        policies.may_approve,
        Act(
            "approve",
            gettext_lazy("同意发放"),
            NoteForm,
            lambda batch, data, user: actions.approve_batch(batch, by=user, **data),
        ),
    ),
    "send": (
        policies.may_send,
        Act("send", gettext_lazy("生成银行文件"), NoForm, lambda batch, data, user: actions.send_batch(batch, by=user)),
    ),
    "close": (
        policies.may_close,
        Act(
            "close",
            gettext_lazy("对平，关闭批次"),
            NoForm,
            lambda batch, data, user: actions.close_batch(batch, by=user),
        ),
    ),
    "cancel": (
        policies.may_cancel,
        Act(
            "cancel",
            gettext_lazy("取消批次"),
            ReasonForm,
            lambda batch, data, user: actions.cancel_batch(batch, by=user, **data),
        ),
    ),
}
