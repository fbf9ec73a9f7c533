"""Why is an invoice dunned or not, and when will it be? Each promised date is held against the runs of the days around it."""

import pytest

from tests.acceptance.world import DUE, TODAY, USUAL_LEVELS, day, item, level

BY_HAND = {"automatic": False}
LATER = (1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610)


def stand(world, situation):
    """FA-1 of C001 as the situation says."""
    world.options(**situation.get("options", {}))
    world.levels(*situation.get("levels", USUAL_LEVELS))
    world.customer("C001", **situation.get("customer", {}))
    world.invoice("FA-1", **situation.get("invoice", {}))
    if "credit" in situation:
        world.credit("AV-1", amount=situation["credit"])
    world.load()


# On 15 July 2026; FA-1 is due on 7 July unless said.
SOME_DAY = {
    # situation                                                                             next date     level
    "not yet at the first level": ({"invoice": {"due": "2026-07-30", "date": "2026-06-30"}}, "2026-07-25", 1),
    "at level 1": ({"invoice": {"level": 1}}, "2026-07-18", 2),
    "at level 2, in its row": ({"invoice": {"level": 2}}, "2026-08-07", 3),
    "in a gap": ({"levels": [(1, 5, 6), (2, 20, 30)]}, "2026-07-27", 2),
    "in a gap, at level 1": ({"levels": [(1, 5, 6), (2, 20, 30)], "invoice": {"level": 1}}, "2026-07-27", 2),
    "promised": ({"invoice": {"promised_on": "2026-07-16"}}, "2026-07-20", 2),
    "promised, and the level then is reached already": ({"invoice": {"promised_on": "2026-07-16", "level": 2}}, "2026-08-07", 3),
    "promised, at no level the day after": (
        {"invoice": {"promised_on": "2026-07-16"}, "levels": [(1, 1, 12), (2, 20, 30)]},
        "2026-07-27",
        2,
    ),
    "too soon": (
        {"invoice": {"due": "2026-07-01", "level": 1, "last_dunned_on": "2026-07-12"}, "options": {"min_days_between": 7}},
        "2026-07-19",
        2,
    ),
    "too soon, and the level grows meanwhile": (
        {"invoice": {"due": "2026-07-01", "level": 1, "last_dunned_on": "2026-07-12"}, "options": {"min_days_between": 30}},
        "2026-08-11",
        3,
    ),
    "blocked temporarily": ({"invoice": {"no_dunning_temporary": True}}, "2026-07-16", 1),
    "blocked temporarily on the last day of a level": (
        {"invoice": {"no_dunning_temporary": True}, "levels": [(1, 1, 8), (2, 20, 30)]},
        "2026-07-27",
        2,
    ),
    "only by hand for now": ({"levels": [level(1, -5, 10, **BY_HAND), (2, 11, 30)]}, "2026-07-18", 2),
    "at level 1, the next only by hand": (
        {"invoice": {"level": 1}, "levels": [(1, -5, 10), level(2, 11, 30, **BY_HAND), (3, 31, None)]},
        "2026-08-07",
        3,
    ),
    "stepwise": ({"invoice": {"level": 1}, "options": {"progression": "stepwise", "min_days_between": 0}}, "2026-07-18", 2),
    "stepwise, seven days not passed": (
        {"invoice": {"level": 1, "last_dunned_on": "2026-07-14"}, "options": {"progression": "stepwise"}},
        "2026-07-21",
        2,
    ),
    "stepwise, long overdue, seven days not passed": (
        {"invoice": {"due": "2026-01-07", "level": 1, "last_dunned_on": "2026-07-14"}, "options": {"progression": "stepwise"}},
        "2026-07-21",
        2,
    ),
    "by the last dunning": (
        {"invoice": {"level": 1, "last_dunned_on": "2026-07-14"}, "options": {"level_basis": "last_dunning"}},
        "2026-07-25",
        2,
    ),
    "by the last dunning, guarded": (
        {
            "invoice": {"level": 1, "last_dunned_on": "2026-07-02"},
            "options": {"level_basis": "last_dunning"},
            "levels": [(1, -5, 10), (2, 11, 30)],
        },
        "2026-07-18",
        2,
    ),
    "at the end of the month": ({"levels": [level(1, 5, 20, clock="end_of_month")]}, "2026-08-05", 1),
    "dunned after this date": ({"invoice": {"level": 1, "last_dunned_on": "2026-07-20"}}, "2026-07-20", 2),
    "excluded for a while": (
        {"levels": [level(1, 1, None, clock="due_date"), level("NA", -20, -10, clock="end_of_month")]},
        "2026-07-22",
        1,
    ),
}


@pytest.mark.parametrize("situation", SOME_DAY)
def test_the_next_day_is_told(world, situation):
    facts, on, number = SOME_DAY[situation]
    stand(world, facts)
    [due] = world.explain("FA-1", TODAY)
    assert (due["decision"], due["next"]) == ("leave_out", {"date": on, "level": number})


@pytest.mark.parametrize("situation", SOME_DAY)
def test_the_runs_dun_on_the_day_told_and_not_before(world, situation):
    facts, _, _ = SOME_DAY[situation]
    stand(world, facts)
    told = world.explain("FA-1", TODAY)[0]["next"]
    if facts.get("invoice", {}).get("no_dunning_temporary"):
        assert isinstance(world.batch(TODAY).outcome("FA-1"), str)
    ahead = (day(TODAY, days) for days in range(60))
    waits = [
        as_of for as_of in ahead if as_of < told["date"] and (as_of > TODAY or not facts.get("invoice", {}).get("no_dunning_temporary"))
    ]
    assert [as_of for as_of in waits if not isinstance(world.rehearse(as_of).outcome("FA-1"), str)] == []
    assert world.rehearse(told["date"]).outcome("FA-1") == told["level"]


NEVER = {
    # situation                                                        reason
    "direct debit": ({"invoice": {"payment_method": "PRLV"}}, "payment_method"),
    "customer never dunned": ({"customer": {"dunning_enabled": False}}, "customer_dunning_disabled"),
    "customer not automatic": ({"customer": {"auto_dunning": False}}, "customer_mode_off"),
    "blocked": ({"invoice": {"no_auto_dunning": True}}, "blocked"),
    "disputed": ({"invoice": {"status": "LITIGE"}}, "disputed"),
    "excluded by hand": ({"invoice": {"level": "NA"}}, "level_na"),
    "below the minimum": ({"options": {"min_invoice_amount": "100.00"}}, "below_minimum"),
    "a creditor": ({"credit": "-100.00"}, "creditor_customer"),
    "nobody to write to": ({"customer": {"email": ""}}, "no_recipient"),
    "at the highest level": ({"invoice": {"due": "2026-05-01", "level": 3}}, "already_at_level"),
    "after the last level": ({"levels": [(1, 1, 5)]}, "no_level_applies"),
    "excluded by age": ({"levels": [(1, 1, 5), level("NA", 6, None)]}, "no_level_applies"),
    "only by hand from now on": ({"levels": [(1, -5, -1), level(2, 0, None, **BY_HAND)]}, "not_automatic"),
    "promised beyond the last level": ({"invoice": {"promised_on": "2026-07-30"}, "levels": [(1, 1, 10)]}, "promised"),
    "promised, and nobody to write to": ({"invoice": {"promised_on": "2026-07-16"}, "customer": {"email": ""}}, "promised"),
    "promised, and below the minimum": (
        {"invoice": {"promised_on": "2026-07-16"}, "options": {"min_invoice_amount": "100.00"}},
        "promised",
    ),
    "at level 1, and a creditor": ({"invoice": {"level": 1}, "credit": "-100.00"}, "already_at_level"),
    "blocked temporarily on the last day of all": (
        {"invoice": {"no_dunning_temporary": True}, "levels": [(1, 1, 8)]},
        "blocked_temporarily",
    ),
}


@pytest.mark.parametrize("situation", NEVER)
def test_what_no_run_will_dun_has_no_next_day(world, situation):
    facts, reason = NEVER[situation]
    stand(world, facts)
    [due] = world.explain("FA-1", TODAY)
    assert (due["decision"], due["reason"], due["next"]) == ("leave_out", reason, None)
    later = [day(TODAY, days) for days in LATER]
    if reason == "blocked_temporarily":
        world.batch(TODAY)
    assert [as_of for as_of in later if not isinstance(world.rehearse(as_of).outcome("FA-1"), str)] == []


@pytest.mark.parametrize(("as_of", "number"), [("2026-07-02", 1), ("2026-07-17", 1), ("2026-07-18", 2), ("2026-09-01", 3)])
def test_what_is_dunned_today_says_so(world, as_of, number):
    world.invoice("FA-1")
    world.load()
    [due] = world.explain("FA-1", as_of)
    facts = {key: due[key] for key in ("due_date", "open", "level", "decision", "level_after", "next")}
    assert facts == {
        "due_date": DUE,
        "open": "100.00",
        "level": 0,
        "decision": "dun",
        "level_after": number,
        "next": {"date": as_of, "level": number},
    }


def test_each_due_item_is_explained(world):
    world.invoice("FA-1", due=[item("2026-07-07", "60.00"), item("2026-07-08", "40.00"), item("2026-12-01", "20.00")], date="2026-06-01")
    world.payment("P1", "40.00", "2026-07-10", allocations=[{"document": "FA-1", "no": 2, "amount": "40.00"}])
    world.load()
    answer = world.ask("explain", "--document", "FA-1", "--as-of", TODAY).done().json
    assert answer["document"] == "FA-1"
    assert [(due["due_date"], due["open"], due["decision"], due["reason"] or due["level_after"]) for due in answer["due"]] == [
        ("2026-07-07", "60.00", "dun", 1),
        ("2026-07-08", "0.00", "leave_out", "settled"),
        ("2026-12-01", "20.00", "leave_out", "no_level_applies"),
    ]


def test_what_is_settled_has_no_next_day(world):
    world.invoice("FA-1")
    world.payment("P1", "100.00", "2026-07-10", {"FA-1": "100.00"})
    world.load()
    [before], [after] = world.explain("FA-1", "2026-07-09"), world.explain("FA-1", "2026-07-10")
    assert before["decision"] == "dun"
    assert (after["decision"], after["reason"], after["next"]) == ("leave_out", "settled", None)


def test_a_credit_note_is_explained_too(world):
    world.credit("AV-1")
    world.load()
    [due] = world.explain("AV-1", TODAY)
    assert (due["decision"], due["reason"], due["next"]) == ("leave_out", "not_an_invoice", None)


def test_explaining_changes_nothing(world):
    world.invoice("FA-1", no_dunning_temporary=True)
    world.load()
    before = world.rows()
    world.explain("FA-1", TODAY)
    assert world.rows() == before


def test_a_document_that_is_not_there_cannot_be_explained(world):
    world.load()
    world.ask("explain", "--document", "FA-9", "--as-of", TODAY).refused("FA-9")


@pytest.mark.parametrize(
    ("command", "flags"),
    [
        ("explain", ("--as-of", TODAY)),
        ("interest", ("--as-of", TODAY)),
        ("block", ("--kind", "manual")),
        ("unblock", ("--kind", "manual")),
        ("set-level", ("--level", 2, "--date", TODAY)),
        ("history", ()),
    ],
)
def test_a_number_that_several_customers_have_needs_the_customer(world, command, flags):
    world.invoice("FA-1", "C001")
    world.invoice("FA-1", "C002")
    world.load()
    before = world.rows()
    world.ask(command, "--document", "FA-1", *flags).refused("FA-1")
    assert world.rows() == before
    world.ask(command, "--document", "FA-1", "--customer", "C002", *flags).done()
