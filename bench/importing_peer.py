"""django-import-export doing what our import does: same file, same models, same checks."""

import csv
import io
from typing import Any

import tablib
from django.db import transaction
from import_export import resources

from yiwang.kernel.clock import today
from yiwang.kernel.identity import check_identity, check_uscc, clean_name, parse_phone
from yiwang.platform.text.library import person_keys
from yiwang.register.imports.library.cleaning import parse_day
from yiwang.register.imports.library.columns import BY_HEADING, code_tables, folded
from yiwang.register.members.actions.bulk import next_numbers
from yiwang.register.members.formulas import age_on
from yiwang.register.members.models import Membership, MembershipSpan, Person
from yiwang.register.members.queries import identity_hash, phone_hash
from yiwang.register.organisations.models import Employer, Organisation

PERSON = ("id_hash", "name", "id_type", "id_number", "gender", "birth_date", "phone", "phone_hash", "pinyin_full",
          "pinyin_initials", "nation", "political", "education", "household_type")  # fmt: skip
MEMBERSHIP = ("person", "organisation", "employer", "number", "state", "joined_on", "department", "post", "is_migrant",
              "employ_kind", "employ_state", "skill_level", "join_way")  # fmt: skip


def read(content: bytes) -> tablib.Dataset:
    lines = list(csv.reader(io.StringIO(content.decode())))
    headers = [BY_HEADING[heading].key for heading in lines[0]]
    more = [name for name in PERSON if name not in headers]  # it wants to see every field in the file
    return tablib.Dataset(*[[*line, *[""] * len(more)] for line in lines[1:]], headers=[*headers, *more])


def checked(row: dict[str, Any]) -> dict[str, Any]:
    """The checks of our own import, raising for what is wrong."""
    values = {key: table.get(folded(row[key])) for key, table in code_tables().items() if row[key]}
    identity = check_identity(values["id_type"], row["id_number"], today())
    joined = parse_day(row["joined_on"])
    if joined is None or joined > today() or identity.birth_date is None or age_on(identity.birth_date, joined) < 16:
        raise ValueError("joined_on")
    name = clean_name(row["name"])
    full, initials = person_keys(name)
    phone = parse_phone(row["phone"])
    return {
        **values,
        "name": name,
        "id_number": identity.number,
        "id_hash": identity_hash(identity.id_type, identity.number),
        "gender": identity.gender,
        "birth_date": identity.birth_date,
        "phone": phone,
        "phone_hash": phone_hash(phone),
        "pinyin_full": full,
        "pinyin_initials": initials,
        "joined_on": joined,
        "is_migrant": row["is_migrant"] == "是",
        "uscc": check_uscc(row["uscc"]).code,
        "state": "active",
        "join_way": "6",
    }


class PersonResource(resources.ModelResource):
    """Persons by the blind index of their document; the membership follows each of them."""

    class Meta:
        model = Person
        import_id_fields = ("id_hash",)
        fields = PERSON
        skip_unchanged = True
        report_skipped = True

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        row.update(checked(row))

    def after_save_instance(self, instance: Person, row: dict[str, Any], **kwargs: Any) -> None:
        if instance.pk is None:
            return
        if Membership.objects.filter(person=instance, state__in=["active", "moving", "retained"]).exists():
            return
        start(instance, row, Organisation.objects.get(code=row["organisation"]), Employer.objects.get(uscc=row["uscc"]))


def start(person: Person, row: dict[str, Any], organisation: Organisation, employer: Employer) -> None:
    fields = {name: row[name] for name in MEMBERSHIP if name in row and name != "organisation"}
    member = Membership(
        person=person, organisation=organisation, employer=employer, number=next_numbers(1)[0], **fields
    )
    member.save()
    MembershipSpan.objects.create(
        membership=member, person=person, organisation=organisation, days=(row["joined_on"], None), reason="joined"
    )


class BulkPersonResource(PersonResource):
    """As its manual tunes it: bulk writing, no differences, no look-ups for instances."""

    class Meta(PersonResource.Meta):
        use_bulk = True
        batch_size = 1000
        skip_diff = True
        skip_unchanged = False
        skip_instance_cache = True

    def after_save_instance(self, instance: Person, row: dict[str, Any], **kwargs: Any) -> None:
        return None


def row_by_row(content: bytes) -> None:
    data = read(content)
    PersonResource().import_data(data, dry_run=True, raise_errors=True)
    result = PersonResource().import_data(data, raise_errors=True)
    with transaction.atomic():
        for made in result.rows:
            person = Person.objects.get(pk=made.object_id)
            MembershipSpan.objects.filter(person=person).delete()
            Membership.objects.filter(person=person).delete()
            person.delete()


def bulk(content: bytes) -> None:
    data = read(content)
    BulkPersonResource().import_data(data, dry_run=True, raise_errors=True)
    with transaction.atomic():
        BulkPersonResource().import_data(data, raise_errors=True)
        hashes = [identity_hash("1", number) for number in data["id_number"]]
        people = {person.id_hash: person for person in Person.objects.filter(id_hash__in=hashes)}
        bodies = {body.code: body for body in Organisation.objects.filter(code__in=set(data["organisation"]))}
        employers = {employer.uscc: employer for employer in Employer.objects.filter(uscc__in=set(data["uscc"]))}
        rows = [{**row, **checked(row)} for row in data.dict]
        numbers = next_numbers(len(rows))
        members = [
            Membership(
                person=people[row["id_hash"]],
                organisation=bodies[row["organisation"]],
                employer=employers[row["uscc"]],
                number=number,
                **{name: row[name] for name in MEMBERSHIP if name in row and name != "organisation"},
            )
            for row, number in zip(rows, numbers, strict=True)
        ]
        Membership.objects.bulk_create(members, batch_size=1000)
        spans = [
            MembershipSpan(
                membership=m, person=m.person, organisation=m.organisation, days=(m.joined_on, None), reason="joined"
            )
            for m in members
        ]
        MembershipSpan.objects.bulk_create(spans, batch_size=1000)
    ids = [person.pk for person in people.values()]
    with transaction.atomic():
        MembershipSpan.objects.filter(person__in=ids).delete()
        Membership.objects.filter(person__in=ids).delete()
        Person.objects.filter(pk__in=ids).delete()
