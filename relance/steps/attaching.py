"""A PDF -> its document: looked through, marked where it is a duplicate, kept. By hand, or from whatever brings invoices in."""

from typing import Any

from django.db import transaction

from relance.core.enclosing import Kind
from relance.importers.pdf import Unfit, look_through
from relance.letters.stamping import stamp_duplicate
from relance.models.incoming import attaching
from relance.models.ledger import Document
from relance.steps import Refused


def attach(document: Document, filename: str, content: bytes, *, duplicate: bool = False, by: str) -> list[dict[str, Any]]:
    """Attach the original of an invoice, or a duplicate of it, which is marked as such; return what changed. Raises Refused."""
    _refuse_unless_invoice(document)
    try:
        look_through(content)
    except Unfit as unfit:
        raise Refused(f"{filename} {unfit}") from None
    if duplicate:
        content = stamp_duplicate(content, document.customer.language or document.company.language)  # type: ignore[union-attr]
    with transaction.atomic():
        return attaching.attach(document, Kind.DUPLICATE if duplicate else Kind.ORIGINAL, filename, content, by)


def detach(document: Document, *, duplicate: bool = False, by: str) -> list[dict[str, Any]]:
    """Take the PDF of an invoice away; notices that it went with keep it. Return what changed."""
    with transaction.atomic():
        return attaching.detach(document, Kind.DUPLICATE if duplicate else Kind.ORIGINAL, by)


def _refuse_unless_invoice(document: Document) -> None:
    if document.type != "invoice" or document.customer is None:
        raise Refused(f"{document.number} is not an invoice of a customer: nothing of it is ever enclosed")
