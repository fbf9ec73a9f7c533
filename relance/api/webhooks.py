"""How do other programs set up who hears what happens, and see what became of the messages?"""

from typing import Annotated, Literal

from django.utils.translation import gettext
from ninja import Query, Router
from pydantic import Field

from relance.api import shapes
from relance.api.access import Called, needs
from relance.api.once import once
from relance.api.paging import Page, page
from relance.api.whole import FILES, AsList, Listing, whole_list
from relance.api.words import Asked, Code, Flag, Id, Json, Text
from relance.models import Webhook, WebhookMessage
from relance.models.webhooks import TYPES
from relance.steps import listening
from relance.telling.list_file import Sheet, streamed
from relance.telling.sheets_of_history import MESSAGES, WEBHOOKS

router = Router(tags=["Webhooks"])
_AT = "/companies/{company}"
WEBHOOK = shapes.one(code=shapes.TEXT, url=shapes.TEXT, types=shapes.many(shapes.TEXT), paused=shapes.FLAG, signed=shapes.FLAG)
WITH_SECRET = WEBHOOK | {"properties": WEBHOOK["properties"] | {"secret": shapes.TEXT}}
MESSAGE = shapes.one(
    id=shapes.WHOLE,
    uid=shapes.TEXT,
    webhook=shapes.TEXT,
    type=shapes.TEXT,
    at=shapes.MOMENT,
    status=shapes.TEXT,
    next_try_at=shapes.or_null(shapes.MOMENT),
    tries=shapes.many(shapes.one(at=shapes.MOMENT, status=shapes.or_null(shapes.WHOLE), outcome=shapes.TEXT)),
)


_WEBHOOKS = shapes.answer(shapes.one(webhooks=shapes.many(WEBHOOK)))


@router.get(f"{_AT}/webhooks", auth=needs("administrator", "read"), response=_WEBHOOKS, openapi_extra=FILES)
def list_webhooks(request: Called, company: str, how: Query[AsList]) -> Listing:
    """The addresses that hear what happens."""
    found = Webhook.objects.filter(company=request.company).order_by("code")
    if how.as_file:
        return whole_list(request, how, lambda: Sheet("webhooks", WEBHOOKS, found))
    return {"webhooks": [_told(one) for one in found]}


class Setting(Asked):
    """Where messages go, and of which types; none: all."""

    url: Annotated[Text, Field(min_length=1, max_length=500)]
    types: list[Literal[TYPES]] = []  # type: ignore[valid-type]
    paused: Flag = False


@router.put(_AT + "/webhooks/{code}", auth=needs("administrator", "set_up"), response=shapes.answer(WITH_SECRET))
@once
def set_webhook(request: Called, company: str, code: Annotated[Code, Field(max_length=80)], asked: Setting) -> Json:
    """Set up an address, or change it; of a new one the answer has the secret, this once."""
    found, secret = listening.set_webhook(request.company, code, asked.url, asked.types, paused=asked.paused, by=request.by)
    return _told(found) | ({"secret": secret} if secret else {})


@router.post(_AT + "/webhooks/{code}/secret", auth=needs("administrator", "set_up"), response=shapes.answer(shapes.one(secret=shapes.TEXT)))
@once
def renew_webhook_secret(request: Called, company: str, code: Code) -> Json:
    """A new secret, shown this once; the old one signs nothing any more."""
    return {"secret": listening.renew_secret(request.company, code, by=request.by)}


@router.delete(_AT + "/webhooks/{code}", auth=needs("administrator", "set_up"), response=shapes.CHANGED)
@once
def remove_webhook(request: Called, company: str, code: Code) -> Json:
    """Let an address hear nothing any more; its messages and their log go."""
    listening.remove_webhook(request.company, code, by=request.by)
    return shapes.changed("removed", before=False, after=True)


class Messages(Page):
    """Which messages are asked for."""

    webhook: Text = ""
    status: Literal["", "queued", "sent", "given_up"] = ""


@router.get(f"{_AT}/webhook-messages", auth=needs("administrator", "read"), response=shapes.pages("messages", MESSAGE), openapi_extra=FILES)
def list_webhook_messages(request: Called, company: str, asked: Query[Messages]) -> Listing:
    """The messages, newest first, each with every try."""
    said = {"webhook__code": asked.webhook, "status": asked.status}
    found = WebhookMessage.objects.filter(company=request.company, **{name: value for name, value in said.items() if value})
    found = found.select_related("webhook").prefetch_related("log")
    if asked.as_file:
        return whole_list(request, asked, lambda: Sheet(gettext("messages"), MESSAGES, streamed(found.order_by("-pk"))))
    return page("messages", found, asked, _message, newest_first=True)


@router.post(_AT + "/webhook-messages/{message}/replay", auth=needs("administrator", "set_up"), response=shapes.CHANGED)
@once
def replay_webhook_message(request: Called, company: str, message: Id) -> Json:
    """Offer a message once more."""
    listening.send_again(request.company, message, by=request.by)
    return shapes.changed("status", before=None, after="queued")


def _told(one: Webhook) -> Json:
    return {"code": one.code, "url": one.url, "types": one.types.split(), "paused": one.paused, "signed": bool(one.secret)}


def _message(one: WebhookMessage) -> Json:
    tries = sorted(one.log.all(), key=lambda tried: tried.pk)
    return {
        "id": one.pk,
        "uid": one.uid,
        "webhook": one.webhook.code,
        "type": one.type,
        "at": one.at.isoformat(),
        "status": one.status,
        "next_try_at": one.next_try_at.isoformat() if one.status == "queued" else None,
        "tries": [{"at": tried.at.isoformat(), "status": tried.status, "outcome": tried.outcome} for tried in tries],
    }
