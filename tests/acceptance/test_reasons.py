"""Why is a due item left out? Each reason alone, and the first that holds where several do (section 3)."""

from itertools import pairwise

import pytest

from tests.acceptance.world import TODAY, item, level

BY_HAND_ONLY = [level(1, -5, 10, automatic=False), level(2, 11, 30, automatic=False)]

# In the order of section 3: what makes each reason hold for invoice FA-1 of customer C001 on 15 July in an automatic run.
AUTOMATIC = {
    "payment_method": {"invoice": {"payment_method": "PRLV"}},
    "customer_dunning_disabled": {"customer": {"dunning_enabled": False}},
    "customer_mode_off": {"customer": {"auto_dunning": False}},
    "blocked": {"invoice": {"no_auto_dunning": True}},
    "blocked_temporarily": {"invoice": {"no_dunning_temporary": True}},
    "disputed": {"invoice": {"status": "LITIGE"}},
    "promised": {"invoice": {"promised_on": TODAY}},
    "level_na": {"invoice": {"level": "NA"}},
    "no_level_applies": {"invoice": {"due": "2026-07-30"}},
    "already_at_level": {"invoice": {"due": "2026-07-07", "level": 1}},
    "too_soon": {"invoice": {"due": "2026-07-01", "level": 1, "last_dunned_on": "2026-07-12"}, "options": {"min_days_between": 7}},
    "not_automatic": {"levels": BY_HAND_ONLY},
    "below_minimum": {"options": {"min_invoice_amount": "100.00"}},
    "creditor_customer": {"credit": "-100.00"},
    "no_recipient": {"customer": {"email": ""}},
}

# The same for an edition at level 2; ``not_selected`` comes fourth, the levels of section 4 are not asked.
EDITION = {
    "payment_method": {"invoice": {"payment_method": "PRLV"}},
    "customer_dunning_disabled": {"customer": {"dunning_enabled": False}},
    "not_selected": {"customer": {"level": 0}},
    "customer_mode_off": {"customer": {"manual_dunning": False}},
    "blocked": {"invoice": {"no_manual_dunning": True}},
    "blocked_temporarily": {"invoice": {"no_dunning_temporary": True}},
    "disputed": {"invoice": {"status": "LITIGE"}},
    "promised": {"invoice": {"promised_on": TODAY}},
    "too_soon": {"invoice": {"last_dunned_on": "2026-07-12"}, "options": {"min_days_between": 7}},
    "below_minimum": {"options": {"min_invoice_amount": "100.00"}},
    "creditor_customer": {"credit": "-100.00"},
    "below_run_minimum": {"flags": ("--min-amount", "1000.00")},
}


def first_and_next(situations):
    names = list(situations)
    return [pytest.param(pair, id=" before ".join(pair)) for pair in pairwise(names)]


def first_of_all_that_follow(situations):
    names = list(situations)
    return [pytest.param(names[place:], id=names[place]) for place in range(len(names))]


def stand(world, situations, reasons, **invoice):
    """Make all these reasons hold at once; where two need different facts, the earlier one's."""
    merged = {"invoice": invoice, "customer": {}, "options": {}}
    for reason in reversed(reasons):
        for noun, facts in situations[reason].items():
            merged[noun] = merged.get(noun, {}) | facts if isinstance(facts, dict) else facts
    world.customer("C001", **merged["customer"])
    world.options(**merged["options"])
    world.invoice("FA-1", **merged["invoice"])
    if "levels" in merged:
        world.levels(*merged["levels"])
    if "credit" in merged:
        world.credit("AV-1", amount=merged["credit"])
    world.load()
    return merged.get("flags", ())


@pytest.mark.parametrize("reason", AUTOMATIC)
def test_an_automatic_run_leaves_out_for_a_reason(world, reason):
    stand(world, AUTOMATIC, [reason])
    run = world.rehearse(TODAY)
    assert run.outcome("FA-1") == reason
    assert not run.notices


@pytest.mark.parametrize("reasons", first_and_next(AUTOMATIC))
def test_of_two_reasons_the_earlier_is_told(world, reasons):
    stand(world, AUTOMATIC, reasons)
    assert world.rehearse(TODAY).outcome("FA-1") == reasons[0]


@pytest.mark.parametrize("reasons", first_of_all_that_follow(AUTOMATIC))
def test_of_all_reasons_that_hold_the_first_is_told(world, reasons):
    stand(world, AUTOMATIC, reasons)
    assert world.rehearse(TODAY).outcome("FA-1") == reasons[0]


@pytest.mark.parametrize("reason", AUTOMATIC)
def test_explain_gives_the_reason_of_the_run(world, reason):
    stand(world, AUTOMATIC, [reason])
    [due] = world.explain("FA-1", TODAY)
    assert (due["decision"], due["reason"]) == ("leave_out", reason)


@pytest.mark.parametrize("reason", EDITION)
def test_an_edition_leaves_out_for_a_reason(world, reason):
    world.customer("C001", level=1)
    flags = stand(world, EDITION, [reason], level=1)
    run = world.edition(2, TODAY, *flags)
    assert run.outcome("FA-1") == reason
    assert not run.notices


@pytest.mark.parametrize("reasons", first_and_next(EDITION))
def test_of_two_reasons_an_edition_tells_the_earlier(world, reasons):
    world.customer("C001", level=1)
    flags = stand(world, EDITION, reasons, level=1)
    assert world.edition(2, TODAY, *flags).outcome("FA-1") == reasons[0]


@pytest.mark.parametrize("reasons", first_of_all_that_follow(EDITION))
def test_of_all_reasons_that_hold_an_edition_tells_the_first(world, reasons):
    world.customer("C001", level=1)
    flags = stand(world, EDITION, reasons, level=1)
    assert world.edition(2, TODAY, *flags).outcome("FA-1") == reasons[0]


@pytest.mark.parametrize("kind", ["credit_note", "payment_on_account"])
def test_a_credit_is_told_as_such_whatever_else_holds(world, kind):
    world.customer("C001", dunning_enabled=False)
    world.credit("AV-1", type=kind, payment_method="PRLV", no_auto_dunning=True, no_manual_dunning=True)
    world.load()
    assert world.rehearse().outcome("AV-1") == "not_an_invoice"
    assert world.edition().outcome("AV-1") == "not_an_invoice"


MODES = [
    # what is set                               automatic run          edition
    ({"customer": {"auto_dunning": False}}, "customer_mode_off", 1),
    ({"customer": {"manual_dunning": False}}, 1, "customer_mode_off"),
    ({"invoice": {"no_auto_dunning": True}}, "blocked", 1),
    ({"invoice": {"no_manual_dunning": True}}, 1, "blocked"),
    ({"invoice": {"no_dunning_temporary": True}}, "blocked_temporarily", "blocked_temporarily"),
    ({"customer": {"dunning_enabled": False}}, "customer_dunning_disabled", "customer_dunning_disabled"),
    ({"invoice": {"payment_method": "PRLV"}}, "payment_method", "payment_method"),
    ({"levels": BY_HAND_ONLY}, "not_automatic", 1),
    ({"customer": {"email": ""}}, "no_recipient", 1),
    ({}, 1, 1),
]


@pytest.mark.spec("A1", "A2", "K3", "K15", "K17", "K18", "K19", "K20", "K59", "K61", "K62", "K63")
@pytest.mark.parametrize(("set_up", "automatic", "edition"), MODES, ids=[str(row[0]) for row in MODES])
def test_what_stops_the_automatic_run_and_what_stops_an_edition(world, set_up, automatic, edition):
    stand(world, {"it": set_up}, ["it"])
    assert world.rehearse(TODAY).outcome("FA-1") == automatic
    assert world.edition(1, TODAY).outcome("FA-1") == edition


@pytest.mark.spec("K60")
def test_a_new_customer_may_be_dunned_automatically_and_by_hand(world):
    world.customer("C001")
    world.load()
    held = world.stored_customer("C001")
    assert (held["auto_dunning"], held["manual_dunning"], held["dunning_enabled"]) == (True, True, True)


def test_what_is_left_out_of_a_customer_comes_by_due_date_however_it_was_stored(world):
    for number, due in (("FA-1", "2026-06-30"), ("FA-2", "2026-04-30"), ("FA-3", "2026-05-31")):
        world.invoice(number, due=due, no_auto_dunning=True)
    world.payment("P1", "100.00", "2026-07-20", {"FA-3": "100.00"})
    world.load()
    assert [entry["document"] for entry in world.rehearse("2026-07-15").left_out] == ["FA-2", "FA-3", "FA-1"]


@pytest.mark.spec("K3")
@pytest.mark.parametrize("flags", [(), ("--payment-method", "PRLV"), ("--any-customer-level",)])
def test_no_edition_dunns_a_direct_debit(world, flags):
    world.invoice("FA-1", payment_method="PRLV")
    world.load()
    assert world.edition(1, TODAY, *flags).outcome("FA-1") == "payment_method"


def test_the_boxes_are_the_billed_customers(world):
    world.customer("C001", auto_dunning=False)
    world.customer("C002")
    world.invoice("FA-1", "C001", billed_customer="C002")
    world.invoice("FA-2", "C002", billed_customer="C001")
    world.load()
    run = world.rehearse()
    assert (run.outcome("FA-1"), run.outcome("FA-2")) == (1, "customer_mode_off")


# -- statuses and promises


@pytest.mark.spec("K35")
@pytest.mark.parametrize(("status", "result"), [("LITIGE", "disputed"), ("VU", 1), (None, 1)])
def test_a_status_stops_dunning_only_where_it_says_so(world, status, result):
    world.invoice("FA-1", status=status)
    world.load()
    assert world.rehearse().outcome("FA-1") == result


def test_a_status_stops_only_its_own_due_item(world):
    world.invoice("FA-1", due=[item("2026-07-06", "50.00", status="LITIGE"), item("2026-07-07", "50.00")], date="2026-06-01")
    world.load()
    run = world.rehearse()
    assert [run.outcome("FA-1", due) for due in ("2026-07-06", "2026-07-07")] == ["disputed", 1]


PROMISES = [
    # grace days  promised      as of         result
    ({}, "2026-07-10", "2026-07-13", "promised"),
    ({}, "2026-07-10", "2026-07-14", 1),
    ({"promise_grace_days": None}, "2026-07-10", "2026-07-13", "promised"),
    ({"promise_grace_days": None}, "2026-07-10", "2026-07-14", 1),
    ({"promise_grace_days": 0}, "2026-07-10", "2026-07-10", "promised"),
    ({"promise_grace_days": 0}, "2026-07-10", "2026-07-11", 1),
    ({"promise_grace_days": 6}, "2026-07-10", "2026-07-16", "promised"),
    ({"promise_grace_days": 6}, "2026-07-10", "2026-07-17", 1),
]


@pytest.mark.parametrize(("options", "promised_on", "as_of", "result"), PROMISES)
def test_a_promise_is_waited_for_and_some_days_more(world, options, promised_on, as_of, result):
    world.options(**options)
    world.invoice("FA-1", promised_on=promised_on)
    world.load()
    assert world.rehearse(as_of).outcome("FA-1") == result
    assert world.edition(1, as_of).outcome("FA-1") == result


# -- in flight


def in_flight(world):
    world.invoice("FA-1")
    world.load()
    run = world.batch(TODAY, "--no-wait")
    assert run.notice("FA-1")["status"] == "queued"


def test_an_item_that_a_queued_notice_claims_is_in_flight(world):
    in_flight(world)
    assert world.rehearse(TODAY).outcome("FA-1") == "in_flight"
    assert world.edition(1, TODAY).outcome("FA-1") == "in_flight"
    assert world.explain("FA-1", TODAY)[0]["reason"] == "in_flight"


def test_in_flight_is_told_before_no_level_applies(world):
    in_flight(world)
    assert world.rehearse("2026-06-20").outcome("FA-1") == "in_flight"


@pytest.mark.parametrize(
    ("facts", "reason"),
    [({"promised_on": TODAY}, "promised"), ({"status": "LITIGE"}, "disputed")],
)
def test_what_comes_earlier_is_told_before_in_flight(world, facts, reason):
    in_flight(world)
    world.update(documents=[{"number": "FA-1", "customer": "C001", "due": [{"no": 1} | facts]}])
    assert world.rehearse(TODAY).outcome("FA-1") == reason


def test_level_na_is_told_before_in_flight(world):
    in_flight(world)
    world.ask("set-level", "--level", "NA", "--date", TODAY, "--document", "FA-1").done()
    assert world.rehearse(TODAY).outcome("FA-1") == "level_na"


# -- too soon, by hand


@pytest.mark.parametrize(("dunned_on", "result"), [("2026-07-08", 2), ("2026-07-09", "too_soon")])
def test_an_edition_waits_the_days_between_two_notices_too(world, dunned_on, result):
    world.options(min_days_between=7)
    world.customer("C001", level=1)
    world.invoice("FA-1", level=1, last_dunned_on=dunned_on)
    world.load()
    assert world.edition(2, "2026-07-15").outcome("FA-1") == result


@pytest.mark.parametrize(("as_of", "result"), [("2026-07-19", "too_soon"), ("2026-07-20", 2), ("2026-07-21", 2)])
def test_an_edition_never_dunns_what_was_dunned_after_its_date(world, as_of, result):
    world.customer("C001", level=1)
    world.invoice("FA-1", level=1, last_dunned_on="2026-07-20")
    world.load()
    assert world.edition(2, as_of).outcome("FA-1") == result


# -- every open due item, once


def test_every_open_due_item_is_claimed_or_left_out_once_and_no_settled_one(world):
    world.invoice("FA-1", due=[item("2026-07-01", "10.00"), item("2026-07-07", "10.00"), item("2026-09-01", "10.00")], date="2026-06-01")
    world.invoice("FA-2", status="LITIGE")
    world.invoice("FA-3")
    world.credit("AV-1")
    world.payment("P1", "100.00", "2026-07-10", {"FA-3": "100.00"})
    world.load()
    run = world.rehearse()
    claimed = [(line["document"], line["due_date"]) for notice in run.notices for line in notice["lines"]]
    left_out = [(entry["document"], entry["due_date"]) for entry in run.left_out]
    assert sorted(claimed) == [("FA-1", "2026-07-01"), ("FA-1", "2026-07-07")]
    assert sorted(left_out) == [("AV-1", "2026-06-20"), ("FA-1", "2026-09-01"), ("FA-2", "2026-07-07")]


def test_what_the_company_owes_its_suppliers_is_never_dunned(world):
    world.supplier("F001")
    world.invoice("FF-1", supplier="F001")
    world.invoice("FA-1")
    world.load()
    assert world.rehearse().dunned() == ["FA-1"]
    assert world.edition().dunned() == ["FA-1"]


def test_a_document_without_a_payment_method_may_be_dunned(world):
    world.invoice("FA-1", payment_method=None)
    world.load()
    assert world.rehearse().outcome("FA-1") == 1
