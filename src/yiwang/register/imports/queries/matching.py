"""Comparing rows with the register: a thousand rows in a dozen queries (handbook GT 2.10)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils.translation import gettext as _

from yiwang.kernel.identity import mask_phone
from yiwang.kernel.ltree import is_within
from yiwang.register.imports.library.cleaning import Cleaned
from yiwang.register.imports.library.columns import CHOICES, HEADINGS
from yiwang.register.imports.models import StagedRow
from yiwang.register.members.codes import EmployKind
from yiwang.register.members.models import IdentityHistory, Membership, Person
from yiwang.register.members.queries import identity_hash, phone_hash
from yiwang.register.organisations.models import Employer, Kind, Organisation, OrganisationEmployer

Verdict = StagedRow.Verdict

PERSON_FIELDS = ("nation", "political", "education", "household_type", "household_division", "residence_division")
MEMBERSHIP_FIELDS = (
    "department",
    "post",
    "employ_kind",
    "employ_state",
    "is_migrant",
    "new_form",
    "skill_level",
    "title_level",
)
FULL_TIME = "专职工会干部"


@dataclass
class Finding:
    """How one row compares: the verdict, whom it is about, what would be written, and what it would change."""

    row: Cleaned
    verdict: str = Verdict.REFUSED
    person: Person | None = None
    membership: Membership | None = None
    organisation: Organisation | None = None
    id_hash: str = ""
    phone_hash: str = ""
    person_fields: dict[str, Any] = field(default_factory=dict)
    membership_fields: dict[str, Any] = field(default_factory=dict)
    changes: list[tuple[str, str, str]] = field(default_factory=list)

    def conflict(self, key: str, code: str, text: str) -> None:
        self.verdict = Verdict.CONFLICT
        self.row.refuse(key, code, text)


@dataclass
class Register:
    """The part of the register that a batch of rows touches, read at once."""

    organisations: Mapping[str, Organisation]
    persons: Mapping[str, Person]
    memberships: Mapping[int, Membership]
    employers: Mapping[str, Employer]
    namesakes: Mapping[tuple[str, str], Sequence[tuple[int, int]]]
    phone_owners: Mapping[str, int]
    groups: Mapping[tuple[int, str], Organisation]
    covered: frozenset[tuple[int, int]]

    @classmethod
    def around(cls, rows: Sequence[Cleaned], hashes: Mapping[int, tuple[str, str]]) -> "Register":
        organisations = _organisations(_all(rows, "organisation"))
        employers = {e.uscc: e for e in Employer.objects.filter(uscc__in=_all(rows, "uscc"))}
        persons = _persons({id_hash for id_hash, _phone in hashes.values()})
        ids = [person.pk for person in persons.values()]
        bodies = {organisation.pk for organisation in organisations.values()}
        return cls(
            organisations=organisations,
            persons=persons,
            memberships=_memberships(ids),
            employers=employers,
            namesakes=_namesakes(rows),
            phone_owners=_phone_owners({phone for _id, phone in hashes.values()}),
            groups=_groups(bodies, _all(rows, "group")),
            covered=frozenset(
                OrganisationEmployer.objects.filter(
                    organisation__in=bodies, employer__in=[e.pk for e in employers.values()], valid_to=None
                ).values_list("organisation_id", "employer_id")
            ),
        )


def _all(rows: Iterable[Cleaned], key: str) -> set[Any]:
    return {row.values[key] for row in rows if key in row.values}


def _organisations(codes: set[str]) -> dict[str, Organisation]:
    """By the code of the union, or by its credit code, which is what many people write into the column."""
    same = Organisation.objects.filter(code__in=codes).union(Organisation.objects.filter(uscc__in=codes))
    found = list(same)
    by_code = {o.uscc: o for o in found if o.uscc}
    return by_code | {o.code: o for o in found}


def _persons(hashes: set[str]) -> dict[str, Person]:
    people = Person.objects.defer("id_number", "phone")
    found = {p.id_hash: p for p in people.filter(id_hash__in=hashes)}
    earlier = IdentityHistory.objects.filter(id_hash__in=hashes - set(found)).defer("id_number")
    old = dict(earlier.values_list("id_hash", "person_id"))
    renewed = people.in_bulk(set(old.values()))
    found |= {id_hash: renewed[person_id] for id_hash, person_id in old.items()}
    merged = people.in_bulk({p.merged_into_id for p in found.values() if p.merged_into_id})
    return {h: merged.get(p.merged_into_id, p) if p.merged_into_id else p for h, p in found.items()}


def _memberships(person_ids: Sequence[int]) -> dict[int, Membership]:
    """The held membership of each person, else one that waits for a decision."""
    wanted = [*Membership.CURRENT, "retained", "applied", "returned"]
    found = Membership.objects.filter(person__in=person_ids, state__in=wanted).select_related(
        "organisation", "employer"
    )
    waiting_first = sorted(found, key=lambda m: m.state not in ("applied", "returned"))
    return {membership.person_id: membership for membership in waiting_first}


def _namesakes(rows: Sequence[Cleaned]) -> dict[tuple[str, str], list[tuple[int, int]]]:
    """People of the same name and birth date, with the employer they work for: D4."""
    names, births = _all(rows, "name"), _all(rows, "birth_date")
    held = Membership.objects.held().filter(person__name__in=names, person__birth_date__in=births)
    found: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for name, birth, person_id, employer_id in held.values_list(
        "person__name", "person__birth_date", "person_id", "employer_id"
    ):
        found.setdefault((name, str(birth)), []).append((person_id, employer_id))
    return found


def _phone_owners(hashes: set[str]) -> dict[str, int]:
    owners = Person.objects.filter(phone_hash__in=hashes - {""}, phone_verified_at__isnull=False)
    return dict(owners.order_by("-phone_verified_at").values_list("phone_hash", "pk"))


def _groups(parents: set[int], names: set[str]) -> dict[tuple[int, str], Organisation]:
    if not names:
        return {}
    found = Organisation.objects.active().filter(kind=Kind.UNION_GROUP, parent__in=parents, name__in=names)
    return {(group.parent_id or 0, group.name): group for group in found}


def hashes_of(row: Cleaned) -> tuple[str, str]:
    values = row.values
    number = values.get("id_number") or values.get("id_guess")
    identity = identity_hash(values["id_type"], number) if number and "id_type" in values else ""
    return identity, phone_hash(values["phone"]) if "phone" in values else ""


class Taken(Protocol):
    """Documents of the rows before, each with the first row that holds it."""

    def setdefault(self, id_hash: str, number: int, /) -> int: ...


def compare(rows: Sequence[Cleaned], *, scope: Sequence[str] | None, taken: Taken) -> list[Finding]:
    """The verdict on each row. ``scope`` None means everywhere; the rows' own documents are added to ``taken``."""
    hashes = {row.number: hashes_of(row) for row in rows}
    register = Register.around(rows, hashes)
    return [_judge(row, hashes[row.number], register, scope, taken) for row in rows]


def _judge(
    row: Cleaned, hashes: tuple[str, str], register: Register, scope: Sequence[str] | None, seen: Taken
) -> Finding:
    finding = Finding(row, id_hash=hashes[0], phone_hash=hashes[1])
    _find_organisation(finding, register, scope)
    first = seen.setdefault(finding.id_hash, row.number) if finding.id_hash else row.number
    if first != row.number:
        row.refuse("id_number", "twice", _("和第{row}行是同一个证件号码。").format(row=first))
    if row.problems or finding.organisation is None:
        return finding
    finding.person = register.persons.get(finding.id_hash)
    finding.membership = register.memberships.get(finding.person.pk) if finding.person else None
    _find_conflict(finding, register)
    if finding.verdict == Verdict.CONFLICT:
        return finding
    _gather_fields(finding, register)
    _note_doubts(finding, register)
    if finding.membership is None:
        finding.verdict = Verdict.NEW
    else:
        finding.verdict = Verdict.CHANGED if finding.changes else Verdict.UNCHANGED
    return finding


def _find_organisation(finding: Finding, register: Register, scope: Sequence[str] | None) -> None:
    code = finding.row.values.get("organisation")
    if not code:
        return
    found = register.organisations.get(code)
    is_ours = found and (scope is None or any(is_within(str(found.path), root) for root in scope))
    if found is None or not is_ours:
        # The same words for what does not exist and what is not ours: codes must not be probed.
        text = _("你管的范围里没有编码为{code}的工会。请核对编码。")
        finding.row.refuse("organisation", "unknown_organisation", text.format(code=code[:20]))
    elif not found.takes_members:
        text = _("“{name}”现在不能有会员（不是基层工会，或者已经撤销）。请填会员所在的基层工会。")
        finding.row.refuse("organisation", "holds_no_members", text.format(name=found.name))
    else:
        finding.organisation = found


def _find_conflict(finding: Finding, register: Register) -> None:
    values, person, held = finding.row.values, finding.person, finding.membership
    if person is None:
        employer = register.employers.get(values["uscc"])
        twins = register.namesakes.get((values["name"], values.get("birth_date", "")), ())
        if employer and any(employer_id == employer.pk for _person, employer_id in twins):
            text = _("同一单位已经有同名、同一天出生的会员，证件号码不同。请核对是不是同一个人，再由县级合并或更正。")
            finding.conflict("id_number", "D4", text)
        return
    if person.name != values["name"]:
        text = _("这个证件号码在名册里是另一个姓名。请核对姓名和号码，由县级更正。")
        finding.conflict("name", "D2", text)
    elif held is None or finding.organisation is None:
        return
    elif held.state in ("applied", "returned"):
        finding.conflict("organisation", "pending", _("这个人的入会申请正在审核。请先办完申请。"))
    elif held.state == Membership.State.RETAINED:
        finding.conflict("organisation", "D9", _("这个人是保留会籍。请办恢复或转接，不要重新导入。"))
    elif held.organisation_id != finding.organisation.pk and EmployKind.DISPATCH in (
        held.employ_kind,
        values.get("employ_kind"),
    ):
        text = _("派遣工，派遣单位和用工单位的工会都报了。由管着两家的上级工会定会籍放在哪一家。")
        finding.conflict("organisation", "D7", text)
    elif held.organisation_id != finding.organisation.pk:
        text = _("这个人已经是别的工会的会员，不能再入会。请办会籍转接。")
        finding.conflict("organisation", "D1", text)


def _gather_fields(finding: Finding, register: Register) -> None:
    """What the row would write. An empty cell never erases, a verified telephone is never overwritten."""
    values, person, held = finding.row.values, finding.person, finding.membership
    for key in PERSON_FIELDS:
        _gather(finding, finding.person_fields, key, person, key)
    if finding.phone_hash and (person is None or person.phone_hash != finding.phone_hash):
        _gather_phone(finding)
    for key in MEMBERSHIP_FIELDS:
        _gather(finding, finding.membership_fields, key, held, key)
    if "post" in finding.membership_fields:
        finding.membership_fields["trade"] = finding.membership_fields["post"][:60]
    if held is None:
        finding.membership_fields["joined_on"] = values["joined_on"]
    elif values["joined_on"] != (held.joined_on.isoformat() if held.joined_on else ""):
        _change(finding, finding.membership_fields, "joined_on", str(held.joined_on or ""), values["joined_on"])
    _gather_employer(finding, register)
    _gather_group(finding, register)
    if values.get("is_full_time") and (held is None or held.union_post != FULL_TIME):
        finding.membership_fields["union_post"] = FULL_TIME
        if held:
            finding.changes.append((HEADINGS["is_full_time"], held.union_post, FULL_TIME))


def _gather(finding: Finding, fields: dict[str, Any], key: str, record: object, attribute: str) -> None:
    if key not in finding.row.values:
        return
    value = finding.row.values[key]
    if record is None:
        fields[attribute] = value
    elif (was := getattr(record, attribute)) != value:
        fields[attribute] = value
        if finding.membership:
            finding.changes.append((HEADINGS[key], words_for(key, was), words_for(key, value)))


def _change(finding: Finding, fields: dict[str, Any], key: str, was: str, value: str) -> None:
    fields[key] = value
    finding.changes.append((HEADINGS[key], was, value))


def _gather_phone(finding: Finding) -> None:
    number, person = finding.row.values["phone"], finding.person
    if person and person.phone_verified_at:
        text = _("名册里的手机号是本人验证过的，没有改。")
        finding.row.note("phone", "verified_phone", text)
        return
    finding.person_fields["phone"] = number
    if finding.membership:
        finding.changes.append(
            (HEADINGS["phone"], _("另一个号码") if person and person.phone_hash else "", mask_phone(number))
        )


def _gather_employer(finding: Finding, register: Register) -> None:
    values, held = finding.row.values, finding.membership
    employer = register.employers.get(values["uscc"])
    if employer and employer.name != values["employer_name"]:
        text = _("名册里这个代码的单位叫“{name}”，没有改名。").format(name=employer.name)
        finding.row.note("employer_name", "employer_name", text)
    if held is None or employer is None or held.employer_id != employer.pk:
        finding.membership_fields["uscc"] = values["uscc"]  # becomes the employer when it is written
        if held:
            was = held.employer.name if held.employer else ""
            finding.changes.append((HEADINGS["employer_name"], was, values["employer_name"]))


def _gather_group(finding: Finding, register: Register) -> None:
    name, held, organisation = finding.row.values.get("group"), finding.membership, finding.organisation
    if not name or organisation is None:
        return
    group = register.groups.get((organisation.pk, name))
    if group is None:
        text = _("“{union}”下面没有叫“{name}”的工会小组，没有录入。")
        finding.row.note("group", "unknown_group", text.format(union=organisation.name, name=name))
    elif held is None or held.group_id != group.pk:
        finding.membership_fields["group_id"] = group.pk
        if held:
            finding.changes.append((HEADINGS["group"], "", name))


def _note_doubts(finding: Finding, register: Register) -> None:
    row, organisation = finding.row, finding.organisation
    employer = register.employers.get(row.values["uscc"])
    if organisation is None:
        return
    if organisation.founded_on and row.values["joined_on"] < organisation.founded_on.isoformat():
        row.note("joined_on", "before_founding", _("入会时间早于建会时间。转入的会员会这样，请核对一下。"))
    if employer and (organisation.pk, employer.pk) not in register.covered:
        row.note("uscc", "not_covered", _("这个单位不在这个工会的覆盖范围里。请核对所属工会。"))
    owner = register.phone_owners.get(finding.phone_hash)
    if owner and (finding.person is None or owner != finding.person.pk):
        row.note("phone", "D3", _("这个手机号由另一个人验证过，只作联系用，不能用来登录。"))


def words_for(key: str, value: object) -> str:
    """A coded value in the words of its list."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    choices = CHOICES.get(key)
    return str(choices(value).label) if choices and value in choices.values else str(value)
