"""Which invoices go with a notice: the original, a duplicate, an extract of the books, or none? In the order of the notice's table.

An original is always preferred. Where there is none, a company that takes originals only encloses nothing; another one takes the duplicate
that its accounting software has made, else an extract of what its books say (rules, ``originals_only``).
"""

from base64 import encodebytes
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What a PDF is to the invoice."""

    ORIGINAL = "original"
    DUPLICATE = "duplicate"
    EXTRACT = "extract"


class State(StrEnum):
    """What became of the invoice."""

    ENCLOSED = "enclosed"
    MISSING = "missing"
    TOO_LARGE = "too_large"


class File(NamedTuple):
    """A PDF that is kept: its identifier and its size in bytes."""

    id: int
    size: int


class Invoice(NamedTuple):
    """A document that a notice claims, and the PDFs there are of it."""

    document_id: int
    number: str
    files: dict[Kind, File]


class Enclosure(NamedTuple):
    """An invoice, and what goes with the notice of it."""

    invoice: Invoice
    state: State
    kind: Kind | None = None
    file: File | None = None


def enclose(invoices: Iterable[Invoice], *, originals_only: bool, room: int | None) -> list[Enclosure]:
    """What goes with one notice; ``room`` is how many bytes the files may take in a message, None for no limit: what does not fit stays."""
    chosen = []
    for invoice in invoices:
        kind = best(invoice.files, originals_only=originals_only)
        if kind is None:
            chosen.append(Enclosure(invoice, State.MISSING))
            continue
        file = invoice.files[kind]
        weight = weight_in_message(file.size)
        if room is not None and weight > room:
            chosen.append(Enclosure(invoice, State.TOO_LARGE, kind, file))
            continue
        room = None if room is None else room - weight
        chosen.append(Enclosure(invoice, State.ENCLOSED, kind, file))
    return chosen


def best(files: Iterable[Kind], *, originals_only: bool) -> Kind | None:
    """Which of the PDFs of an invoice serves."""
    allowed = (Kind.ORIGINAL,) if originals_only else tuple(Kind)
    held = set(files)
    return next((kind for kind in allowed if kind in held), None)


def as_in_message(content: bytes) -> bytes:
    """A file as it stands in an e-mail: base64 in lines of 76 characters."""
    return encodebytes(content).replace(b"\n", b"\r\n")


def weight_in_message(size: int) -> int:
    """Bytes that a file of this size takes so."""
    letters = (size + 2) // 3 * 4
    return letters + 2 * -(-letters // 76)
