from django.db import models
from django.utils.translation import gettext_lazy as _


class NumberSequence(models.Model):
    """The last official number one body gave out for one kind of paper in one year."""

    body = models.CharField(max_length=10)
    kind = models.CharField(max_length=10, blank=True)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("发文字号")
        constraints = [models.UniqueConstraint(fields=["body", "kind", "year"], name="number_sequence_is_one_per_year")]

    def __str__(self) -> str:
        return f"{self.body}{self.kind}〔{self.year}〕{self.last}号"
