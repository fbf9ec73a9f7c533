"""Where do credit notes and unallocated payments stand? In deduction, each once, and in the left-out (section 6)."""

import pytest

from tests.acceptance.world import TODAY, item, site


def test_a_credit_is_listed_in_deduction_and_still_left_out(world):
    world.invoice("FA-1", amount="100.00")
    world.credit("AV-1", amount="-30.00", on="2026-06-20")
    world.load()
    run = world.rehearse()
    assert run.notice()["credits"] == [{"document": "AV-1", "due_date": "2026-06-20", "open": "-30.00", "currency": "EUR"}]
    assert run.dunned() == ["FA-1"]
    assert run.notice()["totals"] == {"EUR": "70.00"}
    assert run.outcome("AV-1") == "not_an_invoice"


def test_an_edition_lists_credits_too(world):
    world.invoice("FA-1", amount="100.00")
    world.credit("AV-1", amount="-30.00")
    world.load()
    run = world.edition()
    assert (run.credits(), run.notice()["totals"], run.outcome("AV-1")) == ([("AV-1", "-30.00")], {"EUR": "70.00"}, "not_an_invoice")


def test_a_notice_without_credits_lists_none(world):
    world.invoice("FA-1")
    world.load()
    assert world.rehearse().notice()["credits"] == []


def test_a_credit_stands_once_on_the_notice_of_the_highest_level(world):
    world.invoice("FA-1", due="2026-07-07", amount="100.00")
    world.invoice("FA-2", due="2026-07-01", amount="200.00")
    world.invoice("FA-3", due="2026-05-01", amount="400.00")
    world.credit("AV-1", amount="-30.00")
    world.load()
    run = world.rehearse()
    assert run.credits() == [("AV-1", "-30.00")]
    totals = {number: run.notice(number)["totals"]["EUR"] for number in ("FA-1", "FA-2", "FA-3")}
    assert totals == {"FA-1": "100.00", "FA-2": "200.00", "FA-3": "370.00"}


def test_a_credit_stands_on_the_highest_level_in_its_own_currency(world):
    world.invoice("FA-1", due="2026-07-07", amount="100.00", currency="USD")
    world.invoice("FA-2", due="2026-07-01", amount="200.00")
    world.credit("AV-1", amount="-30.00", currency="USD")
    world.load()
    run = world.rehearse()
    assert (run.notice("FA-1")["totals"], run.notice("FA-2")["totals"]) == ({"USD": "70.00"}, {"EUR": "200.00"})
    assert run.credits() == [("AV-1", "-30.00")]


def test_a_credit_in_a_currency_nobody_is_dunned_in_is_not_listed(world):
    world.invoice("FA-1")
    world.credit("AV-1", currency="USD")
    world.load()
    run = world.rehearse()
    assert (run.credits(), run.notice()["totals"]) == ([], {"EUR": "100.00"})


def test_credits_stand_on_one_only_of_several_notices_of_a_level(world):
    world.invoice("FA-1", recipients=["a@x.example"])
    world.invoice("FA-2", recipients=["b@x.example"])
    world.credit("AV-1", amount="-30.00")
    world.credit("AV-2", amount="-5.00")
    world.load()
    run = world.rehearse()
    assert run.credits() == [("AV-1", "-30.00"), ("AV-2", "-5.00")]
    assert sorted(len(notice["credits"]) for notice in run.notices) == [0, 2]


def test_credits_stand_on_the_first_of_the_letters_by_site(world):
    world.options(letter_grouping="site")
    world.customer("C001", sites=[site("S1"), site("S2")])
    world.invoice("FA-1", site="S1")
    world.invoice("FA-2", site="S2")
    world.credit("AV-1", amount="-30.00", site="S2")
    world.load()
    run = world.edition()
    assert [len(notice["credits"]) for notice in run.notices] == [1, 0]


def test_only_what_is_left_of_a_credit_note_is_deducted(world):
    world.invoice("FA-1", amount="100.00")
    world.credit("AV-1", amount="-30.00")
    netting = [{"document": "FA-1", "no": 1, "amount": "20.00"}, {"document": "AV-1", "no": 1, "amount": "-20.00"}]
    world.payment("N1", "0.00", "2026-07-01", kind="netting", allocations=netting)
    world.load()
    run = world.rehearse()
    assert run.line("FA-1")["open"] == "80.00"
    assert (run.credits(), run.notice()["totals"]) == ([("AV-1", "-10.00")], {"EUR": "70.00"})


def test_what_is_left_of_a_payment_is_deducted_under_its_reference(world):
    world.invoice("FA-1", amount="100.00")
    world.invoice("FA-2", amount="40.00")
    world.payment("P1", "60.00", "2026-07-10", {"FA-2": "40.00"})
    world.load()
    run = world.rehearse()
    assert run.notice()["credits"] == [{"document": "P1", "due_date": "2026-07-10", "open": "-20.00", "currency": "EUR"}]
    assert run.notice()["totals"] == {"EUR": "80.00"}
    assert run.outcome("P1") == "not_an_invoice"


@pytest.mark.parametrize(("on", "listed"), [("2026-07-15", [("AV-1", "-30.00")]), ("2026-07-16", [])])
def test_a_credit_counts_from_its_date_on(world, on, listed):
    world.invoice("FA-1")
    world.credit("AV-1", on=on)
    world.load()
    assert world.rehearse("2026-07-15").credits() == listed
    assert world.edition(1, "2026-07-15").credits() == listed


def test_a_payment_on_account_counts_as_a_credit(world):
    world.invoice("FA-1")
    world.credit("AC-1", type="payment_on_account", amount="-25.00")
    world.load()
    run = world.rehearse()
    assert (run.credits(), run.outcome("AC-1")) == ([("AC-1", "-25.00")], "not_an_invoice")


def test_the_company_may_leave_credits_off(world):
    world.options(include_credits=False)
    world.invoice("FA-1")
    world.credit("AV-1")
    world.load()
    for run in (world.rehearse(), world.edition()):
        assert (run.credits(), run.notice()["totals"], run.outcome("AV-1")) == ([], {"EUR": "100.00"}, "not_an_invoice")


def test_an_edition_may_leave_credits_off(world):
    world.invoice("FA-1")
    world.credit("AV-1")
    world.load()
    run = world.edition(1, TODAY, "--no-credits")
    assert (run.credits(), run.notice()["totals"], run.outcome("AV-1")) == ([], {"EUR": "100.00"}, "not_an_invoice")


def test_credits_are_those_of_the_billed_customer(world):
    world.customer("C001", email="groupe@clients.example")
    world.customer("C002", email="groupe@clients.example")
    world.invoice("FA-1", "C001", billed_customer="C002")
    world.credit("AV-1", "C001", amount="-30.00")
    world.credit("AV-2", "C001", amount="-20.00", billed_customer="C002")
    world.load()
    assert world.rehearse().credits() == [("AV-2", "-20.00")]


@pytest.mark.parametrize(("allocated_on", "open_amount"), [("2026-07-15", "60.00"), ("2026-07-16", "100.00")])
def test_an_allocation_lowers_the_open_amount_from_its_date_on(world, allocated_on, open_amount):
    world.invoice("FA-1", amount="100.00")
    world.payment("P1", "40.00", allocated_on, {"FA-1": "40.00"})
    world.load()
    assert world.rehearse("2026-07-15").line("FA-1")["open"] == open_amount


def test_an_allocation_may_be_dated_after_its_payment(world):
    world.invoice("FA-1", amount="100.00")
    world.payment("P1", "40.00", "2026-07-10", allocations=[{"document": "FA-1", "no": 1, "date": "2026-07-16", "amount": "40.00"}])
    world.load()
    before, after = world.rehearse("2026-07-15"), world.rehearse("2026-07-16")
    assert (before.line("FA-1")["open"], before.credits()) == ("100.00", [("P1", "-40.00")])
    assert (after.line("FA-1")["open"], after.credits()) == ("60.00", [])


def test_a_payment_lowers_only_the_due_item_it_names(world):
    world.invoice("FA-1", due=[item("2026-07-06", "60.00"), item("2026-07-07", "40.00")], date="2026-06-01")
    world.payment("P1", "40.00", "2026-07-10", allocations=[{"document": "FA-1", "no": 2, "amount": "40.00"}])
    world.load()
    notice = world.rehearse().notice()
    assert [(line["due_date"], line["open"]) for line in notice["lines"]] == [("2026-07-06", "60.00")]


def test_a_write_off_lowers_the_open_amount(world):
    world.invoice("FA-1", amount="100.00")
    world.payment("W1", "99.00", "2026-07-10", {"FA-1": "99.00"}, kind="write_off")
    world.load()
    assert world.rehearse().line("FA-1")["open"] == "1.00"


def test_a_returned_payment_opens_the_invoice_again(world):
    world.invoice("FA-1", amount="100.00")
    world.payment("P1", "100.00", "2026-07-08", {"FA-1": "100.00"})
    world.payment("R1", "-100.00", "2026-07-12", {"FA-1": "-100.00"}, kind="return")
    world.load()
    assert not world.rehearse("2026-07-11").notices
    run = world.rehearse("2026-07-12")
    assert (run.line("FA-1")["open"], run.credits()) == ("100.00", [])


# -- a direct debit that comes back


@pytest.mark.spec("K3")
@pytest.mark.parametrize(("fallback", "method", "result"), [("CHQ", "CHQ", 1), (None, "PRLV", "payment_method")])
def test_a_direct_debit_that_comes_back_takes_the_companys_other_method(world, fallback, method, result):
    world.options(fallback_payment_method=fallback)
    world.invoice("FA-1", amount="100.00", payment_method="PRLV")
    world.payment("P1", "100.00", "2026-07-07", {"FA-1": "100.00"})
    world.load()
    back = {"document": "FA-1", "no": 1, "amount": "-100.00"}
    world.update(
        payments=[
            {"reference": "R1", "kind": "return", "customer": "C001", "date": "2026-07-10", "amount": "-100.00", "allocations": [back]}
        ]
    )
    assert world.stored_document("FA-1")["payment_method"] == method
    assert world.rehearse(TODAY).outcome("FA-1") == result
    assert bool(world.history("--document", "FA-1")["events"]) is bool(fallback)
