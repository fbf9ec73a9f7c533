"""How are chosen invoices reminded by hand from the command line?"""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from relance.cli.options import LAST_ID, AsJson, AsOf, CompanyCode, CustomerCode, LetterForm, address_or_code, letter_form, user
from relance.cli.running import conclude
from relance.cli.terminal import progress, show
from relance.cli.words import speech_of, terminal_speech

if TYPE_CHECKING:
    from datetime import date

    from relance.models import Company

_ASKED = re.compile(r"(?P<number>.+)=(?P<level>[^=]*)", re.DOTALL)
_SUFFIXES = {"draft": (".eml", ".zip"), "email": ()}

Several = list[str] | None


def remind(
    company: CompanyCode,
    documents: Annotated[
        list[str],
        typer.Option(
            "--document",
            metavar="NUMBER[=LEVEL]",
            help="An invoice, and the level it is to take instead of the proposed one; may be repeated.",
        ),
    ],
    channel: Annotated[
        Literal["email", "draft", "letter"],
        typer.Option("--channel", help="Send e-mails now, make drafts to open in the mail program, or make letters."),
    ],
    as_of: AsOf,
    customer: CustomerCode = None,
    sender: Annotated[
        str | None,
        typer.Option("--from", metavar="WHO", parser=address_or_code, help="Who writes: a collaborator's code, or an e-mail address."),
    ] = None,
    cc: Annotated[
        Several,
        typer.Option(
            "--cc", metavar="WHO", parser=address_or_code, help="Copy every e-mail to this collaborator or address; may be repeated."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Where to write: the letters (.pdf, .docx, .odt, .rtf, .html, or one for each customer in a folder or .zip), "
            "the draft (.eml) or the drafts (.zip).",
        ),
    ] = None,
    form: LetterForm = None,
    template: Annotated[
        str, typer.Option("--template", metavar="NAME", help="The letter template to use instead of the general one.")
    ] = "",
    *,
    undue_too: Annotated[bool, typer.Option("--undue-too", help="Take due items too that are not yet past their due date.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be issued; store and send nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remind of chosen invoices by hand: each due item takes the level that applies, else the next one, or the level given."""
    from relance.core.facts import Channel
    from relance.core.review import ReviewRequest
    from relance.models.finding import find_address, find_company
    from relance.steps import running

    made = _form(out, channel, form, template, dry_run=dry_run)
    levels = _levels(documents)
    found = find_company(company)
    request = ReviewRequest(
        as_of=as_of,
        chosen=_chosen(found, levels, customer, as_of),
        channel=Channel(channel),
        cc=tuple(find_address(found, one) for one in cc or ()),
        sender=find_address(found, sender) if sender else "",
        undue_too=undue_too,
        template=template,
    )
    if dry_run:
        report = running.show_reminders(found, request, out, made)
    else:
        with progress("remind") as advance:
            report = running.remind(found, request, out=out, form=made, by=user(), progress=advance)
    conclude(report, speech_of(found.language), "full", as_json=as_json)


def drafts(
    run: Annotated[int, typer.Argument(metavar="RUN", min=1, max=LAST_ID, help="The run whose drafts are wanted.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to write the draft (.eml), or all of them (.zip).")
    ] = None,
    *,
    mailbox: Annotated[bool, typer.Option("--mailbox", help="Put them into the drafts of the company's mailbox instead.")] = False,
) -> None:
    """Write the drafts of a run into a file once more, or put them into the mailbox."""
    from relance.models.notices import Run
    from relance.steps import Refused, running

    if (out is None) != mailbox:
        raise typer.BadParameter("say either --out or --mailbox")
    if out is None:
        found = Run.objects.select_related("company").filter(pk=run).first()
        if found is None:
            raise Refused(f"there is no run {run}")
        show(terminal_speech()("{number} drafts put into the mailbox", number=running.put_drafts(found)))
        return
    count = running.write_drafts(run, out)
    words = terminal_speech()
    show(words("1 draft written") if count == 1 else words("{number} drafts written", number=count))


def _levels(documents: list[str]) -> dict[str, int | None]:
    """By number, the level asked for. Raises BadParameter for a level that no notice has, and a document named twice."""
    levels: dict[str, int | None] = {}
    for text in documents:
        asked = _ASKED.fullmatch(text)
        number, level = (asked["number"], asked["level"]) if asked else (text, None)
        if level is not None and not re.fullmatch("[1-9]", level):
            raise typer.BadParameter(f'not a level from 1 to 9: "{level}"', param_hint="--document")
        if number in levels:
            raise typer.BadParameter(f"{number} is named twice", param_hint="--document")
        levels[number] = int(level) if level else None
    return levels


def _chosen(company: "Company", levels: dict[str, int | None], customer: str | None, as_of: "date") -> dict[int, int | None]:
    from relance.models.finding import find_document
    from relance.steps import reminding

    named = (reminding.Chosen(find_document(company, number, customer), level) for number, level in levels.items())
    return reminding.choose(named, as_of)


def _form(out: Path | None, channel: str, form: str | None, template: str, *, dry_run: bool) -> str:
    """The format of the letters. Raises BadParameter for a file that nothing will be written into, or not in that form."""
    if channel == "letter":
        return letter_form(out, form)
    if form or template:
        raise typer.BadParameter("only letters have a format and a template", param_hint="--format" if form else "--template")
    suffixes = () if dry_run else _SUFFIXES[channel]
    if out is not None and not suffixes:
        raise typer.BadParameter("there is nothing to write into a file", param_hint="--out")
    if out is not None and out.suffix.lower() not in suffixes:
        raise typer.BadParameter(f"cannot write {out.name}: only {', '.join(suffixes)}", param_hint="--out")
    return "pdf"
