"""How long do pages take on a large ledger, against one plain statement over the same rows in the same run?

Run it with ``make bench`` or ``python bench/web.py [sqlite|postgresql] [items] [words]``; words choose the pages whose names have them. A
page is asked for through Django's own client, signed in, so many times; the median and the 95th percentile are printed beside their bounds
in milliseconds, and what is above them is marked. The first request after the ledger has changed adds its figures up anew, and is told
apart.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

ITEMS = 100_000
TIMES, FEWER = 20, 3  # how often a page is asked for, and one that takes more than two seconds
SENT_FOR = 40_000  # due items of which a notice has been sent
PAID = 2_000  # payments that nobody has matched
MEDIAN, SLOWEST, PAST = 100.0, 250.0, 1_000.0  # milliseconds


def main(arguments: list[str]) -> None:
    """Measure the pages on the databases named, each in a program of its own."""
    kinds = [word for word in arguments if word in ("sqlite", "postgresql")] or ["sqlite", "postgresql"]
    rest = [word for word in arguments if word not in kinds]
    if len(kinds) > 1:
        for kind in kinds:
            subprocess.run([sys.executable, __file__, kind, *rest], check=True)
        return
    items = next((int(word) for word in rest if word.isdigit()), ITEMS)
    measure(kinds[0], items, [word for word in rest if not word.isdigit()])


def measure(kind: str, items: int, words: list[str]) -> None:
    """Print what each page takes, first and then."""
    import place

    with place.database(kind):
        company = fill(items)
        floor = _milliseconds(_plain_statement)
        print(f"{kind}, {items:,} open items: one plain statement over them {floor:.0f} ms", flush=True)
        ask = asker(company)
        for name, path, bound in pages(company):
            if all(word in name for word in words):
                print(f"{kind}: {name}: {timed(lambda path=path: ask(path), bound, floor)}", flush=True)


def fill(items: int) -> Any:
    """The company, its ledger up to date today, one run sent, some payments to match, its figures fresh. Returns it."""
    import ledger
    from django.utils.timezone import localdate, now

    from relance.models import Company

    company = ledger.fill(items, as_of=localdate())
    _send(company, SENT_FOR * items // ITEMS)
    _pay(company, PAID * items // ITEMS)
    Company.objects.filter(pk=company.pk).update(documents_at=now(), payments_at=now())
    return Company.objects.get(pk=company.pk)


def _send(company: Any, items: int) -> None:
    """A run of a week ago that counts as sent; levels stay as they were, so that everything can be dunned still."""
    from django.utils.timezone import localdate, now

    from relance.models import Customer, Notice, NoticeLine
    from relance.steps import proposing

    last = Customer.objects.order_by("pk")[items // 4 - 1].pk
    customers = Customer.objects.filter(pk__lte=last).values_list("pk", flat=True)
    session = proposing.Session(company, localdate() - timedelta(7), customers=list(customers))
    run, _ = proposing.store_run(session, "bench", confirmed=True)
    Notice.objects.filter(run=run).update(status="sent", issued_at=now())
    NoticeLine.objects.update(in_flight=False)
    run.ended_at = now()
    run.save()


def _pay(company: Any, count: int) -> None:
    from django.utils.timezone import localdate

    from relance.models import Customer, Payment

    owners = Customer.objects.order_by("-pk").values_list("pk", flat=True)[:count]
    Payment.objects.bulk_create(
        Payment(company=company, customer_id=pk, reference=f"P{pk}", date=localdate(), currency="EUR", amount=100, remaining_amount=100)
        for pk in owners
    )


def pages(company: Any) -> Iterator[tuple[str, str, float]]:
    """Each page by name, with its address and its bound in milliseconds at the median."""
    from django.utils.timezone import localdate

    from relance.models import Customer, Document, DueItem, Notice, Run

    today: date = localdate()
    customer, document, run = (model.objects.order_by("pk")[0].pk for model in (Customer, Document, Run))
    item, notice = DueItem.objects.filter(billed_customer=customer)[0].pk, Notice.objects.order_by("pk")[0].pk
    last = Customer.objects.order_by("pk").last().code
    yield "calendar", "calendar/", PAST
    yield "aged balance of a past date", f"aged/?as_of={today - timedelta(60)}", PAST
    for name, path in {
        "dashboard": "",
        "aged balance": "aged/",
        "aged balance, last page": "aged/?start=24900",
        "aged balance, by type, largest first": "aged/?group_by=type&sort=total",
        "aged balance, by sales rep": "aged/?group_by=sales_rep",
        "aged balance, suppliers": "aged/?side=supplier",
        "operations of an account": f"aged/operations/?as_of={today}&account={last}&currency=EUR",
        "invoices": "invoices/",
        "invoices, overdue and dunnable": "invoices/?state=overdue&dunnable=1",
        "invoices, by customer": "invoices/?sort=customer",
        "invoices, by customer, downwards": "invoices/?sort=customer&order=down",
        "invoices, by document": "invoices/?sort=document",
        "invoices, their sum": "invoices/?sums=1",
        "invoices, by amount": "invoices/?sort=open&order=down",
        "invoices, of a text": "invoices/?text=customer%2012",
        "invoices, of a text that nothing has": "invoices/?text=zzz",
        "invoices, of a document": "invoices/?text=FA-77",
        "invoices, of a customer": f"invoices/?customer={last}",
        "invoices, of an amount": "invoices/?least=500&most=501",
        "invoices, settled": "invoices/?state=settled",
        "invoices, settled, by customer": "invoices/?state=settled&sort=customer",
        "invoices, all": "invoices/?state=all",
        "invoices, all of level 3, by customer": "invoices/?state=all&level=3&sort=customer",
        "invoices, level 2": "invoices/?level=2",
        "document": f"documents/{document}/",
        "document, why": f"documents/{document}/why/",
        "customers": "customers/",
        "customers, by overdue": "customers/?sort=overdue",
        "customers, overdue": "customers/?overdue",
        "customers, of a text": "customers/?q=customer%2012",
        "customers, of a text that nothing has": "customers/?q=zzz",
        "customers, level 2": "customers/?level=2",
        "customer": f"customers/{customer}/",
        "customer, due item": f"customers/{customer}/due-items/{item}/",
        "customer, sheet": f"customers/{customer}/sheet/",
        "customer, written": f"customers/{customer}/written/",
        "customer, past": f"customers/{customer}/past/",
        "customer, contact": f"customers/{customer}/contacts/new/",
        "runs": "runs/",
        "run": f"runs/{run}/",
        "notice": f"notices/{notice}/",
        "returned": "returned/",
        "batches": "batches/",
        "edition": "edition/",
        "edition, customers": f"edition/customers/?as_of={today}&level=1",
        "levels": "levels/",
        "levels, shown": "levels/?customer=&current=0",
        "levels, of level 1": "levels/?customer=&current=1",
        "levels, modified": "levels/?customer=&current=0&modify=1",
        "matching": "matching/",
        "matching, a search": "matching/?q=customer%20000123",
        "matching, done": "matching/?show=done",
        "imports": "imports/",
        "first steps": "first-steps/",
        "search": "search/?q=customer%2012",
        "search, nothing": "search/?q=zzz",
        "search, a number": "search/?q=FA-77",
        "search, what every number begins with": "search/?q=FA",
        "company": "settings/company/",
        "messaging": "settings/messaging/",
        "policies": "settings/policies/",
        "short lists": "settings/lists/",
        "rates": "settings/rates/",
        "users": "settings/users/",
        "tokens": "settings/tokens/",
        "webhooks": "settings/webhooks/",
        "templates": "settings/templates/",
        "look": "settings/letters/",
        "texts": "settings/texts/",
        "help": "/help/",
        "home": "/",
    }.items():
        yield name, path, MEDIAN
    yield "run of the day", "runs/today/", PAST
    yield "edition, looked at", f"edition/?as_of={today}&level=1&look=1", PAST


def asker(company: Any) -> Callable[[str], None]:
    """What asks for a page of the company, signed in as an administrator."""
    from django.test import Client

    from relance.models import User

    client = Client()
    user, _ = User.objects.get_or_create(email="bench@bench.example", defaults={"is_admin": True})
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")

    def ask(path: str) -> None:
        address = path if path.startswith("/") else f"/c/{company.code}/{path}"
        answer = client.get(address, headers={"host": "localhost"})
        assert answer.status_code in (200, 302), (path, answer.status_code)

    return ask


def timed(act: Callable[[], None], bound: float, floor: float) -> str:
    """What an act takes, first and then, in words."""
    first = _milliseconds(act)
    times = TIMES if _milliseconds(act) < 2 * PAST else FEWER
    taken = sorted(_milliseconds(act) for _ in range(times))
    median, slow = statistics.median(taken), taken[max(0, int(0.95 * times) - 1)]
    above = "" if median <= bound and slow <= max(bound, SLOWEST) else "  ABOVE"
    told = f"first {first:.0f} ms = {first / floor:.1f} x; then median {median:.0f} ms (bound {bound:.0f}), 95th percentile {slow:.0f} ms"
    return told + above


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
