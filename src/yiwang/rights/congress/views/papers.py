"""Minutes, resolutions and the evidence pack to take home."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from yiwang.register.access.policies import staff_required
from yiwang.rights.congress import papers, policies
from yiwang.rights.congress.models import Session

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "zip": "application/zip",
}
READY = (Session.State.CLOSED, Session.State.PUBLISHED)


def answer(content: bytes, form: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return answer


@staff_required
@require_GET
def session_paper(request: HttpRequest, public_id: str, kind: str, form: str) -> HttpResponse:
    """``minutes`` and ``resolutions`` as Word or PDF; everything as ``pack.zip``."""
    session = policies.get_session(request.user, public_id)
    if session.state not in READY or form not in TYPES:
        raise Http404
    name = f"congress-{session.public_id}-{kind}"
    if kind == "pack" and form == "zip":
        return answer(papers.evidence_pack(session), form, name)
    made = {"minutes": papers.minutes_of, "resolutions": papers.resolutions_paper}.get(kind)
    paper = made(session) if made and form != "zip" else None
    if paper is None:
        raise Http404
    return answer(paper.pdf if form == "pdf" else paper.docx, form, name)
