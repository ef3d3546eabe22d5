"""How unions come into being and renew their committees: procedures, candidates, terms, certificates, hand-overs."""

import datetime as dt
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.ids import public_id
from yiwang.kernel.states import Stateful
from yiwang.register.members.models import Person
from yiwang.register.organisations.models import Employer, Organisation

USER = settings.AUTH_USER_MODEL


class Body(models.TextChoices):
    COMMITTEE = "committee", _("委员会")
    AUDIT = "audit", _("经费审查委员会")
    WOMEN = "women", _("女职工委员会")


class Post(models.TextChoices):
    CHAIR = "chair", _("主席")
    VICE = "vice", _("副主席")
    MEMBER = "member", _("委员")
    HEAD = "head", _("主任")


class ProcedureQuerySet(models.QuerySet["Procedure"]):
    def open(self) -> Self:
        return self.exclude(state__in=Procedure.ENDED)


class Procedure(Stateful):
    """One way of a union to a committee: its founding, a re-election or a by-election, with every approval (GT 1.5)."""

    class Kind(models.TextChoices):
        FOUNDING = "founding", _("建会")
        REELECTION = "reelection", _("换届")
        BY_ELECTION = "by_election", _("补选")

    class State(models.TextChoices):
        GUIDED = "guided", _("指导筹备")
        PREP_APPLIED = "prep_applied", _("已申请，等批复")
        PREP_APPROVED = "prep_approved", _("已同意，发展会员、定候选人")
        MEET_APPLIED = "meet_applied", _("已请示开会，等批复")
        MEET_APPROVED = "meet_approved", _("已同意开会，去选举")
        REPORTED = "reported", _("结果已上报，等批复")
        DONE = "done", _("已完成")
        REJECTED = "rejected", _("不予同意")
        WITHDRAWN = "withdrawn", _("已撤回")
        EXPIRED = "expired", _("逾期失效")

    ENDED: ClassVar = ("done", "rejected", "withdrawn", "expired")
    _OUT: ClassVar = frozenset({State.WITHDRAWN, State.REJECTED, State.EXPIRED})
    MOVES = {
        State.GUIDED: frozenset({State.PREP_APPLIED, State.WITHDRAWN}),
        State.PREP_APPLIED: frozenset({State.PREP_APPROVED, State.GUIDED}) | _OUT,
        State.PREP_APPROVED: frozenset({State.MEET_APPLIED}) | _OUT,
        State.MEET_APPLIED: frozenset({State.MEET_APPROVED, State.PREP_APPROVED}) | _OUT,
        State.MEET_APPROVED: frozenset({State.REPORTED}) | _OUT,
        State.REPORTED: frozenset({State.DONE, State.MEET_APPROVED}) | _OUT,
    }
    WAITING: ClassVar = ("prep_applied", "meet_applied", "reported")

    class Meeting(models.TextChoices):
        MEMBERS = "members", _("会员大会")
        DELEGATES = "delegates", _("会员代表大会")

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    kind = models.CharField(_("种类"), max_length=11, choices=Kind)
    state = models.CharField(_("状态"), max_length=13, choices=State, default=State.GUIDED)
    superior = models.ForeignKey(
        Organisation, verbose_name=_("上级工会"), on_delete=models.PROTECT, related_name="procedures_below"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("工会"), on_delete=models.PROTECT, null=True, blank=True, related_name="procedures"
    )
    name = models.CharField(_("工会名称"), max_length=120)
    body_kind = models.CharField(_("组织类型"), max_length=2, default="E1")
    employers = models.ManyToManyField(Employer, related_name="+")
    headcount = models.PositiveIntegerField(_("职工数"), default=0)
    has_party_consent = models.BooleanField(_("有党组织的，党组织同意"), default=False)
    group = models.JSONField(_("筹备组"), default=list)  # [{"name", "side": party|worker|employer}]
    reason = models.CharField(_("说明"), max_length=300, blank=True)
    term_years = models.PositiveSmallIntegerField(_("任期（年）"), default=5)
    seats = models.PositiveSmallIntegerField(_("委员会几人"), default=0)
    audit_seats = models.PositiveSmallIntegerField(_("经审委员会几人"), default=0)
    women_seats = models.PositiveSmallIntegerField(_("女职工委员会几人"), default=0)
    meeting_form = models.CharField(_("开什么会"), max_length=9, choices=Meeting, default=Meeting.MEMBERS)
    held_on = models.DateField(_("开会日期"), null=True, blank=True)
    place = models.CharField(_("开会地点"), max_length=120, blank=True)
    entitled = models.PositiveIntegerField(_("应到"), null=True, blank=True)
    present = models.PositiveIntegerField(_("实到"), null=True, blank=True)
    issued = models.PositiveIntegerField(_("发出票"), null=True, blank=True)
    returned = models.PositiveIntegerField(_("收回票"), null=True, blank=True)
    valid = models.PositiveIntegerField(_("有效票"), null=True, blank=True)
    invalid = models.PositiveIntegerField(_("无效票"), null=True, blank=True)
    overseer = models.CharField(_("监票人"), max_length=60, blank=True)
    counter = models.CharField(_("计票人"), max_length=60, blank=True)
    applied_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")  # of the application that waits
    started_at = models.DateTimeField()
    moved_at = models.DateTimeField()  # when this state began: where its clock starts
    due_at = models.DateTimeField(null=True, blank=True)  # until when the next step is owed
    opinion = models.CharField(_("意见"), max_length=300, blank=True)

    objects = ProcedureQuerySet.as_manager()

    class Meta:
        verbose_name = _("建会和选举")
        indexes = [
            models.Index(name="procedure_of_body", fields=["organisation", "-started_at"]),
            models.Index(
                name="procedure_open_by_due",
                fields=["due_at", "id"],
                condition=~Q(state__in=["done", "rejected", "withdrawn", "expired"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="procedure_is_one_at_a_time",
                fields=["organisation"],
                condition=Q(organisation__isnull=False) & ~Q(state__in=["done", "rejected", "withdrawn", "expired"]),
                violation_error_message=_("这个工会已经有一次选举在办。"),
            ),
            models.CheckConstraint(
                name="procedure_votes_add_up",
                condition=Q(entitled=None)
                | Q(
                    present__lte=F("entitled"),
                    issued__lte=F("present"),
                    returned__lte=F("issued"),
                    returned=F("valid") + F("invalid"),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.get_kind_display()}"

    @property
    def is_open(self) -> bool:
        return self.state not in self.ENDED

    @property
    def is_founding(self) -> bool:
        return self.kind == self.Kind.FOUNDING


class Candidate(models.Model):
    """One person who stands for one body of a union, and how many voted for them."""

    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="candidates")
    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    body = models.CharField(_("哪个委员会"), max_length=9, choices=Body)
    post = models.CharField(_("拟任职务"), max_length=6, choices=Post, default=Post.MEMBER)
    is_employer_head = models.BooleanField(_("是单位主要负责人"), default=False)
    is_kin_of_head = models.BooleanField(_("是单位主要负责人的近亲属"), default=False)
    is_personnel_head = models.BooleanField(_("是人力资源负责人"), default=False)
    is_finance = models.BooleanField(_("管工会财务"), default=False)
    votes = models.PositiveIntegerField(_("赞成票"), null=True, blank=True)
    is_elected = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("候选人")
        constraints = [
            models.UniqueConstraint(name="candidate_stands_once_for_a_body", fields=["procedure", "body", "person"]),
        ]

    def __str__(self) -> str:
        return self.person.name


_DAYS = Func(F("starts_on"), F("ends_on"), function="daterange", output_field=DateRangeField())


class Term(models.Model):
    """One term (届) of one body of a union."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="terms")
    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    body = models.CharField(_("哪个委员会"), max_length=9, choices=Body)
    number = models.PositiveSmallIntegerField(_("届次"))
    years = models.PositiveSmallIntegerField(_("任期（年）"))
    elected_on = models.DateField(_("选举日期"))
    starts_on = models.DateField(_("起"))
    ends_on = models.DateField(_("届满日"))
    extended_to = models.DateField(_("延期到"), null=True, blank=True)
    extension_document = models.CharField(_("延期文号"), max_length=40, blank=True)
    approval_document = models.CharField(_("批复文号"), max_length=40, blank=True)
    is_current = models.BooleanField(default=True)
    reminded = models.CharField(max_length=12, blank=True)  # the last reminder that was sent

    class Meta:
        verbose_name = _("届期")
        indexes = [models.Index(name="term_current_by_end", fields=["ends_on"], condition=Q(is_current=True))]
        constraints = [
            models.UniqueConstraint(
                name="term_is_one_current_each", fields=["organisation", "body"], condition=Q(is_current=True)
            ),
            models.CheckConstraint(name="term_ends_after_it_starts", condition=Q(ends_on__gt=F("starts_on"))),
            models.CheckConstraint(
                name="term_extension_is_later", condition=Q(extended_to=None) | Q(extended_to__gt=F("ends_on"))
            ),
            ExclusionConstraint(
                name="term_follows_term",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    ("body", RangeOperators.EQUAL),
                    (_DAYS, RangeOperators.OVERLAPS),
                ],
                condition=Q(is_current=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.number}"

    @property
    def last_day(self) -> dt.date:
        return self.extended_to or self.ends_on


class Seat(models.Model):
    """One person in one post of one term."""

    class End(models.TextChoices):
        TERM = "term", _("届满")
        MOVED = "moved", _("调离")
        RESIGNED = "resigned", _("辞职")
        RECALLED = "recalled", _("罢免")

    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="seats")
    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    post = models.CharField(_("职务"), max_length=6, choices=Post)
    votes = models.PositiveIntegerField(_("得票"), null=True, blank=True)
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)
    end_reason = models.CharField(_("怎么离任的"), max_length=8, choices=End, blank=True)
    consent_document = models.CharField(_("上级同意文号"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("委员")
        constraints = [
            models.UniqueConstraint(
                name="seat_is_one_chair", fields=["term"], condition=Q(post__in=["chair", "head"], until=None)
            ),
            models.UniqueConstraint(name="seat_is_held_once", fields=["term", "person"], condition=Q(until=None)),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_post_display()}"


class Extension(Stateful):
    """One request to hold a re-election later than due."""

    class State(models.TextChoices):
        APPLIED = "applied", _("待审批")
        APPROVED = "approved", _("已同意延期")
        REFUSED = "refused", _("不同意延期")

    MOVES = {State.APPLIED: frozenset({State.APPROVED, State.REFUSED})}

    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="extensions")
    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.APPLIED)
    until = models.DateField(_("延期到"))
    reason = models.CharField(_("为什么延期"), max_length=300)
    applied_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField()
    decided_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    opinion = models.CharField(_("意见"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("延期申请")
        constraints = [
            models.UniqueConstraint(name="extension_is_one_open", fields=["term"], condition=Q(state="applied")),
            models.CheckConstraint(
                name="extension_is_decided_by_another",
                condition=Q(decided_by=None) | ~Q(decided_by=F("applied_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.term} {self.until}"


class Certificate(Stateful):
    """One legal-person certificate of a union, from the request to its expiry (GT 1.7)."""

    class State(models.TextChoices):
        APPLIED = "applied", _("待审查")
        RETURNED = "returned", _("退回补正")
        REFUSED = "refused", _("不予登记")
        VALID = "valid", _("有效")
        EXPIRED = "expired", _("已到期")
        CANCELLED = "cancelled", _("已注销")

    MOVES = {
        State.APPLIED: frozenset({State.VALID, State.RETURNED, State.REFUSED}),
        State.RETURNED: frozenset({State.APPLIED}),
        State.VALID: frozenset({State.EXPIRED, State.CANCELLED}),
    }

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="certificates")
    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    state = models.CharField(_("状态"), max_length=9, choices=State, default=State.APPLIED)
    representative = models.CharField(_("法定代表人"), max_length=50)
    address = models.CharField(_("住所"), max_length=200)
    funds = models.DecimalField(_("经费和财产（元）"), max_digits=14, decimal_places=2)
    floor_area = models.PositiveIntegerField(_("办公、活动场所面积（平方米）"), default=0)
    business = models.CharField(_("业务范围"), max_length=300)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    number = models.CharField(_("证书号"), max_length=40, blank=True)
    valid_from = models.DateField(_("起"), null=True, blank=True)
    valid_to = models.DateField(_("有效期至"), null=True, blank=True)
    applied_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField()
    due_at = models.DateTimeField()
    decided_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    opinion = models.CharField(_("意见"), max_length=300, blank=True)
    reminded = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("工会法人资格证书")
        constraints = [
            models.UniqueConstraint(
                name="certificate_is_one_in_hand",
                fields=["organisation"],
                condition=Q(state__in=["applied", "returned"]),
            ),
            models.CheckConstraint(
                name="certificate_valid_has_dates",
                condition=~Q(state="valid") | Q(valid_from__isnull=False, valid_to__gt=F("valid_from")) & ~Q(uscc=""),
            ),
            models.CheckConstraint(
                name="certificate_is_decided_by_another",
                condition=Q(decided_by=None) | ~Q(decided_by=F("applied_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.number}"


class Seal(models.Model):
    """One seal of a union: who keeps it, and whether it went back."""

    class Kind(models.TextChoices):
        OFFICIAL = "official", _("公章")
        FINANCE = "finance", _("财务章")
        PERSONAL = "personal", _("法定代表人名章")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="seals")
    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    kind = models.CharField(_("印章"), max_length=8, choices=Kind)
    made_on = models.DateField(_("刻制日期"))
    keeper = models.CharField(_("谁保管"), max_length=50)
    returned_on = models.DateField(_("交回日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("印章")
        constraints = [
            models.UniqueConstraint(
                name="seal_is_one_of_a_kind", fields=["organisation", "kind"], condition=Q(returned_on=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.get_kind_display()}"


class Handover(models.Model):
    """What an outgoing chair hands to the incoming one: frozen when drawn up, valid when both have signed."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="handovers")
    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    from_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    to_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    content = models.JSONField()
    drawn_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("交接单")
        constraints = [
            models.CheckConstraint(name="handover_is_between_two", condition=~Q(from_person=F("to_person"))),
            models.UniqueConstraint(
                name="handover_is_one_open", fields=["organisation"], condition=Q(taken_at=None) | Q(given_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.from_person} – {self.to_person}"

    @property
    def is_done(self) -> bool:
        return self.given_at is not None and self.taken_at is not None


class Paper(models.Model):
    """One numbered paper of a union's founding or election; Word and PDF are printed from its frozen words."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="papers")
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, null=True, related_name="papers")
    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=160)
    document_number = models.CharField(max_length=40)
    context = models.JSONField()
    issued_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()

    class Meta:
        verbose_name = _("文书")
        constraints = [models.UniqueConstraint(name="paper_number_is_its_own", fields=["document_number"])]

    def __str__(self) -> str:
        return f"{self.document_number} {self.title}"
