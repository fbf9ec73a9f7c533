"""How does a PDF come to a document, and go from it? At most one original and one duplicate; what was there before is replaced."""

from typing import Any

from relance.models import bulk, files
from relance.models.attachments import Attachment
from relance.models.events import Fact, record
from relance.models.ledger import Document

Change = dict[str, Any]


def attach(document: Document, kind: str, filename: str, content: bytes, by: str) -> list[Change]:
    """Attach a PDF that has been looked through, in the caller's transaction; return what changed: nothing where it was there already."""
    Document.objects.select_for_update().get(pk=document.pk)
    kept = files.keep(document.company_id, content)
    before = Attachment.objects.filter(document=document, kind=kind).select_related("file").first()
    if before is not None and before.file_id == kept.pk:
        return []
    if before is not None:
        bulk.touching(Attachment, [before.pk])
    values = {"company_id": document.company_id, "filename": filename[-200:], "file": kept}
    Attachment.objects.update_or_create(document=document, kind=kind, defaults=values)
    if before is not None:
        files.forget_unused([before.file_id])
    return _recorded(document, kind, before.file.sha256 if before else None, kept.sha256, by)


def detach(document: Document, kind: str, by: str) -> list[Change]:
    """Take the PDF of a document away, in the caller's transaction; a notice that it went with keeps it. Return what changed."""
    Document.objects.select_for_update().get(pk=document.pk)
    before = Attachment.objects.filter(document=document, kind=kind).select_related("file").first()
    if before is None:
        return []
    before.delete()
    files.forget_unused([before.file_id])
    return _recorded(document, kind, before.file.sha256, None, by)


def _recorded(document: Document, kind: str, before: str | None, after: str | None, by: str) -> list[Change]:
    changed = {"what": kind, "before": before, "after": after}
    fact = Fact("pdf_detached" if after is None else "pdf_attached", None, document.billed_customer_id, document.pk, {"changed": [changed]})
    record(document.company_id, by, [fact])
    return [{"document": document.number, "no": None} | changed]
