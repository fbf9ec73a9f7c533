"""What interest and indemnity does a late invoice owe? The statutory rates, day by day (section 11)."""

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.acceptance.world import item

VECTORS = Path(__file__).parents[3] / "shared" / "data" / "rates" / "fr_interest_test_vectors.csv"


def owed(world, as_of, number="FA-1"):
    return world.ask("interest", "--document", number, "--as-of", as_of).done().json


def periods(answer):
    return [(held["from"], held["to"], held["days"], Decimal(held["rate"]), held["base"], held["interest"]) for held in answer["periods"]]


def statutory_vectors() -> Iterator:
    """The vectors at the statutory rate: (case, its lines); those that have a period at all."""
    if not VECTORS.exists():
        return
    with VECTORS.open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    for case in dict.fromkeys(line["case"] for line in lines):
        if "contractual" not in case:
            yield pytest.param([line for line in lines if line["case"] == case], id=case)


@pytest.mark.skipif(not VECTORS.exists(), reason="the vectors are not beside the project")
@pytest.mark.parametrize("lines", list(statutory_vectors()))
def test_the_interest_vectors_hold(world, lines):
    first = lines[0]
    world.invoice("FA-1", due=first["due"], amount=first["principal"])
    for number, payment in enumerate(filter(None, first["payments"].split(";"))):
        on, amount = payment.split(":")
        world.payment(f"P{number}", amount, on, {"FA-1": amount})
    world.load()
    answer = owed(world, first["asof_inclusive"])
    expected = [
        (line["seg_from"], line["seg_to"], int(line["days"]), Decimal(line["rate"]), line["balance"], line["interest_rounded"])
        for line in lines
        if line["seg_from"] != "TOTAL"
    ]
    assert periods(answer) == expected
    [total] = [line["interest_rounded"] for line in lines if line["seg_from"] == "TOTAL"]
    assert Decimal(answer["interest"]) == Decimal(total)


HALF_YEARS = [
    # due          as of         periods: from, to, days, rate, interest on 1000.00
    pytest.param(
        "2025-06-29",
        "2025-07-02",
        [("2025-06-30", "2025-06-30", 1, "13.15", "0.36"), ("2025-07-01", "2025-07-02", 2, "12.15", "0.67")],
        id="1 July 2025",
    ),
    pytest.param(
        "2024-12-30",
        "2025-01-01",
        [("2024-12-31", "2024-12-31", 1, "14.25", "0.39"), ("2025-01-01", "2025-01-01", 1, "13.15", "0.36")],
        id="1 January 2025",
    ),
    pytest.param("2026-07-07", "2026-07-08", [("2026-07-08", "2026-07-08", 1, "12.40", "0.34")], id="the first day"),
]


@pytest.mark.parametrize(("due", "as_of", "expected"), HALF_YEARS)
def test_each_day_takes_the_rate_of_its_half_year(world, due, as_of, expected):
    world.invoice("FA-1", due=due, amount="1000.00")
    world.load()
    answer = owed(world, as_of)
    assert [(*held[:3], held[3], held[5]) for held in periods(answer)] == [(*held[:3], Decimal(held[3]), held[4]) for held in expected]
    assert Decimal(answer["interest"]) == sum(Decimal(held[4]) for held in expected)


@pytest.mark.parametrize(
    ("as_of", "indemnity"), [("2026-07-06", "0.00"), ("2026-07-07", "0.00"), ("2026-07-08", "40.00"), ("2026-12-31", "40.00")]
)
def test_the_indemnity_is_owed_from_the_day_after_the_due_date(world, as_of, indemnity):
    world.invoice("FA-1", due="2026-07-07")
    world.load()
    assert owed(world, as_of)["indemnity"] == indemnity


def test_before_the_due_date_nothing_is_owed(world):
    world.invoice("FA-1", due="2026-07-07")
    world.load()
    answer = owed(world, "2026-07-07")
    assert (Decimal(answer["interest"]), answer["periods"]) == (0, [])


@pytest.mark.parametrize(("kind", "indemnity"), [("business", "40.00"), ("public", "40.00"), ("consumer", "0.00")])
def test_a_consumer_owes_no_indemnity(world, kind, indemnity):
    world.customer("C001", kind=kind)
    world.invoice("FA-1", due="2026-07-07", amount="1000.00")
    world.load()
    assert owed(world, "2026-07-31")["indemnity"] == indemnity


def test_a_consumer_owes_no_interest_by_itself(world):
    world.customer("C001", kind="consumer")
    world.invoice("FA-1", due="2026-07-07", amount="1000.00")
    world.load()
    assert Decimal(owed(world, "2026-07-31")["interest"]) == 0


def test_the_indemnity_is_owed_once_per_invoice(world):
    world.invoice("FA-1", due=[item("2026-07-01", "500.00"), item("2026-07-07", "500.00")], date="2026-06-01")
    world.load()
    assert owed(world, "2026-07-31")["indemnity"] == "40.00"


def test_each_due_item_bears_interest_from_its_own_date(world):
    world.invoice("FA-1", due=[item("2026-07-20", "1000.00"), item("2026-07-25", "1000.00")], date="2026-06-01")
    world.load()
    assert Decimal(owed(world, "2026-07-30")["interest"]) == Decimal("3.40") + Decimal("1.70")


def test_the_day_of_a_payment_is_included(world):
    world.invoice("FA-1", due="2026-07-20", amount="1000.00")
    world.payment("P1", "1000.00", "2026-07-25", {"FA-1": "1000.00"})
    world.load()
    assert [held[:3] for held in periods(owed(world, "2026-08-31"))] == [("2026-07-21", "2026-07-25", 5)]


def test_a_returned_payment_bears_interest_again_from_the_day_after(world):
    world.invoice("FA-1", due="2026-07-20", amount="1000.00")
    world.payment("P1", "1000.00", "2026-07-25", {"FA-1": "1000.00"})
    world.payment("R1", "-1000.00", "2026-07-28", {"FA-1": "-1000.00"}, kind="return")
    world.load()
    assert [held[:3] for held in periods(owed(world, "2026-07-31"))] == [("2026-07-21", "2026-07-25", 5), ("2026-07-29", "2026-07-31", 3)]


def test_a_later_payment_is_not_known_yet(world):
    world.invoice("FA-1", due="2026-07-20", amount="1000.00")
    world.payment("P1", "400.00", "2026-07-25", {"FA-1": "400.00"})
    world.load()
    assert [held[:3] + held[4:5] for held in periods(owed(world, "2026-07-24"))] == [("2026-07-21", "2026-07-24", 4, "1000.00")]


def test_a_netting_lowers_the_base_from_its_date(world):
    world.invoice("FA-1", due="2026-07-20", amount="1000.00")
    world.credit("AV-1", amount="-600.00")
    netting = [{"document": "FA-1", "no": 1, "amount": "600.00"}, {"document": "AV-1", "no": 1, "amount": "-600.00"}]
    world.payment("N1", "0.00", "2026-07-25", kind="netting", allocations=netting)
    world.load()
    bases = [(held[0], held[1], held[4]) for held in periods(owed(world, "2026-07-31"))]
    assert bases == [("2026-07-21", "2026-07-25", "1000.00"), ("2026-07-26", "2026-07-31", "400.00")]


def test_a_half_year_without_a_known_rate_is_refused_not_guessed(world):
    world.invoice("FA-1", due="2026-12-15")
    world.load()
    world.ask("interest", "--document", "FA-1", "--as-of", "2035-01-10").refused("2027")


def test_interest_on_what_is_not_there_is_refused(world):
    world.load()
    world.ask("interest", "--document", "FA-9", "--as-of", "2026-07-31").refused("FA-9")


def test_asking_for_interest_changes_nothing(world):
    world.invoice("FA-1")
    world.load()
    before = world.rows()
    owed(world, "2026-07-31")
    assert world.rows() == before
