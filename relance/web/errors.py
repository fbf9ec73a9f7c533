"""What does somebody read where a page cannot be shown? One sentence, and a way back; never a traceback."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def bad(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The request cannot be understood."""
    return _page(request, 400, _("This request cannot be understood"), _("Go back and try again."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The user may not do that."""
    return _page(request, 403, _("You may not do this"), _("Your role in this company does not allow it. Ask an administrator."))


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is no such page, or none that the user has a part in."""
    return _page(
        request, 404, _("There is nothing here"), _("The page does not exist, or it belongs to a company in which you have no part.")
    )


def broken(request: HttpRequest) -> HttpResponse:
    """Something of ours is broken; the log says what."""
    return _page(request, 500, _("Something went wrong"), _("The fault is ours. It was noted in the log; nothing was half done."))


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without the mark of the page it was on."""
    return _page(request, 403, _("This page had been open for too long"), _("Go back, load the page again and repeat what you did."))


def _page(request: HttpRequest, status: int, title: str, said: str) -> HttpResponse:
    return render(request, "error.html", {"title": title, "said": said}, status=status)
