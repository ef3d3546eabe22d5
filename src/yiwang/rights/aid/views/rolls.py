"""The lists of households as a spreadsheet (RI 1.15)."""

from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from yiwang.kernel.clock import today
from yiwang.platform.ui.spreadsheets import KINDS
from yiwang.register.access.policies import capability_required
from yiwang.rights.aid import policies
from yiwang.rights.aid.rolls import columns, files_of, rows

TITLES = {"file": _("困难职工家庭花名册"), "edge": _("生活暂时困难职工花名册")}


@capability_required("cases.handle", "aid.audit")
@require_safe
def roll(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in TITLES:
        raise Http404
    content_type, write = KINDS["xlsx"]
    found = rows(files_of(kind, policies.visible_to(request.user)))
    response = HttpResponse(write(columns(), found), content_type=content_type)
    name = quote(f"{TITLES[kind]}-{today():%Y-%m-%d}.xlsx")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    response.headers["Cache-Control"] = "no-store"
    return response
