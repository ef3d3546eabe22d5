"""What the papers of a procedure say; official papers are Chinese whoever reads them."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import override

from yiwang.grassroots.founding.models import Body, Procedure
from yiwang.grassroots.founding.queries import candidates_of, needs_of
from yiwang.net.cases.actions.letters import LETTERS

State = Procedure.State
Words = tuple[str, str, Sequence[str]]


class Wording:
    """The subject and the sentences of each request, report and reply."""

    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure

    def _subject(self, what: str) -> str:
        return f"{self.procedure.name}{what}"

    @override(LETTERS)
    def prep(self) -> Words:
        procedure = self.procedure
        if not procedure.is_founding:
            subject = self._subject(_("换届选举"))
            return (
                "union_request",
                subject,
                [_("本届委员会任期将满（已满），拟按规定换届。{reason}").format(reason=procedure.reason)],
            )
        firms = "、".join(employer.name for employer in procedure.employers.all())
        people = "、".join(str(row.get("name", "")) for row in procedure.group)
        facts = [
            _("用人单位：{firms}，职工{count}人。").format(firms=firms, count=procedure.headcount),
            _("筹备组成员：{people}。").format(people=people),
        ]
        if procedure.has_party_consent:
            facts.append(_("单位党组织已同意建会。"))
        return "union_request", self._subject(_("成立并组建筹备组")), facts

    @override(LETTERS)
    def meeting(self) -> Words:
        procedure, needs = self.procedure, needs_of(self.procedure.organisation)
        facts = [
            _("会员{members}人，其中女会员{women}人。拟召开{meeting}。").format(
                members=needs.members, women=needs.women, meeting=procedure.get_meeting_form_display()
            )
        ]
        seats = {Body.COMMITTEE: procedure.seats, Body.AUDIT: procedure.audit_seats, Body.WOMEN: procedure.women_seats}
        for body, count in seats.items():
            names = "、".join(row.person.name for row in candidates_of(procedure, body))
            if names:
                text = _("{body}应选{count}人，候选人：{names}。")
                facts.append(text.format(body=body.label, count=count, names=names))
        return "union_request", self._subject(_("召开大会并确定候选人")), facts

    @override(LETTERS)
    def report(self) -> Words:
        procedure = self.procedure
        facts = [
            _(
                "应到{entitled}人，实到{present}人；发出选票{issued}张，收回{returned}张，有效{valid}张，无效{invalid}张。"
            ).format(
                entitled=procedure.entitled,
                present=procedure.present,
                issued=procedure.issued,
                returned=procedure.returned,
                valid=procedure.valid,
                invalid=procedure.invalid,
            )
        ]
        for row in candidates_of(procedure):
            if row.is_elected:
                text = _("{name}得{votes}票，当选{body}{post}。")
                facts.append(
                    text.format(
                        name=row.person.name, votes=row.votes, body=row.get_body_display(), post=row.get_post_display()
                    )
                )
        facts.append(
            _("监票人：{overseer}；计票人：{counter}。").format(overseer=procedure.overseer, counter=procedure.counter)
        )
        return "union_report", self._subject(_("选举")), facts

    @override(LETTERS)
    def reply(self) -> tuple[str, Sequence[str]]:
        """Subject and content of the reply to what waits now."""
        procedure = self.procedure
        if procedure.state == State.PREP_APPLIED:
            _kind, subject, _facts = self.prep()
            return subject, [_("同意。请依法做好会员发展和选举准备。")]
        if procedure.state == State.MEET_APPLIED:
            _kind, subject, _facts = self.meeting()
            return subject, [_("同意召开大会。"), _("同意所报候选人名单，请以无记名投票方式选举。")]
        _kind, subject, facts = self.report()
        return subject, [_("同意选举结果，任期{years}年。").format(years=procedure.term_years), *facts[1:-1]]
