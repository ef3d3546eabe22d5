"""What the home pages show: who you are here, what needs you, who helps you."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from yiwang.kernel.clock import today
from yiwang.net.cases import queries as cases
from yiwang.net.cases.policies import services_for
from yiwang.net.catalogue import queries as catalogue
from yiwang.platform.ui.formats import day_text
from yiwang.register.access import policies
from yiwang.register.access import queries as access
from yiwang.register.accounts.models import User
from yiwang.register.members import queries as members
from yiwang.register.members.models import Person
from yiwang.register.organisations import queries as organisations
from yiwang.register.organisations.models import Organisation
from yiwang.rights.congress import policies as congresses

_ABOVE = "_above"  # on a body that one page asks of twice


@dataclass(frozen=True)
class Place:
    """Where a signed-in person stands: the words around their name."""

    role: str
    organisation: str
    city: str


@dataclass(frozen=True)
class Helper:
    """Someone to call: a union body with a telephone, nearest first."""

    organisation: Organisation
    name: str
    note: str


def place_of(user: User) -> Place:
    post = policies.appointments_of(user)
    if post:
        first = post[0]
        return Place(role=str(first.get_role_display()), organisation=first.organisation.name, city="")
    person = members.person_of(user)
    home = home_of(person)
    return Place(role="", organisation=home.name if home else "", city=county_name(home))


@dataclass(frozen=True)
class CongressNote:
    """The congress that speaks for a worker, and its newest session."""

    heading: str
    session: str
    state: str


def congress_for(user: User) -> CongressNote | None:
    """Nothing where there is none, or where its delegates are still being elected."""
    congress = congresses.congress_of(user)
    if congress is None or congress.state != congress.State.IN_TERM:
        return None
    newest = congresses.newest_session(congress)
    if newest is None:
        return CongressNote(heading=congress.heading, session="", state="")
    return CongressNote(heading=congress.heading, session=newest.heading, state=str(newest.get_state_display()))


def accounts_with(phones: list[str]) -> dict[str, User]:
    """Accounts by telephone, for the doors of the demo page."""
    return {str(user.phone): user for user in User.objects.filter(phone__in=phones)}


def home_of(person: Person | None) -> Organisation | None:
    """The body a person belongs to: of their membership, or none yet."""
    membership = members.current_membership(person) if person else None
    return membership.organisation if membership else None


def county_name(organisation: Organisation | None) -> str:
    """The county's short name for the home bar (昆山市), or nothing for someone without a union."""
    if organisation is None:
        return ""
    for body in _above(organisation):
        if body.level == 4:
            return body.short_name or body.name.removesuffix("总工会")
    return ""


def _above(organisation: Organisation) -> list[Organisation]:
    """The bodies above, kept on the object: the bar and the page both ask, for the same home."""
    known: list[Organisation] | None = getattr(organisation, _ABOVE, None)
    if known is None:
        known = organisations.ancestors(organisation)
        setattr(organisation, _ABOVE, known)
    return known


def helpers_for(organisation: Organisation | None) -> list[Helper]:
    """The own union first, then each body above it that has a telephone or an officer: who is there when nobody is."""
    if organisation is None:
        return []
    chain = [organisation, *reversed(_above(organisation))]
    chain = [body for body in chain if body.level >= 4]
    chairs = access.first_holders(chain, "cases.handle")
    return [
        Helper(organisation=body, name=chairs.get(body.pk, ""), note=body.phone or body.address)
        for body in chain
        if body.pk in chairs or body.phone
    ]


def cities() -> list[Organisation]:
    """The bodies just below the top: where someone without a union begins to look."""
    return [city for root in organisations.roots() for city in organisations.children(root)]


def likely(
    person: Person | None, answers: dict[str, Any], *, limit: int = 2
) -> tuple[list[catalogue.Entitlement], int]:
    """The first services a person very probably qualifies for by the register and by what they answered in the
    finder, and how many there are in all."""
    facts = catalogue.facts_of(person, answers)
    found = [item for item in catalogue.entitlements(facts, today()) if item.verdict == "yes"]
    first = sorted(found, key=lambda item: not item.gain)  # what can be said in money stands first
    return first[:limit], len(found)


def own_record(person: Person) -> list[tuple[str, str]]:
    """What is on file about a person, for their own eyes; numbers masked, because phones are read over shoulders."""
    membership = members.current_membership(person)
    rows = [
        (_("姓名"), person.name),
        (_("证件号"), person.masked_id),
        (_("手机号"), person.masked_phone),
        (_("实名"), str(person.get_realname_level_display())),
    ]
    if membership is not None:
        skill = str(membership.get_skill_level_display()) if membership.skill_level else ""
        rows += [
            (_("会员编号"), membership.number),
            (_("所在工会"), membership.organisation.name),
            (_("会籍"), str(membership.get_state_display())),
            (_("入会时间"), day_text(membership.joined_on)),
            (_("单位"), membership.employer.name if membership.employer else ""),
            (_("工种"), membership.trade),
            (_("技能等级"), skill),
        ]
    return [(label, value) for label, value in rows if value]


def own_cases_data(user: User) -> list[dict[str, Any]]:
    """One's own requests for the file one takes away: what was asked, when, and what was answered."""
    return [
        {
            "number": case.number,
            "service": case.service_code,
            "title": case.title,
            "state": str(case.get_state_display()),
            "submitted_at": case.submitted_at,
            "answers": case.answers,
            "decisions": [
                {"outcome": str(row.get_outcome_display()), "reason": row.reason, "at": row.decided_at}
                for row in case.decisions.all()
            ],
        }
        for case in cases.own_cases(user).prefetch_related("decisions").order_by("-submitted_at")
    ]


def looks_data(person: Person) -> list[dict[str, Any]]:
    return [
        {"at": row.at, "by": row.by_name, "organisation": row.by_organisation, "what": row.what, "purpose": row.purpose}
        for row in access.looks_at(person.pk)
    ]


def account_called(name: str, phone: str) -> User | None:
    """The account with this telephone, if its holder bears this name."""
    user = access.account_of_phone(phone)
    if user is None:
        return None
    person = members.person_of(user)
    return user if name.strip() in (user.name, person.name if person else "") else None


def person_called(name: str, phone: str) -> Person | None:
    """The person in the register with this telephone and this name."""
    return next((person for person in members.persons_with_phone(phone) if person.name == name.strip()), None)


def service_choices(user: User) -> list[tuple[str, str]]:
    return [(version.service.code, version.name) for version in services_for(user)]


def everyday_tasks() -> list[tuple[str, str, str]]:
    """The eight doors of the home page: (label, icon, situation of the catalogue)."""
    return [
        (_("求助维权"), "scale", "rights"),
        (_("困难帮扶"), "aid", "hardship"),
        (_("医疗互助"), "medical", "health"),
        (_("入会转会"), "join", "membership"),
        (_("建会换届"), "tree", "organisation"),
        (_("订场馆"), "venue", "culture"),
        (_("学技能"), "book", "skills"),
        (_("提建议"), "message", "voice"),
    ]
