"""A congress of one term, its constituencies and its delegates."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.ids import public_id
from yiwang.kernel.states import Stateful
from yiwang.register.members.models import Person
from yiwang.register.organisations.models import Organisation

USER = settings.AUTH_USER_MODEL


class Kind(models.TextChoices):
    CONGRESS = "congress", _("职工代表大会")
    GENERAL = "general", _("职工大会")
    REGIONAL = "regional", _("区域性职工代表大会")
    INDUSTRY = "industry", _("行业性职工代表大会")
    PLATFORM = "platform", _("平台劳动者代表大会")


class Congress(Stateful):
    """One term (届) of the congress, or of the general meeting, of one union's workers."""

    class State(models.TextChoices):
        PREPARING = "preparing", _("正在选代表")
        IN_TERM = "in_term", _("任期内")
        ENDED = "ended", _("已届满")

    MOVES: ClassVar = {
        State.PREPARING: frozenset({State.IN_TERM}),
        State.IN_TERM: frozenset({State.ENDED}),
    }

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("工会"), on_delete=models.PROTECT, related_name="congresses"
    )
    kind = models.CharField(_("种类"), max_length=8, choices=Kind, default=Kind.CONGRESS)
    state = models.CharField(_("状态"), max_length=9, choices=State, default=State.PREPARING)
    number = models.PositiveSmallIntegerField(_("第几届"))
    years = models.PositiveSmallIntegerField(_("任期（年）"), default=5)
    headcount = models.PositiveIntegerField(_("职工数"))
    women = models.PositiveIntegerField(_("其中女职工"))
    seats = models.PositiveIntegerField(_("代表名额"))
    starts_on = models.DateField(_("起"), null=True, blank=True)
    ends_on = models.DateField(_("届满日"), null=True, blank=True)
    started_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("职代会")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="congress_is_one_current", fields=["organisation"], condition=~Q(state="ended")
            ),
            models.CheckConstraint(name="congress_women_are_workers", condition=Q(women__lte=F("headcount"))),
            models.CheckConstraint(
                name="congress_in_term_has_days",
                condition=Q(state="preparing") | Q(starts_on__isnull=False, ends_on__gt=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.get_kind_display()} {self.number}"

    @property
    def heading(self) -> str:
        return gettext("第{term}届{kind}").format(term=self.number, kind=self.get_kind_display())

    @property
    def everyone_meets(self) -> bool:
        return self.kind == Kind.GENERAL


class Constituency(models.Model):
    """One workshop, team, office, station or firm that elects delegates, and how its election went."""

    class Method(models.TextChoices):
        SECRET = "secret", _("无记名投票")
        HANDS = "hands", _("举手")

    congress = models.ForeignKey(Congress, on_delete=models.CASCADE, related_name="constituencies")
    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    name = models.CharField(_("选区名称"), max_length=80)
    headcount = models.PositiveIntegerField(_("职工数"))
    women = models.PositiveIntegerField(_("其中女职工"), default=0)
    seats = models.PositiveSmallIntegerField(_("名额"))
    present = models.PositiveIntegerField(_("实到"), null=True, blank=True)
    method = models.CharField(_("怎么选"), max_length=6, choices=Method, default=Method.SECRET)
    elected_on = models.DateField(_("选举日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("选区")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="constituency_is_named_once",
                fields=["congress", "name"],
                violation_error_message=_("已经有这个选区了。"),
            ),
            models.CheckConstraint(
                name="constituency_figures_fit",
                condition=Q(headcount__gt=0, women__lte=F("headcount"), seats__gt=0, seats__lte=F("headcount"))
                & (Q(present=None) | Q(present__lte=F("headcount"))),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Delegate(Stateful):
    """One person who stands, or speaks, for a constituency."""

    class State(models.TextChoices):
        NOMINATED = "nominated", pgettext_lazy("delegate", "候选人")
        ELECTED = "elected", _("当选")
        NOT_ELECTED = "not_elected", _("没选上")
        ENDED = "ended", pgettext_lazy("delegate", "代表资格已终止")

    class Category(models.TextChoices):
        WORKER = "worker", _("一线职工")
        TECHNICIAN = "technician", _("技术人员")
        STAFF = "staff", _("一般管理人员")
        LEADER = "leader", _("中层以上管理人员")

    class End(models.TextChoices):
        LEFT = "left", _("离职或退休")
        MOVED = "moved", _("调离选区")
        RECALLED = "recalled", _("罢免")
        RESIGNED = "resigned", pgettext_lazy("delegate", "辞去代表")

    FRONT_LINE: ClassVar = (Category.WORKER, Category.TECHNICIAN)
    MOVES: ClassVar = {
        State.NOMINATED: frozenset({State.ELECTED, State.NOT_ELECTED}),
        State.NOT_ELECTED: frozenset({State.ELECTED}),
        State.ELECTED: frozenset({State.ENDED}),
    }

    congress = models.ForeignKey(Congress, on_delete=models.CASCADE, related_name="delegates")
    constituency = models.ForeignKey(Constituency, on_delete=models.CASCADE, related_name="delegates")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    state = models.CharField(_("状态"), max_length=11, choices=State, default=State.NOMINATED)
    category = models.CharField(_("类别"), max_length=10, choices=Category, default=Category.WORKER)
    is_woman = models.BooleanField(default=False)
    is_dispatched = models.BooleanField(_("劳务派遣"), default=False)
    active_days = models.PositiveSmallIntegerField(_("近90天接单天数"), null=True, blank=True)
    votes = models.PositiveIntegerField(_("赞成票"), null=True, blank=True)
    elected_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(_("为什么终止"), max_length=8, choices=End, blank=True)

    class Meta:
        verbose_name = _("职工代表")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="delegate_stands_in_one_constituency",
                fields=["congress", "person"],
                violation_error_message=_("这个人已经在一个选区里了，不能在两个选区参选。"),
            ),
            models.CheckConstraint(
                name="delegate_ended_has_reason",
                condition=~Q(state="ended") | (Q(ended_on__isnull=False) & ~Q(end_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return self.person.name

    @property
    def is_front_line(self) -> bool:
        return self.category in self.FRONT_LINE


class Committee(models.Model):
    """A standing group of delegates (专门小组) that does the congress's work between its sessions."""

    class Kind(models.TextChoices):
        PROPOSALS = "proposals", _("提案小组")
        CONTRACTS = "contracts", _("集体合同小组")
        SAFETY = "safety", _("劳动安全卫生小组")
        WOMEN = "women", _("女职工小组")
        PAY = "pay", _("工资福利小组")
        APPRAISAL = "appraisal", _("民主评议小组")
        MANDATES = "mandates", _("代表资格审查小组")

    congress = models.ForeignKey(Congress, on_delete=models.CASCADE, related_name="committees")
    kind = models.CharField(_("哪个小组"), max_length=9, choices=Kind)
    task = models.CharField(_("做什么"), max_length=300)
    head = models.ForeignKey(Delegate, on_delete=models.PROTECT, related_name="+")
    members = models.ManyToManyField(Delegate, related_name="committees")

    class Meta:
        verbose_name = _("专门小组")
        constraints: ClassVar = [
            models.UniqueConstraint(name="congress_has_one_committee_of_a_kind", fields=["congress", "kind"]),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
