import json

from django.db.models import QuerySet

from yiwang.platform.draws.library.protocol import Drawn, verify
from yiwang.platform.draws.models import Draw


def draw_of(subject: str, subject_id: int) -> Draw | None:
    return Draw.objects.filter(subject=subject, subject_id=subject_id).exclude(state=Draw.State.VOID).first()


def recent_draws(limit: int = 50) -> QuerySet[Draw]:
    return Draw.objects.order_by("-announced_at")[:limit]


def drawn(draw: Draw) -> Drawn | None:
    """The order, judged anew from the bytes that everybody gets."""
    return verify(draw.document.encode(), commitment=draw.commitment) if draw.document else None


def file_of(draw: Draw) -> str:
    """What anybody takes home: the announcement until the draw, the whole afterwards."""
    return draw.document or draw.announcement


def tickets_of(draw: Draw) -> list[str]:
    """Every ticket that takes part, in the order of the announcement."""
    tickets: list[str] = json.loads(draw.announcement)["tickets"]
    return tickets
