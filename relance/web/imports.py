"""How do receivables come in by the pages? A file is uploaded, looked at with what it would change, and then applied, or not.

Nothing is kept between the looks but the file itself: what the user says about it stands in the address.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from relance.importers.list_heads import VOCABULARIES, ListKind
from relance.importers.problems import Problem, Unreadable
from relance.importers.recognising import ENOUGH, Kind, recognise
from relance.models.company import Company
from relance.models.history import Upload
from relance.steps import Refused, banking, bringing_in, einvoicing, taking_in, taking_over, uploading
from relance.telling.events import told_changes
from relance.telling.imported import changes, counted, row_changes
from relance.telling.list_file import Sheet, streamed
from relance.telling.sentences import problem_told, said
from relance.telling.sheets_of_history import IMPORTS, brought
from relance.telling.words import FILE_KINDS
from relance.web import undoing, waiting
from relance.web.access import CompanyRequest, may, needs
from relance.web.downloads import download, wanted
from relance.web.list_reading import Asked, asked_of, columns_of, corrections, kind_of, looked_at, sources
from relance.web.lists import listed, whole

_MEGABYTE = 1_000_000
# Megabytes: a FEC is read line by line, the others are held in memory.
LARGEST = {"fec": 1_000, "bank": 200, "dossier": 200, "einvoice": 20} | dict.fromkeys(VOCABULARIES, 200)
_SORTS = {"at": ("at", "pk")}
_MOST_TOLD = 100


@needs("reader", change="manager")
def imports(request: CompanyRequest) -> HttpResponseBase:
    """The files that came in, newest first; a form takes another."""
    if request.method == "POST":
        return _take(request)
    uploads = Upload.objects.filter(company=request.company)
    if wanted(request):
        return download(request, Sheet(_("imports"), IMPORTS, brought(streamed(whole(request, uploads, _SORTS, "-at")))))
    found = listed(request, uploads, _SORTS, "-at")
    rows = [(upload, FILE_KINDS.get(upload.kind, upload.kind), counted(upload.counts)) for upload in found.rows]
    return render(request, "imports.html", {"list": found, "rows": rows})


def _take(request: CompanyRequest) -> HttpResponse:
    """Keep the uploaded file until it is applied, and lead to what it would change."""
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile) or not upload.size:
        messages.error(request, _("Choose a file that is not empty."))
        return redirect("imports", request.company.code)
    kind = recognise(upload.read(ENOUGH))
    if upload.size > LARGEST[kind] * _MEGABYTE:
        told = _("%(name)s is too large: %(size)s MB, where %(most)s MB are taken at most. Import it by the command line.")
        messages.error(request, told % {"name": upload.name, "size": upload.size // _MEGABYTE, "most": LARGEST[kind]})
        return redirect("imports", request.company.code)
    return redirect("imports_preview", request.company.code, waiting.keep(request.company, upload))


@needs("manager")
def preview(request: CompanyRequest, sha256: str) -> HttpResponse:
    """What a waiting file was recognised as, and what it would change; sent, the form applies it or lets it go."""
    try:
        path = waiting.waiting(request.company, sha256)
        return _gone(request) if path is None else _preview(request, path, sha256)
    except FileNotFoundError:  # applied by a second click, or let go, in the meantime
        return _gone(request)


def _gone(request: CompanyRequest) -> HttpResponse:
    messages.warning(request, _("This file is not waiting any more: it was applied, or let go. Upload it again if need be."))
    return redirect("imports", request.company.code)


def _preview(request: CompanyRequest, path: Path, sha256: str) -> HttpResponse:
    kind = kind_of(path, request.POST if request.method == "POST" else request.GET)
    if request.method == "POST":
        return _let_go(request, sha256) if request.POST.get("act") == "drop" else _apply(request, kind, path, sha256)
    return render(request, "imports_preview.html", _seen(request, kind, path))


@needs("reader")
def done(request: CompanyRequest, pk: int) -> HttpResponse:
    """What came of one import, and which payments are proposed for matching."""
    upload = get_object_or_404(Upload, company=request.company, pk=pk)
    shown = {
        "upload": upload,
        "kind": FILE_KINDS.get(upload.kind, upload.kind),
        "counts": counted(upload.counts),
        "remarks": [said(one) for one in upload.counts.get("remarks", [])],
        "unfollowed": upload.counts.get("unfollowed", 0),
        "proposals": _proposals(uploading.proposed_matches(request.company)) if upload.kind == "fec" else [],
        **undoing.offered(request, upload),
    }
    return render(request, "imports_done.html", shown)


# -- looking


def _seen(request: CompanyRequest, kind: Kind | ListKind, path: Path) -> dict[str, Any]:
    """All that the page says of a file, refusals included."""
    shown: dict[str, Any] = {
        "kind": kind,
        "kind_told": FILE_KINDS[kind],
        "filename": path.name,
        "size": path.stat().st_size,
        "today": localdate(),
    }
    if kind in VOCABULARIES:
        asked = asked_of(request.GET, kind)
        shown |= {"list": asked, "columns": columns_of(kind), "carried": list(request.GET.items())}
        shown |= {"sources": sources(request.company, kind), "kinds": [(one, FILE_KINDS[one]) for one in VOCABULARIES]}
    try:
        if kind in VOCABULARIES:
            shown |= {"look": looked_at(request.company, kind, path, asked)}
        shown |= _would_change(request, kind, path)
    except (Refused, Unreadable) as refusal:
        shown["problems"], shown["more"] = _problems(refusal, path.name)
    return shown


def _would_change(request: CompanyRequest, kind: Kind | ListKind, path: Path) -> dict[str, Any]:
    """What applying would change; nothing is stored. Raises Refused."""
    company, by = request.company, request.by
    if kind == "fec":
        imported = uploading.import_fec(company, path, by, dry_run=True)
        return {
            "counts": counted(imported.counts),
            "remarks": [said(str(one)) for one in imported.remarks],
            "terms": imported.terms,
            "letters": imported.unfollowed[:_MOST_TOLD],
            "unfollowed": len(imported.unfollowed),
            "proposals": _proposals(imported.proposals),
        }
    if kind == "bank":
        banked = banking.import_bank(company, path, by, dry_run=True)
        return {"counts": counted(banked.counts), "remarks": [said(one) for one in banked.remarks], "banked": banked}
    if kind == "dossier":
        _refuse_setting_up(request)
        report = bringing_in.bring_in(company, path, by=by, dry_run=True)
        return {"counts": _laid(report.counts), "remarks": [said(str(one)) for one in report.warnings]}
    if kind == "einvoice":
        einvoice = einvoicing.import_einvoice(company, path, by, dry_run=True)
        return {
            "counts": counted(einvoice.counts),
            "remarks": [said(one) for one in einvoice.remarks],
            "of_documents": told_changes(einvoice.changes),
        }
    if kind != "items":
        return _rows_of(_take_in(request, kind, path, asked_of(request.GET, kind), dry_run=True))
    taken = _take_over(request, path, asked_of(request.GET, kind), dry_run=True)
    shown = taken.outcomes[:_MOST_TOLD]
    return {
        "counts": counted(taken.counts),
        "remarks": [said(str(one)) for one in taken.remarks],
        "changes": changes(shown),
        "further": len(taken.outcomes) - len(shown) + taken.further,
        "sums": taken.sums,
        "renamed": taken.renamed[:_MOST_TOLD],
    }


def _rows_of(taken: taking_in.TakenIn) -> dict[str, Any]:
    """What a list of customers, contacts or payments would change, row by row."""
    return {
        "counts": counted(taken.counts),
        "remarks": [said(str(one)) for one in taken.remarks],
        "rows": row_changes(taken.outcomes[:_MOST_TOLD]),
        "further": max(0, len(taken.outcomes) - _MOST_TOLD) + taken.further,
    }


def _take_in(request: CompanyRequest, kind: ListKind, path: Path, asked: Asked, *, dry_run: bool) -> taking_in.TakenIn:
    return taking_in.take_in(
        request.company,
        kind,
        path,
        by=request.by,
        source=asked.source,
        columns=_corrected(request.company, kind, path, asked),
        sheet=asked.sheet,
        dry_run=dry_run,
    )


def _corrected(company: Company, kind: ListKind, path: Path, asked: Asked) -> dict[str, str]:
    try:
        return corrections(company, kind, path, asked)
    except Unreadable as fault:
        raise Refused(str(fault)) from None


def _take_over(request: CompanyRequest, path: Path, asked: Asked, *, dry_run: bool) -> taking_over.TakenOver:
    columns = _corrected(request.company, "items", path, asked)
    return taking_over.take_over(
        request.company,
        path,
        asked.as_of,
        by=request.by,
        source=asked.source,
        columns=columns,
        sheet=asked.sheet,
        whole=not asked.partial,
        dry_run=dry_run,
    )


def _problems(refusal: Exception, filename: str) -> tuple[list[Any], int]:
    """Each problem with its line and column, as far as they are known, and how many more there are."""
    found = getattr(refusal, "problems", None)
    if found is not None:
        lines = str(refusal).splitlines()
        more = lines[-1].removeprefix("… and ").partition(" ")[0] if lines and lines[-1].startswith("… and ") else "0"
        return [problem_told(one) for one in found], int(more)
    lines = [line.removeprefix(f"{filename}: ") for line in str(refusal).splitlines()]
    return [problem_told(Problem(0, "", line)) for line in lines], 0


def _proposals(proposals: Mapping[str, list[Any]]) -> list[tuple[str, Any]]:
    return [(code, one) for code, found in proposals.items() for one in found][:_MOST_TOLD]


def _laid(counts: Mapping[str, Any]) -> list[Any]:
    return counted({noun: {"created": one.created, "changed": one.updated, "same": one.unchanged} for noun, one in counts.items()})


def _refuse_setting_up(request: CompanyRequest) -> None:
    """A dossier may change options, policies and texts: that is for who sets up."""
    if not may(request.role, "administrator"):
        raise Refused(_("A dossier can change how the company is set up: only an administrator brings it in."))


# -- applying


def _apply(request: CompanyRequest, kind: Kind | ListKind, path: Path, sha256: str) -> HttpResponse:
    """Apply what was looked at; the file goes then, so that a second click finds nothing."""
    try:
        _write(request, kind, path)
    except Refused as refusal:
        messages.error(request, _("Nothing was imported. %(why)s") % {"why": said(str(refusal).splitlines()[0])})
        return redirect("imports_preview", request.company.code, sha256)
    waiting.forget(request.company, sha256)
    messages.success(request, _("%(name)s was imported.") % {"name": path.name})
    upload = Upload.objects.filter(company=request.company, kind=kind, sha256=sha256).order_by("-pk").first()
    return redirect("imports_done", request.company.code, upload.pk) if upload else redirect("imports", request.company.code)


def _write(request: CompanyRequest, kind: Kind | ListKind, path: Path) -> None:
    if kind == "fec":
        uploading.import_fec(request.company, path, request.by)
    elif kind == "bank":
        banking.import_bank(request.company, path, request.by)
    elif kind == "einvoice":
        einvoicing.import_einvoice(request.company, path, request.by)
    elif kind == "dossier":
        _refuse_setting_up(request)
        bringing_in.bring_in(request.company, path, by=request.by)
    elif kind == "items":
        _take_over(request, path, asked_of(request.POST, kind), dry_run=False)
    else:
        _take_in(request, kind, path, asked_of(request.POST, kind), dry_run=False)


def _let_go(request: CompanyRequest, sha256: str) -> HttpResponse:
    waiting.forget(request.company, sha256)
    messages.success(request, _("The file was let go; nothing was imported."))
    return redirect("imports", request.company.code)
