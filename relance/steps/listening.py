"""Which other systems are to hear what happens? Addresses are set up, given a secret, taken away; messages are sent again."""

import base64
import secrets
from collections.abc import Collection

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from relance.channels import webhook as channel
from relance.models import Company, Webhook, WebhookMessage
from relance.models.events import Fact, record
from relance.models.webhooks import TYPES
from relance.steps import Refused


def set_webhook(company: Company, code: str, url: str, types: Collection[str], *, paused: bool = False, by: str) -> tuple[Webhook, str]:
    """Set up an address, or change the one of this code; return it, and its secret where it is new. Raises Refused."""
    try:
        channel.check(url, private=settings.PRIVATE_WEBHOOKS)
    except channel.Unwelcome as refused:
        raise Refused(str(refused)) from None
    if not code.strip():
        raise Refused("a webhook has a code, by which it is named")
    if unknown := [kind for kind in types if kind not in TYPES]:
        raise Refused(f'no messages are of the type "{unknown[0]}"')
    said = {"url": url, "types": "\n".join(kind for kind in TYPES if kind in types), "paused": paused}
    with transaction.atomic():
        Company.objects.select_for_update().get(pk=company.pk)
        known = Webhook.objects.filter(company=company, code=code).first()
        secret = "" if known else _new_secret()
        found, _ = Webhook.objects.update_or_create(company=company, code=code, defaults=said | ({} if known else {"secret": secret}))
        record(company.pk, by, [Fact("webhook_set", facts={"webhook": code} | said | {"types": found.types.split()})])
    return found, secret


def renew_secret(company: Company, code: str, *, by: str) -> str:
    """A new secret of an address, which is shown once; the old one signs nothing any more. Raises Refused."""
    with transaction.atomic():
        found, secret = find_webhook(company, code), _new_secret()
        Webhook.objects.filter(pk=found.pk).update(secret=secret)
        record(company.pk, by, [Fact("webhook_secret_renewed", facts={"webhook": code})])
    return secret


def remove_webhook(company: Company, code: str, *, by: str) -> None:
    """Let an address hear nothing any more; its messages and their log go. Raises Refused."""
    with transaction.atomic():
        find_webhook(company, code).delete()
        record(company.pk, by, [Fact("webhook_removed", facts={"webhook": code})])


def send_again(company: Company, message: int, *, by: str) -> None:
    """Have the workers offer a message once more, whatever became of it. Raises Refused."""
    with transaction.atomic():
        found = WebhookMessage.objects.filter(company=company, pk=message).select_related("webhook").first()
        if found is None:
            raise Refused(f"there is no message {message} in {company.code}")
        fresh = {"status": "queued", "tries": 0, "next_try_at": timezone.now(), "ended_at": None}
        if not WebhookMessage.objects.filter(pk=message, claimed_by="").update(**fresh):
            raise Refused(f"message {message} is being sent at this moment: try again when it is done")
        record(company.pk, by, [Fact("webhook_replayed", facts={"webhook": found.webhook.code, "type": found.type, "id": found.uid})])


def find_webhook(company: Company, code: str) -> Webhook:
    """The address of this code. Raises Refused."""
    found = Webhook.objects.filter(company=company, code=code).first()
    if found is None:
        raise Refused(f'there is no webhook "{code}" in {company.code}')
    return found


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
