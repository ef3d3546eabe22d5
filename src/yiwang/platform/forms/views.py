from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yiwang.kernel.errors import DomainError
from yiwang.platform.forms.actions import discard_draft, save_step
from yiwang.platform.forms.guard import is_autosave, keeps_typed
from yiwang.platform.forms.library import step_form
from yiwang.platform.forms.policies import get_draft
from yiwang.platform.forms.queries import saved_text


@require_POST
@keeps_typed
def draft_save(request: HttpRequest, public_id: str, step: str) -> HttpResponse:
    """Save what stands and what doesn't, on leaving a field; the answer is one line under the step bar."""
    draft = get_draft(request.user, public_id)
    if draft.form.step(step) is None:
        raise Http404
    form = step_form(draft.form, step, request.POST, answers=draft.all_answers)
    try:
        draft = save_step(draft, step, typed=form.typed, answers=form.answers)
    except DomainError as refusal:
        return HttpResponse(str(refusal), status=409)
    if is_autosave(request):
        return HttpResponse(saved_text(draft))
    return redirect(_back(request))


@require_POST
def draft_discard(request: HttpRequest, public_id: str) -> HttpResponse:
    draft = get_draft(request.user, public_id)
    discard_draft(draft, by=request.user)  # type: ignore[arg-type]  # a draft has an owner, so nobody is anonymous here
    messages.success(request, _("草稿删掉了。"))
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return target
    return "/"
