"""Reads about programmes and places: what the rules may know of a person, and who else helps the same household."""

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.kernel.clock import add_months, local_date
from yiwang.kernel.money import fen, yuan, yuan_text
from yiwang.net.catalogue.queries import facts_of
from yiwang.net.payments.models import Fund, Payment
from yiwang.net.payments.queries import payments_for
from yiwang.platform.rules import queries as rules
from yiwang.platform.rules.library.explaining import Answer
from yiwang.platform.rules.library.model import Fact
from yiwang.register.members.models import Person
from yiwang.register.organisations.models import Organisation
from yiwang.rights.aid.kinds import SPECS, Kind, kinds_of
from yiwang.rights.aid.models import AidFile, Doubled, Grant, Place, Programme
from yiwang.rights.aid.queries import PAYABLE, hardship_facts
from yiwang.rights.aid.reckoning import city_of

SOURCE = "aid.place"
TOWN = 5
HELD = (Place.State.ENTERED, Place.State.WAITING, Place.State.GIVEN)
PAID_KINDS = {kind: spec.item for kind, spec in SPECS.items() if spec.item}


def doubts_about_places(ids: Sequence[int]) -> dict[int, str]:
    """Which places may not be paid now."""
    gone = Place.objects.filter(pk__in=ids).exclude(state=Place.State.GIVEN).values_list("pk", flat=True)
    return {pk: _("这个名额已经取消") for pk in gone}


def place_of_case(case_id: int) -> Place | None:
    return Place.objects.filter(case_id=case_id).first()


def place_desk_url(case_id: int) -> str:
    place = place_of_case(case_id)
    if place is not None:
        return reverse("aid:place-detail", args=[place.public_id])
    programme = Programme.objects.filter(places__listed_in=case_id).first()
    return reverse("aid:programme-detail", args=[programme.public_id]) if programme else ""


def place_own_url(case_id: int) -> str:
    place = place_of_case(case_id)
    return reverse("aid:own-place", args=[place.public_id]) if place else ""


def file_of(person: Person) -> AidFile | None:
    """The file in force of the household a person lives in."""
    mine = Q(applicant=person) | Q(members__id_hash=person.id_hash, members__is_coresident=True)
    files = AidFile.objects.filter(mine if person.id_hash else Q(applicant=person), state__in=PAYABLE)
    return files.order_by("-pk").first()


def household_of_person(person: Person) -> str:
    """Who lives together has the same key; without a file a person stands alone."""
    file = file_of(person)
    return file.household_key if file else f"person:{person.pk}"


def known_facts(
    programme: Programme, person: Person, on: dt.date, *, but: Place | None = None, purpose: str = Place.Purpose.AID
) -> dict[str, Any]:
    """What the register, the aid files and the ledgers of all payers say. Never asked of anybody."""
    file = file_of(person)
    known = facts_of(person, {}, on=on)
    known |= {"aid_class": hardship_facts(person, on)["hardship_class"]}
    known["aid_region"] = city_of(file.region if file else programme.organisation.division_code)
    paid = paid_this_year(person, programme.year, but=but)
    known |= {f"prior_{item}": paid.get(item, 0) for item in PAID_KINDS.values()}
    known |= _mutual_facts(programme, person, on, but, purpose)
    years = int(rules.parameter("aid_rest_years", on))
    went = Place.objects.filter(person=person, programme__kind=Kind.REST, state=Place.State.GIVEN)
    went = went.filter(decided_at__date__gte=add_months(on, -12 * years))
    known["rested_lately"] = went.exclude(pk=but.pk if but else 0).exists()
    return known


def joins_of(person: Person) -> QuerySet[Place]:
    """Periods of mutual aid this person takes part in."""
    return Place.objects.filter(person=person, purpose=Place.Purpose.JOIN, state=Place.State.GIVEN)


def owing(programme: Programme) -> QuerySet[Place]:
    """Who takes part and has not paid for it."""
    joins = programme.places.filter(purpose=Place.Purpose.JOIN, state=Place.State.GIVEN, premium__gt=0)
    return joins.filter(premium_on=None)


def unions_owing(programme: Programme) -> list[tuple[Organisation, int]]:
    counts = dict(owing(programme).order_by().values_list("organisation").annotate(n=Count("pk")))
    return [(body, counts[body.pk]) for body in Organisation.objects.filter(pk__in=counts).order_by("name")]


@dataclass(frozen=True)
class Premiums:
    """What came in for one period of mutual aid, and who has not paid."""

    people: int
    total: Decimal
    owing: int
    claims: int


def premiums_of(programme: Programme) -> Premiums:
    paid = programme.places.filter(premium_on__isnull=False).aggregate(n=Count("pk"), total=Sum("premium"))
    claims = programme.places.filter(purpose=Place.Purpose.CLAIM, state=Place.State.GIVEN).count()
    return Premiums(paid["n"], paid["total"] or Decimal(0), owing(programme).count(), claims)


def period_of(programme: Programme) -> tuple[dt.date, dt.date]:
    """The days a programme of mutual aid covers; one without its own covers its year."""
    start = programme.covers_from or dt.date(programme.year, 1, 1)
    return start, programme.covers_until or dt.date(programme.year, 12, 31)


def cover_of(place: Place) -> tuple[dt.date, dt.date] | None:
    """From when to when somebody who takes part is covered; nothing before what is owed is paid."""
    if place.premium and place.premium_on is None or place.decided_at is None:
        return None
    start, end = period_of(place.programme)
    return place.covered_from or max(local_date(place.decided_at), start), end


def _mutual_facts(
    programme: Programme, person: Person, on: dt.date, but: Place | None, purpose: str
) -> dict[str, bool]:
    """For who would join: whether they take part in this very period. For a claim: covered today, and the waiting
    days over, which whoever went on without a gap does not wait again."""
    joins = list(joins_of(person).exclude(pk=but.pk if but else 0).select_related("programme"))
    if purpose == Place.Purpose.JOIN:
        start, end = period_of(programme)
        periods = [period_of(join.programme) for join in joins]
        return {"mutual_covered": any(a <= end and start <= b for a, b in periods), "mutual_waiting_done": False}
    spans = sorted(span for join in joins if (span := cover_of(join)) is not None)
    now = next((span for span in spans if span[0] <= on <= span[1]), None)
    if now is None:
        return {"mutual_covered": False, "mutual_waiting_done": False}
    wait = dt.timedelta(days=int(rules.parameter("aid_mutual_wait_days", on)))
    day = dt.timedelta(days=1)
    goes_on = any(start < now[0] <= end + day for start, end in spans)
    return {"mutual_covered": True, "mutual_waiting_done": goes_on or now[0] + wait <= on}


def paid_this_year(person: Person, year: int, *, but: Place | None = None) -> dict[str, int]:
    """Fen by item, from any payer, for the whole household: grants of files and places of programmes (RI 1.11)."""
    household = household_of_person(person)
    sums: dict[str, int] = {}
    grants = Grant.objects.filter(file__household_key=household, year=year, state=Grant.State.APPROVED)
    for grant_item, amount in _standing("aid.grant", [(row.pk, row.item, row.payable) for row in grants]):
        sums[grant_item] = sums.get(grant_item, 0) + fen(amount)
    for item, amount in _standing(SOURCE, _paid_places(household, year, but)):
        sums[item] = sums.get(item, 0) + fen(amount)
    return sums


def _paid_places(household: str, year: int, but: Place | None) -> list[tuple[int, str, Decimal]]:
    places = Place.objects.filter(household=household, programme__year=year, state=Place.State.GIVEN, amount__gt=0)
    places = places.exclude(pk=but.pk if but else 0).select_related("programme")
    return [(place.pk, place.programme.spec.item, place.amount) for place in places]


def _standing(source: str, rows: list[tuple[int, str, Decimal]]) -> Iterator[tuple[str, Decimal]]:
    """Without those whose payment was cancelled or came back."""
    over = (Payment.State.CANCELLED, Payment.State.RECOVERED)
    payments = payments_for(source, [pk for pk, _item, _amount in rows])
    for pk, item, amount in rows:
        if pk not in payments or payments[pk].state not in over:
            yield item, amount


def rule_facts(key: str, on: dt.date) -> tuple[Fact, ...]:
    """The facts a rule set looks at."""
    return rules.version(key, on).ruleset.facts


ASKED = (
    "school_stage", "costly_school", "aid_self_paid", "aid_accident_net", "jobless", "training_cost",
    "mutual_self_paid", "visit_reason",
)  # fmt: skip


def asked_facts(key: str, on: dt.date) -> list[Fact]:
    """Those among them that somebody must tell, with papers."""
    return [fact for fact in rule_facts(key, on) if fact.name in ASKED]


def facts_for(place: Place, on: dt.date) -> dict[str, Any]:
    """Only what the rules look at: that is what the receipt keeps."""
    wanted = {fact.name for fact in rule_facts(place.rules, on)}
    told: dict[str, Any] = json.loads(place.told or "{}")
    but = place if place.pk else None
    known = told | known_facts(place.programme, place.person, on, but=but, purpose=place.purpose)
    known["rested_lately"] = known["rested_lately"] or bool(told.get("rested_lately"))  # one's own word counts against
    return {name: value for name, value in known.items() if name in wanted}


def answer_for_place(place: Place, on: dt.date, language: str = "zh") -> Answer:
    return rules.explain(place.rules, facts_for(place, on), on, language)


def doubles_of(place: Place) -> Iterator[tuple[str, str]]:
    """Signs that the household is helped twice, in Chinese: they are kept and read later."""
    programme = place.programme
    others = Place.objects.filter(household=place.household, state__in=HELD).exclude(pk=place.pk)
    others = others.filter(programme__year=programme.year, programme__kind=programme.kind)
    for other in others.select_related("programme__organisation", "person").exclude(person=place.person):
        if other.programme_id == programme.pk:
            yield Doubled.Signal.SAME_HOUSEHOLD, f"{other.person.name} · {other.get_state_display()}"
    for other in others.select_related("programme__organisation", "person"):
        if other.programme.organisation_id != programme.organisation_id:
            where = other.programme.organisation.name
            yield Doubled.Signal.OTHER_BODY, f"{where} · {other.programme.name} · {other.person.name}"
    item = programme.spec.item
    if item and place.purpose != Place.Purpose.CLAIM:
        paid = paid_this_year(place.person, programme.year, but=place).get(item, 0)
        if paid:
            yield Doubled.Signal.SAME_ITEM, yuan_text(yuan(paid))


@dataclass(frozen=True)
class Money:
    """What a programme has of its budget: promised to people, arrived, and left."""

    paid: Decimal
    on_its_way: Decimal


def money_of(programme: Programme) -> Money:
    places = Payment.objects.filter(source=SOURCE, source_id__in=programme.places.values("pk"))
    grants = Payment.objects.filter(source="aid.grant", source_id__in=programme.grants.values("pk"))
    paid = Decimal(0)
    for payments in (places, grants):
        paid += payments.filter(state=Payment.State.PAID).aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    return Money(paid, programme.promised - paid)


def state_counts(places: QuerySet[Place]) -> dict[str, int]:
    return dict(places.order_by().values_list("state").annotate(n=Count("pk")))


def share_above(programme: Programme, organisation: Organisation) -> Organisation | None:
    """The body among the programme's shares that gives out places to members of this union."""
    path = str(organisation.path)
    for share in programme.shares.select_related("organisation"):
        root = str(share.organisation.path)
        if path == root or path.startswith(f"{root}."):
            return share.organisation
    return None


def open_programmes(paths: list[str], on: dt.date) -> QuerySet[Programme]:
    """Programmes of the bodies above a person's union that take people on that day."""
    above = Organisation.objects.none()
    for path in paths:
        above = above | Organisation.objects.ancestors_of(path) | Organisation.objects.filter(path=path)
    return Programme.objects.taking(on).filter(organisation__in=above).select_related("organisation", "fund")


def programme_for(service: str, organisation: Organisation, on: dt.date, *, kind: str = "") -> Programme | None:
    """Where a request of this service comes in: the nearest body's open programme."""
    kinds = [found for found in kinds_of(service) if not SPECS[found].by_file]
    found = open_programmes([str(organisation.path)], on).filter(kind__in=[kind] if kind else kinds)
    return found.order_by("-organisation__level", "closes_on").first()


def programme_of_item(county: Organisation, item: str, fund: Fund, on: dt.date) -> Programme | None:
    """The programme under which a file's grant of this item is paid: of the same fund, open on that day."""
    kinds = [kind for kind, spec in SPECS.items() if spec.by_file and spec.item == item]
    found = open_programmes([str(county.path)], on).filter(kind__in=kinds, fund=fund)
    return found.order_by("-organisation__level", "closes_on").first()


def places_of(person: Person) -> QuerySet[Place]:
    return (
        Place.objects.filter(person=person).select_related("programme__organisation", "programme__draw").order_by("-pk")
    )


def told_as_typed(place: Place) -> dict[str, Any]:
    """What was told, as the form shows it again."""
    told: dict[str, Any] = json.loads(place.told or "{}")
    shown: dict[str, Any] = {}
    for name, value in told.items():
        shown[name] = "yes" if value is True else "no" if value is False else value
        if isinstance(value, int) and not isinstance(value, bool):
            shown[name] = f"{yuan(value):.2f}"
    return shown


def with_open_doubles(places: QuerySet[Place], *, may_open: bool) -> QuerySet[Place]:
    """For the list: how many signs wait, and whether it links to the person's own page."""
    places = places.annotate(may_open=Value(may_open))
    return places.annotate(
        open_doubles=Count("doubles", filter=Q(doubles__resolved_at=None) & Q(doubles__isnull=False))
    )


def bodies_below(programme: Programme) -> QuerySet[Organisation]:
    """The bodies a programme's places may be shared out to: the next level, and towns below a county."""
    below = Organisation.objects.filter(**{"path__descendant": str(programme.organisation.path)}, state="active")
    below = below.exclude(pk=programme.organisation_id).filter(level__gt=programme.organisation.level)
    return below.filter(level__lte=TOWN).order_by("level", "name")


def totals(programmes: QuerySet[Programme]) -> dict[str, Any]:
    found = programmes.order_by().aggregate(
        open=Count("pk", filter=Q(state=Programme.State.OPEN)),
        taken=Sum("taken"),
        budget=Sum("budget"),
        promised=Sum("promised"),
    )
    zero = Decimal(0)
    found = {"open": found["open"], **{name: found[name] or zero for name in ("taken", "budget", "promised")}}
    return {**found, "left": found["budget"] - found["promised"]}
