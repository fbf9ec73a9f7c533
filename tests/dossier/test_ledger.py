"""Do documents and payments of a file agree with each other: signs, currencies, and what is allocated to what?"""

import pytest
from django.db.models import F, Sum
from django.db.models.functions import Coalesce
from hypothesis import given, settings
from hypothesis import strategies as some
from hypothesis.extra.django import TestCase

from relance.core.money import show
from relance.models import Allocation, Customer, DueItem, Payment
from tests.dossier.files import Json, books, credit, customer, due, events, faults_of, file, held, invoice, payment, stored, take_in

pytestmark = pytest.mark.django_db

SUPPLIER = [{"code": "F001", "name": "Fournisseur"}]


def open_amounts() -> dict[str, list[int]]:
    """What is open of each document, by due item, in cents."""
    found: dict[str, list[int]] = {}
    for number, amount in DueItem.objects.order_by("document__number", "no").values_list("document__number", "open_amount"):
        found.setdefault(number, []).append(amount)
    return found


# -- what an allocation means


def allocated(*allocations: Json, **nouns: object) -> Json:
    """Books in which a payment of 50.00 by C001 has these allocations."""
    usual: Json = {
        "customers": [customer(), customer("C002"), customer("C003")],
        "documents": [invoice(due=[due("60.00"), due("40.00", "2026-02-28"), due("40.00", "2026-02-28", no=7)])],
        "payments": [payment() | {"allocations": list(allocations)}],
    }
    return books(**(usual | nouns))


MEANT = {
    "by number": ({"document": "FA-1", "no": 7, "amount": "10.00"}, [6000, 4000, 3000]),
    "by due date": ({"document": "FA-1", "due_date": "2026-01-31", "amount": "10.00"}, [5000, 4000, 4000]),
    "by both": ({"document": "FA-1", "no": 2, "due_date": "2026-02-28", "amount": "10.00"}, [6000, 3000, 4000]),
}


@pytest.mark.parametrize("how", MEANT)
def test_an_allocation_names_its_due_item(how: str):
    allocation, left = MEANT[how]
    take_in(allocated(allocation))
    assert open_amounts() == {"FA-1": left}


NOT_MEANT = {
    "an unknown number": ({"no": 3}, "no: unknown due item of the document"),
    "an unknown due date": ({"due_date": "2026-03-31"}, "due_date: unknown due item of the document"),
    "a due date that two have": ({"due_date": "2026-02-28"}, "due_date: several due items of the document are meant"),
    "neither": ({}, "no: several due items of the document are meant"),
    "both, which disagree": ({"no": 1, "due_date": "2026-02-28"}, "no: unknown due item of the document"),
}


@pytest.mark.parametrize("how", NOT_MEANT)
def test_an_allocation_that_means_none_or_several_is_refused(how: str):
    keys, told = NOT_MEANT[how]
    dossier = allocated({"document": "FA-1", "amount": "10.00"} | keys)
    assert faults_of(dossier) == [f"payments[0].allocations[0].{told}"]


WHOSE = {
    "the payer's own before the one billed to it": ([invoice(), invoice(customer="C002", billed_customer="C001")], {}, ("C001",)),
    "else the one billed to it": ([invoice(customer="C002", billed_customer="C001")], {}, ("C002",)),
    "that of the customer named": ([invoice(), invoice(customer="C002", billed_customer="C001")], {"customer": "C002"}, ("C002",)),
    "even one billed to somebody else": ([invoice(customer="C002")], {"customer": "C002"}, ("C002",)),
}


@pytest.mark.parametrize("which", WHOSE)
def test_the_document_is_the_payer_s_else_one_billed_to_it(which: str):
    documents, keys, owners = WHOSE[which]
    take_in(allocated({"document": "FA-1", "amount": "10.00"} | keys, documents=documents))
    assert tuple(Allocation.objects.values_list("due_item__document__customer__code", flat=True)) == owners


def test_two_documents_of_one_number_billed_to_the_payer_are_not_told_apart():
    documents = [invoice(customer="C002", billed_customer="C001"), invoice(customer="C003", billed_customer="C001")]
    assert faults_of(allocated({"document": "FA-1", "amount": "10.00"}, documents=documents)) == [
        'payments[0].allocations[0].document: several documents "FA-1" are billed to this customer: say whose with "customer"'
    ]


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"customer": "C009"}, 'customer: unknown customer: "C009"'),
        ({"customer": "C003"}, 'document: unknown document: "FA-1"'),
    ],
)
def test_the_document_of_a_customer_who_has_none_is_refused(keys: Json, told: str):
    dossier = allocated({"document": "FA-1", "no": 1, "amount": "10.00"} | keys)
    assert faults_of(dossier) == [f"payments[0].allocations[0].{told}"]


def test_a_supplier_is_not_paid_with_what_a_customer_owes():
    paid = payment(supplier="F001") | {"allocations": [{"document": "FA-1", "customer": "C001", "amount": "10.00"}]}
    told = "payments[0].allocations[0].customer: a payment of a supplier settles no document of a customer"
    assert faults_of(books(suppliers=SUPPLIER, documents=[invoice()], payments=[paid])) == [told]


def test_the_date_of_an_allocation_is_the_payment_s_unless_said():
    one, other = {"document": "FA-1", "no": 1, "amount": "10.00"}, {"document": "FA-1", "no": 2, "amount": "10.00", "date": "2026-03-01"}
    take_in(allocated(one, other))
    assert [allocation["date"] for allocation in held("payments")["allocations"]] == ["2026-02-03", "2026-03-01"]


# -- amounts that do not agree


AV, FA = credit(), invoice()
DISAGREE = {
    "an invoice below zero": (
        books(documents=[invoice(amount="-1.00")]),
        "documents[0].due[0].amount: the amount of an invoice is not below zero",
    ),
    "a credit note above zero": (
        books(documents=[credit(amount="1.00")]),
        "documents[0].due[0].amount: the amount of a credit note is not above zero",
    ),
    "a payment on account above zero": (
        books(documents=[invoice(amount="1.00", type="payment_on_account")]),
        "documents[0].due[0].amount: the amount of a payment on account is not above zero",
    ),
    "more than the payment": (
        books(documents=[FA], payments=[payment(settles={"FA-1": "50.01"})]),
        "payments[0].allocations: 50.01 allocated, of a payment of 50.00",
    ),
    "more than the due item": (
        books(documents=[FA], payments=[payment("P1", "90.00", {"FA-1": "90.00"}), payment("P2", "90.00", {"FA-1": "10.01"})]),
        "payments[1].allocations[0].amount: 100.01 allocated to FA-1, due item 1, which is of 100.00",
    ),
    "more than the credit note": (
        books(documents=[AV], payments=[payment("P1", "-40.00", {"AV-1": "-30.01"})]),
        "payments[0].allocations[0].amount: -30.01 allocated to AV-1, due item 1, which is of -30.00",
    ),
    "less than what was returned": (
        books(documents=[FA], payments=[payment("P1", "-10.00", {"FA-1": "-10.01"}, kind="return")]),
        "payments[0].allocations: -10.01 allocated, of a payment of -10.00",
    ),
    "something of nothing": (
        books(documents=[FA], payments=[payment("P1", "0.00", {"FA-1": "1.00"})]),
        "payments[0].allocations: 1.00 allocated, of a payment of 0.00",
    ),
    "a netting of an amount": (
        books(documents=[FA, AV], payments=[payment("N1", "1.00", kind="netting")]),
        "payments[0].amount: a netting has no amount of its own: 0.00",
    ),
    "a netting that leaves something": (
        books(documents=[FA, AV], payments=[payment("N1", "0.00", {"FA-1": "30.00", "AV-1": "-29.00"}, kind="netting")]),
        "payments[0].allocations: the allocations of a netting add up to zero, not to 1.00",
    ),
    "dollars for euros": (
        books(documents=[invoice(currency="USD")], payments=[payment(settles={"FA-1": "1.00"})]),
        "payments[0].allocations[0].document: is in USD, the payment in EUR",
    ),
}


@pytest.mark.parametrize("how", DISAGREE)
def test_amounts_that_do_not_agree_are_refused(how: str):
    dossier, told = DISAGREE[how]
    assert faults_of(dossier) == [told]


STORED = {
    "a smaller invoice": (
        {"documents": [invoice(amount="49.00")]},
        "documents[0].due[0].amount: 50.00 allocated to FA-1, due item 1, which is of 49.00",
    ),
    "a second payment": (
        {"payments": [payment("P2", "60.00", {"FA-1": "50.01"})]},
        "payments[0].allocations[0].amount: 100.01 allocated to FA-1, due item 1, which is of 100.00",
    ),
    "a smaller payment": (
        {"payments": [{"reference": "P1", "amount": "49.00"}]},
        "payments[0].amount: 50.00 allocated, of a payment of 49.00",
    ),
    "a payment in dollars": (
        {"payments": [{"reference": "P1", "currency": "USD"}]},
        "payments[0]: with another customer or currency, its allocations must be others too",
    ),
    "an invoice in dollars": (
        {"documents": [invoice(currency="USD")]},
        "documents[0].currency: cannot change while a due item has allocations, or keeps the amount that is stored",
    ),
    "an invoice that becomes a credit note": (
        {"documents": [{"number": "FA-1", "customer": "C001", "type": "credit_note"}]},
        "documents[0].type: the amount of a credit note is not above zero",
    ),
}


@pytest.mark.parametrize("how", STORED)
def test_what_is_stored_counts_too(how: str):
    later, told = STORED[how]
    take_in(books(documents=[invoice()], payments=[payment(settles={"FA-1": "50.00"})]))
    assert faults_of(file(**later)) == [told]


def test_a_return_that_is_taken_away_must_leave_room():
    back = payment("R1", "-50.00", {"FA-1": "-50.00"}, kind="return")
    take_in(books(documents=[FA], payments=[payment("P1", "100.00", {"FA-1": "100.00"}), back, payment("P2", "50.00", {"FA-1": "50.00"})]))
    told = "payments[0].allocations: 150.00 allocated to FA-1, due item 1, which is of 100.00"
    assert faults_of(file(payments=[back | {"allocations": []}])) == [told]


# -- what comes of it


def test_a_list_of_allocations_replaces_the_stored_one():
    take_in(books(documents=[invoice(), invoice("FA-2")], payments=[payment(settles={"FA-1": "50.00"})]))
    take_in(file(payments=[{"reference": "P1", "allocations": [{"document": "FA-2", "amount": "20.00"}]}]))
    assert open_amounts() == {"FA-1": [10000], "FA-2": [8000]}
    assert Payment.objects.get().remaining_amount == 3000


def test_allocations_that_are_not_said_stay():
    take_in(books(documents=[invoice()], payments=[payment(settles={"FA-1": "50.00"})]))
    take_in(file(payments=[{"reference": "P1", "amount": "70.00"}], documents=[invoice(amount="120.00")]))
    assert open_amounts() == {"FA-1": [7000]}
    assert Payment.objects.get().remaining_amount == 2000


def test_a_payment_in_another_currency_takes_its_allocations_along():
    take_in(books(documents=[invoice(), invoice("US-1", currency="USD")], payments=[payment(settles={"FA-1": "50.00"})]))
    take_in(file(payments=[payment(settles={"US-1": "50.00"}, currency="USD")]))
    assert open_amounts() == {"FA-1": [10000], "US-1": [5000]}


def test_due_items_follow_their_document_to_another_billed_customer():
    take_in(books(customers=[customer(), customer("C002")], documents=[invoice(due=[due("60.00"), due("40.00", "2026-02-28")])]))
    take_in(file(documents=[{"number": "FA-1", "customer": "C001", "billed_customer": "C002"}]))
    assert set(DueItem.objects.values_list("billed_customer__code", flat=True)) == {"C002"}


def test_suppliers_have_documents_and_payments_of_their_own():
    take_in(books(suppliers=SUPPLIER, documents=[invoice(supplier="F001")], payments=[payment(supplier="F001", settles={"FA-1": "50.00"})]))
    document, paid = held("documents"), held("payments")
    assert (document["supplier"], "customer" in document, paid["supplier"], "customer" in paid) == ("F001", False, "F001", False)
    assert open_amounts() == {"FA-1": [5000]}


def test_a_document_without_due_items_is_taken_with_a_warning():
    report = take_in(books(documents=[{"number": "FA-1", "customer": "C001", "date": "2026-01-01"}]))
    assert [str(warning) for warning in report.warnings] == ["documents[0].due: no due item: nothing of this document is ever due"]


@pytest.mark.parametrize(
    ("before", "then", "level"),
    [
        ([due(level=1)], {"FA-1": "100.00"}, 0),
        ([due(level=1)], {"FA-1": "99.99"}, 2),
        ([due(level=0)], {"FA-1": "100.00"}, 2),
        ([due("100.00", level=1), due("40.00", level=1)], {"FA-1": "100.00"}, 2),
        ([due("100.00", level=1), due("40.00", level=0)], {"FA-1": "100.00"}, 0),
        ([due("100.00", level=1), due("40.00", level="NA")], {"FA-1": "100.00"}, 0),
        ([due("100.00", level="NA")], {"FA-1": "100.00"}, 2),
    ],
)
def test_a_customer_returns_to_level_0_when_its_last_dunned_item_is_settled(before: list[Json], then: dict[str, str], level: int):
    take_in(books(customers=[customer(level=2, last_dunned_on="2026-02-01")], documents=[invoice(due=before)]))
    parts = [{"document": number, "no": 1, "amount": amount} for number, amount in then.items()]
    take_in(file(payments=[payment("P1", "100.00") | {"allocations": parts}]))
    assert (held("customers")["level"], held("customers")["last_dunned_on"]) == (level, "2026-02-01")
    reset = [("customer_level_reset", {"changed": [{"what": "level", "before": 2, "after": 0}]})]
    assert events() == ([] if level else reset)


def test_the_billed_customer_is_the_one_that_returns():
    take_in(
        books(
            customers=[customer(level=1), customer("C002", level=1)],
            documents=[invoice(billed_customer="C002", due=[due(level=1)])],
        )
    )
    take_in(file(payments=[payment("P1", "100.00", {"FA-1": "100.00"}) | {"customer": "C002"}]))
    assert dict(Customer.objects.values_list("code", "level")) == {"C001": 1, "C002": 0}


def test_an_item_that_comes_settled_resets_nobody():
    paid = {"payments": [payment("P1", "100.00", {"FA-1": "100.00"})]}
    take_in(books(customers=[customer(level=1)], documents=[invoice(due=[due(level=1)])], **paid))
    take_in(books(customers=[customer(level=1)], documents=[invoice(due=[due(level=1)])], **paid))
    assert (held("customers")["level"], events()) == (1, [])


# -- a direct debit that comes back


RETURNED = {
    "options": {"fallback_payment_method": "VIR"},
    "documents": [invoice(payment_method="PRLV")],
    "payments": [payment("P1", "100.00", {"FA-1": "100.00"}), payment("R1", "-100.00", {"FA-1": "-100.00"}, kind="return")],
}


def test_a_direct_debit_that_comes_back_makes_the_document_dunnable():
    take_in(books(**RETURNED))
    assert held("documents")["payment_method"] == "VIR"
    assert events() == [("payment_method_set", {"changed": [{"what": "payment_method", "before": "PRLV", "after": "VIR"}]})]


def test_the_same_file_again_still_says_direct_debit_and_changes_nothing():
    take_in(books(**RETURNED))
    report = take_in(books(**RETURNED))
    assert (held("documents")["payment_method"], len(events()), report.counts["documents"].unchanged) == ("VIR", 1, 1)


def test_without_a_fallback_the_direct_debit_stays():
    take_in(books(**RETURNED | {"options": {}}))
    assert (held("documents")["payment_method"], events()) == ("PRLV", [])


# -- always


CENTS = some.integers(1, 50_000)


@some.composite
def ledgers(draw: some.DrawFn) -> Json:
    """Invoices and credit notes of one customer, and payments that settle some of them, never more than there is."""
    amounts = {f"FA-{place}": amount for place, amount in enumerate(draw(some.lists(CENTS, min_size=1, max_size=4)))}
    amounts |= {f"AV-{place}": -amount for place, amount in enumerate(draw(some.lists(CENTS, max_size=2)))}
    left, payments = dict(amounts), []
    for place in range(draw(some.integers(0, 4))):
        parts = {}
        for number in draw(some.lists(some.sampled_from(sorted(amounts)), unique=True, max_size=3)):
            part = draw(some.integers(min(left[number], 0), max(left[number], 0)))
            parts[number], left[number] = part, left[number] - part
        total = sum(parts.values())
        paid = total + draw(some.integers(0, 1000)) if total > 0 else total - draw(some.integers(0, 1000)) if total < 0 else 0
        payments.append(payment(f"P{place}", show(paid, "EUR"), {number: show(part, "EUR") for number, part in parts.items()}))
    documents = [
        invoice(number, show(amount, "EUR"), **({} if amount > 0 else {"type": "credit_note"})) for number, amount in amounts.items()
    ]
    return {"documents": documents, "payments": payments, "left": left}


def disagreeing() -> list[object]:
    """Due items and payments whose amount is not what is open and what is allocated."""
    items = DueItem.objects.annotate(total=Coalesce(Sum("allocations__amount"), 0))
    payments = Payment.objects.annotate(total=Coalesce(Sum("allocations__amount"), 0))
    return [
        *items.exclude(allocated_amount=F("total"), open_amount=F("amount") - F("total")),
        *payments.exclude(allocated_amount=F("total"), remaining_amount=F("amount") - F("total")),
    ]


class Always(TestCase):
    """Whatever a file holds."""

    @given(ledgers())
    def test_what_is_open_is_what_no_payment_settled(self, ledger: Json):
        """Against the sums that were drawn."""
        take_in(books(documents=ledger["documents"], payments=ledger["payments"]))
        assert open_amounts() == {number: [left] for number, left in ledger["left"].items()}
        assert disagreeing() == []

    @settings(max_examples=max(20, settings.default.max_examples // 5))
    @given(ledgers(), ledgers())
    def test_a_second_file_leaves_amounts_that_agree_or_is_refused(self, first: Json, then: Json):
        """It replaces amounts and allocations of the first."""
        take_in(books(documents=first["documents"], payments=first["payments"]))
        before = stored()
        if faults_of(file(documents=then["documents"], payments=then["payments"])):
            assert stored() == before
        assert disagreeing() == []
