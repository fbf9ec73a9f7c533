"""Is there enough to dun for? The minimum per document, and customers whom the company owes (section 3)."""

import pytest

from tests.acceptance.world import item

# -- minimum per document


@pytest.mark.parametrize(
    ("minimum", "amount", "result"),
    [("10.00", "10.00", "below_minimum"), ("10.00", "10.01", 1), ("10.00", "9.99", "below_minimum"), ("0.00", "0.01", 1)],
)
def test_the_open_amount_must_be_strictly_above_the_minimum(world, minimum, amount, result):
    world.options(min_invoice_amount=minimum)
    world.invoice("FA-1", amount=amount)
    world.load()
    assert world.rehearse().outcome("FA-1") == result
    assert world.edition().outcome("FA-1") == result


@pytest.mark.parametrize(
    ("currency", "amount", "result"),
    [
        ("JPY", "10", "below_minimum"),
        ("JPY", "11", 1),
        ("TND", "10.000", "below_minimum"),
        ("TND", "10.001", 1),
        ("TND", "9.999", "below_minimum"),
    ],
)
def test_the_minimum_is_an_amount_whatever_the_decimals_of_the_currency(world, currency, amount, result):
    world.options(min_invoice_amount="10.00")
    world.invoice("FA-1", amount=amount, currency=currency)
    world.load()
    assert world.rehearse().outcome("FA-1") == result


def test_the_minimum_is_held_against_what_is_still_open(world):
    world.options(min_invoice_amount="10.00")
    world.invoice("FA-1", amount="100.00")
    world.invoice("FA-2", amount="100.00")
    world.payment("P1", "179.99", "2026-07-10", {"FA-1": "90.00", "FA-2": "89.99"})
    world.load()
    run = world.rehearse()
    assert (run.outcome("FA-1"), run.outcome("FA-2")) == ("below_minimum", 1)


def test_the_minimum_is_held_against_the_whole_document(world):
    world.options(min_invoice_amount="10.00")
    world.invoice("FA-1", due=[item("2026-07-06", "6.00"), item("2026-07-07", "5.00")], date="2026-06-01")
    world.load()
    assert world.rehearse().notice()["totals"] == {"EUR": "11.00"}


# -- customers whom the company owes


CREDITORS = [
    # credits   result
    pytest.param(["-99.99"], 1, id="one cent owed"),
    pytest.param(["-100.00"], "creditor_customer", id="nothing owed"),
    pytest.param(["-60.00", "-60.00"], "creditor_customer", id="a creditor"),
]


@pytest.mark.parametrize(("amounts", "result"), CREDITORS)
def test_a_customer_who_owes_nothing_in_all_is_not_dunned(world, amounts, result):
    world.invoice("FA-1", amount="100.00")
    for number, amount in enumerate(amounts):
        world.credit(f"AV-{number}", amount=amount)
    world.load()
    assert world.rehearse().outcome("FA-1") == result
    assert world.edition().outcome("FA-1") == result


def test_a_creditor_is_dunned_where_the_company_says_so(world):
    world.options(dun_creditor_customers=True)
    world.invoice("FA-1")
    world.credit("AV-1", amount="-500.00")
    world.load()
    assert world.rehearse().outcome("FA-1") == 1


def test_what_is_not_due_yet_counts_in_the_balance(world):
    world.invoice("FA-1", amount="100.00")
    world.invoice("FA-2", amount="500.00", due="2026-09-30", date="2026-06-30")
    world.credit("AV-1", amount="-300.00")
    world.load()
    assert world.rehearse().outcome("FA-1") == 1


def test_the_balance_is_per_currency(world):
    world.invoice("FA-1", amount="100.00")
    world.invoice("FA-2", amount="100.00", currency="USD")
    world.credit("AV-1", amount="-150.00")
    world.load()
    run = world.rehearse()
    assert (run.outcome("FA-1"), run.outcome("FA-2")) == ("creditor_customer", 1)


def test_the_balance_is_the_billed_customers(world):
    world.customer("C001")
    world.customer("C002")
    world.invoice("FA-1", "C001", billed_customer="C002")
    world.invoice("FA-2", "C001")
    world.credit("AV-1", "C002", amount="-100.00")
    world.load()
    run = world.rehearse()
    assert (run.outcome("FA-1"), run.outcome("FA-2")) == ("creditor_customer", 1)


def test_an_unallocated_payment_counts_in_the_balance(world):
    world.invoice("FA-1", amount="100.00")
    world.payment("P1", "100.00", "2026-07-10")
    world.load()
    assert world.rehearse("2026-07-09").outcome("FA-1") == 1
    assert world.rehearse("2026-07-10").outcome("FA-1") == "creditor_customer"


def test_a_credit_note_of_a_later_date_is_not_there_yet(world):
    world.invoice("FA-1", amount="100.00")
    world.credit("AV-1", amount="-100.00", on="2026-07-16")
    world.load()
    before, after = world.rehearse("2026-07-15"), world.rehearse("2026-07-16")
    assert (before.outcome("FA-1"), after.outcome("FA-1")) == (1, "creditor_customer")
    assert "AV-1" not in [entry["document"] for entry in before.left_out]
