"""Workers' congresses: who speaks for whom, what is decided, and what became of it (rights 3.3)."""

from yiwang.rights.congress.models.constituting import Committee, Congress, Constituency, Delegate, Kind
from yiwang.rights.congress.models.consulting import (
    Consultation,
    ConsultationOpinion,
    ConsultationTalk,
    ConsultationVoice,
)
from yiwang.rights.congress.models.following import (
    Disclosure,
    DisclosureQuestion,
    DisclosureReading,
    Proposal,
    Resolution,
    ResolutionCheck,
    WorkerDirector,
)
from yiwang.rights.congress.models.keeping import DirectorRecall, KeyDestruction, Report, RollChallenge
from yiwang.rights.congress.models.sessions import AgendaItem, Attendance, Guest, Motion, NamedVote, Session, Speaker
from yiwang.rights.congress.models.voting import KeyHolder, RollEntry, SecretBallot

__all__ = [
    "AgendaItem",
    "Attendance",
    "Committee",
    "Congress",
    "Constituency",
    "Consultation",
    "ConsultationOpinion",
    "ConsultationTalk",
    "ConsultationVoice",
    "Delegate",
    "DirectorRecall",
    "Disclosure",
    "DisclosureQuestion",
    "DisclosureReading",
    "Guest",
    "KeyDestruction",
    "KeyHolder",
    "Kind",
    "Motion",
    "NamedVote",
    "Proposal",
    "Report",
    "Resolution",
    "ResolutionCheck",
    "RollChallenge",
    "RollEntry",
    "SecretBallot",
    "Session",
    "Speaker",
    "WorkerDirector",
]
