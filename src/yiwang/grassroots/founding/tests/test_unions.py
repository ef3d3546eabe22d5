"""Terms, certificates, seals, letters and hand-overs of unions that stand (GT 1.6, 1.7, 7.7)."""

import datetime as dt
from decimal import Decimal

import pytest

from yiwang.grassroots.founding import actions, policies, queries
from yiwang.grassroots.founding.errors import AlreadyUnderWay, NotReady, SamePerson, TooEarly
from yiwang.grassroots.founding.models import Body, Certificate, Seat, Term
from yiwang.grassroots.founding.tests.factories import founded
from yiwang.kernel.clock import today
from yiwang.platform.notify.models import Message
from yiwang.register.access.models import Appointment
from yiwang.register.organisations.models import Organisation

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def union(cast):
    return founded(cast).organisation


def term_of(organisation, *, ends_on, number=1):
    return Term.objects.create(
        organisation=organisation,
        body=Body.COMMITTEE,
        number=number,
        years=5,
        elected_on=ends_on - dt.timedelta(days=1826),
        starts_on=ends_on - dt.timedelta(days=1826),
        ends_on=ends_on,
        is_current=True,
    )


def test_an_overdue_term_is_red_and_gets_an_order(cast):
    term = term_of(cast.unit, ends_on=today() - 10 * DAY)
    assert queries.is_red(cast.unit)
    assert queries.term_face(term).state == "over"

    paper = actions.order_reelection(term, by=cast.approver)

    assert paper.kind == "union_order"
    assert Message.objects.filter(recipient_id=cast.chair.pk, template="founding/order").exists()
    Term.objects.filter(pk=term.pk).update(ends_on=today() + 400 * DAY)
    term.refresh_from_db()
    assert queries.term_face(term).state == "run"
    with pytest.raises(NotReady):
        actions.order_reelection(term, by=cast.approver)


def test_reminders_come_once_each(cast):
    term = term_of(cast.unit, ends_on=today() + 100 * DAY)
    assert actions.sweep_terms(today()) == 1
    assert actions.sweep_terms(today()) == 0
    assert actions.sweep_terms(today() + 20 * DAY) == 1
    assert actions.sweep_terms(today() + 108 * DAY) == 1
    assert Message.objects.filter(recipient_id=cast.approver.pk, template="founding/late").count() == 1
    assert Message.objects.filter(recipient_id=cast.chair.pk, template="founding/ending").count() >= 1
    Term.objects.filter(pk=term.pk).update(ends_on=today() + 900 * DAY)
    assert actions.sweep_terms(today()) == 0


def test_an_extension_takes_the_union_off_the_red_list(cast):
    term = term_of(cast.unit, ends_on=today() - 10 * DAY)
    with pytest.raises(NotReady):
        actions.ask_extension(term, until=today() + 400 * DAY, reason="太久", by=cast.chair)
    extension = actions.ask_extension(term, until=today() + 60 * DAY, reason="公司搬迁", by=cast.chair)
    with pytest.raises(AlreadyUnderWay):
        actions.ask_extension(term, until=today() + 60 * DAY, reason="再报", by=cast.chair)
    with pytest.raises(SamePerson):
        actions.approve_extension(extension, by=cast.chair)
    assert policies.may_decide_extension(cast.approver, extension)
    assert not policies.may_decide_extension(cast.sibling_approver, extension)
    actions.refuse_extension(extension, by=cast.approver, opinion="理由不足")
    extension = actions.ask_extension(term, until=today() + 60 * DAY, reason="公司搬迁，详见附件", by=cast.chair)
    actions.approve_extension(extension, by=cast.approver, opinion="同意")

    assert not queries.is_red(cast.unit)


def certificate_facts(**more):
    return {"address": "昆山市示例路1号", "funds": Decimal("20000"), "floor_area": 60, "business": "服务职工", **more}


def test_a_certificate_is_asked_for_returned_and_issued(cast, union):
    with pytest.raises(NotReady):
        actions.apply_certificate(cast.county, by=cast.handler, **certificate_facts())
    with pytest.raises(NotReady):
        actions.apply_certificate(union, by=cast.town_officer, **certificate_facts(funds=Decimal(10)))
    certificate = actions.apply_certificate(union, by=cast.town_officer, **certificate_facts())
    with pytest.raises(AlreadyUnderWay):
        actions.apply_certificate(union, by=cast.town_officer, **certificate_facts())
    with pytest.raises(SamePerson):
        actions.issue_certificate(certificate, uscc="81320000509100012B", number="1", by=cast.town_officer)
    for code in ("81320000509100012A", cast.employer.uscc):
        with pytest.raises(NotReady):
            actions.issue_certificate(certificate, uscc=code, number="1", by=cast.approver)
    actions.return_certificate(certificate, by=cast.approver, opinion="缺住所证明")
    again = actions.apply_certificate(union, by=cast.town_officer, **certificate_facts(address="昆山市示例路2号"))
    assert again.pk == certificate.pk
    assert policies.may_decide_certificate(cast.approver, again)
    actions.issue_certificate(again, uscc="81320000509100012B", number="工法证字第1号", by=cast.approver)

    assert Organisation.objects.get(pk=union.pk).uscc == "81320000509100012B"
    term = queries.committee_of(union)
    assert again.valid_to == term.ends_on
    with pytest.raises(TooEarly):
        actions.apply_certificate(union, by=cast.town_officer, **certificate_facts())


def test_a_certificate_is_renewed_in_its_last_thirty_days_and_expires_the_day_after(cast, union):
    certificate = actions.apply_certificate(union, by=cast.town_officer, **certificate_facts())
    actions.issue_certificate(certificate, uscc="81320000509100012B", number="1", by=cast.approver)
    end = today() + 30 * DAY
    Certificate.objects.filter(pk=certificate.pk).update(valid_to=end)
    assert actions.renewable_from(union) == today()
    assert actions.sweep_certificates(today()) == 1
    assert actions.sweep_certificates(today()) == 0
    assert Certificate.objects.get(pk=certificate.pk).state == "valid"
    actions.sweep_certificates(end)
    assert Certificate.objects.get(pk=certificate.pk).state == "valid"
    actions.sweep_certificates(end + DAY)
    assert Certificate.objects.get(pk=certificate.pk).state == "expired"
    renewed = actions.apply_certificate(union, by=cast.town_officer, **certificate_facts())
    assert renewed.state == "applied"


def test_whoever_keeps_the_union_is_reminded_once_of_a_certificate_that_ends(cast, union):
    Appointment.objects.create(
        user=cast.courier, organisation=union, role="unit_chair", valid_from=today(), state="in_force"
    )
    certificate = actions.apply_certificate(union, by=cast.town_officer, **certificate_facts())
    actions.issue_certificate(certificate, uscc="81320000509100012B", number="1", by=cast.approver)
    reminders = Message.objects.filter(template="founding/certificate_ending")
    actions.sweep_certificates(today())
    assert not reminders.exists()
    Certificate.objects.filter(pk=certificate.pk).update(valid_to=today() + 30 * DAY)

    for _again in range(2):
        actions.sweep_certificates(today())

    assert [message.recipient_id for message in reminders] == [cast.courier.pk]


def test_seals_are_one_of_a_kind_and_go_back(cast, union):
    seal = actions.record_seal(union, kind="official", made_on=today(), keeper="会员001", by=cast.town_officer)
    with pytest.raises(AlreadyUnderWay):
        actions.record_seal(union, kind="official", made_on=today(), keeper="会员002", by=cast.town_officer)
    actions.return_seal(seal, by=cast.town_officer)
    actions.record_seal(union, kind="official", made_on=today(), keeper="会员002", by=cast.town_officer)
    assert [row.returned_on is None for row in queries.seals_of(union)] == [False, True]


def test_a_bank_letter_says_who_approved_and_who_chairs(cast, union):
    paper = actions.issue_bank_letter(union, by=cast.approver)
    assert paper.context["chair"] == "会员000"
    for form, start in (("pdf", b"%PDF"), ("docx", b"PK")):
        assert actions.printed(paper, form).startswith(start)
    with pytest.raises(NotReady):
        actions.issue_bank_letter(cast.unit, by=cast.approver)


def test_a_hand_over_needs_both_signatures_and_ends_the_old_post(cast, union):
    term = queries.committee_of(union)
    old = Seat.objects.get(term=term, post="chair")
    old.person.user = cast.courier
    cast.courier_person.user = None
    cast.courier_person.save(update_fields=["user"])
    old.person.save(update_fields=["user"])
    post = Appointment.objects.create(
        user=cast.courier, organisation=union, role="unit_chair", valid_from=today(), state="in_force"
    )
    with pytest.raises(NotReady):
        actions.draw_handover(union, old.person, by=cast.town_officer)
    actions.vacate_seat(old, reason="resigned", by=cast.town_officer)
    new = Seat.objects.filter(term=term, post="member").first()
    new.post = "chair"
    new.save(update_fields=["post"])
    assert queries.outgoing_chair(union) == old.person
    handover = actions.draw_handover(union, old.person, by=cast.town_officer)
    with pytest.raises(AlreadyUnderWay):
        actions.draw_handover(union, old.person, by=cast.town_officer)
    assert handover.content["posts"] == [{"name": cast.courier.name, "role": "基层工会主席"}]
    assert policies.side_of(cast.courier, handover) == "given"
    assert policies.side_of(cast.wenjuan, handover) == ""
    actions.sign_handover(handover, "given", by=cast.courier)
    assert Appointment.objects.get(pk=post.pk).state == "in_force"
    actions.sign_handover(handover, "taken", by=cast.town_officer)
    actions.sign_handover(handover, "taken", by=cast.town_officer)

    assert Appointment.objects.get(pk=post.pk).state != "in_force"
    assert queries.open_handover(union) is None
    assert queries.outgoing_chair(union) is None
