"""How fast is a list read and imported, against Python's csv module merely reading the same file in the same run?

A list of open items first, then lists of customers, contacts and payments. Readers give columns; to make rows of them is the import's.

Run it with ``make bench`` or ``python bench/lists.py [sqlite|postgresql] [lines]``. Everything is measured in seconds of processor time,
this process's and, of a server, none: what it does beside is in the seconds by the clock alone. Then comes what comes every week: the
same list, a tenth of it changed. On SQLite the same rows are also merely inserted once more, with their keys and checks: no import there
can take less than that. The other lists have a fifth of the lines.
"""

import csv
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent))

from relance.importers.open_items import read_open_items

LINES = 1_000_000
CHANGED = 10  # one in so many, from one week to the next
RUNS = 5
READER_BOUND, IMPORT_BOUND = 1 / 3, 1 / 6
HEADS = "Code client;Nom;N° facture;Date;Échéance;Montant TTC;Reste dû;Libellé"


def main(arguments: list[str]) -> None:
    """Write the lists, read and import them, print the ratios."""
    kinds = [word for word in arguments if word in ("sqlite", "postgresql")] or ["sqlite", "postgresql"]
    lines = next((int(word) for word in arguments if word.isdigit()), LINES)
    with tempfile.TemporaryDirectory(prefix="relance-bench-") as folder:
        path, week_after = Path(folder) / "impayes.csv", Path(folder) / "semaine.csv"
        _write(path, lines, paid=0)
        _write(week_after, lines, paid=lines // CHANGED)
        measure_reader(path, lines)
        for kind in kinds:
            subprocess.run([sys.executable, __file__, "--import", kind, path, week_after], check=True)
        for kind in kinds:
            subprocess.run([sys.executable, __file__, "--take-in", kind, folder, str(max(1, lines // 5))], check=True)


def measure_reader(path: Path, lines: int) -> None:
    """The reader alone; no database."""
    by_csv, reading = _best(lambda: _by_csv(path), lambda: _read(path))
    ratio = by_csv / reading
    print(f"{lines:,} lines; csv reads {by_csv:.2f} s; the reader {reading:.2f} s = {ratio:.2f} of its speed (bound {READER_BOUND:.2f})")
    print(f"peak memory {_peak()} MB", flush=True)


def measure_import(kind: str, path: Path, week_after: Path) -> None:
    """The whole import into a new company, the list of the week after, the same again, and the undo of the last."""
    import place

    with place.database(kind):
        from relance.models import Company
        from relance.steps.taking_over import take_over
        from relance.steps.undoing import undo_import

        company = Company.objects.create(code="BENCH", name="Bench SAS", currency="EUR")
        [by_csv] = _best(lambda: _by_csv(path))
        first = _told(lambda: take_over(company, path, date(2026, 11, 20), by="bench"), by_csv)
        memory, bare = _peak(), _used(_insert_again) if kind == "sqlite" else 0
        week = _told(lambda: take_over(company, week_after, date(2026, 11, 27), by="bench"), by_csv)
        again = _told(lambda: take_over(company, week_after, date(2026, 11, 27), by="bench"), by_csv)
        undone = _used(lambda: undo_import(company, by="bench"))
    print(f"{kind}: csv reads {by_csv:.2f} s; the import {first} (bound {IMPORT_BOUND:.2f})")
    if bare:
        print(f"merely to insert the rows takes {bare:.2f} s = {by_csv / bare:.2f} of the speed of csv")
    print(f"peak memory {memory} MB, {_peak()} MB in the end")
    print(f"a week later, one in {CHANGED} changed {week}; the same again {again}; undone {undone:.2f} s", flush=True)


def measure_lists(kind: str, folder: Path, lines: int) -> None:
    """Customers, contacts, documents that are not measured, payments that settle them: each list read, imported, and imported again."""
    import place

    from relance.importers.listing import read_listing

    with place.database(kind):
        from relance.models import Company
        from relance.steps.taking_in import take_in
        from relance.steps.taking_over import take_over

        company = Company.objects.create(code="BENCH", name="Bench SAS", currency="EUR")
        for what, (heads, row) in LISTS.items():
            path = folder / f"{what}.csv"
            with path.open("w", encoding="utf-8") as file:
                file.write(f"{heads}\n")
                file.writelines(f"{row(number)}\n" for number in range(lines))
            if what == "items":
                take_over(company, path, date(2026, 11, 20), by="bench")
                continue

            def read(path: Path = path, what: Any = what) -> None:
                with path.open("rb") as file:
                    for _ in read_listing(file, what, "EUR").batches():
                        pass

            by_csv, reading = _best(lambda path=path: _by_csv(path), read)
            first, again = (_used(lambda path=path, what=what: take_in(company, what, path, by="bench")) for _ in range(2))
            speeds = f"the reader {reading:.2f} s = {by_csv / reading:.3f}, the import {first:.2f} s = {by_csv / first:.3f} of its speed"
            print(f"{kind}: {lines:,} {what}: csv reads {by_csv:.2f} s; {speeds}; again {again:.2f} s; peak {_peak()} MB", flush=True)


def _customer(number: int) -> str:
    where = f"{number % 90} rue du Port;{10_000 + number % 80_000};Ville {number % 900}"
    return f"C{number:06};Client {number} SARL;{where};compta@c{number}.example"


def _contact(number: int) -> str:
    return f"C{number:06};Nom{number % 5_000};Anne;Comptable;anne{number}@c{number}.example;oui"


def _item(number: int) -> str:
    return f"C{number:06};FA-{number:07};01/06/2026;01/07/2026;{100 + number % 900},00;{100 + number % 900},00"


def _payment(number: int) -> str:
    return f"C{number:06};{1 + number % 28:02}/11/2026;V{number:07};FA-{number:07};{50 + number % 900},00"


LISTS: dict[str, tuple[str, Callable[[int], str]]] = {
    "customers": ("Code client;Raison sociale;Adresse;CP;Ville;E-mail", _customer),
    "contacts": ("Code client;Nom de famille;Prénom;Fonction;E-mail;Reçoit les relances", _contact),
    "items": ("Code client;N° facture;Date;Échéance;Montant TTC;Reste dû", _item),
    "payments": ("Code client;Date de règlement;N° règlement;Facture réglée;Montant réglé", _payment),
}


def _insert_again() -> None:
    """Insert every document and due item once more, under other numbers, by a statement for each table; then take them back."""
    from django.db import connection, transaction

    from relance.models import Document, DueItem

    shifted = {"id": "id + 10000000", "document_id": "document_id + 10000000", "number": "number || '-'"}
    with transaction.atomic(), connection.cursor() as cursor:
        for model in (Document, DueItem):
            names = [field.column for field in model._meta.concrete_fields]
            values = ", ".join(shifted.get(name, name) for name in names)
            cursor.execute(f"INSERT INTO {model._meta.db_table} ({', '.join(names)}) SELECT {values} FROM {model._meta.db_table}")
        transaction.set_rollback(True)


def _write(path: Path, lines: int, paid: int) -> None:
    chance, first = random.Random(7), date(2026, 1, 1)
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{HEADS}\n")
        for number in range(lines):
            customer, on = number % 20_000, first + timedelta(days=number % 300)
            amount = chance.randrange(1_000, 900_000)
            left = amount // 2 if number < paid else amount
            day, due = on.strftime("%d/%m/%Y"), (on + timedelta(days=30)).strftime("%d/%m/%Y")
            said = f"C{customer:05};Client {customer} SARL;FA-{number:07};{day};{due}"
            file.write(f"{said};{amount // 100},{amount % 100:02};{left // 100},{left % 100:02};Vente de vin\n")


def _by_csv(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        for _ in csv.reader(file, delimiter=";"):
            pass


def _read(path: Path) -> None:
    with path.open("rb") as file:
        for _ in read_open_items(file, "EUR").batches():
            pass


def _best(*works: Callable[[], None]) -> list[float]:
    """The least that each took, one after the other in turns: what else the machine does slows all of them alike."""
    return [min(of_one) for of_one in zip(*([_used(work) for work in works] for _ in range(RUNS)), strict=True)]


def _told(work: Callable[[], object], by_csv: float) -> str:
    """Run it once; what it took, and how that compares with merely reading."""
    begun = time.perf_counter()
    used = _used(work)
    return f"{used:.2f} s, {time.perf_counter() - begun:.2f} by the clock, = {by_csv / used:.3f} of its speed"


def _used(work: Callable[[], object]) -> float:
    """Seconds of processor time, the kernel's included."""
    before = time.process_time()
    work()
    return time.process_time() - before


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    if sys.argv[1:2] == ["--import"]:
        measure_import(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
    elif sys.argv[1:2] == ["--take-in"]:
        measure_lists(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]))
    else:
        main(sys.argv[1:])
