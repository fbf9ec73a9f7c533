"""What do the figures, dates and texts of a FEC say, in all the ways they are written?

The law asks for ``1234,56`` and ``AAAAMMJJ``; exports also bring zeros in front, points, thousands, signs, and other orders of day, month
and year.
"""

import re
from datetime import date

from relance.core.money import MAX_DIGITS

_ZERO = frozenset((b"", b"0,00", b"0000000000,00", b"0.00", b"0"))
_SENSES = dict.fromkeys((b"D", b"1", b"+1", b"+", b"DEBIT"), 1) | dict.fromkeys((b"C", b"-1", b"-", b"CREDIT"), -1)
_SPACES = re.compile(rb"[ \t\xa0\xff']|\xc2\xa0|\xe2\x80[\xaf\x89]")  # no-break spaces of ISO-8859-15, code page 850 and UTF-8
_DECIMAL = re.compile(rb"(\d*)(?:[.,](\d*))?")
_THOUSANDS = re.compile(rb"(\d{1,3}(?:(?:\.\d{3})+|(?:,\d{3}){2,}|(?:,\d{3})+(?=\.)))(?:[.,](\d*))?")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")
_EITHER = re.compile(rb"[1-9]\d{0,2}\.\d{3}")
_DATES = (
    re.compile(rb"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)"),
    re.compile(rb"(?P<year>\d{4})[-/.](?P<month>\d\d)[-/.](?P<day>\d\d)(?:[T ].*)?", re.DOTALL),
    re.compile(rb"(?P<day>\d\d)[-/.](?P<month>\d\d)[-/.](?P<year>\d{4})(?:[T ].*)?", re.DOTALL),
)


def read_text(raw: bytes, codec: str) -> str:
    """Text without padding inside it, and without control characters: DOS programs leave some, and nobody sees them."""
    text = raw.decode(codec, "replace")
    return text if text.isprintable() and "  " not in text else " ".join(_CONTROLS.sub(" ", text).split())


def read_code(raw: bytes, codec: str) -> str:
    """The code of an account or of a party, without control characters; spaces in it are its own."""
    code = raw.decode(codec, "replace")
    return code if code.isprintable() else _CONTROLS.sub(" ", code).strip()


def read_cents(raw: bytes) -> int:
    """Cents of an amount without padding; nothing at all is zero. Raises ValueError, in words, without the offending text."""
    if raw in _ZERO:
        return 0
    digits = raw.replace(b",", b"", 1)
    if raw[-3:-2] == b"," and len(digits) <= MAX_DIGITS and digits.isdigit():
        return int(digits)
    return _read_unusual_cents(_SPACES.sub(b"", raw))


def read_sense(raw: bytes) -> int:
    """1 for a debit, -1 for a credit. Raises ValueError, in words."""
    sense = _SENSES.get(raw.upper())
    if sense is None:
        raise ValueError("neither D nor C")
    return sense


def _read_unusual_cents(raw: bytes) -> int:
    if raw[-1:] in (b"-", b"+"):
        raw = raw[-1:] + raw[:-1]
    negative, figure = raw[:1] == b"-", raw[1:] if raw[:1] in (b"-", b"+") else raw
    if _EITHER.fullmatch(figure):
        raise ValueError("thousands or decimals? An amount with a point needs two decimals")
    match = _DECIMAL.fullmatch(figure) or _THOUSANDS.fullmatch(figure)
    if match is None or figure in (b"", b",", b"."):
        raise ValueError("not an amount")
    whole, fraction = re.sub(rb"[.,]", b"", match[1]).lstrip(b"0"), match[2] or b""
    if fraction[2:].strip(b"0"):
        raise ValueError("an amount with more than two decimals")
    if len(whole) + 2 > MAX_DIGITS:
        raise ValueError(f"an amount of more than {MAX_DIGITS} digits")
    amount = int(whole + fraction[:2].ljust(2, b"0"))
    return -amount if negative else amount


class Dates(dict[bytes, date | None]):
    """Reads each way of writing a date once: ``dates[b"20240131"]``. Nothing, or zeros only, is None. Raises ValueError, in words."""

    def __missing__(self, raw: bytes) -> date | None:
        self[raw] = value = _read_date(raw)
        return value


def _read_date(raw: bytes) -> date | None:
    if not raw.strip(b"0/-. "):
        return None
    match = next((match for form in _DATES if (match := form.fullmatch(raw))), None)
    if match is None:
        raise ValueError("not a date (AAAAMMJJ)")
    year, month, day = (int(match[part]) for part in ("year", "month", "day"))
    if not 1900 <= year < 2200:
        raise ValueError("a date of another century (AAAAMMJJ)")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError("no such day in the calendar") from None
