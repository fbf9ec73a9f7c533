"""How are amounts, dates and moments written? As the language of the reader does."""

from datetime import date, datetime

from django.utils.timezone import localtime
from django.utils.translation import get_language

from relance.core.money import parse
from relance.letters import formats


def money(minor: int | None, currency: str) -> str:
    """An amount in minor units with its currency."""
    return "" if minor is None else formats.amount(minor, currency, language())


def sums(totals: dict[str, int] | None) -> str:
    """Amounts by currency, in minor units, one after the other."""
    return ", ".join(money(total, currency) for currency, total in (totals or {}).items())


def plain_money(text: str, currency: str) -> str:
    """An amount as answers write it, with its currency."""
    return formats.amount(parse(text, currency), currency, language())


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
