"""Who sees a case and who may do what to it. Every list, page, export and endpoint starts here."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.http import Http404

from yiwang.kernel.clock import today
from yiwang.kernel.ltree import is_within
from yiwang.net.cases.formulas import UNIT, number_key
from yiwang.net.cases.models import (
    Bundle,
    BundlePart,
    Case,
    CaseOrganisation,
    CaseQuerySet,
    CaseStep,
    Review,
)
from yiwang.net.cases.policies_ties import Ties, ties_of
from yiwang.net.cases.queries.bodies import manned_near
from yiwang.net.cases.queries.bundles import own_bundles
from yiwang.net.cases.queries.casepage import helping_bodies, with_relations
from yiwang.net.cases.queries.limits import DECIDE, DISCIPLINE, HANDLE, plan_of
from yiwang.net.cases.queries.own import own_cases, own_condition
from yiwang.net.cases.registry import desk_url
from yiwang.net.catalogue.models import ServiceVersion
from yiwang.net.catalogue.policies import found_by, offered_to
from yiwang.net.catalogue.queries import with_contents
from yiwang.register.access.models import Appointment
from yiwang.register.access.policies import AnyUser, appointments_of, can, may_act_for, scope_paths, within_scope
from yiwang.register.access.queries import mandates_for
from yiwang.register.access.roles import CAPABILITIES, Role
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Person
from yiwang.register.members.queries import person_of, records_of
from yiwang.register.organisations.models import Organisation

Check = Callable[[User, Case], bool]
Widen = Callable[[CaseQuerySet], CaseQuerySet]
Which = Literal["mine", "office", "subtree"]

_LISTED = "_cases_listed"
_ON_DESK = "_cases_on_desk"
OPENLY_HANDLED = ("", "employer")
HELPING_AT_MOST = 500
OFFICERS_AT_MOST = 300


def own(user: User) -> CaseQuerySet:
    return own_cases(user)


def staffed(user: AnyUser) -> CaseQuerySet:
    """What an officer may read: their subtrees, what they help with, what they worked on; never what they have a
    tie to. For one case; lists take ``listed``, whose condition an index serves."""
    return Case.objects.filter(_staffed(user))


def _staffed(user: AnyUser) -> Q:
    if not isinstance(user, User) or not appointments_of(user):
        return Q(pk__in=[])
    helping = CaseOrganisation.objects.filter(within_scope(user, "cases.handle"), case=OuterRef("pk"))
    worked = CaseStep.objects.filter(handler=user, case=OuterRef("pk"))
    reach = _door(user) | Q(Exists(helping), target__in=OPENLY_HANDLED) | Q(Exists(worked))
    return reach & ~_tied(user) & _outside_the_workplace(user)


def listed(user: AnyUser) -> CaseQuerySet:
    """The cases of the user's subtrees: what lists, counts, searches and exports show."""
    if not isinstance(user, User) or not (posts := appointments_of(user)):
        return Case.objects.none()
    ties = ties_of(user)
    known: tuple[object, object, CaseQuerySet] | None = getattr(user, _LISTED, None)
    if known is None or known[0] is not posts or known[1] is not ties:
        # Built once for what the user may do and has ties to right now: the parts of one page all begin with it.
        cases = Case.objects.filter(_door(user) & ~_tied(user) & _outside_the_workplace(user))
        known = (posts, ties, cases)
        setattr(user, _LISTED, known)
    return known[2].all()


def on_desk(user: User) -> int:
    """How many open cases this officer handles: the number beside the menu's first entry, on every page."""
    known: int | None = getattr(user, _ON_DESK, None)
    if known is not None or not appointments_of(user):
        return known or 0
    posts = frozenset((post.role, str(post.organisation.path)) for post in appointments_of(user))
    sql, params = _desk_text(_Reader(user, posts, ties_of(user)))
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.fetchone()[0])


@dataclass(frozen=True)
class _Reader:
    """Whose cases, and all that decides which: the same text of the query as long as none of it changes."""

    user: User
    posts: frozenset[tuple[str, str]]
    ties: Ties


@lru_cache(maxsize=2_000)
def _desk_text(reader: _Reader) -> tuple[str, tuple[Any, ...]]:
    """Compiled once for each officer: to build this count anew took a tenth of every page of the workbench."""
    rows = listed(reader.user).open().filter(handler=reader.user).order_by().values("pk")
    sql, params = rows.query.sql_with_params()
    return f"SELECT count(*) FROM ({sql}) desk", tuple(params)  # noqa: S608 -- built by the ORM, values apart


def remember_on_desk(user: User, count: int) -> None:
    """The queue has just counted them; its menu need not ask again."""
    setattr(user, _ON_DESK, count)


def _door(user: User) -> Q:
    """A complaint about union staff goes past everybody but discipline and whoever it was given to."""
    complaint = Q(target="union") & (within_scope(user, DISCIPLINE) | Q(handler=user))
    return (Q(target__in=OPENLY_HANDLED) & within_scope(user, "cases.view")) | complaint


def _outside_the_workplace(user: User) -> Q:
    """RI 4.7: officers inside the workplace never see who complains of it."""
    if all(post.organisation.level >= UNIT for post in appointments_of(user)):
        return Q(target="", anonymous_to_employer=False)
    return Q()


def _tied(user: User) -> Q:
    ties = ties_of(user)
    tied = Q(pk__in=ties.recused_cases) | Q(employer__in=ties.recused_employers)
    persons = ties.recused_persons | ({ties.person_id} if ties.person_id else frozenset())
    tied |= Q(applicant__in=persons)
    aimed = ~Q(target="") | Q(anonymous_to_employer=True)
    return tied | (Q(employer__in=ties.employer_ids) & aimed)


def is_tied(user: User, case: Case) -> bool:
    """The same ties as ``staffed`` excludes, for one case in memory."""
    ties = ties_of(user)
    aimed = bool(case.target) or case.anonymous_to_employer
    return (
        case.pk in ties.recused_cases
        or (case.applicant_id is not None and case.applicant_id in ties.recused_persons | {ties.person_id})
        or (case.employer_id is not None and case.employer_id in ties.recused_employers)
        or (aimed and case.employer_id in ties.employer_ids)
    )


def visible_to(user: AnyUser) -> CaseQuerySet:
    """Own and staffed together. For one case; lists take ``own`` or ``listed``, which each use their index."""
    if not isinstance(user, User):
        return Case.objects.none()
    return Case.objects.filter(own_condition(user) | _staffed(user))


def get_case(user: AnyUser, number: str, *, must: Check | None = None) -> Case:
    """Fetch and authorise in one step. Unknown and forbidden cases look the same; typed dashes don't matter."""
    return _get(visible_to(user), user, number, must)


def get_own(user: AnyUser, number: str, *, must: Check | None = None, wide: Widen | None = None) -> Case:
    """``wide`` brings along what a page shows besides the case itself."""
    return _get(own(user) if isinstance(user, User) else Case.objects.none(), user, number, must, wide)


def get_staffed(user: AnyUser, number: str, *, must: Check | None = None, wide: Widen | None = None) -> Case:
    return _get(staffed(user), user, number, must, wide)


def _get(cases: CaseQuerySet, user: AnyUser, number: str, must: Check | None, wide: Widen | None = None) -> Case:
    # One row by its unique number; the definition is in memory by its digest.
    found = (wide or with_relations)(cases).defer("version__definition")
    case = found.filter(number_key=number_key(number)).first()
    if case is None or not isinstance(user, User):
        raise Http404
    if must is not None and not must(user, case):
        raise PermissionDenied
    return case


def queue_of(user: User, which: Which) -> CaseQuerySet:
    """The three heaps of the workbench."""
    if which == "mine":
        return staffed(user).filter(handler=user)
    if which == "office":
        offices = offices_of(user)
        asked = CaseOrganisation.objects.filter(organisation__in=offices, reported_at=None)
        helping = list(asked.values_list("case_id", flat=True)[:HELPING_AT_MOST])
        return staffed(user).filter(Q(organisation__in=offices) | Q(pk__in=helping))
    return listed(user)


def offices_of(user: AnyUser) -> set[int]:
    """The bodies where the user sits as an officer of cases."""
    return {
        post.organisation_id
        for post in appointments_of(user)
        if CAPABILITIES[Role(post.role)] & {"cases.view", HANDLE, DECIDE, DISCIPLINE}
    }


def serves_at(user: AnyUser, capability: str, organisation_id: int) -> bool:
    """Is the user an officer of this very body with that right? Handling is never done from above."""
    return any(
        post.organisation_id == organisation_id and capability in CAPABILITIES[Role(post.role)]
        for post in appointments_of(user)
    )


def is_own(user: User, case: Case) -> bool:
    person = person_of(user)
    return (person is not None and case.applicant_id in records_of(person)) or (
        case.submitted_by_id == user.pk and (case.mandate_id is not None or case.applicant_id is None)
    )


# Documents are as open as the case they belong to (config.document_policies).


def may_open_documents_of(user: AnyUser, case_id: int) -> bool:
    return visible_to(user).filter(pk=case_id).exists()


def may_open_supplement_of(user: AnyUser, case_id: int) -> bool:
    """Until it is handed in, only the applicant sees what they uploaded."""
    return isinstance(user, User) and own(user).filter(pk=case_id).exists()


def may_add_to_supplement(user: AnyUser, number: str) -> Case | None:
    if not isinstance(user, User):
        return None
    return own(user).filter(number_key=number_key(number), state=Case.State.SUPPLEMENT).first()


# What the applicant may do.


def may_withdraw(user: User, case: Case) -> bool:
    return is_own(user, case) and case.is_undecided


def may_urge(user: User, case: Case) -> bool:
    return is_own(user, case) and case.is_open and case.state != Case.State.SUPPLEMENT


def may_answer_supplement(user: User, case: Case) -> bool:
    return is_own(user, case) and case.state == Case.State.SUPPLEMENT


def may_write(user: User, case: Case) -> bool:
    return is_own(user, case) and case.is_open


def may_appeal(user: User, case: Case) -> bool:
    return is_own(user, case) and (case.is_decided or case.state == Case.State.NOT_ACCEPTED)


def may_rate(user: User, case: Case) -> bool:
    """The person whose case it is, once there is an answer. Nobody is ever asked twice or made to."""
    answered = case.is_decided or case.state == Case.State.NOT_ACCEPTED
    return is_own(user, case) and answered and case.version.content.evaluation


# What an officer of the handling body may do.


def works_on(user: User, case: Case) -> bool:
    """An officer of the body that has the case, with the right its present step asks for, and no tie."""
    if is_tied(user, case) or desk_url(case.service_code, case.pk):  # decided in the file of a wing
        return False
    if case.target == "union":
        return case.handler_id == user.pk or serves_at(user, DISCIPLINE, case.organisation_id)
    needed = plan_of(case.version).capability(case.step)
    return serves_at(user, needed, case.organisation_id) or serves_at(user, HANDLE, case.organisation_id)


def may_accept(user: User, case: Case) -> bool:
    return case.state == Case.State.SUBMITTED and works_on(user, case)


def may_refuse(user: User, case: Case) -> bool:
    return may_accept(user, case)


def may_ask_supplement(user: User, case: Case) -> bool:
    return case.may_move(Case.State.SUPPLEMENT) and works_on(user, case)


def may_work(user: User, case: Case) -> bool:
    return case.state in (Case.State.ACCEPTED, Case.State.IN_PROGRESS) and works_on(user, case)


def may_complete_step(user: User, case: Case) -> bool:
    return may_work(user, case) and case.step < plan_of(case.version).deciding_step


def may_decide(user: User, case: Case) -> bool:
    """The officer of the deciding step; that they did no earlier step is refused in words by the action."""
    plan = plan_of(case.version)
    if case.state not in (Case.State.ACCEPTED, Case.State.IN_PROGRESS) or case.step < plan.deciding_step:
        return False
    if is_tied(user, case):
        return False
    if case.target == "union":
        return works_on(user, case)
    return serves_at(user, plan.capability(case.step), case.organisation_id)


def may_start(user: User, case: Case) -> bool:
    return case.state == Case.State.ACCEPTED and works_on(user, case)


def may_extend(user: User, case: Case) -> bool:
    return may_work(user, case)


def may_reply(user: User, case: Case) -> bool:
    return case.is_open and works_on(user, case)


def may_merge(user: User, case: Case) -> bool:
    return case.may_move(Case.State.MERGED) and works_on(user, case)


def may_pause(user: User, case: Case) -> bool:
    return may_work(user, case)


def may_resume(user: User, case: Case) -> bool:
    return case.state == Case.State.PAUSED and works_on(user, case)


def may_hand_over(user: User, case: Case) -> bool:
    return case.is_open and works_on(user, case)


def may_deliver(user: User, case: Case) -> bool:
    return case.may_move(Case.State.DELIVERED) and works_on(user, case)


def may_reopen(user: User, case: Case) -> bool:
    return case.state == Case.State.REVOKED and works_on(user, case)


def may_note(user: User, case: Case) -> bool:
    return not is_tied(user, case) and (works_on(user, case) or may_supervise(user, case) or may_report(user, case))


def may_reveal(user: User, case: Case) -> bool:
    """See the full numbers, with a purpose: whoever works on the case or supervises it, and may reveal there."""
    concerned = works_on(user, case) or may_supervise(user, case) or may_report(user, case)
    return concerned and can(user, "register.reveal", case.organisation)


def may_recuse(user: User, case: Case) -> bool:
    """Every officer who can open an open case may say that they have a tie to it."""
    return case.is_open and not is_tied(user, case)


def may_report(user: User, case: Case) -> bool:
    """An officer of a body that helps."""
    waiting = helping_bodies(case)
    return any(serves_at(user, HANDLE, body) for body in waiting) and not is_tied(user, case)


# What a superior may do.


def may_supervise(user: User, case: Case) -> bool:
    return case.is_open and not is_tied(user, case) and can(user, "cases.supervise", case.organisation)


def may_designate(user: User, case: Case) -> bool:
    return may_supervise(user, case)


def may_revoke(user: User, case: Case) -> bool:
    """Strictly above the body that decided: nobody revokes their own house's answer."""
    above = any(
        path != str(case.organisation.path) and str(case.organisation.path).startswith(f"{path}.")
        for path in scope_paths(user, "cases.supervise")
    )
    return above and case.may_move(Case.State.REVOKED) and not is_tied(user, case)


def may_be_asked_for(user: AnyUser, code: str) -> ServiceVersion:
    """The published service this account may ask for; local ones for members only within their body's reach."""
    version = found_by(user).filter(service__code=code.upper()).first()
    if version is None:
        raise Http404
    return version


def services_for(user: AnyUser) -> list[ServiceVersion]:
    return with_contents(offered_to(user))


def persons_to_act_for(user: AnyUser, code: str) -> list[tuple[str, str]]:
    """Who gave this account a mandate that covers the service: (public id, name)."""
    if not isinstance(user, User):
        return []
    given = mandates_for(user).filter(Q(service_code="") | Q(service_code=code))
    names = dict(given.values_list("person_id", "person_name"))
    return list(Person.objects.filter(pk__in=names).order_by("pk").values_list("public_id", "name"))


def get_person_to_act_for(user: User, public_id: str, code: str) -> Person:
    person = Person.objects.filter(public_id=public_id).first()
    if person is None or not may_act_for(user, person.pk, service_code=code):
        raise Http404
    return person


def supervising_body(user: User, case: Case) -> Organisation:
    """In whose name the user supervises: their highest body above the case."""
    path = str(case.organisation.path)
    above = [
        post.organisation
        for post in appointments_of(user)
        if "cases.supervise" in CAPABILITIES[Role(post.role)] and is_within(path, str(post.organisation.path))
    ]
    return min(above, key=lambda body: len(str(body.path)))


def may_answer_review(user: User, case: Case) -> bool:
    """The superior that the review lies with; never whoever decided."""
    if case.is_open:
        return False
    decision = case.decisions.filter(revoked_at=None, review__state="asked").select_related("review").first()
    if decision is None or decision.decided_by_id == user.pk or is_tied(user, case):
        return False
    return serves_at(user, "cases.supervise", decision.review.organisation_id)


def get_own_bundle(user: AnyUser, public_id: str) -> Bundle:
    found = own_bundles(user).filter(public_id=public_id).first() if isinstance(user, User) else None
    if found is None:
        raise Http404
    return found


def get_handed_in_bundle(user: User, public_id: str) -> Bundle:
    """What this account submitted, for itself or for whoever called; for the end page."""
    found = Bundle.objects.filter(public_id=public_id, submitted_by=user).first()
    if found is None:
        raise Http404
    return found


def get_waiting_part(user: User, public_id: str, code: str) -> BundlePart:
    """A part of one's own bundle that has not begun."""
    parts = get_own_bundle(user, public_id).parts.select_related("bundle", "needs")
    found = parts.filter(service_code=code.upper(), state=BundlePart.State.WAITING).first()
    if found is None:
        raise Http404
    return found


def get_handed_in(user: User, number: str) -> Case:
    """What this account submitted, for itself or for whoever called; for the end page."""
    mine = Case.objects.filter(own_condition(user) | Q(submitted_by=user))
    return _get(mine, user, number, None)


def officers_under(user: User) -> list[User]:
    """Officers of cases in the bodies the user supervises, by name."""
    posts = Appointment.objects.in_force(today()).with_capability("cases.handle")
    posts = posts.filter(within_scope(user, "cases.supervise"))
    return list(User.objects.filter(pk__in=posts.values("user")).order_by("name", "pk")[:OFFICERS_AT_MOST])


def bodies_near(user: User) -> list[Organisation]:
    """Where the offices of the user can pass cases on to."""
    offices = Organisation.objects.filter(pk__in=offices_of(user)).order_by("level")
    found = {body.pk: body for office in offices[:3] for body in manned_near(office)[:OFFICERS_AT_MOST]}
    return sorted(found.values(), key=lambda body: (body.level, body.name))


def reviews_of(user: User) -> list[Review]:
    """Reviews that lie with the user's office and are about somebody else's decision."""
    offices = [
        post.organisation_id for post in appointments_of(user) if "cases.supervise" in CAPABILITIES[Role(post.role)]
    ]
    asked = Review.objects.filter(state=Review.State.ASKED, organisation__in=offices).exclude(decision__decided_by=user)
    return list(asked.select_related("case", "decision__organisation").order_by("due_at", "pk")[:OFFICERS_AT_MOST])


def may_take_in(user: AnyUser) -> bool:
    return bool(scope_paths(user, "cases.intake"))
