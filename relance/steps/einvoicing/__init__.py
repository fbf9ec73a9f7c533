"""Electronic invoice, or message about one -> ledger: the invoice becomes a document, the message holds, stops, pauses or pays it.

One transaction per file; said again, it changes nothing. An invoice is the company's own where the company is its seller, a supplier's
where the company is its buyer, and refused where it is neither.
"""

import hashlib
from pathlib import Path
from typing import Any

from django.db import transaction

from relance.importers.einvoice import Faulty, Invoice
from relance.importers.einvoice_file import is_pdf, read_einvoice
from relance.importers.guarded_xml import LARGEST
from relance.importers.problems import Problem
from relance.importers.problems import Unreadable as NoEinvoice
from relance.models.company import Company
from relance.models.freshness import note_brought_in
from relance.models.incoming.applied import applied_before, keep_upload
from relance.models.incoming.imprints import imprinted
from relance.steps import Refused, Unreadable
from relance.steps.einvoicing.documents import take_invoice
from relance.steps.einvoicing.statuses import take_message
from relance.steps.einvoicing.taken import Taken

KIND = "einvoice"

__all__ = ["KIND", "Taken", "import_einvoice"]


def import_einvoice(company: Company, path: Path, by: str, *, dry_run: bool = False) -> Taken:
    """Bring a Factur-X, CII or UBL invoice, or a life-cycle message, into the ledger; ``dry_run`` tells and stores nothing.

    Raises Unreadable with every fault of the file, Refused where it is not the company's or contradicts what is held.
    """
    content = _content(path)
    said = _read(path.name, content)
    taken = Taken()
    with transaction.atomic():
        locked = Company.objects.select_for_update().get(pk=company.pk)
        with imprinted(locked):
            try:
                if isinstance(said, Invoice):
                    take_invoice(locked, said, (path.name, content) if is_pdf(content) else None, by, taken)
                else:
                    take_message(locked, said, taken)
            except Refused as refusal:
                raise Refused(f"{path.name}: {refusal}") from None
            if dry_run:
                transaction.set_rollback(True)
                return taken
            note_brought_in(locked.pk, documents=isinstance(said, Invoice), payments=False)
            _remember(locked, path.name, hashlib.sha256(content).hexdigest(), taken, by)
    return taken


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise Unreadable(path.name, [Problem(0, "", f"this file is larger than {LARGEST // 1_000_000} MB")])
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}") from error


def _read(filename: str, content: bytes) -> Any:
    try:
        return read_einvoice(content)
    except Faulty as faulty:
        raise Unreadable(filename, faulty.problems) from None
    except NoEinvoice as fault:
        raise Unreadable(filename, [Problem(0, "", str(fault))]) from None


def _remember(company: Company, filename: str, digest: str, taken: Taken, by: str) -> None:
    """Keep what was changed and that this file was applied; once, where it comes again and changes nothing, and never what was left."""
    if taken.ignored or (not taken.changed and applied_before(company, KIND, digest)):
        return
    counts: dict[str, Any] = {noun: dict(counted) for noun, counted in taken.counts.items()}
    keep_upload(company, KIND, filename, digest, counts, taken.facts, by, remarks=taken.remarks)
