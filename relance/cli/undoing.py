"""How is the last import taken back by the command line?"""

from typing import Annotated

import typer

from relance.cli.answers import print_json
from relance.cli.options import AsJson, CompanyCode, user
from relance.cli.verb import say


def undo(
    company: CompanyCode,
    *,
    forget: Annotated[
        int, typer.Option("--forget", metavar="N", min=0, help="So many bank entries that were set aside since may be forgotten.")
    ] = 0,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say which import it is, and whether it can be undone.")] = False,
    as_json: AsJson = False,
) -> None:
    """Undo the last import: everything is again as it was before, where nothing was built on it."""
    from django.utils.timezone import localtime

    from relance.models.finding import find_company
    from relance.steps.undoing import forgotten, undo_import

    upload = undo_import(find_company(company), by=user(), forget=forget, dry_run=dry_run)
    lost = forgotten(upload) if dry_run else 0
    if as_json:
        counts = {noun: counted for noun, counted in upload.counts.items() if isinstance(counted, dict)}
        about = {"company": company, "kind": upload.kind, "file": upload.filename, "counts": counts}
        print_json(about | {"forgets": lost, "applied": not dry_run})
        return
    told = "can be undone" if dry_run else "was undone: everything is again as it was before"
    told += f"; {lost} bank entries that were set aside since would be forgotten: --forget {lost}" if lost else ""
    say(f"{upload.filename}, imported on {localtime(upload.at):%Y-%m-%d %H:%M} by {upload.by}, {told}")
