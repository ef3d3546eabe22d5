"""/api/v1: the same policies and actions as the pages, for programs."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Header, NinjaAPI, Query, Status
from ninja.errors import AuthenticationError, HttpError, ValidationError
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
# ninja types these as generic classes, but they are the parameters of its documented functions.
QUERY: Any = Query("", max_length=100)  # type: ignore[type-arg]  # see above
KEY: Any = Header(..., min_length=8, max_length=80, alias="Idempotency-Key")  # type: ignore[type-arg]  # see above
READS = frozenset({401, 404, 422})
WRITES = READS | {400, 403, 409}

api = NinjaAPI(
    title="Yiwang",
    version="1",
    urls_namespace="api-v1",
    description="Services, union bodies and cases. Refusals are {code, message, fields}.",
    docs_url=None,
)


@api.exception_handler(DomainError)
def refused(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    fields = {key: str(value) for key, value in refusal.fields.items()}
    return _refusal(request, 409, refusal.code, str(refusal), fields)


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, trouble: ValidationError) -> HttpResponse:
    fields = {".".join(str(part) for part in error["loc"][1:]): str(error["msg"]) for error in trouble.errors}
    return _refusal(request, 422, "malformed", _("请求的内容不对，请看fields里写的哪一项。"), fields)


@api.exception_handler(Http404)
def not_found(request: HttpRequest, trouble: Http404) -> HttpResponse:
    """What there is not and what is not for you look the same."""
    return _refusal(request, 404, "not_found", _("没有这一项，或者不归你看。"))


@api.exception_handler(AuthenticationError)
def not_signed_in(request: HttpRequest, trouble: AuthenticationError) -> HttpResponse:
    return _refusal(request, 401, "not_signed_in", _("请先登录。"))


@api.exception_handler(PermissionDenied)
def forbidden(request: HttpRequest, trouble: PermissionDenied) -> HttpResponse:
    return _refusal(request, 403, "forbidden", _("这件事你现在不能做。"))


@api.exception_handler(HttpError)
def not_understood(request: HttpRequest, trouble: HttpError) -> HttpResponse:
    """What the framework refuses before any endpoint: a body that is no JSON, a missing CSRF token."""
    if trouble.status_code == 403:
        return _refusal(request, 403, "csrf_failed", _("请求没有带上页面的令牌，请带上X-CSRFToken再发一次。"))
    return _refusal(request, trouble.status_code, "not_understood", _("请求读不懂，内容要是JSON。"))


def _refusal(
    request: HttpRequest, status: int, code: str, message: str, fields: dict[str, str] | None = None
) -> HttpResponse:
    return api.create_response(request, {"code": code, "message": message, "fields": fields or {}}, status=status)


class AnswersRefused(DomainError):
    """The answers do not fit the service's form."""

    code = "answers_refused"


@api.get("/services", response=list[ServiceOut], auth=None, summary="Services that can be asked for now")
def services(request: HttpRequest) -> list[dict[str, Any]]:
    return [service_out(version) for version in catalogue.offered_to(request.user)]


@api.get(
    "/services/{code}",
    response={200: ServiceDetail, READS: Refusal},
    auth=None,
    summary="One service with its form and materials",
)
def service(request: HttpRequest, code: str) -> dict[str, Any]:
    version = catalogue.get_offered(request.user, code)
    materials = [{"key": m.key, "name": str(m.name), "source": m.source} for m in version.content.materials]
    return {**service_out(version), "form": version.content.form, "materials": materials}


@api.get(
    "/organisations",
    response={200: list[OrganisationOut], 422: Refusal},
    auth=None,
    summary="Union bodies by name, code or pinyin",
)
def organisations(request: HttpRequest, q: str = QUERY) -> list[dict[str, Any]]:
    return [
        {
            "id": body.public_id,
            "name": body.name,
            "above": body.trail,
        }
        for body in bodies.search(q, limit=PAGE)
    ]


@api.get("/cases", response={200: CasePage, READS: Refusal}, auth=django_auth, summary="My cases, newest first")
def my_cases(request: HttpRequest, after: str = "") -> dict[str, Any]:
    return case_page(cases.own(user_of(request)), after)


@api.post(
    "/cases",
    response={201: CaseOut, WRITES: Refusal},
    auth=django_auth,
    summary="Ask for a service; repeat with the same Idempotency-Key as often as needed",
)
def submit(
    request: HttpRequest,
    body: Submission,
    idempotency_key: str = KEY,
) -> Status[dict[str, Any]]:
    user = user_of(request)
    version = catalogue.get_offered(user, body.service)
    if version.content.bundle:
        raise AnswersRefused(_("这是一件事，请用/bundles提交。"))
    problems = answer_problems(FormDefinition.from_json(version.content.form).steps, body.answers)
    if problems:
        raise AnswersRefused(_("有几项没填对，请看fields。"), fields={p.field_key: p.message for p in problems})
    case = submit_case(
        version, applicant=person_of(user), answers=body.answers, by=user, idempotency_key=idempotency_key
    )
    return Status(201, case_out(case))


@api.get("/cases/{number}", response={200: CaseOut, READS: Refusal}, auth=django_auth, summary="One case")
def one_case(request: HttpRequest, number: str) -> dict[str, Any]:
    return case_out(cases.get_case(user_of(request), number))


@api.get(
    "/work/cases",
    response={200: CasePage, READS: Refusal},
    auth=django_auth,
    summary="Cases in my scope as an officer, newest first",
)
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
