"""The facts of a person and a membership as labelled lines, masked, for pages of the person and of the union."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from yiwang.kernel.identity import mask_id, mask_phone
from yiwang.register.members.codes import Gender, Honour, NewForm, SkillLevel, nation_name, occupation_name
from yiwang.register.members.models import Change, Membership, Person

Line = tuple[str, str]


def facts_of_person(person: Person) -> list[Line]:
    return [
        (str(person.get_id_type_display()), person.masked_id),
        (_("手机号"), person.masked_phone),
        (_("性别"), str(person.get_gender_display())),
        (_("出生日期"), person.birth_date.isoformat() if person.birth_date else ""),
        (_("实名等级"), str(person.get_realname_level_display())),
        (_("民族"), nation_name(person.nation)),
        (_("政治面貌"), str(person.get_political_display())),
        (_("学历"), str(person.get_education_display())),
        (_("户籍类型"), str(person.get_household_type_display())),
    ]


def facts_of_work(membership: Membership) -> list[Line]:
    """What is filled in; empty lines only where an empty one is news."""
    lines = [
        (_("单位"), membership.employer.name if membership.employer else "—"),
        (_("部门"), membership.department),
        (_("岗位、工种"), " ".join(filter(None, (membership.post, membership.trade))) or "—"),
        (_("职业"), occupation_name(membership.occupation)),
        (_("用工形式"), f"{membership.get_employ_kind_display()}·{membership.get_employ_state_display()}"),
        (_("派遣工在哪一方入会"), str(membership.get_union_at_display())),
        (_("农民工"), _("是") if membership.is_migrant else ""),
        (_("新就业群体"), "" if membership.new_form == NewForm.NONE else str(membership.get_new_form_display())),
        (_("平台"), " ".join(filter(None, (membership.platforms, membership.station)))),
        (_("和平台的关系"), str(membership.get_relation_kind_display())),
        (_("车辆"), membership.vehicle),
        (_("技能等级"), _skill(membership)),
        (_("职称"), membership.title_level),
        (_("荣誉"), _honours(" ".join(membership.honours))),
        (_("工会职务"), membership.union_post),
        (_("会费缴到"), membership.dues_paid_to.strftime("%Y-%m") if membership.dues_paid_to else ""),
    ]
    return [(label, value) for label, value in lines if value]


def _skill(membership: Membership) -> str:
    if not membership.skill_level:
        return ""
    grade = str(SkillLevel(membership.skill_level).label)
    return " ".join(filter(None, (grade, membership.skill_trade, membership.skill_certificate)))


def standings(membership: Membership) -> list[Line]:
    """Which changes a committee can decide from here; moving and joining have their own ways."""
    state = Membership.State
    ends = (state.LAPSED, state.EXPELLED, state.DECEASED)
    if membership.state == state.RETAINED:
        return [(state.ACTIVE.value, _("重新上班，恢复会籍")), (state.DECEASED.value, str(state.DECEASED.label))]
    kept = [(state.RETAINED.value, str(state.RETAINED.label))]
    return kept + [(end.value, str(end.label)) for end in ends]


@dataclass(frozen=True)
class Told:
    """One change in words: numbers masked, codes as their labels."""

    label: str
    was: str
    became: str
    change: Change


@dataclass(frozen=True)
class Fact:
    """One field that is filled in, named and told as pages show it."""

    field: str
    label: str
    value: str


OF_PERSON = (
    "name", "id_number", "gender", "birth_date", "phone", "nation", "political", "education", "household_type",
    "household_division", "residence_division", "residence_address",
)  # fmt: skip
OF_MEMBERSHIP = (
    "organisation", "joined_on", "employer", "department", "post", "trade", "occupation", "employ_kind", "employ_state",
    "union_at", "is_migrant", "new_form", "platforms", "station", "relation_kind", "vehicle", "plate", "work_area",
    "skill_level", "skill_trade", "skill_certificate", "skill_issuer", "skill_issued_on", "title_level", "honours",
    "union_post", "dues_paid_to",
)  # fmt: skip


def filled_facts(person: Person, membership: Membership | None) -> list[Fact]:
    """Every field somebody filled in, in the order of the page; numbers masked, what is sealed only named."""
    pairs: list[tuple[Person | Membership, str]] = [(person, name) for name in OF_PERSON]
    if membership is not None:
        pairs += [(membership, name) for name in OF_MEMBERSHIP]
    values = [(name, getattr(record, name)) for record, name in pairs]
    return [Fact(name, _label(name), _words(name, _plain(value))) for name, value in values if value not in EMPTY]


EMPTY: tuple[Any, ...] = (None, "", [], False, NewForm.NONE.value, Gender.UNKNOWN.value)


def _plain(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


SEALED = ("residence_address", "plate", "card_token")


def told_changes(changes: list[Change]) -> list[Told]:
    return [Told(_label(row.field), _words(row.field, row.was), _words(row.field, row.became), row) for row in changes]


def _field(name: str) -> Any:
    model = Person if name in {field.name for field in Person._meta.get_fields()} else Membership
    return model._meta.get_field(name)


def _label(name: str) -> str:
    return str(_field(name).verbose_name)


def _words(name: str, value: str | None) -> str:
    if not value:
        return "—"
    if name in SEALED:
        return "***"
    if name in READ:
        return READ[name](value)
    choices = {str(key): str(text) for key, text in _field(name).flatchoices}
    return choices.get(value, value)


def _honours(value: str) -> str:
    return "、".join(str(Honour(code).label) for code in value.split() if code in Honour.values)


READ: dict[str, Callable[[str], str]] = {
    "id_number": mask_id,
    "phone": mask_phone,
    "nation": lambda value: nation_name(value) or value,
    "honours": _honours,
    "occupation": occupation_name,
    "is_migrant": lambda value: _("是") if value == "True" else _("不是"),
}
