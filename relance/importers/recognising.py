"""Which kind of file is this: a dossier, a bank statement, an electronic invoice or a message about one, an accounting export, or a list?

Its first bytes say.
"""

from pathlib import Path
from typing import BinaryIO, Literal

from relance.importers.bank import announces_statement
from relance.importers.einvoice_file import is_pdf
from relance.importers.fec_columns import announces_fec
from relance.importers.list_heads import ListKind, recognise_list
from relance.importers.problems import Unreadable

Kind = Literal["dossier", "bank", "einvoice", "fec", "items"]
ENOUGH = 1 << 14  # bytes to tell it by
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def recognise(start: bytes) -> Kind:
    """The kind of the file that begins so; what is wrong with it, its reader says."""
    text = start.removeprefix(_BYTE_ORDER_MARK).lstrip()
    if text.startswith(b"{"):
        return "dossier"
    if announces_statement(start):
        return "bank"
    if is_einvoice(start):
        return "einvoice"
    heads = text.partition(b"\n")[0].partition(b"\r")[0]
    return "fec" if announces_fec(heads) else "items"


def is_einvoice(start: bytes) -> bool:
    """Whether a file that begins so is a PDF, or XML of which nothing says that it is something else."""
    return is_pdf(start) or b"<" in start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1]


def is_message(file: Path) -> bool:
    """Whether a file is a message about invoices."""
    try:
        with file.open("rb") as source:
            return b"CrossDomainAcknowledgementAndResponse" in source.read(ENOUGH)
    except OSError:
        return False  # whoever opens it to read it says so


def recognise_file(source: BinaryIO, sheet: str | None = None) -> Kind | ListKind:
    """The kind of a whole file: of a list, which one, by its heads; of what is no table, its reader says what is wrong."""
    kind = recognise(source.read(ENOUGH))
    source.seek(0)
    if kind != "items":
        return kind
    try:
        return recognise_list(source, sheet)
    except Unreadable:
        return kind
