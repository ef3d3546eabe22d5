"""Who is appointed to what, until when, on which paper, and whom they serve (GT 3.1, 3.2, 3.5)."""

import datetime as dt
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.kernel.ids import public_id
from yiwang.kernel.states import Stateful
from yiwang.register.members.models import Person
from yiwang.register.organisations.models import Employer, Organisation

USER = settings.AUTH_USER_MODEL


class Team(models.TextChoices):
    FULL_TIME = "T1", _("专职工会干部")
    PART_TIME = "T2", _("兼职工会干部")
    SECONDED = "T3", _("挂职干部")
    SOCIAL = "T4", _("社会化工会工作者")
    GUIDE = "T5", _("党工建指导员")
    BARGAINING = "T6", _("集体协商指导员")
    LABOUR_LAW = "T7", _("劳动法律监督员、协调员、调解员")
    ACTIVIST = "T8", _("工会积极分子、志愿者")


class Post(models.TextChoices):
    CHAIR = "chair", _("主席")
    VICE = "vice", _("副主席")
    MEMBER = "member", _("委员")
    DEPARTMENT = "department", _("部门负责人")
    STAFF = "staff", _("工作人员")
    WORKER = "worker", _("工会工作者")
    GUIDE = "guide", _("指导员")
    SUPERVISOR = "supervisor", _("监督员")
    VOLUNTEER = "volunteer", _("志愿者")


ELECTED = (Post.CHAIR, Post.VICE, Post.MEMBER)
CONTRACTED = (Team.SECONDED, Team.SOCIAL, Team.GUIDE, Team.BARGAINING)  # these serve on a paper that runs out
GUIDES = (Team.GUIDE, Team.BARGAINING)
SERVING = ("active", "suspended")


class CadreQuerySet(models.QuerySet["Cadre"]):
    def serving(self) -> Self:
        return self.filter(state__in=SERVING)

    def under(self, path: str) -> Self:
        return self.filter(organisation__path__descendant=path)


class Cadre(Stateful):
    """One person on one post of one union, from the nomination until they leave it."""

    class State(models.TextChoices):
        NOMINATED = "nominated", _("已提名")
        CHECKED = "checked", _("资格审查过了")
        APPROVED = "approved", _("已同意，待公示")
        PUBLICISED = "publicised", _("公示中")
        ACTIVE = "active", pgettext_lazy("cadre", "在岗")
        SUSPENDED = "suspended", pgettext_lazy("cadre", "暂离")
        ENDED = "ended", pgettext_lazy("cadre", "离任")
        WITHDRAWN = "withdrawn", _("没有聘任")

    MOVES: ClassVar = {
        State.NOMINATED: frozenset({State.CHECKED, State.WITHDRAWN}),
        State.CHECKED: frozenset({State.APPROVED, State.WITHDRAWN}),
        State.APPROVED: frozenset({State.PUBLICISED, State.ACTIVE, State.WITHDRAWN}),
        State.PUBLICISED: frozenset({State.ACTIVE, State.WITHDRAWN}),
        State.ACTIVE: frozenset({State.SUSPENDED, State.ENDED}),
        State.SUSPENDED: frozenset({State.ACTIVE, State.ENDED}),
    }

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    person = models.ForeignKey(Person, verbose_name=_("姓名"), on_delete=models.PROTECT, related_name="cadre_posts")
    team = models.CharField(_("队伍"), max_length=2, choices=Team)
    post = models.CharField(_("工会职务"), max_length=10, choices=Post)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("在哪个工会"), on_delete=models.PROTECT, related_name="cadres"
    )
    payer = models.CharField(_("工资由谁发"), max_length=60, blank=True)
    other_post = models.CharField(_("行政职务或本职工作"), max_length=60, blank=True)
    is_full_time = models.BooleanField(_("全职"), default=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.NOMINATED)
    starts_on = models.DateField(_("任职时间"), null=True, blank=True)
    planned_to = models.DateField(_("预计到哪天"), null=True, blank=True)
    ended_on = models.DateField(_("离任时间"), null=True, blank=True)
    end_reason = models.CharField(_("为什么离任"), max_length=200, blank=True)
    document_number = models.CharField(_("任职文号"), max_length=40, blank=True)
    major = models.CharField(_("专业"), max_length=60, blank=True)
    works_since = models.DateField(_("参加工作"), null=True, blank=True)
    is_section_head = models.BooleanField(_("县处级以上"), default=False)  # trains by five years, not by the year
    has_no_kin = models.BooleanField(_("本人书面说明：和本级、下级工会领导没有近亲属关系"), default=False)
    experience_years = models.PositiveSmallIntegerField(_("党群、工会或社区工作几年"), default=0)
    checked_note = models.CharField(_("资格审查意见"), max_length=300, blank=True)

    # The page that workers see.
    office_phone = models.CharField(_("办公电话"), max_length=30, blank=True)
    hours = models.CharField(_("什么时候在"), max_length=80, blank=True)
    place = models.CharField(_("在哪里能找到"), max_length=120, blank=True)
    photo_consented_at = models.DateTimeField(null=True, editable=False)

    nominated_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    nominated_at = models.DateTimeField()
    checked_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")

    objects = CadreQuerySet.as_manager()

    class Meta:
        verbose_name = _("工会干部")
        indexes = [
            models.Index(name="cadre_of_organisation", fields=["organisation", "state"]),
            models.Index(name="cadre_of_person", fields=["person", "state"]),
        ]
        constraints = [
            models.UniqueConstraint(
                name="cadre_is_full_time_once",
                fields=["person"],
                condition=Q(is_full_time=True, state__in=SERVING),
                violation_error_message=_("这个人已经在另一个工会全职。"),
            ),
            models.UniqueConstraint(
                name="cadre_holds_post_once",
                fields=["person", "organisation", "team"],
                condition=~Q(state__in=("ended", "withdrawn")),
                violation_error_message=_("这个人在这个工会已经有这个岗位了。"),
            ),
            models.CheckConstraint(
                name="cadre_serving_has_start",
                condition=~Q(state__in=("active", "suspended", "ended")) | Q(starts_on__isnull=False),
            ),
            models.CheckConstraint(
                name="cadre_ended_has_day",
                condition=(Q(state="ended") & Q(ended_on__isnull=False)) | (~Q(state="ended") & Q(ended_on=None)),
            ),
            models.CheckConstraint(
                name="cadre_ends_after_start",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("starts_on")),
                violation_error_message=_("离任日期不能早于任职日期。"),
            ),
            models.CheckConstraint(
                name="cadre_approver_is_another",
                condition=Q(approved_by=None) | ~Q(approved_by=F("nominated_by")),
                violation_error_message=_("提名和同意要由两个人做。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_team_display()}"

    @property
    def is_serving(self) -> bool:
        return self.state in SERVING

    @property
    def is_guide(self) -> bool:
        return self.team in GUIDES

    @property
    def needs_contract(self) -> bool:
        return self.team in CONTRACTED


_TERM = Func(
    F("starts_on"),
    F("ends_on"),
    RangeBoundary(inclusive_lower=True, inclusive_upper=True),
    function="daterange",
    output_field=DateRangeField(),
)


class Contract(models.Model):
    """One paper on which a cadre serves, from a day to a day: a renewal is a new one."""

    class Kind(models.TextChoices):
        LABOUR = "labour", _("劳动合同")
        LETTER = "letter", _("聘书")
        SECONDMENT = "secondment", _("挂职函")
        TERM = "term", _("任期")

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    cadre = models.ForeignKey(Cadre, on_delete=models.PROTECT, related_name="contracts")
    kind = models.CharField(_("哪一种"), max_length=10, choices=Kind)
    number = models.CharField(_("编号"), max_length=40, blank=True)
    starts_on = models.DateField(_("从哪天"))
    ends_on = models.DateField(_("到哪天"))
    probation_to = models.DateField(_("试用期到"), null=True, blank=True)
    dispatcher = models.CharField(_("派遣单位"), max_length=60, blank=True)
    home_body = models.CharField(_("挂职前的单位"), max_length=60, blank=True)
    pay_grade = models.CharField(_("薪酬档次"), max_length=20, blank=True)
    has_insurance = models.BooleanField(_("交了社会保险"), default=False)
    assessment = models.CharField(_("期满考核意见"), max_length=300, blank=True)
    signed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("合同")
        indexes = [models.Index(name="contract_by_end", fields=["ends_on"])]
        constraints = [
            ExclusionConstraint(
                name="contract_is_one_at_a_time",
                expressions=[("cadre", RangeOperators.EQUAL), (_TERM, RangeOperators.OVERLAPS)],
                violation_error_message=_("这段时间已经有一份合同了。"),
            ),
            models.CheckConstraint(
                name="contract_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("到期日不能早于开始日。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.starts_on}–{self.ends_on}"


class Certificate(models.Model):
    """A qualification of a cadre with the day it runs out, if it does."""

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    cadre = models.ForeignKey(Cadre, on_delete=models.CASCADE, related_name="certificates")
    name = models.CharField(_("证书"), max_length=60)
    number = models.CharField(_("证书编号"), max_length=40, blank=True)
    expires_on = models.DateField(_("有效期到"), null=True, blank=True)

    class Meta:
        verbose_name = _("证书")

    def __str__(self) -> str:
        return self.name


class Area(models.Model):
    """One body with all below it, or one employer without a union, that a cadre serves from a day on."""

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    cadre = models.ForeignKey(Cadre, on_delete=models.PROTECT, related_name="areas")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("服务的工会"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    employer = models.ForeignKey(
        Employer, verbose_name=_("服务的单位"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    since = models.DateField(_("从哪天"))
    until = models.DateField(_("到哪天"), null=True)

    class Meta:
        verbose_name = _("片区")
        indexes = [models.Index(name="area_of_organisation", fields=["organisation"], condition=Q(until=None))]
        constraints = [
            models.CheckConstraint(
                name="area_names_one_place",
                condition=Q(organisation__isnull=False, employer=None) | Q(organisation=None, employer__isnull=False),
            ),
            models.UniqueConstraint(
                name="area_of_body_is_given_once",
                fields=["cadre", "organisation"],
                condition=Q(until=None, organisation__isnull=False),
                violation_error_message=_("他已经服务这个工会了。"),
            ),
            models.UniqueConstraint(
                name="area_of_employer_is_given_once",
                fields=["cadre", "employer"],
                condition=Q(until=None, employer__isnull=False),
                violation_error_message=_("他已经服务这个单位了。"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation or self.employer)


class Establishment(models.Model):
    """How many people of one team a body is meant to have: what is missing is a vacant post."""

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    team = models.CharField(_("队伍"), max_length=2, choices=Team)
    headcount = models.PositiveSmallIntegerField(_("应有几人"))
    basis = models.CharField(_("依据"), max_length=100, blank=True)
    since = models.DateField(_("从哪天"))
    set_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("岗位数")
        constraints = [
            models.UniqueConstraint(name="establishment_is_set_once", fields=["organisation", "team"]),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.get_team_display()} {self.headcount}"


def running(day: dt.date) -> Q:
    """Areas on a day."""
    return Q(since__lte=day) & (Q(until=None) | Q(until__gte=day))
