"""From the first plan of a term to its delegates in office (rights 3.2, D3-04, D3-05)."""

import datetime as dt
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yiwang.kernel.clock import add_months, today
from yiwang.kernel.states import move
from yiwang.platform.journal.actions import record
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Membership
from yiwang.register.organisations.models import Organisation
from yiwang.rights.congress import formulas, queries
from yiwang.rights.congress.actions.reporting import owe_report
from yiwang.rights.congress.errors import BadCount, NotReady
from yiwang.rights.congress.events import (
    CongressConstituted,
    CongressEnded,
    CongressStarted,
    ConstituencyDrawn,
    ConstituencyDropped,
    ConstituencyElected,
    DelegateEnded,
    DelegateNominated,
)
from yiwang.rights.congress.models import Congress, Constituency, Delegate, Kind, Report
from yiwang.rights.congress.queries import rule

State = Delegate.State


@transaction.atomic
def start_congress(
    organisation: Organisation,
    *,
    kind: str,
    headcount: int,
    women: int,
    seats: int,
    years: int,
    by: User,
    number: int | None = None,
) -> Congress:
    """A new term is prepared; below the limit everyone meets and there is nobody to elect."""
    shortest, longest = rule("term_fewest"), rule("term_most")
    if not shortest <= years <= longest:
        text = _("任期要在{a}年到{b}年之间。").format(a=shortest, b=longest)
        raise NotReady(text, fields={"years": text})
    if women > headcount:
        text = _("女职工不会比职工多，请改一下。")
        raise NotReady(text, fields={"women": text})
    if kind != Kind.GENERAL:
        fewest = queries.fewest_seats(headcount)
        if not fewest <= seats <= headcount:
            text = _("职工{n}人，代表名额至少{fewest}个，也不能比职工多。").format(n=headcount, fewest=fewest)
            raise NotReady(text, fields={"seats": text})
    elif headcount >= rule("congress_from"):
        text = _("职工满{n}人，要开职工代表大会。").format(n=rule("congress_from"))
        raise NotReady(text, fields={"kind": text})
    congress = _created(organisation, kind, headcount, women, seats, years, number, by)
    if kind == Kind.GENERAL:
        _seat_everyone(congress, by)
    return congress


def _created(
    organisation: Organisation,
    kind: str,
    headcount: int,
    women: int,
    seats: int,
    years: int,
    number: int | None,
    by: User,
) -> Congress:
    try:
        with transaction.atomic():
            congress = Congress.objects.create(
                organisation=organisation,
                kind=kind,
                number=number or queries.next_number(organisation),
                years=years,
                headcount=headcount,
                women=women,
                seats=headcount if kind == Kind.GENERAL else seats,
                started_by=by,
            )
    except IntegrityError as clash:
        raise NotReady(_("这个工会已经有一届职代会。先把它办到届满，再办下一届。")) from clash
    record(CongressStarted(congress_id=congress.pk, kind=kind, number=congress.number, seats=congress.seats), by=by)
    return congress


def _seat_everyone(congress: Congress, by: User) -> None:
    members = list(queries.electors(congress.organisation))
    if not members:
        raise NotReady(_("这个工会还没有在册会员，开不成职工大会。"))
    women = sum(row.person.gender == queries.WOMAN for row in members)
    place = Constituency.objects.create(
        congress=congress,
        name=str(_("全体职工")),
        headcount=len(members),
        women=women,
        seats=len(members),
        present=len(members),
        elected_on=today(),
    )
    Congress.objects.filter(pk=congress.pk).update(headcount=len(members), women=women, seats=len(members))
    congress.refresh_from_db()
    Delegate.objects.bulk_create(
        Delegate(
            congress=congress,
            constituency=place,
            person=row.person,
            state=State.ELECTED,
            is_woman=row.person.gender == queries.WOMAN,
            is_dispatched=row.employ_kind == queries.DISPATCHED,
            elected_on=today(),
        )
        for row in members
    )
    record(ConstituencyDrawn(congress_id=congress.pk, constituency=place.name, seats=place.seats), by=by)


def _preparing(congress: Congress) -> Congress:
    congress = Congress.objects.select_for_update().get(pk=congress.pk)
    if congress.state == Congress.State.ENDED:
        raise NotReady(_("这一届已经届满了，不能再改。"))
    return congress


@transaction.atomic
def draw_constituency(
    congress: Congress, *, name: str, headcount: int, women: int, seats: int, by: User
) -> Constituency:
    """All constituencies together have no more workers and no more seats than the whole."""
    congress = _preparing(congress)
    if congress.state != Congress.State.PREPARING or congress.everyone_meets:
        raise NotReady(_("现在不能再划选区。"))
    taken = list(congress.constituencies.values_list("headcount", "seats"))
    if sum(row[0] for row in taken) + headcount > congress.headcount:
        text = _("各选区职工数加起来超过{n}人了。").format(n=congress.headcount)
        raise NotReady(text, fields={"headcount": text})
    if sum(row[1] for row in taken) + seats > congress.seats:
        text = _("各选区名额加起来超过{n}个了。").format(n=congress.seats)
        raise NotReady(text, fields={"seats": text})
    if headcount < 1 or seats < 1:
        text = _("选区至少1人，名额至少1个。")
        raise NotReady(text, fields={"headcount" if headcount < 1 else "seats": text})
    if women > headcount or seats > headcount:
        text = _("女职工和名额都不能比选区职工多。")
        raise NotReady(text, fields={"headcount": text})
    if congress.constituencies.filter(name=name.strip()).exists():
        text = _("已经有这个选区了。")
        raise NotReady(text, fields={"name": text})
    place = Constituency.objects.create(
        congress=congress, name=name.strip(), headcount=headcount, women=women, seats=seats
    )
    record(ConstituencyDrawn(congress_id=congress.pk, constituency=place.name, seats=seats), by=by)
    return place


@transaction.atomic
def drop_constituency(place: Constituency, *, by: User) -> None:
    congress = _preparing(place.congress)
    if place.elected_on is not None:
        raise NotReady(_("这个选区已经选过了，不能去掉。"))
    place.delegates.all().delete()
    place.delete()
    record(ConstituencyDropped(congress_id=congress.pk, constituency=place.name), by=by)


@transaction.atomic
def nominate(
    place: Constituency,
    membership: Membership,
    *,
    category: str,
    by: User,
    active_days: int | None = None,
) -> Delegate:
    """A member stands in one constituency; a platform worker must have worked enough days."""
    congress = _preparing(place.congress)
    if congress.kind == Kind.PLATFORM and (active_days or 0) < rule("active_days"):
        text = _("近90天接单满{n}天才能当代表。").format(n=rule("active_days"))
        raise NotReady(text, fields={"active_days": text})
    try:
        with transaction.atomic():
            delegate = Delegate.objects.create(
                congress=congress,
                constituency=place,
                person=membership.person,
                category=category,
                is_woman=membership.person.gender == queries.WOMAN,
                is_dispatched=membership.employ_kind == queries.DISPATCHED,
                active_days=active_days,
            )
    except IntegrityError as clash:
        text = _("这个人已经在一个选区里了，不能在两个选区参选。")
        raise NotReady(text, fields={"who": text}) from clash
    record(DelegateNominated(congress_id=congress.pk, person_id=membership.person_id, constituency=place.name), by=by)
    return delegate


@transaction.atomic
def elect_constituency(
    place: Constituency, *, present: int, votes: Mapping[int, int], method: str, on: dt.date, by: User
) -> list[Delegate]:
    """Two thirds there, more than half of **all** workers of the constituency in favour, the most votes first."""
    congress = _preparing(place.congress)
    place = Constituency.objects.select_for_update().get(pk=place.pk)
    standing = list(place.delegates.filter(state__in=[State.NOMINATED, State.NOT_ELECTED]))
    if not standing:
        raise NotReady(_("还没有候选人。先加候选人，再登记结果。"))
    _refuse_count(place, present, votes)
    free = place.seats - place.delegates.filter(state=State.ELECTED).count()
    outcome = formulas.round_of(
        {str(row.pk): votes.get(row.pk, 0) for row in standing}, seats=free, entitled=place.headcount
    )
    elected = []
    for row in standing:
        won = str(row.pk) in outcome.elected
        to = State.ELECTED if won else State.NOT_ELECTED
        changes = {"votes": votes.get(row.pk, 0), **({"elected_on": on} if won else {})}
        if row.state == to:
            Delegate.objects.filter(pk=row.pk).update(**changes)
        else:
            move(row, to, **changes)
        elected += [row] if won else []
    filled = not outcome.seats_left
    Constituency.objects.filter(pk=place.pk).update(
        present=present, method=method, elected_on=on if filled else place.elected_on
    )
    record(
        ConstituencyElected(congress_id=congress.pk, constituency=place.name, present=present, elected=len(elected)),
        by=by,
    )
    return elected


def _refuse_recall(place: Constituency, present: int | None, votes: int | None) -> None:
    if present is None or votes is None:
        raise BadCount(_("罢免要由本选区职工投票。请填实到人数和赞成罢免的票数。"))
    _refuse_count(place, present, {place.pk: votes})
    if not formulas.is_majority(votes, place.headcount):
        text = _("赞成罢免的要过本选区{n}人的一半，至少{needed}票，现在{votes}票。")
        raise BadCount(text.format(n=place.headcount, needed=formulas.majority(place.headcount), votes=votes))


def _refuse_count(place: Constituency, present: int, votes: Mapping[int, int]) -> None:
    if present > place.headcount:
        text = _("实到不能比选区职工{n}人多。").format(n=place.headcount)
        raise BadCount(text, fields={"present": text})
    needed = queries.needed_of(place.headcount)
    if present < needed:
        text = _("这个选区{n}人，至少要到{needed}人，选举才有效。").format(n=place.headcount, needed=needed)
        raise BadCount(text, fields={"present": text})
    over = [pk for pk, count in votes.items() if count > present]
    if over:
        text = _("得票不能比实到人数多。")
        raise BadCount(text, fields={f"votes_{pk}": text for pk in over})


@transaction.atomic
def constitute(congress: Congress, *, on: dt.date, by: User) -> None:
    """The delegates are complete and fairly composed: the term begins."""
    congress = _preparing(congress)
    faults = [check.words for check in queries.composition(congress) if check.blocks and not check.holds]
    if faults:
        raise NotReady(*faults)
    move(congress, Congress.State.IN_TERM, starts_on=on, ends_on=add_months(on, congress.years * 12))
    record(CongressConstituted(congress_id=congress.pk, delegates=queries.delegates_of(congress).count()), by=by)
    if not congress.everyone_meets:
        owe_report(congress, Report.About.ELECTION, since=on)


@transaction.atomic
def end_delegate(
    delegate: Delegate, *, reason: str, by: User, present: int | None = None, votes: int | None = None
) -> None:
    """Left, moved or recalled: the seat is vacant at once and its constituency elects again.

    Who was elected by the workers of a constituency is recalled only by them, as they elected (D3-05).
    """
    if reason == Delegate.End.RECALLED:
        _refuse_recall(delegate.constituency, present, votes)
    move(delegate, State.ENDED, ended_on=today(), end_reason=reason)
    Constituency.objects.filter(pk=delegate.constituency_id).update(elected_on=None)
    record(DelegateEnded(congress_id=delegate.congress_id, person_id=delegate.person_id, reason=reason), by=by)


@transaction.atomic
def end_congress(congress: Congress, *, by: User) -> None:
    """The term is over; open sessions end first."""
    if congress.sessions.filter(state__in=["planned", "called", "open"]).exists():
        raise NotReady(_("还有没开完的会，先开完或取消。"))
    move(congress, Congress.State.ENDED)
    record(CongressEnded(congress_id=congress.pk), by=by)
