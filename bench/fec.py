"""How fast is a FEC of a million lines read and imported, against Python's csv module merely reading the same file in the same run?

Run it with ``make bench`` or ``python bench/fec.py [sqlite|postgresql] [lines]``. One line in five is a third party's: invoices and
payments of 20,000 customers, most of them lettered. The reader and the books in seconds of processor time, the best of three; the whole
import, into an empty company and then again, by the clock, each database in a process of its own.
"""

import csv
import gc
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent))

from relance.importers.fec import Fec, read_fec
from relance.importers.fec_documents import open_books

LINES = 1_000_000
RUNS = 3
READER_BOUND, IMPORT_BOUND, MEMORY_BOUND = 1 / 3, 1 / 6, 300
HEADS = (
    "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|PieceRef|PieceDate|EcritureLib|Debit|Credit"
    "|EcritureLet|DateLet|ValidDate|Montantdevise|Idevise"
).replace("|", "\t")


def main(arguments: list[str]) -> None:
    """Write the file, read and import it, print the ratios."""
    kinds = [word for word in arguments if word in ("sqlite", "postgresql")] or ["sqlite", "postgresql"]
    lines = next((int(word) for word in arguments if word.isdigit()), LINES)
    with tempfile.TemporaryDirectory(prefix="relance-bench-") as folder:
        path = Path(folder) / "123456789FEC20251231.txt"
        _write(path, lines)
        for what in ("reader", *kinds):  # each in a process of its own: a child is told the peak of its parent's memory
            subprocess.run([sys.executable, __file__, "--measure", what, path], check=True)


def measure_reader(path: Path) -> None:
    """The reader alone, and the books it makes; no database. As in an import nobody searches what is kept for cycles meanwhile."""
    gc.disable()
    fec = _read_fec(path)
    _write_books(fec)
    memory = _peak()
    writing = _best(lambda fec=fec: _write_books(fec))
    lines, third_party, accounts = fec.line_count, fec.third_party_count(), len(fec.accounts)
    del fec
    by_csv, reading = _best(lambda: _read_by_csv(path)), _best(lambda: _read_fec(path))
    print(f"{lines:,} lines, {third_party:,} of third parties, {accounts:,} accounts; peak memory {memory} MB (bound {MEMORY_BOUND} MB)")
    print(f"csv reads {by_csv:.2f} s; the reader {reading:.2f} s = {by_csv / reading:.2f} of its speed (bound {READER_BOUND:.2f})")
    print(f"books {writing:.2f} s; reader and books {by_csv / (reading + writing):.2f} of the speed of csv", flush=True)


def measure_import(kind: str, path: Path) -> None:
    """The whole import into a new database, and the same file again."""
    import place

    with place.database(kind):
        from relance.models import Company
        from relance.steps.uploading import import_fec

        company = Company.objects.create(code="BENCH", name="Bench SAS", currency="EUR")
        by_csv = _clocked(lambda: _read_by_csv(path))
        first = _clocked(lambda: import_fec(company, path, "bench"))
        memory = _peak()
        again = _clocked(lambda: import_fec(company, path, "bench"))
    print(
        f"{kind}: csv reads {by_csv:.2f} s; the import {first:.2f} s = {by_csv / first:.2f} of its speed (bound {IMPORT_BOUND:.2f}), "
        f"peak memory {memory} MB; the same file again {again:.2f} s",
        flush=True,
    )


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _clocked(run: Callable[[], object]) -> float:
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def _best(run: Callable[[], object]) -> float:
    seconds = []
    for _ in range(RUNS):
        begun = time.process_time()
        run()
        seconds.append(time.process_time() - begun)
    return min(seconds)


def _read_by_csv(path: Path) -> None:
    with path.open(newline="", encoding="utf-8") as source:
        for _ in csv.reader(source, delimiter="\t"):
            pass


def _read_fec(path: Path) -> Fec:
    with path.open("rb") as source:
        fec = read_fec(source)
    assert not fec.problems
    return fec


def _write_books(fec: Fec) -> None:
    for _ in open_books(fec):
        pass


def _write(path: Path, lines: int) -> None:
    dice = random.Random(1)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(HEADS + "\r\n")
        for number in range(lines // 10):
            for line in _sale_and_payment(dice, number):
                file.write("\t".join(line) + "\r\n")


def _sale_and_payment(dice: random.Random, number: int) -> Iterator[list[str]]:
    """Two entries of five lines each, of which one is the customer's."""
    code, cents = f"C{dice.randrange(20_000):05}", dice.randrange(100, 500_000) * 10
    day = date(2025, 1, 1) + timedelta(days=dice.randrange(300))
    paid = day + timedelta(days=dice.randrange(60))
    letter = f"L{number:06}" if dice.random() < 0.6 else ""
    name = f"Société {code} & Cie"
    sale = ("VE", "Ventes", str(number + 1), day)
    bank = ("BQ", "Banque", str(number + 1), paid)
    yield _line(sale, ("411000", "Clients", code, name), f"FA{number:06}", cents, 0, letter, paid)
    for account, label in (
        ("701000", "Produits finis"),
        ("706000", "Prestations"),
        ("708500", "Ports facturés"),
        ("445710", "TVA collectée"),
    ):
        yield _line(sale, (account, label, "", ""), f"FA{number:06}", 0, cents // 4, "", paid)
    yield _line(bank, ("411000", "Clients", code, name), f"VIR{number % 5000}", 0, cents, letter, paid)
    for account in ("512100", "512200", "512300", "627000"):
        yield _line(bank, (account, "Banque", "", ""), f"VIR{number % 5000}", cents // 4, 0, "", paid)


def _line(
    entry: tuple[str, str, str, date], account: tuple[str, str, str, str], piece: str, debit: int, credit: int, letter: str, lettered: date
) -> list[str]:
    journal, name, number, on = entry
    day = f"{on:%Y%m%d}"
    amounts = [f"{cents // 100},{cents % 100:02}" for cents in (debit, credit)]
    lettering = [letter, f"{lettered:%Y%m%d}" if letter else ""]
    return [journal, name, number, day, *account, piece, day, f"{name} {piece} {account[3]}", *amounts, *lettering, day, "", ""]


if __name__ == "__main__":
    if sys.argv[1:3] == ["--measure", "reader"]:
        measure_reader(Path(sys.argv[3]))
    elif sys.argv[1:2] == ["--measure"]:
        measure_import(sys.argv[2], Path(sys.argv[3]))
    else:
        main(sys.argv[1:])
