"""Which column of a FEC is where? Its first line says: names in any case and order, between tabs, bars or semicolons.

The law names 18 columns (LPF art. A47 A-1), 22 where accounts are kept on a cash basis; Montant and Sens may stand for Debit and Credit.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import NamedTuple

from relance.importers.problems import Unreadable

SEPARATORS = {b"\t": "tab", b"|": "bar", b";": "semicolon"}

# The columns that are read of every third-party line, in the order in which ``Layout.pick`` gives them.
_PICKED = (
    *("EcritureDate", "CompteNum", "CompAuxNum", "PieceRef", "PieceDate", "EcritureLib"),
    *("Debit", "Credit", "EcritureLet", "DateLet", "Idevise"),
)
_READ = (*_PICKED, "JournalCode", "EcritureNum", "JournalLib", "CompteLib", "CompAuxLib")
AMOUNT_AND_SENSE = {"Debit": "Montant", "Credit": "Sens"}
_REQUIRED = ("JournalCode", "EcritureNum", "EcritureDate", "CompteNum", "PieceRef", "Debit", "Credit")
_MOST = 5  # of the required columns: a table with so many of them is a FEC, or means to be one
_MAY_BE_CUT_OFF = ("Idevise",)  # with what else is empty at a line's end
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_FOREIGN = {
    b"PK\x03\x04": "a ZIP file or a spreadsheet",
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet or document",
    b"\x1f\x8b": "a GZIP archive",
    b"<": "an XML file",
}


class Layout(NamedTuple):
    """Where things are in a line."""

    separator: bytes
    separators: int  # in a well-formed line
    journal: int
    entry: int
    posted: int
    account: int
    reach: int  # the columns to split off for these four; the account need only begin behind them
    last_needed: int  # a line may be cut off behind this column
    signed: bool  # Montant and Sens stand where Debit and Credit would
    places: Mapping[str, int]  # of the columns that are there
    pick: Callable[[list[bytes]], tuple[bytes, ...]]  # what is read of every line, from a split line with one empty field put behind it


def read_heads(line: bytes) -> Layout:
    """The layout that the first line announces. Raises Unreadable."""
    for start, what in _FOREIGN.items():
        if line.removeprefix(_BYTE_ORDER_MARK).lstrip().startswith(start):
            raise Unreadable(f"this is {what}: a FEC is a text file, one line for each line of an entry")
    separator = max(SEPARATORS, key=lambda separator: len(_places(line, separator)))
    places = _places(line, separator)
    signed = not {"Debit", "Credit"} & places.keys() and {"Montant", "Sens"} <= places.keys()
    if signed:
        places |= {name: places[other] for name, other in AMOUNT_AND_SENSE.items()}
    _refuse_incomplete(line, places)
    separators = line.count(separator)
    first = [places[name] for name in ("JournalCode", "EcritureNum", "EcritureDate", "CompteNum")]
    return Layout(
        separator=separator,
        separators=separators,
        journal=first[0],
        entry=first[1],
        posted=first[2],
        account=first[3],
        reach=max(first) + (max(first) != first[3]),
        last_needed=max(places.get(name, 0) for name in _READ if name not in _MAY_BE_CUT_OFF),
        signed=signed,
        places=places,
        pick=itemgetter(*(places.get(name, -1) for name in _PICKED)),
    )


def announces_fec(line: bytes) -> bool:
    """Whether a first line names most of the columns that a FEC must have, though it be one that cannot be read."""
    plain = line.replace(b'"', b"")
    return any(sum(name in places for name in _REQUIRED) >= _MOST for places in (_places(plain, mark) for mark in (*SEPARATORS, b",")))


def _refuse_incomplete(line: bytes, places: dict[str, int]) -> None:
    missing = [name for name in _REQUIRED if name not in places]
    if missing and line.count(b'"') >= 2 * len(_REQUIRED):
        raise Unreadable("the columns are wrapped in quotes: export without a text delimiter")
    if len(missing) == len(_REQUIRED):
        raise Unreadable("the first line does not name the columns of a FEC (JournalCode, EcritureNum, EcritureDate, CompteNum …)")
    if missing:
        raise Unreadable(f"the first line lacks {', '.join(missing)}")


def _places(line: bytes, separator: bytes) -> dict[str, int]:
    known = {name.lower(): name for name in (*_READ, *AMOUNT_AND_SENSE.values())}
    places: dict[str, int] = {}
    for place, head in enumerate(line.split(separator)):
        if name := known.get(_plain(head)):
            places.setdefault(name, place)
    return places


def _plain(head: bytes) -> str:
    """The name without case, accents, spaces or hyphens."""
    letters = unicodedata.normalize("NFKD", head.decode("utf-8", "replace").lower())
    return re.sub(r"[\s_-]", "", letters).encode("ascii", "ignore").decode()
