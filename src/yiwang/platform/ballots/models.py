"""Elections, their trustees, the box and the board. No table holds a voter: codes are made elsewhere."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.kernel.ids import public_id
from yiwang.kernel.states import Stateful
from yiwang.platform.ballots.library.credentials import token


class Election(Stateful):
    """One secret vote: its questions, the public half of its voting codes, and how far it went."""

    class State(models.TextChoices):
        DRAFT = "draft", _("准备表决")
        OPEN = "open", _("正在投票")
        CLOSED = "closed", _("投票截止")
        TALLIED = "tallied", _("已公布结果")
        CANCELLED = "cancelled", pgettext_lazy("election", "已取消")

    MOVES: ClassVar = {
        State.DRAFT: frozenset({State.OPEN, State.CANCELLED}),
        State.OPEN: frozenset({State.CLOSED}),
        State.CLOSED: frozenset({State.TALLIED}),
    }

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    uuid = models.CharField(max_length=22, unique=True, default=token, editable=False)
    name = models.CharField(_("名称"), max_length=200)
    description = models.TextField(_("说明"), blank=True)
    questions = models.JSONField(_("表决内容"))
    authority = models.CharField(_("发码人"), max_length=100)
    needed = models.PositiveSmallIntegerField(_("要几位共管人到场"), default=0)
    credentials = models.TextField(blank=True)
    roll_size = models.PositiveIntegerField(_("名册人数"), default=0)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    begun = models.BigIntegerField(default=0)
    document = models.BinaryField(default=bytes)
    fingerprint = models.CharField(max_length=43, blank=True)
    result = models.JSONField(null=True)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    tallied_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="open_election_is_fixed",
                condition=Q(state__in=["draft", "cancelled"]) | (Q(opened_at__isnull=False) & Q(roll_size__gt=0)),
            ),
            models.CheckConstraint(
                name="tallied_election_has_a_result",
                condition=~Q(state="tallied") | (Q(tallied_at__isnull=False) & Q(result__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Trustee(models.Model):
    """One holder of a key; ``owner`` is the number under which the archive knows the share."""

    class Kind(models.TextChoices):
        SINGLE = "single", _("必须到场")
        THRESHOLD = "threshold", _("够数即可")

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="trustees")
    owner = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(_("共管人"), max_length=100)
    certificate = models.TextField(blank=True)
    polynomial = models.TextField(blank=True)
    sealed_key = models.TextField(blank=True)
    public_key = models.TextField(blank=True)
    shared = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["election", "owner"], name="trustee_has_one_number"),
        ]

    def __str__(self) -> str:
        return self.name


class BoxedBallot(models.Model):
    """One accepted ballot that waits for company before it goes to the board. Neither time nor voter nor order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    election = models.ForeignKey(Election, on_delete=models.PROTECT)
    name = models.CharField(max_length=64)
    credential = models.CharField(max_length=64)
    turn = models.PositiveSmallIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["election", "name"], name="ballot_lies_in_the_box_once"),
            models.UniqueConstraint(fields=["election", "credential", "turn"], name="turns_of_a_code_follow"),
        ]

    def __str__(self) -> str:
        return self.name


class Judgement(models.Model):
    """That the proofs of a ballot were judged here. An unsound one left the box: why, and what it was."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    election = models.ForeignKey(Election, on_delete=models.PROTECT)
    name = models.CharField(max_length=64)
    reason = models.CharField(max_length=40, blank=True)
    # Who can write the database but has not the key can't call a ballot sound.
    seal = models.CharField(max_length=64)
    content = models.BinaryField(default=bytes)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["election", "name"], name="ballot_is_judged_once"),
            models.CheckConstraint(name="unsound_ballot_is_kept", condition=Q(reason="") | ~Q(content=b"")),
        ]

    def __str__(self) -> str:
        return self.name


class BoardRecord(models.Model):
    """One record of the public archive, as it will always be."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT)
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=64)
    suffix = models.CharField(max_length=11)
    kind = models.CharField(max_length=20, blank=True)
    payload = models.CharField(max_length=64, blank=True)
    # Of a ballot, the hash of its voting code's public half, as in the box: a count need not open every ballot.
    credential = models.CharField(max_length=64, blank=True)
    content = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["election", "position"], name="board_position_is_taken_once"),
            models.UniqueConstraint(fields=["election", "name"], name="board_record_stands_once"),
        ]

    def __str__(self) -> str:
        return self.name
