"""What does an address ask for? Its parameters, read safely: what makes no sense is as if it had not been asked."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import overload

from django.http import HttpRequest

from relance.core import money

_FIRST_YEAR, _LAST_YEAR = 1900, 2999
_FIGURES = 18  # of the longest number that a column holds whatever its figures are


@overload
def day_asked(request: HttpRequest, name: str, usual: date) -> date: ...


@overload
def day_asked(request: HttpRequest, name: str, usual: None) -> date | None: ...


def day_asked(request: HttpRequest, name: str, usual: date | None) -> date | None:
    """A date of the form YYYY-MM-DD, as date fields send it; far dates are slips of the finger."""
    try:
        said = date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return usual
    return said if _FIRST_YEAR <= said.year <= _LAST_YEAR else usual


def one_asked(request: HttpRequest, name: str, choices: Sequence[str], usual: str) -> str:
    """One of the choices."""
    return one_of(request.GET.get(name, ""), choices, usual)


def one_of(said: str, choices: Sequence[str], usual: str) -> str:
    """What was said, where it is one of the choices."""
    return said if said in choices else usual


def number_asked(request: HttpRequest, name: str, usual: int) -> int:
    """A number of up to nine figures."""
    said = whole_number(request.GET.get(name, ""))
    return said if said is not None and said <= 999_999_999 else usual


def whole_number(text: str) -> int | None:
    """An identifier, a level or a count as forms send it back; None for what is none, or longer than any."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _FIGURES else None


def whole_numbers(texts: Iterable[str]) -> list[int]:
    """Those of the texts that are numbers."""
    return [number for text in texts if (number := whole_number(text)) is not None]


def amount_of(text: str, currency: str) -> int:
    """An amount as people type it, with a comma or a point, in minor units. Raises ValueError."""
    return money.parse("".join(text.split()).replace(",", "."), currency)
