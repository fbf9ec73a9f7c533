"""How fast are 100,000 entries of a bank statement taken, half of them settling an invoice? As a ratio to merely parsing its XML.

Run it with ``make bench`` or ``python bench/bank.py [sqlite|postgresql] [entries]``. Seconds of processor time of this process.
"""

import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent))

import place

from tests.importers.banks import Move, camt

ENTRIES, CUSTOMERS = 100_000, 5_000


def main(arguments: list[str]) -> None:
    """Write a statement; parse it, import it into a ledger that has its invoices, import it again, undo it."""
    kind = next((word for word in arguments if word in ("sqlite", "postgresql")), "sqlite")
    entries = next((int(word) for word in arguments if word.isdigit()), ENTRIES)
    with tempfile.TemporaryDirectory(prefix="relance-bench-") as folder, place.database(kind):
        from relance.steps.banking import import_bank
        from relance.steps.undoing import undo_import

        path, company = Path(folder) / "releve.xml", _ledger(entries)
        days = sorted(date(2026, 1, 1) + timedelta(number % 300) for number in range(entries))
        path.write_bytes(camt(_move(number, on) for number, on in enumerate(days)))
        parsed = _used(lambda: ET.parse(path))
        first = _used(lambda: import_bank(company, path, "bench"))
        again = _used(lambda: import_bank(company, path, "bench"))
        undone = _used(lambda: undo_import(company, by="bench"))
    print(f"{kind}: {entries:,} entries, XML parsed in {parsed:.2f} s; imported {first:.2f} s = {first / parsed:.1f} times that", end="; ")
    print(f"again {again:.2f} s; undone {undone:.2f} s")


def _move(number: int, on: date) -> Move:
    says = f"VIR FA-{number:07}" if number % 2 else "DIVERS"
    return Move(on.isoformat(), 10_000 + number, says, f"CLIENT {number % CUSTOMERS} SARL")


def _ledger(entries: int) -> Any:
    """A company with an invoice for each entry."""
    from relance.models import Company, Customer, Document, DueItem, bulk
    from relance.models.incoming.posting import DocumentRow, DueItemRow, Posting

    company, day = Company.objects.create(code="BENCH", name="Bench SAS", currency="EUR"), date(2025, 12, 1)
    named = (f"Client {number} SARL" for number in range(CUSTOMERS))
    Customer.objects.bulk_create(
        Customer(company=company, code=f"C{number}", name=name, sort_name=name.lower()) for number, name in enumerate(named)
    )
    owners = list(Customer.objects.order_by("pk").values_list("pk", flat=True))
    documents, items, posting = bulk.reserve_ids(Document, entries), bulk.reserve_ids(DueItem, entries), Posting(company.pk)
    whose = [owners[number % CUSTOMERS] for number in range(entries)]
    posting.add_documents(
        DocumentRow(pk, f"FA-{number:07}", day, "EUR", "invoice", owner, None, owner)
        for number, (pk, owner) in enumerate(zip(documents, whose, strict=True))
    )
    posting.add_due_items(
        DueItemRow(pk, document, owner, 1, day, 10_000 + number)
        for number, (pk, document, owner) in enumerate(zip(items, documents, whose, strict=True))
    )
    posting.settle()
    return company


def _used(act: Callable[[], object]) -> float:
    began = time.process_time()
    act()
    return time.process_time() - began


if __name__ == "__main__":
    main(sys.argv[1:])
