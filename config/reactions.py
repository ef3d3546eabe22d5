"""Which event causes what: every cause and effect across apps is on this page."""

from collections.abc import Callable

from yiwang.grassroots.joining.reactions import (
    carry_out_decision,
    note_request_to_join_or_move,
    stop_what_was_under_way,
    take_back_decision,
)
from yiwang.net.cases.events import (
    CaseClosedUnanswered,
    CaseDecided,
    CaseRefused,
    CaseSubmitted,
    CaseWithdrawn,
    DecisionRevoked,
    FileWanted,
)
from yiwang.net.cases.reactions import go_on_with_bundle, let_go_of_bundle, pass_on_tied_cases
from yiwang.net.notices.events import NoticeEnded
from yiwang.platform.ballots.events import ResultPublished
from yiwang.platform.ballots.reactions import judge_published_archive
from yiwang.platform.files.reactions import remove_uploads_of_draft
from yiwang.platform.forms.events import DraftDiscarded, DraftFinished
from yiwang.platform.jobs.events import JobEnded
from yiwang.platform.journal.events import Event
from yiwang.platform.notify.reactions import tell_who_started
from yiwang.register.access.events import AppointmentEnded, RecusalDeclared
from yiwang.register.access.reactions import end_staff_sessions
from yiwang.register.members.reactions import retain_members_of_closed_union
from yiwang.register.organisations.events import OrganisationClosed
from yiwang.rights.aid.reactions import enter_programme_for_case, go_on_after_notice, open_file_for_case

REACTIONS: dict[type[Event], tuple[Callable[..., None], ...]] = {
    AppointmentEnded: (end_staff_sessions,),
    CaseClosedUnanswered: (let_go_of_bundle, stop_what_was_under_way),
    CaseDecided: (go_on_with_bundle, carry_out_decision),
    CaseRefused: (let_go_of_bundle, stop_what_was_under_way),
    CaseSubmitted: (note_request_to_join_or_move,),
    CaseWithdrawn: (let_go_of_bundle, stop_what_was_under_way),
    DecisionRevoked: (take_back_decision,),
    DraftDiscarded: (remove_uploads_of_draft,),
    DraftFinished: (remove_uploads_of_draft,),
    FileWanted: (open_file_for_case, enter_programme_for_case),
    JobEnded: (tell_who_started,),
    NoticeEnded: (go_on_after_notice,),
    RecusalDeclared: (pass_on_tied_cases,),
    OrganisationClosed: (retain_members_of_closed_union,),
    ResultPublished: (judge_published_archive,),
}
