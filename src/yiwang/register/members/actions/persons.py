"""Registering persons, correcting them, and joining an account to the person it belongs to."""

from typing import Any

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yiwang.kernel.clock import now, today
from yiwang.kernel.identity import Identity, IdType, check_identity, clean_name, parse_phone
from yiwang.platform.journal.actions import record
from yiwang.platform.rules.queries import parameter
from yiwang.platform.text.library import person_keys
from yiwang.register.access.actions import note_reveal
from yiwang.register.accounts.models import User
from yiwang.register.members.actions import effects
from yiwang.register.members.codes import Gender, RealnameLevel
from yiwang.register.members.errors import (
    AlreadyBound,
    CannotBind,
    ContradictsIdentity,
    IdentityConflict,
    TooManyAttempts,
)
from yiwang.register.members.events import (
    DataExported,
    MembersExported,
    PersonBound,
    PersonCorrected,
    PersonRegistered,
    PersonUnbound,
)
from yiwang.register.members.models import Change, IdentityHistory, Membership, Person
from yiwang.register.members.queries import (
    first_owner,
    forget_person,
    identity_hash,
    own_data,
    person_with,
    phone_hash,
    tail_hash,
)

CORRECTABLE = (
    "name", "phone", "nation", "political", "education", "household_type", "household_division", "residence_division",
    "residence_address",
)  # fmt: skip
ONE_DAY = 86_400


@transaction.atomic
def register_person(
    *,
    name: str,
    id_number: str,
    by: User | None,
    id_type: str = IdType.RESIDENT,
    phone: str = "",
    realname_level: int = RealnameLevel.FORMAT,
    **details: Any,
) -> Person:
    """The person with this document, new or already on file; the same number under another name is refused (D2)."""
    checked = check_identity(id_type, id_number)
    clean = clean_name(name)
    _refuse_contradiction(checked, details)
    known = person_with(checked.id_type, checked.number)
    if known is not None:
        if known.name != clean:
            raise IdentityConflict
        return known

    full, initials = person_keys(clean)
    number = parse_phone(phone) if phone else None
    person = Person(
        name=clean,
        pinyin_full=full,
        pinyin_initials=initials,
        id_type=checked.id_type,
        id_number=checked.number,
        id_hash=identity_hash(checked.id_type, checked.number),
        tail_hash=tail_hash(checked.number),
        phone=number,
        phone_hash=phone_hash(number) if number else "",
        realname_level=realname_level,
        **{"gender": checked.gender or Gender.UNKNOWN, "birth_date": checked.birth_date, **details},
    )
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:  # somebody registered the same document a moment ago
        return register_person(name=name, id_number=id_number, by=by, id_type=id_type, phone=phone)
    record(PersonRegistered(person_id=person.pk, realname_level=person.realname_level), by=by)
    return person


def _refuse_contradiction(checked: Identity, details: dict[str, Any]) -> None:
    gender, birth = details.get("gender"), details.get("birth_date")
    if gender and checked.gender and gender != checked.gender:
        raise ContradictsIdentity("gender", _("性别和证件号码对不上。请核对证件。"))
    if birth and checked.birth_date and birth != checked.birth_date:
        raise ContradictsIdentity("birth_date", _("出生日期和证件号码对不上。请核对证件。"))


@transaction.atomic
def correct_person(person: Person, *, by: User | None, source: str = Change.Source.UNIT, **changes: Any) -> list[str]:
    """Put facts right (documents: ``replace_document``); returns the names of the fields that really changed."""
    unknown = set(changes) - set(CORRECTABLE)
    if unknown:
        raise TypeError(f"not correctable here: {', '.join(sorted(unknown))}")
    if "name" in changes:
        changes["name"] = clean_name(changes["name"])
    if "phone" in changes:
        changes["phone"] = parse_phone(changes["phone"]) if changes["phone"] else None
    changed = [field for field, value in changes.items() if getattr(person, field) != value]
    if not changed:
        return []

    hidden: set[str] = set()
    was = {field: getattr(person, field) for field in changed}
    for field in changed:
        setattr(person, field, changes[field])
    if "name" in changed:
        person.pinyin_full, person.pinyin_initials = person_keys(person.name)
        hidden |= {"pinyin_full", "pinyin_initials"}
    if "phone" in changed:
        person.phone_hash = phone_hash(person.phone) if person.phone else ""
        person.phone_verified_at = None
        hidden |= {"phone_hash", "phone_verified_at"}
    person.save(update_fields=[*changed, *hidden, "updated_at"])
    if "name" in changed:
        effects.make_findable(Membership.objects.held().filter(person=person).select_related("person", "organisation"))
    effects.keep_changes(person, was, person, by=by, source=source)
    record(PersonCorrected(person_id=person.pk, fields=changed), by=by)
    return changed


@transaction.atomic
def replace_document(person: Person, *, id_number: str, by: User, id_type: str = IdType.RESIDENT) -> None:
    """A re-issued or corrected document (D5): the person stays, the old number still finds them."""
    checked = check_identity(id_type, id_number)
    holder = person_with(checked.id_type, checked.number)
    if holder is not None and holder.pk != person.pk:
        raise IdentityConflict
    wanted = identity_hash(checked.id_type, checked.number)
    if wanted == person.id_hash:
        return
    effects.keep_changes(person, {"id_number": person.id_number}, {"id_number": checked.number}, by=by)
    IdentityHistory.objects.filter(person=person, id_hash=wanted).delete()
    IdentityHistory.objects.create(
        person=person, id_type=person.id_type, id_number=person.id_number, id_hash=person.id_hash
    )
    person.id_type, person.id_number, person.id_hash = checked.id_type, checked.number, wanted
    person.tail_hash = tail_hash(checked.number)
    person.gender, person.birth_date = checked.gender or person.gender, checked.birth_date or person.birth_date
    person.save(update_fields=["id_type", "id_number", "id_hash", "tail_hash", "gender", "birth_date", "updated_at"])
    record(PersonCorrected(person_id=person.pk, fields=["id_number"]), by=by)


def bind_person(user: User, name: str, id_number: str, *, id_type: str = IdType.RESIDENT) -> Person:
    """Join an account to its person by name and document; a telephone on file must be the account's own.

    Whoever is on file under that number, the refusal is one and the same sentence. Numbers that can't exist are
    refused for what is wrong with them, since that is arithmetic and tells nothing about anybody.
    """
    _count_attempt(user)
    checked = check_identity(id_type, id_number)
    clean = clean_name(name)
    with transaction.atomic():
        return _bind(user, clean, checked)


def _count_attempt(user: User) -> None:
    """Outside the transaction, so that a refused attempt stays counted."""
    day = today()
    if Person.objects.filter(user=user).exists():
        raise AlreadyBound
    key = f"members.bind:{user.pk}:{day.isoformat()}"
    cache.add(key, 0, timeout=ONE_DAY)
    if cache.incr(key) > parameter("members.binding_attempts", day):
        raise TooManyAttempts


def _bind(user: User, name: str, checked: Identity) -> Person:
    known = person_with(checked.id_type, checked.number)
    phone = user.phone or ""
    if known is None:
        known = register_person(name=name, id_number=checked.number, id_type=checked.id_type, phone=phone, by=user)
        level = RealnameLevel.FORMAT
    else:
        if known.name != name or known.user_id is not None or (known.phone_hash and not _same_phone(known, phone)):
            raise CannotBind
        level = RealnameLevel.THREE_FACTORS if known.phone_hash else RealnameLevel.TWO_FACTORS
    return _join(known, user, level, by=user)


def _same_phone(person: Person, phone: str) -> bool:
    return bool(phone) and person.phone_hash == phone_hash(phone)


@transaction.atomic
def bind_in_person(person: Person, user: User, *, by: User) -> Person:
    """An officer compared the document at the counter: the strongest proof, whatever telephone was on file."""
    if Person.objects.filter(user=user).exists() or person.user_id is not None:
        raise AlreadyBound
    return _join(person, user, RealnameLevel.IN_PERSON, by=by)


def _join(person: Person, user: User, level: int, *, by: User) -> Person:
    changes: dict[str, Any] = {"user": user, "realname_level": max(level, person.realname_level)}
    if user.phone and user.phone_verified_at and (not person.phone_hash or _same_phone(person, user.phone)):
        # Somebody else proved that number before: it is kept as a contact, and the pair is settled by a person (D3).
        is_theirs = first_owner(user.phone, besides=person) is None
        changes |= {
            "phone": user.phone,
            "phone_hash": phone_hash(user.phone),
            "phone_verified_at": user.phone_verified_at if is_theirs else None,
        }
    for field, value in changes.items():
        setattr(person, field, value)
    try:
        with transaction.atomic():
            # Guarded: of two accounts that prove the same person at once, one is told no.
            rows = Person.objects.filter(pk=person.pk, user=None).update(**changes, updated_at=now())
    except IntegrityError:  # this account was bound to somebody else a moment ago
        rows = 0
    if rows == 0:
        raise CannotBind
    if user.name != person.name:
        user.name = person.name
        user.save(update_fields=["name"])
    forget_person(user)
    record(PersonBound(person_id=person.pk, user_id=user.pk, realname_level=person.realname_level), by=by)
    return person


@transaction.atomic
def unbind_person(person: Person, *, by: User, reason: str) -> None:
    """Take an account off a person: a mistake, or the person asked for it."""
    if person.user_id is None:
        return
    user_id = person.user_id
    Person.objects.filter(pk=person.pk).update(user=None, updated_at=now())
    person.user = None
    record(PersonUnbound(person_id=person.pk, user_id=user_id), by=by, purpose=reason)


@transaction.atomic
def reveal_person(person: Person, *, by: User, purpose: str) -> dict[str, str]:
    """The full numbers, for a purpose that the person can read in “who looked at my data”."""
    note_reveal("person", person.pk, person.pk, by, purpose)
    return {"id_number": person.id_number, "phone": person.phone or ""}


@transaction.atomic
def export_own_data(person: Person, *, by: User) -> dict[str, Any]:
    """Everything the register holds about a person, for that person (PIPL art. 45); the taking is journalled."""
    record(DataExported(person_id=person.pk), by=by)
    return own_data(person)


@transaction.atomic
def note_export(rows: int, *, by: User) -> None:
    """A list of members left the system as a file."""
    record(MembersExported(user_id=by.pk, rows=rows), by=by)
