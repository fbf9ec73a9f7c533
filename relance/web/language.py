"""In which language does a page speak? The one the user has chosen, else the browser's."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation


class UsersLanguage:
    """Put the user's own language in the place of the browser's; it stands after the one that reads the browser's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the user's language."""
        chosen = getattr(request.user, "language", "")
        if chosen:
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen
        response = self._get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or "fr")
        return response
