"""How are amounts, dates and moments written? As the language of the reader does."""

import re
from datetime import date, datetime

from django.utils.timezone import localtime
from django.utils.translation import get_language

from relance.core.money import parse
from relance.letters import formats

_FIGURE = re.compile(r"(?P<figure>-?\d{1,15}(?:\.\d{1,4})?)(?: (?P<currency>[A-Z]{3}))?", re.ASCII)
FIGURES = frozenset(  # the columns and options that hold an amount or a rate, as answers write it
    ("amount", "open", "promised_amount", "min_invoice_amount", "ceiling_amount", "interest_rate", "rate")
)


def money(minor: int | None, currency: str) -> str:
    """An amount in minor units with its currency."""
    return "" if minor is None else formats.amount(minor, currency, language())


def sums(totals: dict[str, int] | None) -> str:
    """Amounts by currency, in minor units, one after the other."""
    return ", ".join(money(total, currency) for currency, total in (totals or {}).items())


def plain_money(text: str, currency: str) -> str:
    """An amount as answers write it, with its currency."""
    return formats.amount(parse(text, currency), currency, language())


def said_figure(text: str, spoken: str = "") -> str:
    """What a sentence or a change has for an amount or a rate, with its currency or without; anything else as it stands."""
    found = _FIGURE.fullmatch(text)
    if not found:
        return text
    figure, currency, spoken = found["figure"], found["currency"], spoken or language()
    return formats.amount(parse(figure, currency), currency, spoken) if currency else formats.plain(figure, spoken)


def figure(minor: int | None, currency: str) -> str:
    """An amount in minor units, for a column that says the currency."""
    return "" if minor is None else formats.number(minor, currency, language())


def percent(rate: int) -> str:
    """A rate in hundredths of a percent."""
    return f"{formats.number(rate, 'EUR', language())} %" if language() == "fr" else f"{formats.number(rate, 'EUR', language())}%"


def day(on: date | str | None) -> str:
    """A date in figures."""
    return formats.day(on if isinstance(on, str) else on.isoformat(), language()) if on else ""


def long_day(on: date | str | None) -> str:
    """A date with its month in letters."""
    return formats.long_day(on if isinstance(on, str) else on.isoformat(), language()) if on else ""


def moment(at: datetime) -> str:
    """When something happened, to the minute, by the clock on the wall."""
    here = localtime(at)
    return f"{day(here.date())} {here:%H:%M}"


def language() -> str:
    """The language of the reader: two letters."""
    return (get_language() or "fr")[:2]
