"""How do the PDFs of invoices come in by the command line, who goes without one, and how is something printed again?"""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from relance.cli.answers import print_json
from relance.cli.correcting import show_changed
from relance.cli.options import LAST_ID, AsJson, CompanyCode, CustomerCode, DocumentNumber, run_day, user
from relance.cli.terminal import show, show_table
from relance.cli.verb import say
from relance.cli.words import Speech, speech_of

Json = dict[str, Any]
_MOST_TOLD = 20
_HEADS = ("Notice", "Customer", "Document", "Level", "Channel", "State", "PDF", "File", "Bytes")
IsDuplicate = Annotated[bool, typer.Option("--duplicate", help="A copy made by the accounting software: it is marked as a duplicate.")]


def attach(
    company: CompanyCode,
    document: DocumentNumber,
    file: Annotated[Path, typer.Argument(metavar="FILE.pdf", help="The PDF of the invoice.")],
    customer: CustomerCode = None,
    *,
    duplicate: IsDuplicate = False,
    as_json: AsJson = False,
) -> None:
    """Attach the PDF of an invoice, which goes with its reminders where the company asks for it."""
    from relance.importers.pdf import LARGEST
    from relance.models.finding import find_company, find_document
    from relance.steps import attaching

    found = find_company(company)
    about = find_document(found, document, customer)
    with file.open("rb") as opened:
        content = opened.read(LARGEST + 1)
    changed = attaching.attach(about, file.name, content, duplicate=duplicate, by=user())
    show_changed(changed, speech_of(found.language), as_json=as_json)


def detach(
    company: CompanyCode,
    document: DocumentNumber,
    customer: CustomerCode = None,
    *,
    duplicate: IsDuplicate = False,
    as_json: AsJson = False,
) -> None:
    """Take the PDF of an invoice away; reminders that it went with keep it."""
    from relance.models.finding import find_company, find_document
    from relance.steps import attaching

    found = find_company(company)
    changed = attaching.detach(find_document(found, document, customer), duplicate=duplicate, by=user())
    show_changed(changed, speech_of(found.language), as_json=as_json)


def attachments(
    company: CompanyCode,
    as_of: Annotated[
        date | None, typer.Option("--as-of", metavar="DATE", parser=run_day, help="What the automatic run of this date would enclose.")
    ] = None,
    run: Annotated[
        int | None, typer.Option("--run", metavar="RUN", min=1, max=LAST_ID, help="What goes, or went, with the notices of this run.")
    ] = None,
    *,
    missing: Annotated[bool, typer.Option("--missing", help="Only the invoices that do not go along.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the invoices that go with notices, and those of which there is no PDF."""
    from relance.models.finding import find_company
    from relance.steps import running

    if (as_of is None) == (run is None):
        raise typer.BadParameter("say either --as-of or --run")
    found = find_company(company)
    if as_of is not None:
        listed = running.batch(found, as_of, dry_run=True, by=user()).enclosures
    else:
        assert run is not None
        listed = running.enclosures(found, run)
    chosen = (one for one in listed if not missing or one["state"] != "enclosed")
    if as_json:
        print_json([("attachments", iter(chosen))])
    else:
        _show(chosen, speech_of(found.language))


def reprint(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write it: .pdf for letters, .eml for an e-mail.")],
    notice: Annotated[int | None, typer.Argument(metavar="[NOTICE]", min=1, max=LAST_ID, help="The notice to have again.")] = None,
    run: Annotated[
        int | None, typer.Option("--run", metavar="RUN", min=1, max=LAST_ID, help="All the letters of this run instead.")
    ] = None,
    *,
    duplicate: Annotated[bool, typer.Option("--duplicate", help="Mark the letters as duplicates.")] = False,
) -> None:
    """Write a letter or an e-mail once more, exactly as it was issued; nothing is recorded and no level moves."""
    from relance.steps import running

    if (notice is None) == (run is None):
        raise typer.BadParameter("name either a notice or, with --run, a run")
    for remark in running.reprint(out, notice=notice, run=run, duplicate=duplicate):
        say(remark)


def tell_missing(enclosures: Iterable[Json]) -> None:
    """Say on standard error which invoices do not go with the notices, and what can be done."""
    absent: dict[str, list[str]] = {"missing": [], "too_large": []}
    for one in enclosures:
        if one["state"] in absent:
            absent[one["state"]].append(f"{one['document']} ({one['customer']})")
    if absent["missing"]:
        say(f"no PDF goes along of {_few(absent['missing'])}: add them with relance attach")
    if absent["too_large"]:
        say(f"too large to go along: {_few(absent['too_large'])}")


def _few(names: list[str]) -> str:
    return ", ".join(names[:_MOST_TOLD]) + (f" and {len(names) - _MOST_TOLD} more" if len(names) > _MOST_TOLD else "")


def _show(listed: Iterator[Json], words: Speech) -> None:
    rows = [
        (
            str(one["notice"] or ""),
            one["customer"],
            one["document"],
            str(one["level"]),
            words(one["channel"]),
            words(one["state"]),
            words(one["kind"] or ""),
            one["filename"],
            str(one["size"] or ""),
        )
        for one in listed
    ]
    if not rows:
        show(words("No invoice goes with a notice."))
        return
    heads = [words(head) for head in _HEADS]
    show_table(heads, rows, right=[words("Notice"), words("Level"), words("Bytes")], cut=[words("File")])
