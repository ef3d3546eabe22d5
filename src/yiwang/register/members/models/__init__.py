"""Persons known to the union, their memberships, and the care of both."""

from yiwang.register.members.models.care import Change, Conflict, ConflictQuerySet, GroupLead, Merge
from yiwang.register.members.models.register import (
    CHARACTERS,
    Affiliation,
    IdentityHistory,
    Membership,
    MembershipQuerySet,
    MembershipSpan,
    Person,
    PersonQuerySet,
)
from yiwang.register.members.models.releases import Release, ReleasedFile, ReleaseQuerySet

__all__ = [
    "CHARACTERS",
    "Affiliation",
    "Change",
    "Conflict",
    "ConflictQuerySet",
    "GroupLead",
    "IdentityHistory",
    "Membership",
    "MembershipQuerySet",
    "MembershipSpan",
    "Merge",
    "Person",
    "PersonQuerySet",
    "Release",
    "ReleaseQuerySet",
    "ReleasedFile",
]
