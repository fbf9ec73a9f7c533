"""How are people let in, from the command line? The first administrator of an installation has no other way."""

from typing import Annotated, Literal

import typer

from relance.cli.answers import print_json
from relance.cli.options import AsJson, address, user
from relance.cli.terminal import show, show_table
from relance.cli.verb import say
from relance.cli.words import terminal_speech

Email = Annotated[str, typer.Argument(metavar="EMAIL", parser=address, help="The address that the person signs in with.")]


def add(
    email: Email,
    company: Annotated[str | None, typer.Option("--company", metavar="CODE", help="A company in which the person acts.")] = None,
    role: Annotated[
        Literal["reader", "collector", "manager", "administrator"], typer.Option("--role", help="What the person may do there.")
    ] = "reader",
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="How the person is called.")] = "",
    *,
    admin: Annotated[bool, typer.Option("--admin", help="May do everything in every company, and make companies and users.")] = False,
    ask: Annotated[bool, typer.Option("--ask-password", help="Ask for the password instead of making one.")] = False,
) -> None:
    """Let somebody sign in, or give somebody known a further role; a password is made, and shown once."""
    from relance.models import User
    from relance.models.finding import find_company
    from relance.steps import granting

    found = find_company(company) if company else None
    known = User.objects.filter(email=email.lower(), is_active=True).exists()
    password = typer.prompt("Password", hide_input=True, confirmation_prompt=True) if ask else None if known else granting.new_password()
    person = granting.add_user(email, password, name=name, admin=admin)
    if found:
        granting.give_role(person, found, role, by=user())
    if password and not ask:
        say(f"{person.email} signs in with this password, shown only now:")
        show(password)


def remove(email: Email) -> None:
    """Let somebody sign in no more; what the person did stays in the history."""
    from relance.models import User
    from relance.steps import Refused, granting

    person = User.objects.filter(email=email.lower()).first()
    if person is None:
        raise Refused(f'no user "{email}"')
    granting.remove_user(person, by=user())


def list_users(*, as_json: AsJson = False) -> None:
    """Show who may sign in, and as what."""
    from relance.models import User

    people = list(User.objects.filter(is_active=True).order_by("email").prefetch_related("memberships__company"))
    roles = {person.pk: {one.company.code: one.role for one in person.memberships.all()} for person in people}
    if as_json:
        told = [{"email": one.email, "name": one.name, "admin": one.is_admin, "companies": roles[one.pk]} for one in people]
        print_json({"users": told})
        return
    rows = [
        (one.email, one.name, "admin" if one.is_admin else "", ", ".join(f"{code}: {role}" for code, role in roles[one.pk].items()))
        for one in people
    ]
    words = terminal_speech()
    show_table([words(head) for head in ("E-mail", "Name", "Installation", "Companies")], rows)
