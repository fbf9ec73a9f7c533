"""File -> ledger: what an export says becomes customers, documents, payments and allocations; said again, it changes nothing.

One transaction per file. Every line is known again by its key: next month's file updates what it repeats, adds what is new, and takes to
zero what has disappeared from the months that it covers.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from io import BufferedReader
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from relance import models
from relance.core import money
from relance.core.matching import Proposal
from relance.importers.fec import Fec, read_fec
from relance.importers.fec_carried import CarriedItem
from relance.importers.fec_documents import Known, UnfollowedLetter, open_books
from relance.importers.fec_lines import opening_journals
from relance.importers.problems import Problem
from relance.models import tuples
from relance.models.backlog import backlog, go_on
from relance.models.company import Company
from relance.models.events import Fact
from relance.models.freshness import note_brought_in
from relance.models.history import Upload
from relance.models.incoming.applied import applied_before, keep_upload
from relance.models.incoming.handing_over import forget_handed_over, hand_over
from relance.models.incoming.imprints import imprinted
from relance.models.incoming.posting import Posting
from relance.models.incoming.shelf import Code, Shelf
from relance.models.indexes import indexed_afterwards
from relance.steps import Unreadable, opened
from relance.steps.uploading.booking import Booking
from relance.steps.uploading.unlettered import proposed_in, proposed_matches

Progress = Callable[[int, int], None]
KIND = "fec"
_PIECE = 1 << 18  # bytes digested at a time
_WRITTEN = (models.Customer, models.Supplier, models.Document, models.DueItem, models.Payment, models.Allocation)


@dataclass
class Imported:
    """What came of one file."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)  # by noun: created, changed, same, gone
    remarks: list[Problem] = field(default_factory=list)
    unfollowed: list[tuple[Code, UnfollowedLetter]] = field(default_factory=list)
    proposals: dict[str, list[Proposal]] = field(
        default_factory=dict
    )  # by customer: what unlettered payments may be for; nothing is applied
    terms: str = ""  # the company's payment terms, which gave the due dates that the file does not say

    def told(self, filename: str, currency: str) -> dict[str, Any]:
        """What came of it, as JSON has it; amounts in the company's currency."""
        return {
            "file": filename,
            "payment_terms": self.terms,
            "counts": {noun: dict(counts) for noun, counts in self.counts.items()},
            "remarks": [str(remark) for remark in self.remarks],
            "unfollowed_letters": [
                {"side": side, "code": code, "letter": letter.letter, "lines": letter.line_count}
                for (side, code), letter in self.unfollowed
            ],
            "proposals": [_proposal(code, one, currency) for code, proposals in self.proposals.items() for one in proposals],
        }


def _proposal(code: str, one: Proposal, currency: str) -> dict[str, Any]:
    parts = [{"document": number, "amount": money.show(amount, currency)} for number, amount in one.parts]
    return {"customer": code, "payment": one.reference, "parts": parts, "reason": one.reason, "confidence": one.confidence}


def import_fec(company: Company, path: Path, by: str, progress: Progress | None = None, *, dry_run: bool = False) -> Imported:
    """Bring a FEC into the ledger; ``dry_run`` tells and stores nothing.

    Raises Unreadable with every fault of the file, Refused where it cannot be opened.
    """
    with opened(path) as source, tuples.many_tuples():
        size = path.stat().st_size
        fec = read_fec(source, (lambda done: progress(done, size)) if progress else None)
        if fec.problems:
            raise Unreadable(path.name, fec.problems, fec.problems.count)
        imported = Imported(remarks=fec.remarks(), terms=company.payment_terms)
        with transaction.atomic():
            locked = Company.objects.select_for_update().get(pk=company.pk)
            with imprinted(locked):
                facts, digest = _write(locked, fec, imported, source)
                before = applied_before(locked, KIND, digest)
                changed = any(noun[what] for noun in imported.counts.values() for what in ("created", "changed", "gone"))
                imported.remarks += _overtaken(locked, fec) if changed else _known_already(before)
                if dry_run:
                    transaction.set_rollback(True)
                elif changed or before is None:
                    _remember(locked, fec, path.name, digest, imported, facts, by)
    return imported


def _write(company: Company, fec: Fec, imported: Imported, source: BufferedReader) -> tuple[list[Fact], str]:
    """Write the books of all parties, then what the file no longer says; return what happened to customers, and the file's digest."""
    period = fec.period()
    if period is None:
        return [], _digest(source)
    shelf, posting = Shelf(company), Posting(company.pk)
    booking = Booking(company, shelf, posting, fec)
    imported.counts = booking.counts
    with indexed_afterwards(_WRITTEN, fec.third_party_count() // 2), backlog():
        for book in open_books(fec, _known(company, shelf, period)):
            booking.write(book)
            go_on()
            code = book.party.side, book.party.code
            imported.unfollowed += [(code, letter) for letter in book.unfollowed]
            if code[0] == "customer" and code not in shelf.parties and (proposed := proposed_in(book)):
                imported.proposals[code[1]] = proposed
        booking.flush()
        _forget_lines(fec)
        digest = _digest(source)
    booking.clear_gone()
    handed_over = hand_over(company, posting, *period)
    facts = [*handed_over, *posting.settle(), *posting.follow_returned_debits()]
    if handed_over:
        forget_handed_over(company)
    stored = max((one.id for (side, _), one in shelf.parties.items() if side == "customer"), default=0)
    imported.proposals = proposed_matches(company, stored) | imported.proposals
    return facts, digest


def _forget_lines(fec: Fec) -> None:
    """Let go of the lines while the database goes on: each names its account, so that they would not go by themselves."""
    for account in fec.accounts:
        account.lines.clear()
        go_on()


def _digest(source: BufferedReader) -> str:
    digest = hashlib.sha256()
    source.seek(0)
    while piece := source.read(_PIECE):
        digest.update(piece)
        go_on()
    return digest.hexdigest()


def _known(company: Company, shelf: Shelf, period: tuple[date, date]) -> Known:
    """The names given before; and where an earlier year was imported, what it left open, in the place of this year's opening lines."""
    numbers = {code: {number: one.key for number, one in documents.items()} for code, documents in shelf.documents.items()}
    references = {code: {reference: one.key for reference, one in payments.items()} for code, payments in shelf.payments.items()}
    earlier = Upload.objects.filter(company=company, kind=KIND, undone_at=None, counts__period_ends__lt=period[0].isoformat())
    if not earlier.exists():
        return Known(numbers, references)
    carried = {code: [CarriedItem(*one) for one in items] for code, items in shelf.open_before(period[0]).items()}
    return Known(numbers, references, carried)


def _overtaken(company: Company, fec: Fec) -> Iterator[Problem]:
    """Files imported before this one that open a later year: what they carried over may now be there twice, until they come again."""
    period = fec.period()
    files = Upload.objects.filter(company=company, kind=KIND, undone_at=None, counts__opens_a_year=True).order_by("at")
    later = {one["period_begins"]: one["period_ends"] for one in files.values_list("counts", flat=True)}
    for begins, ends in sorted(later.items()):
        if period and begins > period[1].isoformat():
            message = "was imported before this one, which is older: import it again, or what it carried over may count twice"
            yield Problem(0, f"the file of {begins} to {ends}", message)


def _remember(company: Company, fec: Fec, filename: str, digest: str, imported: Imported, facts: list[Fact], by: str) -> None:
    """Keep that this file was applied, by its content, and what it changed."""
    period = fec.period()
    counts: dict[str, Any] = {noun: dict(counted) for noun, counted in imported.counts.items()}
    if period:
        counts |= {"period_begins": period[0].isoformat(), "period_ends": period[1].isoformat()}
        counts["opens_a_year"] = bool(opening_journals(fec))
    note_brought_in(company.pk, documents=True, payments=True)
    remarks = [str(remark) for remark in imported.remarks]
    keep_upload(company, KIND, filename, digest, counts, facts, by, remarks=remarks, unfollowed=len(imported.unfollowed))


def _known_already(before: Upload | None) -> Iterator[Problem]:
    """The same file is not applied twice."""
    if before is not None:
        yield Problem(0, "", f"this very file was applied on {localdate(before.at)} already: nothing changes")
