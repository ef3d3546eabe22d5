"""The people who serve: appointments and contracts, whom they serve, what they do, how they are judged."""

from yiwang.grassroots.cadres.models.grading import Evaluation, Training
from yiwang.grassroots.cadres.models.people import Area, Cadre, Certificate, Contract, Establishment, Post, Team
from yiwang.grassroots.cadres.models.work import LedgerEntry, Task, WorkLog

__all__ = [
    "Area",
    "Cadre",
    "Certificate",
    "Contract",
    "Establishment",
    "Evaluation",
    "LedgerEntry",
    "Post",
    "Task",
    "Team",
    "Training",
    "WorkLog",
]
