"""How do the PDFs of invoices come in and go out by other programs, and how is something had again as it was issued?"""

from typing import Annotated, Literal

from django.http import FileResponse, Http404, HttpResponse
from django.utils.translation import gettext
from ninja import Query, Router, Schema
from pydantic import Field

from relance.api import shapes
from relance.api.access import Called, needs
from relance.api.named import notice_of, run_of
from relance.api.once import once
from relance.api.sent import LETTERS, ZIP, handed_over, letters_written, written
from relance.api.whole import FILES, AsList, Listing, whole_list
from relance.api.words import Code, Filename, Id, Json
from relance.core.forms import ARCHIVE, FORM_OF, JOINED, MEDIA_TYPES
from relance.models import files
from relance.models.attachments import Attachment
from relance.models.finding import find_document
from relance.models.history import Rendition
from relance.models.renditions import EMAIL
from relance.steps import attaching, running
from relance.telling.list_file import Sheet
from relance.telling.sheets_of_notices import ENCLOSURES

router = Router(tags=["Files of invoices and notices"])
_AT = "/companies/{company}"
_PDF = MEDIA_TYPES["pdf"]


class OfInvoice(Schema):
    """The PDF of an invoice: its original, or a copy marked as a duplicate."""

    document: Code
    customer: Code | None = None
    duplicate: bool = False

    @property
    def kind(self) -> str:
        """As it is kept."""
        return "duplicate" if self.duplicate else "original"


class Attached(OfInvoice):
    """A PDF that is to go with an invoice."""

    filename: Filename


@router.get(f"{_AT}/attachments/file", auth=needs("reader", "read"), openapi_extra=shapes.file_of(_PDF))
def read_attachment(request: Called, company: str, asked: Query[OfInvoice]) -> HttpResponse:
    """The PDF of an invoice, byte for byte."""
    about = find_document(request.company, asked.document, asked.customer)
    found = Attachment.objects.filter(document=about, kind=asked.kind).first()
    if found is None:
        raise Http404(f"there is no {asked.kind} of {about.number}")
    headers = {"Content-Disposition": f'attachment; filename="{asked.kind}.pdf"'}
    return HttpResponse(files.content(found.file_id), content_type=_PDF, headers=headers)


@router.put(
    f"{_AT}/attachments",
    auth=needs("manager", "write", large=True),
    response=shapes.CHANGED,
    openapi_extra=shapes.A_FILE,
)
@once
def attach_file(request: Called, company: str, asked: Query[Attached]) -> Json:
    """Attach the PDF of an invoice, which goes with its reminders where the company asks for it."""
    about = find_document(request.company, asked.document, asked.customer)
    return {"changed": attaching.attach(about, asked.filename, request.body, duplicate=asked.duplicate, by=request.by)}


@router.delete(f"{_AT}/attachments", auth=needs("manager", "write"), response=shapes.CHANGED)
@once
def detach_file(request: Called, company: str, asked: Query[OfInvoice]) -> Json:
    """Take the PDF of an invoice away; reminders that it went with keep it."""
    about = find_document(request.company, asked.document, asked.customer)
    return {"changed": attaching.detach(about, duplicate=asked.duplicate, by=request.by)}


_ENCLOSED = shapes.one(attachments=shapes.many({"type": "object"}))


@router.get(_AT + "/runs/{run}/attachments", auth=needs("reader", "read"), response=shapes.answer(_ENCLOSED), openapi_extra=FILES)
def list_run_attachments(request: Called, company: str, run: Id, how: Query[AsList]) -> Listing:
    """What goes, or went, with the notices of a run, invoice by invoice, and what is missing."""
    found = run_of(request, run)
    entries = running.enclosures(request.company, found.pk)
    if how.as_file:
        return whole_list(request, how, lambda: Sheet(f"{gettext('attachments')}-{found.number}", ENCLOSURES, entries))
    return {"attachments": list(entries)}


@router.get(_AT + "/notices/{notice}/reprint", auth=needs("reader", "read"), openapi_extra=shapes.file_of(EMAIL, *FORM_OF))
def reprint_notice(request: Called, company: str, notice: Id, duplicate: bool = False) -> FileResponse:
    """A notice once more as it was issued, a letter with the invoices that went with it; or the letter marked as a duplicate."""
    found = notice_of(request, notice)
    media_type = Rendition.objects.filter(notice=found).values_list("media_type", flat=True).first() or EMAIL
    form = FORM_OF.get(media_type, "eml")
    with written(f"notice.{form}") as out:
        running.reprint(out, notice=found.pk, duplicate=duplicate)
        return handed_over(out, media_type, f"{found.number}.{form}")


class Letters(Schema):
    """How the letters of a run are wanted."""

    duplicate: bool = False
    form: Annotated[Literal[(*JOINED, ARCHIVE)], Field(alias="format")] = "pdf"  # type: ignore[valid-type]


@router.get(_AT + "/runs/{run}/letters", auth=needs("reader", "read"), openapi_extra=LETTERS)
def reprint_run(request: Called, company: str, run: Id, asked: Query[Letters]) -> FileResponse:
    """The letters of a run once more, in one PDF or HTML, as they were issued, or a ZIP of each."""
    found = run_of(request, run)
    return letters_written(f"run-{found.number}", asked.form, lambda out: running.reprint(out, run=found.pk, duplicate=asked.duplicate))


@router.get(_AT + "/runs/{run}/drafts", auth=needs("reader", "read"), openapi_extra=shapes.file_of(ZIP))
def read_drafts(request: Called, company: str, run: Id) -> FileResponse:
    """The drafts of a run, each a message that a mail program opens unsent, in a ZIP."""
    found = run_of(request, run)
    with written(f"drafts-{found.number}.{ARCHIVE}") as out:
        running.write_drafts(found.pk, out)
        return handed_over(out, ZIP, out.name)
