"""What other apps' facts cause here."""

from yiwang.net.cases.models import Case
from yiwang.rights.aid.actions import enter_for_case, notice_over, receive_application
from yiwang.rights.aid.actions.checking import SOURCE
from yiwang.rights.aid.kinds import ENTERING
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
    if service in ENTERING:
        return
    case = Case.objects.select_related("applicant", "organisation", "submitted_by", "merged_into").get(pk=case_id)
    receive_application(case)


def enter_programme_for_case(case_id: int, service: str) -> None:
    """A request of a programme's service has a place in the open programme nearby, if there is one. Bears repeating."""
    if service in ENTERING:
        case = Case.objects.select_related("applicant", "organisation", "submitted_by").get(pk=case_id)
        enter_for_case(case)
