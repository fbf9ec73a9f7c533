"""In which order do the steps follow one another? Batch, edition, reminders by hand, what is decided afterwards: alike for every door."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q

from relance.core import review as window
from relance.core.edition import EditionRequest
from relance.core.facts import Channel, Customer
from relance.core.proposal import LeftOut
from relance.core.reasons import Reason
from relance.core.review import Line, ReviewRequest
from relance.letters.control_list import Row
from relance.models.batches import Launch
from relance.models.company import Company
from relance.models.freshness import why_stale
from relance.models.notices import Notice, Run
from relance.models.outgoing.frozen import read, seal_of
from relance.models.tuples import among
from relance.steps import (
    Refused,
    closing,
    delivering,
    enclosing,
    issuing,
    listing,
    proposing,
    reading_mailbox,
    reminding,
    settling,
)
from relance.steps.running.telling import (
    Report,
    broken_off,
    foretold,
    left_out_item,
    left_out_of,
    stored,
    stored_report,
    subject,
    told,
)
from relance.steps.running.writing_out import (
    hand_over,
    letters_of_run,
    put_control_list,
    put_provisional,
    reprint,
    run_of,
    write_control_list,
    write_drafts,
    write_provisional,
)

__all__ = ["Report", "reprint", "stored_report", "subject", "write_control_list", "write_drafts", "write_provisional"]

Json = dict[str, Any]
Progress = Callable[[int, int], None]

cancel_notice = settling.cancel_notice
cancel_run = settling.cancel_run
settle = settling.settle


def read_mailbox(company: Company, by: str) -> reading_mailbox.Reading:
    """Read what came back; drafts that were found among what was sent are confirmed. Raises Refused."""
    reading = reading_mailbox.read_mailbox(company, by)
    for notice in reading.sent:
        with suppress(Refused):  # somebody has said so meanwhile
            settling.settle(notice, by, sent=True)
    return reading


def put_drafts(run: Run) -> int:
    """Put the drafts of a run that wait to be sent into the company's mailbox; return how many were not there yet. Raises Refused."""
    waiting = run.notices.filter(channel="draft", status="drafted").order_by("position", "pk")
    return reading_mailbox.put_drafts(run.company, waiting)


def batch(
    company: Company,
    as_of: date,
    *,
    cc: tuple[str, ...] = (),
    post: proposing.Post | None = None,
    launch: Launch | None = None,
    dry_run: bool = False,
    wait: bool = True,
    seen: str = "",
    confirmed: bool = False,
    by: str,
    progress: Progress | None = None,
) -> Report:
    """The automatic run: send what an earlier run has left queued, then decide, store and send.

    With ``dry_run`` nothing is stored or sent; without ``wait`` the sending is left to the workers. ``launch`` is that of the batch it is
    part of, ``seen`` the seal of what ``look`` has shown; ``confirmed`` lets it pass the company's ceiling. Raises Refused, also when
    something has changed since.
    """
    session = proposing.Session(company, as_of, post=post or proposing.Post(cc), launch=launch)
    if dry_run:
        return foretold(session, list(proposing.proposals(session)))
    if stale := why_stale(company, as_of):
        raise Refused(stale)
    earlier = delivering.deliver(company, by, progress) if wait else delivering.Delivery()
    if earlier.problem:
        return broken_off(company, as_of, earlier)
    run, counts = _store(session, by, progress, seen=seen, confirmed=confirmed)
    delivery = delivering.deliver(company, by, progress) if wait else delivering.Delivery()
    if wait:
        closing.end(run, delivery.problem, by)
    closing.end_emptied(company)
    taken_up = earlier.notices | delivery.notices
    return replace(
        stored_report(run, counts),
        notices=stored(Q(run=run) | Q(pk__in=among(taken_up))),
        left_out=left_out_of(run, taken_up),
        unaddressed=(),  # its letters wait: that is told when they are printed
        problem=delivery.problem,
        failures=earlier.failed + delivery.failed,
        unsure=earlier.unsure + delivery.unsure,
    )


def look(company: Company, as_of: date, cc: tuple[str, ...] = ()) -> tuple[Report, str]:
    """What the automatic run would do, and the seal of what it would issue. Raises Refused."""
    session = proposing.Session(company, as_of, post=proposing.Post(cc))
    chunks = list(proposing.proposals(session))
    return foretold(session, chunks), _seal(chunks)


def edition(
    company: Company,
    request: EditionRequest,
    *,
    output: str,
    out: Path | None = None,
    form: str = "pdf",
    seen: str = "",
    wait: bool = True,
    by: str,
    progress: Progress | None = None,
) -> Report:
    """A letter edition: ``output`` is control_list, provisional or definitive; ``out`` is where to write, ``form`` the letters' format.

    ``seen`` is the seal of the control list that was looked at; without ``wait`` definitive letters are stored and wait to be printed.
    Raises Refused, Unfound.
    """
    session = proposing.Session(company, request.as_of, request=request)
    if output == "definitive" and not wait:
        run, counts = _edition(company, session, None, seen, by, progress)
        return stored_report(run, counts)
    if output == "definitive":
        return _definitive(company, session, out, form, seen, by, progress)
    remarks: tuple[str, ...] = ()
    if out is not None and output == "control_list":
        put_control_list(session, out)
    elif out is not None:
        remarks = put_provisional(session, out, form)
    return replace(told(session, proposing.proposals(session)), remarks=remarks)


class EditionLook(NamedTuple):
    """What a person looks at before an edition: its control list, how many letters it makes, and what is left out."""

    rows: list[Row]
    letters: int
    report: Report
    held_back: list[tuple[str, LeftOut]]  # what is left out of the customers that were named one by one, with their codes
    seal: str  # handed back to ``edition``, it lets no other letters be issued than those looked at


def look_at_edition(company: Company, request: EditionRequest) -> EditionLook:
    """What an edition would claim; nothing is stored. Raises Refused, Unfound."""
    session = proposing.Session(company, request.as_of, request=request)
    chunks = list(proposing.proposals(session))
    notices, sales_reps = letters_of_run(company, chunks)
    rows = list(listing.control_rows(notices, sales_reps))
    held_back = [
        (decided.customer.code, one)
        for chunk in chunks
        for decided in chunk
        if decided.customer.code in request.customers
        for one in decided.left_out
    ]
    return EditionLook(rows, len(notices), told(session, chunks), held_back, _seal(chunks))


def last_alike(company: Company, request: EditionRequest) -> Run | None:
    """The last edition that was asked for in the same words; one that was interrupted is still running."""
    parameters = proposing.Session(company, request.as_of, request=request).parameters()
    return Run.objects.filter(company=company, kind="edition", as_of=request.as_of, parameters=parameters).order_by("-number").first()


class Review(NamedTuple):
    """What a person looks at before reminding by hand: each due item chosen, with its customer, and the notices they come to."""

    lines: list[tuple[Customer, Line]]
    settled: list[Json]  # chosen, and nothing is open
    report: Report
    seal: str  # handed back to ``remind``, it lets no other notices be issued than those looked at


def review(company: Company, request: ReviewRequest) -> Review:
    """What reminding by hand comes to; the levels chosen so far are in the request, and nothing is stored. Raises Refused."""
    session = _by_hand(company, request)
    pages = list(session.book())
    chunks = list(proposing.proposals(session, pages))
    lines = [(page.customer, line) for page in pages for line in window.review(page, request, session.terms)]
    open_items = {line.item.id for _, line in lines}
    settled = [
        left_out_item(document, due_date.isoformat(), Reason.SETTLED)
        for document, due_date in reminding.named(company, set(request.chosen) - open_items)
    ]
    report = told(session, chunks)
    return Review(lines, settled, replace(report, left_out=[*report.left_out, *settled]), _seal(chunks))


def remind(
    company: Company,
    request: ReviewRequest,
    *,
    seen: str = "",
    out: Path | None = None,
    form: str = "pdf",
    by: str,
    progress: Progress | None = None,
) -> Report:
    """Remind of the chosen due items by hand: e-mails are sent, drafts and letters written into ``out``, where it is given.

    ``form`` is the format of the letters, one of ``core.forms``; ``seen`` is the seal of the review that was looked at. Raises Refused.
    """
    settled = review(company, request).settled
    session = _by_hand(company, request)
    if out is not None:
        issuing.refuse_unwritable(out)
    with transaction.atomic():
        run, counts = _store(session, by, progress, seen=seen)
        if request.channel is Channel.DRAFT:
            _keep_drafts(run, out)
        elif request.channel is Channel.LETTER and out is not None:
            issuing.refuse_unfit(out, run.notices.count())
    delivery, printing = delivering.Delivery(), issuing.Printing()
    remarks: tuple[str, ...] = ()
    if request.channel is Channel.EMAIL:
        delivery = delivering.deliver(company, by, progress)
    elif request.channel is Channel.LETTER:
        printing = issuing.print_letters(company, run, by, progress, form)
    closing.end(run, delivery.problem, by)
    closing.end_emptied(company)
    if out is not None and request.channel is Channel.LETTER:
        remarks = hand_over(run, out, form)
    elif out is not None and run.notices.exists():
        reminding.write_drafts(run, out)
    report = stored_report(run, counts | ({Reason.SETTLED: len(settled)} if settled else {}))
    return replace(
        report,
        left_out=[*report.left_out, *settled],
        problem=delivery.problem,
        failures=delivery.failed + printing.failed,
        unsure=delivery.unsure,
        remarks=remarks,
    )


def show_reminders(company: Company, request: ReviewRequest, out: Path | None = None, form: str = "pdf") -> Report:
    """What ``remind`` would answer; nothing is stored, and letters written into ``out`` are marked as a draft. Raises Refused."""
    remarks = () if out is None else put_provisional(_by_hand(company, request), out, form)
    return replace(review(company, request).report, remarks=remarks)


def store_reminders(company: Company, request: ReviewRequest, *, seen: str = "", by: str) -> int:
    """Store what reminding by hand comes to, for ``see_through`` to send or print; return the run. Raises Refused."""
    session = _by_hand(company, request)
    with transaction.atomic():
        run, _ = _store(session, by, None, seen=seen)
        if request.channel is Channel.DRAFT:
            _keep_drafts(run, None)
    return run.pk


def see_through(run_id: int, *, form: str = "pdf", by: str) -> Report:
    """Send what a stored run has queued, print the letters of one that is no batch in a format of ``core.forms``, and close it.

    It is safe to repeat. Raises Refused.
    """
    run = run_of(run_id)
    delivery, printing = delivering.Delivery(), issuing.Printing()
    if run.notices.filter(channel="email", status="queued").exists():
        delivery = delivering.deliver(run.company, by)
    if run.kind != "batch":
        printing = issuing.print_letters(run.company, run, by, form=form)
    closing.end(run, delivery.problem, by)
    closing.end_emptied(run.company)
    told = stored_report(run)
    return replace(told, problem=delivery.problem, failures=delivery.failed + printing.failed, unsure=delivery.unsure)


def print_letters(run_id: int, out: Path | None, *, form: str = "pdf", by: str, progress: Progress | None = None) -> Report:
    """Print the waiting letters of a run, which issues them, and write all its letters where ``out`` says. Raises Refused."""
    run = run_of(run_id)
    letters = run.notices.filter(channel="letter", status__in=("queued", "printed")).count()
    if not letters:
        raise Refused(f"run {run.number} has no letters")
    if out is not None:
        issuing.refuse_unfit(out, letters)
        issuing.refuse_unwritable(out)
    enclosing.enclose_invoices(run)
    printing = issuing.print_letters(run.company, run, by, progress, form)
    if run.kind == "edition":  # it was interrupted, and has ended now
        closing.end(run, None, by)
    if not run.notices.filter(channel="letter", status="printed").exists():
        raise Refused(f"run {run.number} has no letters left to print: those that waited were withdrawn, or could not be made")
    remarks = () if out is None else hand_over(run, out, form)
    notices = stored(Q(run=run, channel="letter"))
    return replace(stored_report(run, {}), notices=notices, left_out=(), failures=printing.failed, remarks=remarks)


def enclosures(company: Company, run_id: int) -> Iterator[Json]:
    """What goes, or went, with the notices of a run of the company, invoice by invoice. Raises Refused."""
    run = run_of(run_id)
    if run.company_id != company.pk:
        raise Refused(f"there is no run {run_id} in {company.code}")
    return enclosing.stored(run)


def _store(
    session: proposing.Session, by: str, progress: Progress | None, seen: str = "", *, confirmed: bool = False
) -> tuple[Run, dict[str, int]]:
    """The run with its notices, and what goes with them, stored together."""
    with transaction.atomic():
        run, counts = proposing.store_run(session, by, progress, seen=seen, confirmed=confirmed)
        enclosing.enclose_invoices(run)
    return run, counts


def _definitive(
    company: Company, session: proposing.Session, out: Path | None, form: str, seen: str, by: str, progress: Progress | None
) -> Report:
    """Store the edition, or take up the same one where it was interrupted; print it, and write the letters."""
    if out is not None:
        issuing.refuse_unwritable(out)
    run, counts = _edition(company, session, out, seen, by, progress)
    printing = issuing.print_letters(company, run, by, progress, form)
    closing.end(run, None, by)
    remarks = () if out is None else hand_over(run, out, form)
    return replace(stored_report(run, counts), failures=printing.failed, remarks=remarks)


def _edition(
    company: Company, session: proposing.Session, out: Path | None, seen: str, by: str, progress: Progress | None
) -> tuple[Run, dict[str, int]]:
    """The edition stored, or the same one where it was interrupted."""
    alike = Run.objects.filter(company=company, kind="edition", status="running", as_of=session.as_of, parameters=session.parameters())
    run = alike.first()
    counts: dict[str, int] = {}
    with transaction.atomic():
        if run is None:
            run, counts = _store(session, by, progress, seen)
        else:
            enclosing.enclose_invoices(run)
        if out is not None:
            issuing.refuse_unfit(out, run.notices.count())
    return run, counts


def _by_hand(company: Company, request: ReviewRequest) -> proposing.Session:
    customers = reminding.concerned(company, request.chosen)
    return proposing.Session(company, request.as_of, request=request, customers=customers)


def _keep_drafts(run: Run, out: Path | None) -> None:
    """The messages that the person will send, in the transaction that stores their notices."""
    notices = list(read(Notice.objects.filter(run=run)))
    if out is not None:
        reminding.refuse_unfit(out, len(notices))
    composed = (delivering.compose(notice, run) for notice in notices)
    reminding.keep_drafts(run.company_id, ((one.notice, one.message, [content for _, content in one.files]) for one in composed))


def _seal(chunks: Iterable[list[proposing.Decided]]) -> str:
    """What stands for these notices and no others."""
    seal = ""
    for chunk in chunks:
        seal = seal_of([notice for decided in chunk for notice in decided.notices], seal)
    return seal
