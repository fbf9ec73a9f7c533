"""Which options do the commands share, and what is wrong usage of them? A value that cannot be read exits 2 before anything runs."""

import getpass
import os
import re
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

LAST_ID = 2**63 - 1  # what a database takes for an identifier
ALL_LEVELS = -1
HIGHEST_LEVEL, LEVEL_NA = 9, 100  # as the database and the engine write NA
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_AMOUNT = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_ADDRESS = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+\.[^@\s<>,;:\"]+")
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)


def day(text: str) -> date:
    """A calendar date written YYYY-MM-DD."""
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f'not a date written YYYY-MM-DD: "{text}"') from None


def run_day(text: str) -> date:
    """A date on which something may be run: far dates are slips of the finger."""
    found = day(text)
    if not _FIRST_DAY <= found <= _LAST_DAY:
        raise typer.BadParameter(f"not between {_FIRST_DAY} and {_LAST_DAY}: {found}")
    return found


def issued_level(text: str) -> int:
    """A level that a notice can have: 1 to 9."""
    if re.fullmatch("[1-9]", text):
        return int(text)
    raise typer.BadParameter(f'not a level from 1 to 9: "{text}"')


def any_level(text: str) -> int:
    """A level that a due item can have: 0 to 9, or NA."""
    if text.upper() == "NA":
        return LEVEL_NA
    if re.fullmatch("[0-9]", text):
        return int(text)
    raise typer.BadParameter(f'not a level from 0 to 9, nor NA: "{text}"')


def current_level(text: str) -> int:
    """A level to look for: as ``any_level``, or -1 for all (register A43)."""
    return ALL_LEVELS if text == str(ALL_LEVELS) else any_level(text)


def amount(text: str) -> str:
    """A decimal amount; the company's currency gives it its meaning later."""
    if _AMOUNT.fullmatch(text):
        return text
    raise typer.BadParameter(f'not a decimal amount: "{text}"')


def address(text: str) -> str:
    """An e-mail address."""
    if _ADDRESS.fullmatch(text):
        return text
    raise typer.BadParameter(f'not an e-mail address: "{text}"')


def address_or_code(text: str) -> str:
    """An e-mail address, or the code of a collaborator."""
    return address(text) if "@" in text else text


def letter_form(out: Path | None, form: str | None) -> str:
    """The format of letters: the one that is asked for, else that of the file, else PDF. Raises BadParameter where the two differ."""
    from relance.core.forms import ARCHIVE, FORMS, form_of_file
    from relance.letters.bundle import is_folder

    of_file = "" if out is None or is_folder(out) else form_of_file(out.name)
    if out is not None and not of_file and not is_folder(out):
        wanted = ", ".join(f".{one}" for one in (*FORMS, ARCHIVE))
        raise typer.BadParameter(f"cannot write {out.name}: only {wanted}, or a folder", param_hint="--out")
    if out is not None and form and of_file not in ("", ARCHIVE, form):
        raise typer.BadParameter(f"{out.name} is not a file in {form.upper()}", param_hint="--format")
    return form or (of_file if of_file in FORMS else "pdf")


def minor_units(text: str | None, currency: str, option: str) -> int | None:
    """The amount in minor units of the currency. Raises BadParameter where the currency has fewer decimals."""
    from relance.core import money

    try:
        return None if text is None else money.parse(text, currency)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None


def user() -> str:
    """Who asks, for the history: ``RELANCE_USER``, else the user of the system."""
    try:
        return (os.environ.get("RELANCE_USER") or getpass.getuser())[:150]
    except (KeyError, OSError):  # a container's user without a name
        return str(os.getuid())


HoldReason = Literal["dispute", "instalments", "request", "check", "other"]
LetterForm = Annotated[
    Literal["pdf", "docx", "odt", "rtf", "html"] | None,
    typer.Option("--format", help="The format of the letters; that of the file unless said, else PDF."),
]
CompanyCode = Annotated[str, typer.Option("--company", metavar="CODE", help="The company's code.")]
AsOf = Annotated[date, typer.Option("--as-of", metavar="DATE", parser=run_day, help="The date everything is counted at, YYYY-MM-DD.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer with one JSON document instead of tables.")]
CustomerCode = Annotated[str | None, typer.Option("--customer", metavar="CODE", help="The customer's code.")]
DocumentNumber = Annotated[str, typer.Option("--document", metavar="NUMBER", help="The document's number.")]
TheCustomer = Annotated[str, typer.Option("--customer", metavar="CODE", help="The customer's code.")]
Documents = Annotated[list[str] | None, typer.Option("--document", metavar="NUMBER", help="About this document; may be repeated.")]
DossierFile = Annotated[Path, typer.Argument(metavar="FILE", help="The dossier, a JSON file; - reads standard input.")]
