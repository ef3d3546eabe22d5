"""The same matter twice, and the same employer many times."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from yiwang.kernel import clock as kernel_clock
from yiwang.kernel.clock import local_date
from yiwang.kernel.states import move
from yiwang.net.cases.actions.clocks import end_clocks
from yiwang.net.cases.actions.telling import count_standing, index_case, tell_applicant, tell_journal, tell_staff
from yiwang.net.cases.errors import CannotMerge
from yiwang.net.cases.events import CaseMerged, CaseSubmitted, ClusterFound
from yiwang.net.cases.formulas import COUNTY, RIGHTS_KIND
from yiwang.net.cases.models import Case, ClusterAlert, Reply
from yiwang.net.cases.queries.limits import limit
from yiwang.net.cases.queries.routing import line_of
from yiwang.platform.files.actions import claim
from yiwang.platform.files.models import Document
from yiwang.register.access.queries import holders
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Employer


def append_repeat(case: Case, *, to: Case, by: User, now: dt.datetime) -> None:
    """A fresh repeat never becomes work of its own: its words and papers go to the case that is open already."""
    event = CaseSubmitted(
        case_id=case.pk, service=case.service_code, channel=case.channel, organisation_id=case.organisation_id
    )
    tell_journal(case, event, by=by, now=now)
    move(case, Case.State.MERGED, merged_into=to, closed_at=now, organisation=to.organisation, handler=to.handler)
    _carry_over(case, to, by=by, now=now)
    index_case(case)
    tell_applicant(to, "appended")
    tell_staff(to, "appended_staff", [to.handler])


@transaction.atomic
def merge_cases(case: Case, *, into: Case, by: User, now: dt.datetime | None = None) -> None:
    """Staff join two open cases of one applicant about one matter; the older number goes on."""
    now = now or kernel_clock.now()
    same = case.service_code == into.service_code and case.pk != into.pk and into.is_undecided
    same = same and (case.applicant_id, case.contact_phone_hash) == (into.applicant_id, into.contact_phone_hash)
    if not same:
        raise CannotMerge

    move(case, Case.State.MERGED, merged_into=into, closed_at=now)
    end_clocks(case, now=now, stopped=True)
    _carry_over(case, into, by=by, now=now)
    count_standing(case, "open", -1)
    tell_applicant(into, "appended")


def _carry_over(case: Case, to: Case, *, by: User, now: dt.datetime) -> None:
    text = _("又提交了一次同样的申请（{number}），内容已并到这里。").format(number=case.number)
    Reply.objects.create(case=to, author=by, from_applicant=True, text=text, created_at=now)
    claim(list(Document.objects.filter(subject="case", subject_id=case.pk)), subject="case", subject_id=to.pk)
    tell_journal(to, CaseMerged(case_id=to.pk, from_case_id=case.pk), by=by, now=now)


def watch_for_cluster(case: Case, *, now: dt.datetime) -> None:
    """Many workers of one employer within days may be one dispute (GT 6.5): flag them and tell the leaders."""
    employer = case.employer
    if employer is None or case.kind != RIGHTS_KIND:
        return
    on = local_date(now)
    since = now - dt.timedelta(days=limit("cluster_days", on))
    # Index: case_by_employer.
    recent = Case.objects.filter(employer=employer, submitted_at__gte=since, kind=RIGHTS_KIND).exclude(
        state=Case.State.MERGED
    )
    asking = recent.values("applicant", "contact_phone_hash").distinct().count()
    if asking < limit("cluster_applicants", on):
        return
    recent.filter(is_cluster=False).update(is_cluster=True)
    case.is_cluster = True
    _alert(case, employer, asking, since, now)


def _alert(case: Case, employer: Employer, asking: int, since: dt.datetime, now: dt.datetime) -> None:
    raised = ClusterAlert.objects.filter(employer=employer, raised_at__gte=since)
    if raised.update(applicants=asking):
        return
    county = next((body for body in line_of(case.organisation) if body.level <= COUNTY), case.organisation)
    ClusterAlert.objects.create(
        employer=employer, organisation=county, applicants=asking, first_case=case, raised_at=now
    )
    tell_journal(case, ClusterFound(case_id=case.pk, applicants=asking), by=None, now=now)
    tell_staff(case, "cluster", holders(county, "cases.supervise"), count=asking)
