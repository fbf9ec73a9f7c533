"""How old is what is owed? Buckets on both bases, at any past date, equal to the ledger to the cent (section 10)."""

import random
from collections import Counter

import pytest

from tests.acceptance.world import day, item

AS_OF = "2026-07-15"
BY_INVOICE = ["0-30", "31-60", "61-90", "91-180", "181+"]
BY_DUE = ["not_due", "1-30", "31-60", "61-90", "91-180", "181+"]


def bucket_of(balance, number):
    [bucket] = [held["bucket"] for account in balance["accounts"] for held in account["operations"] if held["document"] == number]
    return bucket


def cents(text):
    return round(float(text) * 100)


@pytest.mark.spec("K12")
@pytest.mark.parametrize(
    ("age", "bucket"),
    [
        (0, "0-30"),
        (30, "0-30"),
        (31, "31-60"),
        (60, "31-60"),
        (61, "61-90"),
        (90, "61-90"),
        (91, "91-180"),
        (180, "91-180"),
        (181, "181+"),
        (3000, "181+"),
    ],
)
def test_by_invoice_date_the_age_is_that_of_the_invoice(world, age, bucket):
    world.invoice("FA-1", date=day(AS_OF, -age), due=day(AS_OF, 40 - age))
    world.load()
    for balance in (world.aged(AS_OF), world.aged(AS_OF, "--by", "invoice_date")):
        assert (balance["basis"], balance["buckets"]) == ("invoice_date", BY_INVOICE)
        [operation] = balance["accounts"][0]["operations"]
        assert (operation["age"], operation["bucket"]) == (age, bucket)
        assert balance["accounts"][0]["amounts"] == ["100.00" if name == bucket else "0.00" for name in BY_INVOICE]


@pytest.mark.spec("K5")
@pytest.mark.parametrize(
    ("age", "bucket"),
    [
        (-20, "not_due"),
        (0, "not_due"),
        (1, "1-30"),
        (30, "1-30"),
        (31, "31-60"),
        (60, "31-60"),
        (61, "61-90"),
        (90, "61-90"),
        (91, "91-180"),
        (180, "91-180"),
        (181, "181+"),
    ],
)
def test_by_due_date_the_age_is_that_of_the_delay(world, age, bucket):
    world.invoice("FA-1", date=day(AS_OF, -400), due=day(AS_OF, -age))
    world.load()
    balance = world.aged(AS_OF, "--by", "due_date")
    assert (balance["basis"], balance["buckets"]) == ("due_date", BY_DUE)
    assert bucket_of(balance, "FA-1") == bucket
    assert balance["accounts"][0]["amounts"] == ["100.00" if name == bucket else "0.00" for name in BY_DUE]


@pytest.mark.spec("K9", "K10", "K11", "K13")
def test_each_account_shows_its_open_operations(world):
    world.customer("C001", name="Maison Leblanc", account="411LEB")
    world.invoice("FA-1", date="2026-06-07", due="2026-07-07", label="Vin de mai", amount="1234.50")
    world.load()
    [account] = world.aged(AS_OF)["accounts"]
    assert {key: account[key] for key in ("account", "name", "currency", "total")} == {
        "account": "411LEB",
        "name": "Maison Leblanc",
        "currency": "EUR",
        "total": "1234.50",
    }
    assert account["operations"] == [
        {
            "document": "FA-1",
            "type": "invoice",
            "date": "2026-06-07",
            "due_date": "2026-07-07",
            "label": "Vin de mai",
            "age": 38,
            "bucket": "31-60",
            "amount": "1234.50",
        }
    ]


def test_an_accounts_code_is_the_customers_by_default(world):
    world.invoice("FA-1")
    world.load()
    assert [account["account"] for account in world.aged(AS_OF)["accounts"]] == ["C001"]


@pytest.mark.spec("K4")
def test_settled_accounts_are_not_shown(world):
    world.invoice("FA-1", "C001")
    world.invoice("FA-2", "C002")
    world.payment("P1", "100.00", "2026-07-01", {"FA-1": "100.00"})
    world.load()
    assert [account["account"] for account in world.aged(AS_OF)["accounts"]] == ["C002"]


# -- at a past date


@pytest.mark.parametrize(
    ("as_of", "total"),
    [
        ("2026-06-06", None),
        ("2026-06-07", "100.00"),
        ("2026-06-19", "100.00"),
        ("2026-06-20", "60.00"),
        ("2026-06-30", "60.00"),
        ("2026-07-01", "35.00"),
    ],
)
def test_a_past_balance_knows_nothing_of_later_days(world, as_of, total):
    world.invoice("FA-1", date="2026-06-07", due="2026-07-07", amount="100.00")
    world.payment("P1", "40.00", "2026-06-20", {"FA-1": "40.00"})
    world.credit("AV-1", amount="-25.00", on="2026-07-01")
    world.load()
    balance = world.aged(as_of)
    assert balance["totals"].get("EUR", {"total": "0.00"})["total"] == (total or "0.00")
    assert bool(balance["accounts"]) == bool(total)


def test_what_was_open_then_is_shown_though_it_is_settled_since(world):
    world.invoice("FA-1", date="2026-06-07", amount="100.00")
    world.payment("P1", "100.00", "2026-07-10", {"FA-1": "100.00"})
    world.load()
    assert bucket_of(world.aged("2026-07-09"), "FA-1") == "31-60"
    assert world.aged("2026-07-10")["accounts"] == []


def test_a_payment_allocated_later_is_on_account_until_then(world):
    world.invoice("FA-1", date="2026-06-07", amount="100.00")
    world.payment("P1", "60.00", "2026-06-20", allocations=[{"document": "FA-1", "no": 1, "date": "2026-07-10", "amount": "60.00"}])
    world.load()
    [account] = world.aged("2026-07-09")["accounts"]
    assert {held["document"]: held["amount"] for held in account["operations"]} == {"FA-1": "100.00", "P1": "-60.00"}
    assert account["total"] == "40.00"


# -- what is shown


def test_what_is_left_of_a_payment_stands_under_its_reference_and_date(world):
    world.payment("P1", "80.00", "2026-06-20", customer="C001")
    world.customer("C001")
    world.load()
    [account] = world.aged(AS_OF)["accounts"]
    [operation] = account["operations"]
    facts = {key: operation[key] for key in ("document", "type", "date", "due_date", "age", "bucket", "amount")}
    assert facts == {
        "document": "P1",
        "type": "payment_on_account",
        "date": "2026-06-20",
        "due_date": "2026-06-20",
        "age": 25,
        "bucket": "0-30",
        "amount": "-80.00",
    }


def test_each_due_item_is_an_operation_of_its_own(world):
    world.invoice("FA-1", due=[item("2026-06-15", "60.00"), item("2026-07-30", "40.00")], date="2026-06-01")
    world.load()
    assert world.aged(AS_OF, "--by", "due_date")["accounts"][0]["amounts"] == ["40.00", "60.00", "0.00", "0.00", "0.00", "0.00"]


def test_currencies_are_never_added(world):
    world.invoice("FA-1", amount="100.00")
    world.invoice("FA-2", amount="7000", currency="JPY")
    world.load()
    balance = world.aged(AS_OF)
    assert {account["currency"]: account["total"] for account in balance["accounts"]} == {"EUR": "100.00", "JPY": "7000"}
    assert {currency: total["total"] for currency, total in balance["totals"].items()} == {"EUR": "100.00", "JPY": "7000"}


@pytest.mark.spec("K1", "K4")
def test_suppliers_have_their_own_balance(world):
    world.supplier("F001")
    world.invoice("FA-1", amount="100.00")
    world.invoice("FF-1", supplier="F001", amount="300.00")
    world.load()
    assert [account["account"] for account in world.aged(AS_OF, "--side", "supplier")["accounts"]] == ["F001"]
    assert world.aged(AS_OF, "--side", "supplier")["totals"]["EUR"]["total"] == "300.00"
    for balance in (world.aged(AS_OF), world.aged(AS_OF, "--side", "customer")):
        assert balance["totals"]["EUR"]["total"] == "100.00"


@pytest.mark.spec("A7")
def test_several_companies_can_be_asked_at_once(world):
    world.invoice("FA-1", amount="100.00")
    world.load()
    world.company(code="AUTRE", name="Autre SARL")
    world.dossier["documents"][0]["due"][0]["amount"] = "11.00"
    world.load()
    assert world.aged(AS_OF)["totals"]["EUR"]["total"] == "100.00"
    assert world.aged(AS_OF, "--company", "AUTRE")["totals"]["EUR"]["total"] == "111.00"


@pytest.mark.spec("K7")
@pytest.mark.parametrize("group", ["account", "type", "sales_rep", "entity"])
def test_grouping_moves_no_money(world, group):
    world.customer("C001", type="10", sales_rep="DUP")
    world.customer("C002", type="20", sales_rep="MAR")
    world.invoice("FA-1", "C001", amount="100.00")
    world.invoice("FA-2", "C002", amount="50.00")
    world.load()
    assert world.aged(AS_OF, "--group-by", group)["totals"] == world.aged(AS_OF)["totals"]


# -- the balance equals the ledger


def ledger(world, as_of):
    """Open balance in cents per customer, straight from the books."""
    balance = Counter()
    for document in world.dossier["documents"]:
        if document["date"] <= as_of:
            balance[document["customer"]] += sum(cents(due["amount"]) for due in document["due"])
    for payment in world.dossier["payments"]:
        if payment["date"] <= as_of:
            balance[payment["customer"]] -= cents(payment["amount"])
    return {code: amount for code, amount in balance.items() if amount}


def books_drawn_by(world, seed):
    dice = random.Random(seed)
    for number in range(60):
        code, date = f"C{dice.randint(1, 7)}", day("2026-01-01", dice.randint(0, 190))
        if dice.random() < 0.2:
            world.credit(f"AV-{number}", code, amount=f"-{dice.randint(1, 90)}.{dice.randint(0, 99):02}", on=date)
            continue
        amounts = [dice.randint(100, 90000) for _ in range(dice.randint(1, 3))]
        due = [item(day(date, 30 * place), f"{amount // 100}.{amount % 100:02}") for place, amount in enumerate(amounts, 1)]
        world.invoice(f"FA-{number}", code, due=due, date=date)
        if dice.random() < 0.6:
            paid = dice.randint(1, amounts[0])
            extra = dice.choice([0, 0, 500])
            paid_on = day(date, dice.randint(0, 90))
            text = f"{paid // 100}.{paid % 100:02}"
            world.payment(
                f"P-{number}", f"{(paid + extra) // 100}.{(paid + extra) % 100:02}", paid_on, {f"FA-{number}": text}, customer=code
            )
            if dice.random() < 0.3:
                back = {f"FA-{number}": f"-{text}"}
                world.payment(f"R-{number}", f"-{text}", day(paid_on, dice.randint(0, 40)), back, customer=code, kind="return")


@pytest.mark.parametrize("seed", range(4))
def test_buckets_accounts_and_totals_equal_the_ledger_at_every_date(world, seed):
    books_drawn_by(world, seed)
    world.load()
    for as_of in ("2025-12-31", "2026-02-15", "2026-04-30", "2026-07-15", "2027-06-30"):
        expected = ledger(world, as_of)
        for basis in ("invoice_date", "due_date"):
            balance = world.aged(as_of, "--by", basis)
            assert {account["account"]: cents(account["total"]) for account in balance["accounts"] if cents(account["total"])} == expected
            for account in balance["accounts"]:
                assert (
                    sum(map(cents, account["amounts"]))
                    == sum(cents(held["amount"]) for held in account["operations"])
                    == cents(account["total"])
                )
            total = balance["totals"].get("EUR", {"total": "0.00", "amounts": []})
            assert cents(total["total"]) == sum(map(cents, total["amounts"])) == sum(expected.values())
