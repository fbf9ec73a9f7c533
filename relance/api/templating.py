"""How do letter templates come in and go out by other programs?"""

from typing import Annotated, Literal

from django.http import HttpResponse
from django.utils.translation import gettext
from ninja import Query, Router, Schema
from pydantic import Field

from relance.api import shapes
from relance.api.access import Called, needs
from relance.api.once import once
from relance.api.whole import FILES, AsList, Listing, whole_list
from relance.api.words import Code, Filename, Json, Text
from relance.core.forms import MEDIA_TYPES
from relance.models.templates import Uses, uploaded, uses_of
from relance.steps import templating
from relance.telling.list_file import Sheet
from relance.telling.sheets_of_history import TEMPLATES

router = Router(tags=["Letter templates"])
_AT = "/companies/{company}"
_FORMS = ("docx", "odt", "rtf")
_FILE = shapes.file_of(*(MEDIA_TYPES[form] for form in _FORMS))
Name = Annotated[Text, Field(min_length=1, max_length=100)]
Version = Annotated[int, Field(ge=1, le=1_000_000, description="A version; the newest unless said.")]
Language = Literal["fr", "en", "de"]

_VERSION = {
    "version": shapes.WHOLE,
    "format": shapes.TEXT,
    "filename": shapes.TEXT,
    "sha256": shapes.TEXT,
    "at": shapes.MOMENT,
    "by": shapes.TEXT,
}
TEMPLATE = shapes.one(
    name=shapes.TEXT, **_VERSION, levels=shapes.many(shapes.WHOLE), customers=shapes.many(shapes.TEXT), types=shapes.many(shapes.TEXT)
)


_TEMPLATES = shapes.answer(shapes.one(templates=shapes.many(TEMPLATE)))


@router.get(f"{_AT}/templates", auth=needs("manager", "read"), response=_TEMPLATES, openapi_extra=FILES)
def list_templates(request: Called, company: str, how: Query[AsList]) -> Listing:
    """The letter templates that can be chosen, each with its newest version and for whom it is used."""
    found = templating.templates(request.company)
    if how.as_file:
        return whole_list(request, how, lambda: Sheet(gettext("letter-templates"), TEMPLATES, found))
    return {"templates": list(found)}


@router.get(
    _AT + "/templates/{name}",
    auth=needs("manager", "read"),
    response=shapes.answer(shapes.one(name=shapes.TEXT, versions=shapes.many(shapes.one(**_VERSION, letters=shapes.WHOLE)))),
)
def read_template(request: Called, company: str, name: Name) -> Json:
    """The versions of a template, the newest first, with how many letters were made of each."""
    return {"name": name, "versions": list(templating.versions(request.company, name))}


@router.get(_AT + "/templates/{name}/file", auth=needs("manager", "read"), openapi_extra=_FILE)
def read_template_file(request: Called, company: str, name: Name, version: Version | None = None) -> HttpResponse:
    """The document as it was uploaded, to be changed."""
    found = templating.find_version(request.company, name, version)
    return _file(uploaded(found), found.format, f"template-{found.number}")


@router.get(_AT + "/templates/{name}/preview", auth=needs("manager", "read"), openapi_extra=shapes.file_of(MEDIA_TYPES["pdf"]))
def preview_template(request: Called, company: str, name: Name, version: Version | None = None, language: Language = "fr") -> HttpResponse:
    """A letter that is never sent, made of a template: PDF, or the template's own format where LibreOffice is not installed."""
    made = templating.preview(templating.find_version(request.company, name, version), "pdf", language)
    return _file(made.content, made.form, "preview")


@router.get(_AT + "/template-samples/{form}", auth=needs("manager", "read"), openapi_extra=_FILE)
def read_template_sample(request: Called, company: str, form: Literal["docx", "odt", "rtf"], language: Language = "fr") -> HttpResponse:
    """A document to begin with: the general letter as the company shows it, to be changed in a word processor and sent back."""
    return _file(templating.sample(form, language, request.company), form, "sample")


class Upload(Schema):
    """A document as a template; ``use`` says for whom from now on, without it that stays as it is."""

    filename: Filename
    levels: list[Annotated[int, Field(ge=1, le=9)]] = []
    customers: list[Code] = []
    types: list[Code] = []
    on_request: Annotated[bool, Field(description="Use it only where it is asked for by its name.")] = False

    @property
    def uses(self) -> Uses | None:
        """For whom it is to be used; None leaves that as it is."""
        asked = Uses(tuple(sorted(set(self.levels))), tuple(sorted(set(self.customers))), tuple(sorted(set(self.types))))
        return asked if any(asked) or self.on_request else None


@router.put(
    _AT + "/templates/{name}",
    auth=needs("administrator", "set_up", large=True),
    response=shapes.answer(TEMPLATE),
    openapi_extra=shapes.A_FILE,
)
@once
def add_template(request: Called, company: str, name: Name, asked: Query[Upload]) -> Json:
    """Keep a document (DOCX, ODT, RTF) as a template or its next version; it is checked on sample letters first."""
    version = templating.add_template(request.company, name, asked.filename, request.body, uses=asked.uses, by=request.by)
    return {"name": name} | templating.told(version) | uses_of(version.template)._asdict()


@router.delete(_AT + "/templates/{name}", auth=needs("administrator", "set_up"), response=shapes.CHANGED)
@once
def remove_template(request: Called, company: str, name: Name) -> Json:
    """Take a template from choice: no new letter is made of it; those that were remember it."""
    templating.remove_template(request.company, name, request.by)
    return shapes.changed("removed", before=False, after=True)


def _file(content: bytes, form: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return HttpResponse(content, content_type=MEDIA_TYPES[form], headers=headers)
