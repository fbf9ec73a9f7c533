"""How is the last import taken back by the command line?"""

from typing import Annotated

import typer

from relance.cli.answers import print_json
from relance.cli.options import AsJson, CompanyCode, user
from relance.cli.verb import say


def undo(
    company: CompanyCode,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say which import it is, and whether it can be undone.")] = False,
    as_json: AsJson = False,
) -> None:
    """Undo the last import: everything is again as it was before, where nothing was built on it."""
    from django.utils.timezone import localtime

    from relance.models.finding import find_company
    from relance.steps.undoing import undo_import

    upload = undo_import(find_company(company), by=user(), dry_run=dry_run)
    if as_json:
        counts = {noun: counted for noun, counted in upload.counts.items() if isinstance(counted, dict)}
        print_json({"company": company, "kind": upload.kind, "file": upload.filename, "counts": counts, "applied": not dry_run})
        return
    told = "can be undone" if dry_run else "was undone: everything is again as it was before"
    say(f"{upload.filename}, imported on {localtime(upload.at):%Y-%m-%d %H:%M} by {upload.by}, {told}")
