"""How is a claim proved from the command line? One file with everything about one customer."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from relance.cli.answers import print_json
from relance.cli.options import AsJson, CompanyCode, TheCustomer, run_day
from relance.cli.verb import say


def court_file(
    company: CompanyCode,
    customer: TheCustomer,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="A .pdf with every piece bound, or a .zip of them with their hashes.")],
    on: Annotated[date | None, typer.Option("--as-of", metavar="DATE", parser=run_day, help="As of this day; today unless said.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Write the court file of a customer (dossier de preuve): the claim computed, what was written and done, every piece."""
    from django.utils.timezone import localdate

    from relance.models.finding import find_company, find_customer
    from relance.steps.proving import prove
    from relance.telling.events import told_in_french

    found, today = find_company(company), localdate()
    made = prove(found, find_customer(found, customer), on or today, out, told_in_french, made_on=today)
    if as_json:
        print_json(made)
    else:
        say(f"{out}: {len(made['pieces'])} pieces")
