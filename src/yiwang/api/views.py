"""/api/v1: the same policies and actions as the pages, for programs."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Header, NinjaAPI, Query
from ninja.errors import ValidationError
from ninja.security import django_auth

from yiwang.api.schemas import CaseOut, CasePage, OrganisationOut, Refusal, ServiceDetail, ServiceOut, Submission
from yiwang.kernel.errors import DomainError
from yiwang.net.cases import policies as cases
from yiwang.net.cases.actions import submit_case
from yiwang.net.cases.models import Case
from yiwang.net.catalogue import policies as catalogue
from yiwang.net.catalogue.models import ServiceVersion
from yiwang.platform.forms.library import FormDefinition, answer_problems
from yiwang.register.accounts.models import User
from yiwang.register.members.queries import person_of
from yiwang.register.organisations import queries as bodies

PAGE = 50

api = NinjaAPI(
    title="Yiwang 一网",
    version="1",
    urls_namespace="api-v1",
    description="Services, union bodies and cases. Refusals are {code, message, fields}.",
    docs_url=None,
)


@api.exception_handler(DomainError)
def refused(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    body = {"code": refusal.code, "message": str(refusal), "fields": {k: str(v) for k, v in refusal.fields.items()}}
    return api.create_response(request, body, status=409)


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, trouble: ValidationError) -> HttpResponse:
    fields = {".".join(str(part) for part in error["loc"][1:]): str(error["msg"]) for error in trouble.errors}
    body = {"code": "malformed", "message": _("请求的内容不对，请看fields里写的哪一项。"), "fields": fields}
    return api.create_response(request, body, status=422)


class AnswersRefused(DomainError):
    """The answers do not fit the service's form."""

    code = "answers_refused"


@api.get("/services", response=list[ServiceOut], auth=None, summary="Services that can be asked for now")
def services(request: HttpRequest) -> list[dict[str, Any]]:
    return [service_out(version) for version in catalogue.offered_to(request.user)]


@api.get(
    "/services/{code}",
    response={200: ServiceDetail, 404: Refusal},
    auth=None,
    summary="One service with its form and materials",
)
def service(request: HttpRequest, code: str) -> dict[str, Any]:
    version = catalogue.get_offered(request.user, code)
    materials = [{"key": m.key, "name": str(m.name), "source": m.source} for m in version.content.materials]
    return {**service_out(version), "form": version.content.form, "materials": materials}


@api.get("/organisations", response=list[OrganisationOut], auth=None, summary="Union bodies by name, code or pinyin")
def organisations(request: HttpRequest, q: str = Query("", max_length=100)) -> list[dict[str, Any]]:
    return [
        {
            "id": body.public_id,
            "name": body.name,
            "above": body.trail,
        }
        for body in bodies.search(q, limit=PAGE)
    ]


@api.get("/cases", response=CasePage, auth=django_auth, summary="My cases, newest first")
def my_cases(request: HttpRequest, after: str = "") -> dict[str, Any]:
    return case_page(cases.own(user_of(request)), after)


@api.post(
    "/cases",
    response={201: CaseOut, 409: Refusal, 422: Refusal},
    auth=django_auth,
    summary="Ask for a service; repeat with the same Idempotency-Key as often as needed",
)
def submit(
    request: HttpRequest,
    body: Submission,
    idempotency_key: str = Header(..., min_length=8, max_length=80, alias="Idempotency-Key"),
) -> tuple[int, dict[str, Any]]:
    user = user_of(request)
    version = catalogue.get_offered(user, body.service)
    problems = answer_problems(FormDefinition.from_json(version.content.form).steps, body.answers)
    if problems:
        raise AnswersRefused(_("有几项没填对，请看fields。"), fields=dict(problems))
    case = submit_case(
        version, applicant=person_of(user), answers=body.answers, by=user, idempotency_key=idempotency_key
    )
    return 201, case_out(case)


@api.get("/cases/{number}", response={200: CaseOut, 404: Refusal}, auth=django_auth, summary="One case")
def one_case(request: HttpRequest, number: str) -> dict[str, Any]:
    return case_out(cases.get_case(user_of(request), number))


@api.get("/work/cases", response=CasePage, auth=django_auth, summary="Cases in my scope as an officer, newest first")
def work_cases(request: HttpRequest, after: str = "") -> dict[str, Any]:
    return case_page(cases.listed(user_of(request)), after)


def user_of(request: HttpRequest) -> User:
    """django_auth has let the request in, so somebody is signed in."""
    assert isinstance(request.user, User)
    return request.user


def case_page(cases_seen: Any, after: str) -> dict[str, Any]:
    rows = cases_seen.select_related("organisation").order_by("-submitted_at", "-pk")
    start = rows.filter(number=after).first() if after else None
    if start is not None:
        rows = rows.filter(submitted_at__lte=start.submitted_at).exclude(pk__gte=start.pk)
    items = list(rows[: PAGE + 1])
    return {
        "items": [case_out(case) for case in items[:PAGE]],
        "next": items[PAGE - 1].number if items[PAGE:] else None,
    }


def case_out(case: Case) -> dict[str, Any]:
    return {
        "number": case.number,
        "service": case.service_code,
        "title": case.title,
        "state": case.state,
        "state_text": case.get_state_display(),
        "organisation": case.organisation.name,
        "submitted_at": case.submitted_at,
        "due_at": case.due_at,
    }


def service_out(version: ServiceVersion) -> dict[str, Any]:
    content = version.content
    promised = content.promised_limit
    return {
        "code": version.service.code,
        "version": version.number,
        "name": content.name.zh,
        "name_en": content.name.en,
        "summary": str(content.summary),
        "audience": list(content.audience),
        "promised": f"{promised.amount} {promised.unit}" if promised else content.timing,
        "visits": content.visits,
        "fee": content.fee,
    }
