"""What is a program told when something is not done? A problem as RFC 9457 has it, with every fault at its place."""

import json
import logging
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja.errors import HttpError, ValidationError

from relance.core.rates import UnknownRate
from relance.dossier import Fault, Faults
from relance.dossier.faults import SHOWN
from relance.models.answered import OtherRequest
from relance.models.finding import Unfound
from relance.steps import Refused

MEDIA_TYPE = "application/problem+json"
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong, in words for a person."},
        "faults": {
            "type": "array",
            "description": "Every fault, at its place in what was sent; the first hundred.",
            "items": {
                "type": "object",
                "required": ["place", "message"],
                "properties": {"place": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
_log = logging.getLogger("relance.api")


class Forbidden(Exception):
    """The token may not do that; the text says why."""


class TooMany(Exception):
    """The token makes more calls than it may; how many seconds to wait."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"too many calls: the next is answered in {seconds} s")


def problem(status: int, detail: str, faults: Iterable[Fault] = (), headers: dict[str, str] | None = None) -> HttpResponse:
    """The answer that tells a problem."""
    told: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    found = list(faults)
    if found:
        told["faults"] = [fault._asdict() for fault in found[:SHOWN]]
    return HttpResponse(json.dumps(told, ensure_ascii=False), status=status, content_type=MEDIA_TYPE, headers=headers)


def told_of(error: Exception) -> HttpResponse:
    """The answer for what stopped a call. What is no fault of the caller is kept in the log."""
    match error:
        case Faults():
            return problem(422, _count(error.faults), error.faults)
        case ValidationError():
            faults = [Fault(_place(one["loc"]), one["msg"].removeprefix("Value error, ")) for one in error.errors]
            return problem(422, _count(faults), faults)
        case OtherRequest():
            return problem(422, "this Idempotency-Key was given to another request before")
        case Refused():
            return _refused(error)
        case Unfound() | Http404():
            return problem(404, str(error) or "there is no such thing, or it belongs to a company in which this token has no part")
        case UnknownRate():
            return problem(409, str(error))
        case Forbidden():
            return problem(403, str(error))
        case TooMany():
            return problem(429, str(error), headers={"Retry-After": str(error.seconds)})
        case RequestDataTooBig():
            return problem(413, "more was sent than is taken in one call")
        case HttpError():
            challenge = {"WWW-Authenticate": "Bearer"} if error.status_code == 401 else None
            return problem(error.status_code, _WORDS.get(error.status_code, str(error)), headers=challenge)
    _log.error("a call failed", exc_info=error)
    return problem(500, "the fault is ours; it was noted in the log, and nothing was half done")


_WORDS = {400: "the body is not JSON", 401: "a token is needed, as Authorization: Bearer …; this one is none, or no longer"}


def _refused(error: Refused) -> HttpResponse:
    """What is not possible as things stand is a conflict; a file with faults tells each."""
    if faults := getattr(error, "faults", None):
        return problem(422, _count(faults), faults)
    if problems := getattr(error, "problems", None):
        return problem(422, _count(problems), [_in_file(one) for one in problems])
    return problem(409, str(error))


def _in_file(one: Any) -> Fault:
    where = [f"line {one.line}" if one.line else "", one.field]
    return Fault(", ".join(filter(None, where)) or "the file", one.message)


def _count(faults: list[Any]) -> str:
    return "1 fault: nothing was stored" if len(faults) == 1 else f"{len(faults)} faults: nothing was stored"


def _place(steps: Iterable[Any]) -> str:
    """A place as the dossier writes it, without where the value came from."""
    kept = [step for step in list(steps)[1:] if step not in ("asked", "body")]
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in kept).removeprefix(".") or "the body"


def handler(_request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """As the library calls it."""
    return told_of(error if isinstance(error, Exception) else error())
