"""How is it set up from the command line which other systems hear what happens?"""

from typing import Annotated

import typer

from relance.cli.answers import print_json
from relance.cli.options import LAST_ID, AsJson, CompanyCode, user
from relance.cli.terminal import show, show_table
from relance.cli.verb import say
from relance.cli.words import speech_of

_STATUSES = {"queued": "waits", "sent": "taken", "given_up": "given up"}
Code = Annotated[str, typer.Argument(metavar="CODE", help="What the webhook is called.")]


def set_up(
    code: Code,
    company: CompanyCode,
    url: Annotated[str, typer.Option("--url", metavar="ADDRESS", help="Where messages are posted to.")],
    types: Annotated[
        list[str] | None, typer.Option("--type", metavar="TYPE", help="Only messages of this type; may be repeated; all unless said.")
    ] = None,
    *,
    paused: Annotated[bool, typer.Option("--paused", help="It hears nothing for now.")] = False,
) -> None:
    """Set up an address that hears what happens, or change one; the secret of a new one is shown once."""
    from relance.models.finding import find_company
    from relance.steps.listening import set_webhook

    _, secret = set_webhook(find_company(company), code, url, types or (), paused=paused, by=user())
    if secret:
        say(f"messages to {code} are signed with this secret, shown only now:")
        show(secret)


def secret(code: Code, company: CompanyCode) -> None:
    """Make a new secret for a webhook, and show it once; the old one signs nothing any more."""
    from relance.models.finding import find_company
    from relance.steps.listening import renew_secret

    show(renew_secret(find_company(company), code, by=user()))


def remove(code: Code, company: CompanyCode) -> None:
    """Let an address hear nothing any more; its messages and their log go."""
    from relance.models.finding import find_company
    from relance.steps.listening import remove_webhook

    remove_webhook(find_company(company), code, by=user())


def list_webhooks(company: CompanyCode, *, as_json: AsJson = False) -> None:
    """Show the webhooks of a company and their last messages, with what was answered."""
    from relance.models import Webhook, WebhookMessage
    from relance.models.finding import find_company

    found = find_company(company)
    hooks = list(Webhook.objects.filter(company=found).order_by("code"))
    recent = WebhookMessage.objects.filter(company=found).select_related("webhook").prefetch_related("log").order_by("-pk")[:20]
    messages = [
        {
            "id": one.pk,
            "webhook": one.webhook.code,
            "type": one.type,
            "at": one.at.isoformat(),
            "status": one.status,
            "tries": [[tried.at.isoformat(), tried.status, tried.outcome] for tried in one.log.all()],
        }
        for one in recent
    ]
    if as_json:
        told = [{"code": one.code, "url": one.url, "types": one.types.split(), "paused": one.paused} for one in hooks]
        print_json({"webhooks": told, "messages": messages})
        return
    words = speech_of(found.language)
    heard = [(one.code, one.url, one.types.replace("\n", " ") or words("everything")) for one in hooks]
    show_table([words(head) for head in ("Webhook", "Address", "Hears")], heard)
    rows = [
        (str(one["id"]), str(one["webhook"]), str(one["type"]), words(_STATUSES[str(one["status"])]), str(len(one["tries"])))
        for one in messages
    ]
    show_table([words(head) for head in ("Message", "Webhook", "Type", "Status", "Tries")], rows)


def replay(
    message: Annotated[int, typer.Argument(metavar="MESSAGE", min=1, max=LAST_ID, help="Its number, as the list shows it.")],
    company: CompanyCode,
) -> None:
    """Have the workers offer a message once more."""
    from relance.models.finding import find_company
    from relance.steps.listening import send_again

    send_again(find_company(company), message, by=user())
