"""Reads about persons and their memberships."""

import datetime as dt
from functools import reduce
from operator import or_
from typing import Any, cast

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Count, F, Func, OuterRef, Q, QuerySet

from yiwang.kernel.clock import today
from yiwang.kernel.crypto import blind_index
from yiwang.kernel.identity import BadIdentity, IdType, check_identity, normalise, parse_phone
from yiwang.kernel.ltree import prefixes_of
from yiwang.kernel.prepared import Prepared
from yiwang.platform.files.models import Document
from yiwang.platform.rules.queries import parameter
from yiwang.platform.text.library import fold, pinyin_query
from yiwang.register.access.queries import holders
from yiwang.register.accounts.models import User
from yiwang.register.members.codes import Gender
from yiwang.register.members.formulas import Retirement
from yiwang.register.members.models import (
    CHARACTERS,
    Affiliation,
    Change,
    GroupLead,
    IdentityHistory,
    Membership,
    MembershipQuerySet,
    MembershipSpan,
    Merge,
    Person,
    Release,
)
from yiwang.register.organisations.models import Kind, Organisation

PHOTO = "member_photo"
CACHE = "_person"  # on the request's own user object
MASKED_TO_FOUR = 15  # as ``identity.mask_id`` does
DECIDERS_TOLD = 5
KEPT = "_membership"  # on the person found there


def identity_hash(id_type: str, number: str) -> str:
    """The blind index of a normalised number (GT 2.4: HMAC over “type:number”)."""
    return blind_index("identity", f"{id_type}:{number}")


def tail_hash(number: str) -> str:
    """The blind index of what the masked number shows of a long number: its last four characters."""
    return blind_index("identity_tail", number[-4:])[:16] if len(number) >= MASKED_TO_FOUR else ""


def phone_hash(number: str) -> str:
    return blind_index("phone", number)


def _with_twins(user: int) -> QuerySet[Person]:
    merged = Person.objects.filter(merged_into=OuterRef("pk")).values("pk")
    return Person.objects.known().filter(user_id=user).annotate(twins=ArraySubquery(merged)).order_by("pk")[:1]


PERSON_OF = Prepared(_with_twins)


def person_of(user: User | AnonymousUser | None) -> Person | None:
    """The person an account belongs to; one query for each user object, as a request asks often."""
    if user is None or not user.is_authenticated:
        return None
    if not hasattr(user, CACHE):
        person = next(iter(PERSON_OF.records(user=user.pk)), None)
        if person is not None:
            person.user = user
            setattr(person, KEPT, [])
        setattr(user, CACHE, person)
    return cast(Person | None, getattr(user, CACHE))


def records_of(person: Person) -> list[int]:
    """The ids a person's own things may stand under: their record, and records that were merged into it."""
    return [person.pk, *getattr(person, "twins", ())]


def forget_person(user: User | AnonymousUser) -> None:
    """Drop what this object remembers, after binding within one request."""
    if hasattr(user, CACHE):
        delattr(user, CACHE)


def person_with(id_type: str, number: str) -> Person | None:
    """Who holds this document, now or before it was re-issued. Refuses numbers that cannot be."""
    checked = check_identity(id_type, number)
    wanted = identity_hash(checked.id_type, checked.number)
    person = Person.objects.filter(id_hash=wanted).select_related("merged_into").first()
    if person is None:
        earlier = IdentityHistory.objects.filter(id_hash=wanted).select_related("person__merged_into").first()
        person = earlier.person if earlier else None
    return (person.merged_into or person) if person else None


def persons_with_phone(number: str) -> list[Person]:
    wanted = phone_hash(parse_phone(number))
    return list(Person.objects.known().filter(phone_hash=wanted).order_by("-phone_verified_at", "pk")[:20])


def first_owner(number: str, *, besides: Person) -> Person | None:
    """Who verified this telephone first: the oldest keeps it as theirs (D3)."""
    others = Person.objects.known().filter(phone_hash=phone_hash(number), phone_verified_at__isnull=False)
    return others.exclude(pk=besides.pk).order_by("phone_verified_at", "pk").first()


def current_membership(person: Person | None) -> Membership | None:
    """The membership a person holds now: in force, being transferred or retained.

    The person of an account (``person_of``) remembers it: the parts of one page all ask.
    """
    kept: list[Membership | None] | None = getattr(person, KEPT, None)
    if person is None or kept:
        return kept[0] if kept else None
    membership = held_membership(person)
    if kept is not None:
        kept.append(membership)
    return membership


def held_membership(person: Person) -> Membership | None:
    """The same, asked of the database each time: for whoever is about to change it."""
    held = Membership.objects.held().filter(person=person)
    return held.select_related("organisation", "employer").first()


def latest_membership(person: Person) -> Membership | None:
    """The held one, else the newest of any state: what “my membership” shows."""
    return current_membership(person) or (
        Membership.objects.filter(person=person).select_related("organisation", "employer").order_by("-pk").first()
    )


def spans_of(person: Person) -> list[MembershipSpan]:
    """With what stood on a record that was merged into this one."""
    both = Person.objects.filter(Q(pk=person.pk) | Q(merged_into=person))
    rows = _of_people(MembershipSpan.objects.all(), both)
    return list(rows.select_related("organisation").order_by("days"))


def changes_of(person: Person, *, limit: int = 50) -> list[Change]:
    """What was put right, newest first."""
    return list(Change.objects.filter(person=person).select_related("by").order_by("-at", "-pk")[:limit])


def affiliations_of(person: Person) -> list[Affiliation]:
    return list(Affiliation.objects.running().filter(person=person).select_related("organisation").order_by("pk"))


def membership_of_card(public_id: str) -> Membership | None:
    return Membership.objects.filter(public_id=public_id).select_related("person", "organisation").first()


def groups_of(union: Organisation) -> list[Organisation]:
    """Union groups of a union with ``size`` and ``leader`` (or None), by name."""
    groups = Organisation.objects.live().filter(parent=union, kind=Kind.UNION_GROUP).order_by("name", "pk")
    sizes = dict(
        Membership.objects.current().filter(group__in=groups).values_list("group").annotate(n=Count("pk")).order_by()
    )
    leads = GroupLead.objects.filter(group__in=groups, until=None).select_related("membership__person")
    leaders = {lead.group_id: lead for lead in leads}
    rows = list(groups)
    for group in rows:
        group.size, group.lead = sizes.get(group.pk, 0), leaders.get(group.pk)  # type: ignore[attr-defined]  # a row
    return rows


def members_under(place: Organisation) -> MembershipQuerySet:
    return Membership.objects.under(str(place.path))


def fresh_person(person: Person) -> Person:
    """An object of its own for a form to write on, so that the action can tell what changed."""
    return Person.objects.get(pk=person.pk)


def fresh_membership(membership: Membership) -> Membership:
    return Membership.objects.get(pk=membership.pk)


def lead_of(group: Organisation) -> GroupLead | None:
    return GroupLead.objects.filter(group=group, until=None).select_related("membership__person").first()


def led_by(person: Person | None) -> list[GroupLead]:
    """Groups this person leads today."""
    if person is None:
        return []
    rows = GroupLead.objects.filter(membership__person=person, until=None)
    return list(rows.select_related("group", "membership").order_by("pk"))


def members_of_group(group: Organisation) -> list[Membership]:
    rows = Membership.objects.held().filter(group=group).select_related("person")
    return list(rows.order_by("person__pinyin_full", "pk"))


def members_called(union: Organisation, text: str) -> list[Membership]:
    """Current members of one union with this number or exactly this name."""
    rows = Membership.objects.current().filter(organisation=union).select_related("person")
    return list(rows.filter(Q(number=text) | Q(person__name=text)).order_by("pk")[:5])


def last_merges(person: Person) -> list[Merge]:
    """Merges into this record that can still be undone."""
    return list(Merge.objects.filter(kept=person, undone_at=None, undo_until__gte=today()).select_related("dropped"))


def voters(organisation: Organisation, on: Any) -> list[Person]:
    """Who had a vote in this body on that day: retained members have none (GT 2.5)."""
    spans = MembershipSpan.objects.filter(organisation=organisation, days__contains=on, may_vote=True)
    return [span.person for span in spans.select_related("person").order_by("person__name", "person_id")]


def organisation_by_id(pk: int) -> Organisation:
    return Organisation.objects.get(pk=pk)


def photo_of(person: Person) -> Document | None:
    """Their picture, if they gave one."""
    return Document.objects.belonging_to(PHOTO, person.pk).usable().order_by("-pk").first()


def own_data(person: Person) -> dict[str, Any]:
    """Everything the register holds about a person, readable without us: for the person alone."""
    memberships = Membership.objects.filter(person=person).select_related("organisation", "employer").order_by("pk")
    return {
        "name": person.name,
        "id_type": person.get_id_type_display(),
        "id_number": person.id_number,
        "gender": person.get_gender_display(),
        "birth_date": _text(person.birth_date),
        "phone": person.phone or "",
        "realname_level": person.get_realname_level_display(),
        "nation": person.nation,
        "political": person.get_political_display(),
        "education": person.get_education_display(),
        "household_type": person.get_household_type_display(),
        "residence_address": person.residence_address or "",
        "photo": (photo.name if (photo := photo_of(person)) else ""),
        "second_unions": [row.organisation.name for row in affiliations_of(person)],
        "changes": [
            {"at": change.at, "field": change.field, "was": change.was or "", "became": change.became or ""}
            for change in changes_of(person, limit=1000)
        ],
        "memberships": [_membership_data(membership) for membership in memberships],
        "history": [
            {
                "organisation": span.organisation.name,
                "from": _text(span.days.lower),
                "to": _text(span.days.upper),
                "reason": span.get_reason_display(),
                "may_vote": span.may_vote,
            }
            for span in spans_of(person)
        ],
    }


def _membership_data(membership: Membership) -> dict[str, Any]:
    return {
        "number": membership.number,
        "organisation": membership.organisation.name,
        "state": membership.get_state_display(),
        "joined_on": _text(membership.joined_on),
        "ended_on": _text(membership.ended_on),
        "employer": membership.employer.name if membership.employer else "",
        "department": membership.department,
        "post": membership.post,
        "trade": membership.trade,
        "employ_kind": membership.get_employ_kind_display(),
        "employ_state": membership.get_employ_state_display(),
        "is_migrant": membership.is_migrant,
        "new_form": membership.get_new_form_display(),
        "skill_level": membership.get_skill_level_display() if membership.skill_level else "",
        "skill_certificate": membership.skill_certificate,
        "honours": membership.honours,
        "dues_from": _text(membership.dues_from),
        "dues_paid_to": _text(membership.dues_paid_to),
        "relation_kind": membership.get_relation_kind_display(),
        "platforms": membership.platforms,
        "station": membership.station,
        "vehicle": membership.vehicle,
        "plate": membership.plate or "",
        "work_area": membership.work_area,
        "union_post": membership.union_post,
        "occupation": membership.occupation,
        "union_at": membership.get_union_at_display(),
    }


def _text(value: object) -> str:
    return str(value) if value is not None else ""


def matching(rows: Any, text: str) -> Any:
    """By a full number, by the last four characters of the document, by the member's number, or by name and pinyin."""
    wanted = normalise(text)
    if wanted.isdigit() and len(wanted) == 13:
        return rows.filter(number=wanted)
    try:
        return rows.filter(person__phone_hash=phone_hash(parse_phone(wanted)))
    except BadIdentity:
        pass
    if len(wanted) == 18 and wanted[:17].isdigit():
        return rows.filter(person__id_hash=identity_hash(IdType.RESIDENT, wanted))
    if len(wanted) == 4 and wanted[:3].isdigit():
        return _of_people(rows, Person.objects.filter(tail_hash=tail_hash(wanted.rjust(18))))
    folded = fold(text)
    letters = pinyin_query(folded)
    people = Person.objects.alias(characters=CHARACTERS)
    if letters:
        found = people.filter(Q(pinyin_full__startswith=letters) | Q(pinyin_initials__startswith=letters))
    else:
        plain = text.strip()
        ways = [Q(characters__contains=list(words), name__contains=words) for words in {plain, folded}]
        found = people.filter(reduce(or_, ways))
    return _of_people(rows, found)


def _of_people(rows: Any, people: Any) -> Any:
    """Memberships of these people. As an array, which is worked out first: from a subquery the planner would rather
    walk millions of rows in the order of the list, in the hope of meeting one soon."""
    return rows.filter(
        Func(
            F("person_id"),
            ArraySubquery(people.values("pk")),
            template="%(expressions)s)",
            arg_joiner=" = ANY (",
            output_field=BooleanField(),
        )
    )


def organisation_named(public_id: str) -> Organisation | None:
    return Organisation.objects.filter(public_id=public_id).first() if public_id else None


def in_organisation(rows: Any, body: Organisation | None) -> Any:
    """Members of a body and of all below it: the rows behind its figure."""
    return rows.under(body.path).current() if body else rows.none()


def staying_in(organisation: Organisation) -> int:
    """Members who would lose their union with the body: neither moved on nor retained."""
    return Membership.objects.current().filter(organisation=organisation).count()


def release_deciders(place: Organisation, asker: User) -> list[User]:
    """Who may let a list go: of the place itself or, where nobody else holds that post, of the nearest body above."""
    for path in reversed(prefixes_of(str(place.path))):
        body = Organisation.objects.filter(path=path).first()
        found = holders(body, "register.release").exclude(pk=asker.pk) if body else User.objects.none()
        if people := list(found[:DECIDERS_TOLD]):
            return people
    return []


def release_by_id(pk: int) -> Release:
    return Release.objects.select_related("place", "asked_by", "decided_by").get(pk=pk)


def retiring(rows: Any, day: dt.date) -> Any:
    """Members in force who reach the retirement age by then or did: to be confirmed, never retained by themselves.

    Women by the earlier age; whether somebody holds a manager's post, a person knows.
    """
    ahead = day + dt.timedelta(days=31 * int(parameter("members.retire_ahead_months", day)))
    born = Q()
    for gender, who in ((Gender.MALE, "men"), (Gender.FEMALE, "women")):
        years, step, most = (int(parameter(f"members.retire_{who}_{part}", day)) for part in ("years", "step", "most"))
        track = Retirement(years, step, most, raised_from=int(parameter("members.retire_raised_from", day)))
        born |= Q(person__gender=gender, person__birth_date__lte=track.latest_birth(ahead))
    return rows.filter(born, state=Membership.State.ACTIVE)
