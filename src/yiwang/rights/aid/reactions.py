"""What other apps' facts cause here."""

from yiwang.net.cases.models import Case
from yiwang.rights.aid.actions import notice_over, receive_application
from yiwang.rights.aid.actions.checking import SOURCE
from yiwang.rights.aid.models import AidFile


def go_on_after_notice(notice_id: int, source: str, source_id: int, result: str) -> None:
    """The notice of a file ended: the county decides, or somebody looks into what was found true. Bears repeating."""
    if source != SOURCE:
        return
    file = AidFile.objects.filter(pk=source_id, state=AidFile.State.PUBLICITY).first()
    if file is not None:
        notice_over(file, upheld=result == "upheld")


def open_file_for_case(case_id: int, service: str) -> None:
    """A request for aid became a case: it becomes a file, or joins the household's. Bears repeating."""
    case = Case.objects.select_related("applicant", "organisation", "submitted_by", "merged_into").get(pk=case_id)
    receive_application(case)
