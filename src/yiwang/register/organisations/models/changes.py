"""Changes of the tree as they are asked for by one officer and decided by another."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.ids import public_id
from yiwang.kernel.states import Stateful
from yiwang.register.accounts.models import User
from yiwang.register.organisations.kinds import Kind
from yiwang.register.organisations.models.tree import Employer, Organisation

BODY_KINDS = Kind.choices  # the class below has an inner ``Kind`` of its own


class TreeChange(Stateful):
    """One change of the tree as it was asked for, decided by a second person, and what came of it (GT 1.9, 1.14)."""

    class Kind(models.TextChoices):
        FOUND = "found", _("设立")
        RENAME = "rename", _("更名")
        MOVE = "move", _("改变隶属")
        MERGE = "merge", _("合并")
        SPLIT = "split", _("分立")
        CLOSE = "close", _("撤销")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待审批")
        SETTLING = "settling", _("清理中")
        DONE = "done", _("已生效")
        REFUSED = "refused", _("没有同意")
        WITHDRAWN = "withdrawn", _("已撤回")

    class Task(models.TextChoices):
        """What is settled before a body is gone (GT 1.7); that members are settled is counted, not ticked."""

        ACCOUNT = "account", _("工会账户已结清销户")
        SEAL = "seal", _("印章已交回制发单位")
        CERTIFICATE = "certificate", _("法人证书已交回登记机关")
        AUDIT = "audit", _("经费审计已做")
        ASSETS = "assets", _("财产已移交上级工会")
        ARCHIVE = "archive", _("档案已移交")

    MOVES = {
        State.PROPOSED: frozenset({State.DONE, State.SETTLING, State.REFUSED, State.WITHDRAWN}),
        State.SETTLING: frozenset({State.DONE, State.WITHDRAWN}),
    }
    OPEN: ClassVar = ("proposed", "settling")

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    kind = models.CharField(_("变更"), max_length=6, choices=Kind)
    state = models.CharField(_("状态"), max_length=9, choices=State, default=State.PROPOSED)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="changes")
    target = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    result = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("工会名称"), max_length=120, blank=True)
    body_kind = models.CharField(_("组织类型"), max_length=2, choices=BODY_KINDS, blank=True)
    employers = models.ManyToManyField(Employer, verbose_name=_("覆盖的单位"), blank=True, related_name="+")
    effective_on = models.DateField(_("从哪天起"))
    document_number = models.CharField(_("依据文号"), max_length=40, blank=True)
    reason = models.CharField(_("理由"), max_length=300)
    settled = models.JSONField(default=list)
    members_moved = models.PositiveIntegerField(default=0)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    opinion = models.CharField(_("意见"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("组织变更")
        indexes = [
            models.Index(name="tree_change_of_body", fields=["organisation", "-proposed_at"]),
            models.Index(
                name="tree_change_open", fields=["proposed_at"], condition=Q(state__in=["proposed", "settling"])
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="tree_change_is_decided_by_another",
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                violation_error_message=_("提出变更的人不能自己审批。"),
            ),
            models.UniqueConstraint(
                name="tree_change_of_one_sort_at_a_time",
                fields=["organisation", "kind"],
                condition=Q(state__in=["proposed", "settling"]) & ~Q(kind="found"),
                violation_error_message=_("这个工会已经有一项同样的变更在办。"),
            ),
            models.CheckConstraint(
                name="tree_change_decided_has_time",
                condition=Q(state__in=["proposed", "withdrawn"]) | Q(decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.organisation}"
