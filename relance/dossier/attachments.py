"""How does a load lay down the PDFs of invoices, and their bytes?"""

import zlib
from typing import Any, NamedTuple

from relance.dossier import shape_of_ledger
from relance.dossier.documents import Documents
from relance.dossier.entry import BROKEN, Entry
from relance.dossier.faults import Place
from relance.dossier.merging import Load, Sheet, Values
from relance.dossier.zipped import sha256_of
from relance.importers.pdf import LARGEST, Unfit, look_through
from relance.models import Attachment, StoredFile, bulk, files, tuples
from relance.models.events import Fact

_COLUMNS = ("document_id", "kind", "filename", "file_id")


class _New(NamedTuple):
    size: int
    compressed: bytes


class Files:
    """The bytes that a file brings and those that are stored, by SHA-256; only those that something refers to are written."""

    def __init__(self, load: Load, dossier: Entry) -> None:
        self._load = load
        self._ids: dict[str, int] = dict(tuples.read(StoredFile, ("sha256", "id"), company_id=load.company.pk))
        self._new: dict[str, _New] = {}
        self._wanted: set[str] = set()
        for entry in dossier.get("files", []):
            if BROKEN not in entry.values() and entry["sha256"] not in self._ids:
                self._check(entry)
        self._ids.update(zip(self._new, bulk.reserve_ids(StoredFile, len(self._new)), strict=True))

    def find(self, sha256: Any, place: Place) -> int | None:
        """The identifier of the file of this SHA-256; None, and a fault, where there is none."""
        if sha256 is BROKEN or sha256 is None:
            return None
        if sha256 not in self._ids:
            self._load.findings.fault(place, f"unknown file: {sha256}")
            return None
        self._wanted.add(sha256)
        return self._ids[sha256]

    def content(self, sha256: str) -> bytes:
        """The bytes of a file that was found."""
        new = self._new.get(sha256)
        return zlib.decompress(new.compressed) if new else files.content(self._ids[sha256])

    def write(self, company_id: int) -> None:
        """Store the new files."""
        columns = ("id", "company_id", "sha256", "size", "compressed")
        new = ((sha256, one) for sha256, one in self._new.items() if sha256 in self._wanted)
        bulk.insert(StoredFile, columns, ((self._ids[sha256], company_id, sha256, one.size, one.compressed) for sha256, one in new))

    def _check(self, entry: Entry) -> None:
        """A PDF, as one attached by hand would be; what was kept once comes back all the same."""
        sha256, place = entry["sha256"], (*entry.place, "compressed")
        if sha256_of(entry["compressed"]) != sha256:
            self._load.findings.fault(place, "is not what its SHA-256 says")
            return
        content = zlib.decompressobj().decompress(entry["compressed"], LARGEST + 1)
        self._new[sha256] = _New(len(content), entry["compressed"])
        try:
            if not self._load.restoring:
                look_through(content)
        except Unfit as unfit:
            self._load.findings.fault(place, f"the PDF {unfit}")


class Attachments:
    """Which PDF each document has, as its original and as its duplicate."""

    def __init__(self, load: Load, documents: Documents, kept: Files) -> None:
        self._load, self._files = load, kept
        given = [(documents.documents.ids[name], name, entry) for name, entry in documents.given if "attachments" in entry]
        rows = tuples.read(Attachment, ("id", *_COLUMNS), document_id=[document for document, _, _ in given])
        self._sheet = Sheet(Attachment, _COLUMNS, ((row[1:3], row) for row in rows))
        self._sheet.expect((document, one["kind"]) for document, _, entry in given for one in entry["attachments"])
        self._replaced: list[int] = []
        for document, name, entry in given:
            known = documents.documents.before(name) is not None
            for one in entry["attachments"]:
                self._lay(document, one, documents.documents.after(name) or {}, known=known)

    def write(self, company_id: int) -> None:
        """Store what was laid; bytes that nothing refers to any more go."""
        self._sheet.write(company_id)
        files.forget_unused(self._replaced)

    def _lay(self, document: int, entry: Entry, of: Values, *, known: bool) -> None:
        name = (document, entry["kind"])
        before = self._sheet.before(name)
        values = self._load.lay(entry, before, shape_of_ledger.ATTACHMENT) | {"document_id": document, "kind": entry["kind"]}
        values["file_id"] = self._files.find(entry.get("file"), (*entry.place, "file"))
        if of.get("type") != "invoice" or of.get("customer_id") is None:
            self._load.findings.fault(entry.place, "only an invoice of a customer has attachments")
        self._sheet.put(name, values, self._load.count("attachments"))
        if before is not None and before["file_id"] != values["file_id"]:
            self._replaced.append(before["file_id"])
        if known and (before is None or before["file_id"] != values["file_id"]):
            self._load.facts.append(self._fact(document, of, entry, before))

    def _fact(self, document: int, of: Values, entry: Entry, before: Values | None) -> Fact:
        was = None if before is None else StoredFile.objects.values_list("sha256", flat=True).get(pk=before["file_id"])
        changed = {"what": entry["kind"], "before": was, "after": entry.get("file")}
        return Fact("pdf_attached", None, of["billed_customer_id"], document, {"changed": [changed]})
