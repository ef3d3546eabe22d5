"""From a nomination to the last day on a post (GT 3.5): each step by name, never by who took the one before."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yiwang.grassroots.cadres.errors import BadEntry, Elected, FullTimeElsewhere, Gone, NoticeStands, SamePerson, Unfit
from yiwang.grassroots.cadres.events import CadreMoved, CadreNominated
from yiwang.grassroots.cadres.models import Cadre, Team
from yiwang.grassroots.cadres.models.people import ELECTED
from yiwang.grassroots.cadres.queries.people import check_problems, full_time_at, rule
from yiwang.kernel import clock
from yiwang.kernel.identity import mask_name
from yiwang.kernel.states import move
from yiwang.net.notices.actions import post_notice, withdraw_notice
from yiwang.net.notices.models import Notice
from yiwang.net.notices.queries import notice_of
from yiwang.platform.documents.formulas import read_number
from yiwang.platform.journal.actions import record
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Person
from yiwang.register.organisations.models import Organisation

State = Cadre.State
SOURCE = "cadre"
SHOWN = (Team.SOCIAL, Team.GUIDE, Team.BARGAINING)  # who is shown to the public before the appointment


@transaction.atomic
def nominate(
    person: Person, organisation: Organisation, *, team: str, post: str, by: User | None, **details: Any
) -> Cadre:
    """Somebody is proposed for a post that is not an elected one."""
    if post in ELECTED:
        raise Elected
    return _enter(person, organisation, team=team, post=post, by=by, **details)


@transaction.atomic
def enter_elected(
    person: Person,
    organisation: Organisation,
    *,
    team: str,
    post: str,
    document_number: str,
    starts_on: dt.date,
    by: User | None,
    **details: Any,
) -> Cadre:
    """Chair, vice-chair or member by an election that the superior approved: the number of its reply is the proof."""
    if post not in ELECTED:
        raise BadEntry("post", _("只有选举产生的职务这样登记，别的请提名。"))
    if read_number(document_number.strip()) is None:
        raise BadEntry("document_number", _("请填上级批复的文号，像“昆工〔2026〕17号”。"))
    if starts_on > clock.today():
        raise BadEntry("starts_on", _("任职日期在以后，请核对。"))
    cadre = _enter(
        person,
        organisation,
        team=team,
        post=post,
        by=by,
        document_number=document_number.strip(),
        state=State.ACTIVE,
        starts_on=starts_on,
        **details,
    )
    record(CadreMoved(cadre_id=cadre.pk, state=State.ACTIVE), by=by)
    return cadre


def _enter(person: Person, organisation: Organisation, *, by: User | None, **details: Any) -> Cadre:
    if organisation.is_gone:
        raise BadEntry("organisation", _("这个工会已经不在了，请换一个。"))
    is_full_time = details.get("is_full_time", True)
    if is_full_time and (other := full_time_at(person)):
        raise FullTimeElsewhere(other)
    try:
        with transaction.atomic():
            cadre = Cadre.objects.create(
                person=person, organisation=organisation, nominated_by=by, nominated_at=clock.now(), **details
            )
    except IntegrityError as clash:
        raise BadEntry("team", _("这个人在这个工会已经有这个岗位了。")) from clash
    record(CadreNominated(cadre_id=cadre.pk, team=cadre.team, organisation_id=organisation.pk), by=by)
    return cadre


@transaction.atomic
def check(cadre: Cadre, *, by: User, note: str = "") -> None:
    """Age, kin, full-time elsewhere: everything that stands against it is said at once."""
    if problems := check_problems(cadre):
        raise Unfit(problems)
    _step(cadre, State.CHECKED, by=by, checked_by=by, checked_note=note.strip())


@transaction.atomic
def approve(cadre: Cadre, *, by: User) -> None:
    if by.pk == cadre.nominated_by_id:
        raise SamePerson(_("提名和同意要由两个人做。"))
    _step(cadre, State.APPROVED, by=by, approved_by=by)


@transaction.atomic
def publicise(cadre: Cadre, *, by: User) -> Notice:
    """Shown with a masked name for the working days of the rule; anybody may object."""
    _step(cadre, State.PUBLICISED, by=by)
    row: dict[str, str | int] = {
        "name": mask_name(cadre.person.name),
        "unit": cadre.organisation.name,
        "matter": _("拟聘任为{team}").format(team=cadre.get_team_display()),
        "people": 1,
    }
    return post_notice(
        cadre.organisation,
        source=SOURCE,
        source_id=cadre.pk,
        title=_("拟聘任人员公示"),
        rows=[row],
        by=by,
        workdays=rule("publicity_workdays"),
    )


@transaction.atomic
def appoint(cadre: Cadre, *, starts_on: dt.date, document_number: str, by: User) -> None:
    """With the number of the paper; who had to be shown only after the notice ended without a valid objection."""
    if read_number(document_number.strip()) is None:
        raise BadEntry("document_number", _("请填任职文号，像“昆工〔2026〕17号”。"))
    if cadre.team in SHOWN:
        _refuse_unshown(cadre)
    if cadre.is_full_time and (other := full_time_at(cadre.person, without=cadre)):
        raise FullTimeElsewhere(other)
    _step(cadre, State.ACTIVE, by=by, starts_on=starts_on, document_number=document_number.strip())


def _refuse_unshown(cadre: Cadre) -> None:
    notice = notice_of(SOURCE, cadre.pk)
    if notice is None or notice.state == Notice.State.WITHDRAWN:
        raise NoticeStands(_("还没有公示，请先公示。"))
    if notice.state == Notice.State.SHOWN:
        text = _("公示到{day}才期满，有意见的要先答复，期满再聘任。")
        raise NoticeStands(text.format(day=clock.due_day(notice.ends_at).isoformat()))
    if notice.result == Notice.Result.UPHELD:
        raise NoticeStands(_("公示里的意见属实，不能聘任。"))


@transaction.atomic
def withdraw(cadre: Cadre, *, reason: str, by: User) -> None:
    """The nomination ends without an appointment; what is being shown is taken down."""
    _step(cadre, State.WITHDRAWN, by=by, reason=reason, end_reason=reason.strip())
    notice = notice_of(SOURCE, cadre.pk)
    if notice is not None and notice.state == Notice.State.SHOWN:
        withdraw_notice(notice, reason=reason, by=by)


@transaction.atomic
def suspend(cadre: Cadre, *, reason: str, by: User) -> None:
    _step(cadre, State.SUSPENDED, by=by, reason=reason)


@transaction.atomic
def resume(cadre: Cadre, *, by: User) -> None:
    _step(cadre, State.ACTIVE, by=by)


@transaction.atomic
def end(cadre: Cadre, *, ended_on: dt.date, reason: str, by: User) -> None:
    """The last day; places end with it, open tasks are called off."""
    if cadre.starts_on and ended_on < cadre.starts_on:
        raise BadEntry("ended_on", _("离任日期不能早于任职日期{day}。").format(day=cadre.starts_on.isoformat()))
    _step(cadre, State.ENDED, by=by, reason=reason, ended_on=ended_on, end_reason=reason.strip())
    for area in cadre.areas.filter(until=None):
        area.until = max(ended_on, area.since)
        area.save(update_fields=["until"])
    for task in cadre.tasks.filter(state="open"):
        move(task, "cancelled")


def _step(cadre: Cadre, to: str, *, by: User | None, reason: str = "", **changes: Any) -> None:
    if cadre.state == State.ENDED:
        raise Gone(cadre)
    try:
        with transaction.atomic():
            move(cadre, to, **changes)
    except IntegrityError as clash:
        other = full_time_at(cadre.person, without=cadre)
        raise FullTimeElsewhere(other or cadre.organisation) from clash
    record(CadreMoved(cadre_id=cadre.pk, state=to, reason=reason.strip()[:200]), by=by)
