"""Consultation on the rules and algorithms by which a platform hands out and pays work (rights 5.5, 5.7)."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.kernel.ids import public_id
from yiwang.kernel.states import Stateful
from yiwang.rights.congress.models.constituting import Congress
from yiwang.rights.congress.models.sessions import AgendaItem


class Consultation(Stateful):
    """One rule or parameter: what it means in plain words, what is proposed, what was agreed and from when it holds."""

    class State(models.TextChoices):
        COLLECTING = "collecting", _("正在听大家的意见")
        TALKING = "talking", _("正在协商")
        AGREED = "agreed", _("谈好了，等代表表决")
        IN_FORCE = "in_force", pgettext_lazy("consultation", "生效")
        ENDED = "ended", _("没有谈成")

    class Subject(models.TextChoices):
        PAY = "pay", _("计件单价和报酬")
        COMMISSION = "commission", _("抽成比例")
        ORDERS = "orders", _("订单分配")
        HOURS = "hours", _("工作时间和休息")
        TIMES = "times", _("时间预估和路线规划")
        APPRAISAL = "appraisal", _("考核和奖惩")
        ENTRY = "entry", _("进入和退出平台")

    MOVES: ClassVar = {
        State.COLLECTING: frozenset({State.TALKING, State.ENDED}),
        State.TALKING: frozenset({State.AGREED, State.ENDED}),
        State.AGREED: frozenset({State.IN_FORCE, State.TALKING}),
    }

    congress = models.ForeignKey(Congress, on_delete=models.PROTECT, related_name="consultations")
    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    subject = models.CharField(_("协商什么"), max_length=10, choices=Subject)
    title = models.CharField(_("规则或参数的名称"), max_length=120)
    meaning = models.TextField(_("用大白话说，它管什么"), max_length=1000)
    current = models.TextField(_("现在怎么定"), max_length=1000)
    proposed = models.TextField(_("想改成怎样"), max_length=1000)
    effect = models.TextField(_("对收入和时间有什么影响"), max_length=1000)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.COLLECTING)
    begun_on = models.DateField()
    agreement = models.TextField(_("谈好的文字"), max_length=5000, blank=True)
    item = models.OneToOneField(AgendaItem, on_delete=models.PROTECT, null=True, related_name="consultation")
    published_on = models.DateField(null=True)
    effective_on = models.DateField(_("从哪天起执行"), null=True)
    end_reason = models.CharField(_("为什么没有谈成"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("规则和算法协商")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="rule_is_published_before_it_holds",
                condition=~Q(state="in_force")
                | Q(item__isnull=False, published_on__isnull=False, effective_on__gte=models.F("published_on")),
            ),
            models.CheckConstraint(name="consultation_ended_says_why", condition=~Q(state="ended") | ~Q(end_reason="")),
        ]

    def __str__(self) -> str:
        return self.title


class ConsultationTalk(models.Model):
    """One round at the table."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="talks")
    on = models.DateField(_("哪天谈的"))
    ours = models.CharField(_("劳动者一方怎么说"), max_length=500)
    theirs = models.CharField(_("平台怎么说"), max_length=500)

    def __str__(self) -> str:
        return f"{self.consultation} {self.on}"


class ConsultationOpinion(models.Model):
    """What somebody said, without who and when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="opinions")
    text = models.CharField(_("你的意见"), max_length=500)

    def __str__(self) -> str:
        return self.text


class ConsultationVoice(models.Model):
    """That somebody gave an opinion: a keyed hash that leads to neither a list of people nor the opinion."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="voices")
    voice = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="voice_counts_once", fields=["consultation", "voice"])]

    def __str__(self) -> str:
        return str(self.consultation)
