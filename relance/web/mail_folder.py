"""What would have left? The messages of the mail folder, where the installation sends nothing: for its administrators alone.

The folder is the installation's, and holds the mail of all its companies.
"""

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from relance.channels import Folder, is_folder, read_address
from relance.channels.folder_reading import kept_message, kept_messages, recipients
from relance.models.access import User
from relance.web.access import CompanyRequest, needs
from relance.web.asked import number_asked
from relance.web.framed import framed, parsed

_PAGE = 50


def may_look(user: User) -> bool:
    """Whether there is a mail folder, and the user administers the installation."""
    return is_folder(settings.RELANCE_EMAIL_URL) and user.is_authenticated and user.is_admin


@needs("administrator")
def mail_folder(request: CompanyRequest) -> HttpResponse:
    """The messages, the newest first."""
    folder, start = _folder(request), number_asked(request, "start", 0)
    found, more = kept_messages(folder, start, _PAGE)
    shown = {"kept": found, "folder": folder, "earlier": max(0, start - _PAGE) if start else None, "later": start + _PAGE if more else None}
    return render(request, "mail_folder.html", shown)


@needs("administrator")
def message(request: CompanyRequest, name: str) -> HttpResponse:
    """One message: its head, its text in a frame, what is beside it."""
    found = parsed(_message(request, name))
    beside = [one.get_filename() or one.get_content_type() for one in _beside(found)]
    text = found.get_body(("plain",))
    shown = {"name": name, "head": found, "to": recipients(found), "beside": beside, "text": text.get_content() if text else ""}
    return render(request, "mail_folder_message.html", shown)


@needs("administrator")
def body(request: CompanyRequest, name: str) -> HttpResponse:
    """The HTML of a message, for a frame in which nothing of it runs."""
    return framed(_message(request, name))


@needs("administrator")
def file(request: CompanyRequest, name: str) -> HttpResponse:
    """The message as it would have travelled, for a mail program."""
    return _handed_over(_message(request, name), name, "message/rfc822")


@needs("administrator")
def attachment(request: CompanyRequest, name: str, place: int) -> HttpResponse:
    """What is beside a message, by its place."""
    for here, one in enumerate(_beside(parsed(_message(request, name)))):
        if here == place:
            content = one.get_payload(decode=True)
            assert isinstance(content, bytes)
            return _handed_over(content, one.get_filename() or f"{place}", "application/octet-stream")
    raise Http404


def _beside(found: EmailMessage) -> Iterator[EmailMessage]:
    """What can be taken apart; a message in a message is not."""
    for one in found.iter_attachments():
        if isinstance(one, EmailMessage) and not one.is_multipart():
            yield one


def _handed_over(content: bytes, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return answer


def _folder(request: CompanyRequest) -> Path:
    if not may_look(request.user):
        raise Http404
    return Folder(read_address(settings.RELANCE_EMAIL_URL)).path


def _message(request: CompanyRequest, name: str) -> bytes:
    found = kept_message(_folder(request), name)
    if found is None:
        raise Http404
    return found
