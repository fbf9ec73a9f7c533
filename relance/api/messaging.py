"""How do other programs set up the way a company's mail takes, and try it? What is secret is only ever taken, never told."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from django.utils import timezone
from ninja import Router
from pydantic import Field

from relance.api import shapes
from relance.api.access import Called, needs
from relance.api.once import once
from relance.api.words import Asked, Email, Json, Text
from relance.dossier import dumping, reading, shape
from relance.models.messaging import held
from relance.models.sealed import FROM_PEOPLE
from relance.steps import Refused, keeping_secrets, setting_up, signing_in_mail, trying_mail

router = Router(tags=["Mail"])
_AT = "/companies/{company}/messaging"
Secret = Literal["password", "client_secret", "imap_password", "dkim_key"]
assert set(Secret.__args__) == set(FROM_PEOPLE)  # type: ignore[attr-defined]

MESSAGING = shapes.one(
    options=shapes.of(shape.MESSAGING, known=True),
    secrets=shapes.many(shapes.TEXT),
    folder_only=shapes.FLAG,
    dns=shapes.or_null(shapes.one(name=shapes.TEXT, text=shapes.TEXT)),
)


@router.get(_AT, auth=needs("administrator", "read"), response=shapes.answer(MESSAGING))
def read_messaging(request: Called, company: str) -> Json:
    """How a company sends and reads its mail, and which secrets are kept; never what they are."""
    record = keeping_secrets.published(request.company)
    return {
        "options": dumping.set_up(request.company)["messaging"],
        "secrets": sorted(held(request.company)),
        "folder_only": trying_mail.goes_nowhere(),
        "dns": {"name": record[0], "text": record[1]} if record else None,
    }


@router.patch(
    _AT,
    auth=needs("administrator", "set_up", large=True),
    response=shapes.answer(MESSAGING),
    openapi_extra=shapes.body_of(shapes.of(shape.MESSAGING)),
)
@once
def set_up_messaging(request: Called, company: str) -> Json:
    """Set up the mail server and the mailbox; a key that is absent leaves what stands, null is its default."""
    setting_up.set_up(request.company, {"messaging": reading.parse(request.body)}, by=request.by)
    request.company.refresh_from_db()
    return read_messaging(request, company)


class Kept(Asked):
    """A secret: it is encrypted, and never shown."""

    text: Annotated[Text, Field(min_length=1, max_length=20_000)]


@router.put(_AT + "/secrets/{name}", auth=needs("administrator", "set_up"), response=shapes.CHANGED)
@once
def keep_secret(request: Called, company: str, name: Secret, asked: Kept) -> Json:
    """Keep a password, a client's secret or a signing key in the place of the one before."""
    keeping_secrets.put(request.company, name, asked.text, request.by)
    return shapes.changed(name, before=None, after="••••")


@router.delete(_AT + "/secrets/{name}", auth=needs("administrator", "set_up"), response=shapes.CHANGED)
@once
def remove_secret(request: Called, company: str, name: Secret) -> Json:
    """Take a secret away."""
    keeping_secrets.put(request.company, name, "", request.by)
    return shapes.changed(name, before="••••", after=None)


@router.post(f"{_AT}/key", auth=needs("administrator", "set_up"), response=shapes.answer(MESSAGING))
@once
def make_signing_key(request: Called, company: str) -> Json:
    """Draw a new key that signs the company's mail; its half for the DNS is in the answer, the other is kept and never told."""
    if not (request.company.messaging.get("dkim_domain") and request.company.messaging.get("dkim_selector")):
        raise Refused("a key signs for a domain, under a selector: set dkim_domain and dkim_selector first")
    keeping_secrets.make_key(request.company, request.by)
    return read_messaging(request, company)


CODE = shapes.one(code=shapes.TEXT, address=shapes.TEXT, expires_at=shapes.MOMENT)


@router.post(f"{_AT}/sign-in", auth=needs("administrator", "set_up"), response=shapes.answer(CODE))
def begin_mail_sign_in(request: Called, company: str) -> Json:
    """Ask the provider of the mail account for a code; a person confirms it at the address, in the browser."""
    asked = signing_in_mail.begin(request.company)
    return {"code": asked.user_code, "address": asked.address, "expires_at": datetime.fromtimestamp(asked.expires_at, UTC).isoformat()}


@router.post(f"{_AT}/sign-in/finish", auth=needs("administrator", "set_up"), response=shapes.answer(shapes.one(signed_in=shapes.FLAG)))
def finish_mail_sign_in(request: Called, company: str) -> Json:
    """Take up what the provider gives once the code is confirmed; ``signed_in`` is false as long as it is not."""
    return {"signed_in": signing_in_mail.finish(request.company, request.by)}


class Try(Asked):
    """Where a test mail is to go, if any is wanted."""

    to: Email | None = None


_CHECK = shapes.one(what=shapes.TEXT, good=shapes.FLAG, said=shapes.TEXT)


@router.post(f"{_AT}/check", auth=needs("administrator", "set_up"), response=shapes.answer(shapes.one(checks=shapes.many(_CHECK))))
def try_messaging(request: Called, company: str, asked: Try) -> Json:
    """Look whether the server lets the company in and takes its sender, and whether its signature holds; what is wrong is told in words."""
    checks = trying_mail.check(request.company)
    if asked.to:
        checks.append(_message(request, asked.to))
    return {"checks": [one._asdict() for one in checks]}


def _message(request: Called, to: str) -> Any:
    try:
        said = trying_mail.try_mail(request.company, to, f"Relance: {request.company.name}", "Relance\n", timezone.now())
    except Refused as refusal:
        return trying_mail.Check("message", good=False, said=str(refusal))
    return trying_mail.Check("message", good=True, said=said)
