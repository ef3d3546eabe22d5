"""Who sees a household, and who does what with its file. Who visited or reckoned does not approve."""

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from yiwang.net.payments.models import Fund
from yiwang.register.access.policies import AnyUser, appointments_of, can, within_scope
from yiwang.register.access.queries import recusals_of
from yiwang.register.access.roles import CAPABILITIES, Role
from yiwang.register.accounts.models import User
from yiwang.register.members.queries import person_of
from yiwang.register.organisations.models import Organisation
from yiwang.rights.aid.codes import Level
from yiwang.rights.aid.models import (
    AidFile,
    AidFileQuerySet,
    Asset,
    Decision,
    Expense,
    Finding,
    Outreach,
    Sample,
    Screening,
)

State = AidFile.State
PROVINCE, COUNTY, TOWN = 2, 4, 5
FIXED = (State.FILED, State.REFUSED, State.EXITED, State.NETTED, State.FROZEN, State.CLOSED)


def visible_to(user: AnyUser) -> AidFileQuerySet:
    """Files in the subtree where the user handles or decides cases, or audits: 经审 reads all and changes nothing.

    Never one's own, nor of people one is tied to.
    """
    if not isinstance(user, User):
        return AidFile.objects.none()
    scope = within_scope(user, "cases.handle") | within_scope(user, "cases.decide") | within_scope(user, "aid.audit")
    tied = recusals_of(user).exclude(person_id=None).values("person_id")
    files = AidFile.objects.filter(scope).exclude(applicant__user=user).exclude(applicant_id__in=tied)
    return files.select_related("organisation", "county", "applicant")


def get_file(user: AnyUser, public_id: str) -> AidFile:
    return get_object_or_404(visible_to(user), public_id=public_id)


def get_finding(user: AnyUser, public_id: str) -> Finding:
    findings = Finding.objects.filter(file__in=visible_to(user).values("pk")).select_related("file__county")
    return get_object_or_404(findings, public_id=public_id)


def get_expense(user: AnyUser, file: AidFile, number: int) -> Expense:
    """The n-th bill of a file, as its page counts them."""
    expenses = Expense.objects.filter(member__file=file).order_by("pk")[number : number + 1]
    return get_object_or_404(Expense, pk__in=[expense.pk for expense in expenses])


def get_asset(user: AnyUser, file: AidFile, public_id: str) -> Asset:
    """A belonging of a file the user sees, not struck out yet."""
    seen = visible_to(user).filter(pk=file.pk).values("pk")
    return get_object_or_404(Asset, file__in=seen, public_id=public_id, is_void=False)


def own_file(user: AnyUser) -> AidFile | None:
    person = person_of(user)
    if person is None:
        return None
    return AidFile.objects.filter(applicant=person).select_related("organisation", "county").order_by("-pk").first()


def may_explain(user: AnyUser, file: AidFile | None) -> bool:
    return file is not None and file.state == State.EXPLAIN and file.applicant == person_of(user)


def get_answer(user: AnyUser, public_id: str) -> Decision:
    """A decision that was made: one's own, or of a file one sees at the desk."""
    mine = Q(file__applicant__user=user) if isinstance(user, User) else Q(pk=None)
    decisions = Decision.objects.exclude(decided_at=None).select_related(
        "receipt", "decided_by", "file__applicant", "file__organisation", "file__county"
    )
    return get_object_or_404(decisions.filter(mine | Q(file__in=visible_to(user).values("pk"))), public_id=public_id)


def may_open_visit(user: AnyUser, visit_id: int) -> bool:
    """Photographs of a visit: who sees the file at the desk."""
    return visible_to(user).filter(visits__pk=visit_id).exists()


def reach_bodies(user: AnyUser) -> list[Organisation]:
    """Where the user may look for families who never asked: town level and above.

    A unit's own clerk works for the very employer: that somebody may be in hardship is not theirs to learn unasked.
    """
    posts = [post for post in appointments_of(user) if "cases.handle" in CAPABILITIES[Role(post.role)]]
    return [post.organisation for post in posts if post.organisation.level <= TOWN]


def bodies_to_search(user: AnyUser) -> QuerySet[Organisation]:
    """Those bodies and the ones below them, down to the town."""
    below = Q(pk__in=[])
    for body in reach_bodies(user):
        below |= Q(path__descendant=str(body.path))
    return Organisation.objects.filter(below, level__lte=TOWN).order_by("level", "name")


def _reaching(user: AnyUser) -> Q:
    scope = Q(pk__in=[])
    for body in reach_bodies(user):
        scope |= Q(organisation__path__descendant=str(body.path))
    return scope


def families_of(user: AnyUser) -> QuerySet[Outreach]:
    """Families to call, where the user may reach out; never oneself, nor people one is tied to."""
    if not isinstance(user, User):
        return Outreach.objects.none()
    tied = recusals_of(user).exclude(person_id=None).values("person_id")
    families = Outreach.objects.filter(_reaching(user)).exclude(person__user=user)
    return families.exclude(person_id__in=tied).select_related("person", "organisation")


def get_family(user: AnyUser, public_id: str) -> Outreach:
    return get_object_or_404(families_of(user), public_id=public_id)


def screenings_of(user: AnyUser) -> QuerySet[Screening]:
    if not isinstance(user, User):
        return Screening.objects.none()
    return Screening.objects.filter(_reaching(user)).select_related("organisation", "job", "by")


def exchanging_body(user: AnyUser) -> Organisation | None:
    """Who exchanges files with the national system: county level and above, where full numbers may be seen."""
    needed = {"cases.handle", "register.reveal"}
    posts = [post for post in appointments_of(user) if needed <= CAPABILITIES[Role(post.role)]]
    return next((post.organisation for post in posts if post.organisation.level <= COUNTY), None)


def looking_bodies(user: AnyUser) -> list[Organisation]:
    """Bodies above the county that look at new files again: those where the user works."""
    posts = [post for post in appointments_of(user) if "cases.handle" in CAPABILITIES[Role(post.role)]]
    return [post.organisation for post in posts if post.organisation.level < COUNTY]


def samples_visible_to(user: AnyUser) -> QuerySet[Sample]:
    bodies = [body.pk for body in looking_bodies(user)]
    samples = Sample.objects.filter(body__in=bodies, file__in=visible_to(user).values("pk"))
    return samples.select_related("file__applicant", "file__county", "body", "checked_by")


def samples_about(user: AnyUser) -> QuerySet[Sample]:
    """Looks at files one sees, whoever looked: for the figures."""
    return Sample.objects.filter(file__in=visible_to(user).values("pk"))


def get_sample(user: AnyUser, public_id: str) -> Sample:
    return get_object_or_404(samples_visible_to(user), public_id=public_id)


def may_draw_for(user: AnyUser, body: Organisation) -> bool:
    """Draws, and takes into the books: who decides there."""
    return can(user, "cases.decide", body)


def is_owning_county(user: AnyUser) -> bool:
    """Only in the county that keeps them are small counts told (RI 1.13)."""
    posts = [post for post in appointments_of(user) if "cases.handle" in CAPABILITIES[Role(post.role)]]
    return bool(posts) and all(post.organisation.level == COUNTY for post in posts)


def audits(user: AnyUser, file: AidFile) -> bool:
    """Reads the file for the audit of money: with the journal of every step."""
    return can(user, "aid.audit", file.organisation)


def may_work(user: AnyUser, file: AidFile) -> bool:
    """Writes facts, visits, resolves findings: who handles cases where the file is kept, or at the county."""
    return can(user, "cases.handle", file.organisation)


def may_write_facts(user: AnyUser, file: AidFile) -> bool:
    return file.state not in FIXED and may_work(user, file)


def may_lead(user: AnyUser, file: AidFile) -> bool:
    return can(user, "cases.decide", file.county)


def is_free(user: AnyUser, file: AidFile, decision: Decision | None) -> bool:
    """Neither visited nor reckoned this household."""
    if not isinstance(user, User):
        return False
    if decision is not None and decision.prepared_by_id == user.pk:
        return False
    return not file.visits.filter(Q(first=user) | Q(second=user.name)).exists()


def may_sign_at(user: AnyUser, file: AidFile, level: str) -> bool:
    """By level and amount: the county signs for itself; the province for itself, and enters the answer of the ACFTU."""
    if level == Level.COUNTY:
        return may_lead(user, file)
    province = Organisation.objects.ancestors_of(file.county.path).filter(level=PROVINCE).first()
    return province is not None and can(user, "cases.decide", province)


def usable_funds(file: AidFile) -> QuerySet[Fund]:
    """Funds of the county and of the bodies above it."""
    above = Organisation.objects.ancestors_of(file.county.path)
    bodies = Q(organisation=file.county) | Q(organisation__in=above)
    return Fund.objects.filter(bodies, state=Fund.State.OPEN).order_by("-organisation__level", "name")
