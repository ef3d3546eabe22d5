"""Striking out a belonging of a household; it is added with the other facts."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yiwang.register.access.policies import capability_required
from yiwang.rights.aid import actions, policies
from yiwang.rights.aid.views.files import who


@capability_required("cases.handle")
@require_POST
def asset_void(request: HttpRequest, public_id: str, asset: str) -> HttpResponse:
    file = policies.get_file(request.user, public_id)
    if not policies.may_write_facts(request.user, file):
        raise PermissionDenied
    actions.void_asset(policies.get_asset(request.user, file, asset), by=who(request))
    messages.success(request, _("作废了。"))
    return redirect("aid:file-detail", public_id=public_id)
