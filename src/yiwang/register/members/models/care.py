"""What keeps the register right: changes of facts, conflicts to settle, merges that can be undone, group leaders."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.kernel.fields import EncryptedTextField
from yiwang.kernel.ids import public_id
from yiwang.kernel.states import Stateful
from yiwang.register.members.models.register import Membership, Person
from yiwang.register.organisations.models import Organisation


class Change(models.Model):
    """One fact of a person or membership that was put right: what it was, what it is, who said so."""

    class Source(models.TextChoices):
        SELF = "self", _("本人")
        UNIT = "unit", _("工会")
        CASE = "case", _("办件")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="changes")
    field = models.CharField(max_length=30)
    was = EncryptedTextField(null=True)
    became = EncryptedTextField(null=True)
    source = models.CharField(max_length=4, choices=Source)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("资料更正")
        indexes = [models.Index(name="change_of_person", fields=["person", "-at"])]

    def __str__(self) -> str:
        return f"{self.person_id} {self.field}"


class ConflictQuerySet(models.QuerySet["Conflict"]):
    def open(self) -> Self:
        return self.filter(state=Conflict.State.OPEN)


class Conflict(Stateful):
    """Two records or two unions that contradict each other (GT 2.10): open until somebody decides, with reasons."""

    class Rule(models.TextChoices):
        MEMBER_ELSEWHERE = "D1", _("已经是别的工会的会员")
        OTHER_NAME = "D2", _("同一证件号，姓名不同")
        SAME_PHONE = "D3", _("几个人用同一个手机号")
        SAME_PERSON = "D4", _("可能是同一个人")
        TWO_CLAIMS = "D7", _("派遣双方都报了")
        LISTED_TWICE = "D8", _("名册里的人已在别的工会")
        RETAINED_BACK = "D9", _("保留会籍的人到了新单位")
        NOT_CARRIED_OUT = "DX", _("决定没能登记")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("conflict", "待处理")
        MERGED = "merged", pgettext_lazy("conflict", "已合并成一个人")
        DIFFERENT = "different", _("不是同一个人")
        MOVED = "moved", _("已办转接")
        CORRECTED = "corrected", _("已改正")
        KEPT = "kept", _("维持不变")

    MOVES: ClassVar = {
        State.OPEN: frozenset({State.MERGED, State.DIFFERENT, State.MOVED, State.CORRECTED, State.KEPT}),
        State.MERGED: frozenset({State.OPEN}),
    }
    PAIRS: ClassVar = ("D3", "D4")

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    rule = models.CharField(_("哪一种"), max_length=2, choices=Rule)
    state = models.CharField(_("状态"), max_length=9, choices=State, default=State.OPEN)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="conflicts")
    other = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    # Whose officers settle it: the person's own union, and the union that claims them or holds the other record.
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    claimed_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    detail = models.CharField(_("情况"), max_length=300, blank=True)
    found_at = models.DateTimeField(_("发现时间"))
    due_at = models.DateTimeField(_("应办"), null=True)
    reason = models.CharField(_("为什么这样定"), max_length=300, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        verbose_name = _("登记冲突")
        indexes = [
            models.Index(name="conflict_open_by_due", fields=["due_at", "id"], condition=Q(state="open")),
            models.Index(name="conflict_of_person", fields=["person"]),
        ]
        constraints = [
            models.UniqueConstraint(
                name="conflict_is_noted_once",
                fields=["rule", "person", "other", "claimed_by"],
                condition=Q(state="open"),
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="conflict_is_between_two", condition=Q(other=None) | ~Q(other=F("person"))),
            models.CheckConstraint(
                name="conflict_decided_has_time",
                condition=Q(state="open", decided_at=None) | (~Q(state="open") & Q(decided_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.person_id}"

    @property
    def is_pair(self) -> bool:
        return self.rule in self.PAIRS and self.other_id is not None


class Merge(models.Model):
    """Two records of one person became one; what was there before, so that it can be undone for thirty days."""

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merges")
    dropped = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    membership_was = models.CharField(max_length=9, blank=True)
    before = models.JSONField(default=dict)  # ids and days only; numbers stay in their own records
    reason = models.CharField(_("凭什么"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    undo_until = models.DateField(_("可撤销到"))
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("合并记录")
        constraints = [
            models.UniqueConstraint(name="merge_drops_once", fields=["dropped"], condition=Q(undone_at=None)),
            models.CheckConstraint(name="merge_is_of_two", condition=~Q(kept=F("dropped"))),
        ]

    def __str__(self) -> str:
        return f"{self.dropped_id} → {self.kept_id}"


class GroupLead(models.Model):
    """Who leads a union group, from when until when."""

    group = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="leads")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="leads")
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)

    class Meta:
        verbose_name = _("工会小组长")
        constraints = [
            models.UniqueConstraint(name="group_has_one_leader", fields=["group"], condition=Q(until=None)),
            models.CheckConstraint(
                name="group_lead_ends_after_it_begins", condition=Q(until=None) | Q(until__gte=F("since"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.membership_id}"
