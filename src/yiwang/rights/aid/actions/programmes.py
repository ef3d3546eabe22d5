"""Making, changing and moving programmes; the only functions that take a place or a yuan from one."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from yiwang.kernel import clock
from yiwang.kernel.money import yuan_text
from yiwang.kernel.states import move
from yiwang.net.payments.models import Fund
from yiwang.platform.journal.actions import record
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Organisation
from yiwang.rights.aid.errors import WordsNeeded
from yiwang.rights.aid.errors_programmes import BadProgramme, ProgrammeFull, ProgrammeSpent, ShareFull
from yiwang.rights.aid.events import ProgrammeChanged, ProgrammeMade, ProgrammeMoved, ShareSet
from yiwang.rights.aid.kinds import Kind
from yiwang.rights.aid.models import Programme, Share
from yiwang.rights.aid.queries_programmes import share_above

State = Programme.State


@transaction.atomic
def make_programme(
    organisation: Organisation,
    *,
    kind: str,
    name: str,
    choice: str,
    opens_on: dt.date,
    closes_on: dt.date,
    quota: int,
    budget: Decimal,
    fund: Fund | None,
    by: User,
    premium: Decimal = Decimal(0),
    covers_from: dt.date | None = None,
    covers_until: dt.date | None = None,
    now: dt.datetime | None = None,
) -> Programme:
    """A draft; nobody can come in before it is opened."""
    programme = Programme(
        organisation=organisation,
        kind=kind,
        name=name.strip(),
        year=opens_on.year,
        choice=choice,
        opens_on=opens_on,
        closes_on=closes_on,
        quota=quota,
        budget=budget,
        fund=fund,
        premium=premium,
        covers_from=covers_from,
        covers_until=covers_until,
        made_by=by,
        made_at=now or clock.now(),
    )
    _refuse_odd_period(programme)
    _refuse_odd(programme)
    same = Programme.objects.filter(organisation=organisation, year=programme.year, name=programme.name)
    if same.exists():
        raise BadProgramme(_("这个单位这一年已经有同名的项目了。"), "name")
    programme.save()
    record(ProgrammeMade(programme_id=programme.pk, quota=quota, budget=budget), by=by)
    return programme


@transaction.atomic
def change_programme(programme: Programme, *, reason: str, by: User, **changes: Any) -> None:
    """Dates, quota, fund, budget; never below what is taken and promised."""
    if not reason.strip():
        raise WordsNeeded
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    for name in ("opens_on", "closes_on", "quota", "fund", "budget"):
        if name in changes:
            setattr(programme, name, changes[name])
    _refuse_odd(programme)
    if programme.quota < programme.taken:
        raise BadProgramme(_("已经定了{n}个名额，不能再少。").format(n=programme.taken), "quota")
    if programme.budget < programme.promised:
        text = _("已经定了{sum}，预算不能再少。").format(sum=yuan_text(programme.promised))
        raise BadProgramme(text, "budget")
    programme.save(update_fields=["opens_on", "closes_on", "quota", "fund", "budget"])
    changed = ProgrammeChanged(
        programme_id=programme.pk, quota=programme.quota, budget=programme.budget, reason=reason.strip()[:200]
    )
    record(changed, by=by)


def _refuse_odd_period(programme: Programme) -> None:
    """Mutual aid says what taking part costs and which days it covers; other programmes have neither. Who has joined
    relies on both: they are not changed afterwards."""
    period = (programme.covers_from, programme.covers_until)
    if programme.kind != Kind.MUTUAL:
        if programme.premium or period != (None, None):
            raise BadProgramme(_("只有医疗互助才填互助费和保障期。"), "premium")
        return
    if programme.covers_from is None or programme.covers_until is None:
        raise BadProgramme(_("请填保障期从哪天到哪天。"), "covers_from" if period[0] is None else "covers_until")
    if programme.covers_until < programme.covers_from:
        raise BadProgramme(_("保障期的最后一天要在第一天以后。"), "covers_until")


def _refuse_odd(programme: Programme) -> None:
    """Within the policy: dates in one year, money from a fund that may pay it and has it."""
    if programme.closes_on < programme.opens_on:
        raise BadProgramme(_("截止日要在开始日以后。"), "closes_on")
    if programme.quota < 1:
        raise BadProgramme(_("至少要有1个名额。"), "quota")
    if not programme.spec.item:
        if programme.budget or programme.fund is not None:
            raise BadProgramme(_("这种项目不给个人发钱，不用填资金和预算。"), "budget")
        return
    fund = programme.fund
    if fund is None:
        raise BadProgramme(_("请选用哪笔资金。"), "fund")
    fund = Fund.objects.select_for_update().get(pk=fund.pk)  # two programmes can't both set aside the last yuan
    if fund.state != Fund.State.OPEN or fund.year != programme.year:
        raise BadProgramme(_("这笔资金不是这一年的，或者已经关账。"), "fund")
    if not fund.allows(programme.spec.item):
        raise BadProgramme(_("这笔资金不能用于这一项。"), "fund")
    others = Programme.objects.filter(fund=fund).exclude(pk=programme.pk)
    aside = others.aggregate(sum=Sum("budget"))["sum"] or Decimal(0)
    if programme.budget > fund.budget - aside:
        text = _("这笔资金还没有安排的只有{left}，请改小预算。").format(left=yuan_text(fund.budget - aside))
        raise BadProgramme(text, "budget")


@transaction.atomic
def set_share(programme: Programme, *, organisation: Organisation, quota: int, by: User) -> Share:
    """How many places a body below may give out."""
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    known = programme.shares.filter(organisation=organisation).first()
    if known is not None and quota < known.taken:
        raise BadProgramme(_("已经定了{n}个名额，不能再少。").format(n=known.taken), "quota")
    given = programme.shares.exclude(organisation=organisation).aggregate(sum=Sum("quota"))["sum"] or 0
    if given + quota > programme.quota:
        text = _("还能分的只有{n}个名额。").format(n=programme.quota - given)
        raise BadProgramme(text, "quota")
    share, _is_new = Share.objects.update_or_create(
        programme=programme, organisation=organisation, defaults={"quota": quota}
    )
    record(ShareSet(programme_id=programme.pk, organisation_id=organisation.pk, quota=quota), by=by)
    return share


@transaction.atomic
def open_programme(programme: Programme, *, by: User) -> None:
    _move(programme, State.OPEN, by=by)


@transaction.atomic
def close_programme(programme: Programme, *, by: User | None) -> None:
    _move(programme, State.CLOSED, by=by)


@transaction.atomic
def end_programme(programme: Programme, *, by: User) -> None:
    _move(programme, State.ENDED, by=by)


def _move(programme: Programme, to: str, *, by: User | None) -> None:
    move(programme, to)
    record(ProgrammeMoved(programme_id=programme.pk, to=to), by=by)


def close_due(on: dt.date) -> int:
    """Programmes whose last day has passed take nobody any more. Bears repeating."""
    due = list(Programme.objects.filter(state=State.OPEN, closes_on__lt=on))
    for programme in due:
        close_programme(programme, by=None)
    return len(due)


def take(programme: Programme, organisation: Organisation, amount: Decimal) -> None:
    """One place and its money: guarded UPDATEs, so that two officers can't both give the last one."""
    left = Programme.objects.filter(pk=programme.pk, taken__lt=F("quota"), budget__gte=F("promised") + amount)
    if left.update(taken=F("taken") + 1, promised=F("promised") + amount) == 0:
        now = Programme.objects.get(pk=programme.pk)
        if now.taken >= now.quota:
            raise ProgrammeFull(now)
        raise ProgrammeSpent(yuan_text(now.money_left))
    body = share_above(programme, organisation)
    if body is None:
        return
    share = Share.objects.filter(programme=programme, organisation=body, taken__lt=F("quota"))
    if share.update(taken=F("taken") + 1) == 0:
        raise ShareFull(body)


def give_back(programme: Programme, organisation: Organisation, amount: Decimal) -> None:
    Programme.objects.filter(pk=programme.pk).update(taken=F("taken") - 1, promised=F("promised") - amount)
    body = share_above(programme, organisation)
    if body is not None:
        Share.objects.filter(programme=programme, organisation=body, taken__gt=0).update(taken=F("taken") - 1)
