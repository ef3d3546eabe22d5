"""What the union above is told after an election and after a session, and by when (3.4, 3.14)."""

import datetime as dt

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.kernel.clock import add_workdays, today
from yiwang.kernel.states import move
from yiwang.platform.journal.actions import record
from yiwang.platform.notify.actions import send
from yiwang.platform.rules.queries import work_calendar
from yiwang.register.access.queries import holders, nearest_with
from yiwang.register.accounts.models import User
from yiwang.rights.congress.errors import NotReady
from yiwang.rights.congress.events import ReportMoved
from yiwang.rights.congress.models import Congress, Report, Session
from yiwang.rights.congress.queries import rule


def owe_report(congress: Congress, about: str, *, since: dt.date, session: Session | None = None) -> Report:
    """Due so many working days after ``since``. Runs in the transaction that makes it due."""
    due = add_workdays(since, rule("report_workdays"), work_calendar())
    return Report.objects.create(congress=congress, session=session, about=about, since=since, due_on=due)


@transaction.atomic
def send_report(report: Report, *, note: str, by: User) -> None:
    """The union above finds it among its congresses, and is told."""
    move(report, Report.State.SENT, note=note.strip(), sent_on=today(), sent_by=by)
    congress = report.congress
    record(ReportMoved(congress_id=congress.pk, about=report.about, state=report.state), by=by)
    parent = congress.organisation.parent
    above = nearest_with(parent, "organisations.edit") if parent else None
    link = reverse("congress:report-detail", args=[congress.public_id, report.public_id])
    told = {"organisation": congress.organisation.name, "about": str(report.get_about_display())}
    for user in holders(above, "organisations.edit") if above else ():
        send("congress/report", to=user, context=told, link=link, key=f"congress_report:{report.pk}:{user.pk}")


@transaction.atomic
def receive_report(report: Report, *, remark: str, by: User) -> None:
    """By the union above, never by who sent it, with a word of advice where it has one."""
    if report.sent_by_id == by.pk:
        raise NotReady(_("自己报的，请上级工会的别人来收。"))
    move(report, Report.State.RECEIVED, remark=remark.strip(), received_on=today())
    record(ReportMoved(congress_id=report.congress_id, about=report.about, state=report.state), by=by)


def sweep_reports(day: dt.date) -> int:
    """Who keeps the congress is told before a report is due, on the day and after it; idempotent."""
    first = rule("report_remind_days", on=day)
    days = [day + dt.timedelta(days=first), day, day - dt.timedelta(days=1)]
    rows = Report.objects.filter(state=Report.State.DUE, due_on__in=days)
    told = 0
    for report in rows.select_related("congress__organisation", "session__congress"):
        organisation = report.congress.organisation
        link = reverse("congress:report-detail", args=[report.congress.public_id, report.public_id])
        context = {"about": str(report.get_about_display()), "day": report.due_on.isoformat()}
        for user in holders(organisation, "organisations.edit"):
            key = f"congress_report_due:{report.pk}:{day}:{user.pk}"
            send("congress/report_due", to=user, context=context, link=link, key=key)
            told += 1
    return told
