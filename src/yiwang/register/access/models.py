"""Who may act where, for whom, and who looked: appointments, mandates, recusals, looks."""

import datetime as dt
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.ids import public_id
from yiwang.kernel.states import Stateful
from yiwang.register.access.roles import ADMINISTRATORS, Capability, Role, roles_with
from yiwang.register.accounts.models import User

_TERM = Func(
    F("valid_from"),
    F("valid_to"),
    RangeBoundary(inclusive_lower=True, inclusive_upper=True),
    function="daterange",
    output_field=DateRangeField(),
)
_DUTY = Case(
    *[When(role=role.value, then=Value(role.value)) for role in sorted(ADMINISTRATORS)],
    default=Value("business"),
    output_field=models.CharField(),
)


SEEN = {
    "case": _("你的办件"),
    "person": _("你的个人信息"),
    "membership": _("你的会籍"),
    "document": _("你交的材料"),
    "draft": _("你的草稿"),
}
SEEN_FULL = _("你的完整证件号或手机号")
SEEN_OTHER = _("你的资料")


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def in_force(self, on: dt.date) -> Self:
        running = Q(valid_to=None) | Q(valid_to__gte=on)
        return self.filter(running, state=Appointment.State.IN_FORCE, valid_from__lte=on)

    def expired(self, on: dt.date) -> Self:
        return self.filter(state=Appointment.State.IN_FORCE, valid_to__lt=on)

    def with_capability(self, capability: Capability) -> Self:
        return self.filter(role__in=roles_with(capability))

    def live(self) -> Self:
        return self.filter(state__in=[Appointment.State.PROPOSED, Appointment.State.IN_FORCE])


class Appointment(Stateful):
    """One role of one account at one organisation, from a day until a day: the only source of staff rights."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("等第二个人确认")
        IN_FORCE = "in_force", _("在任")
        DECLINED = "declined", _("没有确认")
        ENDED = "ended", _("已结束")

    MOVES = {
        State.PROPOSED: frozenset({State.IN_FORCE, State.DECLINED}),
        State.IN_FORCE: frozenset({State.ENDED}),
    }

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    user = models.ForeignKey(User, verbose_name=_("人"), on_delete=models.PROTECT, related_name="appointments")
    organisation = models.ForeignKey(
        "organisations.Organisation", verbose_name=_("工会"), on_delete=models.PROTECT, related_name="appointments"
    )
    role = models.CharField(_("职务"), max_length=20, choices=Role)
    valid_from = models.DateField(_("起"), help_text=_("这一天起有权限。"))
    valid_to = models.DateField(_("止"), null=True, blank=True, help_text=_("这一天是最后一天。不填就是一直到撤销。"))
    basis = models.CharField(_("依据"), max_length=200, blank=True, help_text=_("任职文件的文号或会议名称。"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(
        User,
        verbose_name=_("任命人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments_proposed",
    )
    confirmed_by = models.ForeignKey(
        User,
        verbose_name=_("确认人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments_confirmed",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    end_reason = models.CharField(_("结束原因"), max_length=200, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(name="appointment_of_organisation", fields=["organisation", "role"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="appointment_ends_after_it_starts",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("最后一天不能早于第一天。"),
            ),
            models.CheckConstraint(
                name="appointment_ended_has_time",
                condition=Q(state="ended", revoked_at__isnull=False) | (~Q(state="ended") & Q(revoked_at=None)),
            ),
            models.CheckConstraint(
                name="appointment_needs_two_people",
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")),
                violation_error_message=_("任命和确认要由两个人做。"),
            ),
            models.CheckConstraint(
                name="appointment_is_not_by_oneself",
                condition=(Q(proposed_by=None) | ~Q(proposed_by=F("user")))
                & (Q(confirmed_by=None) | ~Q(confirmed_by=F("user"))),
                violation_error_message=_("不能任命自己。"),
            ),
            ExclusionConstraint(
                name="appointment_is_held_once",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (_TERM, RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=["proposed", "in_force"]),
                violation_error_message=_("这个人在这段时间已经有这个职务了。"),
            ),
            ExclusionConstraint(
                name="appointment_duties_are_separated",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (_DUTY, RangeOperators.NOT_EQUAL),
                    (_TERM, RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=["proposed", "in_force"]),
                violation_error_message=_("系统管理、安全保密和安全审计要由不同的人担任，也不能兼办业务。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


class Mandate(Stateful):
    """One person's consent that one account acts for them, until a day."""

    class State(models.TextChoices):
        ASKED = "asked", _("等本人同意")
        GIVEN = "given", _("本人已同意")
        ENDED = "ended", _("已结束")

    class Consent(models.TextChoices):
        SMS = "sms", _("本人短信验证码")
        PAPER = "paper", _("纸质委托书")
        SELF = "self", _("本人登录后同意")

    MOVES = {
        State.ASKED: frozenset({State.GIVEN, State.ENDED}),
        State.GIVEN: frozenset({State.ENDED}),
    }

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    person_id = models.BigIntegerField(_("委托人"), db_index=True)  # members is above us: a plain number, no key
    person_name = models.CharField(_("委托人姓名"), max_length=50)
    delegate = models.ForeignKey(User, verbose_name=_("受托人"), on_delete=models.PROTECT, related_name="mandates")
    service_code = models.CharField(_("事项"), max_length=20, blank=True, help_text=_("空着就是所有事项。"))
    consent = models.CharField(_("同意方式"), max_length=5, choices=Consent)
    evidence = models.CharField(_("凭据"), max_length=200, blank=True)
    state = models.CharField(_("状态"), max_length=5, choices=State, default=State.ASKED)
    code_hash = models.CharField(max_length=64, blank=True, editable=False)
    code_expires_at = models.DateTimeField(null=True, editable=False)
    wrong_codes = models.PositiveSmallIntegerField(default=0, editable=False)
    asked_at = models.DateTimeField(_("提出时间"), auto_now_add=True)
    given_at = models.DateTimeField(_("同意时间"), null=True)
    valid_until = models.DateField(_("最后一天"))
    ended_at = models.DateTimeField(_("结束时间"), null=True)

    class Meta:
        indexes = [models.Index(name="mandate_of_delegate", fields=["delegate", "state", "valid_until"])]
        constraints = [
            models.CheckConstraint(
                name="mandate_given_has_time", condition=~Q(state="given") | Q(given_at__isnull=False)
            ),
            models.CheckConstraint(
                name="mandate_ended_has_time", condition=~Q(state="ended") | Q(ended_at__isnull=False)
            ),
            models.CheckConstraint(
                name="mandate_on_paper_has_evidence", condition=~Q(consent="paper") | ~Q(evidence="")
            ),
        ]

    def __str__(self) -> str:
        return str(_("{delegate}替{person}办事")).format(delegate=self.delegate, person=self.person_name)


class Recusal(models.Model):
    """One declared conflict of interest: this account does not handle matters of this person or employer."""

    class Reason(models.TextChoices):
        KINSHIP = "kinship", _("亲属关系")
        SAME_EMPLOYER = "same_employer", _("同一个单位")
        INTEREST = "interest", _("利害关系")

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    user = models.ForeignKey(User, verbose_name=_("回避的人"), on_delete=models.CASCADE, related_name="recusals")
    person_id = models.BigIntegerField(_("当事人"), null=True, blank=True, db_index=True)
    employer = models.ForeignKey(
        "organisations.Employer", verbose_name=_("单位"), on_delete=models.CASCADE, null=True, blank=True
    )
    reason = models.CharField(_("原因"), max_length=15, choices=Reason)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    declared_by = models.ForeignKey(User, verbose_name=_("申报人"), on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField(_("申报时间"), auto_now_add=True)
    ended_at = models.DateTimeField(_("解除时间"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="recusal_names_one_party",
                condition=Q(person_id__isnull=False, employer=None) | Q(person_id=None, employer__isnull=False),
                violation_error_message=_("回避要么针对一个人，要么针对一个单位。"),
            ),
            models.UniqueConstraint(
                name="recusal_from_person_is_declared_once",
                fields=["user", "person_id"],
                condition=Q(ended_at=None, person_id__isnull=False),
            ),
            models.UniqueConstraint(
                name="recusal_from_employer_is_declared_once",
                fields=["user", "employer"],
                condition=Q(ended_at=None, employer__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_reason_display()}"


class Look(models.Model):
    """One time an account saw one person's data: a page once a day, an unmasked number every time."""

    class Kind(models.TextChoices):
        PAGE = "page", _("打开页面")
        REVEAL = "reveal", _("看了完整号码")

    kind = models.CharField(_("方式"), max_length=6, choices=Kind, default=Kind.PAGE)
    subject = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    person_id = models.BigIntegerField()  # members is above us: a plain number, no key
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(_("谁"), max_length=50)
    by_organisation = models.CharField(_("哪个工会"), max_length=200, blank=True)
    purpose = models.CharField(_("为了什么"), max_length=200)
    on = models.DateField(_("日期"))
    at = models.DateTimeField(_("时间"))

    class Meta:
        indexes = [models.Index(name="look_at_person", fields=["person_id", "-at"])]
        constraints = [
            models.UniqueConstraint(
                name="look_at_page_is_noted_once_a_day",
                fields=["person_id", "by", "subject", "subject_id", "purpose", "on"],
                condition=Q(kind="page"),
            ),
            models.CheckConstraint(name="look_has_purpose", condition=~Q(purpose="")),
        ]

    def __str__(self) -> str:
        return f"{self.by_name} {self.on}"

    @property
    def what(self) -> str:
        """What was seen, in words for the person it belongs to."""
        return str(SEEN_FULL if self.kind == self.Kind.REVEAL else SEEN.get(self.subject, SEEN_OTHER))
