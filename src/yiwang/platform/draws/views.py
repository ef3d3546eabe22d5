"""The file of a draw, for anybody and for programs. No account, no cookie."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yiwang.platform.draws import policies, queries


@require_safe
def draw_file(request: HttpRequest, public_id: str) -> HttpResponse:
    """To the byte: what the browser checks is what everybody checks."""
    draw = policies.get_public_draw(public_id)
    response = HttpResponse(queries.file_of(draw), content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'inline; filename="draw-{draw.public_id}.json"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response
