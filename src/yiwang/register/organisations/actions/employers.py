"""Employers and which union covers them."""

import datetime as dt
from typing import Any

from django.db import transaction

from yiwang.kernel.clock import today
from yiwang.kernel.identity import check_uscc
from yiwang.platform.journal.actions import record
from yiwang.platform.text.library import pinyin_keys
from yiwang.register.accounts.models import User
from yiwang.register.organisations.errors import EmployerTaken
from yiwang.register.organisations.events import EmployerChanged, EmployerLinked, EmployerRegistered, EmployerUnlinked
from yiwang.register.organisations.formulas import normal_name
from yiwang.register.organisations.models import Employer, Organisation, OrganisationEmployer


@transaction.atomic
def register_employer(*, name: str, by: User | None, uscc: str = "", **details: Any) -> Employer:
    """The employer with this code, new or already known; one code is one employer (GT 1.11)."""
    code = check_uscc(uscc).code if uscc else ""
    known = Employer.objects.filter(uscc=code).first() if code else None
    if known is not None:
        return known
    clean = normal_name(name).name
    full, initials = pinyin_keys(clean)
    employer = Employer(uscc=code, name=clean, pinyin_full=full, pinyin_initials=initials, **details)
    employer.full_clean(exclude=["group_parent"])
    employer.save()
    record(EmployerRegistered(employer_id=employer.pk, title=clean), by=by)
    return employer


@transaction.atomic
def update_employer(employer: Employer, *, by: User | None, **changes: Any) -> list[str]:
    """Keep an employer's facts up to date; returns the names of the fields that really changed."""
    changed = [field for field, value in changes.items() if getattr(employer, field) != value]
    if not changed:
        return []
    for field in changed:
        setattr(employer, field, changes[field])
    if "name" in changed:
        employer.pinyin_full, employer.pinyin_initials = pinyin_keys(employer.name)
    employer.full_clean()
    employer.save()
    record(EmployerChanged(employer_id=employer.pk, fields=changed), by=by)
    return changed


@transaction.atomic
def link_employer(
    organisation: Organisation, employer: Employer, relation: str, *, by: User | None, on: dt.date | None = None
) -> OrganisationEmployer:
    """A body covers an employer from a day on."""
    day = on or today()
    if relation == OrganisationEmployer.Relation.OWN:
        taken = OrganisationEmployer.objects.filter(employer=employer, relation=relation, valid_to=None)
        other = taken.select_related("organisation").exclude(organisation=organisation).first()
        if other is not None:
            raise EmployerTaken(employer, other.organisation)
    link = OrganisationEmployer(organisation=organisation, employer=employer, relation=relation, valid_from=day)
    link.full_clean()
    link.save()
    record(EmployerLinked(organisation_id=organisation.pk, employer_id=employer.pk, relation=relation), by=by)
    return link


@transaction.atomic
def unlink_employer(link: OrganisationEmployer, *, by: User | None, on: dt.date | None = None) -> None:
    """The body covers the employer no longer from this day on."""
    link.valid_to = on or today()
    link.save(update_fields=["valid_to"])
    record(EmployerUnlinked(organisation_id=link.organisation_id, employer_id=link.employer_id), by=by)
