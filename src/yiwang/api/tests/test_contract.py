"""Whatever a program sends, the API answers as its own description says."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings

from config.wsgi import application
from yiwang.net.cases.tests.factories import make_service, submit

pytestmark = pytest.mark.django_db
TOKEN = "t" * 32
FEW = settings(max_examples=6, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(autouse=True)
def _one_connection():
    """The application itself is called, which would close the connection that holds the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def served(environ, start_response):
    """As a server calls it: whoever has read the answer closes it, and with it the files that were uploaded."""
    answer = application(environ, start_response)
    try:
        return [b"".join(answer)]
    finally:
        answer.close()


def test_every_endpoint_answers_anything_as_described(cast, client_of):
    submit(make_service(), cast.wenjuan_person)
    session = client_of(cast.wenjuan).cookies["yw_session"].value
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", served)

    for found in described.get_all_operations():

        @FEW
        @given(case=found.ok().as_strategy())
        def answers_as_described(case):
            answer = case.call(
                cookies={"yw_session": session, "csrftoken": TOKEN}, headers={**case.headers, "X-CSRFToken": TOKEN}
            )
            case.validate_response(answer, excluded_checks=[schemathesis.checks.CHECKS.get_one("ignored_auth")])

        answers_as_described()
