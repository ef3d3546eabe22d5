"""Where the money comes from. Each fund keeps its own ledger."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.ids import public_id
from yiwang.kernel.states import Stateful
from yiwang.register.organisations.models import Organisation

USER = settings.AUTH_USER_MODEL


class Item(models.TextChoices):
    """What a payment is for."""

    LIVING = "living", _("生活救助")
    MEDICAL = "medical", _("医疗救助")
    EDUCATION = "education", _("子女助学")
    ACCIDENT = "accident", _("意外救助")
    TEMPORARY = "temporary", _("临时救助")
    WARMTH = "warmth", _("送温暖")
    EMPLOYMENT = "employment", _("就业帮扶")
    MUTUAL = "mutual", _("互助金")
    PRIZE = "prize", _("奖金")
    OTHER = "other", _("其他款项")


class Fund(Stateful):
    """One source of money of one body for one year, with its budget and what of it is promised and paid."""

    class State(models.TextChoices):
        OPEN = "open", _("使用中")
        CLOSED = "closed", _("已关账")

    class Kind(models.TextChoices):
        CENTRAL = "central", _("中央财政职工困难帮扶资金")
        PROVINCE_FISCAL = "prov_fiscal", _("省级财政")
        CITY_FISCAL = "city_fiscal", _("市级财政")
        COUNTY_FISCAL = "county_fiscal", _("县级财政")
        UNION_PROVINCE = "union_prov", _("省级工会经费")
        UNION_CITY = "union_city", _("市级工会经费")
        UNION_COUNTY = "union_county", _("县级工会经费")
        UNION_BASE = "union_base", _("基层工会经费")
        EMPLOYER = "employer", _("行政补助")
        CHARITY = "charity", _("社会捐赠")
        MUTUAL = "mutual", _("职工互助保障")

    MOVES: ClassVar = {State.OPEN: frozenset({State.CLOSED})}

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("来源"), max_length=14, choices=Kind)
    year = models.PositiveSmallIntegerField(_("年度"))
    project_no = models.CharField(_("项目编号"), max_length=40, blank=True)
    name = models.CharField(_("资金名称"), max_length=80)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.OPEN)
    budget = models.DecimalField(_("预算"), max_digits=14, decimal_places=2)
    committed = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))  # locked, not answered yet
    paid = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    items = models.JSONField(default=list)  # what it may be spent on; empty means anything
    closing_date = models.DateField(_("关账日期"), null=True)
    created_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="fund_is_one_per_project",
                fields=["organisation", "kind", "year", "project_no"],
                violation_error_message=_("这个单位这一年已经有同一来源、同一项目的资金了。"),
            ),
            models.CheckConstraint(name="fund_budget_is_not_negative", condition=Q(budget__gte=0)),
            models.CheckConstraint(name="fund_committed_is_not_negative", condition=Q(committed__gte=0)),
            models.CheckConstraint(name="fund_paid_is_not_negative", condition=Q(paid__gte=0)),
            models.CheckConstraint(name="fund_is_not_overspent", condition=Q(budget__gte=F("committed") + F("paid"))),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def free(self) -> Decimal:
        return self.budget - self.committed - self.paid

    @property
    def share_paid(self) -> float:
        """执行率, between 0 and 1."""
        return float(self.paid / self.budget) if self.budget else 0.0

    def allows(self, item: str) -> bool:
        return not self.items or item in self.items


class FundEntry(models.Model):
    """One line of a fund's ledger. Never changed, never removed."""

    class Kind(models.TextChoices):
        BUDGET = "budget", _("预算")
        COMMIT = "commit", _("锁定")
        RELEASE = "release", _("解除锁定")
        PAID = "paid", _("支出")
        RECOVERED = "recovered", _("收回")

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(_("类型"), max_length=10, choices=Kind)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    item = models.CharField(max_length=12, blank=True)
    batch = models.ForeignKey("payments.Batch", null=True, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=60)  # the deed it belongs to: one deed is booked once
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="fund_entry_is_booked_once", fields=["fund", "kind", "key"]),
        ]
        indexes: ClassVar = [models.Index(name="fund_entry_by_fund", fields=["fund", "-id"])]

    def __str__(self) -> str:
        return f"{self.fund} {self.kind} {self.amount}"
