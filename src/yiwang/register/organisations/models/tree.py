"""The tree of union bodies, their history, their other lines, and the employers they cover."""

import datetime as dt
from typing import ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import GistIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.kernel.fields import EncryptedTextField
from yiwang.kernel.ids import public_id
from yiwang.kernel.ltree import LtreeField
from yiwang.kernel.states import Stateful
from yiwang.register.organisations.codes import Industry, Ownership, Size, UnitNature, headcount_band, ownership
from yiwang.register.organisations.kinds import GRASSROOTS_KINDS, MEMBER_KINDS, Kind, Level

# States of a union that is there; in all others it is yet to be, or was.
FOUNDED = ("active", "suspended", "merging", "dissolving")
# The bodies that the health check may find something wrong with by their own columns (GT 1.11): few among many.
MAY_AIL = Q(kind__in=["A4", "C1", "C2", "E2"]) | Q(state="suspended")

_TERM = Func(
    F("valid_from"),
    F("valid_to"),
    RangeBoundary(inclusive_lower=True, inclusive_upper=False),
    function="daterange",
    output_field=DateRangeField(),
)


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def active(self) -> Self:
        return self.filter(state=Organisation.State.ACTIVE)

    def joinable(self) -> Self:
        """Taking in members by their state: at work, or being founded since the union above agreed to prepare."""
        return self.filter(state__in=Organisation.JOINABLE)

    def live(self) -> Self:
        return self.exclude(state__in=Organisation.GONE)

    def on(self, day: dt.date) -> Self:
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)

    def under(self, path: str) -> Self:
        """The body itself and all below it. Index: organisation_path_gist."""
        return self.filter(path__descendant=path)

    def ancestors_of(self, path: str) -> Self:
        """From the root down to the body itself."""
        return self.filter(path__ancestor=path).order_by("level", "path")

    def in_order(self) -> Self:
        return self.order_by("division_code", "code")


class Organisation(Stateful):
    """One union body in the tree; its leading parent is its place, other lines are ``OrganisationLink``."""

    class State(models.TextChoices):
        DRAFT = "draft", _("意向")
        PREP_APPLIED = "prep_applied", _("已申请筹建")
        PREP_APPROVED = "prep_approved", _("已同意筹建")
        MEET_APPLIED = "meet_applied", _("已请示召开大会")
        MEET_APPROVED = "meet_approved", _("已同意召开大会")
        ELECTED = "elected", _("选举结果已上报")
        ACTIVE = "active", _("正常")
        RETURNED = "returned", _("退回补正")
        WITHDRAWN = "withdrawn", _("已撤回")
        REJECTED = "rejected", _("不予同意")
        EXPIRED = "expired", _("逾期失效")
        SUSPENDED = "suspended", _("待整顿")
        MERGING = "merging", _("合并中")
        MERGED = "merged", _("已合并")
        DISSOLVING = "dissolving", _("撤销清算中")
        DISSOLVED = "dissolved", pgettext_lazy("organisation", "已撤销")

    _OUT: ClassVar = frozenset({State.WITHDRAWN, State.REJECTED, State.EXPIRED})
    MOVES = {
        State.DRAFT: frozenset({State.PREP_APPLIED}) | _OUT,
        State.PREP_APPLIED: frozenset({State.PREP_APPROVED, State.RETURNED}) | _OUT,
        State.PREP_APPROVED: frozenset({State.MEET_APPLIED}) | _OUT,
        State.MEET_APPLIED: frozenset({State.MEET_APPROVED, State.RETURNED}) | _OUT,
        State.MEET_APPROVED: frozenset({State.ELECTED}) | _OUT,
        State.ELECTED: frozenset({State.ACTIVE, State.RETURNED}) | _OUT,
        State.RETURNED: frozenset({State.PREP_APPLIED, State.MEET_APPLIED, State.ELECTED}) | _OUT,
        State.ACTIVE: frozenset({State.SUSPENDED, State.MERGING, State.DISSOLVING}),
        State.SUSPENDED: frozenset({State.ACTIVE, State.DISSOLVING}),
        State.MERGING: frozenset({State.MERGED}),
        State.DISSOLVING: frozenset({State.DISSOLVED, State.ACTIVE}),
    }
    JOINABLE: ClassVar = ("prep_approved", "active")
    GONE: ClassVar = ("merged", "dissolved", "withdrawn", "rejected", "expired")

    class MemberScope(models.TextChoices):
        SINGLE = "single", _("一个单位")
        JOINT = "joint", _("几个单位联合")
        FEDERATION = "federation", _("联合会覆盖")
        NONE = "none", _("不直接发展会员")

    class Source(models.TextChoices):
        DIVISIONS = "divisions", _("按行政区划建立")
        IMPORT = "import", _("表格导入")
        WEB = "web", _("网上录入")
        DEMO = "demo", _("演示数据")

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    code = models.CharField(_("工会组织编码"), max_length=20, unique=True, editable=False)
    stat_code = models.CharField(_("基层工会统计代码"), max_length=20, blank=True)
    name = models.CharField(_("工会名称"), max_length=120)
    short_name = models.CharField(_("简称"), max_length=40, blank=True)
    pinyin_full = models.CharField(max_length=720, blank=True, editable=False)
    pinyin_initials = models.CharField(max_length=120, blank=True, editable=False)
    kind = models.CharField(_("组织类型"), max_length=2, choices=Kind)
    level = models.PositiveSmallIntegerField(_("层级"), choices=Level)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("上级工会"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        db_index=False,
    )
    path = LtreeField(unique=True, editable=False)
    division_code = models.CharField(_("行政区划"), max_length=12)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    state = models.CharField(_("状态"), max_length=13, choices=State, default=State.ACTIVE)
    founded_on = models.DateField(_("建会日期"), null=True, blank=True)
    approved_by = models.ForeignKey(
        "self",
        verbose_name=_("审批单位"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    approval_document = models.CharField(_("审批文号"), max_length=40, blank=True)
    approved_on = models.DateField(_("审批日期"), null=True, blank=True)
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"), null=True, blank=True, help_text=_("从这一天起不再存在。"))

    member_scope = models.CharField(_("覆盖方式"), max_length=10, choices=MemberScope, default=MemberScope.NONE)
    employee_count = models.PositiveIntegerField(_("职工数"), default=0)
    female_employee_count = models.PositiveIntegerField(_("女职工数"), default=0)
    migrant_count = models.PositiveIntegerField(_("农民工数"), default=0)
    dispatch_count = models.PositiveIntegerField(_("劳务派遣工数"), default=0)
    counted_on = models.DateField(_("职工数统计日期"), null=True, blank=True)
    has_staff = models.BooleanField(_("有人办事"), default=False)
    has_money = models.BooleanField(_("有钱办事"), default=False)
    has_place = models.BooleanField(_("有场所办事"), default=False)

    phone = models.CharField(_("办公电话"), max_length=30, blank=True)
    contact = models.CharField(_("找谁办"), max_length=60, blank=True, help_text=_("科室或岗位，对外公开。"))
    hours = models.CharField(_("办公时间"), max_length=60, blank=True)
    email = models.EmailField(_("邮箱"), blank=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    postcode = models.CharField(_("邮编"), max_length=6, blank=True)
    longitude = models.DecimalField(_("经度"), max_digits=10, decimal_places=7, null=True, blank=True)
    latitude = models.DecimalField(_("纬度"), max_digits=10, decimal_places=7, null=True, blank=True)
    bank_account = EncryptedTextField(verbose_name=_("工会账户"), null=True, blank=True)

    source = models.CharField(_("来源"), max_length=10, choices=Source, default=Source.WEB)
    source_ref = models.CharField(max_length=200, blank=True, editable=False)  # the row as last read, to see changes
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("工会组织")
        indexes = [
            GistIndex(name="organisation_path_gist", fields=["path"]),
            GistIndex(name="organisation_that_may_ail", fields=["path"], condition=MAY_AIL),
            models.Index(name="organisation_without_founding", fields=["id"], condition=~Q(state__in=[*FOUNDED])),
            models.Index(name="organisation_children", fields=["parent", "division_code", "code"]),
            models.Index(name="organisation_of_division", fields=["division_code"]),
        ]
        constraints = [
            models.UniqueConstraint(
                name="organisation_name_is_free_under_parent",
                fields=["parent", "name"],
                condition=~Q(state__in=["merged", "dissolved", "withdrawn", "rejected", "expired"]),
                nulls_distinct=False,
                violation_error_message=_("这个上级工会下面已经有同名的工会了。"),
            ),
            models.UniqueConstraint(
                name="organisation_uscc_is_its_own",
                fields=["uscc"],
                condition=~Q(uscc=""),
                violation_error_message=_("这个统一社会信用代码已经登记在另一个工会名下。"),
            ),
            models.CheckConstraint(
                name="organisation_name_is_normal",
                condition=~Q(name__regex=r"^\s|\s$|[()]|公会") & ~Q(name=""),
                violation_error_message=_("名称前后不能有空格，括号用全角，“公会”应为“工会”。"),
            ),
            models.CheckConstraint(name="organisation_level_is_known", condition=Q(level__gte=1, level__lte=9)),
            models.CheckConstraint(
                name="organisation_ends_after_it_begins",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="organisation_gone_has_day",
                condition=~Q(state__in=["merged", "dissolved"]) | Q(valid_to__isnull=False),
            ),
            models.CheckConstraint(
                name="organisation_division_is_digits", condition=Q(division_code__regex=r"^[0-9]{6,12}$")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """Its own label at the end of its path."""
        return f"n{self.pk}"

    @property
    def source_ref_code(self) -> str:
        """The key of the row it came from."""
        return self.source_ref.partition(":")[0]

    @property
    def is_gone(self) -> bool:
        return self.state in self.GONE

    @property
    def holds_members(self) -> bool:
        return self.kind in MEMBER_KINDS

    @property
    def takes_members(self) -> bool:
        return self.holds_members and self.state in self.JOINABLE

    @property
    def is_grassroots(self) -> bool:
        return self.kind in GRASSROOTS_KINDS

    @property
    def display_name(self) -> str:
        return self.short_name or self.name


class OrganisationSpan(models.Model):
    """A stretch of days on which a body had this name, kind and leading parent: the tree of any day."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="spans")
    name = models.CharField(_("工会名称"), max_length=120)
    kind = models.CharField(_("组织类型"), max_length=2, choices=Kind)
    parent = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    days = DateRangeField(_("期间"))
    document_number = models.CharField(_("依据文号"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("工会沿革")
        constraints = [
            ExclusionConstraint(
                name="organisation_span_is_one_at_a_time",
                expressions=[("organisation", RangeOperators.EQUAL), ("days", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.days}"


class OrganisationLink(models.Model):
    """One further line above a body: an industrial union that leads or guides beside the leading parent."""

    class Kind(models.TextChoices):
        LINE = "line", _("产业领导")
        GUIDANCE = "guidance", _("业务指导")

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="lines")
    leader = models.ForeignKey(
        Organisation, verbose_name=_("上级工会"), on_delete=models.PROTECT, related_name="lines_below"
    )
    kind = models.CharField(_("关系"), max_length=8, choices=Kind)
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"), null=True, blank=True)

    class Meta:
        verbose_name = _("产业和业务关系")
        constraints = [
            models.CheckConstraint(
                name="organisation_link_joins_two_bodies",
                condition=~Q(organisation=F("leader")),
                violation_error_message=_("工会不能是自己的上级。"),
            ),
            ExclusionConstraint(
                name="organisation_link_is_drawn_once",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    ("leader", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (_TERM, RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("这两个工会之间已经有这种关系了。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.leader} – {self.organisation}"


class Employer(models.Model):
    """One employer (用人单位): a firm, institution, organ or social organisation whose workers a union covers."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("存续")
        DORMANT = "dormant", _("歇业")
        CANCELLED = "cancelled", _("注销")
        MOVED = "moved", _("迁出")

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    name = models.CharField(_("单位名称"), max_length=120)
    pinyin_full = models.CharField(max_length=720, blank=True, editable=False)
    pinyin_initials = models.CharField(max_length=120, blank=True, editable=False)
    unit_nature = models.CharField(_("单位类别"), max_length=3, choices=UnitNature, default=UnitNature.PRIVATE)
    industry = models.CharField(_("国民经济行业"), max_length=1, choices=Industry, blank=True)
    industry_class = models.CharField(_("行业小类"), max_length=4, blank=True)
    size = models.CharField(_("规模"), max_length=1, choices=Size, blank=True)
    state_controlled = models.BooleanField(_("国有控股"), default=False)
    headcount = models.PositiveIntegerField(_("职工数"), default=0)
    division_code = models.CharField(_("行政区划"), max_length=12, blank=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    legal_representative = models.CharField(_("法定代表人"), max_length=50, blank=True)
    contact_name = models.CharField(_("联系人"), max_length=50, blank=True)
    contact_phone = models.CharField(_("联系电话"), max_length=30, blank=True)
    is_platform_company = models.BooleanField(_("平台企业"), default=False)
    has_party_branch = models.BooleanField(_("有党组织"), default=False)
    group_parent = models.ForeignKey(
        "self",
        verbose_name=_("所属集团"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="subsidiaries",
    )
    status = models.CharField(_("状态"), max_length=9, choices=Status, default=Status.ACTIVE)
    source = models.CharField(_("来源"), max_length=10, blank=True)
    last_seen_on = models.DateField(_("最近核对日期"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("用人单位")
        indexes = [
            models.Index(name="employer_by_name", fields=["name"]),
            # Prefixes of a division: the employers of an area, counted from the index alone.
            models.Index(
                OpClass("division_code", name="varchar_pattern_ops"),
                name="employer_of_area",
                include=["id", "headcount", "status", "unit_nature", "state_controlled"],
            ),
            models.Index(name="employer_that_is_gone", fields=["id"], condition=Q(status="cancelled")),
        ]
        constraints = [
            models.UniqueConstraint(
                name="employer_uscc_is_its_own",
                fields=["uscc"],
                condition=~Q(uscc=""),
                violation_error_message=_("这个统一社会信用代码已经登记了。"),
            ),
            models.CheckConstraint(
                name="employer_uscc_is_no_union",
                condition=~Q(uscc__startswith="8"),
                violation_error_message=_("8开头的是工会自己的代码，这里要填单位的代码。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def headcount_band(self) -> str:
        return headcount_band(self.headcount)

    @property
    def ownership(self) -> Ownership:
        return ownership(self.unit_nature, state_controlled=self.state_controlled)


class OrganisationEmployer(models.Model):
    """One employer covered by one union body over a stretch of days."""

    class Relation(models.TextChoices):
        OWN = "own", _("本单位工会")
        JOINT = "joint", _("联合工会")
        FEDERATION = "federation", _("联合会直接覆盖")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="employers")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="unions")
    relation = models.CharField(_("覆盖方式"), max_length=10, choices=Relation)
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"), null=True, blank=True)
    # The employer's, kept so by triggers (migration 0004): the links of an area are one stretch of an index.
    division_code = models.CharField(max_length=12, blank=True, editable=False)

    class Meta:
        verbose_name = _("覆盖单位")
        indexes = [
            models.Index(
                OpClass("division_code", name="varchar_pattern_ops"),
                name="organisation_employer_of_area",
                include=["employer", "organisation", "relation", "valid_from", "valid_to"],
            )
        ]
        constraints = [
            ExclusionConstraint(
                name="organisation_employer_is_linked_once",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    ("employer", RangeOperators.EQUAL),
                    (_TERM, RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("这个单位已经由这个工会覆盖了。"),
            ),
            ExclusionConstraint(
                name="employer_has_one_union_of_its_own",
                expressions=[("employer", RangeOperators.EQUAL), (_TERM, RangeOperators.OVERLAPS)],
                condition=Q(relation="own"),
                violation_error_message=_("这个单位已经有自己的工会了。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} – {self.employer}"
