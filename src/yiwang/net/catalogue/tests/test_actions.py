import pytest
from django.db import IntegrityError, transaction

from yiwang.kernel.states import NotAllowedInState, move
from yiwang.net.catalogue.actions import (
    create_service,
    discard_draft,
    draft_version,
    edit_definition,
    forget_finder_answers,
    keep_finder_answers,
    publish_version,
    resume_service,
    retire_service,
    return_to_drafter,
    submit_for_review,
    suspend_service,
)
from yiwang.net.catalogue.errors import (
    CodeTaken,
    DefinitionHasProblems,
    DrafterMayNotPublish,
    DraftExists,
    EditedMeanwhile,
    NotEditable,
    NotSubmitted,
    ServiceUnavailable,
)
from yiwang.net.catalogue.models import FinderProfile, ServiceVersion
from yiwang.net.catalogue.queries import current_version, kept_answers, may_be_told, suspended_version
from yiwang.platform.journal.models import JournalEntry
from yiwang.platform.text.queries import search

from .factories import definition, draft, published

pytestmark = pytest.mark.django_db
State = ServiceVersion.State


def events(version):
    found = JournalEntry.objects.filter(subject="service", subject_id=version.service_id).order_by("pk")
    return [entry.name.partition(".")[2] for entry in found]


def test_a_service_is_written_by_one_and_published_by_another(cast):
    version = draft(cast)
    submit_for_review(version, note="夏天要用", by=cast.handler)

    with pytest.raises(DrafterMayNotPublish):
        publish_version(version, by=cast.handler)
    publish_version(version, by=cast.approver)

    assert current_version("CU-KS01") == version
    assert (version.drafted_by, version.published_by) == (cast.handler, cast.approver)
    assert events(version) == ["service_drafted", "service_submitted", "service_published"]


def test_the_database_refuses_one_person_in_both_roles(cast):
    version = draft(cast)

    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceVersion.objects.filter(pk=version.pk).update(published_by=cast.handler)


def test_a_code_is_given_once(cast):
    draft(cast)

    with pytest.raises(CodeTaken):
        create_service("CU-KS01", owner=cast.county, definition=definition(), by=cast.handler)


def test_a_draft_with_problems_is_not_submitted(cast):
    version = draft(cast, materials=[])

    with pytest.raises(DefinitionHasProblems) as refusal:
        submit_for_review(version, note="", by=cast.handler)

    assert "materials" in refusal.value.fields
    assert version.submitted_at is None


def test_problems_that_appear_before_publication_still_refuse(cast):
    version = draft(cast)
    submit_for_review(version, note="", by=cast.handler)
    ServiceVersion.objects.filter(pk=version.pk).update(submitted_at=None)
    ServiceVersion.objects.filter(pk=version.pk).update(definition=definition(steps=[]), digest="x")
    ServiceVersion.objects.filter(pk=version.pk).update(submitted_at=version.submitted_at)
    version.refresh_from_db()

    with pytest.raises(DefinitionHasProblems):
        publish_version(version, by=cast.approver)


def test_an_unsubmitted_draft_is_neither_published_nor_returned(cast):
    version = draft(cast)

    with pytest.raises(NotSubmitted):
        publish_version(version, by=cast.approver)
    with pytest.raises(NotSubmitted):
        return_to_drafter(version, reason="改", by=cast.approver)


def test_a_submitted_draft_is_closed_until_it_is_returned(cast):
    version = draft(cast)
    submit_for_review(version, note="", by=cast.handler)

    with pytest.raises(NotEditable):
        edit_definition(version, {"minutes": 3}, seen=version.digest, by=cast.handler)
    with pytest.raises(NotEditable):
        submit_for_review(version, note="", by=cast.handler)
    with pytest.raises(NotEditable):
        discard_draft(version, by=cast.handler)
    return_to_drafter(version, reason="材料太多", by=cast.approver)
    edit_definition(version, {"minutes": 3}, seen=version.digest, by=cast.handler)

    assert version.content.minutes == 3
    assert version.reason == "材料太多"


def test_a_reviewed_version_goes_back_to_draft_when_returned(cast):
    version = draft(cast)
    submit_for_review(version, note="", by=cast.handler)
    move(version, State.REVIEWED)

    return_to_drafter(version, reason="改", by=cast.approver)

    assert version.state == State.DRAFT


def test_a_reviewed_version_is_published(cast):
    version = draft(cast)
    submit_for_review(version, note="", by=cast.handler)
    move(version, State.REVIEWED)

    publish_version(version, by=cast.approver)

    assert version.state == State.PUBLISHED


def test_a_published_version_is_not_returned(cast):
    with pytest.raises(NotEditable):
        return_to_drafter(published(cast), reason="改", by=cast.approver)


def test_nobody_overwrites_what_they_have_not_seen(cast):
    version = draft(cast)
    mine, seen = ServiceVersion.objects.get(pk=version.pk), version.digest
    edit_definition(version, {"minutes": 3}, seen=seen, by=cast.approver)

    with pytest.raises(EditedMeanwhile):
        edit_definition(version, {"minutes": 4}, seen=seen, by=cast.handler)
    with pytest.raises(EditedMeanwhile):
        edit_definition(mine, {"minutes": 4}, seen=seen, by=cast.handler)

    version.refresh_from_db()
    assert version.content.minutes == 3


def test_whoever_edits_last_is_the_drafter_and_does_not_publish(cast):
    version = draft(cast)
    edit_definition(version, {"minutes": 3}, seen=version.digest, by=cast.approver)
    submit_for_review(version, note="", by=cast.handler)

    with pytest.raises(DrafterMayNotPublish):
        publish_version(version, by=cast.approver)


def test_a_new_version_retires_the_old_one_and_both_stay(cast):
    first = published(cast)
    second = draft_version(first, by=cast.handler)
    with pytest.raises(DraftExists):
        draft_version(first, by=cast.handler)
    edit_definition(second, {"minutes": 9}, seen=second.digest, by=cast.handler)
    submit_for_review(second, note="", by=cast.handler)
    publish_version(second, by=cast.approver)

    first.refresh_from_db()
    assert (first.state, second.number, current_version("CU-KS01")) == (State.RETIRED, 2, second)
    assert first.content.minutes == 2


def test_published_words_are_final_in_the_database(cast):
    version = published(cast)

    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceVersion.objects.filter(pk=version.pk).update(definition={})
    with pytest.raises(IntegrityError), transaction.atomic():
        version.delete()
    with pytest.raises(NotEditable):
        edit_definition(version, {"minutes": 1}, seen=version.digest, by=cast.handler)


def test_a_draft_may_be_deleted_and_two_are_never_published(cast):
    version = published(cast)
    other = draft_version(version, by=cast.handler)

    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceVersion.objects.filter(pk=other.pk).update(state=State.PUBLISHED, published_at=version.published_at)
    assert other.delete()[0] == 1


def test_a_suspended_service_is_not_found_until_it_resumes(cast):
    version = published(cast)
    scope = [str(cast.county.path)]
    assert [hit.object_id for hit in search("送清凉", scope=scope)] == ["CU-KS01"]

    suspend_service(version, reason="换季", by=cast.approver)

    assert suspended_version("CU-KS01") == version
    assert search("送清凉", scope=scope) == []
    with pytest.raises(ServiceUnavailable):
        current_version("CU-KS01")

    resume_service(version, by=cast.approver)

    assert current_version("CU-KS01") == version
    assert [hit.object_id for hit in search("送清凉", scope=scope)] == ["CU-KS01"]
    with pytest.raises(NotEditable):
        resume_service(version, by=cast.approver)


def test_a_retired_service_ends_for_good(cast):
    version = published(cast)

    retire_service(version, reason="不办了", by=cast.approver)

    assert version.ended_at is not None
    with pytest.raises(ServiceUnavailable):
        current_version("CU-KS01")
    with pytest.raises(NotAllowedInState):
        suspend_service(version, reason="", by=cast.approver)


def test_giving_up_a_draft_leaves_the_published_one_findable(cast):
    version = published(cast)
    other = draft_version(version, by=cast.handler)

    discard_draft(other, by=cast.handler)

    assert other.state == State.RETIRED
    assert [hit.object_id for hit in search("送清凉", scope=[str(cast.county.path)])] == ["CU-KS01"]


def test_retiring_a_draft_leaves_the_published_one_findable(cast):
    version = published(cast)
    other = draft_version(version, by=cast.handler)

    retire_service(other, reason="不要了", by=cast.approver)

    assert [hit.object_id for hit in search("送清凉", scope=[str(cast.county.path)])] == ["CU-KS01"]


@pytest.mark.parametrize("was", list(State))
@pytest.mark.parametrize("to", list(State))
def test_only_the_listed_moves_are_made(was, to):
    version = ServiceVersion(state=was)

    allowed = {
        ("draft", "reviewed"),
        ("draft", "retired"),
        ("reviewed", "draft"),
        ("reviewed", "published"),
        ("published", "suspended"),
        ("published", "retired"),
        ("suspended", "published"),
        ("suspended", "retired"),
    }
    assert version.may_move(to) is ((was, to) in allowed)


def test_finder_answers_are_kept_sealed_by_consent_and_forgotten_on_request(cast):
    keep_finder_answers(cast.wenjuan, {"left": "a"}, may_be_told=True)
    keep_finder_answers(cast.wenjuan, {"left": "b"}, may_be_told=True)

    assert kept_answers(cast.wenjuan) == {"left": "b"}
    assert may_be_told(cast.wenjuan)
    assert FinderProfile.objects.count() == 1
    forget_finder_answers(cast.wenjuan)
    assert kept_answers(cast.wenjuan) == {}
    assert not may_be_told(cast.wenjuan)
