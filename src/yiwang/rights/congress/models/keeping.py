"""Around the vote: who may be on the roll, what the union above is told, keys destroyed, directors recalled."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.kernel.ids import public_id
from yiwang.kernel.states import Stateful
from yiwang.rights.congress.models.constituting import Congress
from yiwang.rights.congress.models.following import WorkerDirector
from yiwang.rights.congress.models.sessions import AgendaItem, Session
from yiwang.rights.congress.models.voting import KeyHolder, SecretBallot

USER = settings.AUTH_USER_MODEL


class RollChallenge(Stateful):
    """Somebody's objection to the roll of a session: who is missing on it, or should not be on it (3.9, 1)."""

    class State(models.TextChoices):
        OPEN = "open", _("等决定")
        UPHELD = "upheld", _("成立，名册要改")
        REJECTED = "rejected", _("异议不成立")

    class About(models.TextChoices):
        MISSING = "missing", _("名册上少了人")
        WRONG = "wrong", _("名册上的人不该在")
        FACTS = "facts", _("姓名、选区写错了")

    MOVES: ClassVar = {State.OPEN: frozenset({State.UPHELD, State.REJECTED})}

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="challenges")
    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    raised_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(_("哪里不对"), max_length=7, choices=About)
    name = models.CharField(_("说的是谁"), max_length=60)
    reason = models.CharField(_("为什么"), max_length=500)
    raised_on = models.DateField()
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.OPEN)
    decision = models.CharField(_("怎么决定、为什么"), max_length=300, blank=True)
    decided_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    decided_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("名册异议")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="roll_decision_says_why",
                condition=Q(state="open") | (Q(decided_by__isnull=False, decided_on__isnull=False) & ~Q(decision="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Report(Stateful):
    """What the union above is told of: how the delegates were elected, what a session decided (3.4, 3.14)."""

    class State(models.TextChoices):
        DUE = "due", pgettext_lazy("report", "要上报")
        SENT = "sent", _("已上报")
        RECEIVED = "received", _("上级已收到")

    class About(models.TextChoices):
        ELECTION = "election", _("代表选举情况")
        SESSION = "session", _("会议情况")

    MOVES: ClassVar = {
        State.DUE: frozenset({State.SENT}),
        State.SENT: frozenset({State.RECEIVED}),
    }

    congress = models.ForeignKey(Congress, on_delete=models.PROTECT, related_name="reports")
    session = models.OneToOneField(Session, on_delete=models.PROTECT, null=True, related_name="report")
    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    about = models.CharField(max_length=8, choices=About)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.DUE)
    since = models.DateField()
    due_on = models.DateField()
    note = models.CharField(_("要说明的"), max_length=500, blank=True)
    sent_on = models.DateField(null=True)
    sent_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    received_on = models.DateField(null=True)
    remark = models.CharField(_("上级的意见"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("职代会情况报告")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="election_is_reported_once", fields=["congress"], condition=Q(about="election")
            ),
            models.CheckConstraint(
                name="report_is_about_one_thing",
                condition=Q(about="election", session__isnull=True) | Q(about="session", session__isnull=False),
            ),
            models.CheckConstraint(
                name="report_has_its_days",
                condition=Q(state="due", sent_on=None)
                | Q(state="sent", sent_on__isnull=False, received_on=None)
                | Q(state="received", sent_on__isnull=False, received_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.session or self.congress)


class KeyDestruction(models.Model):
    """That a key, or the codes that were left, no longer exist, and who saw it."""

    ballot = models.ForeignKey(SecretBallot, on_delete=models.PROTECT, related_name="destructions")
    # Nothing: the codes of who gave them out.
    holder = models.OneToOneField(KeyHolder, on_delete=models.PROTECT, null=True, related_name="destruction")
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    how = models.CharField(_("怎么销毁的"), max_length=120)
    witness = models.CharField(_("谁在场见证"), max_length=60)

    class Meta:
        verbose_name = _("密钥销毁记录")
        constraints: ClassVar = [
            models.UniqueConstraint(name="codes_are_destroyed_once", fields=["ballot"], condition=Q(holder=None)),
        ]

    def __str__(self) -> str:
        return f"{self.ballot} {self.on}"


class DirectorRecall(Stateful):
    """A motion to recall a worker director or supervisor, from who asks to the vote of the congress (D3-13)."""

    class State(models.TextChoices):
        ASKED = "asked", _("等列入议程")
        TABLED = "tabled", _("等代表表决")
        RECALLED = "recalled", _("罢免了")
        KEPT = "kept", _("没有罢免")

    class Askers(models.TextChoices):
        DELEGATES = "delegates", _("职工代表联名")
        WORKERS = "workers", _("职工联名")

    MOVES: ClassVar = {
        State.ASKED: frozenset({State.TABLED}),
        State.TABLED: frozenset({State.RECALLED, State.KEPT, State.ASKED}),
    }
    OPEN: ClassVar = (State.ASKED, State.TABLED)

    director = models.ForeignKey(WorkerDirector, on_delete=models.PROTECT, related_name="recalls")
    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.ASKED)
    askers = models.CharField(_("谁提的"), max_length=9, choices=Askers)
    signed = models.PositiveIntegerField(_("联名人数"))
    entitled = models.PositiveIntegerField()
    reason = models.CharField(_("罢免的理由"), max_length=500)
    statement = models.CharField(_("本人的说法"), max_length=500, blank=True)
    asked_on = models.DateField()
    item = models.OneToOneField(AgendaItem, on_delete=models.PROTECT, null=True, related_name="recall")

    class Meta:
        verbose_name = _("罢免职工董事、监事")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="director_recall_is_open_once", fields=["director"], condition=Q(state__in=["asked", "tabled"])
            ),
            models.CheckConstraint(
                name="recall_is_voted_on_as_an_item", condition=Q(state="asked") | Q(item__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return str(self.director)
