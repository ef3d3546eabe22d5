"""A union's report of how it went; and the pages every worker may read."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.grassroots.practices import actions, policies, queries
from yiwang.grassroots.practices.forms import ReportForm, refuse
from yiwang.grassroots.practices.models import Adoption, Subject
from yiwang.grassroots.practices.views.common import user_of
from yiwang.kernel.errors import DomainError
from yiwang.platform.ui.pages import page
from yiwang.register.access.policies import staff_required
from yiwang.register.members.queries import current_membership, person_of

MOST = 60


@staff_required
@require_http_methods(["GET", "POST"])
def adoption_report(request: HttpRequest, public_id: str) -> HttpResponse:
    adoption = policies.get_adoption(request.user, public_id)
    if adoption.state != Adoption.State.TRYING:
        raise PermissionDenied
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.report_adoption(adoption, by=user_of(request), **form.cleaned_data)
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("报好了，谢谢。写做法的工会也能看到。"))
            return redirect("practices:practice-detail", adoption.practice.public_id)
    return page(request, "practices/report.html", {"form": form, "adoption": adoption, "practice": adoption.practice})


@staff_required
@require_POST
def adoption_stop(request: HttpRequest, public_id: str) -> HttpResponse:
    adoption = policies.get_adoption(request.user, public_id)
    try:
        actions.stop_adoption(adoption, by=user_of(request))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("practices:practice-detail", adoption.practice.public_id)


@login_required
@require_GET
def shown_list(request: HttpRequest) -> HttpResponse:
    """好做法: newest first; what one's own union does stands apart."""
    subject = request.GET.get("subject", "")
    subject = subject if subject in Subject.values else ""
    membership = current_membership(person_of(request.user))
    home = membership.organisation if membership else None
    context = {
        "subject": subject,
        "subjects": Subject.choices,
        "mine": list(queries.shown_for(home, subject)[:10]) if home else [],
        "home": home,
        "rows": list(queries.shown_for(None, subject)[:MOST]),
    }
    return page(request, "practices/shown.html", context)


@login_required
@require_GET
def shown_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    practice = policies.get_shown(public_id)
    context = {
        "practice": practice,
        "photos": queries.photos_of(practice),
        "adoptions": queries.adoptions_of(practice),
        "promotions": queries.promotions_of(practice),
    }
    return page(request, "practices/read.html", context)
