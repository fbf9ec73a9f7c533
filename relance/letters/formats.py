"""How does a language write amounts, dates and account numbers? French: 1 234,50 € and 21/11/2026."""

import re
from datetime import date
from functools import lru_cache

from babel import localedata
from babel.dates import format_date
from babel.numbers import get_currency_symbol

from relance.core import money

_NARROW, _SPACE = "\u202f", "\u00a0"  # between thousands, before the currency: never a line break
_SIGNS = {"fr": (_NARROW, ","), "de": (".", ",")}  # between thousands, before decimals; a language that is not here writes as English does
_FRENCH = re.compile(r" [:;!?»%€]|« ")
_LONG = {"fr": "d MMMM yyyy", "en": "d MMMM yyyy", "de": "d. MMMM yyyy"}


@lru_cache(maxsize=5_000)  # an e-mail says each twice, as text and as HTML, and many claim the same
def amount(minor: int, currency: str, language: str) -> str:
    """An amount with its currency: ``1 234,50 €`` in French, ``€1,234.50`` in English, ``1.234,50 €`` in German."""
    sign, figure, mark = ("-" if minor < 0 else ""), number(abs(minor), currency, language), symbol(currency, language)
    if language in _SIGNS:
        return f"{sign}{figure}{_SPACE}{mark}"
    return f"{sign}{mark}{_SPACE if mark[-1].isalpha() else ''}{figure}"


def number(minor: int, currency: str, language: str) -> str:
    """An amount without its currency, for a column headed by it."""
    places = money.decimals(currency)
    whole, fraction = divmod(abs(minor), 10**places)
    return _written(minor < 0, whole, f"{fraction:0{places}d}" if places else "", language)


def plain(text: str, language: str) -> str:
    """A decimal figure as answers write it (``-1234.50``) as a language does: ``-1 234,50``, ``-1,234.50``."""
    whole, _, fraction = text.removeprefix("-").partition(".")
    return _written(text.startswith("-"), int(whole), fraction, language)


def _written(minus: bool, whole: int, fraction: str, language: str) -> str:
    thousands, point = _SIGNS.get(language, (",", "."))
    grouped = f"{whole:,}".replace(",", thousands)
    return f"{'-' if minus else ''}{grouped}{f'{point}{fraction}' if fraction else ''}"


@lru_cache(maxsize=10_000)
def day(iso: str, language: str) -> str:
    """A date in figures, from its ISO form."""
    return date.fromisoformat(iso).strftime("%d.%m.%Y" if language == "de" else "%d/%m/%Y")


@lru_cache(maxsize=2_000)
def long_day(iso: str, language: str) -> str:
    """A date with the month in letters: ``21 novembre 2026``; the first of a month is ``1er`` in French."""
    on = date.fromisoformat(iso)
    text = format_date(on, _LONG.get(language, _LONG["en"]), locale=_locale(language))
    return text.replace("1 ", "1er ", 1) if language == "fr" and on.day == 1 else text


def percent(hundredths: int, language: str) -> str:
    """A rate: ``12,15 %`` in French and German, ``12.15%`` in English."""
    whole, part = divmod(hundredths, 100)
    return f"{whole},{part:02}{_SPACE}%" if language in _SIGNS else f"{whole}.{part:02}%"


def unbroken(text: str, language: str) -> str:
    """French puts a space before : ; ! ? and inside « », and no line may break there. Spaces are hardened, never added."""
    return _FRENCH.sub(lambda match: match[0].replace(" ", _SPACE), text) if language == "fr" else text


def iban(text: str) -> str:
    """An account number in groups of four."""
    bare = "".join(text.split())
    return " ".join(bare[start : start + 4] for start in range(0, len(bare), 4))


@lru_cache(maxsize=500)
def symbol(currency: str, language: str) -> str:
    """A currency's sign, as a language writes it."""
    return str(get_currency_symbol(currency, locale=_locale(language)))


def _locale(language: str) -> str:
    """The language, or English, in which a dollar says whose it is, where nothing is known of it."""
    return language if language != "en" and localedata.exists(language) else "en_GB"
