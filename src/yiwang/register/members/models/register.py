"""Persons known to the union, and their memberships."""

from typing import ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.kernel.fields import EncryptedTextField
from yiwang.kernel.identity import mask_id, mask_phone
from yiwang.kernel.ids import public_id
from yiwang.kernel.states import Stateful
from yiwang.register.accounts.models import User
from yiwang.register.members.codes import (
    Education,
    EmployKind,
    EmployState,
    Gender,
    Household,
    IdKind,
    JoinWay,
    NewForm,
    Political,
    RealnameLevel,
    RelationKind,
    SkillLevel,
    UnionAt,
)
from yiwang.register.organisations.models import Employer, Organisation

CHARACTERS = Func(F("name"), Value(None), function="string_to_array", output_field=ArrayField(models.TextField()))


class PersonQuerySet(models.QuerySet["Person"]):
    def known(self) -> Self:
        """Without the records that turned out to be duplicates."""
        return self.filter(merged_into=None)


class Person(models.Model):
    """One human being known to the union. The number of the document is encrypted; look up by ``id_hash``."""

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    user = models.OneToOneField(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="person")
    name = models.CharField(_("姓名"), max_length=50)
    pinyin_full = models.CharField(max_length=300, blank=True, editable=False)
    pinyin_initials = models.CharField(max_length=50, blank=True, editable=False)
    id_type = models.CharField(_("证件类型"), max_length=1, choices=IdKind, default=IdKind.RESIDENT)
    id_number = EncryptedTextField(verbose_name=_("证件号码"))
    id_hash = models.CharField(max_length=64, unique=True, editable=False)
    # Of the last four characters, which the masked number shows: they find people, and tell nothing without the key.
    tail_hash = models.CharField(max_length=16, blank=True, default="", db_default="", editable=False)
    gender = models.CharField(_("性别"), max_length=1, choices=Gender, default=Gender.UNKNOWN)
    birth_date = models.DateField(_("出生日期"), null=True, blank=True)
    nation = models.CharField(_("民族"), max_length=2, blank=True)
    political = models.CharField(_("政治面貌"), max_length=2, choices=Political, blank=True)
    education = models.CharField(_("学历"), max_length=2, choices=Education, blank=True)
    phone = EncryptedTextField(verbose_name=_("手机号"), null=True, blank=True)
    phone_hash = models.CharField(max_length=64, blank=True, editable=False)
    phone_verified_at = models.DateTimeField(_("手机号验证时间"), null=True, blank=True)
    realname_level = models.PositiveSmallIntegerField(
        _("实名等级"), choices=RealnameLevel, default=RealnameLevel.FORMAT
    )
    household_type = models.CharField(_("户籍类型"), max_length=1, choices=Household, blank=True)
    household_division = models.CharField(_("户籍地"), max_length=12, blank=True)
    residence_division = models.CharField(_("常住地"), max_length=12, blank=True)
    residence_address = EncryptedTextField(verbose_name=_("住址"), null=True, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("人员")
        indexes = [
            models.Index(name="person_by_phone", fields=["phone_hash"], condition=~Q(phone_hash="")),
            models.Index(name="person_by_name", fields=["name"]),
            # Parts of a name: its characters. Two are too few for trigrams.
            GinIndex(CHARACTERS, name="person_by_characters"),
            models.Index(OpClass("pinyin_full", name="varchar_pattern_ops"), name="person_by_pinyin"),
            models.Index(OpClass("pinyin_initials", name="varchar_pattern_ops"), name="person_by_initials"),
            models.Index(name="person_by_tail", fields=["tail_hash"], condition=~Q(tail_hash="")),
        ]
        constraints = [
            models.CheckConstraint(name="person_has_name", condition=~Q(name="")),
            models.CheckConstraint(name="person_realname_level_is_known", condition=Q(realname_level__lte=4)),
            models.CheckConstraint(
                name="person_phone_has_hash",
                condition=Q(phone__isnull=True, phone_hash="") | (Q(phone__isnull=False) & ~Q(phone_hash="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def masked_id(self) -> str:
        return mask_id(self.id_number)

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone) if self.phone else ""


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> Self:
        """Counted as members (M1): in force or being transferred."""
        return self.filter(state__in=Membership.CURRENT)

    def held(self) -> Self:
        """Current or retained: people who still belong."""
        return self.filter(state__in=[*Membership.CURRENT, Membership.State.RETAINED])

    def voting(self) -> Self:
        return self.filter(state__in=Membership.VOTING)

    def under(self, path: str) -> Self:
        return self.filter(organisation__path__descendant=path)


class Membership(Stateful):
    """One person's belonging to one union body, from joining to leaving; transfers keep it and its joining day."""

    class State(models.TextChoices):
        APPLIED = "applied", pgettext_lazy("membership", "待审核")
        RETURNED = "returned", _("退回补正")
        REFUSED = "refused", _("没有通过")
        WITHDRAWN = "withdrawn", _("已撤回")
        ACTIVE = "active", _("在册")
        MOVING = "moving", _("转接中")
        RETAINED = "retained", _("保留会籍")
        QUIT = "quit", _("已退会")
        LAPSED = "lapsed", _("视为自动退会")
        EXPELLED = "expelled", _("开除会籍")
        DECEASED = "deceased", _("已去世")
        MERGED = "merged", _("重复合并")
        REVOKED = "revoked", _("入会被撤销")

    MOVES = {
        State.APPLIED: frozenset({State.ACTIVE, State.RETURNED, State.REFUSED, State.WITHDRAWN}),
        State.RETURNED: frozenset({State.APPLIED, State.WITHDRAWN}),
        State.REFUSED: frozenset({State.APPLIED}),
        State.ACTIVE: frozenset(
            {
                State.MOVING,
                State.RETAINED,
                State.QUIT,
                State.LAPSED,
                State.EXPELLED,
                State.DECEASED,
                State.MERGED,
                State.REVOKED,
            }
        ),
        State.MOVING: frozenset({State.ACTIVE}),
        State.RETAINED: frozenset({State.ACTIVE, State.QUIT, State.DECEASED, State.MERGED, State.REVOKED}),
        State.QUIT: frozenset({State.APPLIED}),
        State.LAPSED: frozenset({State.APPLIED}),
        State.EXPELLED: frozenset({State.APPLIED}),
        State.REVOKED: frozenset({State.APPLIED}),
        State.MERGED: frozenset({State.ACTIVE, State.RETAINED}),  # a merge is undone
    }
    CURRENT: ClassVar = ("active", "moving")
    # Election regulations art. 4 (GT 1.6): a retained membership carries neither vote nor eligibility.
    VOTING: ClassVar = ("active", "moving")
    ENDED: ClassVar = ("quit", "lapsed", "expelled", "deceased", "merged", "revoked")

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    number = models.CharField(_("会员编号"), max_length=18, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    # Looked up by the first columns of membership_of_organisation and membership_of_employer.
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("所在工会"),
        on_delete=models.PROTECT,
        related_name="memberships",
        db_index=False,
    )
    group = models.ForeignKey(
        Organisation, verbose_name=_("工会小组"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(_("会籍状态"), max_length=9, choices=State, default=State.APPLIED)
    joined_on = models.DateField(_("入会时间"), null=True, blank=True)
    ended_on = models.DateField(_("离会时间"), null=True, blank=True)
    join_way = models.CharField(_("入会方式"), max_length=1, choices=JoinWay, default=JoinWay.PAPER)
    employer = models.ForeignKey(
        Employer,
        verbose_name=_("单位"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        db_index=False,
    )
    department = models.CharField(_("部门"), max_length=60, blank=True)
    post = models.CharField(_("岗位"), max_length=60, blank=True)
    trade = models.CharField(_("工种"), max_length=60, blank=True)
    title_level = models.CharField(_("职称"), max_length=20, blank=True)
    employ_kind = models.CharField(_("用工形式"), max_length=1, choices=EmployKind, default=EmployKind.CONTRACT)
    employ_state = models.CharField(_("就业状态"), max_length=1, choices=EmployState, default=EmployState.ON_POST)
    is_migrant = models.BooleanField(_("农民工"), default=False)
    new_form = models.CharField(_("新就业群体"), max_length=3, choices=NewForm, default=NewForm.NONE)
    skill_level = models.PositiveSmallIntegerField(_("技能等级"), choices=SkillLevel, null=True, blank=True)
    skill_certificate = models.CharField(_("技能证书编号"), max_length=40, blank=True)
    union_post = models.CharField(_("工会职务"), max_length=40, blank=True)
    # What follows has a default of the database too: imports copy only the columns of their file.
    occupation = models.CharField(_("职业代码"), max_length=10, blank=True, default="", db_default="")
    skill_trade = models.CharField(_("证书上的职业"), max_length=40, blank=True, default="", db_default="")
    skill_issuer = models.CharField(_("发证机构"), max_length=60, blank=True, default="", db_default="")
    skill_issued_on = models.DateField(_("发证日期"), null=True, blank=True)
    honours = ArrayField(
        models.CharField(max_length=12), verbose_name=_("荣誉"), blank=True, default=list, db_default=[]
    )
    dues_from = models.DateField(_("会费起缴月"), null=True, blank=True)
    dues_paid_to = models.DateField(_("会费缴到"), null=True, blank=True)
    card_token = models.CharField(_("会员卡"), max_length=40, blank=True, default="", db_default="")
    relation_kind = models.CharField(
        _("和平台的关系"), max_length=1, choices=RelationKind, blank=True, default="", db_default=""
    )
    platforms = models.CharField(_("平台"), max_length=60, blank=True, default="", db_default="")
    station = models.CharField(_("站点、加盟商"), max_length=60, blank=True, default="", db_default="")
    vehicle = models.CharField(_("车辆"), max_length=20, blank=True, default="", db_default="")
    plate = EncryptedTextField(verbose_name=_("车牌"), null=True, blank=True)
    work_area = models.CharField(_("常在哪里干活"), max_length=60, blank=True, default="", db_default="")
    union_at = models.CharField(
        _("派遣工在哪一方入会"), max_length=1, choices=UnionAt, blank=True, default="", db_default=""
    )
    entrusted_to = models.ForeignKey(
        Organisation,
        verbose_name=_("委托管理的工会"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    source = models.CharField(_("来源"), max_length=10, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("会籍")
        indexes = [
            models.Index(name="membership_of_organisation", fields=["organisation", "state", "id"]),
            models.Index(name="membership_of_employer", fields=["employer", "state"]),
            models.Index(F("joined_on").desc(nulls_last=True), F("id").asc(), name="membership_by_joining"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="membership_is_one_at_a_time",
                fields=["person"],
                condition=Q(state__in=["active", "moving", "retained"]),
                violation_error_message=_("这个人已经有会籍了，要换工会请办转接。"),
            ),
            models.UniqueConstraint(
                name="membership_is_applied_for_once",
                fields=["person", "organisation"],
                condition=Q(state__in=["applied", "returned"]),
                violation_error_message=_("这个人的入会申请正在审核。"),
            ),
            models.CheckConstraint(
                name="membership_in_force_has_joining_day",
                condition=~Q(state__in=["active", "moving", "retained"]) | Q(joined_on__isnull=False),
            ),
            models.CheckConstraint(
                name="membership_ended_has_day",
                condition=Q(
                    state__in=["quit", "lapsed", "expelled", "deceased", "merged", "revoked"], ended_on__isnull=False
                )
                | (~Q(state__in=["quit", "lapsed", "expelled", "deceased", "merged", "revoked"]) & Q(ended_on=None)),
            ),
            models.CheckConstraint(
                name="membership_skill_level_is_known",
                condition=Q(skill_level=None) | Q(skill_level__gte=1, skill_level__lte=8),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.organisation}"

    @property
    def may_vote(self) -> bool:
        return self.state in self.VOTING

    @property
    def is_current(self) -> bool:
        return self.state in self.CURRENT


class MembershipSpan(models.Model):
    """A stretch of days a person belonged to one body; never overwritten, so old elections can be recounted."""

    class Reason(models.TextChoices):
        JOINED = "joined", pgettext_lazy("span", "入会")
        TRANSFERRED = "transferred", _("转入")
        RESUMED = "resumed", _("恢复")
        RETAINED = "retained", _("保留会籍")
        RETURNED = "returned", _("转接撤销，转回")

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="spans")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="spans")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    days = DateRangeField(_("期间"))
    may_vote = models.BooleanField(_("有选举权"), default=True)
    reason = models.CharField(_("原因"), max_length=11, choices=Reason)
    end_reason = models.CharField(_("结束原因"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("会籍经历")
        constraints = [
            ExclusionConstraint(
                name="membership_span_is_one_at_a_time",
                expressions=[("person", RangeOperators.EQUAL), ("days", RangeOperators.OVERLAPS)],
                violation_error_message=_("这个人在这段时间已经有会籍了。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.organisation} {self.days}"


class AffiliationQuerySet(models.QuerySet["Affiliation"]):
    def running(self) -> Self:
        return self.filter(until=None)


class Affiliation(models.Model):
    """A second union that serves a person beside their own (D6): no vote, no dues, never counted as a member."""

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="affiliations")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("工会"), on_delete=models.PROTECT, related_name="affiliations"
    )
    work = models.CharField(_("在那里做什么"), max_length=60, blank=True)
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        verbose_name = _("第二归属")
        constraints = [
            models.UniqueConstraint(
                name="affiliation_is_one_per_union", fields=["person", "organisation"], condition=Q(until=None)
            ),
            models.CheckConstraint(
                name="affiliation_ends_after_it_begins", condition=Q(until=None) | Q(until__gte=models.F("since"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.organisation}"


class IdentityHistory(models.Model):
    """One earlier document of a person (D5: re-issued numbers), kept so that old lists still find them."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identity_history")
    id_type = models.CharField(_("证件类型"), max_length=1, choices=IdKind)
    id_number = EncryptedTextField(verbose_name=_("证件号码"))
    id_hash = models.CharField(max_length=64, unique=True, editable=False)
    replaced_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("换证记录")

    def __str__(self) -> str:
        return f"{self.person}"
