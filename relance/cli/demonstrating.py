"""How is the demo company met in the terminal?"""

import json
import sys
import threading
import webbrowser
from typing import Annotated

import typer

from relance.cli.options import user
from relance.cli.serving import Port
from relance.cli.tables.accounts import show_balance
from relance.cli.tables.runs import show_report
from relance.cli.terminal import show
from relance.cli.words import speech_of

Fresh = Annotated[bool, typer.Option("--fresh", help="Bring the demo company up to today, and its open items back to where they started.")]
Serve = Annotated[bool, typer.Option("--serve", help="Then serve the pages, and open them signed in.")]
_PATIENCE = 1.5  # seconds until the server answers

_SUGGESTIONS = (  # the situations that the guide of the demo tells of: a skipped level, a dispute, a promise, several levels at once
    "explain --company {company} --document FA-2269 --as-of {today}",
    "arrears --company {company} --customer C057",
    "batch --company {company} --as-of {today} --dry-run --left-out full",
    "edition --company {company} --as-of {today} --level 3 --control-list --out controle.pdf",
)


def demo(*, fresh: Fresh = False, serve: Serve = False, port: Port = 8000) -> None:
    """Fill a demo company and show its aged balance and what the automatic run would do today; then, if asked, open it in the browser."""
    from django.db import transaction
    from django.utils.timezone import localdate

    from relance import dossier
    from relance.core.aging import aged_balance, grid
    from relance.demo import demo_dossier
    from relance.demo.history import write_history
    from relance.models import Company
    from relance.models.lists.aged import open_operations
    from relance.steps import running

    today = localdate()
    told = demo_dossier(today)
    company = Company.objects.filter(code=told["company"]["code"]).first()
    if company is None or fresh:
        with transaction.atomic():
            company, is_new = dossier.load(json.dumps(told).encode(), by=user(), with_levels=True).company, company is None
            if is_new:
                write_history(company, today)
    words = speech_of(company.language)
    show_balance(aged_balance(open_operations([company], today), today, grid()), words, details=False)
    show_report(running.batch(company, today, dry_run=True, by=user()), words, "counts")
    show(words("Go on with:"), style="bold")
    for command in _SUGGESTIONS:
        show("  relance " + command.format(company=company.code, today=today))
    if serve:
        _open(port)


def _open(port: int) -> None:
    """Serve the demo, and lead its accountant in by a link that signs her in once."""
    from django.utils.timezone import localdate

    from relance.cli.serving import address, free_port, listen
    from relance.demo import demo_dossier
    from relance.steps import granting
    from relance.web.account import invite

    accountant = next(one for one in demo_dossier(localdate())["collaborators"] if one["code"] == "MAL")
    port = free_port(port)
    path = invite(granting.add_user(accountant["email"], None, name=accountant["name"], language="fr", admin=True))
    if sys.stdout.isatty():
        threading.Timer(_PATIENCE, webbrowser.open, [address("127.0.0.1", port) + path]).start()
    listen("127.0.0.1", port, path)
