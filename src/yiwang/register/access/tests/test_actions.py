"""Giving, confirming and ending rights; consent; recusal; who looked."""

import datetime as dt

import pytest
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction

from yiwang.kernel.states import ChangedMeanwhile, NotAllowedInState
from yiwang.platform.journal.models import JournalEntry
from yiwang.register.access import actions, policies, queries
from yiwang.register.access.errors import (
    AlreadySetUp,
    AppointmentsClash,
    CodeExpired,
    MandateTooLong,
    NeedsAnotherPerson,
    NotOneself,
    NotYoursToGive,
    OutsideYourScope,
    PurposeMissing,
    RoleNotAtThisLevel,
    WrongCode,
)
from yiwang.register.access.models import Appointment, Look, Mandate, Recusal
from yiwang.register.access.reactions import end_staff_sessions
from yiwang.register.access.roles import Role
from yiwang.register.accounts.models import User

TODAY = dt.date.today()
IN_A_MONTH = TODAY + dt.timedelta(days=30)


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


def journalled(name: str) -> int:
    return JournalEntry.objects.filter(name=name).count()


def post_of(user: User) -> Appointment:
    return Appointment.objects.get(user=user)


@pytest.fixture
def second_security(cast):
    user = User.objects.create_user(phone="13800000051", name="邵敏")
    actions.install_appointment(user, organisation=cast.province, role=Role.SECURITY_ADMIN)
    return user


def test_an_ordinary_appointment_is_in_force_at_once(cast):
    made = actions.appoint(
        cast.courier, organisation=cast.town, role=Role.TOWN_OFFICER, basis="昆工〔2026〕3号", by=cast.approver
    )

    assert made.state == Appointment.State.IN_FORCE
    assert policies.can(again(cast.courier), "cases.handle", cast.unit)
    assert journalled("access.appointed") == 1


def test_a_sensitive_appointment_waits_for_a_second_person(cast, second_security):
    made = actions.appoint(cast.courier, organisation=cast.county, role=Role.COUNTY_APPROVER, by=cast.security)
    assert made.state == Appointment.State.PROPOSED
    assert not policies.is_staff(again(cast.courier))

    with pytest.raises(NeedsAnotherPerson):
        actions.confirm_appointment(made, by=again(cast.security))
    with pytest.raises(NotOneself):
        actions.confirm_appointment(made, by=again(cast.courier))
    actions.confirm_appointment(made, by=second_security)

    assert policies.can(again(cast.courier), "cases.decide", cast.unit)
    assert made.confirmed_by == second_security


def test_a_declined_proposal_stays_without_rights(cast, second_security):
    made = actions.appoint(cast.courier, organisation=cast.county, role=Role.COUNTY_APPROVER, by=cast.security)
    actions.decline_appointment(made, by=second_security)

    assert made.state == Appointment.State.DECLINED
    assert not policies.is_staff(again(cast.courier))
    with pytest.raises(NotAllowedInState):
        actions.confirm_appointment(made, by=second_security)


def test_two_people_are_kept_apart_by_the_database_too(cast, second_security):
    made = actions.appoint(cast.courier, organisation=cast.county, role=Role.COUNTY_APPROVER, by=cast.security)

    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.filter(pk=made.pk).update(confirmed_by=cast.security)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.filter(pk=made.pk).update(confirmed_by=cast.courier)


@pytest.mark.parametrize(
    ("by", "where", "role", "refusal"),
    [
        ("approver", "sibling_county", Role.COUNTY_HANDLER, OutsideYourScope),
        ("handler", "county", Role.COUNTY_HANDLER, OutsideYourScope),
        ("admin", "province", Role.PROVINCE_HANDLER, OutsideYourScope),
        ("approver", "county", Role.COUNTY_APPROVER, NotYoursToGive),
        ("approver", "county", Role.TOWN_OFFICER, RoleNotAtThisLevel),
        ("chair", "unit", Role.UNIT_CHAIR, NotYoursToGive),
        ("security", "unit", Role.SYSTEM_ADMIN, RoleNotAtThisLevel),
    ],
)
def test_nobody_gives_more_than_their_own_rank_and_scope(cast, by, where, role, refusal):
    with pytest.raises(refusal):
        actions.appoint(cast.courier, organisation=getattr(cast, where), role=role, by=getattr(cast, by))

    assert not Appointment.objects.filter(user=cast.courier).exists()


def test_nobody_appoints_oneself(cast):
    with pytest.raises(NotOneself):
        actions.appoint(cast.security, organisation=cast.province, role=Role.PROVINCE_LEADER, by=cast.security)


@pytest.mark.parametrize("first", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.PROVINCE_HANDLER])
@pytest.mark.parametrize("then", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.PROVINCE_HANDLER])
def test_the_three_duties_are_never_in_one_hand(cast, first, then):
    actions.install_appointment(cast.courier, organisation=cast.province, role=first)

    with pytest.raises(AppointmentsClash):
        actions.install_appointment(cast.courier, organisation=cast.province, role=then)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(
            user=cast.courier, organisation=cast.city, role=then, valid_from=TODAY, state="in_force"
        ) if first != then else Appointment.objects.create(
            user=cast.courier, organisation=cast.province, role=then, valid_from=TODAY, state="in_force"
        )


def test_duties_may_follow_each_other(cast):
    last = TODAY - dt.timedelta(days=1)
    actions.install_appointment(
        cast.courier, organisation=cast.province, role=Role.AUDIT_ADMIN, valid_from=last, valid_to=last
    )

    actions.install_appointment(cast.courier, organisation=cast.province, role=Role.SYSTEM_ADMIN)

    assert policies.roles_of(again(cast.courier)) == {Role.SYSTEM_ADMIN}


def test_one_officer_may_hold_several_business_roles(cast):
    actions.install_appointment(cast.handler, organisation=cast.town, role=Role.TOWN_OFFICER)

    assert policies.roles_of(again(cast.handler)) == {Role.COUNTY_HANDLER, Role.TOWN_OFFICER}


def test_the_end_comes_before_no_beginning(cast):
    with pytest.raises(AppointmentsClash, match="不能早于"):
        actions.install_appointment(
            cast.courier,
            organisation=cast.town,
            role=Role.TOWN_OFFICER,
            valid_from=TODAY,
            valid_to=TODAY - dt.timedelta(days=1),
        )


def test_rights_are_gone_with_the_next_request(cast, client_of):
    browser = client_of(cast.approver)
    assert browser.get("/work/access/").status_code == 200

    actions.end_appointment(post_of(cast.approver), reason="调离", by=cast.security)

    assert browser.get("/work/access/").status_code == 403
    assert not policies.is_staff(again(cast.approver))


def test_sessions_end_with_the_appointment(cast, client_of):
    browser = client_of(cast.approver)
    browser.get("/accounts/")
    session = browser.session.session_key
    UserSession.objects.create(user=cast.approver, ip="127.0.0.1", session_key=session, user_agent="")
    post = post_of(cast.approver)
    actions.end_appointment(post, reason="调离", by=cast.security)

    facts = {
        "appointment_id": post.pk,
        "user_id": cast.approver.pk,
        "organisation_id": cast.county.pk,
        "role": post.role,
    }
    end_staff_sessions(**facts)
    end_staff_sessions(**facts)

    assert not UserSession.objects.filter(user=cast.approver).exists()
    assert browser.get("/accounts/").status_code == 302
    end_staff_sessions(**{**facts, "user_id": 0})


def test_an_appointment_ends_once(cast):
    post, copy = post_of(cast.handler), post_of(cast.handler)
    actions.end_appointment(post, reason="退休", by=cast.approver)

    with pytest.raises(ChangedMeanwhile):
        actions.end_appointment(copy, reason="退休", by=cast.approver)
    assert post.revoked_at is not None
    assert journalled("access.appointment_ended") == 1


def test_expired_appointments_are_closed_by_the_sweep(cast):
    yesterday = TODAY - dt.timedelta(days=1)
    actions.install_appointment(
        cast.courier, organisation=cast.town, role=Role.TOWN_OFFICER, valid_from=yesterday, valid_to=yesterday
    )

    assert actions.end_expired_appointments(on=TODAY) == 1
    assert actions.end_expired_appointments(on=TODAY) == 0
    assert post_of(cast.courier).end_reason == "任期届满"
    assert post_of(cast.handler).state == Appointment.State.IN_FORCE


def test_the_console_may_revoke(cast):
    post = post_of(cast.handler)

    actions.revoke_appointment(post, reason="失联")

    assert not policies.is_staff(again(cast.handler))


def test_the_first_security_admin_is_installed_once(cast):
    with pytest.raises(AlreadySetUp):
        actions.install_first_security_admin(cast.courier, organisation=cast.province)

    actions.revoke_appointment(post_of(cast.security), reason="换人")
    made = actions.install_first_security_admin(cast.courier, organisation=cast.province)

    assert made.role == Role.SECURITY_ADMIN


def test_may_confirm_and_end_follow_the_actions(cast, second_security):
    made = actions.appoint(cast.courier, organisation=cast.county, role=Role.COUNTY_APPROVER, by=cast.security)

    assert policies.may_confirm(second_security, made)
    assert not policies.may_confirm(cast.security, made)
    assert policies.appointments_to_confirm(second_security) == [made]
    assert policies.may_end(cast.security, post_of(cast.handler))
    assert policies.may_end(cast.approver, post_of(cast.handler))
    assert not policies.may_end(cast.approver, post_of(cast.approver))
    assert not policies.may_end(cast.security, made)


# Acting for somebody


@pytest.fixture
def sms(settings):
    from yiwang.platform.notify.adapters import MemorySms  # noqa: PLC0415 -- needs settings

    settings.NOTIFY_ADAPTERS = {"sms": "yiwang.platform.notify.adapters.MemorySms"}
    MemorySms.clear()
    return MemorySms.outbox


def ask(cast, **more) -> Mandate:
    facts = {
        "person_id": cast.wenjuan_person.pk,
        "person_name": "周文娟",
        "phone": "138 0000 0001",
        "delegate": cast.chair,
        "valid_until": IN_A_MONTH,
    }
    return actions.ask_mandate(**{**facts, **more})


def code_in(sms) -> str:
    return "".join(char for char in sms[-1].text.split("验证码")[1][:6])


def test_a_person_consents_by_reading_out_the_code(cast, sms):
    mandate = ask(cast)
    assert sms[-1].address == "13800000001"
    assert not policies.may_act_for(cast.chair, cast.wenjuan_person.pk)

    actions.give_mandate(mandate, code=code_in(sms), by=cast.chair)

    assert policies.may_act_for(cast.chair, cast.wenjuan_person.pk, service_code="HP-0001")
    assert not policies.may_act_for(cast.clerk, cast.wenjuan_person.pk)
    assert not policies.may_act_for(cast.chair, cast.courier_person.pk)
    assert [row.delegate for row in queries.mandates_of(cast.wenjuan_person.pk)] == [cast.chair]
    assert journalled("access.mandate_given") == 1


def test_three_wrong_codes_end_the_request(cast, sms):
    mandate = ask(cast)
    right = code_in(sms)
    wrong = "000000" if right != "000000" else "111111"

    for left in (2, 1, 0):
        with pytest.raises(WrongCode, match=str(left) if left else "作废"):
            actions.give_mandate(mandate, code=wrong, by=cast.chair)
    with pytest.raises(WrongCode):
        actions.give_mandate(mandate, code=right, by=cast.chair)

    assert not policies.may_act_for(cast.chair, cast.wenjuan_person.pk)


def test_a_code_expires(cast, sms):
    mandate = ask(cast)
    Mandate.objects.filter(pk=mandate.pk).update(code_expires_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))

    with pytest.raises(CodeExpired):
        actions.give_mandate(mandate, code=code_in(sms), by=cast.chair)


def test_a_mandate_for_one_service_opens_no_other(cast, sms):
    mandate = ask(cast, service_code="HP-0001")
    actions.give_mandate(mandate, code=code_in(sms), by=cast.chair)

    assert policies.may_act_for(cast.chair, cast.wenjuan_person.pk, service_code="HP-0001")
    assert not policies.may_act_for(cast.chair, cast.wenjuan_person.pk, service_code="RT-0001")


def test_a_mandate_ends_with_its_last_day(cast, sms):
    mandate = ask(cast, valid_until=TODAY)
    actions.give_mandate(mandate, code=code_in(sms), by=cast.chair)
    tomorrow = TODAY + dt.timedelta(days=1)

    assert policies.may_act_for(cast.chair, cast.wenjuan_person.pk)
    assert not policies.may_act_for(cast.chair, cast.wenjuan_person.pk, on=tomorrow)
    assert actions.end_expired_mandates(on=tomorrow) == 1
    assert actions.end_expired_mandates(on=tomorrow) == 0


@pytest.mark.parametrize("days", [-1, 400])
def test_a_mandate_is_neither_past_nor_for_ever(cast, days):
    with pytest.raises(MandateTooLong):
        ask(cast, valid_until=TODAY + dt.timedelta(days=days))


def test_a_signed_paper_is_noted_with_where_it_lies(cast):
    mandate = actions.note_paper_mandate(
        person_id=cast.wenjuan_person.pk,
        person_name="周文娟",
        delegate=cast.chair,
        evidence="委托书，档号2026-11",
        valid_until=IN_A_MONTH,
        by=cast.handler,
    )
    assert policies.mandate_to_act(cast.chair, cast.wenjuan_person.pk) == mandate

    actions.end_mandate(mandate, by=cast.chair)

    assert policies.mandate_to_act(cast.chair, cast.wenjuan_person.pk) is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.filter(pk=mandate.pk).update(evidence="")


# Conflict of interest


def test_recusal_from_a_person_and_from_an_employer(cast):
    actions.declare_recusal(
        cast.handler, person_id=cast.wenjuan_person.pk, reason=Recusal.Reason.KINSHIP, by=cast.handler
    )
    actions.declare_recusal(
        cast.approver, employer=cast.employer, reason=Recusal.Reason.SAME_EMPLOYER, by=cast.approver
    )

    assert policies.is_recused(cast.handler, person_id=cast.wenjuan_person.pk)
    assert not policies.is_recused(cast.handler, person_id=cast.courier_person.pk)
    assert policies.is_recused(cast.approver, person_id=cast.wenjuan_person.pk, employer_id=cast.employer.pk)
    assert not policies.is_recused(cast.approver, employer_id=cast.sibling_employer.pk)
    assert queries.recused_users(person_id=cast.wenjuan_person.pk, employer_id=cast.employer.pk) == {
        cast.handler.pk,
        cast.approver.pk,
    }


def test_recusal_is_declared_once_and_can_end(cast):
    first = actions.declare_recusal(cast.handler, person_id=7, reason=Recusal.Reason.INTEREST, by=cast.handler)
    assert actions.declare_recusal(cast.handler, person_id=7, reason=Recusal.Reason.KINSHIP, by=cast.handler) == first

    actions.end_recusal(first, by=cast.handler)

    assert not policies.is_recused(cast.handler, person_id=7)


# Who looked


def test_a_page_is_noted_once_a_day_and_a_number_every_time(cast):
    person = cast.wenjuan_person
    for _turn in range(2):
        actions.note_look("case", 5, person.pk, cast.handler, "办理申请")
        actions.note_reveal("person", person.pk, person.pk, cast.handler, "核对参保")

    looks = list(queries.looks_at(person.pk))

    assert sorted(look.kind for look in looks) == [Look.Kind.PAGE, Look.Kind.REVEAL, Look.Kind.REVEAL]
    assert {(look.by_name, look.by_organisation) for look in looks} == {("沈佳", "昆山市总工会")}
    assert {look.what for look in looks} == {"你的办件", "你的完整证件号或手机号"}
    assert journalled("access.person_revealed") == 2
    assert not queries.looks_at(cast.courier_person.pk).exists()


def test_a_number_is_not_shown_without_a_reason(cast):
    with pytest.raises(PurposeMissing):
        actions.note_reveal("person", 1, 1, cast.handler, "  ")
    with pytest.raises(PurposeMissing):
        actions.note_reveals("person", [1, 2], cast.handler, "")

    assert not Look.objects.exists()
