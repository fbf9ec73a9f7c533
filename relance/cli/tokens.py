"""How are programs let in, from the command line? By tokens: made, shown once, listed, revoked."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

import typer

from relance.cli.answers import print_json
from relance.cli.options import AsJson, CompanyCode, day, user
from relance.cli.terminal import show, show_table
from relance.cli.verb import say
from relance.cli.words import Speech, speech_of


class Scope(StrEnum):
    """What a token can be for."""

    READ = "read"
    WRITE = "write"
    DUN = "dun"
    SET_UP = "set_up"


Name = Annotated[str, typer.Argument(metavar="NAME", help="What the token is called: the program that uses it.")]


def add(
    name: Name,
    company: CompanyCode,
    role: Annotated[
        Literal["reader", "collector", "manager", "administrator"], typer.Option("--role", help="What the program may do, as a user would.")
    ] = "reader",
    scopes: Annotated[
        list[Scope] | None,
        typer.Option("--scope", help="What the token is for; may be repeated; read unless said."),
    ] = None,
    last_day: Annotated[
        date | None, typer.Option("--until", metavar="DATE", parser=day, help="The last day on which it opens anything; none unless said.")
    ] = None,
    per_minute: Annotated[
        int, typer.Option("--per-minute", min=1, max=1_000_000, metavar="N", help="How many calls a minute it may make.")
    ] = 600,
    *,
    as_json: AsJson = False,
) -> None:
    """Make a token for the API; it is shown once, and only its hash is kept."""
    from relance.models.finding import find_company
    from relance.steps.admitting import add_token

    token, secret = add_token(
        find_company(company), name, role, list(dict.fromkeys(scopes or ("read",))), last_day=last_day, per_minute=per_minute, by=user()
    )
    if as_json:
        print_json({"token": secret, "name": token.name, "role": token.role, "scopes": token.scopes.split("\n")})
        return
    say(f"the token {token.name} of {company}, shown only now:")
    show(secret)


def list_tokens(company: CompanyCode, *, as_json: AsJson = False) -> None:
    """Show which tokens a company has, as what they let in, and when each was last used."""
    from django.utils import timezone

    from relance.models import Token
    from relance.models.finding import find_company
    from relance.steps.admitting import told_token

    found = find_company(company)
    tokens = list(Token.objects.filter(company=found, revoked_at=None).order_by("name"))
    now = timezone.now()
    told = [told_token(one, now) for one in tokens]
    if as_json:
        print_json({"tokens": told})
        return
    words = speech_of(found.language)
    rows = [
        (
            one["name"],
            f"…{one['ends_with']}",
            one["role"],
            " ".join(one["scopes"]),
            *(_moment(one[at], words) for at in ("expires_at", "used_at")),
        )
        for one in told
    ]
    show_table([words(head) for head in ("Name", "Ends with", "Role", "For", "Until", "Last used")], rows)


def revoke(name: Name, company: CompanyCode) -> None:
    """Let a token open nothing any more."""
    from relance.models.finding import find_company
    from relance.steps.admitting import revoke_token

    revoke_token(find_company(company), name, by=user())


def _moment(at: str | None, words: Speech) -> str:
    return words.instant(at) if at else ""
