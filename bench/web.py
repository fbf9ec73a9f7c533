"""How long do pages take on a large ledger, against one plain statement over the same rows in the same run?

Run it with ``make bench`` or ``python bench/web.py [sqlite|postgresql] [items]``. A page is asked for through Django's own client, signed
in, so many times; the median and the 95th percentile are printed beside their bounds in milliseconds. The first request after the ledger
has changed adds its figures up anew, and is told apart.
"""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

ITEMS = 100_000
TIMES = 20
MEDIAN, SLOWEST, PAST = 100.0, 250.0, 1_000.0  # milliseconds


def main(arguments: list[str]) -> None:
    """Measure every page on the databases named."""
    kinds = [word for word in arguments if word in ("sqlite", "postgresql")] or ["sqlite", "postgresql"]
    items = next((int(word) for word in arguments if word.isdigit()), ITEMS)
    for kind in kinds:
        measure(kind, items)


def measure(kind: str, items: int) -> None:
    """Print what each page takes, first and then."""
    import ledger
    import place

    with place.database(kind):
        company = ledger.fill(items)
        floor = _milliseconds(_plain_statement)
        print(f"{kind}, {items:,} open items: one plain statement over them {floor:.0f} ms", flush=True)
        ask = _asker(company)
        for name, path, bound in _pages(ledger.AS_OF):
            first = _milliseconds(lambda path=path: ask(path))
            taken = sorted(_milliseconds(lambda path=path: ask(path)) for _ in range(TIMES))
            median, slow = statistics.median(taken), taken[int(0.95 * TIMES) - 1]
            told = f"{kind}: {name}: first {first:.0f} ms = {first / floor:.1f} x"
            print(f"{told}; then median {median:.0f} ms (bound {bound:.0f}), 95th percentile {slow:.0f} ms", flush=True)


def _pages(today: object) -> list[tuple[str, str, float]]:
    return [
        ("dashboard", "", MEDIAN),
        ("aged balance", f"aged/?as_of={today}", MEDIAN),
        ("aged balance, last page", f"aged/?as_of={today}&start=24900", MEDIAN),
        ("aged balance, by type, largest first", f"aged/?as_of={today}&group_by=type&sort=total", MEDIAN),
        ("aged balance of a past date", f"aged/?as_of={today - timedelta(60)}", PAST),
        ("operations of an account", f"aged/operations/?as_of={today}&account=C0000007&currency=EUR", MEDIAN),
        ("invoices", "invoices/", MEDIAN),
        ("overdue invoices", "invoices/?state=overdue&dunnable=1", MEDIAN),
    ]


def _asker(company: object) -> Callable[[str], None]:
    from django.test import Client
    from django.utils import timezone

    from relance.models import Company, User

    Company.objects.filter(pk=company.pk).update(documents_at=timezone.now(), payments_at=timezone.now())
    client = Client()
    client.force_login(User.objects.create_user("bench@bench.example", is_admin=True), "django.contrib.auth.backends.ModelBackend")

    def ask(path: str) -> None:
        answer = client.get(f"/c/{company.code}/{path}", headers={"host": "localhost"})
        assert answer.status_code == 200, (path, answer.status_code)

    return ask


def _plain_statement() -> None:
    """The floor: the open items added up by customer, by one statement."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.billed_customer_id, d.currency, SUM(i.open_amount) FROM relance_dueitem i "
            "JOIN relance_document d ON d.id = i.document_id WHERE i.open_amount <> 0 GROUP BY 1, 2"
        )
        assert cursor.fetchall()


def _milliseconds(function: Callable[[], None]) -> float:
    started = time.perf_counter()
    function()
    return 1_000 * (time.perf_counter() - started)


if __name__ == "__main__":
    main(sys.argv[1:])
