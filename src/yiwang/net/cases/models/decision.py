"""What was decided, on paper, and whether it held."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.ids import public_id
from yiwang.kernel.states import Stateful
from yiwang.net.cases.models.case import Case
from yiwang.platform.rules.models import Receipt
from yiwang.register.organisations.models import Organisation


class Decision(models.Model):
    """One answer to a case, with its reasons and what the applicant may do about it."""

    class Outcome(models.TextChoices):
        OK = "ok", _("同意")
        NO = "no", _("不同意")
        NOT_ACCEPTED = "not_accepted", _("不予受理")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="decisions")
    outcome = models.CharField(max_length=12, choices=Outcome)
    reason = models.TextField()
    other_ways = models.TextField(blank=True)
    recourse = models.TextField()
    appeal_until = models.DateField(null=True)
    corrections = models.TextField(blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    computed_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    amount_reason = models.CharField(max_length=300, blank=True)
    receipt = models.ForeignKey(Receipt, null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    is_on_time = models.BooleanField(default=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    revoked_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="decision_in_force_is_one", fields=["case"], condition=Q(revoked_at=None)),
            models.CheckConstraint(
                name="decision_gives_its_reason",
                condition=~Q(reason=""),
                violation_error_message=_("请写明理由：申请人要看得懂为什么。"),
            ),
            models.CheckConstraint(
                name="refusal_names_other_ways",
                condition=Q(outcome="ok") | (~Q(other_ways="") & ~Q(recourse="")),
                violation_error_message=_("不同意时，要写清还能走哪条路、不服找谁。"),
            ),
            models.CheckConstraint(
                name="changed_amount_has_reason",
                condition=Q(computed_amount=None)
                | Q(amount=None)
                | Q(amount=models.F("computed_amount"))
                | ~Q(amount_reason=""),
                violation_error_message=_("金额和核算不一样，要写理由。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}:{self.outcome}"


class Letter(models.Model):
    """One numbered document of a case; what it says is frozen in ``context`` and printed from there."""

    class Kind(models.TextChoices):
        # The keys of the templates in platform/documents/letters.
        ACCEPTANCE = "acceptance", _("受理通知书")
        NOT_ACCEPTED = "not_accepted", _("不予受理通知书")
        SUPPLEMENT = "supplement", _("补正一次性告知书")
        EXTENSION = "extension", _("延期告知书")
        RESULT_OK = "result_ok", _("办理结果告知书")
        RESULT_NO = "result_no", _("办理结果告知书（不通过）")
        REVOCATION = "revocation", _("撤销决定告知书")

    public_id = models.CharField(max_length=16, unique=True, default=public_id)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="letters")
    kind = models.CharField(max_length=12, choices=Kind)
    document_number = models.CharField(max_length=40)
    context = models.JSONField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="letter_number_is_one", fields=["organisation", "document_number"]),
        ]

    def __str__(self) -> str:
        return self.document_number


class Review(Stateful):
    """One request of the applicant that somebody else look at a decision again (复核)."""

    class State(models.TextChoices):
        ASKED = "asked", _("等复核")
        UPHELD = "upheld", _("维持原结果")
        REVOKED = "revoked", _("原结果已撤销")

    MOVES: ClassVar = {State.ASKED: frozenset({State.UPHELD, State.REVOKED})}

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reviews")
    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="review")
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    text = models.TextField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="review_answered_has_answer",
                condition=Q(state="asked") | (~Q(answer="") & Q(answered_at__isnull=False)),
            )
        ]
        indexes = [
            models.Index(name="review_open_by_office", fields=["organisation", "due_at"], condition=Q(state="asked")),
        ]

    def __str__(self) -> str:
        return f"{self.case}:{self.state}"
