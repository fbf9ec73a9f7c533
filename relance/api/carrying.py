"""How does a whole company come in and go out by other programs? As a dossier."""

from django.http import StreamingHttpResponse
from ninja import Router

from relance import dossier
from relance.api import shapes
from relance.api.access import Called, needs
from relance.api.once import once
from relance.api.sent import as_file
from relance.api.words import Json
from relance.steps import bringing_in

router = Router(tags=["In and out"])
_AT = "/companies/{company}"


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
    report = as_file(request, "dossier.json", lambda path: bringing_in.bring_in(request.company, path, by=request.by, dry_run=dry_run))
    return report.told() | {"stored": not dry_run}
