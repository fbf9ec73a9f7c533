"""How does a person note, by the command line, what is known of arrears: statuses, comments, promises, calls?"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from relance.cli.correcting import show_changed
from relance.cli.options import AsJson, CompanyCode, CustomerCode, Documents, TheCustomer, amount, day, minor_units, user
from relance.cli.terminal import show
from relance.cli.words import speech_of

if TYPE_CHECKING:
    from relance.models import Company, Document, Status
    from relance.steps.following import FollowUp


class Clearable(StrEnum):
    """What can be taken away again."""

    STATUS = "status"
    COMMENT = "comment"
    EXPECTED_ON = "expected_on"
    PROMISED_ON = "promised_on"


def follow(
    company: CompanyCode,
    documents: Annotated[
        list[str], typer.Option("--document", metavar="NUMBER", help="The open due items of this document; may be repeated.")
    ],
    customer: CustomerCode = None,
    no: Annotated[int | None, typer.Option("--no", metavar="NO", min=1, help="Only the due item of this number.")] = None,
    status: Annotated[str | None, typer.Option("--status", metavar="CODE", help="The status that they get.")] = None,
    comment: Annotated[
        str | None, typer.Option("--comment", metavar="TEXT", help="What is known; the comment before stays readable.")
    ] = None,
    expected_on: Annotated[date | None, typer.Option("--expected-on", metavar="DATE", parser=day, help="When payment is expected.")] = None,
    promised_on: Annotated[
        date | None, typer.Option("--promised-on", metavar="DATE", parser=day, help="The day by which the customer promises to pay.")
    ] = None,
    promised_amount: Annotated[
        str | None,
        typer.Option("--promised-amount", metavar="AMOUNT", parser=amount, help="What it promises to pay; all that is open unless said."),
    ] = None,
    clear: Annotated[list[Clearable] | None, typer.Option("--clear", help="Take this away; may be repeated.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Bring the follow-up of due items up to date: status, comment, expected and promised payment."""
    from django.utils.timezone import localdate

    from relance.models.finding import find_company, find_document
    from relance.steps import following

    found = find_company(company)
    about = [find_document(found, number, customer) for number in documents]
    said: FollowUp = {}
    if status is not None:
        said["status"] = _status(found, status)
    if comment is not None:
        said["comment"] = comment
    if expected_on is not None:
        said["expected_on"] = expected_on
    if promised_on is not None:
        said["promised_on"] = promised_on
    if promised_amount is not None:
        said["promised_amount"] = minor_units(promised_amount, about[0].currency, "--promised-amount")
    _clear(said, clear or [])
    changed = following.follow_up(found, following.open_items(about, no), said, on=localdate(), by=user())
    show_changed(changed, speech_of(found.language), as_json=as_json)


def call(
    company: CompanyCode,
    customer: TheCustomer,
    outcome: Annotated[
        Literal["reached", "no_answer", "message_left", "promised", "disputed", "wrong_number"],
        typer.Option("--outcome", help="How the call ended."),
    ],
    contact: Annotated[str, typer.Option("--contact", metavar="NAME", help="Who was called.")] = "",
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="What was said.")] = "",
    documents: Documents = None,
) -> None:
    """Note a telephone call to a customer, and how it ended."""
    from relance.models.finding import find_company, find_customer, find_document
    from relance.steps import following

    found = find_company(company)
    called = find_customer(found, customer)
    about: list[Document] = [find_document(found, number, customer) for number in documents or ()]
    numbers = [document.number for document in about]
    following.note_call(called, following.CallOutcome(outcome), contact=contact, note=note, documents=numbers, by=user())
    show(speech_of(found.language)("The call is noted."))


def _status(company: "Company", code: str) -> "Status":
    from relance.models import Status
    from relance.models.finding import refuse_unknown

    refuse_unknown(company, Status, [code], "status")
    return Status.objects.get(company=company, code=code)


def _clear(said: "FollowUp", names: Sequence[str]) -> None:
    """Raises BadParameter where nothing is said at all, or the same thing is set and cleared."""
    for name in names:
        if name in said:
            raise typer.BadParameter(f"{name} is set and cleared at once", param_hint="--clear")
    if "status" in names:
        said["status"] = None
    if "comment" in names:
        said["comment"] = ""
    if "expected_on" in names:
        said["expected_on"] = None
    if "promised_on" in names:
        said["promised_on"] = None
    if not said:
        raise typer.BadParameter("say what is known: --status, --comment, --expected-on, --promised-on or --clear")
