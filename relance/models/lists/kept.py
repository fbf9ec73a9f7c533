"""Which figures are added up once for each state of a company? Those that take longer than a page may: until something happens to it."""

from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache

from relance.models.company import Company

Figures = TypeVar("Figures")
LONGEST = 600  # seconds: a dossier can be laid over a company without an event


def state_of(company: Company) -> str:
    """What changes whenever figures come in or something happens; empty where nothing says when the ledger changed."""
    stamps = [at.timestamp() if at else 0 for at in (company.documents_at, company.payments_at)]
    return f"{company.pk}:{stamps[0]}:{stamps[1]}:{company.last_event_number}:{company.last_run_number}" if any(stamps) else ""


def kept(what: str, company: Company, add_up: Callable[[], Figures]) -> Figures:
    """The figures of this name in this state of the company, added up where nobody asked for them before."""
    state = state_of(company)
    if not state:
        return add_up()
    key = f"{what}:{state}"
    found: Figures | None = cache.get(key)
    if found is None:
        found = add_up()
        cache.set(key, found, LONGEST)
    return found
