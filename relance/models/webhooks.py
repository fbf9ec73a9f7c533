"""Which other systems hear what happens in a company, and what became of each message to them?

A message is a row, written in the transaction of what it tells; workers claim it by compare-and-set and offer it until it is taken.
"""

import json
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Q

from relance.models import fields
from relance.models.company import Company
from relance.models.ledger import Document
from relance.models.parties import Customer

TYPES = (
    *("notice.sent", "notice.printed", "notice.failed", "notice.bounced", "notice.unsure", "notice.cancelled"),
    *("promise.made", "document.settled"),
)
MESSAGE_STATUSES = ("queued", "sent", "given_up")
_OF_NOTICES = {name.replace(".", "_"): name for name in TYPES if name.startswith("notice.")}
Json = dict[str, Any]


class Webhook(models.Model):
    """An address that hears what happens. Without a secret, as after a load, it hears nothing until somebody makes one."""

    company = fields.company()
    code = fields.code()
    url = models.CharField(max_length=500)
    types = fields.lines()  # none: all
    secret = models.CharField(max_length=80, default="", db_default="", blank=True)  # what messages are signed with
    paused = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="webhook_code_unique")]

    def hears(self, kind: str) -> bool:
        """Whether it asked for messages of this type."""
        return not self.types or kind in self.types.split("\n")


class WebhookMessage(models.Model):
    """One thing that one address is to hear of."""

    company = fields.company(repeats_parent=True)
    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="messages")
    uid = models.CharField(max_length=40, unique=True)  # the same at every try: who heard it already knows it again
    type = models.CharField(max_length=40)
    body = models.TextField()
    at = models.DateTimeField()
    status = fields.one_of(MESSAGE_STATUSES, "queued")
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    claimed_by = models.CharField(max_length=200, default="", blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [fields.check_one_of("webhookmessage", "status", MESSAGE_STATUSES)]
        indexes = [models.Index(fields=["next_try_at"], condition=Q(status="queued"), name="webhookmessage_queued")]


class WebhookTry(models.Model):
    """One time that a message was offered, and what was answered."""

    message = models.ForeignKey(WebhookMessage, models.CASCADE, related_name="log")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True, blank=True)  # null: no answer
    outcome = models.CharField(max_length=200, default="", blank=True)


class Happening(NamedTuple):
    """Something that happened, as an address hears of it."""

    type: str
    notice: int | None
    customer_id: int | None
    document_id: int | None
    facts: Json


def listening(company: Any) -> models.QuerySet[Webhook]:
    """The addresses that hear anything at all."""
    return Webhook.objects.filter(company=company, paused=False).exclude(secret="")


def happenings(facts: Iterable[Any]) -> Iterator[Happening]:
    """What of the facts of the history (``models/events.py`` ``Fact``) is told to other systems."""
    for fact in facts:
        kind = _OF_NOTICES.get(fact.what) or ("promise.made" if fact.what == "followed_up" and _promises(fact.facts) else None)
        if kind:
            said = json.loads(fact.said) if fact.said else fact.facts
            yield Happening(kind, fact.notice_id, fact.customer_id, fact.document_id, said)


def _promises(facts: Json) -> bool:
    return any(change["what"] == "promised_on" and change["after"] for change in facts.get("changed", ()))


def tell(company_id: int, found: Iterable[Happening], at: datetime) -> None:
    """Queue a message for every address that hears of it, in the caller's transaction."""
    said = list(found)
    hooks = list(listening(company_id))
    if not said or not hooks:
        return
    code = Company.objects.values_list("code", flat=True).get(pk=company_id)
    customers = dict(Customer.objects.filter(pk__in={one.customer_id for one in said}).values_list("pk", "code"))
    numbers = dict(Document.objects.filter(pk__in={one.document_id for one in said}).values_list("pk", "number"))
    rows = []
    for one in said:
        told: Json = {"company": code, "notice": one.notice, "customer": customers.get(one.customer_id or 0)}
        told |= {"document": numbers.get(one.document_id or 0), "facts": one.facts}
        body = json.dumps({"type": one.type, "timestamp": at.isoformat(), "data": told}, ensure_ascii=False)
        rows += [
            WebhookMessage(
                company_id=company_id, webhook=hook, uid=f"msg_{secrets.token_hex(16)}", type=one.type, body=body, at=at, next_try_at=at
            )
            for hook in hooks
            if hook.hears(one.type)
        ]
    WebhookMessage.objects.bulk_create(rows, batch_size=1_000)
