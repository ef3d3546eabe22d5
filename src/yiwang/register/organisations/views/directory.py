"""The public directory of union bodies, and the tree for officers."""

from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.kernel.errors import DomainError
from yiwang.platform.ui.pages import page
from yiwang.register.organisations import actions, queries
from yiwang.register.organisations.counting import GRASSROOTS
from yiwang.register.organisations.forms import ContactForm
from yiwang.register.organisations.policies import (
    get_organisation,
    is_officer,
    may_edit,
    may_see_figures,
    tree_roots,
)

MOST_HITS = 20
PICKER_HITS = 8
MEMBERS = "members.current"  # kept by the members app above us
FIGURES = (MEMBERS, GRASSROOTS)


@require_GET
def organisation_search(request: HttpRequest) -> HttpResponse:
    """The directory; for the picker a list of hits, for machines JSON. Public facts only."""
    text = request.GET.get("q", "")
    picker = "picker" in request.GET
    found = queries.search(text, limit=PICKER_HITS if picker else MOST_HITS)
    if request.GET.get("format") == "json":
        return JsonResponse({"results": [hit.as_dict() for hit in found]}, json_dumps_params={"ensure_ascii": False})
    if picker:
        return page(request, "ui/parts/org_hits.html", {"hits": [hit.as_option() for hit in found]})
    return page(request, "organisations/search.html", {"q": text, "found": found}, part="found")


@require_GET
def organisation_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    organisation = get_organisation(request.user, public_id)
    context: dict[str, Any] = {
        "organisation": organisation,
        "above": queries.ancestors(organisation),
        "reach": queries.nearest_with_phone(organisation),
        "is_inside": may_see_figures(request.user, organisation),
        "may_edit": may_edit(request.user, organisation),
    }
    if context["is_inside"]:
        context |= {
            "inside": queries.with_figures([organisation], FIGURES)[0],
            "history": queries.history(organisation),
            "lines": queries.lines(organisation),
            "employers": queries.employers(organisation)[:20],
        }
    return page(request, "organisations/detail.html", context)


@require_http_methods(["GET", "POST"])
def organisation_edit(request: HttpRequest, public_id: str) -> HttpResponseBase:
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    organisation = get_organisation(request.user, public_id, must=may_edit)
    form = ContactForm(request.POST or None, instance=organisation)
    if request.method == "POST" and form.is_valid():
        fresh = get_organisation(request.user, public_id, must=may_edit)
        try:
            changed = actions.update_organisation(fresh, by=request.user, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("存好了。") if changed else _("没有改动。"))
            return redirect("organisations:organisation-detail", public_id)
    return page(request, "organisations/edit.html", {"organisation": organisation, "form": form})


def _officers_only(view: Any) -> Any:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not is_officer(request.user):
            raise PermissionDenied
        return cast(HttpResponseBase, view(request, *args, **kwargs))

    return guarded


@require_GET
@_officers_only
def organisation_tree(request: HttpRequest) -> HttpResponse:
    """The tops of one's own subtrees, the first one open."""
    tops = queries.with_figures(tree_roots(request.user), FIGURES)
    below = queries.branches(tops[0].organisation, FIGURES) if len(tops) == 1 else []
    return page(request, "organisations/tree.html", {"branches": tops, "below": below})


@require_GET
@_officers_only
def organisation_branches(request: HttpRequest, public_id: str) -> HttpResponse:
    """What stands just below one body: loaded when it is opened, a page of its own without JavaScript."""
    organisation = get_organisation(request.user, public_id, must=may_see_figures)
    context = {
        "organisation": organisation,
        "above": [body for body in queries.ancestors(organisation) if may_see_figures(request.user, body)],
        "branches": queries.branches(organisation, FIGURES),
    }
    return page(request, "organisations/tree.html", context, part="rows")
