"""Which company do the demo, the tests, the docs and the screenshots share? Maison Aubrelle, négociants en vins: one dossier.

Everything is told relative to a day, so that the same things are late, promised or blocked whatever the day. What can be seen
where stands in ``situations``.
"""

from copy import deepcopy
from datetime import date
from typing import Any

from relance.demo import company, contacts, policy, purchases, sales, standing
from relance.demo.customers import CUSTOMERS, Customer, particulars


def demo_dossier(today: date) -> dict[str, Any]:
    """The company as it stands on a day, in the form that ``relance load`` reads; its oldest invoice is 830 days old."""
    documents, payments = sales.documents(today), sales.payments(today)
    levels = standing.levels(documents, payments)
    return {
        **_settings(),
        "customers": [_customer(customer, levels.get(customer.code, (0, None)), today) for customer in CUSTOMERS],
        "suppliers": deepcopy(list(company.SUPPLIERS)),
        "documents": documents + purchases.documents(today),
        "payments": payments,
    }


def _settings() -> dict[str, Any]:
    """What does not depend on the day; a copy, for callers who change it."""
    return deepcopy(
        {
            "format": "relance/1",
            "company": company.COMPANY,
            "options": company.OPTIONS,
            "display": company.DISPLAY,
            "levels": list(policy.LEVELS),
            "policies": list(policy.POLICIES),
            "payment_methods": list(company.PAYMENT_METHODS),
            "statuses": list(company.STATUSES),
            "collaborators": list(company.COLLABORATORS),
            "customer_types": list(company.CUSTOMER_TYPES),
        }
    )


def _customer(customer: Customer, come_to: tuple[int, str | None], today: date) -> dict[str, Any]:
    level, last_dunned_on = come_to
    return {
        **particulars(customer),
        "level": level,
        "last_dunned_on": last_dunned_on,
        **standing.left_alone(customer.code, today),
        "sites": contacts.sites(customer),
        "contacts": contacts.contacts(customer, today),
    }
