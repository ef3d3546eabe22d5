"""The indicators that are reported upward (RI 1.13), for one scope and one year, each with its formula's parts."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from yiwang.kernel.clock import start_of
from yiwang.kernel.money import yuan_text
from yiwang.net.notices.models import Notice, Objection
from yiwang.net.payments.models import Fund, Payment
from yiwang.net.payments.queries import success
from yiwang.platform.journal.models import JournalEntry
from yiwang.rights.aid.codes import Cause, FileClass, Stage
from yiwang.rights.aid.kinds import Kind
from yiwang.rights.aid.models import AidFile, Decision, Finding, Grant, Member, Place
from yiwang.rights.aid.queries import PAYABLE, figures

# Small cells: outside the county that keeps them, counts below this are not told (RI 1.13).
FEW = 5


@dataclass(frozen=True)
class Line:
    """One indicator: ``part`` of ``whole`` where it is a share."""

    label: str
    value: str
    part: int | None = None
    whole: int | None = None


def shown(count: int, *, masked: bool) -> str:
    return "1-4" if masked and 0 < count < FEW else f"{count:,}"


def share(label: str, part: int, whole: int, *, masked: bool) -> Line:
    if not whole:
        return Line(label, "—")
    if masked and (0 < part < FEW or 0 < whole - part < FEW):
        return Line(label, "*")  # the rest would tell the few
    return Line(label, f"{100 * part / whole:.1f}%", part, whole)


def lines(files: QuerySet[AidFile], places: QuerySet[Place], *, year: int, on: dt.date, masked: bool) -> list[Line]:
    """``on`` is the day the figures are taken; ``masked`` where others than the county read them."""
    return [
        *_standing(files, year, masked),
        *_moving(files, year, on, masked),
        *_checking(files, year, masked),
        *_money(files, places, year, masked),
    ]


def _standing(files: QuerySet[AidFile], year: int, masked: bool) -> Iterator[Line]:
    on_file = files.filter(state__in=PAYABLE)
    found = figures(files, year=year)
    yield Line(_("在档户数"), shown(on_file.count(), masked=masked))
    yield Line(_("在档人数"), shown(int(str(found["persons"])), masked=masked))
    by_class = dict(on_file.order_by().values_list("file_class").annotate(n=Count("pk")))
    for code, label in FileClass.choices[:3]:
        yield Line(_("在档：{what}").format(what=label), shown(by_class.get(code, 0), masked=masked))
    by_cause = dict(on_file.order_by().values_list("main_cause").annotate(n=Count("pk")))
    for code, label in Cause.choices:
        if by_cause.get(code):
            yield Line(_("原因：{what}").format(what=label), shown(by_cause[code], masked=masked))


def _moving(files: QuerySet[AidFile], year: int, on: dt.date, masked: bool) -> Iterator[Line]:
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
    again = Decision.objects.filter(file__in=files.values("pk"), decided_at__year=year, file__filed_on__isnull=False)
    done = again.exclude(file__filed_on=F("decided_at__date")).values("file").distinct().count()
    overdue = files.filter(state__in=PAYABLE, review_due__lte=on).count()
    yield share(_("年度复核完成率"), done, done + overdue, masked=masked)


def _checking(files: QuerySet[AidFile], year: int, masked: bool) -> Iterator[Line]:
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


def _money(files: QuerySet[AidFile], places: QuerySet[Place], year: int, masked: bool) -> Iterator[Line]:
    on_file = files.filter(state__in=PAYABLE)
    grants = Grant.objects.filter(file__in=files.values("pk"), year=year)
    paid = Payment.objects.filter(source="aid.grant", source_id__in=grants.values("pk"))
    arrived = paid.filter(state=Payment.State.PAID)
    households = arrived.values("household").distinct().count()
    total = arrived.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    yield share(_("帮扶覆盖率"), min(households, on_file.count()), on_file.count(), masked=masked)
    yield Line(_("已经到账（元）"), yuan_text(total))
    yield Line(_("户均帮扶额（元）"), yuan_text(total / households) if households else "—")
    counties = files.order_by().values("county").distinct()
    funds = Fund.objects.filter(organisation__in=counties, year=year).aggregate(budget=Sum("budget"), paid=Sum("paid"))
    budget, spent = funds["budget"] or Decimal(0), funds["paid"] or Decimal(0)
    yield Line(_("资金执行率"), f"{100 * spent / budget:.1f}%" if budget else "—")
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
    yield from _programmes(places, year, masked)


def _programmes(places: QuerySet[Place], year: int, masked: bool) -> Iterator[Line]:
    given = places.filter(state=Place.State.GIVEN, programme__year=year)
    rows = given.order_by().values_list("programme__kind").annotate(n=Count("pk"), sum=Sum("amount"))
    for kind, n, amount in sorted(rows):
        label = Kind(kind).label
        yield Line(_("{what}：人次").format(what=label), shown(n, masked=masked))
        if amount:
            yield Line(_("{what}：金额（元）").format(what=label), yuan_text(amount))
