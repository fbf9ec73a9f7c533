"""How do files of other software come in by other programs, and how is an import taken back?"""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any, Literal

from django.http import Http404
from django.utils.timezone import localdate
from django.utils.translation import gettext
from ninja import Query, Router, Schema
from pydantic import Field, StrictInt

from relance.api import shapes
from relance.api.access import Called, needs
from relance.api.once import once
from relance.api.paging import Page, page
from relance.api.sent import as_file
from relance.api.whole import FILES, Listing, whole_list
from relance.api.words import Asked, Day, Filename, Flag, Id, Json, Text
from relance.dossier import Fault, Faults
from relance.dossier.kinds import LARGEST
from relance.importers.list_heads import VOCABULARIES
from relance.importers.problems import Unreadable
from relance.importers.recognising import recognise_file
from relance.importers.sheet_look import look
from relance.models import Upload
from relance.models.history import columns_remembered
from relance.steps import Refused, banking, einvoicing, taking_in, taking_over, undoing, uploading
from relance.telling.list_file import Sheet, streamed
from relance.telling.sheets_of_history import IMPORTS, brought

router = Router(tags=["Imports"])
_AT = "/companies/{company}"
_TOLD = {"file": shapes.TEXT, "counts": shapes.COUNTS, "remarks": shapes.many(shapes.TEXT), "stored": shapes.FLAG}
_PART = shapes.one(document=shapes.TEXT, amount=shapes.AMOUNT)
_RENAMED = shapes.one(customer=shapes.TEXT, before=shapes.TEXT, after=shapes.TEXT)
_ITEM = shapes.one(
    what=shapes.TEXT,
    customer=shapes.TEXT,
    document=shapes.TEXT,
    due_date=shapes.DAY,
    open_before=shapes.or_null(shapes.AMOUNT),
    open_after=shapes.AMOUNT,
    currency=shapes.TEXT,
)
_ROW = shapes.one(
    line=shapes.WHOLE,
    kind=shapes.TEXT,
    customer=shapes.TEXT,
    name=shapes.TEXT,
    differences=shapes.many(shapes.one(what=shapes.TEXT, before=shapes.ANY, after=shapes.ANY)),
)
_PROPOSAL = shapes.one(customer=shapes.TEXT, payment=shapes.TEXT, parts=shapes.many(_PART), reason=shapes.TEXT, confidence=shapes.TEXT)
_LETTER = shapes.one(side=shapes.TEXT, code=shapes.TEXT, letter=shapes.TEXT, lines=shapes.WHOLE)
_LISTED = {"recognised": shapes.by(shapes.TEXT), "further": shapes.WHOLE}  # which column is what; how many more are not told
_COUNTED = dict.fromkeys(("certain", "on_account", "booked", "waiting"), shapes.WHOLE)
IMPORTED = {
    "fec": shapes.one(**_TOLD, payment_terms=shapes.TEXT, unfollowed_letters=shapes.many(_LETTER), proposals=shapes.many(_PROPOSAL)),
    "items": shapes.one(**_TOLD, **_LISTED, items=shapes.many(_ITEM), renamed=shapes.many(_RENAMED)),
    "lists/{kind}": shapes.one(**_TOLD, **_LISTED, rows=shapes.many(_ROW)),
    "bank": shapes.one(**_TOLD, **_COUNTED, accounts=shapes.many(shapes.TEXT)),
    "einvoice": shapes.one(**_TOLD, changed=shapes.many(shapes.CHANGE)),
}


class Import(Schema):
    """A file of other software, and what is to be known of it."""

    filename: Filename
    dry_run: bool = False


class Listed(Import):
    """A list: whose it is, and what its columns are."""

    source: Annotated[Text, Field(max_length=80)] = ""
    sheet: Text | None = None
    columns: Annotated[list[Text], Field(description="WHAT=HEAD: which column is what, where its head does not tell.")] = []


COLUMN = shapes.one(place=shapes.WHOLE, head=shapes.TEXT, what=shapes.TEXT, cells=shapes.many(shapes.TEXT))
LOOK = shapes.one(
    kind={"enum": ["dossier", "bank", "einvoice", "fec", *VOCABULARIES]},
    sheet=shapes.TEXT,
    other_sheets=shapes.many(shapes.TEXT),
    columns=shapes.many(COLUMN),
    may_be=shapes.many(shapes.TEXT),
)


class Looked(Schema):
    """How a list is to be read: as those of a source are, and which sheet of a workbook."""

    source: Annotated[Text, Field(max_length=80)] = ""
    sheet: Text | None = None


@router.post(f"{_AT}/imports/look", auth=needs("manager", "read", large=True), response=shapes.answer(LOOK), openapi_extra=shapes.A_FILE)
def look_at_file(request: Called, company: str, asked: Query[Looked]) -> Json:
    """What a file is, by its content; of a list also its columns and what each is taken for, which importing can be told otherwise.

    Nothing is stored. ``may_be`` is what a column of such a list can be.
    """
    content = BytesIO(request.body)
    kind = recognise_file(content, asked.sheet)
    told: Json = {"kind": kind, "sheet": "", "other_sheets": [], "columns": [], "may_be": []}
    if kind not in VOCABULARIES:
        return told
    content.seek(0)
    try:
        seen = look(content, columns_remembered(request.company, kind, asked.source), asked.sheet, VOCABULARIES[kind])
    except Unreadable as fault:
        raise Refused(str(fault)) from None
    columns = [{"place": one.place, "head": one.title, "what": one.what, "cells": one.cells} for one in seen.columns]
    return told | {"sheet": seen.sheet, "other_sheets": seen.others, "columns": columns, "may_be": list(VOCABULARIES[kind].heads)}


class OpenItems(Listed):
    """A list of open items: its day, and whether it is all that is open."""

    as_of: Day | None = None
    partial: bool = False


def _imported(kind: str) -> Callable[..., Any]:
    """Where a file of this kind is imported."""
    extra, answer = shapes.A_FILE, shapes.answer(IMPORTED[kind])
    return router.post(f"{_AT}/imports/{kind}", auth=needs("manager", "write", large=True), response=answer, openapi_extra=extra)


@_imported("fec")
@once
def import_fec(request: Called, company: str, asked: Query[Import]) -> Json:
    """Import the statutory accounting export (FEC); with ``dry_run`` tell what it would change."""

    def read(path: Path) -> Json:
        imported = uploading.import_fec(request.company, path, request.by, dry_run=asked.dry_run)
        return imported.told(asked.filename, request.company.currency)

    return as_file(request, asked.filename, read) | {"stored": not asked.dry_run}


@_imported("items")
@once
def import_items(request: Called, company: str, asked: Query[OpenItems]) -> Json:
    """Import a list of open items, CSV, XLSX or ODS; with ``dry_run`` tell what it would change."""

    def read(path: Path) -> Json:
        taken = taking_over.take_over(
            request.company,
            path,
            asked.as_of or localdate(),
            by=request.by,
            source=asked.source,
            columns=_columns(asked),
            sheet=asked.sheet,
            whole=not asked.partial,
            dry_run=asked.dry_run,
        )
        return taken.told(asked.filename)

    return as_file(request, asked.filename, read) | {"stored": not asked.dry_run}


@_imported("lists/{kind}")
@once
def import_list(request: Called, company: str, kind: Literal["customers", "contacts", "payments"], asked: Query[Listed]) -> Json:
    """Import a list of customers, of their contacts or of payments, CSV, XLSX or ODS; with ``dry_run`` tell what it would change."""

    def read(path: Path) -> Json:
        said: Any = {"source": asked.source, "columns": _columns(asked), "sheet": asked.sheet, "dry_run": asked.dry_run}
        return taking_in.take_in(request.company, kind, path, by=request.by, **said).told(asked.filename)

    return as_file(request, asked.filename, read) | {"stored": not asked.dry_run}


@_imported("bank")
@once
def import_bank(request: Called, company: str, asked: Query[Import]) -> Json:
    """Import a bank statement: camt.053, camt.054, CFONB 120, MT940 or OFX; what is certain is booked, the rest waits to be matched."""

    def read(path: Path) -> Json:
        return banking.import_bank(request.company, path, request.by, dry_run=asked.dry_run).told(asked.filename)

    return as_file(request, asked.filename, read) | {"stored": not asked.dry_run}


@_imported("einvoice")
@once
def import_einvoice(request: Called, company: str, asked: Query[Import]) -> Json:
    """Import an electronic invoice (Factur-X, CII or UBL), or a life-cycle message about one."""

    def read(path: Path) -> Json:
        return einvoicing.import_einvoice(request.company, path, request.by, dry_run=asked.dry_run).told(asked.filename)

    return as_file(request, asked.filename, read) | {"stored": not asked.dry_run}


UPLOAD = shapes.one(
    id=shapes.WHOLE,
    kind=shapes.TEXT,
    file=shapes.TEXT,
    sha256=shapes.TEXT,
    at=shapes.MOMENT,
    by=shapes.TEXT,
    counts=shapes.FREE,
    undone=shapes.FLAG,
)


@router.get(f"{_AT}/imports", auth=needs("reader", "read"), response=shapes.pages("imports", UPLOAD), openapi_extra=FILES)
def list_imports(request: Called, company: str, asked: Query[Page]) -> Listing:
    """The files that came in, newest first."""
    found = Upload.objects.filter(company=request.company)
    if asked.as_file:
        return whole_list(request, asked, lambda: Sheet(gettext("imports"), IMPORTS, brought(streamed(found.order_by("-pk")))))
    return page("imports", found, asked, _upload, newest_first=True)


@router.get(_AT + "/imports/{number}", auth=needs("reader", "read"), response=shapes.answer(UPLOAD))
def read_import(request: Called, company: str, number: Id) -> Json:
    """One file that came in, with what came of it."""
    found = Upload.objects.filter(company=request.company, pk=number).first()
    if found is None:
        raise Http404(f"there is no import {number} in {request.company.code}")
    return _upload(found)


class Undone(Asked):
    """Whether an import is to be taken back, or only whether it could be."""

    dry_run: Flag = False
    forget: Annotated[StrictInt, Field(ge=0, le=LARGEST, description="So many bank entries set aside since may be forgotten.")] = 0


@router.post(_AT + "/imports/{number}/undo", auth=needs("manager", "write"), response=shapes.answer(UPLOAD))
@once
def undo_import(request: Called, company: str, number: Id, asked: Undone) -> Json:
    """Take an import back: what it brought goes, what it changed is as before, as long as nothing was built on it."""
    undone = undoing.undo_import(request.company, number, by=request.by, forget=asked.forget, dry_run=asked.dry_run)
    return _upload(undone) | ({"forgets": undoing.forgotten(undone)} if asked.dry_run else {})


def _upload(one: Upload) -> Json:
    told = {"id": one.pk, "kind": one.kind, "file": one.filename, "sha256": one.sha256, "by": one.by}
    return told | {"at": one.at.isoformat(), "counts": one.counts, "undone": one.undone_at is not None}


def _columns(asked: Listed) -> dict[str, str]:
    return dict(_column(place, text) for place, text in enumerate(asked.columns))


def _column(place: int, text: str) -> tuple[str, str]:
    what, sign, head = text.partition("=")
    if not sign or not head.strip():
        raise Faults([Fault(f"columns[{place}]", f'not WHAT=HEAD: "{text}"')])
    return what.strip(), head.strip()
