"""Handing in: one case whatever happens, at the right body, with its clocks."""

import datetime as dt
import re
import threading

import pytest
from django.db import connection

from yiwang.kernel.clock import due_day
from yiwang.net.cases import actions
from yiwang.net.cases.errors import (
    KeyOfSomebodyElse,
    MandateMissing,
    NoApplicant,
    NobodyCanReceive,
    NotFromHere,
    ServiceNotOpen,
)
from yiwang.net.cases.models import Case, Clock, ClusterAlert, Hop
from yiwang.net.cases.tests.factories import NOW, later, make_service, step, submit
from yiwang.platform.counters.queries import figure
from yiwang.platform.forms.models import Draft
from yiwang.platform.journal.models import JournalEntry
from yiwang.platform.notify.models import Message
from yiwang.register.access.models import Appointment, Mandate, Recusal
from yiwang.register.organisations.models import Kind, Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(db):
    return make_service()


def test_a_request_becomes_a_case_at_the_county_with_number_clock_and_message(service, cast):
    case = submit(service, cast.wenjuan_person)

    assert (case.number, case.number_key) == ("帮扶2026-昆-00001", "帮扶2026昆00001")
    assert (case.organisation, case.handler) == (cast.county, cast.handler)
    assert (case.home, case.employer) == (cast.unit, cast.employer)
    clock = case.clocks.get()
    assert (clock.kind, due_day(clock.due_at)) == (Clock.Kind.ACCEPTANCE, dt.date(2026, 11, 10))
    assert case.due_at == clock.due_at
    assert [m.recipient_id for m in Message.objects.order_by("pk")] == [cast.wenjuan.pk, cast.handler.pk]
    names = (
        JournalEntry.objects.filter(subject="case", subject_id=case.pk).order_by("pk").values_list("name", flat=True)
    )
    assert list(names) == ["cases.case_submitted", "cases.case_routed"]


@pytest.mark.parametrize(("language", "day"), [("zh-hans", r"最晚.*\d+月\d+日（周.）"), ("en", r"by \w{3} \d+ \w{3}")])
def test_a_message_writes_the_day_as_its_reader_does(cast, language, day):
    type(cast.wenjuan).objects.filter(pk=cast.wenjuan.pk).update(language=language)
    person = type(cast.wenjuan_person).objects.get(pk=cast.wenjuan_person.pk)

    submit(make_service("HP-0950"), person)

    told = Message.objects.get(recipient_id=cast.wenjuan.pk).text
    assert re.search(day, told)
    assert not re.search(r"\d{4}-\d\d-\d\d", told)


def test_numbers_of_one_county_run_on_and_another_county_has_its_own(service, cast):
    numbers = [submit(service, p).number for p in (cast.wenjuan_person, cast.stranger_person)]
    numbers.append(submit(make_service("RT-0900"), cast.wenjuan_person).number)

    assert numbers == ["帮扶2026-昆-00001", "帮扶2026-太-00001", "维权2026-昆-00001"]


def test_the_same_key_gives_the_same_case_and_counts_once(service, cast):
    first = submit(service, cast.wenjuan_person, key="draft:x")
    again = submit(service, cast.wenjuan_person, key="draft:x")

    assert again == first
    assert Case.objects.count() == 1
    assert figure(str(cast.county.path), "cases.received") == 1
    assert figure(str(cast.province.path), "cases.open") == 1


def test_a_key_of_another_account_is_refused(service, cast):
    submit(service, cast.wenjuan_person, key="draft:x")

    with pytest.raises(KeyOfSomebodyElse):
        submit(service, cast.stranger_person, key="draft:x")


def test_sensitive_answers_lie_encrypted(service, cast):
    case = submit(service, cast.wenjuan_person, answers={"reason": "住院", "illness": "心梗"})

    with connection.cursor() as cursor:
        cursor.execute("SELECT answers::text, sensitive_answers FROM cases_case WHERE id = %s", [case.pk])
        open_text, sealed = cursor.fetchone()
    assert "心梗" not in open_text
    assert "心梗".encode() not in bytes(sealed)
    assert Case.objects.get().sensitive_answers == '{"illness": "心梗"}'


@pytest.mark.parametrize(
    ("level", "target", "anonymous", "body", "reasons"),
    [
        (7, "", False, "unit", ["workplace"]),
        (5, "", False, "town", ["workplace", "level"]),
        (4, "", False, "county", ["workplace", "level"]),
        (7, "employer", False, "town", ["workplace", "about_employer"]),
        (7, "", True, "town", ["workplace", "anonymous"]),
        (7, "union", False, "county", ["workplace", "about_union"]),
        (3, "", False, "city", ["workplace", "level"]),
    ],
)
def test_the_route_follows_workplace_level_and_whom_it_is_about(cast, level, target, anonymous, body, reasons):
    version = make_service(steps=[step("review", level=level)], target=target, anonymous_allowed=True)

    case = submit(version, cast.wenjuan_person, answers={"anonymous_to_employer": anonymous})

    assert case.organisation == getattr(cast, body)
    assert list(case.hops.order_by("pk").values_list("code", flat=True)) == reasons
    assert case.anonymous_to_employer is anonymous


def test_where_nobody_holds_a_post_the_nearest_ancestor_takes_it(cast):
    Appointment.objects.filter(organisation__in=[cast.unit, cast.town]).delete()

    case = submit(make_service(steps=[step("review", level=7)]), cast.wenjuan_person)

    assert case.organisation == cast.county
    assert case.hops.order_by("pk").last().code == "nobody_below"


def test_without_anybody_up_to_the_top_the_request_is_refused_in_words(cast, service):
    Appointment.objects.all().delete()

    with pytest.raises(NobodyCanReceive, match="12351"):
        submit(service, cast.wenjuan_person)


def test_a_worker_without_union_is_routed_by_the_place_of_work(cast):
    version = make_service(steps=[step("review", level=7)])
    place = {"work_division": {"value": "320583100", "label": "玉山镇"}}

    here = submit(version, cast.courier_person, answers=place)
    nowhere = submit(make_service("HP-0901"), cast.courier_person, answers={})

    assert (here.organisation, here.hops.first().code) == (cast.town, "region")
    assert nowhere.organisation == cast.province


def test_a_worker_named_by_employer_alone_goes_to_the_union_that_covers_it(cast):
    version = make_service(steps=[step("review", level=7)])

    case = submit(version, cast.courier_person, answers={"employer": cast.employer.name})

    assert case.organisation == cast.unit


def test_new_form_workers_go_to_the_federation_of_their_trade_when_it_exists(cast):
    federation = Organisation.objects.create(
        pk=990099, code="FED", name="昆山市快递行业工会联合会", kind=Kind.TRADE_FEDERATION, level=5, parent=cast.county,
        path=f"{cast.county.path}.n990099", division_code="320583", valid_from=dt.date(2020, 1, 1),
    )  # fmt: skip
    Appointment.objects.create(
        user=cast.hotline,
        organisation=federation,
        role="town_officer",
        valid_from=dt.date(2020, 1, 1),
        state="in_force",
    )
    answers = {"work_division": "320583100", "new_form": "N03"}

    case = submit(make_service(steps=[step("review", level=7)]), cast.courier_person, answers=answers)

    assert (case.organisation, case.hops.first().code) == (federation, "industry")


def test_whoever_has_a_tie_gets_no_case_and_the_next_one_does(service, cast):
    Recusal.objects.create(
        user=cast.handler, person_id=cast.wenjuan_person.pk, reason="kinship", declared_by=cast.handler
    )

    case = submit(service, cast.wenjuan_person)

    assert case.handler == cast.approver  # the county approver may handle too


def test_work_goes_to_the_officer_with_fewer_open_cases(service, cast):
    Appointment.objects.filter(user=cast.approver).update(role="county_handler")
    people = [cast.wenjuan_person, cast.wenjuan_person]
    versions = [service, make_service("HP-0902")]

    handlers = {submit(v, p).handler for v, p in zip(versions, people, strict=True)}

    assert handlers == {cast.handler, cast.approver}


def test_the_same_request_again_is_appended_to_the_open_one(service, cast):
    first = submit(service, cast.wenjuan_person)
    again = submit(service, cast.wenjuan_person, now=later(days=10))
    other = submit(make_service("HP-0903"), cast.wenjuan_person)

    assert (again.state, again.merged_into) == ("merged", first)
    assert other.state == "submitted"
    assert first.replies.count() == 1
    assert figure(str(cast.county.path), "cases.received") == 2


def test_after_the_merge_days_or_where_repeats_are_natural_it_is_a_new_case(cast):
    natural = make_service("MA-0900", append_repeats=False)
    service = make_service()

    submit(service, cast.wenjuan_person)
    late = submit(service, cast.wenjuan_person, now=later(days=31))
    pair = [submit(natural, cast.wenjuan_person) for _ in range(2)]

    assert late.state == "submitted"
    assert [case.state for case in pair] == ["submitted", "submitted"]


def test_a_telephone_is_enough_and_merges_by_the_same_number(service, cast):
    contact = actions.Contact(name="王大伟", phone="138 1234 5678")

    case = submit(service, None, by=cast.handler, contact=contact, channel="phone")
    again = submit(service, None, by=cast.handler, contact=contact, channel="visit")

    assert (case.contact_name, case.contact_phone, case.applicant) == ("王大伟", "13812345678", None)
    assert again.merged_into == case


def test_nobody_at_all_is_refused(service, cast):
    with pytest.raises(NoApplicant):
        submit(service, None, by=cast.handler)


def test_filing_for_another_needs_a_mandate_or_a_desk(service, cast):
    with pytest.raises(MandateMissing):
        submit(service, cast.wenjuan_person, by=cast.courier)
    for (
        own_hand
    ) in Case.OWN_CHANNELS:  # the right to take requests at a desk is no right to make them on one's own phone
        with pytest.raises(MandateMissing):
            submit(service, cast.wenjuan_person, by=cast.handler, channel=own_hand)

    desk = submit(service, cast.wenjuan_person, by=cast.handler, channel="visit")
    assert desk.mandate is None


def test_with_a_mandate_both_names_stand_in_the_journal(service, cast):
    mandate = Mandate.objects.create(
        person_id=cast.wenjuan_person.pk, person_name="周文娟", delegate=cast.courier, consent="paper", evidence="委托书",
        state="given", given_at=NOW, valid_until=dt.date(2027, 1, 1),
    )  # fmt: skip

    case = submit(service, cast.wenjuan_person, by=cast.courier)

    entry = JournalEntry.objects.get(name="cases.case_submitted")
    assert case.mandate == mandate
    assert (entry.actor_name, entry.on_behalf_of) == ("赵一鸣", cast.wenjuan_person.pk)


@pytest.mark.parametrize(
    ("opens", "closes", "is_open"),
    [("10-01", "12-31", True), ("01-01", "03-31", False), ("11-20", "02-01", False), ("10-20", "02-01", True)],
)
def test_a_season_opens_and_closes_a_service(cast, opens, closes, is_open):
    version = make_service(window={"opens": opens, "closes": closes})

    if is_open:
        assert submit(version, cast.wenjuan_person).state == "submitted"
    else:
        with pytest.raises(ServiceNotOpen):
            submit(version, cast.wenjuan_person)


def test_many_workers_of_one_employer_raise_one_alert(cast, settings):
    version = make_service("RT-0905", target="employer")
    cases = []
    for n in range(6):
        contact = actions.Contact(name=f"工友{n}", phone=f"1390000000{n}")
        cases.append(submit(version, None, by=cast.hotline, contact=contact, channel="hotline",
                            answers={"employer": cast.employer.name}))  # fmt: skip

    alert = ClusterAlert.objects.get()
    assert (alert.applicants, alert.organisation) == (6, cast.county)
    assert Case.objects.filter(is_cluster=True).count() == 6


def test_four_workers_or_other_matters_are_no_cluster(cast):
    for n in range(4):
        contact = actions.Contact(name=f"工友{n}", phone=f"1390000000{n}")
        submit(make_service(f"RT-091{n}"), None, by=cast.hotline, contact=contact, channel="hotline",
               answers={"employer": cast.employer.name})  # fmt: skip

    assert not ClusterAlert.objects.exists()
    assert not Hop.objects.filter(kind="up").exists()


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_case(cast):
    version = make_service()
    results, errors = [], []
    gate = threading.Barrier(4)

    def click():
        try:
            gate.wait()
            results.append(submit(version, cast.wenjuan_person, key="draft:race").number)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert len(set(results)) == 1
    assert Case.objects.count() == 1
    assert figure(str(cast.county.path), "cases.received") == 1


# Local services: for members of the body, and for everybody who works or lives there.


@pytest.fixture
def local(service, cast):
    service.service.owner = cast.county
    service.service.save(update_fields=["owner"])
    return service


def live_in(person, division):
    person.residence_division = division
    person.save(update_fields=["residence_division"])


def test_a_local_service_is_handled_by_its_body_for_whoever_works_there(local, cast):
    case = submit(local, cast.courier_person, answers={"reason": "x", "division": "320583100"})

    assert case.organisation == cast.county


def test_who_lives_there_and_belongs_elsewhere_may_ask_and_stays_with_the_body(local, cast):
    live_in(cast.stranger_person, "320583100201")

    case = submit(local, cast.stranger_person)

    assert (case.organisation, case.home) == (cast.county, cast.sibling_unit)


def test_who_neither_works_nor_lives_there_is_told_so(local, cast):
    with pytest.raises(NotFromHere) as member_elsewhere:
        submit(local, cast.stranger_person)
    with pytest.raises(NotFromHere):
        submit(local, cast.courier_person, answers={"reason": "x", "division": "320585100"})

    assert "昆山市总工会" in str(member_elsewhere.value)
    assert submit(local, cast.courier_person).organisation == cast.county  # nothing known: the officer looks
    assert submit(local, cast.wenjuan_person).organisation == cast.county


def test_the_page_of_a_local_service_leads_from_search_to_the_case(local, cast, client_of):
    client = client_of(cast.courier)
    client.post("/apply/HP-0900/", {})
    draft = Draft.objects.get()
    client.post(f"/apply/d/{draft.public_id}/need/", {"reason": "在昆山送餐"})

    answer = client.post(f"/apply/check/{draft.public_id}/", {"truthful": "on"})

    assert answer.status_code == 302
    assert Case.objects.get().organisation == cast.county
