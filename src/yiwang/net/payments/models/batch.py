"""A batch of payments, its frozen lines, and the answers of the bank."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.fields import EncryptedTextField
from yiwang.kernel.ids import public_id
from yiwang.kernel.states import Stateful
from yiwang.net.payments.models.fund import Fund, Item
from yiwang.net.payments.models.payment import Account, Payment
from yiwang.platform.jobs.models import JobRun
from yiwang.register.organisations.models import Organisation

USER = settings.AUTH_USER_MODEL


class Batch(Stateful):
    """One list of payments from one fund for one item, that leaves for the bank as one file."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        LOCKED = "locked", _("待审批")
        APPROVED = "approved", _("待发送")
        SENT = "sent", _("已送银行")
        PARTLY_PAID = "partly_paid", _("部分到账")
        PAID = "paid", _("全部到账")
        CLOSED = "closed", _("已对平")
        CANCELLED = "cancelled", _("已取消")

    # Handbook RI 1.10. Nothing leads back from a batch that was sent.
    MOVES: ClassVar = {
        State.DRAFT: frozenset({State.LOCKED, State.CANCELLED}),
        State.LOCKED: frozenset({State.APPROVED, State.CANCELLED}),
        State.APPROVED: frozenset({State.SENT, State.CANCELLED}),
        State.SENT: frozenset({State.PARTLY_PAID, State.PAID}),
        State.PARTLY_PAID: frozenset({State.PAID, State.CLOSED}),
        State.PAID: frozenset({State.CLOSED}),
    }

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    number = models.CharField(_("批次号"), max_length=40, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="batches")
    item = models.CharField(_("项目"), max_length=12, choices=Item)
    channel = models.CharField(_("发放渠道"), max_length=12, choices=Account.Kind)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.DRAFT)
    line_count = models.PositiveIntegerField(default=0)
    total = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    created_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    locked_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approval_note = models.CharField(max_length=200, blank=True)
    sent_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True)
    file_number = models.CharField(max_length=40, blank=True)
    file_hash = models.CharField(max_length=64, blank=True)
    answer_due_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=200, blank=True)
    run = models.ForeignKey(JobRun, null=True, on_delete=models.SET_NULL, related_name="+")  # fills a large one

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="batch_maker_is_not_checker",
                condition=Q(approved_by=None) | Q(created_by=None) | ~Q(approved_by=F("created_by")),
                violation_error_message=_("做批次的人不能审批这个批次。"),
            ),
            models.CheckConstraint(
                name="batch_checker_does_not_pay",
                condition=Q(sent_by=None)
                | (Q(approved_by=None) | ~Q(sent_by=F("approved_by")))
                & (Q(created_by=None) | ~Q(sent_by=F("created_by"))),
            ),
            models.CheckConstraint(
                name="batch_sent_has_file",
                condition=Q(state__in=["draft", "locked", "approved", "cancelled"], sent_at=None, file_number="")
                | (Q(sent_at__isnull=False) & ~Q(file_number="") & ~Q(file_hash="")),
            ),
            models.UniqueConstraint(name="batch_file_is_one", fields=["file_number"], condition=~Q(file_number="")),
            models.CheckConstraint(
                name="batch_closed_has_time", condition=~Q(state="closed") | Q(closed_at__isnull=False)
            ),
        ]
        indexes: ClassVar = [models.Index(name="batch_by_body", fields=["organisation", "-id"])]

    @property
    def is_filling(self) -> bool:
        """A job still puts payments into it; until it is over nobody locks or cancels what they can't see whole."""
        return self.run is not None and not self.run.is_over

    def __str__(self) -> str:
        return self.number


class Line(models.Model):
    """One attempt to pay one payment: account and amount as they were when the batch was made."""

    class State(models.TextChoices):
        PENDING = "pending", _("待回执")
        PAID = "paid", _("已到账")
        RETURNED = "returned", _("已退回")
        WITHDRAWN = "withdrawn", _("未送出")

    class ReturnCode(models.TextChoices):
        NAME = "name", _("户名不符")
        UNKNOWN = "unknown", _("账号不存在")
        CLOSED = "closed", _("账户销户")
        FROZEN = "frozen", _("账户冻结")
        LIMIT = "limit", _("超限")
        OTHER = "other", _("其他原因")

    # db_index=False: both are the first column of an index below.
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="lines", db_index=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="lines", db_index=False)
    number = models.PositiveIntegerField()  # within the batch: with the file's number it is the bank's key
    attempt = models.PositiveSmallIntegerField()
    holder_name = models.CharField(max_length=50)
    account_number = EncryptedTextField()
    identity = EncryptedTextField(null=True)
    bank_code = models.CharField(max_length=12, blank=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    purpose = models.CharField(max_length=60)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PENDING)
    return_code = models.CharField(_("退回原因"), max_length=8, choices=ReturnCode, blank=True)
    receipt = models.CharField(max_length=60, blank=True)
    answered_at = models.DateTimeField(null=True)
    paid_on = models.DateField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="line_has_its_number", fields=["batch", "number"]),
            # The heart of “exactly once”: what is on its way or has arrived can't be put on its way again.
            models.UniqueConstraint(
                name="line_is_live_or_paid_once", fields=["payment"], condition=Q(state__in=["pending", "paid"])
            ),
            models.CheckConstraint(name="line_amount_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="line_answer_is_whole",
                condition=Q(state__in=["pending", "withdrawn"], answered_at=None)
                | (Q(state="paid", answered_at__isnull=False, paid_on__isnull=False) & ~Q(receipt=""))
                | (Q(state="returned", answered_at__isnull=False) & ~Q(return_code="")),
            ),
        ]
        indexes: ClassVar = [models.Index(name="line_by_payment", fields=["payment", "-id"])]

    def __str__(self) -> str:
        return f"{self.batch}-{self.number}"


class AnswerFile(models.Model):
    """One answer file of the bank, taken once whatever is repeated, with what in it needs a person.

    A large one is kept until a job has booked its last row; ``waiting_rows`` are still to come.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="answers")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    row_count = models.PositiveIntegerField()
    paid_count = models.PositiveIntegerField(default=0)
    returned_count = models.PositiveIntegerField(default=0)
    waiting_rows = models.PositiveIntegerField(default=0)
    content = models.BinaryField(null=True)
    run = models.ForeignKey(JobRun, null=True, on_delete=models.SET_NULL, related_name="+")
    problems = models.JSONField(default=list)  # [{"row", "line", "code"}]: rows that changed nothing
    settled_note = models.CharField(max_length=200, blank=True)
    settled_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    received_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="answer_file_is_taken_once", fields=["batch", "sha256"]),
            models.CheckConstraint(name="answer_settled_has_note", condition=Q(settled_at=None) | ~Q(settled_note="")),
            models.CheckConstraint(
                name="answer_waiting_is_kept", condition=Q(waiting_rows=0) | Q(content__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Something in it waits for a person, who can say how it was cleared once all of it is booked."""
        return bool(self.problems) and self.settled_at is None and not self.waiting_rows

    @property
    def is_taking(self) -> bool:
        return self.run is not None and not self.run.is_over
