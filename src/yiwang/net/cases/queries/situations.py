"""What the answers and the register say about who asks, from where, about whom."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Case, Q, When

from yiwang.kernel.clock import today
from yiwang.net.cases.queries.limits import Plan
from yiwang.net.cases.queries.routing import Situation
from yiwang.register.members.models import Membership, Person
from yiwang.register.members.queries import current_membership
from yiwang.register.organisations.models import Employer, Organisation, OrganisationEmployer


def situate(plan: Plan, applicant: Person | None, answers: Mapping[str, Any]) -> Situation:
    """The register first, the answers where it is silent; the place of work before anything else (RI 4.4)."""
    membership = current_membership(applicant) if applicant is not None else None
    employer = membership.employer if membership else _known_employer(answers)
    home = membership.organisation if membership else _named_union(answers) or _union_of(employer)
    target = plan.target or str(answers.get("target") or "")
    return Situation(
        applicant=applicant,
        home=home,
        employer=employer,
        employer_name=str(answers.get("employer") or (employer.name if employer else ""))[:120],
        division_code=_division(answers, membership),
        new_form=str(membership.new_form if membership else answers.get("new_form") or ""),
        target=target if target in ("employer", "union") else "",
        anonymous=plan.definition.anonymous_allowed and _yes(answers.get("anonymous_to_employer")),
    )


def _named_union(answers: Mapping[str, Any]) -> Organisation | None:
    """The union a worker picked in the form, by its public id."""
    named = _picked(answers, "organisation")
    return Organisation.objects.active().filter(public_id=named).first() if named else None


def _union_of(employer: Employer | None) -> Organisation | None:
    """The union that covers the employer today, its own before a joint one."""
    if employer is None:
        return None
    covering = OrganisationEmployer.objects.filter(employer=employer, organisation__state="active").filter(
        Q(valid_to=None) | Q(valid_to__gt=today())
    )
    own_first = Case(When(relation=OrganisationEmployer.Relation.OWN, then=0), default=1)
    link = covering.select_related("organisation").order_by(own_first, "pk").first()
    return link.organisation if link else None


def _known_employer(answers: Mapping[str, Any]) -> Employer | None:
    """An employer of the register by exact name or code; a free name stays text."""
    code, name = str(answers.get("uscc") or ""), str(answers.get("employer") or "")
    if code:
        return Employer.objects.filter(uscc=code).first()
    return Employer.objects.filter(name=name).order_by("pk").first() if name else None


def _division(answers: Mapping[str, Any], membership: Membership | None) -> str:
    for key in ("work_division", "division", "home_division"):
        if code := _picked(answers, key):
            return code[:12]
    return str(membership.organisation.division_code or "") if membership else ""


def _yes(value: Any) -> bool:
    return value in (True, "yes", "true", "1")


def _picked(answers: Mapping[str, Any], key: str) -> str:
    """The value of a picker, which keeps its label beside it; or a plain value."""
    answer = answers.get(key)
    return str((answer.get("value") if isinstance(answer, Mapping) else answer) or "")
