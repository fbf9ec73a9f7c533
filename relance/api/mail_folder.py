"""How do other programs see what would have left, where the installation puts its mail into a folder and sends nothing?

The folder is the installation's, and holds the mail of all its companies: it opens to who may found them.
"""

from pathlib import Path
from typing import Annotated

from django.conf import settings
from django.http import Http404, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from relance.api import shapes
from relance.api.access import Called, needs_founder
from relance.api.paging import MOST, USUAL, cursor, read_cursor
from relance.api.words import Json, Text
from relance.channels import Folder, is_folder, read_address
from relance.channels.folder_reading import count_messages, kept_message, kept_messages
from relance.models.renditions import EMAIL

router = Router(tags=["Mail"])
MESSAGE = shapes.one(name=shapes.TEXT, at=shapes.MOMENT, subject=shapes.TEXT, to=shapes.TEXT)


class Messages(Schema):
    """Which page of the folder is asked for."""

    limit: Annotated[int, Field(ge=1, le=MOST, description="How many at most.")] = USUAL
    cursor: Annotated[Text, Field(max_length=200, description="``next`` of the page before; none for the first page.")] = ""


@router.get("/mail-folder", auth=needs_founder("read"), response=shapes.pages("messages", MESSAGE))
def list_mail_folder(request: Called, asked: Query[Messages]) -> Json:
    """The messages in the mail folder, the newest first; 404 where mail does not go into a folder."""
    folder = _folder()
    count = count_messages(folder)
    left = read_cursor(asked.cursor, 1)[0] if asked.cursor else count  # how many are older: what is added meanwhile shifts nothing
    start = max(0, count - left)
    found, more = kept_messages(folder, start, asked.limit)
    told = [one._asdict() | {"at": one.at.isoformat()} for one in found]
    return {"messages": told, "next": cursor(count - start - asked.limit) if more else None}


@router.get("/mail-folder/{name}", auth=needs_founder("read"), openapi_extra=shapes.file_of(EMAIL))
def read_mail_folder(request: Called, name: Text) -> HttpResponse:
    """One message, as it would have travelled."""
    found = kept_message(_folder(), name)
    if found is None:
        raise Http404("there is no such message")
    return HttpResponse(found, content_type=EMAIL)


def _folder() -> Path:
    if not is_folder(settings.RELANCE_EMAIL_URL):
        raise Http404("mail does not go into a folder here")
    return Folder(read_address(settings.RELANCE_EMAIL_URL)).path
