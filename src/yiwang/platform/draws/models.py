"""Draws: what was announced, the sealed secret, and the file that anybody may check."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.kernel.fields import EncryptedTextField
from yiwang.kernel.ids import public_id
from yiwang.kernel.states import Stateful

USER = settings.AUTH_USER_MODEL


class Draw(Stateful):
    """One draw. It holds tickets only; whose ticket it is, the record that asked for the draw knows."""

    class State(models.TextChoices):
        ANNOUNCED = "announced", _("已公布名单，等开签")
        DRAWN = "drawn", _("已开签")
        VOID = "void", pgettext_lazy("draw", "已作废")

    MOVES: ClassVar = {State.ANNOUNCED: frozenset({State.DRAWN, State.VOID})}

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    subject = models.CharField(max_length=40)  # the record it is held for, in words of its app
    subject_id = models.BigIntegerField()
    title = models.CharField(_("标题"), max_length=120)
    organiser = models.CharField(_("谁来抽"), max_length=120)
    places = models.PositiveIntegerField(_("名额"))
    entries = models.PositiveIntegerField(_("几人参加"))
    source = models.CharField(_("公开随机数从哪来"), max_length=200)
    draws_on = models.DateField(_("哪天开签"))
    announcement = models.TextField()
    commitment = models.CharField(max_length=64, unique=True)
    secret = EncryptedTextField()
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.ANNOUNCED)
    public_value = models.CharField(_("公开随机数"), max_length=200, blank=True)
    witness = models.CharField(_("见证人"), max_length=60, blank=True)
    document = models.TextField(blank=True)
    announced_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    announced_at = models.DateTimeField()
    drawn_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="draw_is_one_per_record", fields=["subject", "subject_id"], condition=~Q(state="void")
            ),
            models.CheckConstraint(name="draw_has_places_and_entries", condition=Q(places__gt=0, entries__gt=0)),
            models.CheckConstraint(
                name="draw_drawn_is_whole",
                condition=~Q(state="drawn")
                | (Q(drawn_at__isnull=False) & ~Q(document="") & ~Q(public_value="") & ~Q(witness="")),
            ),
            models.CheckConstraint(name="draw_void_has_reason", condition=~Q(state="void") | ~Q(void_reason="")),
        ]

    def __str__(self) -> str:
        return self.title
