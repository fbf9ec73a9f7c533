"""How do lists of customers, contacts and payments come in by the command line?"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from relance.cli.answers import print_json
from relance.cli.importing import Files, column, company_or_new
from relance.cli.options import AsJson, CompanyCode, user
from relance.cli.tables.imports import show_taken_in
from relance.cli.terminal import progress
from relance.cli.verb import say
from relance.cli.words import speech_of

if TYPE_CHECKING:
    from relance.importers.list_heads import ListKind

Source = Annotated[str, typer.Option("--source", metavar="NAME", help="Whose lists these are, where several programs make some.")]
Columns = Annotated[
    list[str] | None,
    typer.Option("--column", metavar="WHAT=HEAD", help="Which column is what, where its head does not tell; remembered for the source."),
]
SheetName = Annotated[str | None, typer.Option("--sheet", metavar="NAME", help="The sheet of a workbook; the first unless said.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Tell what would change; store nothing.")]


def _taking_in(kind: "ListKind", what: str) -> Callable[..., None]:
    """The command for lists of one kind; ``what`` it does, as its help says."""

    def take_in_lists(
        files: Files,
        company: CompanyCode,
        source: Source = "",
        columns: Columns = None,
        sheet: SheetName = None,
        *,
        dry_run: DryRun = False,
        as_json: AsJson = False,
    ) -> None:
        from relance.steps.taking_in import take_in

        mapping, answers = dict(column(text) for text in columns or []), []
        with company_or_new(company) as found:
            for file in files:
                with progress(file.name) as advance:
                    taken = take_in(
                        found, kind, file, by=user(), source=source, columns=mapping, sheet=sheet, dry_run=dry_run, progress=advance
                    )
                for remark in taken.remarks:
                    say(f"{file.name}: {remark}")
                if as_json:
                    answers.append(taken.told(file.name))
                else:
                    show_taken_in(taken, speech_of(found.language), title=file.name)
        if as_json:
            print_json({"company": company, "kind": kind, "applied": not dry_run, "files": answers})
        elif dry_run:
            say("nothing was stored: say it without --dry-run to apply it")

    take_in_lists.__doc__ = what
    return take_in_lists


customers = _taking_in(
    "customers", "Import a list of customers, CSV, XLSX or ODS: names, addresses, terms; what is blank there stays as it is here."
)
contacts = _taking_in("contacts", "Import a list of contacts of customers who are there, CSV, XLSX or ODS.")
payments = _taking_in("payments", "Import a list of payments, CSV, XLSX or ODS; allocated only to the documents that it names exactly.")
