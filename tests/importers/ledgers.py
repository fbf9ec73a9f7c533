"""What ledgers do the tests of the importers read? Small tables, turned into the bytes of a FEC."""

from io import BytesIO
from pathlib import Path

from relance.importers.fec import Fec, read_fec
from relance.importers.fec_documents import Book, Known, open_books

DATA = Path(__file__).parents[3] / "shared" / "data" / "fec"
HEADS = [
    *("JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib", "PieceRef"),
    *("PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate", "Montantdevise", "Idevise"),
]
JOURNALS = {"VE": "Ventes", "AC": "Achats", "BQ": "Banque", "AN": "A nouveaux", "OD": "Opérations diverses"}


def rows(table: str) -> list[dict[str, str]]:
    """Lines of entries: journal, number, date, account, subsidiary, piece, debit, credit; letter and its date may follow; "." is empty."""
    return [_row(*["" if cell == "." else cell for cell in line.split()]) for line in table.splitlines() if line.strip()]


def _row(
    journal: str, entry: str, on: str, account: str, party: str, piece: str, debit: str, credit: str, letter: str = "", lettered: str = ""
) -> dict[str, str]:
    named = {"JournalCode": journal, "JournalLib": JOURNALS.get(journal, journal), "EcritureNum": entry, "EcritureDate": on}
    named |= {"CompteNum": account, "CompteLib": f"Compte {account}", "CompAuxNum": party, "CompAuxLib": party and f"Société {party}"}
    named |= {"PieceRef": piece, "PieceDate": on, "EcritureLib": f"Pièce {piece}", "Debit": debit, "Credit": credit}
    return named | {"EcritureLet": letter, "DateLet": lettered, "ValidDate": on}


def written(
    lines: list[dict[str, str]], *, heads: list[str] = HEADS, separator: str = "\t", end: str = "\n", encoding: str = "utf-8"
) -> bytes:
    """The bytes of a FEC with these heads."""
    text = [heads, *([line.get(head, "") for head in heads] for line in lines)]
    return "".join(separator.join(cells) + end for cells in text).encode(encoding)


def read(content: bytes) -> Fec:
    """What is read from a file of these bytes."""
    return read_fec(BytesIO(content))


def read_table(table: str) -> Fec:
    """What is read from the FEC of a table; it has no fault."""
    fec = read(written(rows(table)))
    assert [str(problem) for problem in fec.problems] == []
    return fec


def books(table: str, known: Known | None = None) -> list[Book]:
    """The books of the parties of a table."""
    return list(open_books(read_table(table), known or Known()))


def book(table: str, known: Known | None = None) -> Book:
    """The book of the one party of a table."""
    (only,) = books(table, known)
    return only


def faults(content: bytes) -> list[str]:
    """The problems of a file, as a user reads them."""
    return [str(problem) for problem in read(content).problems]
