"""One request and its life."""

import datetime as dt
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.fields import EncryptedTextField
from yiwang.kernel.ids import public_id
from yiwang.kernel.states import Stateful
from yiwang.net.catalogue.models import ServiceVersion
from yiwang.register.access.models import Mandate
from yiwang.register.members.models import Person
from yiwang.register.organisations.models import Employer, Organisation


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> Self:
        return self.filter(state__in=OPEN_STATES)

    def decided(self) -> Self:
        return self.filter(state__in=DECIDED_STATES)

    def overdue(self, now: dt.datetime) -> Self:
        return self.open().filter(is_waiting=False, due_at__lt=now)

    def by_clock(self) -> Self:
        """Soonest first; what waits for somebody else comes last. The order of every queue."""
        return self.order_by("queued_for", "pk")


class State(models.TextChoices):
    SUBMITTED = "submitted", _("待审核")
    SUPPLEMENT = "supplement", _("待补材料")
    ACCEPTED = "accepted", _("已受理")
    NOT_ACCEPTED = "not_accepted", _("不予受理")
    IN_PROGRESS = "in_progress", _("办理中")
    PAUSED = "paused", _("时限暂停")
    DECIDED_OK = "decided_ok", _("已通过")
    DECIDED_NO = "decided_no", _("未通过")
    DELIVERED = "delivered", _("已办结")
    ARCHIVED = "archived", _("已归档")
    WITHDRAWN = "withdrawn", _("已撤回")
    CLOSED_UNANSWERED = "closed_unanswered", _("未补材料，已关闭")
    REVOKED = "revoked", _("已撤销")
    MERGED = "merged", _("已合并")


OPEN_STATES = (State.SUBMITTED, State.SUPPLEMENT, State.ACCEPTED, State.IN_PROGRESS, State.PAUSED, State.REVOKED)
DECIDED_STATES = (State.DECIDED_OK, State.DECIDED_NO, State.DELIVERED, State.ARCHIVED)
WAITING_STATES = (State.SUPPLEMENT, State.PAUSED)
UNDECIDED_STATES = (State.SUBMITTED, State.SUPPLEMENT, State.ACCEPTED, State.IN_PROGRESS, State.PAUSED)


class Case(Stateful):
    """One request of one applicant for one service."""

    State = State

    # Handbook GT 6.4. A supplement goes back to where it was asked; a revoked decision is worked again.
    MOVES: ClassVar = {
        State.SUBMITTED: frozenset(
            {State.ACCEPTED, State.NOT_ACCEPTED, State.SUPPLEMENT, State.WITHDRAWN, State.MERGED}
        ),
        State.SUPPLEMENT: frozenset(
            {State.SUBMITTED, State.IN_PROGRESS, State.WITHDRAWN, State.CLOSED_UNANSWERED, State.MERGED}
        ),
        State.ACCEPTED: frozenset(
            {
                State.IN_PROGRESS,
                State.SUPPLEMENT,
                State.PAUSED,
                State.DECIDED_OK,
                State.DECIDED_NO,
                State.WITHDRAWN,
                State.MERGED,
            }
        ),
        State.IN_PROGRESS: frozenset(
            {State.SUPPLEMENT, State.PAUSED, State.DECIDED_OK, State.DECIDED_NO, State.WITHDRAWN, State.MERGED}
        ),
        State.PAUSED: frozenset({State.IN_PROGRESS, State.WITHDRAWN}),
        State.DECIDED_OK: frozenset({State.DELIVERED, State.REVOKED}),
        State.DECIDED_NO: frozenset({State.DELIVERED, State.REVOKED}),
        State.NOT_ACCEPTED: frozenset({State.REVOKED}),
        State.DELIVERED: frozenset({State.ARCHIVED, State.REVOKED}),
        State.ARCHIVED: frozenset({State.REVOKED}),
        State.REVOKED: frozenset({State.IN_PROGRESS}),
    }

    class Channel(models.TextChoices):
        WEB = "web", _("手机或电脑")
        PHONE = "phone", _("来电")
        VISIT = "visit", _("来访")
        HOTLINE = "hotline", _("12351")
        STATION = "station", _("驿站代提")
        TRANSFER = "transfer", _("上级或其他部门转来")
        PAPER = "paper", _("扫纸上的码")

    # The applicant's own hand: theirs to follow, and never a desk that may file for somebody without a mandate.
    OWN_CHANNELS = (Channel.WEB, Channel.PAPER)

    public_id = models.CharField(max_length=16, unique=True, default=public_id)
    number = models.CharField(_("编号"), max_length=40, unique=True)
    number_key = models.CharField(max_length=40, unique=True)
    idempotency_key = models.CharField(max_length=80, unique=True)
    state = models.CharField(_("状态"), max_length=20, choices=State, default=State.SUBMITTED)

    version = models.ForeignKey(ServiceVersion, on_delete=models.PROTECT, related_name="+")
    service_code = models.CharField(max_length=20)
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=200, blank=True)
    matter = models.CharField(max_length=120, blank=True)
    kind = models.CharField(_("类别"), max_length=12)

    applicant = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    mandate = models.ForeignKey(Mandate, null=True, on_delete=models.PROTECT, related_name="+")
    contact_name = models.CharField(max_length=50, blank=True)
    contact_phone = EncryptedTextField(null=True)
    contact_phone_hash = models.CharField(max_length=64, blank=True)
    channel = models.CharField(_("来源"), max_length=10, choices=Channel, default=Channel.WEB)

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    step = models.PositiveSmallIntegerField(default=0)
    hops_made = models.PositiveSmallIntegerField(default=0)
    is_designated = models.BooleanField(default=False)

    home = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    employer = models.ForeignKey(Employer, null=True, on_delete=models.PROTECT, related_name="+")
    employer_name = models.CharField(max_length=120, blank=True)
    division_code = models.CharField(max_length=12, blank=True)
    target = models.CharField(max_length=10, blank=True)
    anonymous_to_employer = models.BooleanField(default=False)
    people_count = models.PositiveIntegerField(default=1)

    answers = models.JSONField(default=dict)
    sensitive_answers = EncryptedTextField(null=True)
    consents = models.JSONField(default=list)  # what the applicant agreed to, in the words they read
    asked_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)

    submitted_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    is_deemed_accepted = models.BooleanField(default=False)
    decided_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)  # its time was over: what it said is gone, that it was stays
    # Kept by actions.clocks.set_due: the due time that binds now, whether we wait for somebody else meanwhile, and the
    # one moment queues sort by (the due time; what waits comes after all that does not).
    due_at = models.DateTimeField(null=True)
    is_waiting = models.BooleanField(default=False)
    queued_for = models.DateTimeField()

    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    is_supervised = models.BooleanField(default=False)
    is_cluster = models.BooleanField(default=False)
    is_urgent = models.BooleanField(default=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="case_is_asked_by_somebody",
                condition=Q(applicant__isnull=False) | ~Q(contact_phone_hash=""),
                violation_error_message=_("请写明申请人，或至少留一个能找到他的手机号。"),
            ),
            models.CheckConstraint(
                name="case_decided_has_time",
                condition=~Q(state__in=DECIDED_STATES) | Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="case_closed_has_time",
                condition=Q(state__in=OPEN_STATES) | Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="case_in_hand_was_accepted",
                condition=~Q(state__in=[State.ACCEPTED, State.IN_PROGRESS, State.PAUSED, *DECIDED_STATES])
                | Q(accepted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="case_merged_points_at_another",
                condition=(Q(state=State.MERGED) & Q(merged_into__isnull=False) & ~Q(merged_into=F("pk")))
                | (~Q(state=State.MERGED) & Q(merged_into__isnull=True)),
            ),
            models.CheckConstraint(name="case_amount_is_not_negative", condition=Q(amount=None) | Q(amount__gte=0)),
        ]
        indexes = [
            models.Index(
                name="case_open_by_office",
                fields=["organisation", "queued_for", "id"],
                condition=Q(state__in=OPEN_STATES),
            ),
            models.Index(
                name="case_open_by_handler", fields=["handler", "queued_for", "id"], condition=Q(state__in=OPEN_STATES)
            ),
            models.Index(name="case_open_by_due", fields=["queued_for", "id"], condition=Q(state__in=OPEN_STATES)),
            models.Index(name="case_by_applicant", fields=["applicant", "-submitted_at"]),
            models.Index(name="case_by_submitter", fields=["submitted_by", "-submitted_at"]),
            models.Index(name="case_by_phone", fields=["contact_phone_hash"], condition=~Q(contact_phone_hash="")),
            models.Index(name="case_by_employer", fields=["employer", "submitted_at"]),
            models.Index(name="case_by_office_decided", fields=["organisation", "-decided_at"]),
            models.Index(name="case_to_forget", fields=["closed_at"], condition=Q(forgotten_at=None)),
            models.Index(name="case_delivered_by_day", fields=["delivered_at"], condition=Q(state="delivered")),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def heading(self) -> str:
        """The name of the service in the reader's language."""
        return self.title_en if (get_language() or "").startswith("en") and self.title_en else self.title

    @property
    def is_own_hand(self) -> bool:
        """Filled in by the applicant or their delegate, not by an officer who was called or visited."""
        return self.channel in self.OWN_CHANNELS

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_decided(self) -> bool:
        return self.state in DECIDED_STATES

    @property
    def is_undecided(self) -> bool:
        return self.state in UNDECIDED_STATES


class NumberSeries(models.Model):
    """The last serial given in one kind, year and county."""

    kind = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=4)
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="number_series_is_one", fields=["kind", "year", "place"])]

    def __str__(self) -> str:
        return f"{self.kind}{self.year}-{self.place}"
