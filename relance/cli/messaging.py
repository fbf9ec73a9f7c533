"""How is a company's mail server set up, tried and signed in to from the command line?"""

import getpass
import sys
import time
from typing import Annotated, Any

import typer

from relance.cli.answers import print_json
from relance.cli.correcting import show_changed
from relance.cli.options import AsJson, CompanyCode, address, user
from relance.cli.terminal import show, show_table
from relance.cli.verb import FAILED, say
from relance.cli.words import speech_of
from relance.core.messaging import DEFAULTS

_NUMBERS = tuple(name for name, default in DEFAULTS.items() if default is None or isinstance(default, int))


def show_messaging(company: CompanyCode, *, as_json: AsJson = False) -> None:
    """Show how a company sends and reads its mail, and which secrets are kept; never what they are."""
    from relance.models.finding import find_company
    from relance.models.messaging import held, messaging_of
    from relance.steps import keeping_secrets, trying_mail

    found = find_company(company)
    record = keeping_secrets.published(found)
    told: dict[str, Any] = {
        "options": messaging_of(found),
        "secrets": sorted(held(found)),
        "folder_only": trying_mail.goes_nowhere(),
        "dns": {"name": record[0], "text": record[1]} if record else None,
    }
    if as_json:
        print_json(told)
        return
    words = speech_of(found.language)
    rows = [(name, "" if value is None else str(value)) for name, value in told["options"].items()]
    show_table([words("Option"), words("Value")], [*rows, *((name, "••••") for name in told["secrets"])])
    if record:
        show(f"{record[0]} TXT {record[1]}")
    if told["folder_only"]:
        say(words("This installation puts mail into a folder: nothing leaves."))


def set_messaging(
    company: CompanyCode,
    options: Annotated[
        list[str], typer.Argument(metavar="KEY=VALUE…", help="An option of `messaging` of the dossier; empty: its default.")
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Set up the mail server and the mailbox of a company; passwords are given by `relance messaging secret`."""
    from relance.dossier import set_up
    from relance.models.finding import find_company
    from relance.steps import setting_up

    found = find_company(company)
    before = set_up(found)["messaging"]
    setting_up.set_up(found, {"messaging": dict(_read(option) for option in options)}, by=user())
    after = set_up(found)["messaging"]
    changed = [{"document": None, "no": None, "what": name, "before": before[name], "after": after[name]} for name in after]
    show_changed([one for one in changed if one["before"] != one["after"]], speech_of(found.language), as_json=as_json)


def set_secret(
    name: Annotated[str, typer.Argument(metavar="NAME", help="password, client_secret, imap_password or dkim_key.")],
    company: CompanyCode,
    *,
    remove: Annotated[bool, typer.Option("--remove", help="Take it away.")] = False,
    as_json: AsJson = False,
) -> None:
    """Keep a password, a client's secret or a signing key, read from standard input; it is encrypted, and never shown."""
    from relance.models.finding import find_company
    from relance.steps import Refused, keeping_secrets

    found = find_company(company)
    text = "" if remove else getpass.getpass(f"{name}: ") if sys.stdin.isatty() else sys.stdin.read()
    if not remove and not text.strip():
        raise Refused("nothing was given on standard input; --remove takes a secret away")
    keeping_secrets.put(found, name, text.rstrip("\r\n") if name != "dkim_key" else text, user())
    changed = {"document": None, "no": None, "what": name, "before": None, "after": None if remove else "••••"}
    show_changed([changed], speech_of(found.language), as_json=as_json)


def try_messaging(
    company: CompanyCode,
    to: Annotated[
        str | None, typer.Option("--to", metavar="ADDRESS", parser=address, help="Send a test mail there too, as reminders are sent.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Look whether the mail server lets the company in and takes its sender, and whether its signature holds; say what is wrong."""
    from django.utils import timezone

    from relance.models.finding import find_company
    from relance.steps import Refused, trying_mail

    found = find_company(company)
    checks = trying_mail.check(found)
    if to:
        try:
            said = trying_mail.try_mail(found, to, f"Relance: {found.name}", "Relance\n", timezone.now())
            checks.append(trying_mail.Check("message", good=True, said=said))
        except Refused as refusal:
            checks.append(trying_mail.Check("message", good=False, said=str(refusal)))
    if as_json:
        print_json({"checks": [one._asdict() for one in checks]})
    for one in () if as_json else checks:
        show(f"{'✓' if one.good else '✗'} {one.what}: {one.said}")
    if not checks and not as_json:
        say(f"{found.code} has no mail server of its own")
    if not all(one.good for one in checks):
        raise typer.Exit(FAILED)


def sign_in(company: CompanyCode, *, as_json: AsJson = False) -> None:
    """Sign in to the mail account in the browser (OAuth2, device flow): confirm the code that is shown; waits until that is done."""
    from relance.models.finding import find_company
    from relance.steps import Refused, signing_in_mail

    found = find_company(company)
    asked = signing_in_mail.begin(found)
    say(f"{asked.address}  {asked.user_code}")
    while not signing_in_mail.finish(found, user()):
        if time.time() > asked.expires_at:
            raise Refused("the code has run out: ask for another")
        time.sleep(max(1, asked.interval))
    show_changed(
        [{"document": None, "no": None, "what": "tokens", "before": None, "after": "••••"}], speech_of(found.language), as_json=as_json
    )


def signing_key(company: CompanyCode, *, as_json: AsJson = False) -> None:
    """Draw a new key by which the company signs its mail (DKIM), and show the record to be published in the DNS."""
    from relance.models.finding import find_company
    from relance.steps import Refused, keeping_secrets

    found = find_company(company)
    if not (found.messaging.get("dkim_domain") and found.messaging.get("dkim_selector")):
        raise Refused("say first under which name the key is found: relance messaging set dkim_domain=… dkim_selector=…")
    keeping_secrets.make_key(found, user())
    record = keeping_secrets.published(found)
    assert record is not None, "a key was kept"
    if as_json:
        print_json({"name": record[0], "text": record[1]})
    else:
        show(f"{record[0]} TXT {record[1]}")


def _read(option: str) -> tuple[str, Any]:
    name, equals, text = option.partition("=")
    if not equals or name not in DEFAULTS:
        raise typer.BadParameter(f'"{option}" is not KEY=VALUE with one of: {", ".join(DEFAULTS)}')
    if not text:
        return name, None
    if name not in _NUMBERS:
        return name, text
    if not (text.isascii() and text.isdigit()):
        raise typer.BadParameter(f'{name} is a whole number, not "{text}"')
    return name, int(text)
