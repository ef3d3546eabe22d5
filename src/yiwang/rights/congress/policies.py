"""Who keeps a congress, who oversees it, who speaks in it, who reads about it."""

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from yiwang.platform.ballots.models import Election
from yiwang.register.access.policies import AnyUser, can, holds, organisations_where, scope_paths, within_scope
from yiwang.register.access.roles import Capability
from yiwang.register.members.models import Membership
from yiwang.register.members.queries import current_membership, person_of
from yiwang.register.organisations.models import Organisation
from yiwang.rights.congress.models import AgendaItem, Congress, Delegate, KeyHolder, Kind, SecretBallot, Session

EDIT: Capability = "organisations.edit"
APPROVE: Capability = "organisations.approve"
VIEW: Capability = "register.view"


def congresses_visible_to(user: AnyUser) -> QuerySet[Congress]:
    """For the desk: of the unions one keeps or oversees."""
    scope = Q(pk__in=[])
    for capability in (EDIT, APPROVE):
        scope |= within_scope(user, capability)
    return Congress.objects.filter(scope).select_related("organisation__parent")


def get_congress(user: AnyUser, public_id: str) -> Congress:
    return get_object_or_404(congresses_visible_to(user), public_id=public_id)


def may_keep(user: AnyUser, congress: Congress) -> bool:
    """The working body: its union's committee."""
    return can(user, EDIT, congress.organisation)


def may_oversee(user: AnyUser, congress: Congress) -> bool:
    """The union above it, to which it reports."""
    parent = congress.organisation.parent
    return parent is not None and (can(user, EDIT, parent) or can(user, APPROVE, parent))


def congresses_kept_by(user: AnyUser) -> QuerySet[Congress]:
    return Congress.objects.filter(within_scope(user, EDIT))


def congresses_overseen_by(user: AnyUser) -> QuerySet[Congress]:
    """Of the unions below, whose reports come to this user."""
    above = "organisation__parent__path"
    return Congress.objects.filter(within_scope(user, EDIT, field=above) | within_scope(user, APPROVE, field=above))


def figures_body(user: AnyUser, public_id: str = "") -> Organisation | None:
    """Whose figures are shown: the one asked for within one's scope, else the highest one keeps or oversees."""
    rows = organisations_where(user, EDIT) | organisations_where(user, APPROVE)
    if public_id:
        return rows.filter(public_id=public_id).first()
    roots = {*scope_paths(user, EDIT), *scope_paths(user, APPROVE)}
    return Organisation.objects.filter(path__in=roots).order_by("level", "pk").first()


def seats_by_firm(congress: Congress) -> bool:
    """A region or a trade elects by firm; before anything is drawn all of them can be at once."""
    return congress.kind in (Kind.REGIONAL, Kind.INDUSTRY) and not congress.constituencies.exists()


def consults(congress: Congress) -> bool:
    """Rules and algorithms are talked over where the work comes from a platform, or from the firms of a region."""
    return congress.kind in (Kind.PLATFORM, Kind.REGIONAL, Kind.INDUSTRY)


def places_for(user: AnyUser) -> QuerySet[Organisation]:
    """Unions of this user's that have no congress in hand."""
    busy = Congress.objects.exclude(state=Congress.State.ENDED).values("organisation")
    rows = organisations_where(user, EDIT).exclude(state__in=Organisation.GONE).exclude(pk__in=busy)
    return rows.filter(level__gte=5)


def may_start(user: AnyUser) -> bool:
    return holds(user, EDIT)


def get_session(user: AnyUser, public_id: str) -> Session:
    """For the desk."""
    rows = Session.objects.filter(congress__in=congresses_visible_to(user)).select_related("congress__organisation")
    return get_object_or_404(rows, public_id=public_id)


def congress_of(user: AnyUser) -> Congress | None:
    """The one that speaks for this worker: of their own union, else of the nearest one above it."""
    membership = current_membership(person_of(user))
    if membership is None or membership.state not in Membership.VOTING:
        return None
    home = membership.organisation
    rows = Congress.objects.filter(Q(**{"organisation__path__ancestor": str(home.path)})).exclude(
        state=Congress.State.ENDED
    )
    found = list(rows.select_related("organisation"))
    return max(found, key=lambda row: (row.organisation.path.count("."), row.pk), default=None)


def newest_session(congress: Congress) -> Session | None:
    """The one a worker hears of: called, open or over."""
    hidden = (Session.State.PLANNED, Session.State.CANCELLED)
    rows = Session.objects.filter(congress=congress).exclude(state__in=hidden).select_related("congress")
    return rows.order_by("-number").first()


def mandate_of(user: AnyUser, congress: Congress) -> Delegate | None:
    """This user as a delegate in office."""
    person = person_of(user)
    if person is None:
        return None
    rows = Delegate.objects.filter(congress=congress, person=person, state=Delegate.State.ELECTED)
    return rows.select_related("congress", "person", "constituency").first()


def get_own_session(user: AnyUser, public_id: str) -> Session:
    """For a worker whom this congress speaks for; a plan is not shown before it is called."""
    congress = congress_of(user)
    rows = Session.objects.filter(congress=congress).exclude(state=Session.State.PLANNED) if congress else None
    return get_object_or_404(
        (rows if rows is not None else Session.objects.none()).select_related("congress__organisation"),
        public_id=public_id,
    )


def may_read_paper(user: AnyUser, item: AgendaItem) -> bool:
    """Delegates read before the session; every worker once it is published."""
    if item.session.state == Session.State.PUBLISHED:
        return True
    return mandate_of(user, item.session.congress) is not None


def get_ballot(user: AnyUser, public_id: str) -> SecretBallot:
    """For the desk."""
    sessions = Session.objects.filter(congress__in=congresses_visible_to(user))
    rows = SecretBallot.objects.with_election().select_related("session__congress__organisation")
    return get_object_or_404(rows.filter(session__in=sessions), public_id=public_id)


def get_holder(user: AnyUser, public_id: str) -> KeyHolder:
    """This user's own key of a ballot."""
    rows = KeyHolder.objects.filter(user_id=user.pk or 0).select_related(
        "ballot__election", "ballot__session", "trustee"
    )
    return get_object_or_404(rows, ballot__public_id=public_id)


def get_codes(user: AnyUser, public_id: str) -> SecretBallot:
    """For who gives out the codes of this ballot."""
    rows = SecretBallot.objects.with_election().filter(authority_id=user.pk).select_related("session__congress")
    return get_object_or_404(rows, public_id=public_id)


def get_announced_ballot(uuid: str) -> SecretBallot:
    """The voting page may be open before the vote is: it says so."""
    rows = SecretBallot.objects.with_election().select_related("session__congress__organisation")
    return get_object_or_404(rows.exclude(election__state=Election.State.CANCELLED), election__uuid=uuid)


def get_public_ballot(uuid: str) -> SecretBallot:
    """A ballot is public from its opening, for whoever has the address."""
    hidden = (Election.State.DRAFT, Election.State.CANCELLED)
    rows = SecretBallot.objects.with_election().select_related("session__congress__organisation")
    ballot = rows.filter(election__uuid=uuid).exclude(election__state__in=hidden).first()
    if ballot is None:
        raise Http404
    return ballot
