"""One file for each household in difficulty; what it asks, what was seen, decided and granted; whom we should call."""

from yiwang.rights.aid.models.belongings import Asset, Call
from yiwang.rights.aid.models.files import (
    AidFile,
    AidFileQuerySet,
    Decision,
    Expense,
    Finding,
    Grant,
    Income,
    Member,
    MonthNet,
    Visit,
)
from yiwang.rights.aid.models.outreach import Outreach, Screening
from yiwang.rights.aid.models.programmes import Doubled, Place, Programme, ProgrammeQuerySet, Share
from yiwang.rights.aid.models.requests import Appeal, Application
from yiwang.rights.aid.models.sampling import Referral, Sample

__all__ = [
    "AidFile",
    "AidFileQuerySet",
    "Appeal",
    "Application",
    "Asset",
    "Call",
    "Decision",
    "Doubled",
    "Expense",
    "Finding",
    "Grant",
    "Income",
    "Member",
    "MonthNet",
    "Outreach",
    "Place",
    "Programme",
    "ProgrammeQuerySet",
    "Referral",
    "Sample",
    "Screening",
    "Share",
    "Visit",
]
