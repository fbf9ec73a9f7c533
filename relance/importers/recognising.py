"""Which kind of file is this: a dossier, a bank statement, an accounting export (FEC), or a list of open items? Its first bytes say."""

from typing import Literal

from relance.importers.bank import announces_statement
from relance.importers.fec_columns import announces_fec

Kind = Literal["dossier", "bank", "fec", "items"]
ENOUGH = 1 << 14  # bytes to tell it by
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def recognise(start: bytes) -> Kind:
    """The kind of the file that begins so; what is wrong with it, its reader says."""
    text = start.removeprefix(_BYTE_ORDER_MARK).lstrip()
    if text.startswith(b"{"):
        return "dossier"
    if announces_statement(start):
        return "bank"
    heads = text.partition(b"\n")[0].partition(b"\r")[0]
    return "fec" if announces_fec(heads) else "items"
