"""一件事: asked once, a case for each part; one that fails holds nobody, one that waits starts by itself."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.module_loading import import_string

from tests.racing import beside
from yiwang.kernel.errors import DomainError
from yiwang.net.cases import actions
from yiwang.net.cases.errors import KeyOfSomebodyElse, NothingWanted
from yiwang.net.cases.events import CaseClosedUnanswered, CaseDecided, CaseRefused, CaseWithdrawn
from yiwang.net.cases.models import Bundle, BundlePart, Case
from yiwang.net.cases.reactions import go_on_with_bundle, let_go_of_bundle
from yiwang.net.cases.tests.factories import NO, NOW, YES, later, make_service, step
from yiwang.net.catalogue.models import ServiceVersion
from yiwang.platform.files.actions import store_upload
from yiwang.platform.files.models import Document
from yiwang.platform.forms.models import Draft
from yiwang.platform.journal.models import JournalEntry
from yiwang.platform.notify.models import Message
from yiwang.register.access.models import Appointment
from yiwang.register.members.models import Person

pytestmark = pytest.mark.django_db

ONE_STEP = [step("decide")]


def question(key, **more):
    return {"key": key, "kind": "text", "label": {"zh": key, "en": key}, **more}


def form(*fields):
    return {"steps": [{"key": "all", "title": {"zh": "填", "en": "Fill in"}, "fields": list(fields)}]}


PAPERS = {"key": "papers", "kind": "files", "optional": True, "max_files": 3, "label": {"zh": "截图", "en": "Shots"}}


@pytest.fixture
def bundle_version(db):
    """Join, a card after it, cover after it, a station beside; the card's pass waits for the card."""
    named = {"zh": "入会", "en": "Join"}
    make_service("MB-0901", name=named, steps=ONE_STEP, form=form(question("phone"), PAPERS))
    make_service("MB-0902", name={"zh": "办卡", "en": "Card"}, steps=ONE_STEP, form=form(question("place"), PAPERS))
    make_service("MA-0901", name={"zh": "互助", "en": "Cover"}, steps=ONE_STEP, form=form(question("kind")))
    make_service("ST-0901", name={"zh": "驿站", "en": "Station"}, steps=ONE_STEP, form=form(question("phone")))
    make_service("MB-0903", name={"zh": "通行", "en": "Pass"}, steps=ONE_STEP, form=form(question("phone")))
    wants = {"key": "wants", "kind": "choices", "label": {"zh": "哪几件", "en": "Which"}, "options": ["join", "cover"]}
    return make_service(
        "BD-0901",
        name={"zh": "骑手一件事", "en": "Riders in one go"},
        form=form(question("phone"), question("pickup", optional=True), wants, PAPERS),
        bundle=[
            {"code": "MB-0901", "when": {"field": "wants", "in": ["join"]}},
            {"code": "MB-0902", "needs": "MB-0901", "renamed": {"place": "pickup"}},
            {"code": "MA-0901", "needs": "MB-0901", "answers": {"kind": "take part"}},
            {"code": "ST-0901"},
            {"code": "MB-0903", "needs": "MB-0902"},
        ],
    )


ANSWERS = {"phone": "13800000002", "pickup": "玉山镇", "wants": ["join"]}


def hand_in(version, cast, **more):
    answers = more.pop("answers", ANSWERS)
    more = {"idempotency_key": "draft:b", "now": NOW, "by": cast.wenjuan, **more}
    return actions.submit_bundle(version, applicant=cast.wenjuan_person, answers=answers, **more)


def part(bundle, code):
    return bundle.parts.get(service_code=code)


def states(bundle):
    return dict(bundle.parts.values_list("service_code", "state"))


def decide(case, verdict, cast, *, react=True):
    actions.accept_case(case, by=cast.handler, now=NOW)
    actions.decide(case, verdict, by=cast.handler, now=later(days=1))
    if react:
        go_on_with_bundle(case_id=case.pk, outcome=verdict.outcome, on_time=True)


def test_one_form_gives_a_case_for_each_part_that_waits_for_nothing(bundle_version, cast):
    bundle = hand_in(bundle_version, cast)

    assert states(bundle) == {
        "MB-0901": "started",
        "MB-0902": "waiting",
        "MA-0901": "waiting",
        "ST-0901": "started",
        "MB-0903": "waiting",
    }
    join, station = part(bundle, "MB-0901").case, part(bundle, "ST-0901").case
    assert (join.title, join.applicant, join.answers) == ("入会", cast.wenjuan_person, {"phone": "13800000002"})
    assert join.number != station.number
    assert [clock.kind for clock in station.clocks.all()] == ["acceptance"]
    entry = JournalEntry.objects.get(name="cases.bundle_submitted")
    assert (entry.subject_id, entry.data["parts"]) == (bundle.pk, 5)


def test_the_same_key_is_the_same_bundle_and_nobody_elses(bundle_version, cast):
    first = hand_in(bundle_version, cast)

    assert hand_in(bundle_version, cast) == first
    assert (Bundle.objects.count(), Case.objects.count()) == (1, 2)
    with pytest.raises(KeyOfSomebodyElse):
        hand_in(bundle_version, cast, by=cast.stranger)


def test_what_waits_starts_when_its_part_is_decided_well_and_only_once(bundle_version, cast):
    bundle = hand_in(bundle_version, cast)
    join = part(bundle, "MB-0901").case

    decide(join, YES, cast)
    go_on_with_bundle(case_id=join.pk, outcome="ok", on_time=True)

    assert states(bundle) == {
        "MB-0901": "started",
        "MB-0902": "started",
        "MA-0901": "started",
        "ST-0901": "started",
        "MB-0903": "waiting",
    }
    card, cover = part(bundle, "MB-0902").case, part(bundle, "MA-0901").case
    assert card.answers == {"place": "玉山镇"}
    assert cover.answers == {"kind": "take part"}
    assert card.submitted_at > join.submitted_at
    assert Case.objects.count() == 4


def test_a_part_that_fails_lets_go_what_waits_for_it_and_holds_nothing_else(bundle_version, cast):
    bundle = hand_in(bundle_version, cast)

    decide(part(bundle, "MB-0901").case, NO, cast)

    assert states(bundle) == {
        "MB-0901": "started",
        "MB-0902": "not_started",
        "MA-0901": "not_started",
        "ST-0901": "started",
        "MB-0903": "not_started",
    }
    assert part(bundle, "MB-0903").reason == "need_failed"
    assert part(bundle, "ST-0901").case.is_open
    told = Message.objects.filter(recipient_id=cast.wenjuan.pk, title__startswith="有一件没有开始")
    assert told.count() == 3


@pytest.mark.parametrize("ending", ["withdrawn", "refused", "unanswered"])
def test_a_part_that_ends_undecided_lets_go_too(bundle_version, cast, ending):
    bundle = hand_in(bundle_version, cast)
    join = part(bundle, "MB-0901").case

    if ending == "withdrawn":
        actions.withdraw(join, by=cast.wenjuan, now=NOW)
    elif ending == "refused":
        actions.refuse_case(join, reason="不归我们", other_ways="去市里", recourse="可以复核", by=cast.handler, now=NOW)
    else:
        items = [{"name": "截图", "why": ""}]
        actions.request_supplement(join, items=items, message="", by=cast.handler, now=NOW)
        actions.close_unanswered(join, now=later(days=30))
    let_go_of_bundle(case_id=join.pk)

    assert part(bundle, "MB-0902").state == "not_started"
    assert part(bundle, "ST-0901").state == "started"


def test_an_answer_put_right_later_starts_what_was_let_go(bundle_version, cast):
    bundle = hand_in(bundle_version, cast)
    join = part(bundle, "MB-0901").case
    decide(join, NO, cast)
    actions.revoke_decision(join, reason="看错了", by=cast.supervisor, organisation=cast.city, now=later(days=2))
    let_go_of_bundle(case_id=join.pk)  # open again: nothing to do yet
    assert part(bundle, "MB-0902").state == "not_started"

    actions.reopen_case(join, by=cast.approver, now=later(days=2))
    actions.decide(join, YES, by=cast.approver, now=later(days=3))
    go_on_with_bundle(case_id=join.pk, outcome="ok", on_time=True)

    assert part(bundle, "MB-0902").state == "started"


def test_a_need_that_is_not_asked_for_is_no_need(bundle_version, cast):
    bundle = hand_in(bundle_version, cast, answers={**ANSWERS, "wants": ["cover"]})

    assert states(bundle) == {"MB-0902": "started", "MA-0901": "started", "ST-0901": "started", "MB-0903": "waiting"}


def test_a_part_that_cannot_be_handed_in_is_kept_with_its_reason(bundle_version, cast):
    ServiceVersion.objects.filter(service__code="MB-0901").update(state="suspended")

    bundle = hand_in(bundle_version, cast)

    assert part(bundle, "MB-0901").reason == "service_unavailable"
    assert part(bundle, "MB-0902").reason == "need_failed"
    assert part(bundle, "ST-0901").state == "started"


def test_when_no_part_can_start_the_whole_is_refused_and_nothing_written(bundle_version, cast):
    Appointment.objects.all().delete()

    with pytest.raises(DomainError) as refusal:
        hand_in(bundle_version, cast)

    assert refusal.value.code == "nobody_can_receive"
    assert (Bundle.objects.count(), Case.objects.count()) == (0, 0)


def test_wanting_nothing_is_refused(cast):
    make_service("MB-0901", steps=ONE_STEP)
    version = make_service("BD-0902", bundle=[{"code": "MB-0901", "when": {"field": "wants", "in": ["join"]}}])

    with pytest.raises(NothingWanted):
        hand_in(version, cast, answers={})


def test_a_repeat_that_joins_an_open_case_waits_for_that_one(bundle_version, cast):
    alone = actions.submit_case(
        ServiceVersion.objects.get(service__code="MB-0901"),
        applicant=cast.wenjuan_person,
        answers={"phone": "13800000001"},
        by=cast.wenjuan,
        idempotency_key="alone",
        now=NOW,
    )
    bundle = hand_in(bundle_version, cast)
    assert part(bundle, "MB-0901").case.merged_into == alone

    decide(alone, YES, cast)

    assert part(bundle, "MB-0902").state == "started"


def test_papers_go_to_every_part_that_asks_for_them_and_are_kept_no_longer_than_needed(bundle_version, cast):
    upload = SimpleUploadedFile(
        "接单.pdf", b"%PDF-1.4\n" + b"1 0 obj\n" * 20 + b"%%EOF", content_type="application/pdf"
    )
    paper = store_upload(upload, subject="draft", subject_id=1, kind="papers", by=cast.wenjuan)

    bundle = hand_in(bundle_version, cast, documents=[paper])
    join = part(bundle, "MB-0901").case
    mine = Document.objects.usable().filter(subject="case", subject_id=join.pk)
    assert [document.name for document in mine] == ["接单.pdf"]
    assert join.answers["papers"] == [mine[0].public_id]
    assert Document.objects.usable().filter(subject="bundle", subject_id=bundle.pk).count() == 1

    decide(join, YES, cast)
    card = part(bundle, "MB-0902").case
    assert Document.objects.usable().filter(subject="case", subject_id=card.pk).count() == 1
    decide(card, NO, cast)

    assert not Document.objects.usable().filter(subject="bundle").exists()
    assert Document.objects.usable().filter(subject="case").count() == 2


def test_a_part_that_waits_can_be_taken_back_with_what_waits_for_it(bundle_version, cast):
    bundle = hand_in(bundle_version, cast)

    actions.withdraw_part(part(bundle, "MB-0902"), by=cast.wenjuan, now=later(days=1))

    assert (part(bundle, "MB-0902").reason, part(bundle, "MB-0903").reason) == ("withdrawn", "need_failed")
    decide(part(bundle, "MB-0901").case, YES, cast)
    assert part(bundle, "MB-0902").state == "not_started"
    assert part(bundle, "MA-0901").state == "started"


def test_every_end_of_a_case_is_followed_through_the_table_of_reactions():
    followed = import_string("config.reactions.REACTIONS")

    assert go_on_with_bundle in followed[CaseDecided]
    assert all(let_go_of_bundle in followed[event] for event in (CaseRefused, CaseWithdrawn, CaseClosedUnanswered))


@pytest.mark.django_db(transaction=True)
def test_the_later_of_two_clicks_at_once_gets_the_bundle_of_the_first(bundle_version, cast):
    with transaction.atomic():
        first = hand_in(bundle_version, cast)
        later = beside(lambda: hand_in(bundle_version, cast))
        assert not later.done()

    assert later.result() == first
    assert (Bundle.objects.count(), Case.objects.count()) == (1, 2)


@pytest.mark.django_db(transaction=True)
def test_what_the_database_refuses_for_another_cause_is_not_hushed_up(bundle_version, cast):
    """Who asks is no longer in the register when it is written."""
    Person.objects.filter(pk=cast.courier_person.pk).delete()

    with pytest.raises(IntegrityError, match="bundle_applicant"):
        actions.submit_bundle(
            bundle_version, applicant=cast.courier_person, answers=ANSWERS, by=cast.courier, idempotency_key="draft:c",
            now=NOW,
        )  # fmt: skip
    assert not Bundle.objects.exists()


def test_of_a_bundle_taken_at_a_desk_only_the_worker_is_told_what_did_not_start(bundle_version, cast):
    bundle = hand_in(bundle_version, cast, by=cast.handler, channel="visit")

    decide(part(bundle, "MB-0901").case, NO, cast)

    told = Message.objects.filter(template="cases/part_not_started").values_list("recipient_id", flat=True)
    assert list(told) == [cast.wenjuan.pk] * 3


# The pages.


def apply(client, client_post="/apply/BD-0901/"):
    client.post(client_post, {})
    draft = Draft.objects.get()
    client.post(f"/apply/d/{draft.public_id}/all/", {"phone": "13800000001", "pickup": "镇上", "wants": ["join"]})
    return draft, client.post(f"/apply/check/{draft.public_id}/", {"truthful": "on"})


def test_the_worker_asks_once_and_reads_the_state_of_each_part(bundle_version, cast, client_of):
    client = client_of(cast.wenjuan)

    draft, answer = apply(client)

    bundle = Bundle.objects.get()
    done = reverse("cases:bundle-done", args=[bundle.public_id])
    assert answer.headers["Location"] == done
    assert client.post(f"/apply/check/{draft.public_id}/", {"truthful": "on"}).headers["Location"] == done
    assert "分成5件" in client.get(done).text
    listed = client.get("/matters/").text
    assert "骑手一件事" in listed
    assert "5件里办好0件" in listed
    assert listed.count(part(bundle, "MB-0901").case.number) == 1
    assert "等“入会”办成后自动开始" in listed
    detail = client.get(reverse("cases:bundle-detail", args=[bundle.public_id])).text
    assert part(bundle, "ST-0901").case.number in detail
    matter = client.get(reverse("cases:matter-detail", args=[part(bundle, "MB-0901").case.number])).text
    assert "一起申请的" in matter
    assert reverse("cases:matter-detail", args=[part(bundle, "ST-0901").case.number]) in matter


def test_a_stranger_finds_neither_bundle_nor_its_parts(bundle_version, cast, client_of):
    bundle = hand_in(bundle_version, cast)
    pages = [reverse(f"cases:bundle-{name}", args=[bundle.public_id]) for name in ("detail", "done")]
    withdrawal = reverse("cases:part-withdraw", args=[bundle.public_id, "MB-0902"])

    for page in pages:
        assert client_of(cast.stranger).get(page).status_code == 404
        assert client_of(cast.wenjuan).get(page).status_code == 200
    assert client_of(cast.stranger).post(withdrawal).status_code == 404
    assert part(bundle, "MB-0902").state == "waiting"
    assert client_of(cast.wenjuan).post(withdrawal).status_code == 302
    assert part(bundle, "MB-0902").state == "not_started"
    assert client_of(cast.wenjuan).post(withdrawal).status_code == 404


def test_an_officer_sees_the_siblings_and_opens_only_those_in_reach(bundle_version, cast, client_of):
    bundle = hand_in(bundle_version, cast)
    join, station = part(bundle, "MB-0901").case, part(bundle, "ST-0901").case
    Case.objects.filter(pk=station.pk).update(organisation=cast.sibling_county, handler=None)

    page = client_of(cast.handler).get(reverse("cases:case-detail", args=[join.number])).text

    assert "骑手一件事" in page
    assert "驿站" in page
    assert reverse("cases:case-detail", args=[station.number]) not in page
    above = client_of(cast.supervisor).get(reverse("cases:case-detail", args=[join.number])).text
    assert reverse("cases:case-detail", args=[station.number]) in above


def test_the_list_asks_as_much_for_four_bundles_as_for_two(
    bundle_version, cast, client_of, django_assert_max_num_queries
):
    for key in ("b", "b2"):  # the second joins the cases of the first
        hand_in(bundle_version, cast, idempotency_key=key)
    client = client_of(cast.wenjuan)
    client.get("/matters/")
    with django_assert_max_num_queries(100) as one:
        client.get("/matters/")
    for key in ("b3", "b4"):
        hand_in(bundle_version, cast, idempotency_key=key)
    with django_assert_max_num_queries(len(one.captured_queries)):
        assert client.get("/matters/").text.count("骑手一件事") == 4


def test_the_seeded_bundle_of_riders_goes_the_whole_way(cast, client_of):
    """From the form that ships with the system; the town admits, then the county makes the card."""
    from yiwang.net.catalogue.actions import load_seed  # noqa: PLC0415 -- slow import

    load_seed()
    client = client_of(cast.courier)
    client.post("/apply/BD-0001/", {})
    draft = Draft.objects.get()
    client.post(f"/apply/d/{draft.public_id}/applicant/", {"name": "赵一鸣", "phone": "13800000002"})
    work = {"new_form": "N04", "division": "320583100", "wants": ["MB-0002", "MB-0007", "MA-0001", "ST-0001"]}
    client.post(f"/apply/d/{draft.public_id}/work/", {**work, "pickup": "玉山镇"})

    answer = client.post(f"/apply/check/{draft.public_id}/", {"truthful": "on", "sharing": "on"})

    assert answer.status_code == 302, answer.text
    bundle = Bundle.objects.get()
    assert states(bundle) == {
        "MB-0002": "started",
        "MB-0007": "waiting",
        "MA-0001": "waiting",
        "ST-0001": "started",
    }
    assert BundlePart.objects.filter(bundle=bundle).count() == 4
