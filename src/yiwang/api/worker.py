"""The way of a worker through the net, step by step: what the pages of “my matters” do, for programs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import File, Router, Status
from ninja.files import UploadedFile
from ninja.security import django_auth

from yiwang.api.schemas import (
    Answers,
    BundleOut,
    CaseDetail,
    CaseOut,
    DocumentOut,
    EntitlementOut,
    MessagePage,
    QuestionOut,
    Rating,
    Refusal,
    Submission,
    SupplementAnswer,
    Words,
)
from yiwang.api.views import KEY, READS, WRITES, AnswersRefused, case_out, user_of
from yiwang.kernel import clock
from yiwang.net.cases import actions as cases
from yiwang.net.cases import policies
from yiwang.net.cases.models import Bundle, Case
from yiwang.net.cases.queries.bundles import cards
from yiwang.net.cases.queries.casepage import decision_in_force
from yiwang.net.cases.queries.own import SUPPLEMENT_SUBJECT, open_supplement_of, supplement_documents
from yiwang.net.cases.queries.timeline import timeline_of
from yiwang.net.catalogue import policies as catalogue
from yiwang.net.catalogue.finder import valid_answers
from yiwang.net.catalogue.queries import entitlements, facts_of, with_contents
from yiwang.net.evaluation import actions as evaluation
from yiwang.net.evaluation.errors import RatedFromStaffDevice
from yiwang.net.evaluation.policies import is_desk_browser
from yiwang.platform.files.actions import store_upload
from yiwang.platform.forms.library import FormDefinition, answer_problems
from yiwang.platform.notify import policies as messages
from yiwang.platform.notify.queries import page_of
from yiwang.platform.rules import queries as rules
from yiwang.register.members.queries import person_of

MOST_FILES = 6
PAPERS: Any = File(...)  # type: ignore[type-arg]  # a parameter of ninja's documented functions
router = Router()


@router.get("/questions", response=list[QuestionOut], auth=None, summary="The finder's questions, at most six")
def questions(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {
            "key": question.key,
            "text": question.text.zh,
            "text_en": question.text.en,
            "several": question.many,
            "options": [{"value": option.value, "zh": option.zh, "en": option.en} for option in question.options],
        }
        for question in rules.questions()
    ]


@router.post(
    "/entitlements",
    response={200: list[EntitlementOut], WRITES: Refusal},
    auth=None,
    summary="Every service with its answer for this person and these answers; nothing is kept",
)
def entitled(request: HttpRequest, body: Answers) -> list[dict[str, Any]]:
    offered = with_contents(catalogue.offered_to(request.user))
    facts = facts_of(person_of(request.user), valid_answers(body.answers))
    return [
        {
            "code": found.code,
            "name": found.name,
            "verdict": found.verdict,
            "because": found.because,
            "missing": found.missing,
            "gain": found.gain,
        }
        for found in entitlements(facts, clock.today(), versions=offered)
    ]


@router.post(
    "/bundles",
    response={201: BundleOut, WRITES: Refusal},
    auth=django_auth,
    summary="Ask for several services with one form; each becomes a case of its own",
)
def submit_bundle(request: HttpRequest, body: Submission, idempotency_key: str = KEY) -> Status[dict[str, Any]]:
    user = user_of(request)
    version = catalogue.get_offered(user, body.service)
    if not version.content.bundle:
        raise AnswersRefused(_("这不是一件事，请用/cases提交。"))
    problems = answer_problems(FormDefinition.from_json(version.content.form).steps, body.answers)
    if problems:
        raise AnswersRefused(_("有几项没填对，请看fields。"), fields={p.field_key: p.message for p in problems})
    bundle = cases.submit_bundle(
        version, applicant=person_of(user), answers=body.answers, by=user, idempotency_key=idempotency_key
    )
    return Status(201, bundle_out(bundle))


@router.get(
    "/bundles/{bundle}", response={200: BundleOut, READS: Refusal}, auth=django_auth, summary="Every part and its state"
)
def one_bundle(request: HttpRequest, bundle: str) -> dict[str, Any]:
    return bundle_out(policies.get_own_bundle(user_of(request), bundle))


@router.get(
    "/matters/{number}",
    response={200: CaseDetail, READS: Refusal},
    auth=django_auth,
    summary="One's own case: where it stands, what is still wanted, and the answer",
)
def matter(request: HttpRequest, number: str) -> dict[str, Any]:
    case = policies.get_own(request.user, number)
    asked = open_supplement_of(case)
    decision = decision_in_force(case)
    user = user_of(request)
    return {
        **case_out(case),
        "timeline": [{"title": e.title, "text": e.text, "time": e.time, "state": e.state} for e in timeline_of(case)],
        "wanted": [item["name"] for item in asked.items] if asked else [],
        "wanted_until": asked.due_at if asked else None,
        "outcome": decision.outcome if decision else "",
        "reason": decision.reason if decision else "",
        "other_ways": decision.other_ways if decision else "",
        "appeal_until": decision.appeal_until if decision else None,
        "may": [name for name, check in MAY.items() if check(user, case)],
    }


MAY = {
    "supplement": policies.may_answer_supplement,
    "urge": policies.may_urge,
    "message": policies.may_write,
    "withdraw": policies.may_withdraw,
    "review": policies.may_appeal,
    "rating": policies.may_rate,
}


@router.post(
    "/matters/{number}/supplement/files",
    response={201: DocumentOut, WRITES: Refusal},
    auth=django_auth,
    summary="Upload one paper that is still wanted; it is handed in with the answer",
)
def supplement_file(request: HttpRequest, number: str, file: UploadedFile = PAPERS) -> Status[dict[str, Any]]:
    case = policies.get_own(request.user, number, must=policies.may_answer_supplement)
    document = store_upload(
        file,
        subject=SUPPLEMENT_SUBJECT,
        subject_id=case.pk,
        kind="supplement",
        by=user_of(request),
        max_files=MOST_FILES,
    )
    return Status(201, {"id": document.public_id, "name": document.name, "size": document.size})


@router.post(
    "/matters/{number}/supplement",
    response={200: CaseOut, WRITES: Refusal},
    auth=django_auth,
    summary="Hand in what was wanted",
)
def supplement(request: HttpRequest, number: str, body: SupplementAnswer) -> dict[str, Any]:
    case = policies.get_own(request.user, number, must=policies.may_answer_supplement)
    cases.answer_supplement(case, text=body.text, by=user_of(request), documents=supplement_documents(case))
    return case_out(case)


@router.post(
    "/matters/{number}/urge", response={200: CaseOut, WRITES: Refusal}, auth=django_auth, summary="Remind the officer"
)
def urge(request: HttpRequest, number: str, body: SupplementAnswer) -> dict[str, Any]:
    case = policies.get_own(request.user, number, must=policies.may_urge)
    cases.urge(case, by=user_of(request), text=body.text)
    return case_out(case)


@router.post(
    "/matters/{number}/messages",
    response={200: CaseOut, WRITES: Refusal},
    auth=django_auth,
    summary="Write to the officer",
)
def write(request: HttpRequest, number: str, body: Words) -> dict[str, Any]:
    case = policies.get_own(request.user, number, must=policies.may_write)
    cases.write_message(case, text=body.text, by=user_of(request))
    return case_out(case)


@router.post(
    "/matters/{number}/withdraw", response={200: CaseOut, WRITES: Refusal}, auth=django_auth, summary="Take it back"
)
def withdraw(request: HttpRequest, number: str) -> dict[str, Any]:
    case = policies.get_own(request.user, number, must=policies.may_withdraw)
    cases.withdraw(case, by=user_of(request))
    return case_out(case)


@router.post(
    "/matters/{number}/review",
    response={200: CaseOut, WRITES: Refusal},
    auth=django_auth,
    summary="Ask somebody else, one level up, to look at the answer again",
)
def review(request: HttpRequest, number: str, body: Words) -> dict[str, Any]:
    case = policies.get_own(request.user, number, must=policies.may_appeal)
    cases.request_review(case, text=body.text, by=user_of(request))
    return case_out(case)


@router.post(
    "/matters/{number}/rating",
    response={200: CaseOut, WRITES: Refusal},
    auth=django_auth,
    summary="Rate how it was handled; once, never required",
)
def rating(request: HttpRequest, number: str, body: Rating) -> dict[str, Any]:
    case = policies.get_own(request.user, number, must=policies.may_rate)
    if not settings.DEMO and is_desk_browser(request):
        raise RatedFromStaffDevice
    evaluation.rate(case, by=user_of(request), **body.dict())
    return case_out(case)


@router.get(
    "/messages", response={200: MessagePage, READS: Refusal}, auth=django_auth, summary="My messages, newest first"
)
def my_messages(request: HttpRequest, before: str = "") -> dict[str, Any]:
    found = page_of(messages.visible_to(user_of(request)), before=before)
    items = [
        {"id": m.public_id, "title": m.title, "text": m.text, "at": m.created_at, "is_read": m.read_at is not None}
        for m in found.messages
    ]
    return {"items": items, "next": found.next_before or None}


def bundle_out(bundle: Bundle) -> dict[str, Any]:
    card = cards([bundle], clock.now())[0]
    return {
        "id": bundle.public_id,
        "title": bundle.title,
        "submitted_at": bundle.submitted_at,
        "parts": [
            {
                "service": line.part.service_code,
                "title": line.part.title,
                "state": line.part.state,
                "state_text": line.words,
                "case": _number(line.case),
            }
            for line in card.lines
        ],
    }


def _number(case: Case | None) -> str | None:
    return case.number if case is not None else None
