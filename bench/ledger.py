"""What does a benchmark work on? A company with any number of open items, four to a customer unless said, made in bulk."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

AS_OF = date(2026, 6, 30)
ITEMS_PER_CUSTOMER = 4
_LEVELS = ((1, 5, 19), (2, 20, 39), (3, 40, None))


def fill(items: int, per_customer: int = ITEMS_PER_CUSTOMER, as_of: date = AS_OF) -> Any:
    """Make the company: on the date every item is past due by more than five days, three sites in four with an address. Returns it."""
    from django.db import connection, transaction

    from relance.models import Company, Contact, Customer, Document, DueItem, Policy, PolicyLevel, Site, bulk

    company = Company.objects.create(code="BENCH", name="Bench SAS", currency="EUR", sender_email="compta@bench.example")
    policy = Policy.objects.create(company=company, code="")
    for level, lower, upper in _LEVELS:
        PolicyLevel.objects.create(company=company, policy=policy, level=level, lower_bound=lower, upper_bound=upper)
    count = items // per_customer
    with transaction.atomic():
        customers = bulk.reserve_ids(Customer, count)
        _insert(
            Customer,
            (
                {"id": pk, "company_id": company.pk, "code": f"C{pk:07}", "name": f"Customer {pk}", "sort_name": f"customer {pk:07}"}
                for pk in customers
            ),
        )
        sites = bulk.reserve_ids(Site, count)
        _insert(
            Site,
            (
                {
                    "id": pk,
                    "company_id": company.pk,
                    "customer_id": customer,
                    "code": "S",
                    "email": f"s{pk}@customer.example",
                    "address": "1 rue X",
                    "postcode": "75001",
                    "city": "Paris",
                }
                for pk, customer in zip(sites, customers, strict=True)
            ),
        )
        people = (
            {
                "company_id": company.pk,
                "customer_id": pk,
                "name": "Compta",
                "email_identity": f"c{pk}@customer.example",
                "receives_dunning_all_sites": pk % 4 > 0,
            }
            for pk in customers
        )
        _insert(Contact, people)
        documents = bulk.reserve_ids(Document, items)
        _insert(Document, _documents(company, documents, customers, as_of))
        _insert(DueItem, _due_items(company, documents, customers, as_of))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return company


def _documents(company: Any, ids: list[int], customers: list[int], as_of: date) -> Iterator[dict[str, Any]]:
    for place, pk in enumerate(ids):
        customer = customers[place % len(customers)]
        dated = as_of - timedelta(40 + _age(place, customers))
        yield {
            "id": pk,
            "company_id": company.pk,
            "number": f"FA-{pk}",
            "customer_id": customer,
            "billed_customer_id": customer,
            "date": dated,
            "currency": "EUR",
        }


def _due_items(company: Any, documents: list[int], customers: list[int], as_of: date) -> Iterator[dict[str, Any]]:
    for place, document in enumerate(documents):
        amount = 10_000 + place % 90_000
        due = as_of - timedelta(6 + _age(place, customers))
        yield {
            "company_id": company.pk,
            "document_id": document,
            "billed_customer_id": customers[place % len(customers)],
            "no": 1,
            "due_date": due,
            "amount": amount,
            "open_amount": amount,
        }


def _age(place: int, customers: list[int]) -> int:
    """Days: a customer's items are within ten days of each other, so that most customers have one notice, some two."""
    return (place % len(customers)) % 90 + 3 * (place // len(customers))


def _insert(model: Any, rows: Iterator[dict[str, Any]]) -> None:
    """Insert rows that name what they set; the rest takes the model's defaults."""
    from relance.models import bulk

    first = next(rows)
    defaults = {field.column: field.get_default() for field in model._meta.concrete_fields if field.column != "id"}
    columns = tuple(defaults | first)
    bulk.insert(model, columns, (tuple((defaults | row)[column] for column in columns) for row in _again(first, rows)))


def _again(first: dict[str, Any], rest: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    yield first
    yield from rest
