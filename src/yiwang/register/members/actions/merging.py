"""Two records of one person become one, and can be two again for a while (GT 2.10)."""

from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from yiwang.kernel.clock import add_days, now, today
from yiwang.kernel.states import move
from yiwang.platform.journal.actions import record
from yiwang.platform.rules.queries import parameter
from yiwang.register.accounts.models import User
from yiwang.register.members.actions import effects
from yiwang.register.members.actions.memberships import end_membership
from yiwang.register.members.errors import CannotMerge, DecideWithReason, UndoTooLate
from yiwang.register.members.events import MergeUndone, PersonsMerged
from yiwang.register.members.models import Conflict, Membership, MembershipSpan, Merge, Person
from yiwang.register.members.queries import forget_person, held_membership


@transaction.atomic
def merge_persons(kept: Person, dropped: Person, *, reason: str, by: User) -> Merge:
    """The second record leads to the first from now on; its membership ends, its account and telephone go over.

    Nothing is deleted: spans, documents and requests stay with the record they were written on, and ``Merge`` keeps
    what changed, so that undoing restores it.
    """
    if not reason.strip():
        raise DecideWithReason
    locked = Person.objects.select_for_update().filter(pk__in=[kept.pk, dropped.pk], merged_into=None).count()
    if kept.pk == dropped.pk or locked < 2:
        raise CannotMerge(_("这两条记录里有一条已经合并过了。"))
    mine, theirs = held_membership(kept), held_membership(dropped)
    if mine is None and theirs is not None:
        raise CannotMerge(_("会籍在另一条记录上，请保留有会籍的那一条。"))
    if kept.user_id and dropped.user_id:
        raise CannotMerge(_("两条记录各有一个在用的账号。请先和本人核对，解除其中一个账号的绑定。"))

    before: dict[str, Any] = {"joined_on": _iso(mine.joined_on) if mine else "", "user": dropped.user_id}
    merge = Merge(
        kept=kept,
        dropped=dropped,
        membership=theirs,
        membership_was=theirs.state if theirs else "",
        reason=reason.strip()[:300],
        by=by,
        at=now(),
        undo_until=add_days(today(), int(parameter("members.merge_undo_days", today()))),
    )
    if theirs is not None and mine is not None:
        before["kept_since"] = _earlier_joining(mine, theirs)
        end_membership(theirs, by=by, state=Membership.State.MERGED, reason=reason)
        merge.membership_was = Membership.State.RETAINED if _was_retained(theirs) else Membership.State.ACTIVE
    before["phone_taken"] = _hand_over_account(kept, dropped)
    merge.before = before
    merge.save()
    Person.objects.filter(pk=dropped.pk).update(merged_into=kept, updated_at=now())
    dropped.merged_into = kept
    _settle_pairs(kept, dropped, reason, by)
    record(PersonsMerged(person_id=kept.pk, dropped_id=dropped.pk), by=by)
    return merge


def _iso(day: Any) -> str:
    return day.isoformat() if day else ""


def _earlier_joining(mine: Membership, theirs: Membership) -> bool:
    """Joined once: the earlier of the two days is the day of joining."""
    if theirs.joined_on is None or mine.joined_on is None or theirs.joined_on >= mine.joined_on:
        return False
    mine.joined_on = theirs.joined_on
    mine.save(update_fields=["joined_on", "updated_at"])
    return True


def _was_retained(membership: Membership) -> bool:
    last = MembershipSpan.objects.filter(membership=membership).order_by("-days").first()
    return last is not None and not last.may_vote


def _hand_over_account(kept: Person, dropped: Person) -> bool:
    user = dropped.user
    if user is not None and not kept.user_id:
        Person.objects.filter(pk=dropped.pk).update(user=None)
        Person.objects.filter(pk=kept.pk).update(user=user)
        dropped.user, kept.user = None, user
        forget_person(user)
    if dropped.phone and not kept.phone:
        kept.phone, kept.phone_hash = dropped.phone, dropped.phone_hash
        kept.phone_verified_at = dropped.phone_verified_at
        kept.save(update_fields=["phone", "phone_hash", "phone_verified_at", "updated_at"])
        return True
    return False


def _settle_pairs(kept: Person, dropped: Person, reason: str, by: User) -> None:
    both = [kept.pk, dropped.pk]
    for pair in Conflict.objects.open().filter(person__in=both, other__in=both):
        changes = {"reason": reason.strip()[:300], "decided_by": by, "decided_at": now()}
        move(pair, Conflict.State.MERGED, **changes)


@transaction.atomic
def undo_merge(merge: Merge, *, by: User) -> None:
    """Two people after all: each has back what they had, the membership runs on as if it had never stopped."""
    if today() > merge.undo_until:
        raise UndoTooLate(merge.undo_until)
    if not Merge.objects.filter(pk=merge.pk, undone_at=None).update(undone_at=now(), undone_by=by):
        raise CannotMerge(_("这次合并已经撤销过了。"))
    kept, dropped = merge.kept, merge.dropped
    Person.objects.filter(pk=dropped.pk).update(merged_into=None, updated_at=now())
    dropped.merged_into = None
    if merge.before.get("user"):
        Person.objects.filter(pk=kept.pk, user=merge.before["user"]).update(user=None)
        Person.objects.filter(pk=dropped.pk).update(user=merge.before["user"])
    if merge.before.get("phone_taken"):
        Person.objects.filter(pk=kept.pk, phone_hash=dropped.phone_hash).update(
            phone=None, phone_hash="", phone_verified_at=None
        )
    if merge.before.get("kept_since"):
        Membership.objects.held().filter(person=kept).update(joined_on=merge.before["joined_on"])
    if merge.membership is not None:
        _revive(merge)
    both = [kept.pk, dropped.pk]
    for pair in Conflict.objects.filter(person__in=both, other__in=both, state=Conflict.State.MERGED):
        move(pair, Conflict.State.OPEN, reason="", decided_by=None, decided_at=None)
    record(MergeUndone(person_id=kept.pk, dropped_id=dropped.pk), by=by)


def _revive(merge: Merge) -> None:
    membership = merge.membership
    assert membership is not None
    day = membership.ended_on
    move(membership, merge.membership_was, ended_on=None)
    span = MembershipSpan.objects.filter(membership=membership).latest("days")
    span.days, span.end_reason = DateRange(span.days.lower, None), ""
    span.save(update_fields=["days", "end_reason"])
    if membership.is_current and day is not None:
        effects.count_change(membership.organisation.path, 1, day)
    effects.make_findable([membership])
