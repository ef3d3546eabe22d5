"""A second union that serves a person beside their own (D6)."""

from django.db import IntegrityError, transaction

from yiwang.kernel.clock import today
from yiwang.platform.journal.actions import record
from yiwang.register.accounts.models import User
from yiwang.register.members.errors import AlreadyAffiliated, HoldsNoMembers, IsOwnUnion, NotAMember
from yiwang.register.members.events import AffiliationBegun, AffiliationEnded
from yiwang.register.members.models import Affiliation, Person
from yiwang.register.members.queries import held_membership
from yiwang.register.organisations.errors import IsGone
from yiwang.register.organisations.models import Organisation


@transaction.atomic
def begin_affiliation(person: Person, organisation: Organisation, *, by: User | None, work: str = "") -> Affiliation:
    """Served by another union too: listed there as 服务对象, counted and voting only in one's own."""
    membership = held_membership(person)
    if membership is None:
        raise NotAMember
    if membership.organisation_id == organisation.pk:
        raise IsOwnUnion(organisation)
    if organisation.is_gone:
        raise IsGone(organisation)
    if not organisation.holds_members:
        raise HoldsNoMembers(organisation)
    try:
        with transaction.atomic():
            made = Affiliation.objects.create(
                person=person, organisation=organisation, work=work.strip()[:60], since=today()
            )
    except IntegrityError as clash:
        raise AlreadyAffiliated(organisation) from clash
    record(AffiliationBegun(person_id=person.pk, organisation_id=organisation.pk), by=by)
    return made


@transaction.atomic
def end_affiliation(affiliation: Affiliation, *, by: User | None) -> None:
    """Safe to run twice."""
    if Affiliation.objects.running().filter(pk=affiliation.pk).update(until=today()):
        record(AffiliationEnded(person_id=affiliation.person_id, organisation_id=affiliation.organisation_id), by=by)


def end_affiliation_with(person_id: int, organisation_id: int) -> None:
    """The second union has become the person's own, or they left it."""
    for row in Affiliation.objects.running().filter(person=person_id, organisation=organisation_id):
        end_affiliation(row, by=None)
