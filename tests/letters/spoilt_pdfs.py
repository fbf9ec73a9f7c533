"""Is a PDF that was let in also stamped and bound, or refused in words, however oddly it is made? Hostile PDFs, by their number.

Run alone, this file is the harness: ``python -m tests.letters.spoilt_pdfs FIRST LAST`` goes through the PDFs of these numbers, on two
gigabytes of memory and ten seconds for each at the most, and ends with status 1 at the first that breaks something.
"""

import io
import random
import resource
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from relance.importers.pdf import Unfit, look_through
from relance.letters.binding import merge
from relance.letters.stamping import stamp_piece
from tests.letters.invoices import HARMLESS, invoice_pdf

MARKS = [("Pièce n° 1", "1/1 · page 2/2")]
_SECONDS, _MEMORY = 10, 2 << 30
_VALUES: tuple[Callable[[pikepdf.Pdf], Any], ...] = (
    lambda pdf: 0,
    lambda pdf: -1,
    lambda pdf: 2**31,
    lambda pdf: 45,
    lambda pdf: True,
    lambda pdf: "text",
    lambda pdf: Name.Page,
    lambda pdf: Array(),
    lambda pdf: Array([0, 0, 0, 0]),
    lambda pdf: Array([842, 595, 0, 0]),
    lambda pdf: Array([0, 0, Name.X, 842]),
    lambda pdf: Array([0, 0, 10**15, 10**15]),
    lambda pdf: Array([0, 0, 5, 5]),
    lambda pdf: Array([Array([Array()])]),
    lambda pdf: Dictionary(),
    lambda pdf: Dictionary(Type=Name.Pages, Kids=Array(), Count=-5),
    lambda pdf: pdf.Root,
    lambda pdf: pdf.Root.Pages,
    lambda pdf: pdf.pages[0].obj,
    lambda pdf: pdf.make_stream(b"q q q BT /F1 12 Tf"),
    lambda pdf: pdf.make_stream(b"\xff" * 99),
    lambda pdf: Array([pdf.make_stream(b"q"), pdf.make_indirect(Dictionary()), pdf.Root]),
    lambda pdf: Dictionary(XObject=pdf.make_stream(b"q")),
    lambda pdf: Dictionary(XObject=Dictionary(RelanceDuplicate=1)),
)
_KEYS = ("MediaBox", "CropBox", "Rotate", "Resources", "Contents", "Annots", "Parent", "Type", "UserUnit", "Kids", "Count", "Group", "B")
_PIECES = (b"", b"\0", b"<<", b">>", b"[", b"]", b"endobj", b"0 R", b"1 0 R", b"/Kids", b"/Count 99999999", b"stream\n", b"9" * 40, b"\n")


def spoilt(number: int) -> bytes:
    """The PDF of this number: one that is made oddly, or one some bytes of which are others."""
    chance = random.Random(number)
    return _made_oddly(chance) if number % 2 else _torn(chance)


def _made_oddly(chance: random.Random) -> bytes:
    with pikepdf.open(io.BytesIO(invoice_pdf(pages=chance.randint(1, 3)))) as pdf:
        for _ in range(chance.randint(1, 4)):
            holder = chance.choice([pdf.Root, pdf.Root.get("/Pages"), *(page.obj for page in list(pdf.pages)[:3])])
            value = chance.choice(_VALUES)(pdf)
            if isinstance(holder, Dictionary):
                holder[f"/{chance.choice(_KEYS)}"] = value
            if not _has_pages(pdf):
                break
        made = io.BytesIO()
        pdf.save(made, deterministic_id=True)
    return made.getvalue()


def _has_pages(pdf: pikepdf.Pdf) -> bool:
    try:
        return len(pdf.pages) > 0
    except (pikepdf.PdfError, RuntimeError, TypeError, AttributeError):
        return False


def _torn(chance: random.Random) -> bytes:
    content = chance.choice(list(HARMLESS.values()))
    for _ in range(chance.randint(1, 5)):
        first = chance.randrange(len(content))
        last = min(len(content), first + chance.randint(0, 60))
        piece = chance.choice([*_PIECES, content[first:last] * 2, chance.randbytes(4)])
        content = content[:first] + piece + content[chance.choice([first, last]) :]
    return content


def stamp_and_bind(content: bytes, out: Path) -> str:
    """What becomes of a PDF that is attached to an invoice, reprinted and put into a court file: told, or refused in words."""
    try:
        pages = look_through(content)
    except Unfit as unfit:
        return str(unfit)
    stamped = stamp_piece(content, MARKS)
    merge([invoice_pdf(), stamped, stamped], out)
    with pikepdf.open(out) as bound:
        assert len(bound.pages) == 1 + 2 * pages
    return "bound"


def main(first: str, last: str) -> None:
    """Go through the PDFs of these numbers, on little memory; what takes too long is ended by the alarm."""
    stamp_piece(invoice_pdf(), MARKS)  # the typesetter is loaded before memory has a limit
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    with tempfile.TemporaryDirectory() as folder:
        for number in range(int(first), int(last)):
            signal.alarm(_SECONDS)
            try:
                stamp_and_bind(spoilt(number), Path(folder) / "bound.pdf")
            except Exception as error:  # noqa: BLE001 - whatever it is, it must not be
                sys.exit(f"the PDF of number {number}: {type(error).__name__}: {error}")


if __name__ == "__main__":
    main(*sys.argv[1:])
