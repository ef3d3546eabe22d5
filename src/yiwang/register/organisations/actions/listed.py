"""Bodies that came by a list: founding some hundred at once, and taking back those that were founded by mistake."""

from collections import Counter
from collections.abc import Collection, Sequence

from django.db import transaction

from yiwang.kernel.clock import today
from yiwang.kernel.references import lock, pointed_at
from yiwang.platform.journal.actions import record, record_many
from yiwang.platform.text.actions import drop
from yiwang.register.accounts.models import User
from yiwang.register.organisations import finding
from yiwang.register.organisations.actions.bulk import NewBody, found_many
from yiwang.register.organisations.actions.tree import count_body, hold_tree
from yiwang.register.organisations.events import (
    EmployerLinked,
    EmployerUnlinked,
    OrganisationsListed,
    OrganisationsTakenBack,
)
from yiwang.register.organisations.models import Organisation, OrganisationEmployer, OrganisationSpan


@transaction.atomic
def found_bodies(
    bodies: Sequence[NewBody], standing: dict[str, Organisation], *, by: User | None
) -> list[Organisation]:
    """Found them below bodies that stand; each of those keeps in the journal how many it got."""
    hold_tree(exclusive=False)
    made = found_many(bodies, standing, source=Organisation.Source.IMPORT, valid_from=today())
    for parent_id, rows in _by_parent(made).items():
        record(OrganisationsListed(organisation_id=parent_id, rows=rows), by=by)
    return made


@transaction.atomic
def link_listed(pairs: Sequence[tuple[int, int, str]], *, by: User | None) -> list[OrganisationEmployer]:
    """Bodies of a list begin to cover employers: (body, employer, relation) each. The database refuses a clash."""
    links = [
        OrganisationEmployer(organisation_id=body, employer_id=employer, relation=relation, valid_from=today())
        for body, employer, relation in pairs
    ]
    OrganisationEmployer.objects.bulk_create(links)
    record_many(
        [EmployerLinked(organisation_id=body, employer_id=employer, relation=said) for body, employer, said in pairs],
        by=by,
    )
    return links


@transaction.atomic
def unlink_listed(ids: Collection[int], *, by: User | None) -> None:
    """Take back links that a list made and that still run, as if they had never been."""
    links = list(OrganisationEmployer.objects.filter(pk__in=ids, valid_to=None))
    OrganisationEmployer.objects.filter(pk__in=[link.pk for link in links]).delete()
    gone = [EmployerUnlinked(organisation_id=link.organisation_id, employer_id=link.employer_id) for link in links]
    record_many(gone, by=by)


@transaction.atomic
def take_back_bodies(bodies: Collection[Organisation], *, by: User | None, reason: str) -> set[int]:
    """As if they had never been. Returns the ids of those that stay because other records point at them."""
    hold_tree(exclusive=False)
    ids = [body.pk for body in bodies]
    lock(Organisation, ids)
    needed = pointed_at(Organisation, ids, leaving=[OrganisationSpan, OrganisationEmployer])
    leaving = [body for body in bodies if body.pk not in needed]
    OrganisationSpan.objects.filter(organisation__in=leaving).delete()
    OrganisationEmployer.objects.filter(organisation__in=leaving).delete()
    Organisation.objects.filter(pk__in=[body.pk for body in leaving]).delete()
    drop(finding.KIND, [body.public_id for body in leaving])
    for body in leaving:
        count_body(body, -1, body.valid_from)
    for parent_id, rows in _by_parent(leaving).items():
        record(OrganisationsTakenBack(organisation_id=parent_id, rows=rows, reason=reason[:200]), by=by)
    return needed


def _by_parent(bodies: Collection[Organisation]) -> Counter[int]:
    return Counter(body.parent_id for body in bodies if body.parent_id is not None)
