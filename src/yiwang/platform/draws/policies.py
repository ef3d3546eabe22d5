"""A draw is public from its announcement: it holds tickets, no names."""

from django.http import Http404

from yiwang.platform.draws.models import Draw


def get_public_draw(public_id: str) -> Draw:
    draw = Draw.objects.filter(public_id=public_id).first()
    if draw is None:
        raise Http404
    return draw
