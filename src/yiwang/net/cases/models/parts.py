"""What hangs on a case: hops, steps, supplements, notes, replies, and who watches."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiwang.net.cases.models.case import Case
from yiwang.register.organisations.models import Employer, Organisation

USER = settings.AUTH_USER_MODEL


class Hop(models.Model):
    """One passage of a case from one union body to the next, with the reason."""

    class Kind(models.TextChoices):
        ROUTED = "routed", _("系统分派")
        UP = "up", _("报上级")
        DOWN = "down", _("转下级")
        ACROSS = "across", _("转办")
        RETURNED = "returned", _("退回")
        DESIGNATED = "designated", _("上级指定")
        STEP = "step", _("进入下一环节")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="hops")
    from_organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    to_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    code = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="hop_has_a_reason", condition=~Q(code="") | ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.case}:{self.kind}"


class CaseStep(models.Model):
    """One step of the service as worked on one case: where, by whom, with what opinion."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="steps")
    index = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=40)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    handler = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    opinion = models.TextField(blank=True)
    done_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="case_step_by_case", fields=["case", "index"])]

    def __str__(self) -> str:
        return f"{self.case}:{self.key}"


class Supplement(models.Model):
    """One request to the applicant for everything that is missing, in one go."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="supplements")
    items = models.JSONField()  # [{"name", "why"}]
    message = models.TextField(blank=True)
    new_facts = models.TextField(blank=True)
    asked_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    approver = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    was = models.CharField(max_length=20)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    is_expired = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="supplement_open_is_one", fields=["case"], condition=Q(answered_at=None, is_expired=False)
            ),
        ]
        indexes = [
            models.Index(
                name="supplement_open_by_due", fields=["due_at"], condition=Q(answered_at=None, is_expired=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}:{self.asked_at:%Y-%m-%d}"


class CaseOrganisation(models.Model):
    """One body that helps with a case that another one leads."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="co_handlers")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    task = models.CharField(max_length=300)
    asked_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    report = models.TextField(blank=True)
    reported_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="co_handler_is_one", fields=["case", "organisation"])]

    def __str__(self) -> str:
        return f"{self.case}+{self.organisation_id}"


class Note(models.Model):
    """One remark among staff; the applicant never reads it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case}:{self.created_at:%Y-%m-%d}"


class Reply(models.Model):
    """One message between the applicant and the union about a case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="replies")
    author = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    from_applicant = models.BooleanField()
    text = models.TextField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case}:{self.created_at:%Y-%m-%d}"


class Urge(models.Model):
    """One reminder by the applicant that they wait."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="urges")
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case}:{self.at:%Y-%m-%d}"


class Supervision(models.Model):
    """One demand of a superior body about a case (督办), with what it wants by when."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="supervisions")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    demand = models.TextField()
    due_on = models.DateField(null=True)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.case}:{self.organisation_id}"


class Escalation(models.Model):
    """One report to the next level that a clock has run out. Written by the sweep, never by hand."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="escalations")
    clock = models.ForeignKey("cases.Clock", on_delete=models.CASCADE, related_name="escalations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="escalation_round_is_one", fields=["clock", "round"])]

    def __str__(self) -> str:
        return f"{self.case}:{self.round}"


class CaseRecusal(models.Model):
    """One officer who keeps away from one case; ties to a person or an employer are declared in ``access``."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="recusals")
    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    declared_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="case_recusal_is_one", fields=["user", "case"])]

    def __str__(self) -> str:
        return f"{self.case}:{self.user_id}"


class ClusterAlert(models.Model):
    """One warning that many workers of one employer ask for help within days."""

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    applicants = models.PositiveIntegerField()
    first_case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    raised_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.employer_id}:{self.applicants}"
