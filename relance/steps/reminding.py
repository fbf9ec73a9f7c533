"""Chosen invoices -> due items for the review; notices issued by hand -> files to send or to print (register K41 to K58)."""

import re
import tempfile
import zipfile
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from pathlib import Path

from relance.core.facts import NA
from relance.letters import documents, office
from relance.letters.draft import unsent
from relance.letters.letter import LetterProblem
from relance.letters.placeholders import Data
from relance.models import bulk
from relance.models.company import Company
from relance.models.frozen import Frozen
from relance.models.history import Rendition
from relance.models.ledger import Document, DueItem
from relance.models.notices import Run
from relance.models.renditions import EMAIL, content, keep
from relance.steps import Refused

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same drafts make the same archive


def choose(chosen_documents: Mapping[Document, int | None], as_of: date) -> dict[int, int | None]:
    """By due item (identifier) of the documents, the level that each document is to take, None for the one proposed.

    Raises Refused for a document dated later, which is not there on that date, and for a level below the one it has.
    """
    chosen: dict[int, int | None] = {}
    for document, level in chosen_documents.items():
        if document.date > as_of:
            raise Refused(f"document {document.number} is dated {document.date}, after {as_of}")
        items = list(DueItem.objects.filter(document=document).order_by("no"))
        standing = [item.level for item in items if item.open_amount and item.level != NA]
        if level is not None and standing and min(standing) > level:
            raise Refused(f"{document.number} is at level {min(standing)} already: a reminder never goes back to level {level}")
        chosen |= dict.fromkeys((item.pk for item in items), level)
    return chosen


def concerned(company: Company, chosen: Collection[int]) -> set[int]:
    """The billed customers of due items (identifiers); those of other companies are nobody's here."""
    items = DueItem.objects.filter(company=company, pk__in=bulk.among(chosen), billed_customer__isnull=False)
    return {customer for (customer,) in bulk.stream(items.order_by().values_list("billed_customer_id").distinct())}


def named(company: Company, due_items: Collection[int]) -> list[tuple[str, date]]:
    """Document and due date of due items."""
    items = DueItem.objects.filter(company=company, pk__in=bulk.among(due_items)).order_by("due_date", "document__number", "no")
    return list(items.values_list("document__number", "due_date"))


def keep_drafts(company_id: int, messages: Iterable[tuple[Frozen, bytes]]) -> None:
    """Keep each drafted notice as the message that is handed to the person, in the caller's transaction."""
    for notice, message in messages:
        assert notice.id is not None
        keep(company_id, notice.id, EMAIL, unsent(message))


def refuse_unfit(out: Path, count: int) -> None:
    """Refuse a file that so many messages or letters do not fit into. Raises Refused."""
    if count > 1 and out.suffix.lower() != ".zip":
        raise Refused(f"{count} of them do not fit into {out.name}: name a .zip")


def refuse_unmakeable(form: str) -> None:
    """Refuse a format of letters that cannot be made here. Raises Refused."""
    if documents.needs_office(form, own=False) and not office.installed():
        raise Refused(f"LibreOffice, which makes {form}, is not installed here: ask for odt, which Word and Writer open")


def write_drafts(run: Run, out: Path) -> int:
    """Write the drafts of a run as they are kept: the message itself, or an archive of messages where ``out`` is a .zip; return how many.

    Raises Refused when there is none, or when the file cannot be written.
    """
    kept = Rendition.objects.filter(notice__run=run, notice__channel="draft", media_type=EMAIL).select_related("notice__customer")
    drafts = {
        _name(one.notice.number, one.notice.customer.code, "eml"): content(one) for one in kept.order_by("notice__position", "notice_id")
    }
    if not drafts:
        raise Refused(f"run {run.pk} has no drafts")
    _write(drafts, out)
    return len(drafts)


def write_letters(letters: Iterable[Data], form: str, out: Path) -> int:
    """Write letters in a format: the letter itself, or an archive of letters where ``out`` is a .zip; return how many. Raises Refused."""
    data = list(letters)
    files = {}
    for place, (one, letter) in enumerate(zip(data, documents.produce(data, form, {}), strict=True), 1):
        if isinstance(letter, LetterProblem):
            raise Refused(str(letter))
        files[_name(place, one["customer"]["code"], letter.form)] = letter.content
    if files:
        _write(files, out)
    return len(files)


def _name(number: int, customer: str, suffix: str) -> str:
    """A file name that says which notice to whom, safe on any system."""
    return f"{number:06d}-{re.sub(r'[^A-Za-z0-9_-]+', '-', customer)}.{suffix}"


def _write(files: Mapping[str, bytes], out: Path) -> None:
    """The only file itself, or all of them in an archive; whole or not there at all. Raises Refused."""
    refuse_unfit(out, len(files))
    try:
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as folder:
            made = Path(folder) / "made"
            if out.suffix.lower() == ".zip":
                _pack(files, made)
            else:
                made.write_bytes(next(iter(files.values())))
            made.replace(out)
    except OSError as error:
        raise Refused(f"{out} cannot be written: {error.strerror}") from error


def _pack(files: Mapping[str, bytes], out: Path) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, file in files.items():
            whole.writestr(zipfile.ZipInfo(name, _EPOCH), file, zipfile.ZIP_DEFLATED)
