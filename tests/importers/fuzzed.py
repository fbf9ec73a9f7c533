"""Which importers are fuzzed, and from which seeds? One line each: a name, and how a whole file is read by it.

An importer reads any bytes whatever, or refuses them as ``Unreadable`` (a PDF as ``Unfit``); nothing else is raised.

Run alone, this file is the harness of Atheris: ``python -m tests.importers.fuzzed NAME SECONDS`` mutates the seeds for so long, on one
gigabyte of memory and ten seconds for an input at the most.
"""

import io
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO

if __name__ == "__main__":
    import atheris

    with atheris.instrument_imports(include=["relance.importers"]):
        from relance.importers import bank, einvoice_file, fec, fec_documents, listing, open_items, pdf, problems, recognising
else:
    from relance.importers import bank, einvoice_file, fec, fec_documents, listing, open_items, pdf, problems, recognising


from tests.importers.banks import Move, camt, cfonb, mt940, ofx
from tests.importers.einvoices import cii, facturx, message, ubl

_MOVES = [
    Move("2026-07-10", 12000, "Facture FA-1", "DUPONT", "FR1420041010050500013M02606"),
    Move("2026-07-11", -500, "REJET", returned="AC04"),
]


def _fec(source: BinaryIO) -> None:
    read = fec.read_fec(source)
    if not read.problems:
        list(fec_documents.open_books(read))
    list(read.remarks())


def _items(source: BinaryIO) -> None:
    table = open_items.read_open_items(source, "EUR")
    list(table.items())
    table.remarks()


def _listing(kind: str) -> Callable[[BinaryIO], None]:
    def read(source: BinaryIO) -> None:
        found = listing.read_listing(source, kind, "EUR")  # type: ignore[arg-type]
        list(found.rows())
        found.remarks()

    return read


IMPORTERS: dict[str, Callable[[BinaryIO], None]] = {
    "fec": _fec,
    "items": _items,
    "customers": _listing("customers"),
    "contacts": _listing("contacts"),
    "payments": _listing("payments"),
    "kind": lambda source: recognising.recognise_file(source),
    "bank": lambda source: bank.read_bank(source).remarks(),
    "einvoice": lambda source: einvoice_file.read_einvoice(source.read()),
    "pdf": lambda source: pdf.look_through(source.read()),
}
SEEDS = (
    (
        b"JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|PieceRef|PieceDate|EcritureLib|Debit|Credit"
        b"|EcritureLet|DateLet|ValidDate|Montantdevise|Idevise\nVE|V|1|20260105|411000|C|C1|D|FA1|20260105|F|120,00|0,00|A|20260228|20260105||\n"
    ),
    "Code client;Nom;N° facture;Date;Échéance;Solde;Débit;Crédit\nC7;Leroy;FB-1;01/02/2026;03/03/2026;1 120,00;;\n".encode("cp1252"),
    b'customer,invoice number,due date,amount due\nA,1,2026-01-31,"1,234.50"\nTotal,,,1234.5\n',
    b"Code client;Raison sociale;Adresse;CP;Ville;E-mail;Relancer\nC1;Dupont;1 rue;33000;Bordeaux;a@b.example;oui\n",
    b"Customer code,First name,Last name,Job title,E-mail\nC1,Jeanne,Lenoir,Chief accountant,j@d.example\n",
    "Code client;Date de règlement;N° règlement;Facture réglée;Montant réglé\nC1;03/02/2026;V1;FA-1;(100,00)\n".encode("utf-8-sig"),
    *(written(_MOVES) for written in (camt, cfonb, mt940, ofx)),
    *(cii(), ubl(), ubl(code="381"), message("212", collected="1.00"), facturx()),
    b"PK\x03\x04",
    b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
)


def read_anything(name: str, content: bytes) -> None:
    """Read these bytes by an importer, or see them refused."""
    with suppress(problems.Unreadable, pdf.Unfit):
        IMPORTERS[name](io.BytesIO(content))


def main(name: str, seconds: str, corpus: str) -> None:
    """Mutate the seeds for so many seconds; what is found ends the program, and says which input it was."""
    limits = [f"-max_total_time={seconds}", "-rss_limit_mb=1024", "-timeout=10", "-max_len=20000", "-verbosity=0", "-print_final_stats=0"]
    atheris.Setup([sys.argv[0], *limits, corpus], lambda content: read_anything(name, content))
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
