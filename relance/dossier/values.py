"""What does the trade write under the keys of a dossier: days, amounts, addresses, levels, terms? A reader for each.

What JSON brings, and how readers are put together, is in ``kinds.py``.
"""

import binascii
import re
from base64 import b64decode
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import Any
from zoneinfo import available_timezones

from relance.core.facts import HIGHEST_LEVEL, NA
from relance.core.terms import parse_terms
from relance.dossier.kinds import Reader, each, json_list, one_of, shown, text, whole
from relance.models.calendar import knows_holidays
from relance.models.moments import refuse_cron

FIRST_YEAR, LAST_YEAR = 1900, 2999  # so that no sum of a date and a delay leaves the calendar
MOST_DAYS = 99_999
LANGUAGES = ("fr", "en", "de")

_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]+)?", re.ASCII)
_SECURE_ADDRESS = re.compile(r"(?:https://[A-Za-z0-9.-]+|http://(?:localhost|127\.0\.0\.1))(?::\d{1,5})?(?:/[!-~]*)?|", re.ASCII)
_DOMAIN = re.compile(r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_PERCENT = re.compile(r"(\d{1,3})(?:\.(\d{1,2}))?", re.ASCII)
_COLOR = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"(?=.{{1,64}}@){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+", re.ASCII)
_LONGEST_EMAIL = 254


def compact(longest: int) -> Reader:
    """A text such as an IBAN, kept without the spaces that people write in it."""
    read_text = text(None)
    read_compact = text(longest)
    return lambda value: read_compact(re.sub(r"\s", "", read_text(value)))


def amount(value: Any) -> str:
    """The text of an amount; what it comes to depends on the currency, which may be the stored one."""
    if not isinstance(value, str):
        raise ValueError(f'an amount stands in quotes, as "12.50", not {shown(value)}')
    return value


def on(value: Any) -> date:
    """A day, as YYYY-MM-DD."""
    return _date(value) if isinstance(value, str) else _no_date(value)


@lru_cache(maxsize=20_000)
def _date(value: str) -> date:
    try:
        found = date.fromisoformat(value) if _DATE.fullmatch(value) else _no_date(value)
    except ValueError:
        return _no_date(value)
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(f"not a day of the years {FIRST_YEAR} to {LAST_YEAR}: {shown(value)}")
    return found


def _no_date(value: Any) -> date:
    raise ValueError(f"not a date as YYYY-MM-DD: {shown(value)}")


def instant(value: Any) -> datetime:
    """An instant with its offset, as ISO 8601 writes it; in UTC."""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f"not an instant such as 2026-07-18T08:30:00+00:00: {shown(value)}") from None
    if found.tzinfo is None:
        raise ValueError(f"an instant without its offset from UTC: {shown(value)}")
    return found.astimezone(UTC)


def language(value: Any) -> str:
    """A language that notices can be written in."""
    found: str = one_of(LANGUAGES)(value)
    return found


def letters(count: int, meaning: str) -> Reader:
    """So many capital letters, such as a currency or a country."""
    wanted = re.compile(f"[A-Z]{{{count}}}", re.ASCII)

    def read(value: Any) -> str:
        if not isinstance(value, str) or not wanted.fullmatch(value):
            raise ValueError(f"not {meaning}: {shown(value)}")
        return value

    return read


currency = letters(3, "a currency of three capital letters")
country = letters(2, "a country of two capital letters")


def country_or_none(value: Any) -> str:
    """A country, or an empty text."""
    return value if value == "" else str(country(value))


def email(value: Any) -> str:
    """An e-mail address, without a name or brackets around it."""
    if not isinstance(value, str) or len(value) > _LONGEST_EMAIL or not _EMAIL.fullmatch(value):
        raise ValueError(f"not an e-mail address: {shown(value)}")
    return value


def email_or_none(value: Any) -> str:
    """An e-mail address, or an empty text."""
    return value if value == "" else email(value)


def percent(value: Any) -> int:
    """Hundredths of a percent of a text such as ``"12.50"``."""
    match = _PERCENT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f'not a rate in percent, as "12.50": {shown(value)}')
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))


def terms(value: Any) -> str:
    """Payment terms, as ``core/terms.py`` writes them."""
    found: str = text(20)(value)
    parse_terms(found)
    return found


def time_zone(value: Any) -> str:
    """A time zone by its name, such as Europe/Paris."""
    if not isinstance(value, str) or value not in _time_zones():
        raise ValueError(f'not a time zone such as "Europe/Paris": {shown(value)}')
    return value


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def time_of_day(value: Any) -> str:
    """A time such as 08:30."""
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise ValueError(f'not a time of day such as "08:30": {shown(value)}')
    return value


def weekdays(value: Any) -> str:
    """Days of the week, each a number from 1, Monday, to 7."""
    return "".join(sorted({str(day) for day in each(whole(1, 7))(value)}))


def cron(value: Any) -> str:
    """A line of cron, or an empty text."""
    found: str = text(100)(value)
    if found:
        refuse_cron(found)
    return found


def time_zone_or_none(value: Any) -> str:
    """A time zone, or an empty text."""
    return value if value == "" else time_zone(value)


def holidays(value: Any) -> str:
    """Whose public holidays count, such as FR or FR-57; empty: those of the country."""
    if value == "" or (isinstance(value, str) and knows_holidays(value)):
        return str(value)
    raise ValueError(f'not a country or a part of it, such as "FR" or "FR-57", whose holidays are known: {shown(value)}')


def level(value: Any) -> int:
    """A level, 0 to 9 or "NA"."""
    if value == "NA":
        return NA
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= HIGHEST_LEVEL:
        raise ValueError(f'not a level, 0 to {HIGHEST_LEVEL} or "NA": {shown(value)}')
    return value


def policy_level(value: Any) -> int:
    """The level of a policy's row, 1 to 9 or "NA"."""
    if value == 0 or level(value) == 0:
        raise ValueError(f'not a level of a policy, 1 to {HIGHEST_LEVEL} or "NA": {shown(value)}')
    return level(value)


def color(value: Any) -> str:
    """A colour as ``#1f4e79``."""
    if not isinstance(value, str) or not _COLOR.fullmatch(value):
        raise ValueError(f'not a colour as "#1f4e79": {shown(value)}')
    return value.lower()


def sha256(value: Any) -> str:
    """A SHA-256 in hexadecimal."""
    if not isinstance(value, str) or not _SHA256.fullmatch(value):
        raise ValueError(f"not a SHA-256 in hexadecimal: {shown(value)}")
    return value


def host(value: Any) -> str:
    """The name or number of a server, or an empty text."""
    if not isinstance(value, str) or len(value) > 253 or not _HOST.fullmatch(value):
        raise ValueError(f"not the name of a server, such as smtp.example.com: {shown(value)}")
    return value


def secure_address(value: Any) -> str:
    """An address that is asked under encryption, or on this very machine; or an empty text."""
    if not isinstance(value, str) or len(value) > 500 or not _SECURE_ADDRESS.fullmatch(value):
        raise ValueError(f"not an address that begins with https://: {shown(value)}")
    return value


def domain(value: Any) -> str:
    """A domain, or an empty text."""
    if not isinstance(value, str) or len(value) > 200 or not _DOMAIN.fullmatch(value):
        raise ValueError(f"not a domain, such as example.com: {shown(value)}")
    return value


def zipped(value: Any) -> bytes:
    """Bytes written in base64."""
    try:
        return b64decode(value, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise ValueError(f"not bytes in base64: {shown(value)}") from None


def cuts(value: Any) -> list[list[Any]]:
    """Where files were cut out of a message: places, ascending, each with the SHA-256 of the file."""
    found = json_list(value)
    if any(not (isinstance(one, list) and len(one) == 2 and type(one[0]) is int) for one in found) or found != sorted(found):
        raise ValueError(f"not pairs of a place and a SHA-256: {shown(value)}")
    return [[at, sha256(digest)] for at, digest in found]
