from yiwang.register.organisations.kinds import Kind, Level
from yiwang.register.organisations.models.changes import TreeChange
from yiwang.register.organisations.models.tree import (
    MAY_AIL,
    Employer,
    Organisation,
    OrganisationEmployer,
    OrganisationLink,
    OrganisationQuerySet,
    OrganisationSpan,
)

__all__ = [
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
