"""The indicators that are reported upward (RI 1.13), for one scope and one year, each with its formula's parts."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _

from yiwang.kernel import clock
from yiwang.kernel.clock import start_of
from yiwang.kernel.money import yuan_text
from yiwang.net.notices.models import Notice, Objection
from yiwang.net.payments.models import Fund, Item, Payment
from yiwang.net.payments.queries import success
from yiwang.platform.journal.models import JournalEntry
from yiwang.platform.rules.queries import parameter
from yiwang.rights.aid.codes import Cause, FileClass, Stage
from yiwang.rights.aid.kinds import Kind
from yiwang.rights.aid.models import (
    AidFile,
    AidFileQuerySet,
    Decision,
    Finding,
    Grant,
    Member,
    Outreach,
    Place,
    Referral,
    Sample,
)
from yiwang.rights.aid.queries import PAYABLE, figures
from yiwang.rights.aid.queries_sampling import sample_counts

FILE_ONLY = "HP-0001"
WITH_FILE = (FileClass.DEEP, FileClass.RELATIVE, FileClass.ACCIDENT)
MOST_FUNDS = 30


@dataclass(frozen=True)
class Line:
    """One indicator: ``part`` of ``whole`` where it is a share."""

    label: str
    value: str
    part: int | None = None
    whole: int | None = None


def shown(count: int, *, masked: bool) -> str:
    """Small cells: outside the county that keeps them, small counts are not told (RI 1.13)."""
    few = _few()
    return f"1-{few - 1}" if masked and 0 < count < few else f"{count:,}"


def _few() -> int:
    return int(parameter("aid_small_cell", clock.today()))


def share(label: str, part: int, whole: int, *, masked: bool) -> Line:
    if not whole:
        return Line(label, "—")
    few = _few()
    if masked and (0 < part < few or 0 < whole - part < few):
        return Line(label, "*")  # the rest would tell the few
    return Line(label, f"{100 * part / whole:.1f}%", part, whole)


@dataclass(frozen=True)
class Group:
    """Indicators that are read together."""

    title: str
    lines: list[Line]


@dataclass(frozen=True)
class Scope:
    """What the reader may see; ``masked`` where others than the county that keeps the files read them."""

    files: AidFileQuerySet
    places: QuerySet[Place]
    families: QuerySet[Outreach]
    samples: QuerySet[Sample]
    masked: bool


def groups(scope: Scope, *, year: int, on: dt.date) -> list[Group]:
    """``on`` is the day the figures are taken."""
    found = [
        Group(_("在档"), list(_standing(scope, year))),
        Group(_("进和出"), list(_moving(scope, year, on))),
        Group(_("核对、公示、抽查"), list(_checking(scope, year))),
        Group(_("救助和资金"), list(_money(scope, year))),
        Group(_("按项目"), list(_programmes(scope, year))),
        Group(_("按县区"), list(_counties(scope))),
    ]
    return [group for group in found if group.lines]


def _standing(scope: Scope, year: int) -> Iterator[Line]:
    files, masked = scope.files, scope.masked
    on_file = files.filter(state__in=PAYABLE)
    found = figures(files, year=year)
    yield Line(_("在档户数"), shown(on_file.count(), masked=masked))
    yield Line(_("在档人数"), shown(int(str(found["persons"])), masked=masked))
    known = on_file.count() + _known_to_qualify(scope)
    yield share(_("符合的户里建了档的"), on_file.count(), known, masked=masked)
    yield share(_("在档的户里备了案的"), on_file.exclude(recorded_on=None).count(), on_file.count(), masked=masked)
    by_class = dict(on_file.order_by().values_list("file_class").annotate(n=Count("pk")))
    for code, label in FileClass.choices[:3]:
        yield Line(_("在档：{what}").format(what=label), shown(by_class.get(code, 0), masked=masked))
    by_cause = dict(on_file.order_by().values_list("main_cause").annotate(n=Count("pk")))
    for code, label in Cause.choices:
        if by_cause.get(code):
            yield Line(_("原因：{what}").format(what=label), shown(by_cause[code], masked=masked))


def _known_to_qualify(scope: Scope) -> int:
    """Not on file yet: files whose proposal says they would be, and families found who have not answered our call."""
    newest = Decision.objects.filter(file=OuterRef("pk"), is_stale=False).order_by("-pk").values("proposed_class")[:1]
    waiting = scope.files.active().exclude(state__in=PAYABLE).annotate(proposed=Subquery(newest))
    found = scope.families.filter(service=FILE_ONLY).exclude(outcome__in=Outreach.LAST)
    return waiting.filter(proposed__in=WITH_FILE).count() + found.count()


def _moving(scope: Scope, year: int, on: dt.date) -> Iterator[Line]:
    files, masked = scope.files, scope.masked
    start, end = dt.date(year, 1, 1), dt.date(year, 12, 31)
    span = (start, end)
    new = files.filter(filed_on__range=span).count()
    exited = files.filter(state=AidFile.State.EXITED, closed_on__range=span).count()
    before = files.filter(filed_on__lt=start).filter(Q(closed_on=None) | Q(closed_on__gte=start)).count()
    left = files.filter(closed_on__range=span).exclude(state=AidFile.State.REFUSED)
    ways = dict(left.order_by().values_list("state").annotate(n=Count("pk")))
    gone = files.filter(closed_on__range=(dt.date(year - 1, 1, 1), end), state=AidFile.State.EXITED).count()
    signs = JournalEntry.objects.filter(name="aid.relapse_noted", at__year=year, subject_id__in=files.values("pk"))
    relapsed = signs.values("subject_id").distinct().count()
    yield Line(_("今年新建"), shown(new, masked=masked))
    yield Line(_("今年脱困退档"), shown(exited, masked=masked))
    yield share(_("动态脱困率"), exited, before + new, masked=masked)
    total = sum(ways.values())
    yield share(_("根本脱困占退出的"), ways.get(AidFile.State.EXITED, 0), total, masked=masked)
    yield share(_("转兜底保障占退出的"), ways.get(AidFile.State.NETTED, 0), total, masked=masked)
    yield share(_("退档后有返困信号的"), min(relapsed, gone), gone, masked=masked)
    sent = Referral.objects.filter(file__in=files.values("pk"), sent_on__year=year)
    yield Line(_("转给政府救助的"), shown(sent.values("file").distinct().count(), masked=masked))
    taken_up = sent.filter(outcome=Referral.Outcome.ACCEPTED)
    yield share(_("转去以后收下的"), taken_up.count(), sent.exclude(answered_on=None).count(), masked=masked)
    again = Decision.objects.filter(file__in=files.values("pk"), decided_at__year=year, file__filed_on__isnull=False)
    done = again.exclude(file__filed_on=F("decided_at__date")).values("file").distinct().count()
    overdue = files.filter(state__in=PAYABLE, review_due__lte=on).count()
    yield share(_("年度复核完成率"), done, done + overdue, masked=masked)


def _checking(scope: Scope, year: int) -> Iterator[Line]:
    files, masked = scope.files, scope.masked
    on_file = files.filter(state__in=PAYABLE)
    checked = on_file.exclude(report_number="")
    doubtful = checked.filter(
        Exists(Finding.objects.filter(file=OuterRef("pk"), detail__contains=OuterRef("report_number")))
    )
    yield share(_("有核对报告的"), checked.count(), on_file.count(), masked=masked)
    yield share(_("核对不一致的"), doubtful.count(), checked.count(), masked=masked)
    notices = Notice.objects.filter(source="aid.file", source_id__in=files.values("pk"), starts_at__year=year)
    objections = Objection.objects.filter(notice__in=notices)
    upheld = objections.filter(state=Objection.State.UPHELD).count()
    yield share(_("公示有异议的"), objections.values("notice").distinct().count(), notices.count(), masked=masked)
    yield share(_("异议属实的"), upheld, objections.count(), masked=masked)
    looks = sample_counts(scope.samples.filter(drawn_on__year=year))
    yield share(_("抽查看过的"), looks["checked"], looks["drawn"], masked=False)
    yield share(_("识别精准率：抽查都对得上的"), looks["confirmed"], looks["checked"], masked=False)


def _money(scope: Scope, year: int) -> Iterator[Line]:
    files, masked = scope.files, scope.masked
    on_file = files.filter(state__in=PAYABLE)
    grants = Grant.objects.filter(file__in=files.values("pk"), year=year)
    paid = Payment.objects.filter(source="aid.grant", source_id__in=grants.values("pk"))
    arrived = paid.filter(state=Payment.State.PAID)
    households = arrived.values("household").distinct().count()
    total = arrived.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    yield share(_("帮扶覆盖率"), min(households, on_file.count()), on_file.count(), masked=masked)
    yield Line(_("已经到账（元）"), yuan_text(total))
    yield Line(_("户均帮扶额（元）"), yuan_text(total / households) if households else "—")
    persons = Member.objects.filter(file__household_key__in=arrived.values("household"), is_coresident=True)
    heads = persons.filter(file__in=files.values("pk")).count()
    yield Line(_("人均帮扶额（元）"), yuan_text(total / heads) if heads else "—")
    for item, amount in arrived.order_by("item").values_list("item").annotate(sum=Sum("amount")):
        yield Line(_("到账：{what}（元）").format(what=Item(item).label), yuan_text(amount))
    counties = files.order_by().values("county").distinct()
    here = Fund.objects.filter(organisation__in=counties, year=year, budget__gt=0)
    by_fund = here.order_by("name", "project_no").values_list("name", "budget", "paid")[:MOST_FUNDS]
    funds = here.aggregate(budget=Sum("budget"), paid=Sum("paid"))
    budget, spent = funds["budget"] or Decimal(0), funds["paid"] or Decimal(0)
    yield Line(_("资金执行率"), f"{100 * spent / budget:.1f}%" if budget else "—")
    for name, has, used in by_fund:
        yield Line(_("资金执行率：{what}").format(what=name), f"{100 * used / has:.1f}%")
    sent = success(paid, since=start_of(dt.date(year, 1, 1)))
    yield share(_("发放成功率"), sent.paid, sent.sent, masked=False)
    yield Line(_("平均几天到账"), f"{sent.days:.1f}" if sent.days is not None else "—")
    back = paid.filter(state__in=(Payment.State.RECOVERING, Payment.State.RECOVERED)).aggregate(s=Sum("amount"))["s"]
    yield Line(_("错发要追回的（元）"), yuan_text(back or Decimal(0)))
    students = Member.objects.filter(file__in=on_file, is_coresident=True).exclude(stage="")
    by_stage = dict(students.order_by().values_list("stage").annotate(n=Count("pk")))
    for code, label in Stage.choices:
        if by_stage.get(code):
            yield Line(_("在读学生：{what}").format(what=label), shown(by_stage[code], masked=masked))


def _programmes(scope: Scope, year: int) -> Iterator[Line]:
    masked = scope.masked
    given = scope.places.filter(state=Place.State.GIVEN, programme__year=year)
    rows = given.order_by().values_list("programme__kind").annotate(n=Count("pk"), sum=Sum("amount"))
    for kind, n, amount in sorted(rows):
        label = Kind(kind).label
        yield Line(_("{what}：人次").format(what=label), shown(n, masked=masked))
        if amount:
            yield Line(_("{what}：金额（元）").format(what=label), yuan_text(amount))


def _counties(scope: Scope) -> Iterator[Line]:
    """One line for each county, where there is more than one."""
    on_file = scope.files.filter(state__in=PAYABLE).order_by("county__name")
    rows = list(on_file.values_list("county__name").annotate(n=Count("pk")))
    if len(rows) > 1:
        yield from (Line(name, shown(n, masked=scope.masked)) for name, n in rows)
