"""What does somebody read where a page cannot be shown? One sentence and a way back; never a traceback."""

import logging

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

_log = logging.getLogger("relance.web")


def bad(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The request cannot be understood."""
    return _page(400, _("This request cannot be understood"), _("Go back and try again."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The user may not do that."""
    return _page(403, _("You may not do this"), _("Your role in this company does not allow it. Ask an administrator."))


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is no such page, or none that the user has a part in."""
    said = _("The page does not exist, or it belongs to a company in which you have no part.")
    return _page(404, _("There is nothing here"), said)


def broken(request: HttpRequest) -> HttpResponse:
    """Something of ours is broken; the log says what."""
    return _page(500, _("Something went wrong"), _("The fault is ours. It was noted in the log; nothing was half done."))


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without the mark of the page it stood on."""
    _log.warning("a form was refused at %s: %s", request.path, reason)
    return _page(403, _("This page had been open for too long"), _("Go back, load the page again and repeat what you did."))


def _page(status: int, title: str, said: str) -> HttpResponse:
    """The page, made of nothing but words: it must stand where nothing else does."""
    return HttpResponse(render_to_string("error.html", {"status": status, "title": title, "said": said}), status=status)
