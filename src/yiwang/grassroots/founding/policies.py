"""Who founds and elects, who approves, who looks on."""

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from yiwang.grassroots.founding.models import Certificate, Extension, Handover, Paper, Procedure, Term
from yiwang.register.access.policies import AnyUser, can, organisations_where, within_scope
from yiwang.register.access.roles import Capability
from yiwang.register.members.queries import person_of
from yiwang.register.organisations.models import Organisation

EDIT: Capability = "organisations.edit"
APPROVE: Capability = "organisations.approve"
VIEW: Capability = "register.view"


def procedures_visible_to(user: AnyUser) -> QuerySet[Procedure]:
    scope = Q(pk__in=[])
    for capability in (EDIT, APPROVE, VIEW):
        scope |= within_scope(user, capability, field="superior__path")
        scope |= within_scope(user, capability, field="organisation__path")
    return Procedure.objects.filter(scope).select_related("superior", "organisation", "applied_by")


def get_procedure(user: AnyUser, public_id: str) -> Procedure:
    return get_object_or_404(procedures_visible_to(user), public_id=public_id)


def may_edit(user: AnyUser, procedure: Procedure) -> bool:
    place = procedure.organisation or procedure.superior
    return procedure.is_open and (can(user, EDIT, place) or can(user, EDIT, procedure.superior))


def may_decide(user: AnyUser, procedure: Procedure) -> bool:
    """The superior's approver; never who applied (GT 1.9)."""
    waits = procedure.state in Procedure.WAITING
    return waits and user.pk != procedure.applied_by_id and can(user, APPROVE, procedure.superior)


def founders_places(user: AnyUser) -> QuerySet[Organisation]:
    """Bodies under which this user may begin a founding."""
    return organisations_where(user, EDIT).filter(kind__in=("A4", "B3", "C1", "C2", "C3", "D1", "D2", "E4"))


def terms_visible_to(user: AnyUser) -> QuerySet[Term]:
    scope = within_scope(user, VIEW) | within_scope(user, EDIT) | within_scope(user, APPROVE)
    return Term.objects.filter(scope, is_current=True).select_related("organisation__parent")


def get_union(user: AnyUser, public_id: str) -> Organisation:
    """A union whose committee this user may see."""
    places = organisations_where(user, EDIT) | organisations_where(user, APPROVE)
    living = places.exclude(state__in=Organisation.GONE)
    return get_object_or_404(living.select_related("parent"), public_id=public_id)


def may_keep(user: AnyUser, organisation: Organisation) -> bool:
    """Keep its terms, seals and certificate."""
    return can(user, EDIT, organisation)


def may_oversee(user: AnyUser, organisation: Organisation) -> bool:
    """Decide as the union above."""
    return organisation.parent is not None and can(user, APPROVE, organisation.parent)


def may_decide_extension(user: AnyUser, extension: Extension) -> bool:
    waits = extension.state == Extension.State.APPLIED and user.pk != extension.applied_by_id
    return waits and may_oversee(user, extension.term.organisation)


def may_decide_certificate(user: AnyUser, certificate: Certificate) -> bool:
    waits = certificate.state == Certificate.State.APPLIED and user.pk != certificate.applied_by_id
    return waits and may_oversee(user, certificate.organisation)


def side_of(user: AnyUser, handover: Handover) -> str:
    """Which signature is this user's: of who gives, of who takes, or none."""
    person = person_of(user)
    if person is None:
        return ""
    if person.pk == handover.from_person_id and handover.given_at is None:
        return "given"
    return "taken" if person.pk == handover.to_person_id and handover.taken_at is None else ""


def papers_visible_to(user: AnyUser) -> QuerySet[Paper]:
    scope = Q(procedure__in=procedures_visible_to(user))
    for capability in (EDIT, APPROVE):
        scope |= within_scope(user, capability)
    return Paper.objects.filter(scope)


def get_paper(user: AnyUser, public_id: str) -> Paper:
    return get_object_or_404(papers_visible_to(user), public_id=public_id)


def get_handover(user: AnyUser, public_id: str) -> Handover:
    """Of who signs, and of who keeps or oversees the union."""
    person = person_of(user)
    own = Q(from_person=person) | Q(to_person=person) if person else Q(pk__in=[])
    scope = own | within_scope(user, EDIT) | within_scope(user, APPROVE)
    rows = Handover.objects.filter(scope).select_related("organisation", "from_person", "to_person")
    return get_object_or_404(rows, public_id=public_id)
