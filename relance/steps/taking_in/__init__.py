"""List of customers, contacts or payments -> ledger: who is new, what has changed; said again, it changes nothing.

One transaction per file. Cells that are blank say nothing: what is held stays. What a list does not name stays too. Rows are compared and
written some thousands at a time, so that a list of any length takes no more memory than a short one.
"""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

from django.db import transaction
from django.utils.timezone import localdate

from relance.importers.list_heads import ListKind
from relance.importers.listing import Listing, read_listing
from relance.importers.problems import Problem
from relance.importers.problems import Unreadable as NoTable
from relance.models import bulk, tuples
from relance.models.company import Company
from relance.models.events import Fact
from relance.models.history import Source
from relance.models.incoming.applied import applied_before, keep_upload
from relance.models.incoming.imprints import imprinted
from relance.models.incoming.named import TABLES
from relance.steps import Refused, Unreadable, opened
from relance.steps.taking_in import contacts, customers, payments
from relance.steps.taking_in.outcome import TakenIn

Progress = Callable[[int, int], None]
_WRITERS: dict[ListKind, Callable[[Company, Listing, TakenIn, str], list[Fact]]] = {
    "customers": customers.write,
    "contacts": contacts.write,
    "payments": payments.write,
}
KINDS: tuple[ListKind, ...] = tuple(_WRITERS)


def take_in(
    company: Company,
    kind: ListKind,
    path: Path,
    *,
    by: str,
    source: str = "",
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> TakenIn:
    """Bring a list of this kind in. ``columns`` corrects which column is what, and is remembered for the ``source``.

    ``dry_run`` tells and stores nothing. Raises Unreadable with every fault of the list, Refused where it is no list.
    """
    with opened(path) as file, tuples.many_tuples(), transaction.atomic():
        locked = Company.objects.select_for_update().get(pk=company.pk)
        known = Source.objects.filter(company=locked, kind=kind, code=source).first() or Source(company=locked, kind=kind, code=source)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        before, corrected = applied_before(locked, kind, digest), known.columns | dict(columns or {})
        with imprinted(locked):
            taken, facts = _write(locked, kind, path, file, known.key, corrected, sheet, progress)
            if before and not taken.changed:
                taken.remarks.append(Problem(0, "", f"this very file was applied on {localdate(before.at)} already: nothing changes"))
            if dry_run:
                transaction.set_rollback(True)
            elif taken.changed or before is None:
                _remember(known, corrected, path.name, digest, taken, facts, by)
    return taken


def _write(
    company: Company,
    kind: ListKind,
    path: Path,
    file: BinaryIO,
    key: str,
    columns: Mapping[str, str],
    sheet: str | None,
    progress: Progress | None,
) -> tuple[TakenIn, list[Fact]]:
    file.seek(0)
    size = path.stat().st_size
    told = (lambda done: progress(done, size)) if progress else None
    try:
        listing = read_listing(file, kind, company.currency, mapping=columns, sheet=sheet, on_progress=told)
        taken = TakenIn(kind, listing.recognised())
        with bulk.temporary(TABLES):
            facts = _WRITERS[kind](company, listing, taken, key)
            taken.conclude()
    except NoTable as error:
        raise Refused(f"{path.name}: {error}") from None
    if listing.problems:
        raise Unreadable(path.name, list(listing.problems), listing.problems.count)
    taken.remarks += listing.remarks()
    return taken, facts


def _remember(known: Source, columns: dict[str, str], filename: str, digest: str, taken: TakenIn, facts: list[Fact], by: str) -> None:
    if known.pk:
        bulk.touching(Source, [known.pk])
    known.columns, known.last_sha256 = columns, digest
    known.save()
    counts = {noun: dict(counted) for noun, counted in taken.counts.items()}
    remarks = [str(remark) for remark in taken.remarks]
    keep_upload(known.company, taken.kind, filename, digest, counts, facts, by, source=known.code, remarks=remarks)
