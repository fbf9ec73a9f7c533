"""How do other programs see what would be written, before anybody receives it? Letters of an edition, and what a level says."""

from typing import Annotated, Literal

from django.http import FileResponse, HttpResponse
from django.utils.timezone import localdate
from ninja import Query, Router, Schema
from pydantic import Field

from relance.api import shapes
from relance.api.access import Called, needs
from relance.api.deciding import Edition, edition_of
from relance.api.sent import handed_over, written
from relance.api.words import Asked, Code, Day, Level, Text
from relance.core.forms import MEDIA_TYPES
from relance.models.finding import find_customer
from relance.steps import Refused, previewing, running

router = Router(tags=["Dunning"])
_AT = "/companies/{company}"
_PDF, _ZIP, _HTML = MEDIA_TYPES["pdf"], "application/zip", "text/html; charset=utf-8"


class DraftLetters(Asked):
    """Which letter edition is looked at."""

    as_of: Day
    edition: Edition


class Bound(Schema):
    """How letters are wanted: in one file, or each in its own."""

    form: Annotated[Literal["pdf", "zip"], Field(alias="format")] = "pdf"


@router.post(f"{_AT}/proposals/letters", auth=needs("collector", "read"), openapi_extra=shapes.file_of(_PDF, _ZIP))
def show_letters(request: Called, company: str, asked: DraftLetters, how: Query[Bound]) -> FileResponse:
    """The letters that an edition would issue, marked as drafts; nothing is stored."""
    with written(f"letters.{how.form}") as out:
        running.write_provisional(request.company, edition_of(request, asked.as_of, asked.edition), out)
        if not out.exists():
            others = out.with_suffix(".zip").exists()
            raise Refused("not every letter is a PDF: ask for the ZIP" if others else "there is no letter to show")
        return handed_over(out, _PDF if how.form == "pdf" else _ZIP, f"draft-letters.{how.form}")


class Texts(Asked):
    """What a level is to say; what is not given stands."""

    subject: Text | None = None
    header: Text | None = None
    footer: Text | None = None


class Preview(Asked):
    """The text of a level that is looked at, on a made-up account or on what a customer owes; ``texts`` are laid over those that stand."""

    level: Level
    policy: Text = ""
    language: Literal["", "fr", "en", "de"] = ""
    customer: Code | None = None
    texts: Texts = Texts()


class Shown(Schema):
    """As a letter, or as an e-mail."""

    form: Annotated[Literal["pdf", "html"], Field(alias="format")] = "pdf"


@router.post(f"{_AT}/preview", auth=needs("manager", "read"), openapi_extra=shapes.file_of(_PDF, _HTML))
def preview_level(request: Called, company: str, asked: Preview, how: Query[Shown]) -> HttpResponse:
    """What a level says, as a letter (PDF) or as an e-mail (HTML), before anybody receives it; nothing is stored."""
    customer = find_customer(request.company, asked.customer) if asked.customer else None
    draft = previewing.Draft(asked.level, asked.policy, asked.language, asked.texts.dict(exclude_none=True))
    [made] = previewing.show(request.company, draft, how.form, customer=customer, as_of=localdate())
    return HttpResponse(made, content_type=_PDF if how.form == "pdf" else _HTML)
