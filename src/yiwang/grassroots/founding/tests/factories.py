"""Employers, members and procedures for tests, made by the real verbs."""

from itertools import count

from yiwang.grassroots.founding import actions
from yiwang.grassroots.founding.formulas import Count
from yiwang.grassroots.founding.models import Body, Post, Procedure
from yiwang.kernel.clock import today
from yiwang.kernel.identity import uscc_check_digit
from yiwang.register.members.actions.bulk import enrol_many
from yiwang.register.members.models import Membership, Person
from yiwang.register.members.tests.factories import id_number
from yiwang.register.organisations.models import Employer

_numbers = count(1)
GROUP = [{"name": "吴党", "side": "party"}, {"name": "陈工", "side": "worker"}, {"name": "李工", "side": "worker"}]


def firm(name: str = "", *, headcount: int = 268, **more) -> Employer:
    number = next(_numbers)
    code = f"91320583MD{number:07d}"
    return Employer.objects.create(
        name=name or f"示例精密机械第{number}有限公司",
        uscc=code + uscc_check_digit(code),
        headcount=headcount,
        division_code="320583100",
        **more,
    )


def enrol(organisation, number: int, *, women: int = 0) -> list[Membership]:
    """So many members, the first ones women."""
    rows = []
    for place in range(number):
        person = Person(
            name=f"会员{place:03d}", id_type="1", id_number=id_number(), gender="2" if place < women else "1"
        )
        rows.append((person, Membership(organisation=organisation, joined_on=today(), join_way="1")))
    enrol_many(rows, by=None)
    return [membership for _person, membership in rows]


def prepared(cast, *, members: int = 30, women: int = 0, employer: Employer | None = None) -> Procedure:
    """A founding whose preparation is approved and whose people have joined."""
    procedure = actions.start_founding(
        cast.town,
        name=f"示例精密机械{next(_numbers)}工会",
        employers=[employer or firm()],
        group=GROUP,
        by=cast.town_officer,
    )
    actions.apply(procedure, by=cast.town_officer)
    actions.approve(procedure, by=cast.approver)
    enrol(procedure.organisation, members, women=women)
    return procedure


def stand(procedure: Procedure, by, *, seats: int = 5, candidates: int = 6, audit: int = 3, women: int = 0) -> None:
    """A plan with its candidates: the first is to be chair; auditors and women come after."""
    actions.plan_election(
        procedure, seats=seats, audit_seats=audit, women_seats=women, term_years=5, meeting_form="members", by=by
    )
    people = list(Membership.objects.filter(organisation=procedure.organisation).order_by("pk"))
    for place in range(candidates):
        post = Post.CHAIR if place == 0 else Post.MEMBER
        actions.name_candidate(procedure, people[place], body=Body.COMMITTEE, post=post, by=by)
    for place in range(audit):
        member = people[candidates + place]
        actions.name_candidate(procedure, member, body=Body.AUDIT, post=Post.MEMBER, by=by)
    for place in range(women):
        actions.name_candidate(procedure, people[place], body=Body.WOMEN, post=Post.MEMBER, by=by)


def meet(
    procedure: Procedure, by, *, present: int | None = None, entitled: int | None = None, votes=None, on=None
) -> None:
    """Hold the meeting; the last candidate of the committee gets one vote only, unless told otherwise."""
    members = entitled or Membership.objects.voting().filter(organisation=procedure.organisation).count()
    here = members if present is None else present
    rows = list(procedure.candidates.order_by("pk"))
    last = [row for row in rows if row.body == Body.COMMITTEE][-1]
    given = {row.pk: here for row in rows} | {last.pk: 1} if votes is None else votes
    actions.file_result(
        procedure,
        held_on=on or today(),
        place="三楼会议室",
        count=Count(members, here, here, here, here, 0),
        votes=given,
        overseer="王监",
        counter="赵计",
        by=by,
    )


def founded(cast, **more) -> Procedure:
    """A union founded from guidance to the last reply."""
    procedure = prepared(cast, **more)
    stand(procedure, cast.town_officer)
    actions.apply(procedure, by=cast.town_officer)
    actions.approve(procedure, by=cast.approver)
    meet(procedure, cast.town_officer)
    actions.approve(procedure, by=cast.approver)
    procedure.refresh_from_db()
    return procedure
