"""Does every operation answer as it is described, whatever it is sent? Schemathesis draws the calls from the description itself."""

from collections.abc import Callable

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from relance.api.app import api
from relance.models import User
from relance.models.tokens import SCOPES
from relance.steps.admitting import add_token
from relance.wsgi import application

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
REFUSED = [negative_data_rejection]  # where calls are the same each time: some that were spoilt are whole when they are sent
ELSEWHERE = {"try_messaging", "begin_mail_sign_in"}  # ask a mail server or a provider, whichever was drawn


pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # files that Schemathesis leaves open


@pytest.fixture
def one_connection():
    """Calls end without the connection that the test's own transaction is in."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def ask(acme, one_connection) -> Callable[..., None]:
    """Call every operation so many times, with what fits its description or with what does not; ``alike`` each time it is run."""
    person = User.objects.create_user("eva@acme.example", is_admin=True)
    _, secret = add_token(person, "schemathesis", "administrator", SCOPES, per_minute=1_000_000, by="eva")
    schema = schemathesis.openapi.from_dict(api.get_openapi_schema(path_prefix="/api/v1/"))
    schema.app = application
    told = {"headers": {"Authorization": f"Bearer {secret}"}}

    def ask(times: int, *, alike: bool) -> None:
        for result in schema.get_all_operations():
            operation = result.ok()
            if operation.definition.raw["operationId"] in ELSEWHERE:
                continue
            place = {"path_parameters": {"company": "ACME"}} if "{company}" in operation.path else {}
            drawn = [operation.as_strategy(mode, **place) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)]

            @settings(
                max_examples=times,
                phases=[Phase.explicit, Phase.generate],
                deadline=None,
                database=None,
                derandomize=alike,
                suppress_health_check=list(HealthCheck),
            )
            @given(case=some.one_of(*drawn))
            def answers_as_described(case) -> None:
                case.validate_response(case.call(**told), checks=CHECKS + REFUSED if alike else CHECKS)

            answers_as_described()

    return ask


def test_every_operation_answers_as_it_is_described(ask):
    ask(2, alike=True)


@pytest.mark.proof
def test_every_operation_answers_as_it_is_described_a_hundred_times(ask):
    ask(100, alike=False)
