"""How are notices issued, printed, cancelled and settled by the command line?"""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from relance.cli.answers import print_json
from relance.cli.correcting import show_changed
from relance.cli.enclosing import tell_missing
from relance.cli.options import (
    LAST_ID,
    AsJson,
    AsOf,
    CompanyCode,
    LetterForm,
    address,
    amount,
    day,
    issued_level,
    letter_form,
    minor_units,
    user,
)
from relance.cli.tables.runs import show_report
from relance.cli.terminal import progress
from relance.cli.verb import FAILED, say
from relance.cli.words import Speech, speech_of, terminal_speech
from relance.core.edition import EditionRequest, Scope, Sort

if TYPE_CHECKING:
    from relance.steps.running import Report

_FEW = 10  # codes that a message names
Several = list[str] | None
LeftOut = Annotated[
    Literal["full", "counts", "none"] | None,
    typer.Option("--left-out", help="Tell of the items left out each with its reason, how many for each reason, or nothing."),
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; kept in the history.")]


def batch(
    company: CompanyCode,
    as_of: AsOf,
    cc: Annotated[
        Several, typer.Option("--cc", metavar="ADDRESS", parser=address, help="Copy every e-mail to this address; may be repeated.")
    ] = None,
    left_out: LeftOut = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be issued; store and send nothing.")] = False,
    no_wait: Annotated[bool, typer.Option("--no-wait", help="Leave the sending to the workers.")] = False,
    confirmed: Annotated[bool, typer.Option("--confirmed", help="The dry run was looked at: go above the company's ceiling.")] = False,
    as_json: AsJson = False,
) -> None:
    """Run the automatic dunning: decide, issue and send, and answer when every message is sent, failed or unsure."""
    from relance.models.finding import find_company
    from relance.steps import running

    found = find_company(company)
    with progress("batch") as advance:
        report = running.batch(
            found,
            as_of,
            cc=tuple(cc or ()),
            dry_run=dry_run,
            wait=not no_wait,
            confirmed=confirmed,
            by=user(),
            progress=advance,
        )
    conclude(report, speech_of(found.language), left_out, as_json=as_json)


def edition(
    company: CompanyCode,
    as_of: AsOf,
    level: Annotated[int, typer.Option("--level", metavar="LEVEL", parser=issued_level, help="The level of the letters, 1 to 9.")],
    scope: Annotated[Scope, typer.Option("--scope", help="Due items of which levels are taken.")] = Scope.ALL_LOWER,
    due_from: Annotated[
        date | None, typer.Option("--due-from", metavar="DATE", parser=day, help="Only items due from this day on.")
    ] = None,
    due_to: Annotated[
        date | None,
        typer.Option("--due-to", metavar="DATE", parser=day, help="Only items due up to this day; the day before --as-of unless said."),
    ] = None,
    type_from: Annotated[str | None, typer.Option("--type-from", metavar="TYPE", help="Only customers of this type and above.")] = None,
    type_to: Annotated[str | None, typer.Option("--type-to", metavar="TYPE", help="Only customers of this type and below.")] = None,
    sales_reps: Annotated[
        Several, typer.Option("--sales-rep", metavar="CODE", help="Only customers of this sales rep; may be repeated.")
    ] = None,
    payment_methods: Annotated[
        Several, typer.Option("--payment-method", metavar="CODE", help="Only documents to be paid by this method; may be repeated.")
    ] = None,
    min_amount: Annotated[
        str | None, typer.Option("--min-amount", metavar="AMOUNT", parser=amount, help="Only customers who owe more than this in all.")
    ] = None,
    customers: Annotated[Several, typer.Option("--customer", metavar="CODE", help="Only this customer; may be repeated.")] = None,
    sort: Annotated[Sort, typer.Option("--sort", help="The order of the letters.")] = Sort.NAME,
    template: Annotated[
        str, typer.Option("--template", metavar="NAME", help="The letter template to use instead of the general one.")
    ] = "",
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Where to write: the letters in one file (.pdf, .html), one file for each customer (a folder, or .zip), "
            "or the control list (.pdf, .xlsx, .csv).",
        ),
    ] = None,
    form: LetterForm = None,
    *,
    subtotals: Annotated[
        bool | None,
        typer.Option("--subtotals/--no-subtotals", help="Show a subtotal for each due date, or none, whatever the company shows."),
    ] = None,
    any_customer_level: Annotated[bool, typer.Option("--any-customer-level", help="Take customers whatever their own level.")] = False,
    no_credits: Annotated[bool, typer.Option("--no-credits", help="List no credits in deduction.")] = False,
    control_list: Annotated[bool, typer.Option("--control-list", help="Only list what would be dunned; store nothing.")] = False,
    definitive: Annotated[
        bool, typer.Option("--definitive", help="Issue the letters for good; without it they are marked as a draft.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a letter edition: a control list, provisional letters, or with --definitive the letters themselves."""
    from relance.models import Collaborator, Customer, PaymentMethod
    from relance.models.finding import find_company, refuse_unknown
    from relance.steps import running

    output = _output(out, form, control_list=control_list, definitive=definitive)
    made = letter_form(out, form) if output != "control_list" else "pdf"
    found = find_company(company)
    refuse_unknown(found, Customer, customers or (), "customer")
    refuse_unknown(found, Collaborator, sales_reps or (), "sales rep")
    refuse_unknown(found, PaymentMethod, payment_methods or (), "payment method")
    request = EditionRequest(
        as_of=as_of,
        level=level,
        scope=scope,
        due_from=due_from,
        due_to=due_to,
        type_from=type_from,
        type_to=type_to,
        sales_reps=tuple(sales_reps or ()),
        payment_methods=tuple(payment_methods or ()),
        min_amount=minor_units(min_amount, found.currency, "--min-amount"),
        customers=tuple(customers or ()),
        sort=sort,
        any_customer_level=any_customer_level,
        include_credits=False if no_credits else None,
        subtotals=subtotals,
        template=template,
    )
    with progress("edition") as advance:
        report = running.edition(found, request, output=output, out=out, form=made, by=user(), progress=advance)
    conclude(report, speech_of(found.language), None, as_json=as_json)


def print_letters(
    run: Annotated[int, typer.Argument(metavar="RUN", min=1, max=LAST_ID, help="The batch whose letters are waiting.")],
    out: Annotated[
        Path,
        typer.Option("--out", metavar="FILE", help="Where to write: one file (.pdf, .html), or one for each customer (a folder, or .zip)."),
    ],
    form: LetterForm = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Print the waiting letters of a batch: they are issued by this."""
    from relance.steps import running

    made = letter_form(out, form)
    with progress("print") as advance:
        report = running.print_letters(run, out, form=made, by=user(), progress=advance)
    conclude(report, terminal_speech(), "none", as_json=as_json)


def cancel(
    notice: Annotated[int | None, typer.Argument(metavar="[NOTICE]", min=1, max=LAST_ID, help="The notice to cancel.")] = None,
    run: Annotated[
        int | None, typer.Option("--run", metavar="RUN", min=1, max=LAST_ID, help="Cancel every notice of this run instead.")
    ] = None,
    reason: Reason = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Cancel a notice, or a whole run: levels, dates and comments go back to what they were."""
    from relance.steps import running

    if not reason.strip():
        raise typer.BadParameter("a cancellation says why", param_hint="--reason")
    if notice is not None and run is None:
        show_changed(running.cancel_notice(notice, reason, user()), as_json=as_json)
    elif run is not None and notice is None:
        show_changed(running.cancel_run(run, reason, user()), as_json=as_json)
    else:
        raise typer.BadParameter("name either a notice or, with --run, a run")


def settle(
    notice: Annotated[int, typer.Argument(metavar="NOTICE", min=1, max=LAST_ID, help="The notice that is unsure.")],
    *,
    sent: Annotated[bool, typer.Option("--sent", help="It reached the recipient's server.")] = False,
    not_sent: Annotated[bool, typer.Option("--not-sent", help="It did not.")] = False,
    as_json: AsJson = False,
) -> None:
    """Decide a notice of which nobody knows whether it was sent: as sent it is issued, as not sent it failed."""
    from relance.steps import running

    if sent == not_sent:
        raise typer.BadParameter("say either --sent or --not-sent")
    show_changed(running.settle(notice, user(), sent=sent), as_json=as_json)


def _output(out: Path | None, form: str | None, *, control_list: bool, definitive: bool) -> str:
    """What the edition makes. Raises BadParameter for what cannot be made, or not into that file."""
    if control_list and definitive:
        raise typer.BadParameter("a control list stores nothing: ask either for it or for definitive letters", param_hint="--control-list")
    if control_list and form is not None:
        raise typer.BadParameter("the format of a control list is that of its file", param_hint="--format")
    formats = (".pdf", ".xlsx", ".csv")
    if control_list and out is not None and out.suffix.lower() not in formats:
        raise typer.BadParameter(f"cannot write {out.name}: only {', '.join(formats)}", param_hint="--out")
    return "control_list" if control_list else "definitive" if definitive else "provisional"


def conclude(report: "Report", words: Speech, left_out: str | None, *, as_json: bool) -> None:
    """Answer, then tell on standard error what went wrong; a run that broke off exits 1."""
    if as_json:
        print_json(report.told(left_out or "full"))
    else:
        show_report(report, words, left_out or "counts")
    tell_missing(report.enclosures)
    for remark in report.remarks:
        say(remark)
    if report.failures:
        say(f"{report.failures} message(s) could not be sent: see the status of the notices")
    if report.unaddressed:
        codes = list(dict.fromkeys(report.unaddressed))
        shown = ", ".join(codes[:_FEW]) + (", …" if len(codes) > _FEW else "")
        say(f"{len(report.unaddressed)} letter(s) have no address and cannot be posted: {shown}")
    if report.unsure:
        say(f"{report.unsure} message(s) may or may not have been sent: decide them with relance settle")
    if report.problem:
        say(report.problem)
        raise typer.Exit(FAILED)
