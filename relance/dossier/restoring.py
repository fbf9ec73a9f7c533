"""How does the history of a dump come back? By number: what is stored stays, what is absent is put in as it was, seals included."""

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

from relance.dossier import past
from relance.dossier.attachments import Files
from relance.dossier.documents import Documents
from relance.dossier.entry import BROKEN, Entry
from relance.dossier.faults import Place
from relance.dossier.merging import Load, Sheet, Values
from relance.dossier.named import Named
from relance.dossier.templates import Templates
from relance.dossier.zipped import sha256_of
from relance.models import (
    Company,
    Event,
    LeftOutBlock,
    Mail,
    MailReport,
    Notice,
    NoticeEnclosure,
    NoticeLine,
    Rendition,
    Run,
    RunLeftOut,
    Upload,
    bulk,
    tuples,
)
from relance.models.events import seal_of
from relance.models.outgoing.left_out import RESTORED
from relance.models.renditions import mend

_RUN = tuple(past.RUN.columns.values())
_NOTICE = (*past.NOTICE.columns.values(), "run_id", "customer_id", "template_id")
_LINE = (*past.LINE.columns.values(), "due_item_id")
_ENCLOSURE = (*past.ENCLOSURE.columns.values(), "file_id")
_MAIL = (*past.MAIL.columns.values(), "customer_id")
_REPORT = (*past.MAIL_REPORT.columns.values(), "notice_id", "mail_id")
_EVENT = (*past.EVENT.columns.values(), "notice_id", "customer_id", "document_id")
_NOBODYS: Values = {"claimed_by": "", "claimed_at": None}  # no process of this machine sends what comes back


class History:
    """The history in a file: runs with what they left out, notices with what was sent, uploads, events."""

    def __init__(
        self, load: Load, history: Entry, documents: Documents, customers: Sheet, templates: Templates, named: Named, files: Files
    ) -> None:
        self._load, self._documents, self._customers, self._templates, self._files = load, documents, customers, templates, files
        self._history = history
        self._runs = self._lay_runs()
        self._notices = self._lay_notices(named)
        self._lines = list(self._lay_lines())
        self._enclosures = list(self._lay_enclosures())
        self._renditions = list(self._lay_renditions())
        self._blocks = self._lay_blocks()
        self._mails = self._lay_mails()
        self._reports = list(self._lay_reports())
        self._uploads = list(self._lay_uploads())
        self._events = list(self._lay_events())

    def write(self, company_id: int) -> None:
        """Store what was absent, and bring the numbering up to it."""
        for sheet in (self._runs, self._notices, self._mails):
            sheet.write(company_id)
        for model, columns, rows in (
            (NoticeLine, ("notice_id", *_LINE), self._lines),
            (NoticeEnclosure, ("notice_id", "position", *_ENCLOSURE), self._enclosures),
            (Rendition, ("notice_id", "media_type", "sha256", "compressed", "cuts"), self._renditions),
            (LeftOutBlock, ("id", "digest", "compressed"), self._new_blocks),
            (RunLeftOut, ("run_id", "bucket", "block_id"), list(self._left_out())),
            (MailReport, _REPORT, self._reports),
            (Upload, tuple(past.UPLOAD.columns), self._uploads),
            (Event, _EVENT, self._events),
        ):
            bulk.insert(model, ("company_id", *columns), ((company_id, *row) for row in rows))
        self._number(company_id)

    def _number(self, company_id: int) -> None:
        numbering = self._history.get("numbering") or {}
        company = Company.objects.get(pk=company_id)
        company.last_run_number = max(company.last_run_number, numbering.get("runs", 0), *self._runs.names(), 0)
        company.last_notice_number = max(company.last_notice_number, numbering.get("notices", 0), *self._notices.names(), 0)
        if self._events:
            company.last_event_number, company.last_event_hash = self._events[-1][0], self._events[-1][_EVENT.index("hash")]
        company.save(update_fields=["last_run_number", "last_notice_number", "last_event_number", "last_event_hash"])

    # -- runs and what they left out

    def _lay_runs(self) -> Sheet:
        given = self._history.get("runs", [])
        numbers = tuples.among([entry["number"] for entry in given])
        stored = Run.objects.filter(company=self._load.company, number__in=numbers).values_list("number", "id", *_RUN)
        sheet = Sheet(Run, _RUN, ((row[0], row[1:]) for row in stored))
        sheet.expect(entry["number"] for entry in given)
        for entry in given:
            if sheet.before(entry["number"]) is None:
                sheet.put(entry["number"], self._load.lay(entry, None, past.RUN), self._load.count("runs"))
            else:
                self._keep(sheet, entry, "runs", {"started_at": entry.get("started_at")})
        return sheet

    def _keep(self, sheet: Sheet, entry: Entry, key: str, marks: Values) -> None:
        """What is stored under the number stays as it is, provided that it bears the marks of what the file means."""
        self._load.count(key).add(changed=False)
        before = sheet.before(entry["number"])
        if before is None or any(before[column] != value for column, value in marks.items()):
            self._fault((*entry.place, "number"), f"another history: {entry['number']} is stored, and is something else")

    def _lay_blocks(self) -> dict[str, int]:
        given = {entry["digest"]: entry for entry in self._history.get("blocks", [])}
        digests = tuples.among(list(given), str)
        ids: dict[str, int] = dict(LeftOutBlock.objects.filter(company=self._load.company, digest__in=digests).values_list("digest", "id"))
        new = [digest for digest in given if digest not in ids]
        ids.update(zip(new, bulk.reserve_ids(LeftOutBlock, len(new)), strict=True))
        for digest in new:
            self._check_bytes(given[digest], digest)
        self._new_blocks = [(ids[digest], digest, given[digest]["compressed"]) for digest in new]
        for run in self._history.get("runs", []):
            for place, digest in enumerate(self._digests(run)):
                if digest not in ids:
                    self._fault((*run.place, "left_out", place), f"unknown block: {digest}")
        return ids

    def _left_out(self) -> Iterator[tuple[int, int, int]]:
        for run in self._history.get("runs", []):
            if self._runs.before(run["number"]) is None:
                for place, digest in enumerate(self._digests(run)):
                    yield self._runs.ids[run["number"]], RESTORED + place, self._blocks[digest]

    def _digests(self, run: Entry) -> Iterable[str]:
        found = run.get("left_out", ())
        return () if found is BROKEN else found

    # -- notices

    def _lay_notices(self, named: Named) -> Sheet:
        """Those of the file; the stored ones that events refer to are known afterwards too."""
        given = self._history.get("notices", [])
        numbers = tuples.among(list(named.notices))
        stored = Notice.objects.filter(company=self._load.company, number__in=numbers).values_list("number", "id", *_NOTICE)
        sheet = Sheet(Notice, _NOTICE, ((row[0], row[1:]) for row in stored.iterator()))
        sheet.expect(entry["number"] for entry in given)
        self._new_notices = []
        for entry in given:
            owner = {"run_id": self._find(self._runs.ids, entry, "run"), "customer_id": self._find(self._customers.ids, entry, "customer")}
            if sheet.before(entry["number"]) is None:
                made_of = {"template_id": self._template(entry)}
                sheet.put(entry["number"], self._load.lay(entry, None, past.NOTICE) | owner | made_of, self._load.count("notices"))
                self._new_notices.append(entry)
            else:
                self._keep(sheet, entry, "notices", owner)
        return sheet

    def _template(self, entry: Entry) -> int | None:
        """The version of the template that a letter was made of."""
        made_of = entry.get("template")
        if made_of is None:
            return None
        found = self._templates.versions.get((made_of.get("name"), made_of.get("version")))
        if found is None:
            self._fault(made_of.place, "unknown version of a template")
        return found

    def _lay_lines(self) -> Iterator[tuple[Any, ...]]:
        claimed = self._claimed()
        for notice in self._new_notices:
            for entry in notice.get("lines", []):
                item = self._item(entry)
                values = self._load.lay(entry, None, past.LINE) | {"due_item_id": item}
                if values["in_flight"] and item in claimed:
                    self._fault((*entry.place, "in_flight"), "another notice in flight claims this due item")
                if values["in_flight"]:
                    claimed.add(item)
                yield (self._notices.ids[notice["number"]], *(values[column] for column in _LINE))

    def _claimed(self) -> set[int | None]:
        lines = NoticeLine.objects.filter(company=self._load.company, in_flight=True)
        return {item for (item,) in tuples.stream(lines.values_list("due_item_id"))}

    def _item(self, entry: Entry) -> int | None:
        customer = self._find(self._customers.ids, entry, "customer")
        document = self._documents.documents.ids.get((customer, None, entry["document"]))
        found = None if document is None else self._documents.items.ids.get((document, entry["no"]))
        if found is None and customer is not None:
            self._fault(entry.place, "unknown due item")
        return found

    def _lay_renditions(self) -> Iterator[tuple[Any, ...]]:
        for notice in self._new_notices:
            for entry in notice.get("renditions", []):
                cuts = self._known_cuts(entry)
                if cuts:
                    self._check_mended(entry, cuts)
                else:
                    self._check_bytes(entry, entry["sha256"])
                yield self._notices.ids[notice["number"]], entry["media_type"], entry["sha256"], entry["compressed"], cuts

    def _lay_enclosures(self) -> Iterator[tuple[Any, ...]]:
        for notice in self._new_notices:
            for place, entry in enumerate(notice.get("enclosures", [])):
                values = self._load.lay(entry, None, past.ENCLOSURE)
                values["file_id"] = self._files.find(entry.get("file"), (*entry.place, "file"))
                yield self._notices.ids[notice["number"]], place, *(values[column] for column in _ENCLOSURE)

    def _known_cuts(self, entry: Entry) -> list[list[Any]]:
        """Where files were cut out of the message; those that are not known are told."""
        found = entry.get("cuts", [])
        cuts = [] if found is BROKEN else found
        return [cut for cut in cuts if self._files.find(cut[1], (*entry.place, "cuts"))]

    def _check_mended(self, entry: Entry, cuts: list[list[Any]]) -> None:
        """Whether the message with its files put back is what its SHA-256 says."""
        try:
            whole = mend(zlib.decompress(entry["compressed"]), [(at, sha256) for at, sha256 in cuts], self._files.content)
        except (TypeError, zlib.error):
            whole = b""
        if hashlib.sha256(whole).hexdigest() != entry["sha256"]:
            self._fault((*entry.place, "compressed"), "is not what its SHA-256 says")

    def _check_bytes(self, entry: Entry, sha256: Any) -> None:
        if entry["compressed"] is not BROKEN and sha256 is not BROKEN and sha256_of(entry["compressed"]) != sha256:
            self._fault((*entry.place, "compressed"), "is not what its SHA-256 says")

    # -- mails, uploads and events

    def _lay_mails(self) -> Sheet:
        given = self._history.get("mails", [])
        stored = Mail.objects.filter(company=self._load.company)
        sheet = Sheet(Mail, (*_MAIL, *_NOBODYS), ((row[0], row[1:]) for row in stored.values_list("number", "id", *_MAIL, *_NOBODYS)))
        sheet.expect(entry["number"] for entry in given)
        for entry in given:
            if sheet.before(entry["number"]) is None:
                self._check_bytes(entry, entry["sha256"])
                owner = {"customer_id": self._find(self._customers.ids, entry, "customer")}
                sheet.put(entry["number"], self._load.lay(entry, None, past.MAIL) | owner | _NOBODYS, self._load.count("mails"))
            else:
                self._keep(sheet, entry, "mails", {"sha256": entry["sha256"]})
        return sheet

    def _lay_reports(self) -> Iterator[tuple[Any, ...]]:
        """What came back about notices and mails; what is stored under its key stays, but for who has seen to it."""
        stored = set(MailReport.objects.filter(company=self._load.company).values_list("key", flat=True))
        for entry in self._history.get("reports", []):
            self._load.count("reports").add(False if entry["key"] in stored else None)
            if entry["key"] not in stored:
                values = self._load.lay(entry, None, past.MAIL_REPORT)
                values["notice_id"] = self._find(self._notices.ids, entry, "notice")
                values["mail_id"] = self._find(self._mails.ids, entry, "mail")
                yield tuple(values[column] for column in _REPORT)

    def _lay_uploads(self) -> Iterator[tuple[Any, ...]]:
        columns = tuple(past.UPLOAD.columns)
        stored = set(Upload.objects.filter(company=self._load.company).values_list("at", "kind", "sha256", "filename"))
        for entry in self._history.get("uploads", []):
            is_new = past.name_of_upload(entry) not in stored
            self._load.count("uploads").add(None if is_new else False)
            if is_new:
                values = self._load.lay(entry, None, past.UPLOAD)
                yield tuple(values[column] for column in columns)

    def _lay_events(self) -> Iterator[tuple[Any, ...]]:
        """Events follow each other without gaps, from the first or from those stored; what follows a fault cannot be judged."""
        given: list[Entry] = self._history.get("events", [])
        if not given:
            return
        stored = dict(tuples.stream(Event.objects.filter(company=self._load.company).values_list("number", "hash")))
        expected = min(given[0]["number"], len(stored) + 1)
        seal = stored.get(expected - 1, "")
        for number, entry in enumerate(given, expected):
            if not self._holds(entry, number, seal, stored.get(number)):
                return
            seal = entry["hash"]
            self._load.count("events").add(False if number in stored else None)
            if number not in stored:
                yield self._event(entry)

    def _holds(self, entry: Entry, number: int, seal: str, stored: str | None) -> bool:
        """Whether this is the event of that number, sealed after the one before, and not another than the stored one."""
        if entry["number"] != number:
            self._fault((*entry.place, "number"), f"event {number} is missing before it")
        elif BROKEN in entry.values():
            return False  # told already
        elif stored not in (None, entry["hash"]):
            self._fault(entry.place, f"another history: event {number} is stored, and is something else")
        elif seal_of(seal, number, entry["at"], entry["by"], entry["what"], entry["facts"]) != entry["hash"]:
            self._fault((*entry.place, "hash"), "does not seal this event and the one before it")
        else:
            return True
        return False

    def _event(self, entry: Entry) -> tuple[Any, ...]:
        values = self._load.lay(entry, None, past.EVENT)
        values["notice_id"] = self._find(self._notices.ids, entry, "notice")
        values["customer_id"] = self._find(self._customers.ids, entry, "customer")
        values["document_id"] = self._document(entry.get("document"))
        return tuple(values[column] for column in _EVENT)

    def _document(self, entry: Entry | None) -> int | None:
        if entry is None:
            return None
        parties = self._load.ids
        name = (parties["customer"].get(entry.get("customer")), parties["supplier"].get(entry.get("supplier")), entry.get("number"))
        found = self._documents.documents.ids.get(name)
        if found is None:
            self._fault(entry.place, "unknown document")
        return found

    def _find(self, ids: dict[Any, int], entry: Entry, key: str) -> int | None:
        name = entry.get(key)
        found = ids.get(name)
        if found is None and name is not None and name is not BROKEN:
            self._fault((*entry.place, key), f"unknown {key}: {name}")
        return found

    def _fault(self, place: Place, message: str) -> None:
        self._load.findings.fault(place, message)
