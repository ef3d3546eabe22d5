"""The tables of the case line: the case, its clocks, what was decided, and what was said."""

from yiwang.net.cases.models.bundle import Bundle, BundlePart
from yiwang.net.cases.models.case import Case, CaseQuerySet, NumberSeries
from yiwang.net.cases.models.clock import Clock, ClockPause
from yiwang.net.cases.models.decision import Decision, Letter, Review
from yiwang.net.cases.models.parts import (
    CaseOrganisation,
    CaseRecusal,
    CaseStep,
    ClusterAlert,
    Escalation,
    Hop,
    Note,
    Reply,
    Supervision,
    Supplement,
    Urge,
)

__all__ = [
    "Bundle",
    "BundlePart",
    "Case",
    "CaseOrganisation",
    "CaseQuerySet",
    "CaseRecusal",
    "CaseStep",
    "Clock",
    "ClockPause",
    "ClusterAlert",
    "Decision",
    "Escalation",
    "Hop",
    "Letter",
    "Note",
    "NumberSeries",
    "Reply",
    "Review",
    "Supervision",
    "Supplement",
    "Urge",
]
