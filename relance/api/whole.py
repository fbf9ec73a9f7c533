"""How is a list of the API had whole, as a file? By ``format``: the list as it is filtered, with the columns that its page has.

The heads and the figures are written in the company's language, or in the one that is asked for; what is about no company, in the person's.
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import FileResponse
from django.utils.translation import override
from ninja import Schema
from pydantic import Field

from relance.api import shapes
from relance.api.access import Called
from relance.dossier import Fault, Faults
from relance.telling.list_file import FORMATS, Sheet, handed_over

Listing = dict[str, Any] | FileResponse  # what an operation that lists answers
FILES = shapes.file_of(*FORMATS.values())
Language = Annotated[
    Literal["", "fr", "en"], Field(description="Of a file's heads and figures; the company's unless said. English ones suit programs best.")
]


class AsList(Schema):
    """How a list is wanted."""

    form: Annotated[
        Literal["json", "csv", "xlsx"], Field(alias="format", description="JSON, or the whole list as a file, a line for one thing.")
    ] = "json"
    language: Language = ""

    @property
    def as_file(self) -> bool:
        """Whether the whole list is asked for."""
        return self.form != "json"

    @property
    def filters(self) -> dict[str, Any]:
        """What is asked of the list itself."""
        return self.dict(exclude={"form", "language", "limit", "cursor"})


def whole_list(request: Called, asked: AsList, sheet: Callable[[], Sheet]) -> FileResponse:
    """The list as a file; ``sheet`` is asked in the language of the file. Raises Faults where a page of it is asked for."""
    if pages := [Fault(name, "a file holds the whole list") for name in ("limit", "cursor") if name in request.GET]:
        raise Faults(pages)
    company, person = request.company, request.auth.user
    spoken = company.language if company else person.language if person else ""
    with override(asked.language or spoken or settings.LANGUAGE_CODE):
        return handed_over(sheet(), asked.form, company.code if company else "relance")
