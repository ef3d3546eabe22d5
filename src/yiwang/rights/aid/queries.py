"""Reads about aid files."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from yiwang.rights.aid.models import AidFile, Grant

PAYABLE = (AidFile.State.FILED, AidFile.State.REVIEWING)
WITHOUT_FILE = ("warmth", "temporary")  # paid to households that get no file


def doubts_about_grants(ids: Sequence[int]) -> dict[int, str]:
    """Which grants may not be paid now: cancelled ones, and those of a file that is not in force (RI 1.10 rule 6)."""
    doubts = {}
    for grant in Grant.objects.filter(pk__in=ids).select_related("file"):
        if grant.state != Grant.State.APPROVED:
            doubts[grant.pk] = _("这项帮扶已经取消")
        elif grant.item not in WITHOUT_FILE and grant.file.state not in PAYABLE:
            doubts[grant.pk] = _("档案不在档，不能发放")
    return doubts
