"""How is a whole customer left alone from the command line: on hold, insolvent, switched off?"""

from datetime import date
from typing import Annotated, Literal

import typer

from relance.cli.correcting import show_changed
from relance.cli.options import AsJson, CompanyCode, HoldReason, TheCustomer, day, user
from relance.cli.verb import say
from relance.cli.words import speech_of
from relance.core.days import claim_deadline

OnOff = Literal["on", "off"]


def hold(
    company: CompanyCode,
    customer: TheCustomer,
    since: Annotated[date | None, typer.Option("--from", metavar="DATE", parser=day, help="The first day; today unless said.")] = None,
    until: Annotated[
        date | None, typer.Option("--until", metavar="DATE", parser=day, help="The last day; unless said, until it is released.")
    ] = None,
    reason: Annotated[HoldReason | None, typer.Option("--reason", help="The kind of reason.")] = None,
    comment: Annotated[str, typer.Option("--comment", metavar="TEXT", help="Why; kept on the customer and in its history.")] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Leave a customer alone for a while: nothing of it is dunned, whatever the mode."""
    from django.utils.timezone import localdate

    from relance.models.finding import find_company, find_customer
    from relance.steps import holding

    found = find_company(company)
    of = find_customer(found, customer)
    changed = holding.hold(of, since=since or localdate(), until=until, reason=reason or "", comment=comment, by=user())
    show_changed(changed, speech_of(found.language), as_json=as_json)


def release(company: CompanyCode, customer: TheCustomer, *, as_json: AsJson = False) -> None:
    """Lift the hold of a customer."""
    from relance.models.finding import find_company, find_customer
    from relance.steps import holding

    found = find_company(company)
    show_changed(holding.release(find_customer(found, customer), by=user()), speech_of(found.language), as_json=as_json)


def insolvency(
    company: CompanyCode,
    customer: TheCustomer,
    published_on: Annotated[
        date | None,
        typer.Option("--published-on", metavar="DATE", parser=day, help="The day on which the opening of proceedings was published."),
    ] = None,
    *,
    over: Annotated[bool, typer.Option("--over", help="There are none, or none any more.")] = False,
    as_json: AsJson = False,
) -> None:
    """Note that a customer is insolvent: everything stops, and the last day to declare the claim is told."""
    from relance.models.finding import find_company, find_customer
    from relance.steps import holding

    if (published_on is None) != over:
        raise typer.BadParameter("say either --published-on or --over")
    found = find_company(company)
    words = speech_of(found.language)
    changed = holding.call_insolvent(find_customer(found, customer), published_on, by=user())
    show_changed(changed, words, as_json=as_json)
    if published_on is not None:
        say(words("The claim must be declared by {day}.", day=words.day(claim_deadline(published_on))))


def switch(
    company: CompanyCode,
    customer: TheCustomer,
    dunning: Annotated[OnOff | None, typer.Option("--dunning", help="Whether the customer can be dunned at all.")] = None,
    manual: Annotated[OnOff | None, typer.Option("--manual", help="Whether people can dun it.")] = None,
    automatic: Annotated[OnOff | None, typer.Option("--automatic", help="Whether automatic runs take it.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Switch the ways of dunning a customer on or off."""
    from relance.models.finding import find_company, find_customer
    from relance.steps import holding

    asked = {"dunning_enabled": dunning, "manual_dunning": manual, "auto_dunning": automatic}
    boxes = {box: said == "on" for box, said in asked.items() if said is not None}
    if not boxes:
        raise typer.BadParameter("say --dunning, --manual or --automatic, on or off")
    found = find_company(company)
    show_changed(holding.switch(find_customer(found, customer), boxes, by=user()), speech_of(found.language), as_json=as_json)
