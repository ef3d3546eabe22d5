"""The base of every fact that apps record."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened, in the past tense, as ids and plain values.

    ``name`` is stable for ever (``"cases.case_submitted"``). ``subject`` names the kind of record the fact
    belongs to; the field ``<subject>_id`` must exist and puts the fact on that record's timeline.
    """

    name: ClassVar[str]
    subject: ClassVar[str]
