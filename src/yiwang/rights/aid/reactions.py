"""What other apps' facts cause here."""

from yiwang.rights.aid.actions import notice_over
from yiwang.rights.aid.actions.checking import SOURCE
from yiwang.rights.aid.models import AidFile


def go_on_after_notice(notice_id: int, source: str, source_id: int, result: str) -> None:
    """The notice of a file ended: the county decides, or somebody looks into what was found true. Bears repeating."""
    if source != SOURCE:
        return
    file = AidFile.objects.filter(pk=source_id, state=AidFile.State.PUBLICITY).first()
    if file is not None:
        notice_over(file, upheld=result == "upheld")
