"""What does the QR code of a SEPA transfer say, and how is it drawn? (EPC069-12; legal facts, section 11.)"""

import struct
import zlib
from functools import lru_cache
from typing import Any

from relance.core import money
from relance.letters.claimed import reference
from relance.letters.placeholders import Data

_NAME, _TEXT, _BYTES = 70, 140, 331  # what the guideline allows: characters of a name and of a text, bytes in all
_GREATEST = 999_999_999_99
_QUIET = 4  # modules of white around a code, without which it is not found
_MASK = 3  # any of the eight reads as well; choosing the prettiest takes longer than setting the letter


def payload(data: Data) -> str | None:
    """What the code says, or None where one transfer in euros cannot settle the notice.

    One total, in EUR, above zero, to an IBAN; a notice in several currencies has no code.
    """
    company, totals = data["company"], data["totals"]
    iban = "".join(company["iban"].split())
    total = totals.get("EUR", 0)
    if list(totals) != ["EUR"] or not iban or not 0 < total <= _GREATEST:
        return None
    lines = ["BCD", "002", "1", "SCT", "".join(company["bic"].split()), _one_line(company["name"])[:_NAME]]
    lines += [iban, f"EUR{money.show(total, 'EUR')}", "", "", reference(data)[:_TEXT]]
    text = "\n".join(lines)
    return text if len(text.encode()) <= _BYTES else None


def code(data: Data) -> dict[str, Any] | None:
    """The QR code as runs of dark modules: ``size`` in modules and ``path`` in SVG's words."""
    said = payload(data)
    if said is None:
        return None
    matrix = _matrix(said)
    return {"size": len(matrix), "path": "".join(_runs(matrix))}


def picture(data: Data) -> bytes | None:
    """The QR code as a PNG with its white edge, for a text document; None where there is none."""
    said = payload(data)
    return None if said is None else _png(_matrix(said))


@lru_cache(maxsize=8)
def _matrix(said: str) -> tuple[bytes, ...]:
    import segno

    return tuple(map(bytes, segno.make_qr(said.encode(), error="m", mask=_MASK, boost_error=False).matrix))


def _png(matrix: tuple[bytes, ...]) -> bytes:
    """Black and white, one bit for a pixel; a module is eight pixels wide, which makes it a byte."""
    edge, side = b"\xff" * _QUIET, len(matrix) + 2 * _QUIET
    blank = [b"\xff" * side] * _QUIET
    rows = [*blank, *(edge + bytes(0 if dark else 255 for dark in row) + edge for row in matrix), *blank]
    head = struct.pack(">IIBBBBB", side * 8, side * 8, 1, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"".join((b"\0" + row) * 8 for row in rows))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in parts
    )


def _runs(matrix: tuple[bytes, ...]) -> list[str]:
    """Each run of dark modules as a rectangle one module high."""
    runs: list[str] = []
    for y, row in enumerate(matrix):
        x = 0
        while (x := row.find(1, x)) >= 0:
            end = row.find(0, x)
            end = len(row) if end < 0 else end
            runs.append(f"M{x} {y}h{end - x}v1h-{end - x}z")
            x = end
    return runs


def _one_line(text: str) -> str:
    return " ".join(text.split())
