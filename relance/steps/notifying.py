"""Queued messages -> other systems: claimed by compare-and-set, posted, logged; offered again later, and given up in the end."""

import threading
import time
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from relance.channels import webhook as channel
from relance.models import WebhookMessage, WebhookTry
from relance.models.events import Fact, record
from relance.models.outgoing import claims

DELAYS = tuple(timedelta(seconds=number) for number in (5, 60, 300, 1_800, 7_200, 21_600, 43_200, 86_400))  # after each failed try
_AT_ONCE = 50  # messages taken up in a turn
_PATIENCE = 10.0  # seconds after which a turn goes on to other work
_BY = "webhooks"


def notify(holder: str, now: datetime, stop: threading.Event | None = None) -> int:
    """Offer messages that are due; return how many were offered. An address that cannot be reached is left alone for this turn."""
    _recover()
    due = WebhookMessage.objects.filter(status="queued", claimed_by="", next_try_at__lte=now, webhook__paused=False).exclude(
        webhook__secret=""
    )
    began, offered, silent = time.monotonic(), 0, set()
    for message in due.select_related("webhook").order_by("next_try_at", "pk")[:_AT_ONCE]:
        if (stop is not None and stop.is_set()) or time.monotonic() - began > _PATIENCE:
            break
        if message.webhook_id in silent or not _claim(message, holder, now):
            continue
        answered = _offer(message)
        offered += 1
        if answered.status is None:
            silent.add(message.webhook_id)
        _end(message, holder, answered)
    return offered


def _claim(message: WebhookMessage, holder: str, now: datetime) -> bool:
    free = WebhookMessage.objects.filter(pk=message.pk, status="queued", claimed_by="", tries=message.tries)
    return bool(free.update(claimed_by=holder, claimed_at=now))


def _recover() -> None:
    """What dead workers had claimed is anybody's again; it may have arrived, and is known again by its name."""
    held = WebhookMessage.objects.filter(status="queued").exclude(claimed_by="")
    for holder, at in held.values_list("claimed_by", "claimed_at").distinct():
        if claims.is_gone(holder, at):
            held.filter(claimed_by=holder).update(claimed_by="", claimed_at=None)


def _offer(message: WebhookMessage) -> channel.Answered:
    headers = channel.signed(message.webhook.secret, message.uid, timezone.now(), message.body)
    return channel.post(message.webhook.url, headers, message.body, private=settings.PRIVATE_WEBHOOKS)


def _end(message: WebhookMessage, holder: str, answered: channel.Answered) -> None:
    """Keep what was answered: the message is sent, or due again later, or given up, which the history tells."""
    now, tries = timezone.now(), message.tries + 1
    over = tries > len(DELAYS)
    said: dict[str, Any] = {"claimed_by": "", "claimed_at": None, "tries": F("tries") + 1}
    if answered.taken or over:
        said |= {"status": "sent" if answered.taken else "given_up", "ended_at": now}
    else:
        said["next_try_at"] = now + DELAYS[tries - 1]
    with transaction.atomic():
        if not WebhookMessage.objects.filter(pk=message.pk, claimed_by=holder).update(**said):
            return
        WebhookTry.objects.create(message=message, at=now, status=answered.status, outcome=answered.words[:200])
        if over and not answered.taken:
            facts = {"webhook": message.webhook.code, "type": message.type, "id": message.uid, "tries": tries, "outcome": answered.words}
            record(message.company_id, _BY, [Fact("webhook_given_up", facts=facts)])
