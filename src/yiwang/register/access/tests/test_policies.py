"""Scope and capability: what an appointment opens, where, and for how long."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser

from yiwang.register.access import actions, policies, queries
from yiwang.register.access.roles import CAPABILITIES, CAPABILITY_NAMES, GIVES_OUT, LEVELS, SENSITIVE, Role, duty_of
from yiwang.register.accounts.models import User

TODAY = dt.date.today()
ONE_DAY = dt.timedelta(days=1)


def again(user: User) -> User:
    """The same account as the next request sees it."""
    return User.objects.get(pk=user.pk)


def test_a_right_holds_in_the_whole_subtree_and_nowhere_else(cast):
    handler = cast.handler

    held = {name for name in ("county", "town", "unit") if policies.can(handler, "cases.handle", getattr(cast, name))}
    outside = ("province", "city", "sibling_county", "sibling_town", "sibling_unit")

    assert held == {"county", "town", "unit"}
    assert not any(policies.can(handler, "cases.handle", getattr(cast, name)) for name in outside)


def test_organisations_where_lists_the_subtree(cast):
    assert set(policies.organisations_where(cast.handler, "cases.handle")) == {cast.county, cast.town, cast.unit}
    assert set(policies.organisations_where(cast.sibling_handler, "cases.handle")) == {
        cast.sibling_county,
        cast.sibling_town,
        cast.sibling_unit,
    }
    assert not policies.organisations_where(cast.wenjuan, "cases.handle").exists()
    assert not policies.organisations_where(cast.handler, "system.operate").exists()


def test_scope_paths_leave_out_what_lies_within_another(cast):
    actions.install_appointment(cast.handler, organisation=cast.town, role=Role.TOWN_OFFICER)

    assert policies.scope_paths(again(cast.handler), "cases.handle") == [cast.county.path]
    assert policies.scope_paths(again(cast.handler), "cases.decide") == [cast.town.path]


def test_anonymous_and_worker_are_no_staff(cast):
    assert policies.is_staff(cast.handler)
    assert not policies.is_staff(cast.wenjuan)
    assert not policies.is_staff(AnonymousUser())
    assert policies.scope_paths(AnonymousUser(), "cases.view") == []
    assert not policies.may_act_for(AnonymousUser(), 1)


def test_a_deactivated_officer_has_no_rights(cast):
    User.objects.filter(pk=cast.handler.pk).update(is_active=False)

    assert not policies.is_staff(again(cast.handler))


@pytest.mark.parametrize(
    ("start", "end", "holds"),
    [
        (-1, None, True),
        (0, 0, True),
        (-1, 0, True),
        (1, None, False),
        (-2, -1, False),
    ],
)
def test_a_right_holds_from_the_first_to_the_last_day(cast, start, end, holds):
    last = None if end is None else TODAY + end * ONE_DAY
    actions.install_appointment(
        cast.courier, organisation=cast.town, role=Role.TOWN_OFFICER, valid_from=TODAY + start * ONE_DAY, valid_to=last
    )

    assert policies.is_staff(again(cast.courier)) is holds


def test_a_request_asks_for_appointments_once(cast, django_assert_num_queries):
    user = again(cast.handler)

    with django_assert_num_queries(1):
        policies.is_staff(user)
        policies.can(user, "cases.handle", cast.unit)
        policies.scope_paths(user, "register.view")
        policies.roles_of(user)


def test_holders_are_those_of_this_very_body(cast):
    assert list(queries.holders(cast.county, "cases.decide")) == [cast.approver]
    assert list(queries.holders(cast.county, "cases.handle")) == [cast.handler, cast.approver]
    assert list(queries.holders(cast.sibling_town, "cases.handle")) == []


def test_nearest_with_climbs_to_the_first_manned_body(cast):
    assert queries.nearest_with(cast.unit, "cases.handle") == cast.unit
    assert queries.nearest_with(cast.sibling_unit, "cases.handle") == cast.sibling_county
    assert queries.nearest_with(cast.sibling_unit, "rules.edit") == cast.province
    assert queries.nearest_with(cast.sibling_unit, "cases.discipline") is None


def test_every_role_has_capabilities_and_levels():
    assert set(CAPABILITIES) == set(LEVELS) == set(Role)
    assert {name for held in CAPABILITIES.values() for name in held} == set(CAPABILITY_NAMES)


def test_administrators_hold_no_business_capability_and_no_two_share_one():
    system, security, audit = (
        CAPABILITIES[role] for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
    )

    assert system == {"system.operate"}
    assert security == {"access.appoint"}
    assert audit == {"journal.view"}
    assert len({duty_of(role) for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)}) == 3
    assert duty_of(Role.UNIT_CHAIR) == duty_of(Role.COUNTY_APPROVER) == "business"


def test_only_holders_of_access_appoint_give_out_roles():
    assert {role for role in Role if "access.appoint" in CAPABILITIES[role]} == set(GIVES_OUT)
    assert Role.SYSTEM_ADMIN in SENSITIVE
    assert Role.UNIT_CLERK not in SENSITIVE


def test_statistics_roles_see_no_personal_lists():
    personal = {"register.view", "register.reveal", "cases.view", "cases.handle"}

    assert not personal & CAPABILITIES[Role.AUDIT]
    assert not personal & CAPABILITIES[Role.DISCIPLINE]
    assert personal <= CAPABILITIES[Role.COUNTY_HANDLER]


def test_givable_roles_follow_level_and_rank(cast):
    assert policies.givable_roles(cast.chair, cast.unit) == [Role.UNIT_CLERK]
    assert policies.givable_roles(cast.chair, cast.town) == []
    assert policies.givable_roles(cast.approver, cast.county) == [Role.COUNTY_HANDLER]
    assert policies.givable_roles(cast.approver, cast.sibling_county) == []
    assert policies.givable_roles(cast.handler, cast.unit) == []
    assert policies.givable_roles(cast.admin, cast.province) == []
    assert Role.SYSTEM_ADMIN in policies.givable_roles(cast.security, cast.province)


def test_appointments_are_seen_by_those_who_appoint_there(cast):
    seen = set(policies.appointments_visible_to(cast.approver).values_list("user__name", flat=True))

    assert seen == {"马丽", "刘芳", "顾晓东", "沈佳", "陆明", "冯衡", "严明", "温岚"}
    assert not policies.appointments_visible_to(cast.handler).exists()


def test_what_a_user_object_remembers_can_be_dropped(cast):
    user = again(cast.handler)
    assert policies.is_staff(user)
    actions.revoke_appointment(user.appointments.get(), reason="退休")

    policies.forget(user)

    assert not policies.is_staff(user)
