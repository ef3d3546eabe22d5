"""The secret ballot of a session: its roll, who holds the keys. Who voted what is nowhere, here least of all."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.ids import public_id
from yiwang.platform.ballots.models import Election, Trustee
from yiwang.rights.congress.models.constituting import Delegate
from yiwang.rights.congress.models.sessions import AgendaItem, Session

USER = settings.AUTH_USER_MODEL


class SecretBallotQuerySet(models.QuerySet["SecretBallot"]):
    def with_election(self) -> Self:
        """Without the public halves of its codes: half a megabyte for a thousand voters, and no page shows them."""
        return self.select_related("election").defer("election__credentials")


class SecretBallot(models.Model):
    """One voting paper of a session; its questions are the items, in order."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="ballots")
    election = models.OneToOneField(Election, on_delete=models.PROTECT, related_name="+")
    items = models.ManyToManyField(AgendaItem, related_name="ballots")
    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    authority = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    roll_hash = models.CharField(max_length=64, blank=True)
    is_void = models.BooleanField(default=False)
    counted = models.PositiveIntegerField(null=True)
    slip_counts = models.JSONField(null=True)  # of the paper slips, per question and option

    objects = SecretBallotQuerySet.as_manager()

    class Meta:
        verbose_name = _("表决票")

    def __str__(self) -> str:
        return str(self.election)

    @property
    def is_live(self) -> bool:
        return self.election.state in (Election.State.OPEN, Election.State.CLOSED)


class RollEntry(models.Model):
    """One delegate on the frozen roll, and whether they got a card or a paper slip. Which card, nobody writes down."""

    ballot = models.ForeignKey(SecretBallot, on_delete=models.PROTECT, related_name="roll")
    delegate = models.ForeignKey(Delegate, on_delete=models.PROTECT, related_name="+")
    has_card = models.BooleanField(default=False)
    on_paper = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="delegate_is_on_the_roll_once", fields=["ballot", "delegate"]),
            models.CheckConstraint(
                name="delegate_has_card_or_slip", condition=models.Q(has_card=False) | models.Q(on_paper=False)
            ),
        ]

    def __str__(self) -> str:
        return str(self.delegate)


class KeyHolder(models.Model):
    """The account whose owner makes a trustee's key in their own browser."""

    class Side(models.TextChoices):
        UNION = "union", _("工会")
        EMPLOYER = "employer", _("企业")
        SUPERIOR = "superior", _("上级工会")
        SCRUTINEER = "scrutineer", _("监票人")

    ballot = models.ForeignKey(SecretBallot, on_delete=models.PROTECT, related_name="holders")
    trustee = models.OneToOneField(Trustee, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(_("代表哪一方"), max_length=10, choices=Side, default=Side.SCRUTINEER)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="holder_has_one_key", fields=["ballot", "user"]),
        ]

    def __str__(self) -> str:
        return str(self.user)
