"""Around the delegates: committees between the sessions, guests without a vote, seats for each firm of a region."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yiwang.kernel.clock import now
from yiwang.platform.journal.actions import record
from yiwang.register.accounts.models import User
from yiwang.rights.congress import formulas, queries
from yiwang.rights.congress.actions.constituting import draw_constituency
from yiwang.rights.congress.actions.sessions import locked
from yiwang.rights.congress.errors import NotReady
from yiwang.rights.congress.events import CommitteeFormed, GuestAsked, GuestMoved
from yiwang.rights.congress.formulas import Firm
from yiwang.rights.congress.models import Committee, Congress, Constituency, Delegate, Guest, Kind, Session
from yiwang.rights.congress.queries import rule

State = Session.State


@transaction.atomic
def form_committee(
    congress: Congress, *, kind: str, task: str, head: Delegate, members: Sequence[Delegate], by: User
) -> Committee:
    """A head who is a delegate, and others; formed again, it replaces the one of the same kind."""
    congress = Congress.objects.select_for_update().get(pk=congress.pk)
    if congress.state != Congress.State.IN_TERM:
        raise NotReady(_("代表还没选齐，先选代表，再设小组。"))
    everyone = {row.pk: row for row in (head, *members)}
    if len(everyone) < rule("committee_fewest"):
        text = _("小组连组长至少{n}人。").format(n=rule("committee_fewest"))
        raise NotReady(text, fields={"members": text})
    committee, _made = Committee.objects.update_or_create(
        congress=congress, kind=kind, defaults={"task": task.strip(), "head": head}
    )
    committee.members.set(everyone.values())
    record(CommitteeFormed(congress_id=congress.pk, kind=kind, members=len(everyone)), by=by)
    return committee


@transaction.atomic
def ask_guest(session: Session, *, name: str, post: str, way: str, by: User) -> Guest:
    """Who is a delegate sits in as one: nobody is both."""
    session = locked(session, State.PLANNED, State.CALLED, State.OPEN)
    if queries.delegates_of(session.congress).filter(person__name=name.strip()).exists():
        text = _("{name}是代表，按代表签到。同名的，在姓名后面加部门。").format(name=name.strip())
        raise NotReady(text, fields={"name": text})
    try:
        with transaction.atomic():
            guest = Guest.objects.create(session=session, name=name.strip(), post=post.strip(), way=way)
    except IntegrityError as clash:
        text = _("这个人已经在列席名单上了。")
        raise NotReady(text, fields={"name": text}) from clash
    record(GuestAsked(session_id=session.pk, way=way), by=by)
    return guest


@transaction.atomic
def sign_guest_in(guest: Guest, *, by: User) -> None:
    """Safe to repeat. It changes no quorum."""
    session = locked(guest.session, State.CALLED, State.OPEN)
    if Guest.objects.filter(pk=guest.pk, came_at=None).update(came_at=now()):
        record(GuestMoved(session_id=session.pk, state="came"), by=by)


@transaction.atomic
def drop_guest(guest: Guest, *, by: User) -> None:
    """Before they came."""
    session = locked(guest.session, State.PLANNED, State.CALLED, State.OPEN)
    gone, _rows = Guest.objects.filter(pk=guest.pk, came_at=None).delete()
    if not gone:
        raise NotReady(_("已经到会的人不能从名单上去掉。"))
    record(GuestMoved(session_id=session.pk, state="dropped"), by=by)


@transaction.atomic
def draw_by_firms(congress: Congress, firms: Sequence[Firm], *, by: User) -> list[Constituency]:
    """One constituency for each firm, small ones together; seats by their workers, at least one each."""
    if congress.kind not in (Kind.REGIONAL, Kind.INDUSTRY):
        raise NotReady(_("区域性、行业性的职代会才按企业分名额。"))
    if congress.constituencies.exists():
        raise NotReady(_("已经划了选区。先去掉，再按企业分。"))
    groups = _grouped(firms, rule("cluster_workers"))
    if len(groups) > congress.seats:
        text = _("一共{seats}个名额，不够{n}个选区一个分一个。").format(seats=congress.seats, n=len(groups))
        raise NotReady(text, fields={"firms": text})
    sizes = [sum(firm.headcount for firm in group) for group in groups]
    seats = formulas.seats_by_size(sizes, congress.seats)
    return [
        draw_constituency(
            congress,
            name=_joined(group),
            headcount=size,
            women=sum(firm.women for firm in group),
            seats=min(number, size),
            by=by,
        )
        for group, size, number in zip(groups, sizes, seats, strict=True)
    ]


def _grouped(firms: Sequence[Firm], most: int) -> list[list[Firm]]:
    """Firms above the limit stand alone; the others share a constituency, in the order given, up to the limit."""
    alone = [[firm] for firm in firms if firm.headcount > most]
    together: list[list[Firm]] = []
    for firm in (firm for firm in firms if firm.headcount <= most):
        if together and sum(row.headcount for row in together[-1]) + firm.headcount <= most:
            together[-1].append(firm)
        else:
            together.append([firm])
    return [*alone, *together]


def _joined(group: Sequence[Firm]) -> str:
    if len(group) == 1:
        return group[0].name
    return _("{first}等{n}家").format(first=group[0].name, n=len(group))
