"""How are programs let in, from the command line? By tokens: made, shown once, listed, revoked."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

import typer

from relance.cli.answers import print_json
from relance.cli.options import AsJson, address, day, user
from relance.cli.terminal import show, show_table
from relance.cli.verb import say
from relance.cli.words import Speech, speech_of, terminal_speech


class Scope(StrEnum):
    """What a token can be for."""

    READ = "read"
    WRITE = "write"
    DUN = "dun"
    SET_UP = "set_up"


Owner = Annotated[
    str | None, typer.Option("--user", metavar="EMAIL", parser=address, help="In place of a company: the person for whom the token speaks.")
]
OfCompany = Annotated[str | None, typer.Option("--company", metavar="CODE", help="The company's code.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="What the token is called: the program that uses it.")]


def add(
    name: Name,
    company: OfCompany = None,
    person: Owner = None,
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
    from relance.steps.admitting import add_token

    token, secret = add_token(
        _owner(company, person), name, role, list(dict.fromkeys(scopes or ("read",))), last_day=last_day, per_minute=per_minute, by=user()
    )
    if as_json:
        print_json({"token": secret, "name": token.name, "role": token.role, "scopes": token.scopes.split("\n")})
        return
    say(f"the token {token.name} of {company or person}, shown only now:")
    show(secret)


def list_tokens(company: OfCompany = None, person: Owner = None, *, as_json: AsJson = False) -> None:
    """Show which tokens a company or a person has, as what they let in, and when each was last used."""
    from django.utils import timezone

    from relance.models.tokens import tokens_of
    from relance.steps.admitting import told_token

    found, now = _owner(company, person), timezone.now()
    told = [told_token(one, now) for one in tokens_of(found).order_by("name")]
    if as_json:
        print_json({"tokens": told})
        return
    words = speech_of(found.language) if found.language else terminal_speech()
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


def revoke(name: Name, company: OfCompany = None, person: Owner = None) -> None:
    """Let a token open nothing any more."""
    from relance.steps.admitting import revoke_token

    revoke_token(_owner(company, person), name, by=user())


def _owner(company: str | None, person: str | None) -> Any:
    """The company or the person whose tokens are meant. Raises Refused for a person who is not known."""
    from relance.models import User
    from relance.models.finding import find_company
    from relance.steps import Refused

    if (company is None) == (person is None):
        raise typer.BadParameter("say either --company or --user")
    if company is not None:
        return find_company(company)
    found = User.objects.filter(email=str(person).lower(), is_active=True).first()
    if found is None:
        raise Refused(f'no user "{person}"')
    return found


def _moment(at: str | None, words: Speech) -> str:
    return words.instant(at) if at else ""
