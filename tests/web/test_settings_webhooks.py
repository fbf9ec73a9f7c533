"""Are webhooks set up on screen, with a secret that is shown once?"""

import re

from relance.models import Company, Webhook
from relance.models.webhooks import Happening, tell

PAGE = "/c/ACME/settings/webhooks/"
NEW = {"act": "set", "code": "erp", "url": "https://erp.example/hook", "types": ["notice.sent"]}


def test_a_webhook_is_set_up_and_its_secret_shown_once(acme: Company, browser):
    client = browser("administrator", acme)
    [secret] = re.findall(r"whsec_[\w+/=]{20,}", client.post(PAGE, NEW).content.decode())
    page = client.get(PAGE).content.decode()
    assert "https://erp.example/hook" in page
    assert secret not in page
    assert Webhook.objects.get().types == "notice.sent"


def test_an_address_that_is_not_public_is_told_on_the_form(acme: Company, browser):
    client = browser("administrator", acme)
    assert "is not posted to" in client.post(PAGE, NEW | {"url": "https://127.0.0.1/"}).content.decode()
    assert not Webhook.objects.exists()


def test_a_message_is_shown_and_sent_again_and_a_webhook_removed(acme: Company, browser):
    from django.utils import timezone

    client = browser("administrator", acme)
    client.post(PAGE, NEW)
    tell(acme.pk, [Happening("notice.sent", None, None, None, {})], timezone.now())
    message = Webhook.objects.get().messages.get()
    message.status = "given_up"
    message.save()
    assert "given up" in client.get(PAGE).content.decode()
    client.post(PAGE, {"act": "replay", "message": message.pk})
    message.refresh_from_db()
    assert message.status == "queued"
    client.post(PAGE, {"act": "remove", "code": "erp"})
    assert not Webhook.objects.exists()
