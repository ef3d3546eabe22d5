"""Programmes (帮扶项目): what is given to whom, from which fund, and who has a place."""

import datetime as dt
from decimal import Decimal
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.kernel.fields import EncryptedTextField
from yiwang.kernel.ids import public_id
from yiwang.kernel.states import Stateful
from yiwang.net.cases.models import Case
from yiwang.net.payments.models import Fund
from yiwang.platform.draws.models import Draw
from yiwang.platform.rules.models import Receipt
from yiwang.register.members.models import Person
from yiwang.register.organisations.models import Organisation
from yiwang.rights.aid.kinds import JOIN_RULES, SPECS, Choice, Kind, Spec
from yiwang.rights.aid.models.signs import Sign, resolved_is_whole

USER = settings.AUTH_USER_MODEL


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def taking(self, on: dt.date) -> Self:
        """Open on that day."""
        return self.filter(state=Programme.State.OPEN, opens_on__lte=on, closes_on__gte=on)


class Programme(Stateful):
    """One programme of one body for one year. ``taken`` and ``promised`` never pass quota and budget."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        OPEN = "open", pgettext_lazy("programme", "开放")
        CLOSED = "closed", _("已截止")
        ENDED = "ended", _("已结束")

    MOVES: ClassVar = {
        State.DRAFT: frozenset({State.OPEN}),
        State.OPEN: frozenset({State.CLOSED}),
        State.CLOSED: frozenset({State.OPEN, State.ENDED}),
    }

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("哪一种"), max_length=12, choices=Kind)
    name = models.CharField(_("项目名称"), max_length=80)
    year = models.PositiveSmallIntegerField(_("年度"))
    choice = models.CharField(_("名额不够时"), max_length=8, choices=Choice, default=Choice.RULES)
    opens_on = models.DateField(_("哪天开始"))
    closes_on = models.DateField(_("哪天截止"))
    quota = models.PositiveIntegerField(_("名额"))
    taken = models.PositiveIntegerField(default=0)
    fund = models.ForeignKey(Fund, null=True, on_delete=models.PROTECT, related_name="+")
    budget = models.DecimalField(_("预算"), max_digits=14, decimal_places=2, default=Decimal(0))
    promised = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    premium = models.DecimalField(_("每人每期交多少"), max_digits=8, decimal_places=2, default=Decimal(0))
    covers_from = models.DateField(_("保障期从哪天"), null=True)  # of mutual aid
    covers_until = models.DateField(_("保障期到哪天"), null=True)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.DRAFT)
    draw = models.ForeignKey(Draw, null=True, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="aid_programme_has_one_name",
                fields=["organisation", "year", "name"],
                violation_error_message=_("这个单位这一年已经有同名的项目了。"),
            ),
            models.CheckConstraint(
                name="aid_programme_closes_after_opening", condition=Q(closes_on__gte=F("opens_on"))
            ),
            models.CheckConstraint(
                name="aid_programme_period_is_whole",
                condition=Q(
                    kind="mutual", covers_from__isnull=False, covers_until__gte=F("covers_from"), premium__gte=0
                )
                | Q(covers_from=None, covers_until=None, premium=0),
            ),
            models.CheckConstraint(name="aid_programme_is_not_overfull", condition=Q(quota__gte=F("taken"))),
            models.CheckConstraint(
                name="aid_programme_is_not_overspent",
                condition=Q(promised__gte=0) & Q(budget__gte=F("promised")),
            ),
        ]
        indexes: ClassVar = [models.Index(name="aid_programme_by_body", fields=["organisation", "state", "-id"])]

    def __str__(self) -> str:
        return self.name

    @property
    def spec(self) -> Spec:
        return SPECS[self.kind]

    @property
    def is_mutual(self) -> bool:
        return self.kind == Kind.MUTUAL

    @property
    def list_rules(self) -> str:
        """The rules for people whom a union names: into mutual aid, members are named to take part."""
        return JOIN_RULES if self.is_mutual else self.spec.rules

    @property
    def is_drawn(self) -> bool:
        return self.choice == Choice.DRAW

    @property
    def places_left(self) -> int:
        return self.quota - self.taken

    @property
    def money_left(self) -> Decimal:
        return self.budget - self.promised


class Share(models.Model):
    """How many of a programme's places one body below may give out."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="shares")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    quota = models.PositiveIntegerField(_("名额"))
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="aid_share_is_one_per_body", fields=["programme", "organisation"]),
            models.CheckConstraint(name="aid_share_is_not_overfull", condition=Q(quota__gte=F("taken"))),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.organisation} {self.quota}"


class Place(Stateful):
    """One person in one programme: asked for or named by the union, checked, decided, paid."""

    class State(models.TextChoices):
        ENTERED = "entered", _("待审核")
        WAITING = "waiting", _("候补")
        GIVEN = "given", pgettext_lazy("place", "已批准")
        REFUSED = "refused", pgettext_lazy("place", "没通过")
        WITHDRAWN = "withdrawn", _("本人放弃")

    MOVES: ClassVar = {
        State.ENTERED: frozenset({State.WAITING, State.GIVEN, State.REFUSED, State.WITHDRAWN}),
        State.WAITING: frozenset({State.GIVEN, State.REFUSED, State.WITHDRAWN}),
        State.GIVEN: frozenset({State.WITHDRAWN}),
    }

    class Purpose(models.TextChoices):
        AID = "aid", _("帮扶")
        JOIN = "join", _("参加互助")
        CLAIM = "claim", _("申请互助金")

    class Payer(models.TextChoices):
        SELF = "self", _("本人交")
        UNION = "union", _("工会统一交")

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="places")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")  # of the membership
    household = models.CharField(max_length=64)
    case = models.OneToOneField(Case, null=True, on_delete=models.PROTECT, related_name="aid_place")
    listed_in = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")  # a union's list
    purpose = models.CharField(max_length=6, choices=Purpose, default=Purpose.AID)
    told = EncryptedTextField()  # facts that are not on file: JSON, as the rules read them
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.ENTERED)
    ticket = models.CharField(_("签号"), max_length=8, blank=True)
    rank = models.PositiveIntegerField(_("候补次序"), null=True)
    amount = models.DecimalField(_("金额"), max_digits=12, decimal_places=2, default=Decimal(0))
    receipt = models.ForeignKey(Receipt, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    entered_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    checked_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    premium = models.DecimalField(_("互助费"), max_digits=8, decimal_places=2, default=Decimal(0))  # owed for joining
    premium_on = models.DateField(_("哪天交的"), null=True)
    premium_by = models.CharField(_("谁交的"), max_length=6, choices=Payer, blank=True)
    premium_voucher = models.CharField(_("凭证号"), max_length=60, blank=True)
    covered_from = models.DateField(null=True)  # from the premium on, never before the period begins

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="aid_place_is_one_per_person",
                fields=["programme", "person", "purpose"],
                condition=~Q(state__in=["refused", "withdrawn"]) & ~Q(purpose="claim"),
                violation_error_message=_("这个人已经在这个项目里了。"),
            ),
            models.UniqueConstraint(
                name="aid_place_has_its_ticket", fields=["programme", "ticket"], condition=~Q(ticket="")
            ),
            models.CheckConstraint(
                name="aid_place_decided_is_whole",
                condition=Q(state__in=["entered", "waiting", "withdrawn"])
                | (Q(decided_at__isnull=False, receipt__isnull=False) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="aid_place_checker_does_not_decide",
                condition=Q(decided_by=None) | Q(checked_by=None) | ~Q(decided_by=F("checked_by")),
                violation_error_message=_("核对的人不能决定这一个，请交给别人。"),
            ),
            models.CheckConstraint(name="aid_place_amount_is_not_negative", condition=Q(amount__gte=0)),
            models.CheckConstraint(
                name="aid_place_premium_is_whole",
                condition=Q(premium_on=None, premium_by="", premium_voucher="")
                | Q(purpose="join", premium__gt=0, premium_on__isnull=False)
                & ~Q(premium_by="")
                & ~Q(premium_voucher=""),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="aid_place_by_programme", fields=["programme", "state", "-id"]),
            models.Index(name="aid_place_by_person", fields=["person"]),
            models.Index(name="aid_place_by_household", fields=["household"]),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.person_id}"

    @property
    def rules(self) -> str:
        return JOIN_RULES if self.purpose == self.Purpose.JOIN else self.programme.spec.rules


class Doubled(Sign):
    """One sign that the same household is helped twice."""

    class Signal(models.TextChoices):
        SAME_HOUSEHOLD = "household", _("同一户已经有人在这个项目里")
        SAME_ITEM = "item", _("今年同一项已经发过")
        OTHER_BODY = "other_body", _("别的单位的同类项目里也有这一户")

    class Outcome(models.TextChoices):
        BOTH = "both", _("两边都该给，不重复")
        REDUCED = "reduced", _("已经扣减")
        REFUSE = "refuse", _("是重复，这次不给")

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="doubles")
    signal = models.CharField(_("信号"), max_length=12, choices=Signal)
    outcome = models.CharField(_("处理结果"), max_length=8, choices=Outcome, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="aid_double_is_found_once", fields=["place", "signal", "detail"]),
            resolved_is_whole("aid_double_resolved_is_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.signal}"
