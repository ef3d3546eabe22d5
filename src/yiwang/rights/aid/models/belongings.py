"""What a household has, piece by piece (RI E5), and the calls after it left its file (RI D1-08)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.ids import public_id
from yiwang.rights.aid.codes import AssetKind, Holding, Housing, Knowledge, VehicleUse
from yiwang.rights.aid.models.files import AidFile, Member

USER = settings.AUTH_USER_MODEL


class Asset(models.Model):
    """One home, shop, vehicle, deposit or share of a household. Void rows stay, struck out."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    file = models.ForeignKey(AidFile, on_delete=models.CASCADE, related_name="assets")
    owner = models.ForeignKey(Member, null=True, on_delete=models.CASCADE, related_name="assets")  # None: all of them
    kind = models.CharField(_("是什么"), max_length=10, choices=AssetKind)
    holding = models.CharField(_("谁的"), max_length=8, choices=Holding, default=Holding.OWN)
    housing = models.CharField(_("住房类型"), max_length=8, choices=Housing, blank=True)
    area = models.DecimalField(_("面积（平方米）"), max_digits=8, decimal_places=2, null=True)
    vehicle_use = models.CharField(_("车做什么用"), max_length=10, choices=VehicleUse, blank=True)
    controls = models.BooleanField(_("控股或实际控制"), default=False)
    value = models.DecimalField(_("值多少"), max_digits=14, decimal_places=2, null=True)
    words = models.CharField(_("说明"), max_length=120, blank=True)
    origin = models.CharField(_("怎么知道的"), max_length=10, choices=Knowledge, default=Knowledge.SEEN)
    is_void = models.BooleanField(default=False)
    noted_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="aid_asset_vehicle_has_use",
                condition=~Q(kind="vehicle") | ~Q(vehicle_use=""),
                violation_error_message=_("车要写明做什么用。"),
            ),
            models.CheckConstraint(
                name="aid_asset_amounts_are_not_negative",
                condition=(Q(area=None) | Q(area__gt=0)) & (Q(value=None) | Q(value__gte=0)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file} {self.kind}"


class Call(models.Model):
    """One call at a household that left its file, while it is watched."""

    class Outcome(models.TextChoices):
        WELL = "well", _("日子过得去")
        WORSE = "worse", _("又有难处了")
        UNREACHED = "unreached", _("没联系上")

    file = models.ForeignKey(AidFile, on_delete=models.PROTECT, related_name="calls")
    due_on = models.DateField()
    called_on = models.DateField()
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome)
    net = models.DecimalField(_("每人每月剩多少"), max_digits=10, decimal_places=2, null=True)
    bill = models.DecimalField(_("新看病自己付了"), max_digits=12, decimal_places=2, null=True)
    lost_job = models.BooleanField(default=False)
    had_accident = models.BooleanField(default=False)
    words = models.CharField(_("对方怎么说"), max_length=300)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(name="aid_call_by_file", fields=["file", "-called_on"])]

    def __str__(self) -> str:
        return f"{self.file} {self.called_on}"
