"""Who may do what: roles, their capabilities, their levels, and which roles exclude each other."""

from typing import Literal, get_args

from django.db import models
from django.utils.translation import gettext_lazy as _

Capability = Literal[
    "cases.handle",
    "cases.decide",
    "cases.supervise",
    "cases.view",
    "cases.intake",
    "cases.discipline",
    "register.view",
    "register.edit",
    "register.import",
    "register.reveal",
    "register.release",
    "organisations.edit",
    "organisations.move",
    "organisations.approve",
    "catalogue.edit",
    "catalogue.publish",
    "evaluation.handle",
    "insight.view",
    "access.appoint",
    "journal.view",
    "system.operate",
    "rules.edit",
    "payments.prepare",
    "payments.approve",
    "payments.pay",
    "payments.view",
    "aid.audit",
]
CAPABILITY_NAMES: tuple[str, ...] = get_args(Capability)


class Role(models.TextChoices):
    UNIT_CLERK = "unit_clerk", _("基层工会经办")
    UNIT_CHAIR = "unit_chair", _("基层工会主席")
    TOWN_OFFICER = "town_officer", _("乡镇街道工会干部")
    COUNTY_HANDLER = "county_handler", _("县级经办")
    COUNTY_APPROVER = "county_approver", _("县级审批")
    CITY_HANDLER = "city_handler", _("市级经办")
    CITY_SUPERVISOR = "city_supervisor", _("市级督办")
    PROVINCE_HANDLER = "province_handler", _("省级经办")
    PROVINCE_LEADER = "province_leader", _("省级领导")
    HOTLINE = "hotline", _("热线话务")
    QUALITY = "quality", _("服务质检")
    AUDIT = "audit", _("经费审查")
    DISCIPLINE = "discipline", _("纪检")
    FINANCE = "finance", _("财务")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全保密管理员")
    AUDIT_ADMIN = "audit_admin", _("安全审计员")


_DESK: frozenset[Capability] = frozenset(
    {
        "cases.handle",
        "cases.view",
        "cases.intake",
        "register.view",
        "register.edit",
        "register.import",
        "register.reveal",
        "organisations.edit",
        "evaluation.handle",
        "insight.view",
    }
)
_LEAD: frozenset[Capability] = frozenset(
    {
        "cases.handle",
        "cases.decide",
        "cases.supervise",
        "cases.view",
        "register.view",
        "register.reveal",
        "register.release",
        "evaluation.handle",
        "insight.view",
        "access.appoint",
        "catalogue.edit",
        "catalogue.publish",
        "organisations.approve",
    }
)

# Handbook, grassroots_and_team 1.9, 2.13, 5.8, 6.12. The three administrators hold no business capability at all.
CAPABILITIES: dict[Role, frozenset[Capability]] = {
    Role.UNIT_CLERK: _DESK - {"evaluation.handle"},
    Role.UNIT_CHAIR: _DESK | {"cases.decide", "access.appoint", "register.release"},
    Role.TOWN_OFFICER: _DESK | {"cases.decide", "register.release"},
    Role.COUNTY_HANDLER: _DESK | {"catalogue.edit", "payments.prepare", "payments.view"},
    Role.COUNTY_APPROVER: _LEAD | {"payments.approve", "payments.view"},
    Role.CITY_HANDLER: _DESK | {"catalogue.edit", "organisations.move", "payments.prepare", "payments.view"},
    Role.CITY_SUPERVISOR: _LEAD | {"organisations.move", "payments.approve", "payments.view"},
    Role.PROVINCE_HANDLER: _DESK
    | {"catalogue.edit", "organisations.move", "rules.edit", "payments.prepare", "payments.view"},
    Role.PROVINCE_LEADER: _LEAD | {"organisations.move", "rules.edit", "payments.approve", "payments.view"},
    Role.HOTLINE: frozenset({"cases.intake", "cases.view"}),
    Role.QUALITY: frozenset({"cases.view", "evaluation.handle", "insight.view"}),
    Role.AUDIT: frozenset({"insight.view", "payments.view", "aid.audit"}),
    Role.FINANCE: frozenset({"payments.pay", "payments.view"}),  # pays, never approves (rights 0.4)
    Role.DISCIPLINE: frozenset({"cases.discipline", "insight.view"}),
    Role.SYSTEM_ADMIN: frozenset({"system.operate"}),
    Role.SECURITY_ADMIN: frozenset({"access.appoint"}),
    Role.AUDIT_ADMIN: frozenset({"journal.view"}),
}

# Levels of organisation (handbook 0.3) at which a role can be held.
LEVELS: dict[Role, frozenset[int]] = {
    Role.UNIT_CLERK: frozenset({6, 7, 8, 9}),
    Role.UNIT_CHAIR: frozenset({6, 7, 8, 9}),
    Role.TOWN_OFFICER: frozenset({5, 6}),
    Role.COUNTY_HANDLER: frozenset({4}),
    Role.COUNTY_APPROVER: frozenset({4}),
    Role.CITY_HANDLER: frozenset({3}),
    Role.CITY_SUPERVISOR: frozenset({3}),
    Role.PROVINCE_HANDLER: frozenset({2}),
    Role.PROVINCE_LEADER: frozenset({2}),
    Role.HOTLINE: frozenset({2, 3, 4}),
    Role.QUALITY: frozenset({2, 3, 4}),
    Role.AUDIT: frozenset({2, 3, 4}),
    Role.DISCIPLINE: frozenset({2, 3, 4}),
    Role.FINANCE: frozenset({2, 3, 4}),
    Role.SYSTEM_ADMIN: frozenset({2, 3, 4}),
    Role.SECURITY_ADMIN: frozenset({2, 3, 4}),
    Role.AUDIT_ADMIN: frozenset({2, 3, 4}),
}

# Three separated duties (三员): nobody holds two of these, nor one of these beside a business role.
ADMINISTRATORS: frozenset[Role] = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})

# Two-person rule: who proposes one of these does not put it in force.
SENSITIVE: frozenset[Role] = ADMINISTRATORS | {
    Role.COUNTY_APPROVER,
    Role.CITY_SUPERVISOR,
    Role.PROVINCE_LEADER,
    Role.DISCIPLINE,
}

_IN_A_COUNTY = frozenset({Role.UNIT_CLERK, Role.UNIT_CHAIR, Role.TOWN_OFFICER, Role.COUNTY_HANDLER})
_IN_A_CITY = _IN_A_COUNTY | {Role.COUNTY_APPROVER, Role.CITY_HANDLER, Role.HOTLINE, Role.QUALITY, Role.FINANCE}

# Which roles the holder of a role may give out within their scope; a role that is absent gives out none.
GIVES_OUT: dict[Role, frozenset[Role]] = {
    Role.UNIT_CHAIR: frozenset({Role.UNIT_CLERK}),
    Role.COUNTY_APPROVER: _IN_A_COUNTY,
    Role.CITY_SUPERVISOR: _IN_A_CITY,
    Role.PROVINCE_LEADER: frozenset(Role),
    Role.SECURITY_ADMIN: frozenset(Role),
}


def duty_of(role: str) -> str:
    """The duty that excludes the others: an administrator's own role, or one word for all business roles."""
    return role if role in ADMINISTRATORS else "business"


def roles_with(capability: Capability) -> frozenset[Role]:
    return frozenset(role for role, capabilities in CAPABILITIES.items() if capability in capabilities)
