"""How is the HTML of a message shown, so that nothing in it runs and nothing is fetched? For the frame of a page."""

import email
import email.policy
from email.message import EmailMessage

from django.http import Http404, HttpResponse

_SHUT = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"


def parsed(message: bytes) -> EmailMessage:
    """A message as it travelled, taken apart."""
    found = email.message_from_bytes(message, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def framed(message: bytes) -> HttpResponse:
    """Its HTML, or its text where it has none, under a policy of its own."""
    body = parsed(message).get_body(("html", "plain"))
    if body is None:
        raise Http404
    answer = HttpResponse(body.get_content(), content_type=f"{body.get_content_type()}; charset=utf-8")
    answer["Content-Security-Policy"] = _SHUT
    answer._csp_exempt = True  # type: ignore[attr-defined]  # it has its own, stricter
    return answer
