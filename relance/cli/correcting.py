"""How does a person put a document right by the command line: its level, its blocks?"""

from datetime import date
from typing import Annotated, Any, Literal

import typer

from relance.cli.answers import print_json
from relance.cli.options import (
    ALL_LEVELS,
    HIGHEST_LEVEL,
    AsJson,
    CompanyCode,
    CustomerCode,
    DocumentNumber,
    HoldReason,
    any_level,
    current_level,
    day,
    user,
)
from relance.cli.tables.runs import show_changes, show_lines
from relance.cli.words import Speech, speech_of, terminal_speech

Kind = Annotated[
    Literal["automatic", "manual", "temporary"],
    typer.Option("--kind", help="What is blocked: automatic runs, people, or both until the next automatic run has ended well."),
]
Comment = Annotated[str | None, typer.Option("--comment", metavar="TEXT", help="Why; kept on the document and in its history.")]


def set_level(
    company: CompanyCode,
    level: Annotated[int, typer.Option("--level", metavar="LEVEL", parser=any_level, help="The new level: 0 to 9, or NA.")],
    on: Annotated[
        date | None, typer.Option("--date", metavar="DATE", parser=day, help="The dunning date of the new level; level 0 clears it.")
    ] = None,
    current: Annotated[
        int | None, typer.Option("--current", metavar="LEVEL", parser=current_level, help="Only due items at this level; -1 takes all.")
    ] = None,
    date_from: Annotated[
        date | None, typer.Option("--from", metavar="DATE", parser=day, help="Only documents dated from this day on.")
    ] = None,
    date_to: Annotated[date | None, typer.Option("--to", metavar="DATE", parser=day, help="Only documents dated up to this day.")] = None,
    customer: Annotated[str | None, typer.Option("--customer", metavar="CODE", help="Only documents billed to this customer.")] = None,
    documents: Annotated[
        list[str] | None, typer.Option("--document", metavar="NUMBER", help="Only this document; may be repeated.")
    ] = None,
    due_to: Annotated[date | None, typer.Option("--due-to", metavar="DATE", parser=day, help="Only items due up to this day.")] = None,
    *,
    open_only: Annotated[bool, typer.Option("--open-only", help="Only items of which something is open.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list the due items concerned; change nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Set the level of invoices by hand, settled ones too; the customer's own level stays."""
    from relance.models.finding import find_company, find_customer
    from relance.steps.leveling import LevelChange, lines_concerned
    from relance.steps.leveling import set_level as apply

    if on is None and 1 <= level <= HIGHEST_LEVEL:
        raise typer.BadParameter("a level from 1 to 9 comes with its date", param_hint="--date")
    found = find_company(company)
    billed = find_customer(found, customer) if customer is not None else None
    change = LevelChange(
        level,
        on,
        None if current == ALL_LEVELS else current,
        date_from,
        date_to,
        billed,
        tuple(documents or ()),
        due_to=due_to,
        open_only=open_only,
    )
    if not dry_run:
        show_changed(apply(found, change, by=user()), speech_of(found.language), as_json=as_json)
    elif as_json:
        print_json([("lines", iter(lines_concerned(found, change)))])
    else:
        show_lines(lines_concerned(found, change), speech_of(found.language))


def block(
    company: CompanyCode,
    document: DocumentNumber,
    kind: Kind,
    customer: CustomerCode = None,
    comment: Comment = None,
    until: Annotated[
        date | None,
        typer.Option("--until", metavar="DATE", parser=day, help="The last day of the block; unless said, it is lifted by hand."),
    ] = None,
    reason: Annotated[HoldReason | None, typer.Option("--reason", help="The kind of reason.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Keep a document from being dunned."""
    from relance.models.finding import find_company, find_document
    from relance.steps import blocking

    found = find_company(company)
    about = find_document(found, document, customer)
    changed = blocking.block(about, blocking.Block(kind), by=user(), comment=comment, until=until, reason=reason)
    show_changed(changed, speech_of(found.language), as_json=as_json)


def unblock(
    company: CompanyCode,
    document: DocumentNumber,
    kind: Kind,
    customer: CustomerCode = None,
    comment: Comment = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Let a blocked document be dunned again."""
    from relance.models.finding import find_company, find_document
    from relance.steps import blocking

    found = find_company(company)
    changed = blocking.unblock(find_document(found, document, customer), blocking.Block(kind), by=user(), comment=comment)
    show_changed(changed, speech_of(found.language), as_json=as_json)


def show_changed(changed: list[dict[str, Any]], words: Speech | None = None, *, as_json: bool) -> None:
    """Answer a command that changes something: what it changed, from what to what."""
    if as_json:
        print_json([("changed", iter(changed))])
    else:
        show_changes(changed, words or terminal_speech())
