"""How does the command line show what a level says, before anybody receives it?"""

from pathlib import Path
from typing import Annotated, Literal

import typer

from relance.cli.options import CompanyCode, CustomerCode, issued_level

Level = Annotated[int, typer.Option("--level", metavar="LEVEL", parser=issued_level, help="The level whose text to show.")]
Language = Annotated[Literal["fr", "en", "de"] | None, typer.Option("--language", help="Unless said, the customer's or the company's.")]
Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write: a letter as .pdf, .png or .svg, an e-mail as .html.")]


def preview(
    company: CompanyCode,
    level: Level,
    out: Out,
    policy: Annotated[str, typer.Option("--policy", metavar="CODE", help="The policy, unless it is the default one.")] = "",
    language: Language = None,
    customer: CustomerCode = None,
) -> None:
    """Show what a level says, as a letter or as an e-mail, on a made-up account or on what a customer owes today."""
    from django.utils.timezone import localdate

    from relance.letters.preview import KINDS
    from relance.models.finding import find_company, find_customer
    from relance.steps import previewing

    kind = next((one for one in KINDS if out.suffix.lower() == f".{one}"), None)
    if kind is None:
        raise typer.BadParameter(f"cannot write {out.name}: only {', '.join(f'.{one}' for one in KINDS)}", param_hint="--out")
    found = find_company(company)
    whose = find_customer(found, customer) if customer is not None else None
    draft = previewing.Draft(level, policy, language or "")
    for path in previewing.write(previewing.show(found, draft, kind, customer=whose, as_of=localdate()), out):
        typer.echo(path)
