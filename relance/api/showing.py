"""How do other programs see what would be written, before anybody receives it? Letters of an edition, and what a level says."""

from typing import Annotated, Literal

from django.http import FileResponse, HttpResponse
from django.utils.timezone import localdate
from ninja import Query, Router, Schema
from pydantic import Field, WithJsonSchema

from relance.api import shapes
from relance.api.access import Called, needs
from relance.api.deciding import Edition, edition_of
from relance.api.sent import LETTERS, LISTS, handed_over, letters_written, written
from relance.api.words import Asked, Code, Day, Json, Level, Text
from relance.core.forms import ARCHIVE, FORMS, MEDIA_TYPES
from relance.dossier import reading, shape
from relance.dossier.entry import Entry
from relance.dossier.faults import Findings
from relance.letters.texts import default_text
from relance.models.finding import Unfound, find_customer
from relance.models.rules import frozen_settings
from relance.steps import previewing, running

router = Router(tags=["Dunning"])
_AT = "/companies/{company}"
_PDF, _HTML = MEDIA_TYPES["pdf"], "text/html; charset=utf-8"


class DraftLetters(Asked):
    """Which letter edition is looked at."""

    as_of: Day
    edition: Edition


class Bound(Schema):
    """How letters are wanted: as PDF or HTML in one file, in a word processor's format or as PDF (``zip``) each in its own."""

    form: Annotated[Literal[(*FORMS, ARCHIVE)], Field(alias="format")] = "pdf"  # type: ignore[valid-type]


@router.post(f"{_AT}/proposals/letters", auth=needs("collector", "read"), openapi_extra=LETTERS)
def show_letters(request: Called, company: str, asked: DraftLetters, how: Query[Bound]) -> FileResponse:
    """The letters that an edition would issue, marked as drafts; nothing is stored."""
    edition, made = edition_of(request, asked.as_of, asked.edition), "pdf" if how.form == ARCHIVE else how.form
    return letters_written("draft-letters", how.form, lambda out: running.write_provisional(request.company, edition, out, made))


class AsFile(Schema):
    """In which format the control list is wanted."""

    form: Annotated[Literal["xlsx", "csv", "pdf"], Field(alias="format")] = "xlsx"


@router.post(f"{_AT}/proposals/control-list", auth=needs("reader", "read"), openapi_extra=shapes.file_of(*LISTS.values()))
def show_control_list(request: Called, company: str, asked: DraftLetters, how: Query[AsFile]) -> FileResponse:
    """The control list of an edition as a file: every customer with its items and levels, and the sums; nothing is stored."""
    edition = edition_of(request, asked.as_of, asked.edition)
    with written(f"control-list.{how.form}") as out:
        running.write_control_list(request.company, edition, out)
        return handed_over(out, LISTS[how.form], out.name)


class Texts(Asked):
    """What a level is to say; what is not given stands."""

    subject: Text | None = None
    header: Text | None = None
    footer: Text | None = None


class Preview(Asked):
    """The text of a level that is looked at, on a made-up account or on what a customer owes.

    ``texts`` and ``display``, the options of a dossier's ``display``, are laid over those that stand.
    """

    level: Level
    policy: Text = ""
    language: Literal["", "fr", "en", "de"] = ""
    customer: Code | None = None
    texts: Texts = Texts()
    display: Annotated[Json, WithJsonSchema(shapes.of(shape.DISPLAY))] = {}


class Shown(Schema):
    """As a letter, or as an e-mail."""

    form: Annotated[Literal["pdf", "html"], Field(alias="format")] = "pdf"


@router.post(f"{_AT}/preview", auth=needs("manager", "read"), openapi_extra=shapes.file_of(_PDF, _HTML))
def preview_level(request: Called, company: str, asked: Preview, how: Query[Shown]) -> HttpResponse:
    """What a level says, as a letter (PDF) or as an e-mail (HTML), before anybody receives it; nothing is stored."""
    customer = find_customer(request.company, asked.customer) if asked.customer else None
    draft = previewing.Draft(asked.level, asked.policy, asked.language, asked.texts.dict(exclude_none=True), _display(asked.display))
    [made] = previewing.show(request.company, draft, how.form, customer=customer, as_of=localdate())
    return HttpResponse(made, content_type=_PDF if how.form == "pdf" else _HTML)


class OfLevel(Schema):
    """A level of a policy, in a language; the company's unless said."""

    level: Annotated[int, Field(ge=1, le=9)]
    policy: Text = ""
    language: Literal["", "fr", "en", "de"] = ""
    kind: Literal["letter", "email"] = "letter"


_TEXTS = shapes.one(subject=shapes.TEXT, header=shapes.TEXT, footer=shapes.TEXT)


@router.get(f"{_AT}/standing-texts", auth=needs("manager", "read"), response=shapes.answer(_TEXTS))
def read_standing_texts(request: Called, company: str, asked: Query[OfLevel]) -> Json:
    """What a level says where the company has written nothing: to begin from."""
    level = frozen_settings(request.company)["levels"].get(asked.policy, {}).get(str(asked.level))
    if level is None:
        raise Unfound(f'the policy "{asked.policy}" has no level {asked.level}')
    spoken, letter = asked.language or request.company.language, asked.kind == "letter"
    return default_text(level["rank"], spoken, country=request.company.country, letter=letter)._asdict()


def _display(said: Json) -> Json:
    """Display options, read as a dossier's are. Raises Faults."""
    findings = Findings(shape.DISPLAY.keys)
    read = reading.read(Entry(list(said.items())), shape.DISPLAY, findings)
    findings.refuse_if_any()
    return dict(read or {})
