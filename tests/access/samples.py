"""Concrete records for every URL that names one. All belong to 周文娟 of 恒达精密, in the county of 昆山."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tests.access import aid as of_hardship
from tests.access import cadres, congress, grassroots, net, practices, register
from tests.cast import Cast
from yiwang.net.cases import actions as cases
from yiwang.net.cases.models import Case
from yiwang.net.cases.tests import factories as of_cases
from yiwang.net.catalogue.models import ServiceVersion
from yiwang.net.catalogue.tests import factories as of_catalogue
from yiwang.net.evaluation.actions import rate
from yiwang.net.evaluation.models import BadReview
from yiwang.net.notices.actions import object_to, post_notice
from yiwang.net.notices.models import Notice, Objection
from yiwang.net.payments.actions import take_answer
from yiwang.net.payments.formats import answer_file
from yiwang.net.payments.models import AnswerFile, Batch, Fund, Payment
from yiwang.net.payments.tests import factories as of_payments
from yiwang.platform.ballots.tests import factories as of_ballots
from yiwang.platform.files.actions import store_upload
from yiwang.platform.files.models import Document
from yiwang.platform.files.tests.factories import picture, upload
from yiwang.platform.forms.actions import open_draft
from yiwang.platform.forms.library import FormDefinition
from yiwang.platform.forms.models import Draft
from yiwang.platform.jobs.models import JobRun
from yiwang.platform.notify.models import Message
from yiwang.platform.rules import actions as rules
from yiwang.platform.rules import queries as figures
from yiwang.platform.rules.models import ParameterProposal
from yiwang.platform.text import actions as words
from yiwang.platform.text.models import AliasProposal
from yiwang.register.access import actions as access
from yiwang.register.access.models import Appointment, Mandate, Recusal
from yiwang.register.imports.actions.receiving import open_batch
from yiwang.register.imports.models import ImportBatch
from yiwang.register.imports.tests.factories import as_csv, make_row
from yiwang.rights.aid.actions import check_household, prepare_decision, set_circumstances
from yiwang.rights.aid.models import AidFile, Finding
from yiwang.rights.aid.tests import factories as of_aid

Kwargs = dict[str, str | int]
IN_A_MONTH = dt.date.today() + dt.timedelta(days=30)


@dataclass
class World:
    """The cast and one sample of each kind of record."""

    cast: Cast

    def make_all(self) -> None:
        for name, member in vars(World).items():
            if isinstance(member, cached_property):
                getattr(self, name)
        grassroots.make_all(self)
        register.make_all(self)
        net.make_all(self)
        congress.make_all(self)
        cadres.make_all(self)
        practices.make_all(self)
        of_hardship.make_all(self)

    @cached_property
    def election(self) -> str:
        return of_ballots.opened(1).election.uuid

    @cached_property
    def appointment(self) -> Appointment:
        return Appointment.objects.get(user=self.cast.handler)

    @cached_property
    def mandate(self) -> Mandate:
        return access.note_paper_mandate(
            person_id=self.cast.wenjuan_person.pk,
            person_name="周文娟",
            delegate=self.cast.chair,
            evidence="委托书",
            valid_until=IN_A_MONTH,
            by=self.cast.chair,
        )

    @cached_property
    def figure(self) -> ParameterProposal:
        current = figures.history_of("cases.merge_days", "")[0]
        texts = {"source_zh": "纪要", "source_en": "Minutes", "evidence": "design", "reason": "试"}
        return rules.propose_parameter(current, value=45, valid_from=IN_A_MONTH, by=self.cast.chair, **texts)

    @cached_property
    def word(self) -> AliasProposal:
        return words.propose_alias(
            "摔断腿", codes=["HP-0001"], terms=[], is_active=True, reason="试", by=self.cast.chair
        )

    @cached_property
    def recusal(self) -> Recusal:
        return access.declare_recusal(
            self.cast.handler, employer=self.cast.sibling_employer, reason="interest", by=self.cast.handler
        )

    @cached_property
    def service(self) -> ServiceVersion:
        return of_cases.make_service("HP-0900")

    @cached_property
    def case(self) -> Case:
        """Accepted by the county's handler, asked for a paper: the worker's turn."""
        case = of_cases.accepted(self.service, self.cast.wenjuan_person, by=self.cast.handler)
        cases.request_supplement(
            case,
            items=[{"name": "出院结算单", "reason": "金额看不清"}],
            by=self.cast.handler,
            now=of_cases.NOW,
        )
        return case

    @cached_property
    def decided_case(self) -> Case:
        another = of_cases.make_service("HP-0901")  # a second request for the same service would join the first
        return of_cases.decided(
            another, self.cast.wenjuan_person, handler=self.cast.handler, approver=self.cast.approver
        )

    @cached_property
    def bad_review(self) -> BadReview:
        evaluation = rate(self.decided_case, score=1, by=self.cast.wenjuan, text="等了太久")
        return BadReview.objects.get(evaluation=evaluation)

    @cached_property
    def draft(self) -> Draft:
        form = FormDefinition.from_json(self.service.definition["form"])
        draft, _resumed = open_draft("service:HP-0900", by=self.cast.wenjuan, definition=form, keep_days=30)
        return draft

    @cached_property
    def document(self) -> Document:
        return store_upload(
            upload(picture()), subject="case", subject_id=self.case.pk, kind="papers", by=self.cast.wenjuan
        )

    @cached_property
    def version(self) -> ServiceVersion:
        """A draft of the county in the editor."""
        return of_catalogue.draft(self.cast)

    @cached_property
    def batch(self) -> ImportBatch:
        row = make_row(1, union=self.cast.unit.code, uscc=self.cast.employer.uscc)
        return open_batch(as_csv([row]), file_name="名册.csv", by=self.cast.handler)

    @cached_property
    def run(self) -> JobRun:
        return JobRun.objects.create(name="imports.apply", title="导入会员名册", started_by_id=self.cast.handler.pk)

    @cached_property
    def fund(self) -> Fund:
        return of_payments.make_fund(self.cast)

    @cached_property
    def payment(self) -> Payment:
        return of_payments.make_payment(self.fund, self.cast.wenjuan_person)

    @cached_property
    def paying(self) -> Batch:
        """A batch that waits for the bank."""
        assert self.payment.pk
        return of_payments.sent(self.cast, self.fund)

    @cached_property
    def bank_answer(self) -> AnswerFile:
        content = answer_file(self.paying.file_number, [(99, 1, "paid", "", "2026-11-06", "R")])
        return take_answer(self.paying, content, name="answer.csv", by=self.cast.finance)

    @cached_property
    def notice(self) -> Notice:
        rows: list[dict[str, str | int]] = [{"name": "周**", "unit": "恒达精密工会"}]
        return post_notice(self.cast.county, source="test", source_id=1, title="公示", rows=rows, by=self.cast.handler)

    @cached_property
    def objection(self) -> Objection:
        return object_to(self.notice, text="有两套房", by=self.cast.stranger)

    @cached_property
    def aid_file(self) -> AidFile:
        """Before the county: the officer has let the rules propose."""
        file = of_aid.fill(of_aid.make_file(self.cast), self.cast.clerk)
        of_aid.at_county(self.cast, file)
        prepare_decision(file, by=self.cast.handler)
        return file

    @cached_property
    def aid_finding(self) -> Finding:
        file = of_aid.make_file(self.cast, applicant=self.cast.courier_person)
        set_circumstances(file, exclusions=["vehicle"], by=self.cast.clerk)
        return check_household(file, by=self.cast.clerk)[0]

    @cached_property
    def message(self) -> Message:
        return Message.objects.create(
            recipient_id=self.cast.wenjuan.pk, template="cases/accepted", title="已受理", text="沈佳在办。"
        )


def appointment(world: World) -> Kwargs:
    return {"public_id": world.appointment.public_id}


def mandate(world: World) -> Kwargs:
    return {"public_id": world.mandate.public_id}


def key(world: World) -> Kwargs:
    return {"key": "abc"}


def nobodys_key(world: World) -> Kwargs:
    return {"pk": 1}


def case(world: World) -> Kwargs:
    return {"number": world.case.number}


def decided_case(world: World) -> Kwargs:
    return {"number": world.decided_case.number}


def draft(world: World) -> Kwargs:
    return {"draft": world.draft.public_id}


def document(world: World) -> Kwargs:
    return {"public_id": world.document.public_id}


def version(world: World) -> Kwargs:
    return {"code": world.version.service.code, "number": world.version.number}


def batch(world: World) -> Kwargs:
    return {"public_id": world.batch.public_id}


def run(world: World) -> Kwargs:
    return {"public_id": world.run.public_id}


def county(world: World) -> Kwargs:
    return {"public_id": world.cast.county.public_id}


def person(world: World) -> Kwargs:
    return {"public_id": world.cast.wenjuan_person.public_id}


def aid(world: World) -> Kwargs:
    return {"public_id": world.aid_file.public_id}


def also(sample: Callable[[World], Kwargs], **more: Any) -> Callable[[World], Kwargs]:
    return lambda world: {**sample(world), **more}


SAMPLES: dict[str, Callable[[World], Kwargs]] = {
    "ballots:election-document": lambda world: {"uuid": world.election},
    "ballots:election-archive": lambda world: {"uuid": world.election},
    "ballots:ballot-cast": lambda world: {"uuid": world.election},
    "ballots:ballot-track": lambda world: {"uuid": world.election, "name": "0" * 64},
    "access:appointment-detail": appointment,
    "access:appointment-confirm": appointment,
    "access:appointment-decline": appointment,
    "access:appointment-end": appointment,
    "access:recusal-end": lambda world: {"public_id": world.recusal.public_id},
    "mandates:mandate-confirm": mandate,
    "mandates:mandate-end": mandate,
    "portal:parameter": lambda world: {"name": "cases.merge_days"},
    "portal:parameter-proposal": lambda world: {"public_id": world.figure.public_id},
    "portal:word-decide": lambda world: {"public_id": world.word.public_id},
    "portal:delegate-end": mandate,
    "accounts:session-end": lambda world: {"mark": "0123456789abcdef"},
    "accounts:email-confirm-unused": key,
    "accounts:reset-key-unused": key,
    "account_confirm_email": key,
    "account_reset_password_from_key": lambda world: {"uidb36": "a", "key": "abc"},
    "mfa_remove_webauthn": nobodys_key,
    "mfa_edit_webauthn": nobodys_key,
    "api-v1:one_case": case,
    "api-v1:service": lambda world: {"code": world.service.service.code},
    "cases:apply-start": lambda world: {"code": world.service.service.code},
    "cases:apply-check": draft,
    "cases:apply-discard": draft,
    "cases:apply-step": also(draft, step="need"),
    "cases:apply-done": case,
    "cases:pick": lambda world: {"kind": "organisation"},
    "cases:matter-detail": case,
    "cases:matter-message": case,
    "cases:matter-print": case,
    "cases:matter-supplement": case,
    "cases:matter-urge": case,
    "cases:matter-withdraw": case,
    "cases:matter-review": decided_case,
    "cases:receipt": decided_case,
    "cases:receipt-download": decided_case,
    "cases:letter-download": lambda world: {
        **decided_case(world),
        "letter": world.decided_case.letters.order_by("pk")[0].public_id,
        "form": "pdf",
    },
    "cases:case-detail": case,
    "cases:case-act": also(case, act="note"),
    "cases:case-print": case,
    "cases:case-reveal": case,
    "evaluation:rate": decided_case,
    "evaluation:bad-review": lambda world: {"review": world.bad_review.public_id},
    "evaluation:bad-review-act": lambda world: {"review": world.bad_review.public_id, "act": "assign"},
    "forms:draft-save": lambda world: {"public_id": world.draft.public_id, "step": "need"},
    "forms:draft-discard": lambda world: {"public_id": world.draft.public_id},
    "files:document-open": document,
    "files:document-remove": document,
    "files:document-thumb": document,
    "files:document-upload": lambda world: {"subject": "draft", "place": world.draft.public_id, "kind": "papers"},
    "notify:message-open": lambda world: {"public_id": world.message.public_id},
    "organisations:organisation-detail": county,
    "organisations:organisation-edit": county,
    "organisations:organisation-branches": county,
    "insight:overview-of": county,
    "catalogue:service-detail": lambda world: {"code": world.service.service.code},
    "catalogue:service-paper": lambda world: {"code": world.service.service.code},
    "catalogue:editor-version": version,
    "catalogue:editor-section": also(version, section="basics"),
    "catalogue:editor-compare": version,
    "catalogue:editor-do": also(version, verb="submit"),
    "catalogue:editor-preview": version,
    "catalogue:entitlements-question": lambda world: {"key": "left"},
    "payments:batch-detail": lambda world: {"public_id": world.paying.public_id},
    "payments:batch-file": lambda world: {"public_id": world.paying.public_id},
    "payments:batch-answer": lambda world: {"public_id": world.paying.public_id},
    "payments:batch-act": lambda world: {"public_id": world.paying.public_id, "act": "close"},
    "payments:answer-settle": lambda world: {"public_id": world.bank_answer.public_id},
    "payments:payment-detail": lambda world: {"public_id": world.payment.public_id},
    "payments:payment-act": lambda world: {"public_id": world.payment.public_id, "act": "hold"},
    "payments:fund-detail": lambda world: {"public_id": world.fund.public_id},
    "payments:fund-act": lambda world: {"public_id": world.fund.public_id, "act": "budget"},
    "notices:notice-detail": lambda world: {"public_id": world.notice.public_id},
    "notices:notice-object": lambda world: {"public_id": world.notice.public_id},
    "notices:desk-detail": lambda world: {"public_id": world.notice.public_id},
    "notices:desk-withdraw": lambda world: {"public_id": world.notice.public_id},
    "notices:objection-answer": lambda world: {"public_id": world.objection.public_id},
    "aid:file-detail": aid,
    "aid:file-act": also(aid, act="close"),
    "aid:file-facts": also(aid, part="member"),
    "aid:file-visit": aid,
    "aid:file-paper": aid,
    "aid:expense-void": also(aid, number=0),
    "aid:expense-correct": also(aid, number=0),
    "aid:finding-resolve": lambda world: {"public_id": world.aid_finding.public_id},
    "aid:review": aid,
    "aid:review-sign": aid,
    "aid:review-decide": aid,
    "imports:batch-detail": batch,
    "imports:batch-apply": batch,
    "imports:batch-discard": batch,
    "imports:batch-refused": batch,
    "imports:batch-match": batch,
    "imports:batch-undo": batch,
    "imports:person-sources": person,
    "imports:body-origins": lambda world: {"public_id": world.cast.unit.public_id},
    "jobs:run-detail": run,
    "jobs:run-cancel": run,
    "jobs:run-failures": run,
    "members:person-detail": person,
    "members:person-reveal": person,
    "ui:error": lambda world: {"code": 404},
    "ui:part": lambda world: {"key": "badge"},
}
SAMPLES |= (
    cadres.SAMPLES
    | practices.SAMPLES
    | congress.SAMPLES
    | grassroots.SAMPLES
    | net.SAMPLES
    | of_hardship.SAMPLES
    | register.SAMPLES
)
