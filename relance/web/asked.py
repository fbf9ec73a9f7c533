"""What does an address ask for? Its parameters, read safely: what makes no sense is as if it had not been asked."""

from collections.abc import Sequence
from datetime import date

from django.http import HttpRequest


def day_asked(request: HttpRequest, name: str, usual: date) -> date:
    """A date of the form YYYY-MM-DD, as date fields send it."""
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return usual


def one_asked(request: HttpRequest, name: str, choices: Sequence[str], usual: str) -> str:
    """One of the choices."""
    said = request.GET.get(name, "")
    return said if said in choices else usual
