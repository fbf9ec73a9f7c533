"""How long do deciding, storing and issuing take, against one plain SQL statement over the same rows in the same run?

Run it with ``make bench`` or ``python bench/dunning.py [sqlite|postgresql] [items …]``. Each size runs in a process of its own, whose
peak memory is printed; the exponent tells how time grows with the number of items (1.0: in proportion).
"""

import json
import math
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

BOUND = 10.0
SIZES = (10_000, 100_000, 1_000_000)


def main(arguments: list[str]) -> None:
    """Measure every size on the databases named, and print the ratios."""
    kinds = [word for word in arguments if word in ("sqlite", "postgresql")] or ["sqlite", "postgresql"]
    sizes = [int(word) for word in arguments if word.isdigit()] or list(SIZES)
    for kind in kinds:
        results = [_measured_apart(kind, items) for items in sizes]
        for result in results:
            print(_line(kind, result), flush=True)
        for what in ("decide", "store", "issue"):
            if len(results) > 1:
                print(f"{kind}: {what} grows with the exponent {_exponent(results, what):.2f}")


def _line(kind: str, result: dict[str, float]) -> str:
    said = [f"{what} {result[what]:.2f} s = {result[what] / result[floor]:.1f} x" for what, floor in _FLOORS.items()]
    return (
        f"{kind} {result['items']:,.0f} items: select {result['select']:.2f} s, update {result['update']:.2f} s; {'; '.join(said)} "
        f"(bound {BOUND:.0f} x); peak memory {result['memory']:.0f} MB"
    )


_FLOORS = {"decide": "select", "store": "select", "issue": "update"}


def _exponent(results: list[dict[str, float]], what: str) -> float:
    first, last = results[0], results[-1]
    return math.log(last[what] / first[what]) / math.log(last["items"] / first["items"])


def _measured_apart(kind: str, items: int) -> dict[str, float]:
    answer = subprocess.run([sys.executable, __file__, "--measure", kind, str(items)], check=True, capture_output=True, text=True)
    return dict(json.loads(answer.stdout.splitlines()[-1]))


def measure(kind: str, items: int) -> dict[str, float]:
    """Seconds of each step over ``items`` open items, and the process's peak memory in megabytes when they are decided and stored."""
    import ledger
    import place

    with place.database(kind):
        company = ledger.fill(items)
        result = {"items": float(items), "decide": _best(lambda: _decide(company), 2)}
        started = time.perf_counter()
        run = _store(company)
        result["store"] = time.perf_counter() - started - result["decide"]
        result["memory"] = _peak()  # before the floor holds a million tuples at once
        result["select"] = _best(_plain_select)
        result["update"] = min(_plain_update() for _ in range(3))
        started = time.perf_counter()
        _issue(company, run)
        result["issue"] = time.perf_counter() - started
        return result


def _plain_select() -> None:
    """The floor: the same items with their level, selected by one statement and fetched as tuples."""
    import ledger
    from django.db import connection

    days = "(date '2026-06-30' - i.due_date)" if connection.vendor == "postgresql" else "(julianday('2026-06-30') - julianday(i.due_date))"
    level = f"CASE WHEN {days} >= 40 THEN 3 WHEN {days} >= 20 THEN 2 ELSE 1 END"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT i.id, d.number, d.billed_customer_id, c.name, i.due_date, i.open_amount, d.currency, {level} FROM relance_dueitem i "
            "JOIN relance_document d ON d.id = i.document_id JOIN relance_customer c ON c.id = i.billed_customer_id "
            f"WHERE i.open_amount <> 0 AND i.due_date < %s AND i.level < {level} AND d.type = 'invoice' AND c.auto_dunning "
            "ORDER BY i.billed_customer_id",
            [ledger.AS_OF],
        )
        assert cursor.fetchall()


def _plain_update() -> float:
    """The floor of issuing: one committed UPDATE of the same due items, put back afterwards. Returns its seconds."""
    from django.db import connection

    update = "UPDATE relance_dueitem SET level = %s, last_dunned_on = %s, comment = %s WHERE open_amount <> 0"
    with connection.cursor() as cursor:
        started = time.perf_counter()
        cursor.execute(update, [2, "2026-06-30", "Relancé automatiquement par mail le 30/06/2026"])
        taken = time.perf_counter() - started
        cursor.execute(update, [0, None, ""])
    return taken


def _decide(company: object) -> None:
    import ledger
    from django.db import transaction

    from relance.models import tuples
    from relance.models.book import load_book
    from relance.steps import proposing

    session = proposing.Session(company, ledger.AS_OF)
    with transaction.atomic(), tuples.many_tuples():  # as a run does
        assert sum(len(session.decide(page).notices) for page in load_book(company, ledger.AS_OF))


def _store(company: object) -> object:
    import ledger

    from relance.steps import proposing

    return proposing.store_run(proposing.Session(company, ledger.AS_OF), "bench")[0]


def _issue(company: object, run: object) -> None:
    """Every notice of the run accepted at once: levels, dates, comments, customers, events."""
    from django.db import transaction
    from django.utils import timezone

    from relance.models import Notice, tuples
    from relance.models.outgoing.issued import Issued, store_issued

    with transaction.atomic(), tuples.many_tuples():
        ids = tuples.stream(Notice.objects.filter(run=run).order_by("id").values_list("id"))
        store_issued(run, company, [Issued(pk, "sent") for (pk,) in ids], "bench", timezone.now())


def _best(function: Callable[[], None], times: int = 3) -> float:
    def once() -> float:
        started = time.perf_counter()
        function()
        return time.perf_counter() - started

    return min(once() for _ in range(times))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measure(sys.argv[2], int(sys.argv[3]))))
    else:
        main(sys.argv[1:])
