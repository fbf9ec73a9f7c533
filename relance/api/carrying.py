"""How do companies, settings and files come in and go out by other programs?"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

from django.http import StreamingHttpResponse
from django.utils.timezone import localdate
from ninja import Query, Router, Schema
from pydantic import Field

from relance import dossier
from relance.api import shapes
from relance.api.access import Called, needs
from relance.api.once import once
from relance.api.paging import Page, page_of
from relance.api.words import Asked, Code, Day, Flag, Id, Json, Text
from relance.dossier import Fault, Faults, dumping, reading, shape
from relance.models import Upload
from relance.models.wall import companies_of
from relance.steps import bringing_in, setting_up, taking_over, undoing, uploading

router = Router(tags=["In and out"])
_AT = "/companies/{company}"
_SET_UP = ("company", "options", "display", "levels", "policies", "payment_methods", "statuses", "collaborators")


# -- companies and how they are set up


@router.get(
    "/companies",
    auth=needs("reader", "read"),
    response=shapes.answer(shapes.one(companies=shapes.many(shapes.one(code=shapes.TEXT, name=shapes.TEXT)))),
)
def list_companies(request: Called) -> Json:
    """The companies in which the token has a part: its own."""
    return {"companies": [{"code": one.code, "name": one.name} for one in companies_of(request.auth)]}


SETTINGS = shapes.one(
    company=shapes.of(shape.COMPANY, known=True),
    options=shapes.of(shape.OPTIONS, known=True),
    levels=shapes.many(shapes.of(shape.LEVEL, known=True)),
    policies=shapes.many(shapes.of(shape.POLICY, known=True)),
    payment_methods=shapes.many(shapes.of(shape.PAYMENT_METHOD, known=True)),
    statuses=shapes.many(shapes.of(shape.STATUS, known=True)),
    collaborators=shapes.many(shapes.of(shape.COLLABORATOR, known=True)),
    display={"type": "object"},
)


@router.get(_AT, auth=needs("reader", "read"), response=shapes.answer(SETTINGS))
def read_company(request: Called, company: str) -> Json:
    """A company as it is set up: its identity, options, levels, policies and lists, as a dossier has them."""
    return dumping.set_up(request.company)


_GIVEN = {name: shapes.or_null(shapes.of(inner)) for name, inner in shape.DOSSIER.objects.items() if name in _SET_UP}
_GIVEN |= {name: shapes.many(shapes.of(inner)) for name, inner in shape.DOSSIER.lists.items() if name in _SET_UP}
_CODELESS = {"company": {"type": "object"}}  # its code stands in the address


@router.patch(
    _AT,
    auth=needs("administrator", "set_up", large=True),
    response=shapes.answer(SETTINGS | {"properties": SETTINGS["properties"] | {"warnings": shapes.many(shapes.WARNING)}}),
    openapi_extra=shapes.body_of(shapes.some(**(_GIVEN | _CODELESS)) | {"additionalProperties": False}),
)
@once
def set_up_company(request: Called, company: str) -> Json:
    """Change how a company is set up: the keys of a dossier that are given are laid over what stands."""
    said = reading.parse(request.body)
    if not isinstance(said, dict):
        raise Faults([Fault("the body", "an object is due")])
    if others := [name for name in said if name not in _SET_UP]:
        raise Faults([Fault(name, f"only {', '.join(_SET_UP)} may stand here") for name in others])
    whose = said.get("company", {})
    if not isinstance(whose, dict) or whose.get("code", company) != company:
        raise Faults([Fault("company", f"an object of company {company} is due")])
    warnings = setting_up.set_up(request.company, said, by=request.by)
    return dumping.set_up(request.company) | {"warnings": [warning._asdict() for warning in warnings]}


@router.delete(_AT + "/{noun}/entries/{path:code}", auth=needs("administrator", "set_up"), response=shapes.answer(SETTINGS))
@once
def remove_entry(
    request: Called, company: str, noun: Literal["policies", "payment_methods", "statuses", "collaborators"], code: Code
) -> Json:
    """Take a policy, payment method, status or collaborator away that nothing uses."""
    setting_up.set_up(request.company, {}, by=request.by, without=[(noun, code)])
    return dumping.set_up(request.company)


# -- dossiers


_DOSSIER = {"responses": {200: {"content": {"application/json": {"schema": shapes.one(format=shapes.TEXT, company={"type": "object"})}}}}}


@router.get(f"{_AT}/dossier", auth=needs("administrator", "read"), openapi_extra=_DOSSIER)
def read_dossier(request: Called, company: str) -> StreamingHttpResponse:
    """The whole company, history included, as a dossier."""
    headers = {"Content-Disposition": f'attachment; filename="{request.company.pk}.json"'}
    return StreamingHttpResponse(dossier.dump(request.company), content_type="application/json", headers=headers)


LOADED = shapes.one(company=shapes.TEXT, counts=shapes.COUNTS, warnings=shapes.many(shapes.WARNING), stored=shapes.FLAG)


@router.post(
    f"{_AT}/dossier",
    auth=needs("administrator", "set_up", large=True),
    response=shapes.answer(LOADED),
    openapi_extra=shapes.body_of({"type": "object", "required": ["format", "company"]}),
)
@once
def load_dossier(request: Called, company: str, dry_run: bool = False) -> Json:
    """Lay a dossier over its company: created or updated by key; all of it, or with a fault nothing."""
    report = _as_file(request, "dossier.json", lambda path: bringing_in.bring_in(request.company, path, by=request.by, dry_run=dry_run))
    return report.told() | {"stored": not dry_run}


# -- files of other software


class Import(Schema):
    """A file of other software, and what is to be known of it."""

    filename: Annotated[Text, Field(min_length=1, max_length=200, pattern=r"^[^/\\\x00]+$")]
    dry_run: bool = False


class ListImport(Import):
    """A list of open items: its day, whose it is, and whether it is all that is open."""

    as_of: Day | None = None
    source: Annotated[Text, Field(max_length=80)] = ""
    sheet: Text | None = None
    partial: bool = False
    columns: Annotated[list[Text], Field(description="WHAT=HEAD: which column is what, where its head does not tell.")] = []


IMPORTED = shapes.one(file=shapes.TEXT, counts=shapes.COUNTS, remarks=shapes.many(shapes.TEXT), stored=shapes.FLAG)
_FILE = shapes.body_of({"type": "string", "format": "binary"}, "application/octet-stream")


@router.post(f"{_AT}/imports/fec", auth=needs("manager", "write", large=True), response=shapes.answer(IMPORTED), openapi_extra=_FILE)
@once
def import_fec(request: Called, company: str, asked: Query[Import]) -> Json:
    """Import the statutory accounting export (FEC); with ``dry_run`` tell what it would change."""

    def read(path: Path) -> Json:
        imported = uploading.import_fec(request.company, path, request.by, dry_run=asked.dry_run)
        return imported.told(asked.filename, request.company.currency)

    return _as_file(request, asked.filename, read) | {"stored": not asked.dry_run}


@router.post(f"{_AT}/imports/items", auth=needs("manager", "write", large=True), response=shapes.answer(IMPORTED), openapi_extra=_FILE)
@once
def import_items(request: Called, company: str, asked: Query[ListImport]) -> Json:
    """Import a list of open items, CSV, XLSX or ODS; with ``dry_run`` tell what it would change."""
    columns = dict(_column(place, text) for place, text in enumerate(asked.columns))

    def read(path: Path) -> Json:
        taken = taking_over.take_over(
            request.company,
            path,
            asked.as_of or localdate(),
            by=request.by,
            source=asked.source,
            columns=columns,
            sheet=asked.sheet,
            whole=not asked.partial,
            dry_run=asked.dry_run,
        )
        return taken.told(asked.filename)

    return _as_file(request, asked.filename, read) | {"stored": not asked.dry_run}


UPLOAD = shapes.one(
    id=shapes.WHOLE, kind=shapes.TEXT, file=shapes.TEXT, sha256=shapes.TEXT, at=shapes.MOMENT, by=shapes.TEXT, counts={"type": "object"}
)


@router.get(f"{_AT}/imports", auth=needs("reader", "read"), response=shapes.pages("imports", UPLOAD))
def list_imports(request: Called, company: str, asked: Query[Page]) -> Json:
    """The files that came in, newest first."""
    ids, following = page_of(Upload.objects.filter(company=request.company), asked, newest_first=True)
    rows = Upload.objects.in_bulk(ids)
    return {"imports": [_upload(rows[pk]) for pk in ids], "next": following}


class Undone(Asked):
    """Whether an import is to be taken back, or only whether it could be."""

    dry_run: Flag = False


@router.post(_AT + "/imports/{number}/undo", auth=needs("manager", "write"), response=shapes.answer(UPLOAD))
@once
def undo_import(request: Called, company: str, number: Id, asked: Undone) -> Json:
    """Take an import back: what it brought goes, what it changed is as before, as long as nothing was built on it."""
    return _upload(undoing.undo_import(request.company, number, by=request.by, dry_run=asked.dry_run))


def _upload(one: Upload) -> Json:
    told = {"id": one.pk, "kind": one.kind, "file": one.filename, "sha256": one.sha256, "by": one.by}
    return told | {"at": one.at.isoformat(), "counts": one.counts, "undone": one.undone_at is not None}


def _column(place: int, text: str) -> tuple[str, str]:
    what, sign, head = text.partition("=")
    if not sign or not head.strip():
        raise Faults([Fault(f"columns[{place}]", f'not WHAT=HEAD: "{text}"')])
    return what.strip(), head.strip()


def _as_file(request: Called, name: str, read: Callable[[Path], Any]) -> Any:
    """What was sent, as the file that the steps read."""
    with tempfile.TemporaryDirectory(prefix="relance-api-") as folder:
        path = Path(folder) / name
        path.write_bytes(request.body)
        return read(path)
