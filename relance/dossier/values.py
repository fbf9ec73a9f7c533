"""What may stand under a key of a dossier? Readers: a JSON value in, what the column holds out, ValueError in words for a user."""

import binascii
import json
import re
from base64 import b64decode
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import Any
from zoneinfo import available_timezones

from relance.core.facts import HIGHEST_LEVEL, NA
from relance.core.terms import parse_terms
from relance.dossier.entry import Entry
from relance.models.calendar import knows_holidays
from relance.models.moments import refuse_cron

Reader = Callable[[Any], Any]

FIRST_YEAR, LAST_YEAR = 1900, 2999  # so that no sum of a date and a delay leaves the calendar
MOST_DAYS = 99_999
LARGEST = 2**31 - 1  # what an integer column holds
LANGUAGES = ("fr", "en", "de")

# What may not stand in a text. No database holds the first character, no UTF-8 text the halves of surrogate pairs.
KEPT = re.compile("[\x00\ud800-\udfff]")  # what was once kept must come back, whoever wrote it
PROSE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
ONE_LINE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
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


class Misread(ValueError):
    """What is wrong at an inner place of a value."""

    def __init__(self, inside: tuple[str | int, ...], message: str) -> None:
        super().__init__(message)
        self.inside = inside


def shown(value: Any) -> str:
    """A JSON value as a message quotes it, cut short."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    text = json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= 60 else f'{text[:58]}…"'


def text(longest: int | None, *, empty: bool = True, without: re.Pattern[str] = ONE_LINE) -> Reader:
    """A text of at most so many characters, none of which is one of those."""

    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise ValueError(f"a text in quotes is due, not {shown(value)}")
        if not value and not empty:
            raise ValueError("is empty")
        if longest is not None and len(value) > longest:
            raise ValueError(f"longer than {longest} characters: {shown(value)}")
        if found := without.search(value):
            raise ValueError(f"holds a control character (U+{ord(found[0]):04X})")
        return value

    return read


def compact(longest: int) -> Reader:
    """A text such as an IBAN, kept without the spaces that people write in it."""
    read_text = text(None)
    read_compact = text(longest)
    return lambda value: read_compact(re.sub(r"\s", "", read_text(value)))


def one_of(words: Collection[str], *, or_empty: bool = False) -> Reader:
    """One word of a closed list."""

    def read(value: Any) -> Any:
        if (isinstance(value, str) and value in words) or (or_empty and value == ""):
            return value
        raise ValueError(f"not one of {', '.join(words)}: {shown(value)}")

    return read


def truth(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError(f"true or false is due, not {shown(value)}")
    return value


def whole(least: int, most: int) -> Reader:
    """A whole number between two bounds."""

    def read(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValueError(f"a whole number is due, not {shown(value)}")
        if not least <= value <= most:
            raise ValueError(f"not between {least} and {most}: {shown(value)}")
        return value

    return read


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


def each(read_one: Reader) -> Reader:
    """A list of such values; a fault is told at its place in the list."""

    def read(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ValueError(f"a list is due, not {shown(value)}")
        found = []
        for place, one in enumerate(value):
            try:
                found.append(read_one(one))
            except ValueError as error:
                raise Misread((place,), str(error)) from None
        return found

    return read


def lines_of(read_one: Reader) -> Reader:
    """A list of short texts, kept one a line."""
    read_each = each(read_one)
    return lambda value: "\n".join(read_each(value))


def filled(read: Reader) -> Reader:
    """What a reader finds, where it finds anything."""

    def read_filled(value: Any) -> Any:
        if not (found := read(value)):
            raise ValueError("at least one is due")
        return found

    return read_filled


def words_of(words: Collection[str]) -> Reader:
    """A set of words of a closed list."""
    read_each = each(one_of(words))
    return lambda value: frozenset(read_each(value))


def some_of(words: Collection[str]) -> Reader:
    """Words of a closed list in the order given, each once."""
    read_each = each(one_of(words))

    def read(value: Any) -> list[str]:
        found: list[str] = read_each(value)
        if twice := next((word for place, word in enumerate(found) if word in found[:place]), None):
            raise ValueError(f"the same word twice: {shown(twice)}")
        return found

    return read


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


def json_object(value: Any) -> dict[str, Any]:
    """An object of any keys, as long as a database can hold it."""
    if not isinstance(value, Entry):
        raise ValueError(f"an object is due, not {shown(value)}")
    if value.twice:
        raise ValueError(f"the same key twice: {shown(value.twice[0])}")
    return {_readable(key): _plain(one) for key, one in value.items()}


def texts_by_name(value: Any) -> dict[str, str]:
    """An object whose values are texts."""
    found = json_object(value)
    for one in found.values():
        if not isinstance(one, str):
            raise ValueError(f"a text in quotes is due, not {shown(one)}")
    return found


def json_list(value: Any) -> list[Any]:
    """A list of any values, as long as a database can hold it."""
    if not isinstance(value, list):
        raise ValueError(f"a list is due, not {shown(value)}")
    return [_plain(one) for one in value]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return json_object(value)
    if isinstance(value, list):
        return json_list(value)
    if isinstance(value, float) and not float("-inf") < value < float("inf"):
        raise ValueError(f"not a number: {shown(value)}")
    return _readable(value) if isinstance(value, str) else value


_readable = text(None, without=KEPT)
