"""Which format of bank statement is this, and what does it say? camt.053 and camt.054, CFONB 120, MT940, OFX: its first bytes tell."""

from collections.abc import Callable
from typing import BinaryIO

from relance.importers.camt import announces_camt, read_camt
from relance.importers.cfonb120 import announces_cfonb120, read_cfonb120
from relance.importers.mt940 import announces_mt940, read_mt940
from relance.importers.ofx import announces_ofx, read_ofx
from relance.importers.problems import Unreadable
from relance.importers.statements import Reading

ENOUGH = 1 << 14  # bytes to tell it by
LARGEST = 1_000_000_000  # bytes
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_FORMATS: tuple[tuple[Callable[[bytes], bool], Callable[[BinaryIO, Reading], None]], ...] = (
    (announces_ofx, read_ofx),
    (announces_camt, read_camt),
    (announces_cfonb120, read_cfonb120),
    (announces_mt940, read_mt940),
)


def announces_statement(start: bytes) -> bool:
    """Whether the file that begins so is a bank statement in a format that is read here."""
    text = start.removeprefix(_BYTE_ORDER_MARK)
    return any(announces(text) for announces, _ in _FORMATS)


def read_bank(file: BinaryIO, on_progress: Callable[[int], None] | None = None) -> Reading:
    """Read a statement file to its end; what is wrong in it is in the reading's problems. Raises Unreadable for another file."""
    start = file.read(ENOUGH)
    if not start.strip():
        raise Unreadable("the file is empty")
    if file.seek(0, 2) > LARGEST:
        raise Unreadable(f"a bank statement of more than {LARGEST // 1_000_000} MB")
    reading, text = Reading(on_progress), start.removeprefix(_BYTE_ORDER_MARK)
    for announces, read in _FORMATS:
        if announces(text):
            file.seek(0 if text is start else len(_BYTE_ORDER_MARK))
            read(file, reading)
            if not reading.statements and not reading.problems:
                raise Unreadable("the file holds no statement of an account")
            return reading
    raise Unreadable("not a bank statement that is read here: camt.053, camt.054, CFONB 120, MT940 or OFX")
