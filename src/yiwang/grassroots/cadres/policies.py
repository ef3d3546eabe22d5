"""Who keeps the teams, who leads them, and what everybody may do about themselves (GT 3.7)."""

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from yiwang.grassroots.cadres.models import Cadre, Establishment, Evaluation, Task, Training, WorkLog
from yiwang.grassroots.cadres.models.people import CadreQuerySet
from yiwang.kernel.ltree import is_within
from yiwang.register.access.policies import (
    AnyUser,
    appointments_of,
    can,
    is_recused,
    organisations_where,
    within_scope,
)
from yiwang.register.access.roles import CAPABILITIES, Capability, Role
from yiwang.register.accounts.models import User
from yiwang.register.members.queries import person_of
from yiwang.register.organisations.models import Organisation

EDIT: Capability = "organisations.edit"
APPROVE: Capability = "organisations.approve"
TOWN, COUNTY = 5, 4


def _own(user: AnyUser, field: str = "person") -> Q:
    person = person_of(user)
    return Q(**{field: person}) if person is not None else Q(pk__in=[])


def visible_to(user: AnyUser) -> CadreQuerySet:
    """Of the bodies one keeps or leads; and oneself."""
    scope = _own(user) | within_scope(user, EDIT) | within_scope(user, APPROVE)
    return Cadre.objects.filter(scope).select_related("person", "organisation")


def serving_under(user: AnyUser, body: Organisation) -> CadreQuerySet:
    """Who serves in a body and below it, as far as this user sees them."""
    return visible_to(user).serving().under(str(body.path))


def get_cadre(user: AnyUser, public_id: str) -> Cadre:
    return get_object_or_404(visible_to(user), public_id=public_id)


def own_posts(user: AnyUser) -> QuerySet[Cadre]:
    """Posts the user serves on today."""
    return Cadre.objects.serving().filter(_own(user)).select_related("person", "organisation").order_by("team", "pk")


def is_own(user: AnyUser, cadre: Cadre) -> bool:
    person = person_of(user)
    return person is not None and person.pk == cadre.person_id


def _holds_at(user: AnyUser, capability: Capability, organisation: Organisation, *, lowest: int) -> bool:
    """As an officer of a body at this level or above it, around the organisation."""
    return any(
        capability in CAPABILITIES[Role(post.role)]
        and post.organisation.level <= lowest
        and is_within(str(organisation.path), str(post.organisation.path))
        for post in appointments_of(user)
    )


def keeps(user: AnyUser, organisation: Organisation) -> bool:
    """Town, county and above keep papers, places and tasks; a workplace keeps only its own logs."""
    return _holds_at(user, EDIT, organisation, lowest=TOWN)


def keeps_anywhere(user: AnyUser) -> bool:
    return any(
        EDIT in CAPABILITIES[Role(post.role)] and post.organisation.level <= TOWN for post in appointments_of(user)
    )


def leads(user: AnyUser, organisation: Organisation) -> bool:
    return can(user, APPROVE, organisation)


def may_keep(user: AnyUser, cadre: Cadre) -> bool:
    return keeps(user, cadre.organisation) and not is_own(user, cadre)


def may_approve(user: AnyUser, cadre: Cadre) -> bool:
    """Never who nominated, never about oneself."""
    return leads(user, cadre.organisation) and user.pk != cadre.nominated_by_id and not is_own(user, cadre)


def places_to_staff(user: AnyUser) -> QuerySet[Organisation]:
    """Bodies for which this user may nominate: town and above."""
    rows = organisations_where(user, EDIT).filter(state=Organisation.State.ACTIVE)
    return rows if keeps_anywhere(user) else rows.none()


def led_places(user: AnyUser) -> QuerySet[Organisation]:
    """Bodies whose load and indicators the user may see: their leaders, and who keeps a county's or a city's teams."""
    rows = organisations_where(user, APPROVE)
    if any(
        EDIT in CAPABILITIES[Role(post.role)] and post.organisation.level <= COUNTY for post in appointments_of(user)
    ):
        rows = rows | organisations_where(user, EDIT)
    return rows


def staffing_visible_to(user: AnyUser) -> QuerySet[Establishment]:
    return Establishment.objects.filter(within_scope(user, EDIT) | within_scope(user, APPROVE))


def tasks_of(user: AnyUser, cadre: Cadre) -> QuerySet[Task]:
    return Task.objects.filter(cadre=cadre, cadre__in=visible_to(user))


def get_task(user: AnyUser, public_id: str) -> Task:
    return get_object_or_404(
        Task.objects.select_related("cadre__person__user", "cadre__organisation"),
        public_id=public_id,
        cadre__in=visible_to(user),
    )


def logs_visible_to(user: AnyUser) -> QuerySet[WorkLog]:
    rows = WorkLog.objects.filter(cadre__in=visible_to(user))
    return rows.select_related("cadre__person", "cadre__organisation", "organisation", "task")


def get_log(user: AnyUser, public_id: str) -> WorkLog:
    return get_object_or_404(logs_visible_to(user), public_id=public_id)


def may_verify(user: AnyUser, log: WorkLog) -> bool:
    """Whoever keeps or leads the team, about somebody else's entry."""
    oversees = keeps(user, log.cadre.organisation) or leads(user, log.cadre.organisation)
    return log.verified_at is None and oversees and not is_own(user, log.cadre)


def get_training(user: AnyUser, public_id: str) -> Training:
    rows = Training.objects.filter(cadre__in=visible_to(user)).select_related("cadre__organisation", "cadre__person")
    return get_object_or_404(rows, public_id=public_id)


def may_settle(user: AnyUser, training: Training) -> bool:
    cadre = training.cadre
    oversees = _holds_at(user, EDIT, cadre.organisation, lowest=COUNTY) or leads(user, cadre.organisation)
    return training.state == Training.State.CLAIMED and oversees and not is_own(user, cadre)


def may_rate(user: AnyUser, cadre: Cadre) -> bool:
    """County and above, never oneself or a relative (declared as a recusal)."""
    oversees = _holds_at(user, EDIT, cadre.organisation, lowest=COUNTY)
    return cadre.is_serving and oversees and not is_own(user, cadre) and not is_recused(user, person_id=cadre.person_id)


def evaluations_visible_to(user: AnyUser) -> QuerySet[Evaluation]:
    """Keepers and leaders; the person themselves once it is confirmed."""
    person = person_of(user)
    overseen = within_scope(user, EDIT, field="cadre__organisation__path")
    overseen |= within_scope(user, APPROVE, field="cadre__organisation__path")
    mine = Q(cadre__person=person) if person is not None else Q(pk__in=[])
    told = mine & ~Q(state__in=(Evaluation.State.RATED, Evaluation.State.RETURNED))
    others = overseen & ~mine if person is not None else overseen
    rows = Evaluation.objects.filter(told | others)
    return rows.select_related("cadre__person", "cadre__organisation", "organisation", "rated_by", "confirmed_by")


def get_evaluation(user: AnyUser, public_id: str) -> Evaluation:
    return get_object_or_404(evaluations_visible_to(user), public_id=public_id)


def may_confirm(user: AnyUser, evaluation: Evaluation) -> bool:
    cadre = evaluation.cadre
    is_other = user.pk != evaluation.rated_by_id and not is_own(user, cadre)
    waits = evaluation.state == Evaluation.State.RATED
    return waits and is_other and leads(user, cadre.organisation) and not is_recused(user, person_id=cadre.person_id)


def may_answer(user: AnyUser, evaluation: Evaluation) -> bool:
    """A leader who neither rated nor confirmed."""
    cadre = evaluation.cadre
    is_other = user.pk not in (evaluation.rated_by_id, evaluation.confirmed_by_id) and not is_own(user, cadre)
    return evaluation.state == Evaluation.State.APPEALED and is_other and leads(user, cadre.organisation)


def may_open_photo(user: AnyUser, cadre_id: int) -> bool:
    """With the person's consent everybody who is signed in; else who keeps the team."""
    if not isinstance(user, User):
        return False
    shown = Cadre.objects.filter(pk=cadre_id, photo_consented_at__isnull=False, state=Cadre.State.ACTIVE)
    return shown.exists() or visible_to(user).filter(pk=cadre_id).exists()


def may_open_log(user: AnyUser, log_id: int) -> bool:
    return logs_visible_to(user).filter(pk=log_id).exists()
