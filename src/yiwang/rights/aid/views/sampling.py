"""Looking again at new files, from the bodies above the county; and taking them into the books."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.kernel import clock
from yiwang.kernel.errors import DomainError
from yiwang.platform.ui.pages import page
from yiwang.platform.ui.tables import table_page
from yiwang.register.access.actions import note_look
from yiwang.register.access.policies import capability_required
from yiwang.register.organisations.models import Organisation
from yiwang.rights.aid import actions, policies, queries_sampling
from yiwang.rights.aid.errors import CheckedBefore
from yiwang.rights.aid.forms import SampleForm
from yiwang.rights.aid.tables import SampleTable, sample_badge
from yiwang.rights.aid.views.files import refuse, who


def _body(request: HttpRequest) -> Organisation:
    bodies = policies.looking_bodies(request.user)
    if not bodies:
        raise PermissionDenied
    return bodies[0]


@capability_required("cases.handle")
@require_safe
def sample_list(request: HttpRequest) -> HttpResponseBase:
    body = _body(request)
    samples = policies.samples_visible_to(request.user)
    context = {
        "body": body,
        "counts": queries_sampling.sample_counts(samples.filter(drawn_on__year=clock.today().year)),
        "to_draw": queries_sampling.to_look_at(body, clock.today()).count(),
        "to_record": queries_sampling.to_record(body).count(),
        "may_draw": policies.may_draw_for(request.user, body),
    }
    return table_page(request, "aid/sampling.html", SampleTable(request, samples), context)


@capability_required("cases.decide")
@require_POST
def sampling_act(request: HttpRequest, act: str) -> HttpResponse:
    body = _body(request)
    if act not in ("draw", "record"):
        raise Http404
    if not policies.may_draw_for(request.user, body):
        raise PermissionDenied
    try:
        if act == "draw":
            n = len(actions.draw_samples(body, by=who(request)))
            messages.success(request, ngettext("抽出{n}户来看。", "抽出{n}户来看。", n).format(n=n))
        else:
            n = actions.record_files(body, by=who(request))
            messages.success(request, ngettext("{n}户备了案。", "{n}户备了案。", n).format(n=n))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("aid:sample-list")


@capability_required("cases.handle")
@require_http_methods(["GET", "POST"])
def sample_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    sample = policies.get_sample(request.user, public_id)
    if request.method == "POST" and sample.checked_on is not None:
        messages.error(request, str(CheckedBefore()))
        return redirect("aid:sample-detail", public_id)
    note_look("aid_file", sample.file_id, sample.file.applicant_id, by=who(request), purpose=_("抽查困难帮扶"))
    form = SampleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.check_sample(sample, by=who(request), **form.cleaned_data)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("记下了。"))
            return redirect("aid:sample-list")
    decision = sample.file.decisions.exclude(decided_at=None).select_related("decided_by").order_by("-pk").first()
    context = {
        "sample": sample,
        "badge": sample_badge(sample),
        "decision": decision,
        "grants": sample.file.grants.filter(state="approved").order_by("pk"),
        "findings": sample.file.findings.order_by("pk"),
        "form": form if sample.checked_on is None else None,
    }
    return page(request, "aid/sample.html", context)
