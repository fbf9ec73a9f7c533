"""How does the command line show what is owed, why it is dunned or not, and what a delay costs?"""

from typing import Annotated, Literal

import typer

from relance.cli.answers import print_json
from relance.cli.options import AsJson, AsOf, CompanyCode, CustomerCode, DocumentNumber
from relance.cli.tables.accounts import show_balance, show_explanation, show_interest, show_recipients
from relance.cli.tables.coming import show_calendar
from relance.cli.words import speech_of
from relance.core.aging import Basis, Grid, GroupBy, aged_balance, answer, flat_answer, grid


def aged(
    companies: Annotated[list[str], typer.Option("--company", metavar="CODE", help="The company's code; may be repeated.")],
    as_of: AsOf,
    side: Annotated[Literal["customer", "supplier"], typer.Option("--side", help="Whose accounts.")] = "customer",
    by: Annotated[Basis, typer.Option("--by", help="Count the age from the invoice date or from the due date.")] = Basis.INVOICE_DATE,
    group_by: Annotated[GroupBy, typer.Option("--group-by", help="Put accounts together, with subtotals.")] = GroupBy.ACCOUNT,
    buckets: Annotated[
        str | None,
        typer.Option("--buckets", metavar="DAYS", help="The highest age of each column but the last; 30,60,90,180 unless said."),
    ] = None,
    *,
    details: Annotated[bool, typer.Option("--details", help="Show every open operation too, not only the accounts.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the aged balance: what is open on a date, by age, of customers or suppliers."""
    from relance.models.finding import find_company
    from relance.models.lists.aged import open_operations

    found = [find_company(code) for code in dict.fromkeys(companies)]
    columns = _columns(by, buckets)
    operations = open_operations(found, as_of, suppliers=side == "supplier")
    if not as_json:
        show_balance(aged_balance(operations, as_of, columns, group_by), speech_of(found[0].language), details=details)
    elif group_by is GroupBy.ACCOUNT:
        print_json(flat_answer(operations, as_of, columns))
    else:
        print_json(answer(aged_balance(operations, as_of, columns, group_by)))


def _columns(by: Basis, buckets: str | None) -> Grid:
    try:
        return grid(by) if buckets is None else grid(by, [int(days) for days in buckets.split(",")])
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--buckets") from None


def explain(company: CompanyCode, document: DocumentNumber, as_of: AsOf, customer: CustomerCode = None, *, as_json: AsJson = False) -> None:
    """Tell why a document is, or is not, dunned on a date; and when it will be next."""
    from relance.models.finding import find_company, find_document
    from relance.steps.explaining import explain as asked

    found = find_company(company)
    about = find_document(found, document, customer)
    told = asked(found, about, as_of)
    if as_json:
        print_json(told)
    else:
        show_explanation(told, about.currency, speech_of(found.language), as_of)


def calendar(
    company: CompanyCode,
    as_of: AsOf,
    days: Annotated[int, typer.Option("--days", min=0, max=366, metavar="N", help="How many days to look ahead.")] = 30,
    *,
    as_json: AsJson = False,
) -> None:
    """Show what will go out in the coming days, if a run takes place every day and nothing else changes."""
    from relance.models.finding import find_company
    from relance.steps.foreseeing import foresee

    found = find_company(company)
    coming = foresee(found, as_of, days)
    if as_json:
        print_json({"company": found.code, "as_of": as_of.isoformat(), "days": days, "notices": [one.told() for one in coming]})
    else:
        show_calendar(coming, speech_of(found.language), as_of, days)


def recipients(
    company: CompanyCode, document: DocumentNumber, as_of: AsOf, customer: CustomerCode = None, *, as_json: AsJson = False
) -> None:
    """Tell who would get an e-mail about a document, and by which of the four steps."""
    from relance.models.finding import find_company, find_document
    from relance.steps.explaining import explain_recipients

    found = find_company(company)
    told = explain_recipients(found, find_document(found, document, customer), as_of)
    if as_json:
        print_json(told)
    else:
        show_recipients(told, speech_of(found.language))


def interest(
    company: CompanyCode, document: DocumentNumber, as_of: AsOf, customer: CustomerCode = None, *, as_json: AsJson = False
) -> None:
    """Compute late-payment interest and the fixed indemnity of an invoice, period by period."""
    from relance.core import charges as rules
    from relance.models.finding import find_company, find_document
    from relance.models.lists.late import read_charges

    found = find_company(company)
    invoice = find_document(found, document, customer)
    charges = read_charges(invoice, found, as_of)
    if as_json:
        print_json(rules.answer(charges, invoice.currency))
    else:
        show_interest(charges, invoice, speech_of(found.language))
