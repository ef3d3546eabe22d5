"""What is owed to one person, and the account it goes to."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.fields import EncryptedTextField
from yiwang.kernel.ids import public_id
from yiwang.kernel.states import Stateful
from yiwang.net.payments.models.fund import Fund, Item
from yiwang.register.members.models import Person
from yiwang.register.organisations.models import Organisation

USER = settings.AUTH_USER_MODEL


class Account(models.Model):
    """One bank account that money for one person goes to. A corrected account is a new row."""

    class Holder(models.TextChoices):
        SELF = "self", _("本人")
        GUARDIAN = "guardian", _("监护人")
        SURVIVOR = "survivor", _("遗属")

    class Kind(models.TextChoices):
        SOCIAL_CARD = "social_card", _("社保卡银行账户")
        BANK_CARD = "bank_card", _("银行卡")

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="accounts")
    holder_name = models.CharField(_("户名"), max_length=50)
    holder = models.CharField(_("户主是"), max_length=10, choices=Holder, default=Holder.SELF)
    kind = models.CharField(_("账户种类"), max_length=12, choices=Kind, default=Kind.SOCIAL_CARD)
    number = EncryptedTextField(verbose_name=_("账号"))
    number_hash = models.CharField(max_length=64, editable=False)
    tail = models.CharField(max_length=4)
    bank_name = models.CharField(_("开户银行"), max_length=60, blank=True)
    bank_code = models.CharField(_("银行行号"), max_length=12, blank=True)
    proof = models.CharField(_("监护或遗属关系的证明"), max_length=200, blank=True)
    is_current = models.BooleanField(default=True)
    added_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="account_is_one_persons_own",
                fields=["number_hash"],
                condition=Q(is_current=True, holder="self"),
            ),
            models.UniqueConstraint(
                name="account_is_current_once", fields=["person", "number_hash"], condition=Q(is_current=True)
            ),
            models.CheckConstraint(name="account_of_another_has_proof", condition=Q(holder="self") | ~Q(proof="")),
        ]
        indexes: ClassVar = [models.Index(name="account_by_number", fields=["number_hash"])]

    def __str__(self) -> str:
        return f"{self.bank_name} {self.tail}".strip()


class Payment(Stateful):
    """One amount owed to one person, asked for once by one grant, prize or claim, until it has arrived."""

    class State(models.TextChoices):
        HELD = "held", _("待核实")
        READY = "ready", _("待发放")
        BATCHED = "batched", _("已进批次")
        SENT = "sent", _("已送银行")
        PAID = "paid", _("已到账")
        RETURNED = "returned", _("已退回")
        MANUAL = "manual", _("待人工处理")
        CANCELLED = "cancelled", _("已取消")
        RECOVERING = "recovering", _("追回中")
        RECOVERED = "recovered", _("已追回")

    # Handbook RI 1.2 (aid_grant) and 1.10. What was sent comes back only by an answer of the bank.
    MOVES: ClassVar = {
        State.HELD: frozenset({State.READY, State.CANCELLED}),
        State.READY: frozenset({State.HELD, State.BATCHED, State.CANCELLED}),
        State.BATCHED: frozenset({State.READY, State.HELD, State.SENT}),
        State.SENT: frozenset({State.PAID, State.RETURNED}),
        State.RETURNED: frozenset({State.READY, State.MANUAL}),
        State.MANUAL: frozenset({State.PAID, State.CANCELLED}),
        State.PAID: frozenset({State.RECOVERING}),
        State.RECOVERING: frozenset({State.RECOVERED}),
    }

    public_id = models.CharField(max_length=16, default=public_id, editable=False)
    source = models.CharField(max_length=40)  # "aid.grant": the kind of record that asks
    source_id = models.BigIntegerField()
    # db_index=False: the first column of an index below; every index is written again with each change of state.
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="payments")
    item = models.CharField(_("项目"), max_length=12, choices=Item)
    payee = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="payments", db_index=False)
    payee_name = models.CharField(_("收款人"), max_length=50)
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    household = models.CharField(max_length=64, blank=True)  # the household's key: one account serves one household
    amount = models.DecimalField(_("金额"), max_digits=12, decimal_places=2)
    purpose = models.CharField(_("用途"), max_length=60)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.READY)
    hold_reason = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    approved_at = models.DateTimeField()  # when it became owed
    due_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    voucher = models.CharField(max_length=60, blank=True)  # where it was paid or recovered by hand

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="payment_has_its_public_id", fields=["public_id"]),
            models.UniqueConstraint(name="payment_is_asked_once", fields=["source", "source_id"]),
            models.CheckConstraint(name="payment_amount_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="payment_paid_has_time",
                condition=~Q(state__in=["paid", "recovering", "recovered"]) | Q(paid_at__isnull=False),
            ),
            models.CheckConstraint(
                name="payment_on_its_way_has_account",
                condition=~Q(state__in=["batched", "sent"]) | Q(account__isnull=False),
            ),
            models.CheckConstraint(name="payment_held_has_reason", condition=~Q(state="held") | ~Q(hold_reason="")),
        ]
        indexes: ClassVar = [
            models.Index(name="payment_ready", fields=["fund", "item", "id"], condition=Q(state="ready")),
            models.Index(name="payment_by_body", fields=["organisation", "state", "-id"]),
            models.Index(name="payment_by_payee", fields=["payee", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.payee_name} {self.amount}"
