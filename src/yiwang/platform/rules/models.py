"""What the union has decided in numbers and rules, from when on, and the receipts of what followed."""

import base64
import zlib
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.fields import EncryptedTextField
from yiwang.kernel.ids import public_id
from yiwang.kernel.states import Stateful


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


class ParameterValue(models.Model):
    """One figure of law, charter or committee, for the days on which it holds, with the text that sets it."""

    class Evidence(models.TextChoices):
        VERIFIED = "verified", _("已核对原文")
        UNVERIFIED = "unverified", _("待核对")
        DESIGN = "design", _("本会自己定的")

    class Origin(models.TextChoices):
        FILE = "file", _("随程序的规则文件")
        PUBLISHED = "published", _("两人发布")

    name = models.CharField(_("参数"), max_length=100)
    key = models.CharField(_("键"), max_length=200, blank=True)
    label_zh = models.CharField(_("名称"), max_length=200)
    label_en = models.CharField(_("英文名称"), max_length=200)
    value = models.BigIntegerField(_("数值"))
    unit = models.CharField(pgettext_lazy("measure", "单位"), max_length=20, blank=True)
    valid_from = models.DateField(_("从"))
    valid_to = models.DateField(_("到"), null=True, blank=True)
    source_zh = models.CharField(_("出处"), max_length=400)
    source_en = models.CharField(_("英文出处"), max_length=400)
    evidence = models.CharField(_("依据标记"), max_length=10, choices=Evidence)
    origin = models.CharField(_("来自"), max_length=10, choices=Origin, default=Origin.FILE)

    class Meta:
        verbose_name = _("参数数值")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="parameter_ends_after_it_begins",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("止日不能早于起日。"),
            ),
            ExclusionConstraint(
                name="parameter_has_one_value_a_day",
                expressions=[
                    ("name", RangeOperators.EQUAL),
                    ("key", RangeOperators.EQUAL),
                    (Func("valid_from", "valid_to", Value("[]"), function="DATERANGE"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("这个参数在这些天里已经有数值了。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}{f'[{self.key}]' if self.key else ''} = {self.value} ({self.valid_from})"

    @property
    def label(self) -> str:
        return self.label_en if _is_english() else self.label_zh

    @property
    def source(self) -> str:
        return self.source_en if _is_english() else self.source_zh


class RuleSetVersion(models.Model):
    """One published text of one programme's rules, with the SQL made from it. Never changes."""

    key = models.CharField(_("规则"), max_length=60)
    number = models.PositiveIntegerField(_("版本"))
    effective_from = models.DateField(_("从哪天起用"))
    sha256 = models.CharField(_("指纹"), max_length=64)
    body = models.JSONField(_("规则内容"))
    compiled = models.JSONField(_("编译结果"))
    published_at = models.DateTimeField(_("发布时间"), auto_now_add=True)
    published_by_id = models.BigIntegerField(_("发布人"), null=True)

    class Meta:
        verbose_name = _("规则版本")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="ruleset_version_number_is_unique", fields=["key", "number"]),
        ]

    def __str__(self) -> str:
        return f"{self.key} v{self.number}"


class Receipt(models.Model):
    """The reasons of one decision about one record, as bytes that anyone can work out again."""

    public_id = models.CharField(max_length=10, unique=True, default=public_id)
    subject = models.CharField(_("关于"), max_length=30)
    subject_id = models.BigIntegerField()
    version = models.ForeignKey(RuleSetVersion, on_delete=models.PROTECT, verbose_name=_("规则版本"))
    verdict = models.CharField(_("结论"), max_length=10)
    amount = models.BigIntegerField(_("金额（分）"), null=True)
    # What pages may show to anyone who sees the record: no fact, only which conditions held.
    body = models.JSONField(_("条件"))
    sealed = EncryptedTextField()
    sha256 = models.CharField(_("指纹"), max_length=64)
    decided_on = models.DateField(_("决定日期"))
    issued_at = models.DateTimeField(_("出具时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("理由回执")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(name="receipt_of_subject", fields=["subject", "subject_id"])
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def content(self) -> bytes:
        """The canonical bytes, byte for byte as they were issued."""
        return zlib.decompress(base64.b64decode(self.sealed))

    @staticmethod
    def seal(content: bytes) -> str:
        return base64.b64encode(zlib.compress(content, 9)).decode("ascii")


class WorkdayOverride(models.Model):
    """One day that works or rests otherwise than its weekday says: holidays and swapped working days."""

    day = models.DateField(_("日期"), unique=True)
    is_workday = models.BooleanField(_("上班"))
    note = models.CharField(_("说明"), max_length=100)
    provisional = models.BooleanField(_("等国务院通知"), default=False)

    class Meta:
        verbose_name = _("工作日调整")

    def __str__(self) -> str:
        return f"{self.day} {self.note}"


def row_key(key: tuple[str, ...]) -> str:
    """How the keys of a table row stand in one column."""
    return "|".join(key)


class ParameterProposal(Stateful):
    """One new figure that somebody put forward; another person brings it in force, or does not."""

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("figure", "等另一个人发布")
        PUBLISHED = "published", pgettext_lazy("figure", "已发布")
        DECLINED = "declined", pgettext_lazy("figure", "没有采用")

    MOVES = {State.PROPOSED: frozenset({State.PUBLISHED, State.DECLINED})}

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    name = models.CharField(_("参数"), max_length=100)
    key = models.CharField(_("键"), max_length=200, blank=True)
    old_value = models.BigIntegerField(_("现在的数值"))
    value = models.BigIntegerField(_("新的数值"))
    valid_from = models.DateField(_("从哪天起用"))
    source_zh = models.CharField(_("出处"), max_length=400)
    source_en = models.CharField(_("英文出处"), max_length=400)
    evidence = models.CharField(_("依据标记"), max_length=10, choices=ParameterValue.Evidence)
    reason = models.CharField(_("为什么改"), max_length=300)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PROPOSED)
    proposed_by_id = models.BigIntegerField()
    proposed_by_name = models.CharField(_("谁提出"), max_length=50)
    proposed_at = models.DateTimeField(auto_now_add=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_name = models.CharField(_("谁发布"), max_length=50, blank=True)
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(_("意见"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("参数的修改")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="parameter_is_published_by_another",
                condition=Q(decided_by_id=None) | ~Q(decided_by_id=F("proposed_by_id")),
                violation_error_message=_("提出和发布要由两个人做。"),
            ),
            models.CheckConstraint(
                name="parameter_proposal_decided_has_time",
                condition=Q(state="proposed", decided_at=None) | (~Q(state="proposed") & Q(decided_at__isnull=False)),
            ),
            models.UniqueConstraint(
                name="parameter_has_one_open_proposal", fields=["name", "key"], condition=Q(state="proposed")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} → {self.value} ({self.valid_from})"

    @property
    def source(self) -> str:
        return self.source_en if _is_english() else self.source_zh
