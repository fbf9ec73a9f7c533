"""At which address is which operation, and how is all of it described? OpenAPI 3.1, problems and headers alike for every operation."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser

from relance import __version__
from relance.api import (
    admitting,
    carrying,
    companies,
    deciding,
    enclosing,
    exporting,
    following,
    importing,
    ledger,
    looking,
    mail_folder,
    matching,
    messaging,
    notices,
    owed,
    own,
    page,
    records,
    returned,
    schedules,
    searching,
    showing,
    templating,
    webhooks,
)
from relance.api.access import Bearer
from relance.api.once import HEADER, KEYED
from relance.api.problems import MEDIA_TYPE, SCHEMA, handler, problem
from relance.dossier import reading

_PROBLEMS = {
    400: "The call cannot be understood.",
    401: "There is no token, or it is none, or no longer.",
    403: "The role or the scopes of the token do not allow it.",
    404: "There is no such thing, or it belongs to another company.",
    409: "As things stand it is not possible.",
    413: "More was sent than is taken in one call.",
    422: "What was sent has faults, each at its place; nothing was stored.",
    429: "More calls than the token may make in a minute.",
}
_KEY = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]([ -~]*[!-~])?$"},
    "description": "Names the write: asked for again under it within two days, it is answered alike and not done again.",
}
_LIMITS = {"RateLimit-Limit": "calls a minute", "RateLimit-Remaining": "calls left in this minute", "RateLimit-Reset": "seconds left of it"}
_DESCRIPTION = "The verbs of the screens and of the command line, on the same figures. How to use it: docs/how-to/api-tour.md."


class Bodies(Parser):
    """Reads JSON bodies as strictly as dossiers are read: no key twice, nothing that no database keeps."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The value in the body. Raises Faults."""
        return reading.parse(request.body)


class Api(NinjaAPI):
    """The library, with our problems and headers."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The name of the function."""
        return operation.view_func.__name__

    def get_openapi_schema(self, **asked: Any) -> OpenAPISchema:
        """The description, with what every operation has in common."""
        schema = super().get_openapi_schema(**asked)
        schema["components"].setdefault("schemas", {})["Problem"] = SCHEMA
        for methods in schema["paths"].values():
            for operation in methods.values():
                _describe(operation)
        for operation in _operations(self):
            _say_what_it_needs(schema, operation)
        return schema


def _describe(operation: dict[str, Any]) -> None:
    told = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    operation["responses"] |= {status: {"description": words} | told for status, words in _PROBLEMS.items()}


def _operations(api: NinjaAPI) -> list[Operation]:
    """Every operation there is."""
    views = [view for router in api._get_bound_routers() for view in router.path_operations.values()]
    return [operation for view in views for operation in view.operations]


def _guard(operation: Operation) -> Bearer:
    [guard] = operation.auth_callbacks
    assert isinstance(guard, Bearer)
    return guard


def _query_of(operation: Operation) -> frozenset[str]:
    """The parameters that it takes in its address."""
    models = [one for one in operation.models if one.__ninja_param_source__ == "query"]
    return frozenset(name for one in models for name in one.__ninja_flatten_map__)


def _say_what_it_needs(schema: OpenAPISchema, operation: Operation) -> None:
    guard = _guard(operation)
    for methods in schema["paths"].values():
        for one in methods.values():
            if one["operationId"] == operation.view_func.__name__:
                one["x-role"], one["x-scope"], one["x-token"] = guard.role, guard.scope, guard.whose
                one["parameters"] += [_KEY] if operation.view_func in KEYED else []


api = Api(title="Relance", version=__version__, description=_DESCRIPTION, docs_url=None, parser=Bodies(), urls_namespace="api")
for _kind in (Exception, Http404, HttpError, ValidationError):
    api.add_exception_handler(_kind, handler)
_FAMILIES = (  # in the order in which people read of them
    *(companies, carrying, importing, ledger, records, matching, deciding, showing, notices, enclosing),
    *(looking, searching, owed, exporting, following, schedules, templating),
    *(messaging, returned, mail_folder, webhooks, admitting, own),
)
for _router in _FAMILIES:
    api.add_router("", _router.router)
for _operation in _operations(api):
    _guard(_operation).known = _query_of(_operation)


def _told(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Every answer with the limits of its token; what the library answers by itself as a problem too."""

    @wraps(view)
    def answered(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer = view(request, *args, **kwargs)
        if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            answer = problem(405, "there is no such operation here", headers={"Allow": answer.headers["Allow"]})
        if left := getattr(request, "left", None):
            figures = (left.limit, max(0, left.calls), left.seconds)
            for name, figure in zip(_LIMITS, figures, strict=True):
                answer.headers[name] = str(figure)
        return answer

    return answered


def misunderstood(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What Django refuses before an operation is found, such as the name of a host that is none."""
    return problem(400, "the call cannot be understood")


def _missing(request: HttpRequest, rest: str = "") -> HttpResponse:
    return problem(404, "there is no such address")


def addresses() -> list[Any]:
    """The addresses under ``/api/v1``, for Django."""
    patterns, _, _ = api.urls
    for pattern in patterns:
        assert isinstance(pattern, URLPattern)
        pattern.callback = _told(pattern.callback)
    return [path("docs", page.docs, name="api_docs"), *patterns, re_path(r"^(?P<rest>(?s:.*))$", csrf_exempt(_told(_missing)))]
