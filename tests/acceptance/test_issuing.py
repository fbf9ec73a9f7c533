"""What does issuing change? Levels, dates, comments, expected dates, the customer's own level; nothing else (section 7)."""

import json

import pytest

from tests.acceptance.world import TODAY, day


@pytest.mark.spec("K83", "K84")
def test_each_claimed_item_takes_the_notices_level_and_date(world):
    world.invoice("FA-1", due="2026-07-07")
    world.invoice("FA-2", due="2026-07-01", level=1, last_dunned_on="2026-07-03")
    world.load()
    world.batch("2026-07-15")
    assert (world.stored_level("FA-1"), world.stored_level("FA-2")) == ((1, "2026-07-15"), (2, "2026-07-15"))


@pytest.mark.spec("K85")
def test_each_claimed_item_says_that_it_was_dunned_automatically(world):
    world.invoice("FA-1")
    world.load()
    world.batch("2026-07-15")
    assert world.stored("FA-1")["comment"] == "Relancé automatiquement par mail le 15/07/2026"


def test_the_comment_is_in_the_companys_language_not_the_customers(world):
    world.customer("C001", language="en")
    world.invoice("FA-1")
    world.load()
    world.batch("2026-07-15")
    assert world.stored("FA-1")["comment"] == "Relancé automatiquement par mail le 15/07/2026"


def test_an_english_company_comments_in_english(world):
    world.company(language="en")
    world.customer("C001", language="fr")
    world.invoice("FA-1")
    world.load()
    world.batch("2026-07-15")
    comment = world.stored("FA-1")["comment"]
    assert comment
    assert "Relancé" not in comment
    assert "2026" in comment


@pytest.mark.spec("K36")
def test_the_comment_before_stays_in_the_history(world):
    world.invoice("FA-1", comment="Appelé Mme Leblanc le 3")
    world.load()
    world.batch(TODAY)
    told = world.history("--document", "FA-1"), world.ask("arrears", "--customer", "C001").done().json
    assert "Appelé Mme Leblanc le 3" in json.dumps(told, ensure_ascii=False)


@pytest.mark.parametrize(
    ("options", "expected"), [({"expected_payment_delay_days": 10}, "2026-07-25"), ({"expected_payment_delay_days": 0}, None), ({}, None)]
)
def test_a_notice_sets_when_payment_is_expected_where_the_company_says_so(world, options, expected):
    world.options(**options)
    world.invoice("FA-1", due="2026-07-07")
    world.load()
    world.batch("2026-07-15")
    held = world.stored("FA-1")
    assert (held["expected_on"], held["due_date"]) == (expected, "2026-07-07")


def test_without_a_delay_the_expected_date_stays(world):
    world.invoice("FA-1", expected_on="2026-07-30")
    world.load()
    world.batch(TODAY)
    assert world.stored("FA-1")["expected_on"] == "2026-07-30"


def test_what_is_left_out_stays_as_it_was(world):
    world.invoice("FA-1")
    world.invoice("FA-2", status="LITIGE", comment="Colis cassé")
    world.load()
    before = world.stored("FA-2")
    world.batch(TODAY)
    assert world.stored("FA-2") == before


# -- the customer's own level


@pytest.mark.spec("A3")
@pytest.mark.parametrize(
    ("option", "after_batch"),
    [({}, (1, "2026-07-15")), ({"customer_level": "all_notices"}, (1, "2026-07-15")), ({"customer_level": "letters"}, (0, None))],
)
def test_an_email_raises_the_customer_too_unless_only_letters_do(world, option, after_batch):
    world.options(**option)
    world.invoice("FA-1")
    world.load()
    world.batch("2026-07-15")
    held = world.stored_customer("C001")
    assert (held["level"], held["last_dunned_on"]) == after_batch


@pytest.mark.spec("A15", "A34")
@pytest.mark.parametrize("option", ["all_notices", "letters"])
def test_a_definitive_letter_always_raises_the_customer(world, option):
    world.options(customer_level=option)
    world.invoice("FA-1")
    world.load()
    world.letters(1, "2026-07-15")
    held = world.stored_customer("C001")
    assert (held["level"], held["last_dunned_on"]) == (1, "2026-07-15")


def test_issuing_never_lowers_a_customer(world):
    world.customer("C001", level=3, last_dunned_on="2026-06-01")
    world.invoice("FA-1")
    world.load()
    world.batch(TODAY)
    assert world.stored_customer("C001")["level"] == 3


def test_the_billed_customer_is_raised_not_the_one_who_ordered(world):
    world.customer("C001")
    world.customer("C002")
    world.invoice("FA-1", "C001", billed_customer="C002")
    world.load()
    world.batch(TODAY)
    assert [world.stored_customer(code)["level"] for code in ("C001", "C002")] == [0, 1]


def dunned_twice(world):
    """Two invoices of C001, both at level 1, and so the customer."""
    world.invoice("FA-1")
    world.invoice("FA-2")
    world.load()
    world.batch(TODAY)
    assert world.stored_customer("C001")["level"] == 1


def settle(world, *numbers):
    for number in numbers:
        part = {"document": number, "no": 1, "amount": "100.00"}
        world.update(
            payments=[{"reference": f"P-{number}", "customer": "C001", "date": "2026-07-20", "amount": "100.00", "allocations": [part]}]
        )


def test_a_customer_who_settles_all_that_was_dunned_returns_to_level_0(world):
    dunned_twice(world)
    settle(world, "FA-1", "FA-2")
    assert world.stored_customer("C001")["level"] == 0
    assert world.history("--customer", "C001")["events"]


def test_a_customer_keeps_the_level_while_one_dunned_item_is_open(world):
    dunned_twice(world)
    settle(world, "FA-1")
    assert world.stored_customer("C001")["level"] == 1


def test_after_settlement_a_new_invoice_begins_at_the_first_letter(world):
    dunned_twice(world)
    settle(world, "FA-1", "FA-2")
    new = {
        "number": "FA-9",
        "type": "invoice",
        "customer": "C001",
        "date": "2026-07-01",
        "due": [{"due_date": "2026-07-21", "amount": "10.00"}],
    }
    world.update(documents=[new])
    assert world.edition(1, "2026-07-30").outcome("FA-9") == 1


# -- what is kept


def test_a_notice_stays_as_it_was_issued_whatever_changes_later(world):
    world.invoice("FA-1")
    world.load()
    issued = world.batch(TODAY).notice()
    world.update(customers=[{"code": "C001", "name": "Nouveau nom"}])
    settle(world, "FA-1")
    [kept] = world.history()["notices"]
    assert {key: kept[key] for key in issued} == issued


def test_a_notice_says_its_run_its_date_and_who(world):
    world.invoice("FA-1")
    world.load()
    run = world.batch(TODAY)
    [kept] = world.history()["notices"]
    assert (kept["run"], kept["as_of"], kept["status"]) == (run.id, TODAY, "sent")
    assert kept["issued_at"]
    assert "by" in kept


def test_a_run_before_the_last_notice_of_an_item_leaves_it_alone(world):
    world.invoice("FA-1")
    world.load()
    world.batch(TODAY)
    assert world.batch(day(TODAY, -1)).outcome("FA-1") == "already_at_level"
    assert world.stored_level("FA-1") == (1, TODAY)
