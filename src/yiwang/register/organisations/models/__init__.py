from yiwang.register.organisations.kinds import Kind, Level
from yiwang.register.organisations.models.changes import TreeChange
from yiwang.register.organisations.models.tree import (
    FOUNDED,
    MAY_AIL,
    Employer,
    Organisation,
    OrganisationEmployer,
    OrganisationLink,
    OrganisationQuerySet,
    OrganisationSpan,
)

__all__ = [
    "FOUNDED",
    "MAY_AIL",
    "Employer",
    "Kind",
    "Level",
    "Organisation",
    "OrganisationEmployer",
    "OrganisationLink",
    "OrganisationQuerySet",
    "OrganisationSpan",
    "TreeChange",
]
