"""One file for each household in difficulty, what was seen and decided, and what was granted."""

from decimal import Decimal
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.fields import EncryptedTextField
from yiwang.kernel.ids import public_id
from yiwang.kernel.states import Stateful
from yiwang.net.cases.models import Case
from yiwang.net.payments.models import Fund
from yiwang.platform.rules.models import Receipt
from yiwang.register.members.models import Person
from yiwang.register.organisations.models import Organisation
from yiwang.rights.aid.codes import (
    Bucket,
    Cause,
    FileClass,
    IncomeKind,
    ItemKind,
    Level,
    Origin,
    Relation,
    Signal,
    Stage,
    WorkState,
)
from yiwang.rights.aid.models.signs import Sign, resolved_is_whole

USER = settings.AUTH_USER_MODEL


class AidFileQuerySet(models.QuerySet["AidFile"]):
    def active(self) -> Self:
        return self.exclude(state__in=AidFile.OVER)


class AidFile(Stateful):
    """The one file of one household (一户一档), from the request until the household stands on its own feet."""

    class State(models.TextChoices):
        BASE_REVIEW = "base_review", _("基层初审")
        VISITING = "visiting", _("待入户")
        CROSSCHECKING = "crosschecking", _("核对中")
        BASE_OPINION = "base_opinion", _("待审核意见")
        EXPLAIN = "explain", _("等本人说明")
        PUBLICITY = "publicity", _("公示中")
        OBJECTION_CHECK = "objection_check", _("异议核查")
        COUNTY_REVIEW = "county_review", _("待审批")
        FILED = "filed", _("在档")
        REFUSED = "refused", _("不予建档")
        REVIEWING = "reviewing", _("复核中")
        EXITED = "exited", _("脱困退档")
        NETTED = "netted", _("转兜底保障")
        RELAPSE_CHECK = "relapse_check", _("返困核查")
        FROZEN = "frozen", _("冻结")
        CLOSED = "closed", _("注销")

    OVER: ClassVar = (State.REFUSED, State.EXITED, State.NETTED, State.CLOSED)
    # Handbook RI 1.3; the draft is the application form itself.
    MOVES: ClassVar = {
        State.BASE_REVIEW: frozenset({State.VISITING, State.COUNTY_REVIEW, State.CLOSED, State.FROZEN}),
        State.VISITING: frozenset({State.CROSSCHECKING, State.CLOSED, State.FROZEN}),
        State.CROSSCHECKING: frozenset({State.BASE_OPINION, State.CLOSED, State.FROZEN}),
        State.BASE_OPINION: frozenset({State.EXPLAIN, State.PUBLICITY, State.CLOSED, State.FROZEN}),
        State.EXPLAIN: frozenset({State.BASE_OPINION, State.CLOSED, State.FROZEN}),
        State.PUBLICITY: frozenset({State.OBJECTION_CHECK, State.COUNTY_REVIEW, State.CLOSED, State.FROZEN}),
        State.OBJECTION_CHECK: frozenset({State.COUNTY_REVIEW, State.BASE_OPINION, State.CLOSED, State.FROZEN}),
        State.COUNTY_REVIEW: frozenset({State.FILED, State.REFUSED, State.BASE_OPINION, State.CLOSED, State.FROZEN}),
        State.FILED: frozenset({State.REVIEWING, State.CLOSED, State.FROZEN}),
        State.REFUSED: frozenset({State.BASE_OPINION}),  # an appeal that was upheld
        State.REVIEWING: frozenset({State.FILED, State.EXITED, State.NETTED, State.CLOSED, State.FROZEN}),
        State.EXITED: frozenset({State.RELAPSE_CHECK}),
        State.RELAPSE_CHECK: frozenset({State.FILED, State.EXITED}),
        State.FROZEN: frozenset({State.CLOSED, State.BASE_OPINION}),
    }

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    number = models.CharField(_("档案编号"), max_length=24, unique=True)  # region6 year4 seq6 check1
    case = models.OneToOneField(Case, null=True, on_delete=models.PROTECT, related_name="aid_file")  # the first request
    applicant = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")  # keeps the file
    county = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")  # decides
    region = models.CharField(_("地区"), max_length=6)
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.BASE_REVIEW)
    file_class = models.CharField(_("困难类别"), max_length=10, choices=FileClass, blank=True)
    main_cause = models.CharField(_("主要致困原因"), max_length=2, choices=Cause, blank=True)
    other_causes = models.JSONField(default=list)
    is_urgent = models.BooleanField(default=False)
    is_union_member = models.BooleanField(default=True)
    is_rural_migrant = models.BooleanField(default=False)
    labour_months = models.PositiveSmallIntegerField(default=0)
    exclusions = models.JSONField(default=list)
    disaster_casualty = models.BooleanField(default=False)
    accident_loss = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    accident_paid = models.DecimalField(max_digits=12, decimal_places=2, default=0)  # by all who compensate
    disability_care = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    facts_version = models.PositiveIntegerField(default=1)  # raised by every change of a fact
    household_key = models.CharField(max_length=64)
    report_number = models.CharField(_("核对报告号"), max_length=40, blank=True)  # of Civil Affairs' platform
    report_on = models.DateField(_("核对报告日期"), null=True)
    visit_at = models.DateTimeField(null=True)  # agreed with the household; the next one
    visit_by = models.CharField(max_length=50, blank=True)
    explain_why = models.CharField(max_length=300, blank=True)  # what the household is asked to explain
    explain_by = models.DateField(null=True)  # until when; asked anew, both are written over
    explanation = EncryptedTextField(null=True)  # in the household's words
    national = EncryptedTextField(null=True)  # JSON: the other columns of the national file, ``national.py``
    national_number = models.CharField(_("全国系统编号"), max_length=30, blank=True)
    recorded_on = models.DateField(null=True)  # taken into the books of the body above (备案)
    opened_on = models.DateField()
    filed_on = models.DateField(null=True)
    review_due = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    close_reason = models.CharField(max_length=200, blank=True)
    watch_until = models.DateField(null=True)
    call_due = models.DateField(null=True)  # the next call while it is watched

    objects = AidFileQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="aid_file_is_one_per_household",
                fields=["household_key"],
                condition=~Q(state__in=["refused", "exited", "netted", "closed"]),
                violation_error_message=_("这户已经有一份在办或在档的档案。"),
            ),
            models.CheckConstraint(
                name="aid_file_on_file_has_class", condition=~Q(state__in=["filed", "reviewing"]) | ~Q(file_class="")
            ),
            models.CheckConstraint(
                name="aid_file_over_has_day",
                condition=~Q(state__in=["refused", "exited", "netted", "closed"])
                | (Q(closed_on__isnull=False) & ~Q(close_reason="")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="aid_file_by_county", fields=["county", "state", "-id"]),
            models.Index(name="aid_file_by_applicant", fields=["applicant"]),
        ]

    def __str__(self) -> str:
        return self.number


class Member(models.Model):
    """One person of the household, with what the rules must know of them."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    file = models.ForeignKey(AidFile, on_delete=models.CASCADE, related_name="members")
    name = models.CharField(_("姓名"), max_length=50)
    relation = models.CharField(_("和申请人的关系"), max_length=12, choices=Relation)
    id_number = EncryptedTextField(verbose_name=_("身份证号"), null=True)
    id_hash = models.CharField(max_length=64, blank=True, editable=False)
    birth_date = models.DateField(_("出生日期"), null=True)
    is_coresident = models.BooleanField(_("共同生活"), default=True)
    work_state = models.CharField(_("身份"), max_length=12, choices=WorkState, blank=True)
    is_single_parent = models.BooleanField(default=False)
    disability_grade = models.PositiveSmallIntegerField(_("残疾等级"), null=True)
    disability_number = models.CharField(_("残疾证号"), max_length=30, blank=True)
    stage = models.CharField(_("就读阶段"), max_length=12, choices=Stage, blank=True)
    school = models.CharField(_("学校"), max_length=80, blank=True)
    costly_school = models.BooleanField(default=False)
    employed_months = models.PositiveSmallIntegerField(_("一年工作几个月"), default=0)
    origin = models.CharField(_("谁写的"), max_length=10, choices=Origin, default=Origin.OFFICER)
    authorised_at = models.DateTimeField(null=True)  # consent to the check of the household's means, face to face

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="aid_member_is_once_per_file",
                fields=["file", "id_hash"],
                condition=~Q(id_hash=""),
                violation_error_message=_("这个人已经在这户里了。"),
            ),
            models.CheckConstraint(name="aid_member_months_fit_a_year", condition=Q(employed_months__lte=12)),
            models.CheckConstraint(
                name="aid_member_grade_has_certificate",
                condition=Q(disability_grade=None) | ~Q(disability_number=""),
                violation_error_message=_("填了残疾等级，就要填残疾证号。"),
            ),
        ]
        indexes: ClassVar = [models.Index(name="aid_member_by_identity", fields=["id_hash"])]

    def __str__(self) -> str:
        return self.name


class Income(models.Model):
    """What one member had in the year before, of one kind."""

    class Proof(models.TextChoices):
        CHECKED = "checked", _("核实")
        SHOWN = "shown", _("有佐证")
        PROMISED = "promised", _("本人承诺")

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="incomes")
    kind = models.CharField(_("收入种类"), max_length=24, choices=IncomeKind)
    amount = models.DecimalField(_("一年金额"), max_digits=12, decimal_places=2)
    proof = models.CharField(_("凭据"), max_length=10, choices=Proof, default=Proof.PROMISED)
    origin = models.CharField(_("谁写的"), max_length=10, choices=Origin, default=Origin.OFFICER)
    declared = models.DecimalField(_("本人申报"), max_digits=12, decimal_places=2, null=True)
    why = models.CharField(_("为什么这样认"), max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="aid_income_is_one_per_kind", fields=["member", "kind"]),
            models.CheckConstraint(
                name="aid_income_is_not_negative", condition=Q(kind="business_net_income") | Q(amount__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.kind} {self.amount}"


class Expense(models.Model):
    """One bill of one member in exactly one bucket."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="expenses")
    bucket = models.CharField(_("支出种类"), max_length=12, choices=Bucket)
    total = models.DecimalField(_("总金额"), max_digits=12, decimal_places=2)
    basic = models.DecimalField(_("基本医保报了"), max_digits=12, decimal_places=2, default=0)
    serious = models.DecimalField(_("大病保险报了"), max_digits=12, decimal_places=2, default=0)
    assistance = models.DecimalField(_("医疗救助给了"), max_digits=12, decimal_places=2, default=0)
    commercial = models.DecimalField(_("商业保险赔了"), max_digits=12, decimal_places=2, default=0)
    mutual = models.DecimalField(_("职工互助给了"), max_digits=12, decimal_places=2, default=0)
    invoice = models.CharField(_("票据号"), max_length=40, blank=True)
    payee = models.CharField(_("付给谁"), max_length=80, blank=True)
    day = models.DateField(_("日期"))
    is_void = models.BooleanField(default=False)
    origin = models.CharField(_("谁写的"), max_length=10, choices=Origin, default=Origin.OFFICER)
    declared = models.DecimalField(_("本人申报自己付的"), max_digits=12, decimal_places=2, null=True)
    why = models.CharField(_("为什么这样认"), max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="aid_invoice_is_used_once",
                fields=["invoice"],
                condition=~Q(invoice="") & Q(is_void=False),
                violation_error_message=_("这张票据已经用过了，不能再用。"),
            ),
            models.CheckConstraint(name="aid_expense_is_positive", condition=Q(total__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.bucket} {self.total}"

    @property
    def self_paid(self) -> Decimal:
        """What nobody gave back; never below nothing."""
        back = self.basic + self.serious + self.assistance + self.commercial + self.mutual
        return max(self.total - back, Decimal(0))


class Visit(models.Model):
    """One call at the household by two officers."""

    class Opinion(models.TextChoices):
        TRUE = "true", _("属实")
        PARTLY = "partly", _("部分属实")
        FALSE = "false", _("不属实")

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    file = models.ForeignKey(AidFile, on_delete=models.PROTECT, related_name="visits")
    key = models.CharField(max_length=40)  # made by the browser: a draft sent again is the same visit
    first = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    second = models.CharField(_("同去的人"), max_length=50)
    day = models.DateField(_("哪天去的"))
    place = models.CharField(_("地点"), max_length=120)
    seen = models.CharField(_("见到了谁"), max_length=120)
    findings = models.TextField(_("看到的情况"))
    opinion = models.CharField(_("申报是否属实"), max_length=8, choices=Opinion)
    application_signed = models.BooleanField(default=False)
    authorisation_signed = models.BooleanField(default=False)
    checked = models.JSONField(default=list)  # [{"what", "declared", "agrees", "words"}]: declared facts, one by one
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="aid_visit_is_recorded_once", fields=["file", "key"])]

    def __str__(self) -> str:
        return f"{self.file} {self.day}"


class Finding(Sign):
    """One thing a cross-check of a file brought up."""

    class Outcome(models.TextChoices):
        EXPLAINED = "explained", _("说清楚了，不影响")
        CORRECTED = "corrected", _("资料已经改正")
        COUNTS = "counts", _("属实，计入审核意见")

    file = models.ForeignKey(AidFile, on_delete=models.PROTECT, related_name="findings")
    signal = models.CharField(_("信号"), max_length=20, choices=Signal)
    outcome = models.CharField(_("处理结果"), max_length=10, choices=Outcome, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="aid_finding_is_found_once", fields=["file", "signal", "detail"]),
            resolved_is_whole("aid_finding_resolved_is_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.file} {self.signal}"


class Decision(models.Model):
    """One answer on one file: the facts as they were, what the rules proposed, what a person decided."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    file = models.ForeignKey(AidFile, on_delete=models.PROTECT, related_name="decisions")
    facts = EncryptedTextField()  # Household.to_data(), frozen
    ledger = EncryptedTextField(null=True)  # what was told, what counts and why: ``ledger.freeze``
    facts_version = models.PositiveIntegerField()
    receipt = models.ForeignKey(Receipt, null=True, on_delete=models.PROTECT, related_name="+")
    proposed_class = models.CharField(max_length=10, choices=FileClass)
    decided_class = models.CharField(max_length=10, choices=FileClass, blank=True)
    level = models.CharField(max_length=10, choices=Level)
    is_collective = models.BooleanField(default=False)
    flags = models.JSONField(default=list)
    prepared_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    approvals = models.JSONField(default=list)  # [{"level", "by", "name", "at", "note"}]
    decided_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    is_stale = models.BooleanField(default=False)  # facts changed after it was prepared

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="aid_decision_is_open_once",
                fields=["file"],
                condition=Q(decided_at=None, is_stale=False),
            ),
            models.CheckConstraint(
                name="aid_decision_decided_is_whole",
                condition=Q(decided_at=None) | (Q(decided_by__isnull=False) & ~Q(decided_class="") & ~Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file} {self.proposed_class}"


class Grant(Stateful):
    """One amount of one kind of aid for one household in one year, from the proposal to the account."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("已提出")
        APPROVED = "approved", _("已批准")
        CANCELLED = "cancelled", _("已取消")

    MOVES: ClassVar = {
        State.PROPOSED: frozenset({State.APPROVED, State.CANCELLED}),
        State.APPROVED: frozenset({State.CANCELLED}),
    }

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    file = models.ForeignKey(AidFile, on_delete=models.PROTECT, related_name="grants")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="grants")
    item = models.CharField(_("项目"), max_length=12, choices=ItemKind)
    year = models.PositiveSmallIntegerField()
    entitlement = models.DecimalField(max_digits=12, decimal_places=2)
    prior = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    payable = models.DecimalField(max_digits=12, decimal_places=2)
    fund = models.ForeignKey(Fund, null=True, on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey("aid.Programme", null=True, on_delete=models.PROTECT, related_name="grants")
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PROPOSED)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="aid_grant_is_one_per_decision", fields=["decision", "item"]),
            models.CheckConstraint(name="aid_grant_is_positive", condition=Q(payable__gt=0)),
            models.CheckConstraint(
                name="aid_grant_approved_has_fund",
                condition=~Q(state="approved") | Q(fund__isnull=False, approved_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file} {self.item} {self.payable}"


class MonthNet(models.Model):
    """What one household had for each head in one month while on file or watched."""

    file = models.ForeignKey(AidFile, on_delete=models.CASCADE, related_name="months")
    month = models.DateField()
    net = models.DecimalField(max_digits=10, decimal_places=2)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="aid_month_is_written_once", fields=["file", "month"])]

    def __str__(self) -> str:
        return f"{self.file} {self.month:%Y-%m}"
