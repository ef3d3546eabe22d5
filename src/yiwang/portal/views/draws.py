"""Draws of lots for everybody: what was announced, what was drawn, and the means to reckon it again."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from yiwang.platform.draws import policies, queries
from yiwang.platform.draws.models import Draw
from yiwang.platform.ui.pages import page
from yiwang.platform.ui.parts import Badge, Tone

LOOKS: dict[str, tuple[Tone, str]] = {
    Draw.State.ANNOUNCED: ("wait", "clock"),
    Draw.State.DRAWN: ("ok", "check"),
    Draw.State.VOID: ("neutral", "x"),
}


def draw_badge(draw: Draw) -> Badge:
    return Badge(str(draw.get_state_display()), *LOOKS[draw.state])


@require_safe
def draw_list(request: HttpRequest) -> HttpResponse:
    return page(request, "portal/draws.html", {"draws": [(draw, draw_badge(draw)) for draw in queries.recent_draws()]})


@require_safe
def draw_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    draw = policies.get_public_draw(public_id)
    drawn = queries.drawn(draw)
    context = {
        "draw": draw,
        "badge": draw_badge(draw),
        "drawn": drawn,
        "commitment": in_groups(draw.commitment),
        "tickets": queries.tickets_of(draw),
        "ticket": request.GET.get("ticket", "").strip().upper(),
    }
    response = page(request, "portal/draw.html", context)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def in_groups(text: str) -> str:
    """Eight letters at a time, so that two people can compare them."""
    return " ".join(text[start : start + 8] for start in range(0, len(text), 8))
