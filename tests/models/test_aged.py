"""Is the balance right on every date, whatever was paid before, after or in advance of what?"""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relance.models import Allocation, Company, Customer, Document, DueItem, Payment, Supplier
from relance.models.lists.aged import open_operations

FIRST = date(2026, 1, 1)
DAYS = st.integers(0, 9)
AMOUNTS = st.integers(-50, 100).filter(bool)

# (side, day of the document, amounts of its due items), (side, day of the payment, amount), (payment, due item, day, amount)
DOCUMENTS = st.lists(st.tuples(st.sampled_from("CCS"), DAYS, st.lists(AMOUNTS, min_size=1, max_size=2)), max_size=4)
PAYMENTS = st.lists(st.tuples(st.sampled_from("CCS"), DAYS, AMOUNTS), max_size=3)
ALLOCATIONS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), DAYS, AMOUNTS), max_size=6)


class Ledger:
    """Documents, payments and allocations as drawn, stored, and counted again by hand."""

    def __init__(self, documents, payments, allocations):
        self.company = Company.objects.create(code="ACME", name="Acme", currency="EUR")
        self.parties = {
            "C": Customer.objects.create(company=self.company, code="C001", name="Éric", account="411ERI"),
            "S": Supplier.objects.create(company=self.company, code="F001", name="Ferme"),
        }
        self.items = [item for number, document in enumerate(documents) for item in self._document(number, *document)]
        self.payments = [self._payment(number, *payment) for number, payment in enumerate(payments)]
        self.allocations = [made for drawn in allocations if (made := self._allocate(*drawn))]

    def _document(self, number, side, day, amounts):
        party = {"customer": self.parties["C"], "billed_customer": self.parties["C"]} if side == "C" else {"supplier": self.parties["S"]}
        on = FIRST + timedelta(day)
        document = Document.objects.create(company=self.company, number=f"{side}{number}", date=on, currency="EUR", **party)
        for no, amount in enumerate(amounts, 1):
            yield DueItem.objects.create(
                company=self.company,
                document=document,
                billed_customer=party.get("billed_customer"),
                no=no,
                due_date=on,
                amount=amount,
                open_amount=amount,
            )

    def _payment(self, number, side, day, amount):
        party = {"customer": self.parties["C"]} if side == "C" else {"supplier": self.parties["S"]}
        on = FIRST + timedelta(day)
        return Payment.objects.create(
            company=self.company, reference=f"P{number}", date=on, currency="EUR", amount=amount, remaining_amount=amount, **party
        )

    def _allocate(self, payment, item, day, amount):
        """Like an import: the stored figures follow each allocation."""
        if not self.payments or not self.items:
            return None
        payment, item = self.payments[payment % len(self.payments)], self.items[item % len(self.items)]
        if (payment.customer_id is None) != (item.billed_customer_id is None):
            return None
        on = FIRST + timedelta(day)
        for changed, left in ((payment, "remaining_amount"), (item, "open_amount")):
            changed.allocated_amount += amount
            setattr(changed, left, getattr(changed, left) - amount)
            changed.last_allocated_on = max(changed.last_allocated_on or on, on)
            changed.save()
        return Allocation.objects.create(company=self.company, payment=payment, due_item=item, date=on, amount=amount)

    def expected(self, side, as_of):
        """What is open, by document: everything counted again from its dated events."""
        counted = [one for one in self.allocations if max(one.date, one.payment.date, one.due_item.document.date) <= as_of]
        opened = Counter()
        for item in self.items:
            if item.document.number.startswith(side) and item.document.date <= as_of:
                opened[item.document.number, item.no] = item.amount - sum(one.amount for one in counted if one.due_item == item)
        for payment in self.payments:
            if (payment.customer_id is not None) == (side == "C") and payment.date <= as_of:
                opened[payment.reference, 0] = sum(one.amount for one in counted if one.payment == payment) - payment.amount
        return sorted((number, amount) for (number, _), amount in opened.items() if amount)

    def balance(self, side, as_of):
        """What the general ledger says: documents less payments."""
        booked = sum(item.amount for item in self.items if item.document.number.startswith(side) and item.document.date <= as_of)
        paid = sum(one.amount for one in self.payments if (one.customer_id is not None) == (side == "C") and one.date <= as_of)
        return booked - paid


@pytest.mark.spec("K1", "K4", "K13")
@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(documents=DOCUMENTS, payments=PAYMENTS, allocations=ALLOCATIONS, side=st.sampled_from("CS"), day=st.integers(-1, 10))
def test_what_is_open_on_a_date_is_what_its_events_say(db, documents, payments, allocations, side, day):
    as_of = FIRST + timedelta(day)
    with transaction.atomic():
        ledger = Ledger(documents, payments, allocations)
        found = list(open_operations([ledger.company], as_of, suppliers=side == "S"))
        assert sorted((operation.document, operation.amount) for operation in found) == ledger.expected(side, as_of)
        assert sum(operation.amount for operation in found) == ledger.balance(side, as_of)
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_what_is_paid_in_advance_stands_on_account_until_the_invoice_is_there():
    ledger = Ledger([("C", 5, [100])], [("C", 0, 100)], [(0, 0, 0, 100)])
    assert ledger.expected("C", FIRST) == [("P0", -100)]
    [operation] = open_operations([ledger.company], FIRST)
    assert (operation.document, operation.type, operation.amount) == ("P0", "payment_on_account", -100)
    assert list(open_operations([ledger.company], FIRST + timedelta(5))) == []


@pytest.mark.spec("K9", "K10", "K11")
@pytest.mark.django_db
def test_an_operation_stands_under_its_account():
    ledger = Ledger([("C", 0, [100])], [], [])
    [operation] = open_operations([ledger.company], FIRST)
    assert (operation.company, operation.account, operation.code, operation.name) == ("ACME", "411ERI", "C001", "Éric")
    assert (operation.document_date, operation.due_date, operation.currency) == (FIRST, FIRST, "EUR")


@pytest.mark.django_db
def test_accounts_come_in_the_order_of_their_names_whatever_the_database():
    ledger = Ledger([], [], [])
    for number, name in enumerate(["Zoé", "Éric B", "eric a", "Œuf", "Oeuf b", "oeil"]):
        customer = Customer.objects.create(company=ledger.company, code=f"N{number}", name=name)
        Payment.objects.create(
            company=ledger.company, customer=customer, reference=f"R{number}", date=FIRST, currency="EUR", amount=1, remaining_amount=1
        )
    names = [operation.name for operation in open_operations([ledger.company], FIRST)]
    assert names == ["eric a", "Éric B", "oeil", "Œuf", "Oeuf b", "Zoé"]


@pytest.mark.django_db
def test_a_balance_is_read_with_a_fixed_number_of_queries(django_assert_max_num_queries):
    ledger = Ledger([("C", day, [100]) for day in range(4)], [("C", 9, 100)], [(0, 1, 0, 100), (0, 2, 9, 10)])
    with django_assert_max_num_queries(10):
        assert list(open_operations([ledger.company], FIRST + timedelta(6)))
