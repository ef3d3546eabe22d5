"""Maintained figures of a tree: deltas are appended, a job folds them, readers add what is not folded yet."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.ltree import LtreeField


class Delta(models.Model):
    """One change of one figure at one node, not yet folded. Appending is all that a writer ever does."""

    name = models.CharField(_("指标"), max_length=60)
    path = LtreeField()
    day = models.DateField(_("日期"))
    amount = models.BigIntegerField(_("增减"))

    class Meta:
        verbose_name = _("待汇总增减")

    def __str__(self) -> str:
        return f"{self.name} {self.path} {self.amount:+d}"


class Node(models.Model):
    """One node that has figures, and where it stands in the tree now."""

    label = models.CharField(max_length=40, unique=True)
    parent = models.CharField(max_length=40, blank=True, db_index=True)
    path = LtreeField()

    class Meta:
        verbose_name = _("指标节点")

    def __str__(self) -> str:
        return self.path


class Total(models.Model):
    """One figure of one node and all below it, over all days."""

    pk = models.CompositePrimaryKey("node", "name")
    node = models.ForeignKey(Node, on_delete=models.CASCADE)
    name = models.CharField(_("指标"), max_length=60)
    amount = models.BigIntegerField(_("数值"), default=0)

    class Meta:
        verbose_name = _("指标总数")

    def __str__(self) -> str:
        return f"{self.name} {self.amount}"


class Daily(models.Model):
    """What one figure of one node and all below it changed by on one day."""

    pk = models.CompositePrimaryKey("node", "name", "day")
    node = models.ForeignKey(Node, on_delete=models.CASCADE)
    name = models.CharField(_("指标"), max_length=60)
    day = models.DateField(_("日期"))
    amount = models.BigIntegerField(_("增减"), default=0)

    class Meta:
        verbose_name = _("指标日增减")

    def __str__(self) -> str:
        return f"{self.name} {self.day} {self.amount:+d}"
