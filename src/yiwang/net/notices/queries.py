"""Reads about public notices."""

from yiwang.net.notices.models import Notice


def notice_of(source: str, source_id: int) -> Notice | None:
    """The latest notice of a record."""
    return Notice.objects.filter(source=source, source_id=source_id).order_by("-turn").first()
