"""Chosen invoices -> due items for the review; drafted notices -> files that a mail program opens unsent (register K41 to K58)."""

import re
import tempfile
import zipfile
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from relance.core.facts import NA
from relance.letters.mailing.draft import unsent
from relance.models import tuples
from relance.models.company import Company
from relance.models.finding import Unfound
from relance.models.history import Rendition
from relance.models.ledger import Document, DueItem
from relance.models.notices import Run
from relance.models.outgoing.frozen import Frozen
from relance.models.renditions import EMAIL, content, keep
from relance.steps import Refused

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same drafts make the same archive


class Chosen(NamedTuple):
    """A document to remind of, the level that it is to take (None: the one proposed), and which due item of it (None: all)."""

    document: Document
    level: int | None = None
    no: int | None = None


def choose(documents: Iterable[Chosen], as_of: date) -> dict[int, int | None]:
    """By due item (identifier) of the documents, the level that each is to take, None for the one proposed.

    Raises Refused for a document dated later, which is not there on that date, and for a level below the one it has; Unfound for a due
    item that it has not.
    """
    chosen: dict[int, int | None] = {}
    for document, level, no in documents:
        if document.date > as_of:
            raise Refused(f"document {document.number} is dated {document.date}, after {as_of}")
        items = [item for item in DueItem.objects.filter(document=document).order_by("no") if no in (None, item.no)]
        if not items:
            raise Unfound(f"document {document.number} has no due item {no}")
        standing = [item.level for item in items if item.open_amount and item.level != NA]
        if level is not None and standing and min(standing) > level:
            raise Refused(f"{document.number} is at level {min(standing)} already: a reminder never goes back to level {level}")
        chosen |= dict.fromkeys((item.pk for item in items), level)
    return chosen


def concerned(company: Company, chosen: Collection[int]) -> set[int]:
    """The billed customers of due items (identifiers); those of other companies are nobody's here."""
    items = DueItem.objects.filter(company=company, pk__in=tuples.among(chosen), billed_customer__isnull=False)
    return {customer for (customer,) in tuples.stream(items.order_by().values_list("billed_customer_id").distinct())}


def named(company: Company, due_items: Collection[int]) -> list[tuple[str, date]]:
    """Document and due date of due items."""
    if not due_items:
        return []
    items = DueItem.objects.filter(company=company, pk__in=tuples.among(due_items)).order_by("due_date", "document__number", "no")
    return list(items.values_list("document__number", "due_date"))


def keep_drafts(company_id: int, messages: Iterable[tuple[Frozen, bytes, list[bytes]]]) -> None:
    """Keep each drafted notice as the message that is handed to the person, with the files in it, in the caller's transaction."""
    for notice, message, files in messages:
        assert notice.id is not None
        keep(company_id, notice.id, EMAIL, unsent(message), files)


def refuse_unfit(out: Path, count: int) -> None:
    """Refuse a file that so many drafts do not fit into. Raises Refused."""
    if count > 1 and out.suffix.lower() != ".zip":
        raise Refused(f"{count} drafts do not fit into {out.name}: name a .zip")


def write_drafts(run: Run, out: Path) -> int:
    """Write the drafts of a run as they are kept: the message itself, or an archive of messages where ``out`` is a .zip; return how many.

    Raises Refused when there is none, or when the file cannot be written.
    """
    kept = Rendition.objects.filter(notice__run=run, notice__channel="draft", media_type=EMAIL).select_related("notice__customer")
    drafts = {_name(one): content(one) for one in kept.order_by("notice__position", "notice_id")}
    if not drafts:
        raise Refused(f"run {run.number} has no drafts")
    refuse_unfit(out, len(drafts))
    try:
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as folder:
            made = Path(folder) / "drafts"
            _write(drafts, made, archive=out.suffix.lower() == ".zip")
            made.replace(out)
    except OSError as error:
        raise Refused(f"{out} cannot be written: {error.strerror}") from error
    return len(drafts)


def _name(rendition: Rendition) -> str:
    """A file name that says which notice to whom, safe on any system."""
    notice = rendition.notice
    return f"{notice.number:06d}-{re.sub(r'[^A-Za-z0-9_-]+', '-', notice.customer.code)}.eml"


def _write(drafts: Mapping[str, bytes], out: Path, *, archive: bool) -> None:
    if not archive:
        out.write_bytes(next(iter(drafts.values())))
        return
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, message in drafts.items():
            whole.writestr(zipfile.ZipInfo(name, _EPOCH), message, zipfile.ZIP_DEFLATED)
