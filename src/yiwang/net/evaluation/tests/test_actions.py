"""Rating, and the way of a bad rating: somebody else, verified, rectified, called back, closed."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError

from yiwang.kernel.clock import due_day
from yiwang.net.cases.models import Case
from yiwang.net.cases.tests.factories import NO, NOW, at_decision, decided, later, make_service
from yiwang.net.evaluation import actions, policies, queries
from yiwang.net.evaluation.errors import (
    CallFirst,
    CannotHandleHere,
    NotYetDecided,
    RatedBefore,
    RatedMayNotHandle,
    RectifyFirst,
    ScoreMissing,
    WordsMissing,
)
from yiwang.net.evaluation.models import BadReview, Evaluation
from yiwang.platform.counters.actions import recount
from yiwang.platform.counters.queries import figure
from yiwang.platform.journal.models import JournalEntry
from yiwang.platform.notify.models import Message
from yiwang.register.access.models import Appointment
from yiwang.register.accounts.models import User

pytestmark = pytest.mark.django_db

ALLOWED = {
    ("new", "assigned"),
    ("assigned", "verified"),
    ("verified", "rectified"),
    ("verified", "called_back"),
    ("verified", "closed"),
    ("rectified", "called_back"),
    ("rectified", "closed"),
    ("called_back", "closed"),
}


@pytest.fixture
def case(cast):
    return decided(make_service(), cast.wenjuan_person, handler=cast.handler, approver=cast.approver)


@pytest.fixture
def review(cast, case):
    actions.rate(case, score=1, text="等了太久", by=cast.wenjuan, now=NOW)
    return BadReview.objects.get()


def fresh(user):
    return User.objects.get(pk=user.pk)


def test_the_table_of_moves_is_that_of_the_handbook():
    assert {(str(was), str(to)) for was, tos in BadReview.MOVES.items() for to in tos} == ALLOWED


@pytest.mark.parametrize("was", BadReview.State.values)
@pytest.mark.parametrize("to", BadReview.State.values)
def test_a_bad_review_moves_only_along_its_way(was, to):
    assert BadReview(state=was).may_move(to) is ((was, to) in ALLOWED)


def test_a_good_rating_is_kept_and_counted(cast, case):
    evaluation = actions.rate(case, score=4, tags=["speed", "nonsense"], text=" 快 ", by=cast.wenjuan, now=NOW)

    assert (evaluation.score, evaluation.tags, evaluation.text) == (4, ["speed"], "快")
    assert not BadReview.objects.exists()
    names = ("rated", "content", "bad")
    assert [figure(str(cast.city.path), f"evaluation.{name}") for name in names] == [1, 1, 0]
    entry = JournalEntry.objects.get(name="evaluation.case_rated")
    assert (entry.actor_id, entry.data["score"]) == (None, 4)  # the timeline does not say who
    assert [found for found in recount() if found.name.startswith("evaluation.")] == []


def test_a_case_is_rated_once_per_channel_after_its_answer(cast, case):
    actions.rate(case, score=5, by=cast.wenjuan, now=NOW)

    with pytest.raises(RatedBefore):
        actions.rate(case, score=1, by=cast.wenjuan, now=NOW)
    actions.rate(case, score=4, by=cast.wenjuan, channel="phone", now=NOW)
    with pytest.raises(NotYetDecided):
        actions.rate(
            at_decision(make_service("HP-0990"), cast.wenjuan_person, by=cast.handler), score=5, by=cast.wenjuan
        )
    with pytest.raises(IntegrityError, match="evaluation_score_is_known"):
        Evaluation.objects.filter(channel="phone").update(score=6)


@pytest.mark.parametrize("score", [None, 0, 6])
def test_no_score_is_ever_assumed(cast, case, score):
    with pytest.raises(ScoreMissing):
        actions.rate(case, score=score, by=cast.wenjuan)
    assert not Evaluation.objects.exists()


def test_a_bad_rating_goes_to_others_than_the_rated(cast, case, review):
    assert due_day(review.assign_due_at) == dt.date(2026, 11, 6)
    assert due_day(review.rectify_due_at) == dt.date(2026, 11, 26)
    told = set(Message.objects.filter(template="evaluation/bad_review").values_list("recipient_id", flat=True))
    assert told == {cast.city_handler.pk, cast.supervisor.pk, cast.quality.pk}
    assert set(actions.officers_for(review)) >= {cast.quality, cast.leader}
    assert cast.handler not in actions.officers_for(review)


def test_the_rated_cannot_handle_it_nor_anybody_without_the_post(cast, review):
    with pytest.raises(RatedMayNotHandle):
        actions.assign_bad_review(review, to=cast.handler, by=cast.supervisor)
    with pytest.raises(CannotHandleHere):
        actions.assign_bad_review(review, to=cast.sibling_handler, by=cast.supervisor)


def test_the_whole_way_of_a_true_complaint(cast, review):
    actions.assign_bad_review(review, to=cast.supervisor, by=cast.supervisor, now=NOW)
    actions.assign_bad_review(review, to=cast.quality, by=cast.supervisor, now=NOW)
    with pytest.raises(WordsMissing):
        actions.verify_bad_review(review, finding="true", text="", by=cast.quality)
    actions.verify_bad_review(review, finding="true", text="查了记录", by=cast.quality, now=later(days=1))
    with pytest.raises(RectifyFirst):
        actions.call_back(review, text="说明", settled=True, by=cast.quality)
    with pytest.raises(RectifyFirst):
        actions.close_bad_review(review, by=cast.quality)
    with pytest.raises(WordsMissing):
        actions.rectify_bad_review(review, measures="", by=cast.quality)
    actions.rectify_bad_review(review, measures="道歉并改流程", by=cast.quality, now=later(days=10))
    with pytest.raises(CallFirst):
        actions.close_bad_review(review, by=cast.quality)
    with pytest.raises(WordsMissing):
        actions.call_back(review, text="", settled=True, by=cast.quality)
    actions.call_back(review, text="本人认可", settled=True, by=cast.quality, now=later(days=11))
    actions.close_bad_review(review, by=cast.quality, now=later(days=11))

    assert (review.state, review.is_open, review.is_settled) == ("closed", False, True)
    rectified = JournalEntry.objects.get(name="evaluation.bad_review_rectified")
    assert (rectified.data["on_time"], rectified.audience) == (True, "staff")
    assert Message.objects.filter(recipient_id=cast.quality.pk).exists()


def test_what_is_not_true_needs_only_the_call(cast, review):
    actions.assign_bad_review(review, to=cast.quality, by=cast.supervisor, now=NOW)
    actions.verify_bad_review(review, finding="false", text="记录完整", by=cast.quality, now=NOW)
    actions.call_back(review, text="解释了", settled=False, by=cast.quality, now=NOW)
    actions.close_bad_review(review, by=cast.quality, now=NOW)

    assert review.state == "closed"


def test_who_wants_no_call_is_not_called(cast, case):
    actions.rate(case, score=2, by=cast.wenjuan, wants_no_call=True, now=NOW)
    review = BadReview.objects.get()
    actions.assign_bad_review(review, to=cast.quality, by=cast.supervisor, now=NOW)
    actions.verify_bad_review(review, finding="partly", text="部分属实", by=cast.quality, now=NOW)
    actions.rectify_bad_review(review, measures="改了", by=cast.quality, now=NOW)
    actions.close_bad_review(review, by=cast.quality, now=NOW)

    found = queries.figures(str(cast.city.path), since=dt.date(2026, 11, 1), until=dt.date(2026, 11, 30))
    assert found.called_back is None  # outside the call-back rate


def test_what_is_not_given_out_or_set_right_in_time_is_reported_once(cast, review):
    assert actions.sweep_bad_reviews(later(days=1)) == 0
    assert actions.sweep_bad_reviews(later(days=4)) == 1
    assert actions.sweep_bad_reviews(later(days=5)) == 0

    entry = JournalEntry.objects.get(name="evaluation.bad_review_overdue")
    assert entry.data["organisation_id"] == cast.city.pk
    assert actions._escalate(review.pk, later(days=6)) is False


@pytest.mark.parametrize("is_rated", [False, True])
def test_a_leader_is_not_told_of_a_late_review_about_themselves(cast, review, is_rated):
    if is_rated:
        Case.objects.filter(pk=review.evaluation.case_id).update(handler=cast.supervisor)

    assert actions.sweep_bad_reviews(later(days=4)) == 1

    told = Message.objects.filter(template="evaluation/bad_review_overdue", recipient_id=cast.supervisor.pk)
    assert told.exists() is not is_rated


def test_late_rectifying_is_reported_even_with_nobody_above(cast, review):
    actions.assign_bad_review(review, to=cast.quality, by=cast.supervisor, now=NOW)
    Appointment.objects.exclude(organisation=cast.county).delete()

    assert actions.sweep_bad_reviews(later(days=22)) == 1
    assert actions.officers_for(review) == []


def test_with_everybody_rated_nobody_is_told(cast):
    Appointment.objects.exclude(user__in=[cast.handler, cast.approver]).delete()
    case = decided(make_service("HP-0991"), cast.wenjuan_person, handler=cast.handler, approver=cast.approver)

    actions.rate(case, score=1, by=cast.wenjuan, now=NOW)

    assert not Message.objects.filter(template="evaluation/bad_review").exists()


def test_policies_keep_the_rated_out_and_the_rater_unknown(cast, case):
    actions.rate(case, score=1, by=cast.wenjuan, anonymous=True, now=NOW)
    review = BadReview.objects.get()

    assert not policies.bad_reviews_visible_to(AnonymousUser()).exists()
    assert not policies.bad_reviews_visible_to(fresh(cast.handler)).exists()
    assert not policies.bad_reviews_visible_to(fresh(cast.approver)).exists()
    assert not policies.bad_reviews_visible_to(fresh(cast.sibling_handler)).exists()
    assert policies.get_bad_review(fresh(cast.quality), review.public_id) == review
    assert policies.may_assign(fresh(cast.quality), review)
    assert not policies.may_handle(cast.quality, review)
    assert not policies.may_know_who(cast.quality, review.evaluation)
    actions.assign_bad_review(review, to=cast.quality, by=cast.supervisor, now=NOW)
    assert policies.may_know_who(cast.quality, review.evaluation)
    assert not policies.may_know_who(cast.handler, review.evaluation)
    assert policies.is_rated(cast.handler, case)
    assert not policies.is_rated(cast.quality, case)


def test_the_figures_of_a_subtree(cast):
    version = make_service("HP-0992", append_repeats=False)
    for n in range(5):
        case = decided(
            version, cast.wenjuan_person, handler=cast.handler, approver=cast.approver, verdict=NO if n else NO
        )
        actions.rate(case, score=5 if n else 1, by=cast.wenjuan, now=NOW)

    month = {"since": dt.date(2026, 11, 1), "until": dt.date(2026, 11, 30)}
    found = queries.figures(str(cast.county.path), **month)

    assert (found.decided, found.rated, found.bad) == (5, 5, 1)
    assert (f"{found.satisfaction}", f"{found.active_share}") == ("80.0", "100.0")
    assert found.rectified_on_time is None
    assert queries.figures(str(cast.sibling_county.path), **month).satisfaction is None
    assert queries.rating_of(case).score == 5
