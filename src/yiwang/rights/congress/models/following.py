"""What follows from a congress: proposals, disclosure, resolutions, worker directors."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.kernel.ids import public_id
from yiwang.kernel.states import Stateful
from yiwang.rights.congress.models.constituting import Congress, Delegate
from yiwang.rights.congress.models.sessions import AgendaItem, Session

USER = settings.AUTH_USER_MODEL


class Proposal(Stateful):
    """One proposal (提案) of a delegate and their seconders, from filing to whether they are satisfied (3.6)."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("等审查")
        SUGGESTION = "suggestion", _("转为意见建议")
        REFUSED = "refused", pgettext_lazy("proposal", "不立案")
        ASSIGNED = "assigned", _("已立案，等答复")
        REPLIED = "replied", _("已答复，等提案人表态")
        CLOSED = "closed", pgettext_lazy("proposal", "已办结")

    class Category(models.TextChoices):
        PAY = "pay", _("工资福利")
        SAFETY = "safety", _("劳动安全卫生")
        MANAGEMENT = "management", _("生产经营管理")
        TRAINING = "training", _("培训和发展")
        LIFE = "life", _("后勤生活")
        OTHER = "other", pgettext_lazy("proposal", "其他")

    class Satisfaction(models.TextChoices):
        YES = "yes", _("满意")
        MOSTLY = "mostly", _("基本满意")
        NO = "no", _("不满意")

    OPEN: ClassVar = ("submitted", "assigned", "replied")
    MOVES: ClassVar = {
        State.SUBMITTED: frozenset({State.ASSIGNED, State.SUGGESTION, State.REFUSED}),
        State.ASSIGNED: frozenset({State.REPLIED}),
        State.REPLIED: frozenset({State.CLOSED, State.ASSIGNED}),
    }

    congress = models.ForeignKey(Congress, on_delete=models.PROTECT, related_name="proposals")
    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    number = models.PositiveSmallIntegerField()
    proposer = models.ForeignKey(Delegate, on_delete=models.PROTECT, related_name="+")
    seconders = models.ManyToManyField(Delegate, related_name="+")
    category = models.CharField(_("类别"), max_length=10, choices=Category)
    title = models.CharField(_("案由"), max_length=120)
    reason = models.TextField(_("为什么提"), max_length=1000)
    suggestion = models.TextField(_("建议怎么办"), max_length=1000)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.SUBMITTED)
    submitted_on = models.DateField()
    opinion = models.CharField(_("审查意见"), max_length=300, blank=True)
    handler = models.CharField(_("谁承办"), max_length=60, blank=True)
    due_on = models.DateField(null=True)
    reply = models.TextField(_("答复"), max_length=2000, blank=True)
    replied_on = models.DateField(null=True)
    satisfaction = models.CharField(_("满意吗"), max_length=6, choices=Satisfaction, blank=True)
    rounds = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = _("提案")
        constraints: ClassVar = [
            models.UniqueConstraint(name="proposal_has_one_number", fields=["congress", "number"]),
            models.CheckConstraint(
                name="proposal_closed_has_an_answer",
                condition=~Q(state="closed") | (~Q(reply="") & ~Q(satisfaction="")),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Disclosure(models.Model):
    """One item that the employer tells its workers (厂务公开), for one period."""

    class Group(models.TextChoices):
        PLANS = "plans", _("经营和规划")
        RULES = "rules", _("规章制度和重大决定")
        CONTRACTS = "contracts", _("劳动合同、集体合同履行")
        STAFFING = "staffing", _("招用、晋升、奖惩")
        INSURANCE = "insurance", _("社会保险和公积金缴纳")
        SAFETY = "safety", _("安全生产和职业病防治")
        FUNDS = "funds", _("福利费、教育经费、工会经费")
        ALGORITHM = "algorithm", _("派遣用工、平台规则和算法")

    class Scope(models.TextChoices):
        ALL = "all", _("全体职工")
        DELEGATES = "delegates", _("职工代表")

    class Every(models.IntegerChoices):
        MONTH = 1, _("每月")
        QUARTER = 3, _("每季度")
        HALF = 6, _("每半年")
        YEAR = 12, _("每年")
        CHANGE = 0, _("有变动时")

    congress = models.ForeignKey(Congress, on_delete=models.PROTECT, related_name="disclosures")
    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    group = models.CharField(_("公开哪一类"), max_length=9, choices=Group)
    title = models.CharField(_("公开什么"), max_length=120)
    content = models.TextField(_("内容"), max_length=5000)
    scope = models.CharField(_("给谁看"), max_length=9, choices=Scope, default=Scope.ALL)
    every = models.PositiveSmallIntegerField(_("多久公开一次"), choices=Every, default=Every.QUARTER)
    period = models.CharField(_("哪一期"), max_length=40)
    published_on = models.DateField()
    next_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("厂务公开")
        constraints: ClassVar = [
            models.CheckConstraint(name="disclosure_says_its_period", condition=~Q(period="")),
        ]

    def __str__(self) -> str:
        return self.title


class DisclosureReading(models.Model):
    """That somebody read an item. ``reader`` is a keyed hash that no list of people can be compared with; no time."""

    disclosure = models.ForeignKey(Disclosure, on_delete=models.CASCADE, related_name="readings")
    reader = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="reader_counts_once", fields=["disclosure", "reader"])]

    def __str__(self) -> str:
        return str(self.disclosure)


class DisclosureQuestion(models.Model):
    """A question on an item, without who asked it, and the answer owed."""

    disclosure = models.ForeignKey(Disclosure, on_delete=models.CASCADE, related_name="questions")
    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    text = models.CharField(_("想问什么"), max_length=500)
    asked_on = models.DateField()
    due_on = models.DateField()
    answer = models.CharField(_("回答"), max_length=1000, blank=True)
    answered_on = models.DateField(null=True)

    def __str__(self) -> str:
        return self.text


class Resolution(models.Model):
    """What a session resolved. It changes only by another vote, which names it in ``replaces``."""

    item = models.OneToOneField(AgendaItem, on_delete=models.PROTECT, related_name="resolution")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="resolutions")
    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    text = models.TextField()
    made_on = models.DateField()
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        verbose_name = _("决议")

    def __str__(self) -> str:
        return str(self.item)


class ResolutionCheck(models.Model):
    """One look at how far a resolution was carried out."""

    class Result(models.TextChoices):
        DONE = "done", _("办到了")
        PARTLY = "partly", _("办了一部分")
        NOT = "not", _("还没办")

    resolution = models.ForeignKey(Resolution, on_delete=models.PROTECT, related_name="checks")
    on = models.DateField(_("检查日期"))
    result = models.CharField(_("办得怎么样"), max_length=6, choices=Result)
    finding = models.CharField(_("查到什么"), max_length=300)

    def __str__(self) -> str:
        return f"{self.resolution} {self.on}"


class WorkerDirector(models.Model):
    """One worker on the board of directors, of supervisors or the audit committee, elected by a session."""

    class Body(models.TextChoices):
        BOARD = "board", _("董事会")
        SUPERVISORS = "supervisors", _("监事会")
        AUDIT = "audit", _("审计委员会")

    congress = models.ForeignKey(Congress, on_delete=models.PROTECT, related_name="directors")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="+")
    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    name = models.CharField(_("姓名"), max_length=50)
    body = models.CharField(_("哪个机构"), max_length=11, choices=Body)
    is_senior_manager = models.BooleanField(_("是董事或高级管理人员"), default=False)
    since = models.DateField(_("起"))
    until = models.DateField(_("止"))
    reported_on = models.DateField(_("最近一次述职"), null=True)
    recalled_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("职工董事、监事")
        constraints: ClassVar = [
            models.CheckConstraint(name="director_term_has_days", condition=Q(until__gt=F("since"))),
            models.CheckConstraint(
                name="supervisor_is_no_senior_manager",
                condition=~Q(body="supervisors", is_senior_manager=True),
                violation_error_message=_("董事、高级管理人员不能当监事。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name
