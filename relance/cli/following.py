"""How does the command line show the follow-up of one customer, what was promised, and what was written and done?"""

from typing import Annotated

import typer

from relance.cli.answers import print_json
from relance.cli.options import AsJson, AsOf, CompanyCode, CustomerCode, TheCustomer
from relance.cli.tables.follow_up import show_arrears, show_history, show_promises
from relance.cli.words import speech_of


def history(
    company: CompanyCode,
    customer: CustomerCode = None,
    document: Annotated[str | None, typer.Option("--document", metavar="NUMBER", help="Only about this document.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Show what was written and what happened, newest first."""
    from relance.models.finding import find_company, find_customer, find_document
    from relance.models.lists.chronicle import history as told
    from relance.steps.running import subject

    found = find_company(company)
    about = find_document(found, document, customer) if document is not None else None
    of = find_customer(found, customer) if customer is not None and about is None else None
    entries = told(found, subject, of, about)
    if as_json:
        print_json(entries)
    else:
        show_history(dict(entries), speech_of(found.language))


def arrears(
    company: CompanyCode,
    customer: TheCustomer,
    *,
    as_json: AsJson = False,
) -> None:
    """Show the follow-up of one customer: contacts, open due items, statuses, history."""
    from django.utils.timezone import localdate

    from relance.models.finding import find_company, find_customer
    from relance.models.lists.arrears import arrears as follow_up
    from relance.steps.running import subject

    found = find_company(company)
    answer = follow_up(found, find_customer(found, customer), localdate(), subject)
    if as_json:
        print_json(answer)
    else:
        show_arrears(dict(answer), speech_of(found.language))


def promises(company: CompanyCode, as_of: AsOf, customer: CustomerCode = None, *, as_json: AsJson = False) -> None:
    """Show what was promised, and whether it was kept."""
    from relance.models.finding import find_company, find_customer
    from relance.models.lists.promises import promises as made

    found = find_company(company)
    told = made(found, as_of, find_customer(found, customer) if customer is not None else None)
    if as_json:
        print_json([("promises", told)])
    else:
        show_promises(told, speech_of(found.language))
