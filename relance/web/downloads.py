"""How does a page hand over its list as a file? At its own address with ``download=xlsx`` added.

So whoever sees the page may have the file, and nobody else. A page asks ``wanted`` and answers with ``download``.
"""

from django.http import FileResponse, HttpRequest

from relance.telling.list_file import FORMATS, Sheet, handed_over
from relance.web.access import CompanyRequest


def wanted(request: HttpRequest, which: str = "") -> bool:
    """Whether the page is asked for its list as a file; where it has several, for ``which`` of them."""
    return request.GET.get("download", "") in FORMATS and request.GET.get("list-of", which) == which


def download(request: CompanyRequest, sheet: Sheet) -> FileResponse:
    """The list in the format that the address asks for."""
    return download_of(request, sheet, request.company.code)


def download_of(request: HttpRequest, sheet: Sheet, whose: str) -> FileResponse:
    """The same of a list that is of no company; ``whose`` stands in the name of the file."""
    return handed_over(sheet, request.GET["download"], whose)
