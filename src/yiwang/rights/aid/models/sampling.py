"""What bodies above look at again, and what is handed on to the state's own help."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.ids import public_id
from yiwang.register.organisations.models import Organisation
from yiwang.rights.aid.models.files import AidFile

USER = settings.AUTH_USER_MODEL


class Sample(models.Model):
    """One new file that a body above the county looks at again before it takes the file into its books (RI 1.12)."""

    class Why(models.TextChoices):
        LARGE = "large", _("金额大，全部看")
        FLAGGED = "flagged", _("有信号，全部看")
        RANDOM = "random", _("随机抽到")

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    file = models.ForeignKey(AidFile, on_delete=models.PROTECT, related_name="samples")
    body = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")  # that looks
    why = models.CharField(_("为什么看"), max_length=8, choices=Why)
    seed = models.CharField(max_length=32)  # with the file's number it gives the order in which files were picked
    drawn_on = models.DateField()
    papers_agree = models.BooleanField(null=True)
    household_agrees = models.BooleanField(null=True)
    reckoning_agrees = models.BooleanField(null=True)
    words = models.CharField(max_length=300, blank=True)
    checked_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    checked_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="aid_sample_is_one_per_body", fields=["file", "body"]),
            models.CheckConstraint(
                name="aid_sample_checked_is_whole",
                condition=Q(checked_on=None, papers_agree=None, household_agrees=None, reckoning_agrees=None)
                | Q(
                    checked_on__isnull=False,
                    checked_by__isnull=False,
                    papers_agree__isnull=False,
                    household_agrees__isnull=False,
                    reckoning_agrees__isnull=False,
                )
                & ~Q(words=""),
            ),
        ]
        indexes: ClassVar = [models.Index(name="aid_sample_by_body", fields=["body", "checked_on", "-id"])]

    def __str__(self) -> str:
        return f"{self.file} {self.body}"

    @property
    def looks(self) -> list[tuple[str, bool | None]]:
        return [
            (str(_("原件和档案里的数")), self.papers_agree),
            (str(_("电话或上门问本人")), self.household_agrees),
            (str(_("按规则重算一遍")), self.reckoning_agrees),
        ]

    @property
    def is_confirmed(self) -> bool:
        return bool(self.papers_agree and self.household_agrees and self.reckoning_agrees)


class Referral(models.Model):
    """One household that was shown to the state's own help (政府救助衔接), and what came of it."""

    class To(models.TextChoices):
        DIBAO = "dibao", _("低保")
        TEKUN = "tekun", _("特困供养")
        TEMPORARY = "temporary", _("政府临时救助")

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("民政收下了")
        REFUSED = "refused", _("民政没有收")

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    file = models.ForeignKey(AidFile, on_delete=models.PROTECT, related_name="referrals")
    to = models.CharField(_("转到"), max_length=10, choices=To)
    words = models.CharField(max_length=200)
    sent_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    sent_on = models.DateField()
    outcome = models.CharField(_("民政的答复"), max_length=8, choices=Outcome, blank=True)
    answer = models.CharField(max_length=200, blank=True)
    answered_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="aid_referral_is_open_once", fields=["file", "to"], condition=Q(answered_on=None)
            ),
            models.CheckConstraint(
                name="aid_referral_answered_is_whole",
                condition=Q(answered_on=None, outcome="") | Q(answered_on__isnull=False) & ~Q(outcome=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file} {self.to}"
