"""Reads of the catalogue. Published versions never change, so a web process keeps their parsed definitions."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import get_language, gettext

from yiwang.kernel.clock import today
from yiwang.net.catalogue.definitions import Definition
from yiwang.net.catalogue.errors import ServiceUnavailable
from yiwang.net.catalogue.facts import BELONGING, Facts, held_by_answers, held_by_register, register_facts
from yiwang.net.catalogue.formulas import regions_of
from yiwang.net.catalogue.models import CONTENTS, FinderProfile, Service, ServiceVersion, ServiceVersionQuerySet
from yiwang.net.catalogue.problems import Surroundings
from yiwang.net.catalogue.registry import known_by_wings
from yiwang.net.catalogue.vocabulary import BENEFITS
from yiwang.platform.forms.library import FormDefinition, OnFile, prefilled
from yiwang.platform.rules import queries as rules
from yiwang.platform.rules.library.explaining import Answer
from yiwang.register.access.models import Appointment
from yiwang.register.access.policies import appointments_of
from yiwang.register.access.queries import appointments_in_force
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Membership, Person
from yiwang.register.members.queries import latest_membership

Answers = Mapping[str, Any]
"""Answers to the finder's questions: question key → option, or list of options."""


# A local item for these is for everybody who works or lives there, member or not.
OPEN_AUDIENCES = ("worker", "new_form")


def published(*, paths: list[str] | None = None, places: Iterable[str] = ()) -> ServiceVersionQuerySet:
    """What can be asked for now: federation-wide items, local items of the bodies on ``paths``, and those for
    everybody around the ``places`` (division codes)."""
    offered = Q(service__in=Service.objects.offered_at(paths or []))
    regions = [code for place in places for code in regions_of(place)]
    if regions:
        offered |= Q(service__owner__division_code__in=regions) & open_to_everybody()
    return _in_order(ServiceVersion.objects.published().filter(offered))


def published_anywhere(*, paths: list[str]) -> ServiceVersionQuerySet:
    """The same for one service that somebody named: a local item for everybody is no secret elsewhere."""
    offered = Q(service__in=Service.objects.offered_at(paths)) | open_to_everybody()
    return _in_order(ServiceVersion.objects.published().filter(offered))


def open_to_everybody() -> Q:
    found = Q()
    for audience in OPEN_AUDIENCES:
        found |= Q(definition__audience__contains=[audience])
    return found


def is_open_to_everybody(version: ServiceVersion) -> bool:
    return bool(set(OPEN_AUDIENCES) & set(version.content.audience))


def _in_order(versions: ServiceVersionQuerySet) -> ServiceVersionQuerySet:
    return versions.select_related("service", "service__owner").order_by("service__position", "service__code")


def current_version(code: str) -> ServiceVersion:
    """The published version of a service, local or not. Raises ``ServiceUnavailable``."""
    versions = ServiceVersion.objects.published().filter(service__code=code)
    found = versions.select_related("service", "service__owner").first()
    if found is None:
        raise ServiceUnavailable(code)
    return found


def suspended_version(code: str) -> ServiceVersion | None:
    return ServiceVersion.objects.filter(service__code=code, state=ServiceVersion.State.SUSPENDED).first()


def with_contents(versions: ServiceVersionQuerySet) -> list[ServiceVersion]:
    """The rows without their long definitions; what this process has not parsed yet is fetched in one query."""
    rows = list(versions.defer("definition"))
    unread = {row.digest for row in rows} - CONTENTS.keys()
    if unread:
        for digest, definition in ServiceVersion.objects.filter(digest__in=unread).values_list("digest", "definition"):
            CONTENTS[digest] = Definition.from_json(definition)
    return rows


# --- what the finder answers ---


@dataclass(frozen=True)
class Entitlement:
    """One service with the answer to “am I entitled?”; ``answer`` is None where only a person can judge."""

    version: ServiceVersion
    answer: Answer | None

    @property
    def code(self) -> str:
        return self.version.service.code

    @property
    def name(self) -> str:
        return self.version.name

    @property
    def verdict(self) -> str:
        """yes | open | one_missing | missing | no | person. ``open``: yes, but no benefit one has to be told of."""
        if self.answer is None or self.answer.verdict == "stopped":
            return "person"
        if self.answer.verdict == "yes" and not self.is_benefit:
            return "open"
        return "one_missing" if self.answer.one_missing else self.answer.verdict

    @property
    def is_benefit(self) -> bool:
        content = self.version.content
        return content.result.kind in BENEFITS or bool(content.bundle)

    @property
    def because(self) -> str:
        """The first reason that speaks about this person: what holds for a yes, what stands against for a no."""
        if self.answer is None:
            return ""
        if self.answer.verdict not in ("yes", "no"):
            return ""
        wanted = self.answer.verdict == "yes"
        return next((gettext("因为{because}").format(because=reason.because) for reason in self.answer.reasons
                     if reason.holds is wanted and reason.because), "")  # fmt: skip

    @property
    def gain(self) -> str:
        """The figure where the rules give one, else what the service gives in two words."""
        if self.answer is not None and self.answer.amount:
            return gettext("约{amount}").format(amount=self.answer.amount_text)
        gain = self.version.content.gain
        return gain.figure if gain else ""

    @property
    def gain_unit(self) -> str:
        gain = self.version.content.gain
        return str(gain.unit) if gain and not (self.answer is not None and self.answer.amount) else ""

    @property
    def missing(self) -> str:
        """What is not known yet, as one sentence for each open condition."""
        if self.answer is None or self.answer.verdict != "missing":
            return ""
        told = [reason.because for reason in self.answer.reasons if reason.holds is None and reason.because]
        return gettext("；").join(dict.fromkeys(told))

    @property
    def rank(self) -> tuple[int, int, int]:
        """Money first, then other benefits, then paperwork."""
        kind = self.version.content.result.kind
        benefit = BENEFITS.index(kind) if kind in BENEFITS else len(BENEFITS)
        return (-(self.answer.amount or 0) if self.answer else 0, benefit, self.version.service.position)


def entitlements(facts: Facts, on: dt.date, *, versions: Iterable[ServiceVersion] | None = None) -> list[Entitlement]:
    """Every service on offer with its answer, the most useful first. One evaluation for all of them."""
    offered = list(versions) if versions is not None else with_contents(published())
    keys = [version.content.ruleset for version in offered if version.content.ruleset]
    answers = rules.explain_many(keys, facts, on, _language())
    found = [Entitlement(version, answers.get(version.content.ruleset)) for version in offered]
    return sorted(found, key=lambda item: item.rank)


def entitlement(version: ServiceVersion, facts: Facts, on: dt.date) -> Entitlement:
    return entitlements(facts, on, versions=[version])[0]


def _language() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh"


def facts_of(person: Person | None, answers: Answers, *, on: dt.date | None = None) -> Facts:
    """What is on file about a person and what they answered. What register and wings hold wins over answers."""
    asked = rules.facts_from_answers(dict(answers))
    if person is None:
        return asked
    day = on or today()
    held = register_facts(person, latest_membership(person), _posts_of(person, day), day)
    return asked | held | known_by_wings(person, day)


def _posts_of(person: Person, day: dt.date) -> list[Appointment]:
    if person.user_id is None:
        return []
    is_today = day == today()
    user: User | None = person._state.fields_cache.get("user")  # of the one who looks: asked for already
    if is_today and user is not None:
        return appointments_of(user)
    posts = appointments_in_force(person.user_id, day)
    return list(posts.filter(user__is_active=True) if is_today else posts)


def held_facts(person: Person | None) -> dict[str, OnFile]:
    """What forms are filled with, each with the place it comes from. Paths as in a field's ``prefill``."""
    if person is None:
        return {}
    sources = {"person": gettext("实名信息"), "membership": gettext("会员库")}
    held = held_by_register(person, latest_membership(person), today())
    return {path: OnFile(value, sources[place]) for path, (value, place) in held.items()}


def prefill(version: ServiceVersion, person: Person | None, answers: Answers | None = None) -> dict[str, OnFile]:
    """First answers of the form by field key, from what is on file and what the person told the finder."""
    steps = FormDefinition.from_json(version.content.form).steps
    told = held_by_answers(rules.facts_from_answers(dict(answers or {})))
    source = gettext("你刚才选的")
    held = {path: OnFile(value, source) for path, value in told.items() if value}
    return prefilled(steps, held | held_facts(person), today=today())


# --- the finder's answers that a person let us keep ---


def kept_answers(user: User) -> dict[str, Any]:
    profile = FinderProfile.objects.filter(user=user).first()
    return json.loads(profile.answers) if profile else {}


def may_be_told(user: User) -> bool:
    return FinderProfile.objects.filter(user=user, may_be_told=True).exists()


def agreed_profiles(path: str) -> QuerySet[FinderProfile]:
    """What members under ``path`` answered who agreed to be told; newest membership decides when they are looked at."""
    below = Q(**{"organisation__path__descendant": path})
    members = Membership.objects.filter(below, state__in=BELONGING).values("person_id")
    profiles = FinderProfile.objects.filter(may_be_told=True, user__person__in=members)
    return profiles.select_related("user__person").order_by("pk")


def answer_for(version: ServiceVersion, profile: FinderProfile, on: dt.date) -> Answer | None:
    """Whether this person qualifies by what the register holds and they told us."""
    return entitlement(version, facts_of(profile.user.person, json.loads(profile.answers), on=on), on).answer


def eligible(version: ServiceVersion, paths: list[str], on: dt.date) -> list[tuple[Person, Answer]]:
    """Members under ``paths`` who agreed to be told and qualify. Whoever calls takes out those who already asked."""
    profiles = FinderProfile.objects.filter(may_be_told=True, user__person__isnull=False)
    profiles = profiles.select_related("user__person")
    found = []
    for profile in profiles.order_by("pk"):
        person = profile.user.person
        membership = latest_membership(person)
        if membership is None or not _lies_under(str(membership.organisation.path), paths):
            continue
        answer = entitlement(version, facts_of(person, json.loads(profile.answers), on=on), on).answer
        if answer is not None and answer.verdict == "yes":
            found.append((person, answer))
    return found


def _lies_under(path: str, roots: list[str]) -> bool:
    return any(path == root or path.startswith(f"{root}.") for root in roots)


# --- the editor ---


def surroundings(service: Service) -> Surroundings:
    """What a definition of this service is checked against."""
    provincial = with_contents(published().exclude(service=service))
    return Surroundings(
        code=service.code,
        is_local=service.is_local,
        rulesets=frozenset(rules.ruleset_keys()),
        provincial={version.service.code: version.content for version in provincial},
    )


def versions_of(services: QuerySet[Service]) -> list[Service]:
    """The editor's list: each service with its versions, newest first, as ``service.listed``."""
    newest = ServiceVersion.objects.select_related("drafted_by").order_by("-number")
    return list(
        services.select_related("owner").prefetch_related(
            Prefetch("versions", queryset=newest.defer("definition"), to_attr="listed")
        )
    )


def former_version(version: ServiceVersion, chosen: str) -> ServiceVersion | None:
    """The version to compare with: the chosen one, else the one in force, else the one before."""
    others = version.service.versions.exclude(pk=version.pk)
    if chosen.isdigit():
        return others.filter(number=int(chosen)).first()
    in_force = [ServiceVersion.State.PUBLISHED, ServiceVersion.State.SUSPENDED]
    return others.filter(state__in=in_force).first() or others.filter(number__lt=version.number).first()
