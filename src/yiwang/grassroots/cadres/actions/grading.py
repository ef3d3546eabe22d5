"""Hours that count, and evaluations: who rates is never the rated, who confirms never who rated (GT 3.6, 3.7)."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.grassroots.cadres import formulas
from yiwang.grassroots.cadres.actions.places import refuse_gone
from yiwang.grassroots.cadres.errors import BadEntry, OneselfOrKin, SamePerson, TooManyExcellent
from yiwang.grassroots.cadres.events import EvaluationMoved, TrainingClaimed, TrainingSettled
from yiwang.grassroots.cadres.models import Cadre, Evaluation, Training
from yiwang.grassroots.cadres.queries.figures import failed_before, peers, team_size
from yiwang.grassroots.cadres.queries.people import rule
from yiwang.kernel import clock
from yiwang.kernel.clock import add_days, local_date
from yiwang.kernel.states import move
from yiwang.platform.journal.actions import record
from yiwang.platform.notify.actions import send
from yiwang.register.access.policies import is_recused
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Organisation

Item = dict[str, Any]  # {"key", "weight", "score", "evidence"}


@transaction.atomic
def claim_training(
    cadre: Cadre, *, starts_on: dt.date, ends_on: dt.date, hours: Decimal, by: User | None, **facts: Any
) -> Training:
    """Refused when it lies ahead, or would be more hours a day than anybody can learn."""
    refuse_gone(cadre)
    if ends_on < starts_on:
        raise BadEntry("ends_on", _("结束不能早于开始。"))
    if ends_on > clock.today():
        raise BadEntry("ends_on", _("还没有学完，学完再报。"))
    most = rule("hours_per_day_most", ends_on)
    if formulas.is_too_much(formulas.Stretch(starts_on, ends_on, hours), most):
        text = _("一天最多认定{n}学时，请核对学时和日期。").format(n=most)
        raise BadEntry("hours", text)
    made = Training.objects.create(
        cadre=cadre, starts_on=starts_on, ends_on=ends_on, hours=hours, claimed_by=by, claimed_at=clock.now(), **facts
    )
    record(TrainingClaimed(cadre_id=cadre.pk, training_id=made.pk), by=by)
    return made


@transaction.atomic
def approve_training(training: Training, *, by: User) -> None:
    _settle(training, Training.State.APPROVED, by=by)


@transaction.atomic
def refuse_training(training: Training, *, reason: str, by: User) -> None:
    _settle(training, Training.State.REFUSED, by=by, refusal=reason.strip())


def _settle(training: Training, to: str, *, by: User, **changes: Any) -> None:
    if by.pk in (training.claimed_by_id, training.cadre.person.user_id):
        raise SamePerson(_("学时要由别人审核。"))
    move(training, to, settled_by=by, settled_at=clock.now(), **changes)
    record(TrainingSettled(cadre_id=training.cadre_id, training_id=training.pk, state=to), by=by)


@transaction.atomic
def rate(
    cadre: Cadre, organisation: Organisation, *, period: str, items: Sequence[Item], grade: str, by: User, **words: Any
) -> Evaluation:
    """Points by the scheme, and a grade that fits them."""
    refuse_gone(cadre)
    _refuse_rater(cadre, by)
    total = _total(items, grade)
    try:
        with transaction.atomic():
            made = Evaluation.objects.create(
                cadre=cadre,
                organisation=organisation,
                period=period,
                items=list(items),
                total=total,
                grade=grade,
                rated_by=by,
                ratee=cadre.person.user,
                rated_at=clock.now(),
                **words,
            )
    except IntegrityError as clash:
        raise BadEntry("period", _("这一期已经考核过了。")) from clash
    record(EvaluationMoved(cadre_id=cadre.pk, evaluation_id=made.pk, state=made.state), by=by)
    return made


@transaction.atomic
def rate_again(evaluation: Evaluation, *, items: Sequence[Item], grade: str, by: User, **words: Any) -> None:
    """After it was returned."""
    _refuse_rater(evaluation.cadre, by)
    changes = {"items": list(items), "total": _total(items, grade), "grade": grade, "rated_by": by, **words}
    _move(evaluation, Evaluation.State.RATED, by=by, rated_at=clock.now(), **changes)


def _refuse_rater(cadre: Cadre, by: User) -> None:
    if cadre.person.user_id == by.pk or is_recused(by, person_id=cadre.person_id):
        raise OneselfOrKin


def _total(items: Sequence[Item], grade: str) -> Decimal:
    total = formulas.points(items)
    allowed = formulas.grades_allowed(total, excellent=rule("grade_excellent"), good=rule("grade_good"))
    if grade not in allowed:
        labels = _("、").join(str(Evaluation.Grade(key).label) for key in allowed)
        text = _("总分{total}，等次只能是{grades}。").format(total=total, grades=labels)
        raise BadEntry("grade", text)
    return total


@transaction.atomic
def confirm_evaluation(evaluation: Evaluation, *, outcome: str, by: User) -> None:
    """The person is told. No more than the share of the rule is excellent; failed twice means a proposal to end it."""
    if by.pk in (evaluation.rated_by_id, evaluation.ratee_id):
        raise SamePerson(_("打分和确认要由两个人做。"))
    if is_recused(by, person_id=evaluation.cadre.person_id):
        raise OneselfOrKin
    if evaluation.grade == Evaluation.Grade.EXCELLENT:
        _refuse_too_many(evaluation)
    twice = evaluation.grade == Evaluation.Grade.FAILED and failed_before(evaluation.cadre, evaluation.period)
    if outcome == Evaluation.Outcome.DISMISS and not twice:
        raise BadEntry("outcome", _("两次不合格才能解聘。"))
    if outcome == Evaluation.Outcome.RENEW and twice:
        raise BadEntry("outcome", _("已经两次不合格，不能续聘。"))
    _move(evaluation, Evaluation.State.CONFIRMED, by=by, outcome=outcome, confirmed_by=by, confirmed_at=clock.now())
    if evaluation.cadre.person.user is not None:
        told = {"period": evaluation.period, "grade": str(evaluation.get_grade_display())}
        link = reverse("cadres:evaluation-detail", args=[evaluation.public_id])
        send("cadres/evaluated", to=evaluation.cadre.person.user, context=told, link=link)


def _refuse_too_many(evaluation: Evaluation) -> None:
    percent = rule("excellent_percent")
    people = team_size(evaluation.organisation, evaluation.cadre.team)
    most = formulas.most_excellent(people, percent)
    if peers(evaluation).filter(grade=Evaluation.Grade.EXCELLENT).count() + 1 > most:
        raise TooManyExcellent(percent=percent, people=people, most=most)


@transaction.atomic
def return_evaluation(evaluation: Evaluation, *, note: str, by: User) -> None:
    _move(evaluation, Evaluation.State.RETURNED, by=by, answer=note.strip())


@transaction.atomic
def appeal_evaluation(evaluation: Evaluation, *, text: str, by: User, now: dt.datetime | None = None) -> None:
    """By the person, within the days of the rule."""
    if evaluation.cadre.person.user_id != by.pk:
        raise SamePerson(_("复核要由本人申请。"))
    confirmed = evaluation.confirmed_at
    if confirmed is None:
        raise SamePerson(_("还没有告知结果。"))
    last = add_days(local_date(confirmed), rule("appeal_days"))
    if local_date(now or clock.now()) > last:
        raise BadEntry("text", _("申请复核的期限到{day}，已经过了。").format(day=last.isoformat()))
    _move(evaluation, Evaluation.State.APPEALED, by=by, appeal=text.strip())


@transaction.atomic
def answer_appeal(evaluation: Evaluation, *, answer: str, grade: str, by: User) -> None:
    """By a leader who neither rated nor confirmed; the grade may change within what the points allow."""
    if by.pk in (evaluation.rated_by_id, evaluation.confirmed_by_id, evaluation.ratee_id):
        raise SamePerson(_("复核要由没有打过分、没有确认过的人做。"))
    _total(evaluation.items, grade)
    _move(evaluation, Evaluation.State.FINAL, by=by, answer=answer.strip(), grade=grade, answered_by=by)


def _move(evaluation: Evaluation, to: str, *, by: User | None, **changes: Any) -> None:
    move(evaluation, to, **changes)
    record(EvaluationMoved(cadre_id=evaluation.cadre_id, evaluation_id=evaluation.pk, state=to), by=by)


def settle_unappealed(day: dt.date) -> int:
    """Nobody appealed in time: it stands."""
    last = day - dt.timedelta(days=rule("appeal_days", day))
    rows = Evaluation.objects.filter(state=Evaluation.State.CONFIRMED, confirmed_at__date__lt=last)
    for evaluation in rows.order_by("pk"):
        with transaction.atomic():
            _move(evaluation, Evaluation.State.FINAL, by=None)
    return len(rows)
