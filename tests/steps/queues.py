"""What waits in the queue of a test? One e-mail notice for each customer of a company, decided and not sent yet."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import connection

from relance.models import Company, Notice
from relance.models.notices import NoticeLine
from relance.steps import running
from tests.dossier.files import customer, due, file, invoice, take_in

TODAY = date(2026, 7, 15)
_DUE = "2026-07-07"
_LEVELS = [{"level": 1, "lower_bound": -5, "upper_bound": 10}, {"level": 2, "lower_bound": 11, "upper_bound": None}]


def books(customers: int, due_on: str = _DUE, **options: Any) -> dict[str, Any]:
    """A dossier of so many customers, each with an address and an invoice that is due."""
    codes = [f"{number:03}" for number in range(customers)]
    return file(
        levels=_LEVELS,
        options=options,
        customers=[customer(f"C{code}", sites=[{"code": "S1", "email": f"c{code}@clients.example"}], contacts=[]) for code in codes],
        documents=[invoice(f"FA-{code}", customer=f"C{code}", due=[due(due_date=due_on)]) for code in codes],
    )


def queue(customers: int, **options: Any) -> Company:
    """The company with its queue."""
    company = take_in(books(customers, **options)).company
    running.batch(company, TODAY, wait=False, by="jeanne")
    return company


def statuses(company: Company) -> dict[str, str]:
    """What became of each document: the status of its latest notice."""
    lines = NoticeLine.objects.filter(company=company).order_by("notice_id")
    return dict(lines.values_list("document_number", "notice__status"))


def the_notice() -> Notice:
    """The only one there is."""
    return Notice.objects.get()


def elsewhere(act: Callable[[], Any], answer: str) -> Callable[[], str]:
    """For a server: do something in the database by a connection of its own, then answer."""

    def act_and_answer() -> str:
        try:
            act()
        finally:
            connection.close()
        return answer

    return act_and_answer
