"""How do files of other software come in by the command line?"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relance.cli.answers import print_json
from relance.cli.options import AsJson, CompanyCode, run_day, user
from relance.cli.tables.imports import show_banked, show_einvoice, show_imported, show_taken_over
from relance.cli.terminal import progress
from relance.cli.verb import say
from relance.cli.words import speech_of

if TYPE_CHECKING:
    from relance.models.company import Company
    from relance.steps.uploading import Imported

_MOST_TOLD = 20  # letters not followed that are told one by one
Files = Annotated[list[Path], typer.Argument(metavar="FILE…", help="The exports, oldest first.")]


def fec(files: Files, company: CompanyCode, *, as_json: AsJson = False) -> None:
    """Import the statutory accounting export (FEC): customers, suppliers, their documents, payments and letters."""
    from relance.steps.uploading import import_fec

    answers = []
    with company_or_new(company) as found:
        for file in files:
            with progress(file.name) as advance:
                imported = import_fec(found, file, user(), advance)
            _tell(imported, file.name)
            if as_json:
                answers.append(imported.told(file.name, found.currency))
            else:
                show_imported(imported, speech_of(found.language), title=file.name)
    if as_json:
        print_json({"company": company, "files": answers})


def items(
    files: Files,
    company: CompanyCode,
    as_of: Annotated[
        date | None, typer.Option("--as-of", metavar="DATE", parser=run_day, help="The day the lists are of; today unless said.")
    ] = None,
    source: Annotated[str, typer.Option("--source", metavar="NAME", help="Whose lists these are, where several programs make some.")] = "",
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--column", metavar="WHAT=HEAD", help="Which column is what, where its head does not tell; remembered for the source."
        ),
    ] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", metavar="NAME", help="The sheet of a workbook; the first unless said.")] = None,
    *,
    partial: Annotated[
        bool, typer.Option("--partial", help="The list does not hold all that is open: nothing missing is settled.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would change; store nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Import a list of open items, CSV, XLSX or ODS: what is new, what was paid in part, what is gone from it and so settled."""
    from relance.steps.taking_over import take_over

    mapping = dict(column(text) for text in columns or [])
    day, answers = as_of or date.today(), []  # noqa: DTZ011  the day on the wall of who types the command
    with company_or_new(company) as found:
        for file in files:
            with progress(file.name) as advance:
                taken = take_over(
                    found,
                    file,
                    day,
                    by=user(),
                    source=source,
                    columns=mapping,
                    sheet=sheet,
                    whole=not partial,
                    dry_run=dry_run,
                    progress=advance,
                )
            for remark in taken.remarks:
                say(f"{file.name}: {remark}")
            if as_json:
                answers.append(taken.told(file.name))
            else:
                show_taken_over(taken, speech_of(found.language), title=file.name)
    if as_json:
        print_json({"company": company, "as_of": day.isoformat(), "applied": not dry_run, "files": answers})
    elif dry_run:
        say("nothing was stored: say it without --dry-run to apply it")


def einvoice(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Factur-X PDFs, CII or UBL XML, life-cycle messages.")],
    company: CompanyCode,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would change; store nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Import electronic invoices and credit notes, and the messages that tell what has become of them."""
    from relance.importers.recognising import is_message
    from relance.models.finding import find_company
    from relance.steps import Refused
    from relance.steps.einvoicing import import_einvoice

    found = find_company(company)
    answers, refusals = [], []
    for file in sorted(files, key=is_message):  # what a message is about may come by the same command
        try:
            taken = import_einvoice(found, file, user(), dry_run=dry_run)
        except Refused as refusal:
            refusals.append(str(refusal))
            continue
        for remark in taken.remarks:
            say(f"{file.name}: {remark}")
        if as_json:
            answers.append(taken.told(file.name))
        else:
            show_einvoice(taken, speech_of(found.language), title=file.name)
    if as_json:
        print_json({"company": company, "applied": not dry_run, "files": answers})
    elif dry_run:
        say("nothing was stored: say it without --dry-run to apply it")
    if refusals:
        raise Refused("\n".join(refusals))


def bank(
    files: Files,
    company: CompanyCode,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would change; store nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Import bank statements (camt.053, camt.054, CFONB 120, MT940, OFX): what came in, and which documents it certainly settles."""
    from relance.models.finding import find_company
    from relance.steps.banking import import_bank

    found, answers = find_company(company), []
    for file in files:
        with progress(file.name) as advance:
            banked = import_bank(found, file, user(), advance, dry_run=dry_run)
        for remark in banked.remarks:
            say(f"{file.name}: {remark}")
        if as_json:
            answers.append(banked.told(file.name))
        else:
            show_banked(banked, speech_of(found.language), title=file.name)
    if as_json:
        print_json({"company": company, "applied": not dry_run, "files": answers})
    elif dry_run:
        say("nothing was stored: say it without --dry-run to apply it")
    elif answers == [] and banked.waiting:
        say(f"{banked.waiting} entries wait for you: relance match --company {company}")


def column(text: str) -> tuple[str, str]:
    """Which column is what, as an option says it. Raises BadParameter."""
    what, sign, head = text.partition("=")
    if not sign or not head.strip():
        raise typer.BadParameter(f'not WHAT=HEAD: "{text}"', param_hint="--column")
    return what.strip(), head.strip()


@contextmanager
def company_or_new(code: str) -> "Iterator[Company]":
    """The company; in an installation that has none yet, a new one, unless a file is refused: a first file needs no setting up."""
    from django.db import transaction

    from relance.models.company import Company
    from relance.models.finding import find_company
    from relance.models.founding import found_company

    if Company.objects.exists():
        yield find_company(code)
        return
    with transaction.atomic():
        yield found_company(code, by=user())
    say(f"company {code} is new: it begins with three levels, in euros; change what it is with a dossier")


def _tell(imported: "Imported", name: str) -> None:
    """What the file does not say, what was passed over, which letters do not balance."""
    say(f"{name}: a FEC has no due dates: payment terms {imported.terms} gave them, and each customer's own where he has some")
    for remark in imported.remarks:
        say(f"{name}: {remark}")
    for (_, code), letter in imported.unfollowed[:_MOST_TOLD]:
        lines = letter.line_count
        why = f"its {lines} lines do not balance" if lines > 1 else "it stands on one line alone"
        say(f"{name}: letter {letter.letter} of {code} is not followed: {why}")
    if len(imported.unfollowed) > _MOST_TOLD:
        say(f"{name}: … and {len(imported.unfollowed) - _MOST_TOLD} more letters that do not balance")
    waiting = sum(map(len, imported.proposals.values()))
    if waiting:
        count = f"{waiting} payments" if waiting > 1 else "1 payment"
        say(f"{name}: {count} without a letter may be for open invoices; nothing was matched without you")
