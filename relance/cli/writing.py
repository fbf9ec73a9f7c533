"""How are the e-mails of the arrears follow-up written from the command line, and had again?"""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from relance.cli.answers import print_json
from relance.cli.options import AsJson, AsOf, CompanyCode, Documents, TheCustomer, address_or_code, run_day, user
from relance.cli.tables.follow_up import show_mails
from relance.cli.verb import FAILED, say
from relance.cli.words import speech_of

Several = list[str] | None


def write(
    company: CompanyCode,
    customer: TheCustomer,
    to: Annotated[
        Literal["contacts", "managers", "colleagues"],
        typer.Option("--to", help="The customer's contacts, the managers of its invoices, or colleagues."),
    ],
    documents: Documents = None,
    contacts: Annotated[
        Several, typer.Option("--contact", metavar="NAME", help="Only this one of the contacts that the follow-up shows; may be repeated.")
    ] = None,
    colleagues: Annotated[
        Several,
        typer.Option("--colleague", metavar="WHO", parser=address_or_code, help="A collaborator's code or an address; may be repeated."),
    ] = None,
    sender: Annotated[
        str | None, typer.Option("--from", metavar="WHO", parser=address_or_code, help="Who writes: a collaborator's code, or an address.")
    ] = None,
    cc: Annotated[
        Several, typer.Option("--cc", metavar="WHO", parser=address_or_code, help="Copy to this collaborator or address; may be repeated.")
    ] = None,
    message: Annotated[str, typer.Option("--message", metavar="TEXT", help="A paragraph of your own.")] = "",
    key: Annotated[
        str, typer.Option("--key", metavar="TEXT", help="Names this request: asked for again under it, nothing is sent a second time.")
    ] = "",
    on: Annotated[date | None, typer.Option("--as-of", metavar="DATE", parser=run_day, help="As of this day; today unless said.")] = None,
    *,
    statement: Annotated[bool, typer.Option("--statement", help="Put the statement of account beside it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write about the arrears of a customer, to its contacts or inside the company; no level changes by it."""
    from django.utils.timezone import localdate

    from relance.models.finding import find_address, find_company, find_customer, find_document
    from relance.steps import following, writing

    found = find_company(company)
    about = find_customer(found, customer)
    asked = writing.Asked(
        kind=to,
        on=on or localdate(),
        due_items=following.open_items(find_document(found, number, customer) for number in documents or ()),
        contacts=tuple(contacts or ()),
        colleagues=tuple(find_address(found, one) for one in colleagues or ()),
        cc=tuple(find_address(found, one) for one in cc or ()),
        sender=find_address(found, sender) if sender else "",
        message=message,
        statement=statement,
        key=key,
    )
    mails, left_out = writing.write(found, about, asked, by=user())
    reasons = [{"document": one.document, "due_date": one.due_date.isoformat(), "reason": str(one.reason)} for one in left_out]
    if as_json:
        print_json({"mails": mails, "left_out": reasons})
    else:
        show_mails(mails, reasons, speech_of(found.language))
    if failed := [mail for mail in mails if mail["status"] != "sent"]:
        say(failed[0]["outcome"])
        raise typer.Exit(FAILED)


def statement(
    company: CompanyCode,
    customer: TheCustomer,
    as_of: AsOf,
    out: Annotated[Path, typer.Option("--out", metavar="FILE.pdf", help="Where to write it.")],
) -> None:
    """Write the statement of account of a customer: all that is open on a day, due or not, less its credits."""
    from relance.models.finding import find_company, find_customer
    from relance.steps import writing

    found = find_company(company)
    out.write_bytes(writing.statement(found, find_customer(found, customer), as_of))


def mail(
    company: CompanyCode,
    number: Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="The mail's number, as the follow-up tells it.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE.eml", help="Where to write it.")],
) -> None:
    """Write a mail of the follow-up into a file, as it was sent."""
    from relance.models import Mail
    from relance.models.finding import find_company
    from relance.models.mails import message_of
    from relance.steps import Refused

    found = find_company(company)
    kept = Mail.objects.filter(company=found, number=number).first()
    if kept is None:
        raise Refused(f"there is no mail {number} in {company}")
    out.write_bytes(message_of(kept))
