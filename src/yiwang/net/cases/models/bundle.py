"""Several services asked for at once 一件事: what was asked once, and what became of each part."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.fields import EncryptedTextField
from yiwang.kernel.ids import public_id
from yiwang.kernel.states import Stateful
from yiwang.net.cases.models.case import Case
from yiwang.net.catalogue.models import ServiceVersion
from yiwang.register.members.models import Person


class Bundle(models.Model):
    """One request for several services. It holds the answers until every part has started; a part is a case of its
    own, and the bundle has no state beside theirs."""

    public_id = models.CharField(max_length=16, unique=True, default=public_id)
    idempotency_key = models.CharField(max_length=80, unique=True)
    version = models.ForeignKey(ServiceVersion, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=200, blank=True)
    applicant = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    contact_name = models.CharField(max_length=50, blank=True)
    contact_phone = EncryptedTextField(null=True)
    channel = models.CharField(_("来源"), max_length=10, choices=Case.Channel, default=Case.Channel.WEB)
    answers = EncryptedTextField()
    consents = models.JSONField(default=list)
    submitted_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(name="bundle_by_applicant", fields=["applicant", "-submitted_at"]),
            models.Index(name="bundle_by_submitter", fields=["submitted_by", "-submitted_at"]),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def heading(self) -> str:
        """The name of the bundle in the reader's language."""
        return self.title_en if (get_language() or "").startswith("en") and self.title_en else self.title


class BundlePart(Stateful):
    """One service of a bundle: waits for another part, became a case, or was not started, with the reason."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等前一件办成")
        STARTED = "started", _("开始办了")
        NOT_STARTED = "not_started", _("没有开始")

    # What did not start because the part before it failed starts after all when that answer is put right.
    MOVES: ClassVar = {
        State.WAITING: frozenset({State.STARTED, State.NOT_STARTED}),
        State.NOT_STARTED: frozenset({State.STARTED, State.WAITING}),
    }

    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField()
    service_code = models.CharField(max_length=20)
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=200, blank=True)
    needs = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="followers")
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    case = models.OneToOneField(Case, null=True, on_delete=models.PROTECT, related_name="bundle_part")
    reason = models.CharField(max_length=40, blank=True)  # code of the refusal
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="bundle_part_is_once", fields=["bundle", "service_code"]),
            models.CheckConstraint(
                name="bundle_part_started_is_a_case",
                condition=Q(state="started", case__isnull=False) | ~Q(state="started") & Q(case=None),
            ),
            models.CheckConstraint(
                name="bundle_part_not_started_says_why",
                condition=~Q(state="not_started") | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def heading(self) -> str:
        return self.title_en if (get_language() or "").startswith("en") and self.title_en else self.title
