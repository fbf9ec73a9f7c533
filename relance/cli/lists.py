"""How do lists of customers, contacts and payments come in by the command line?"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
    from relance.steps.taking_in import TakenIn

Source = Annotated[str, typer.Option("--source", metavar="NAME", help="Whose lists these are, where several programs make some.")]
Columns = Annotated[
    list[str] | None,
    typer.Option("--column", metavar="WHAT=HEAD", help="Which column is what, where its head does not tell; remembered for the source."),
]
SheetName = Annotated[str | None, typer.Option("--sheet", metavar="NAME", help="The sheet of a workbook; the first unless said.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Tell what would change; store nothing.")]


def customers(
    files: Files,
    company: CompanyCode,
    source: Source = "",
    columns: Columns = None,
    sheet: SheetName = None,
    *,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Import a list of customers, CSV, XLSX or ODS: names, addresses, terms; what is blank there stays as it is here."""
    _take_in("customers", files, company, source, columns, sheet, dry_run=dry_run, as_json=as_json)


def contacts(
    files: Files,
    company: CompanyCode,
    source: Source = "",
    columns: Columns = None,
    sheet: SheetName = None,
    *,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Import a list of contacts of customers who are there, CSV, XLSX or ODS."""
    _take_in("contacts", files, company, source, columns, sheet, dry_run=dry_run, as_json=as_json)


def payments(
    files: Files,
    company: CompanyCode,
    source: Source = "",
    columns: Columns = None,
    sheet: SheetName = None,
    *,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Import a list of payments, CSV, XLSX or ODS; allocated only to the documents that it names exactly."""
    _take_in("payments", files, company, source, columns, sheet, dry_run=dry_run, as_json=as_json)


def _take_in(
    kind: "ListKind",
    files: list[Path],
    company: str,
    source: str,
    columns: list[str] | None,
    sheet: str | None,
    *,
    dry_run: bool,
    as_json: bool,
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
                answers.append(_answer(taken, file.name))
            else:
                show_taken_in(taken, speech_of(found.language), title=file.name)
    if as_json:
        print_json({"company": company, "kind": kind, "applied": not dry_run, "files": answers})
    elif dry_run:
        say("nothing was stored: say it without --dry-run to apply it")


def _answer(taken: "TakenIn", filename: str) -> dict[str, Any]:
    rows = [one._asdict() | {"differences": [difference._asdict() for difference in one.differences]} for one in taken.outcomes]
    return {
        "file": filename,
        "recognised": taken.recognised,
        "counts": {noun: dict(counts) for noun, counts in taken.counts.items()},
        "remarks": [str(remark) for remark in taken.remarks],
        "rows": rows,
    }
