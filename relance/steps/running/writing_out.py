"""How do lists and letters come to files? What would be issued, marked as a draft; what was issued, as it is kept."""

from collections.abc import Iterable
from operator import attrgetter
from pathlib import Path

from relance.core.edition import EditionRequest
from relance.models import parties
from relance.models.company import Company
from relance.models.finding import names_of_reps
from relance.models.notices import Notice, Run
from relance.models.outgoing.frozen import Frozen
from relance.models.outgoing.letter_data import letter_data
from relance.steps import Refused, enclosing, issuing, listing, proposing, reminding, reprinting
from relance.steps.running.telling import remarks_on, said_of


def write_control_list(company: Company, request: EditionRequest, out: Path) -> None:
    """Write what an edition would claim as .pdf, .xlsx or .csv; nothing is stored. Raises Refused, Unfound."""
    put_control_list(proposing.Session(company, request.as_of, request=request), out)


def write_provisional(company: Company, request: EditionRequest, out: Path, form: str = "pdf") -> tuple[str, ...]:
    """Write the letters of an edition marked as a draft, and answer what the user is told of them; nothing is stored.

    Where customers are named, no other is read. Raises Refused, Unfound.
    """
    named = parties.Customer.objects.filter(company=company, code__in=request.customers).values_list("pk", flat=True)
    customers = set(named) if request.customers else None
    return put_provisional(proposing.Session(company, request.as_of, request=request, customers=customers), out, form)


def write_drafts(run_id: int, out: Path) -> int:
    """Write the drafts of a run once more; return how many. Raises Refused."""
    issuing.refuse_unwritable(out)
    return reminding.write_drafts(run_of(run_id), out)


def reprint(out: Path, *, notice: int | None = None, run: int | None = None, duplicate: bool = False) -> tuple[str, ...]:
    """Write a notice, or the letters of a run, once more as they were issued; letters can be marked as duplicates. Nothing is recorded.

    Returns what the user is told of it. Raises Refused.
    """
    issuing.refuse_unwritable(out)
    if run is not None:
        of = run_of(run)
        issuing.refuse_unfit(out, of.notices.filter(channel="letter", status="printed").count())
        written = issuing.write_letters(reprinting.letters_of(of, duplicate=duplicate), out)
        if not written.letters:
            raise Refused(f"run {of.number} has no letters")
        return said_of(written, out)
    assert notice is not None
    letter, *files = reprinting.find(notice, duplicate=duplicate)
    if out.suffix.lower() != f".{letter.form}":
        number = Notice.objects.values_list("number", flat=True).get(pk=notice)
        raise Refused(f"notice {number} is a {letter.form.upper()}: it cannot be written as {out.name}")
    if files:
        return said_of(issuing.write_letters([letter, *files], out), out)
    issuing.write_whole(out, letter.content)
    return ()


def hand_over(run: Run, out: Path, form: str) -> tuple[str, ...]:
    """Write the archived letters of a run; what the user is told of them."""
    return remarks_on(issuing.write_letters(reprinting.letters_of(run), out), form)


def put_control_list(session: proposing.Session, out: Path) -> None:
    assert isinstance(session.request, EditionRequest)
    notices, sales_reps = letters_of_run(session.company, proposing.proposals(session))
    listing.write_control_list(notices, sales_reps, session.company, session.as_of, session.request.level, out)


def put_provisional(session: proposing.Session, out: Path, form: str) -> tuple[str, ...]:
    """Write what would be issued, marked as a draft; what the user is told of it."""
    notices, _ = letters_of_run(session.company, proposing.proposals(session))
    if not notices:
        return ()
    issuing.refuse_unfit(out, len(notices))
    subtotals = session.request.subtotals if isinstance(session.request, EditionRequest) else None
    letters = (
        letter_data(notice, session.settings, session.as_of, provisional=True, subtotals=subtotals, enclosed=enclosed)
        for notice, enclosed in enclosing.foresee_numbers(notices, session.settings)
    )
    own = {notice.template_id for notice in notices if notice.template_id is not None}
    return remarks_on(issuing.write_provisional(letters, out, form, own), form)


def letters_of_run(company: Company, chunks: Iterable[list[proposing.Decided]]) -> tuple[list[Frozen], dict[int, str]]:
    """The notices proposed, in the order of the run, and what the sales reps of their customers (identifiers) are called."""
    notices, sales_reps = list[Frozen](), dict[int, str]()
    names = names_of_reps(company)
    for chunk in chunks:
        for decided in chunk:
            notices += decided.notices
            sales_reps[decided.customer.id] = names.get(decided.customer.sales_rep, "")
    return sorted(notices, key=attrgetter("position")), sales_reps


def run_of(run_id: int) -> Run:
    run = Run.objects.select_related("company").filter(pk=run_id).first()
    if run is None:
        raise Refused(f"there is no run {run_id}")
    return run
