"""Who keeps codes, reads requests to join, and acts on either side of a transfer."""

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from yiwang.grassroots.joining.models import Campaign, Pool, Transfer
from yiwang.grassroots.joining.queries import JOIN, TRANSFER
from yiwang.kernel.ltree import is_within
from yiwang.net.cases import policies as of_cases
from yiwang.net.cases.models import Case, CaseQuerySet
from yiwang.register.access.policies import AnyUser, appointments_of, organisations_where, scope_paths, within_scope
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Organisation

UNIT_LEVEL = 7


def campaigns_visible_to(user: AnyUser) -> QuerySet[Campaign]:
    """For unions in one's scope, and those one's own office reviews."""
    scope = within_scope(user, "register.edit") | within_scope(user, "register.edit", field="office__path")
    return Campaign.objects.filter(scope).select_related("organisation", "office", "made_by")


def get_campaign(user: AnyUser, public_id: str) -> Campaign:
    return get_object_or_404(campaigns_visible_to(user), public_id=public_id)


def unions_to_join(user: AnyUser) -> QuerySet[Organisation]:
    """Unions below the user that take in members."""
    rows = organisations_where(user, "register.edit").filter(state__in=Organisation.JOINABLE)
    return rows.filter(member_rule()).order_by("-level", "name")


def member_rule() -> Q:
    return Q(kind__in=("C3", "D1", "D2", "E1", "E2", "E3", "E4", "F1"))


def requests_visible_to(user: AnyUser) -> CaseQuerySet:
    """Requests to join in the user's subtrees; never one they have a tie to."""
    return of_cases.listed(user).filter(service_code__in=JOIN)


def get_request(user: AnyUser, number: str) -> Case:
    case = of_cases.get_staffed(user, number)
    if case.service_code not in JOIN:
        raise Http404
    return case


def may_admit(user: User, case: Case) -> bool:
    """An officer of the body that has the case, at whatever step it is, while it is undecided."""
    return case.state in (Case.State.SUBMITTED, Case.State.ACCEPTED, Case.State.IN_PROGRESS) and of_cases.works_on(
        user, case
    )


def may_place_in(user: AnyUser, organisation: Organisation) -> bool:
    """Admit into or move to this union: one's own subtree, or the pool of one's county."""
    if any(is_within(str(organisation.path), root) for root in scope_paths(user, "register.edit")):
        return True
    pool = Pool.objects.filter(organisation=organisation).select_related("county").first()
    paths = scope_paths(user, "register.edit")
    return pool is not None and any(is_within(path, str(pool.county.path)) for path in paths)


def transfers_visible_to(user: AnyUser) -> QuerySet[Transfer]:
    """Both sides and whoever stands above either."""
    scope = within_scope(user, "register.view", field="from_organisation__path")
    scope |= within_scope(user, "register.view", field="to_organisation__path")
    return Transfer.objects.filter(scope).select_related(
        "membership__person", "from_organisation", "to_organisation", "case__organisation"
    )


def get_transfer(user: AnyUser, number: str) -> Transfer:
    transfer = get_object_or_404(transfers_visible_to(user), case__number=number, case__service_code=TRANSFER)
    if isinstance(user, User) and of_cases.is_tied(user, transfer.case):
        raise Http404
    return transfer


def may_release(user: User, transfer: Transfer) -> bool:
    case = transfer.case
    undecided = case.state in (Case.State.SUBMITTED, Case.State.ACCEPTED, Case.State.IN_PROGRESS)
    return undecided and case.step == 0 and transfer.escalated_at is None and of_cases.works_on(user, case)


def may_receive(user: User, transfer: Transfer) -> bool:
    return transfer.released_at is not None and of_cases.may_decide(user, transfer.case)


def pools_visible_to(user: AnyUser) -> QuerySet[Pool]:
    """The pool of the county: for its officers and those of its towns (GT 2.13: TS)."""
    scope = within_scope(user, "register.edit")
    for path in scope_paths(user, "register.edit"):
        scope |= Q(county__path__ancestor=path)
    rows = Pool.objects.filter(scope).select_related("organisation", "county")
    return rows if holds_area(user) else rows.none()


def holds_area(user: AnyUser) -> bool:
    """Does this officer serve an area, not just a workplace?"""
    return any(post.organisation.level < UNIT_LEVEL for post in appointments_of(user))


def get_pool(user: AnyUser, public_id: str) -> Pool:
    return get_object_or_404(pools_visible_to(user), organisation__public_id=public_id)
