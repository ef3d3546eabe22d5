"""What hangs on a request to join or to move: the code it came by, what was checked, who let go, who took over."""

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.kernel.ids import public_id
from yiwang.kernel.states import Stateful
from yiwang.net.cases.models import Case
from yiwang.register.members.models import Membership
from yiwang.register.organisations.models import Organisation


class Pool(models.Model):
    """The body of a county that holds members whose own union is not known yet (周转库)."""

    county = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="+")
    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("周转库")

    def __str__(self) -> str:
        return str(self.organisation)


class Campaign(Stateful):
    """One joining code: for which union or place, from when until when, for how many people."""

    class Kind(models.TextChoices):
        UNION = "union", _("单位工会的码")
        STATION = "station", _("驿站的码")
        EVENT = "event", _("活动的码")
        FEDERATION = "federation", _("行业、区域联合会的码")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("campaign", "在用")
        HELD = "held", _("人太多，先停一停")
        CLOSED = "closed", pgettext_lazy("campaign", "停用")

    MOVES: ClassVar = {
        State.OPEN: frozenset({State.HELD, State.CLOSED}),
        State.HELD: frozenset({State.OPEN, State.CLOSED}),
    }

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    kind = models.CharField(_("哪一种"), max_length=10, choices=Kind, default=Kind.EVENT)
    name = models.CharField(_("名称"), max_length=60)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("进哪个工会"), on_delete=models.PROTECT, related_name="campaigns"
    )
    office = models.ForeignKey(Organisation, verbose_name=_("哪个工会审"), on_delete=models.PROTECT, related_name="+")
    place = models.CharField(_("贴在哪里"), max_length=60, blank=True)
    state = models.CharField(_("状态"), max_length=6, choices=State, default=State.OPEN)
    valid_from = models.DateField(_("从哪天起"))
    valid_until = models.DateField(_("到哪天止"))
    most = models.PositiveIntegerField(_("最多多少人"), default=500)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True)  # a held code was looked at and opened again: counting begins anew

    class Meta:
        verbose_name = _("入会码")
        indexes = [models.Index(name="campaign_of_organisation", fields=["organisation", "-made_at"])]
        constraints = [
            models.CheckConstraint(
                name="campaign_ends_after_it_begins",
                condition=Q(valid_until__gte=F("valid_from")),
                violation_error_message=_("到期日不能早于开始日。"),
            ),
            models.CheckConstraint(
                name="campaign_takes_somebody",
                condition=Q(most__gte=1),
                violation_error_message=_("至少要能来一个人。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_open_on(self, day: dt.date) -> bool:
        return self.state == self.State.OPEN and self.valid_from <= day <= self.valid_until


class JoinRequest(models.Model):
    """What a request to join says beside the case: by which code, which union, who was contacted, what became."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="join_request")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, null=True, related_name="requests")
    target = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    device = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    contacts = models.JSONField(default=dict)  # of the five: key → ISO time
    admitted = models.OneToOneField(Membership, on_delete=models.PROTECT, null=True, related_name="join_request")

    class Meta:
        verbose_name = _("入会申请")
        indexes = [
            models.Index(name="join_request_of_code", fields=["campaign", "at"], condition=Q(campaign__isnull=False)),
            models.Index(name="join_request_of_device", fields=["device", "at"], condition=~Q(device="")),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}"


class Transfer(models.Model):
    """One membership on its way to another union: who let go and how, who objected, who decides."""

    class Ground(models.TextChoices):
        """The only three reasons to refuse (GT 2.7)."""

        IDENTITY = "identity", _("身份对不上")
        STILL_HERE = "still_here", _("人还在本单位上班")
        REPAYMENT = "repayment", _("还有借款、帮扶款没有结清")

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="transfer")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="transfers")
    from_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    to_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("为什么转"), max_length=20, blank=True)
    since = models.DateField(_("哪天到新单位"), null=True)
    released_at = models.DateTimeField(_("转出时间"), null=True)
    is_deemed = models.BooleanField(_("到期没答复，视为同意转出"), default=False)
    ground = models.CharField(_("不同意的理由"), max_length=10, choices=Ground, blank=True)
    objection = models.CharField(_("说明"), max_length=300, blank=True)
    escalated_at = models.DateTimeField(_("报共同上级的时间"), null=True)
    done_at = models.DateTimeField(_("转入时间"), null=True)

    class Meta:
        verbose_name = _("会籍转接")
        constraints = [
            models.CheckConstraint(
                name="transfer_goes_elsewhere", condition=~Q(from_organisation=F("to_organisation"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} → {self.to_organisation_id}"
