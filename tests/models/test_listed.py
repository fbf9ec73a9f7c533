"""Does the database tell the same of a list as the decision does, where it tells it by itself?"""

from datetime import date

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from relance.core.snapshot import Held, Listed, compare
from relance.models import Company, Customer, Document, DueItem, bulk
from relance.models.incoming.listed import TABLES, ListedItems
from relance.models.incoming.posting import DocumentRow, DueItemRow, Posting

AS_OF = date(2026, 7, 31)
_NUMBERS = st.sampled_from(["FA-1", "FA-2", "AV-1"])
_DAYS = st.dates(date(2026, 7, 1), date(2026, 7, 3))
_FIGURES = st.sampled_from([-20, -10, 10, 20])
LISTED = st.lists(st.tuples(_NUMBERS, _DAYS, _FIGURES), max_size=5)
HELD = st.dictionaries(
    _NUMBERS,
    st.tuples(st.lists(st.tuples(_DAYS, _FIGURES, _FIGURES), min_size=1, max_size=3), st.booleans(), st.sampled_from(["EUR", "USD"])),
    max_size=3,
)


def book(company: Company, customer: int, held: dict) -> list[Held]:
    """The documents with their due items, as they are held then."""
    posting, found = Posting(company.pk), []
    for number, (items, ours, currency) in held.items():
        pk, *ids = *bulk.reserve_ids(Document, 1), *bulk.reserve_ids(DueItem, len(items))
        key = "items:" if ours else ""
        posting.add_documents([DocumentRow(pk, number, AS_OF, currency, "invoice", customer, None, customer, source_key=key)])
        posting.add_due_items(
            [DueItemRow(one, pk, customer, no, due, amount) for no, (one, (due, _, amount)) in enumerate(zip(ids, items, strict=True), 1)]
        )
        found += [Held(one, number, due, left, amount, currency, ours) for one, (due, left, amount) in zip(ids, items, strict=True)]
    for one in found:
        DueItem.objects.filter(pk=one.id).update(open_amount=one.open, allocated_amount=one.amount - one.open)
    return found


@pytest.mark.django_db
@settings(max_examples=60)
@given(LISTED, HELD, st.booleans(), st.booleans())
def test_the_database_and_the_decision_agree_on_every_list(listed: list, held: dict, tells_amounts: bool, whole: bool) -> None:
    lines = [Listed(number, due, left, left if tells_amounts else None, "EUR") for number, due, left in listed]
    with transaction.atomic():
        company = Company.objects.create(code="ACME", name="Acme", currency="EUR")
        customer = Customer.objects.create(company=company, code="C1", name="Dupont").pk
        before = book(company, customer, held)
        with bulk.temporary(TABLES):
            items = ListedItems(company.pk, "items:", AS_OF)
            for no, one in enumerate(lines, 1):
                items.add(
                    [[no], [customer], [one.number], ["EUR"], [one.due_date], [one.open], [one.amount], ["invoice"], [AS_OF], [""], [None]]
                )
            items.compare(whole=whole)
            told, kinds = [outcome for _, outcome in items.outcomes(100)], items.kinds
        transaction.set_rollback(True)
    decided = list(compare(lines, before, whole=whole))
    assert sorted(map(facts, told)) == sorted(facts(one) for one in decided if one.kind != "same")
    assert kinds["same"] == sum(one.kind == "same" for one in decided)


def facts(outcome) -> str:
    """All that an outcome says, but in which currency what it names is held, and by whom it came."""
    held = outcome.held and outcome.held[:5]
    return repr((outcome.kind, outcome.listed, held, outcome.amount, outcome.settled))
