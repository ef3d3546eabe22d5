"""An election is public from its opening: whoever has its address may read the board and judge the archive."""

from django.http import Http404

from yiwang.platform.ballots.models import Election


def get_public_election(uuid: str) -> Election:
    hidden = (Election.State.DRAFT, Election.State.CANCELLED)
    # The roll's codes are half a megabyte for a thousand voters, and known already; the rest stands in the document.
    election = (
        Election.objects.only("uuid", "state", "begun", "document").filter(uuid=uuid).exclude(state__in=hidden).first()
    )
    if election is None:
        raise Http404
    return election
