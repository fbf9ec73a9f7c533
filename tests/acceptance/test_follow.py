"""How is the follow-up of arrears brought up to date: statuses, comments, expected payments, promises, calls? (Section 9.)"""

import pytest

from tests.acceptance.world import TODAY, item


def invoiced(world, *numbers, **keys):
    for number in numbers or ("FA-1",):
        world.invoice(number, **keys)
    world.load()
    return world


def follow(world, *flags, document="FA-1"):
    return world.ask("follow", "--document", document, *flags)


def held(world, number="FA-1", no=1):
    stored = world.stored(number, no)
    return {key: stored[key] for key in ("status", "comment", "expected_on", "promised_on", "promised_amount")}


NOTHING = {"status": None, "comment": "", "expected_on": None, "promised_on": None, "promised_amount": None}


@pytest.mark.spec("K32", "K34", "K35")
@pytest.mark.parametrize(
    ("flag", "given", "key", "stored"),
    [
        ("--status", "VU", "status", "VU"),
        ("--comment", "Rappelle lundi", "comment", "Rappelle lundi"),
        ("--expected-on", "2026-08-01", "expected_on", "2026-08-01"),
        ("--promised-on", "2026-08-02", "promised_on", "2026-08-02"),
    ],
)
def test_each_thing_known_of_an_item_is_noted_and_taken_away(world, flag, given, key, stored):
    invoiced(world)
    follow(world, flag, given).done()
    assert held(world) == NOTHING | {key: stored}
    follow(world, "--clear", key).done()
    assert held(world) == NOTHING


@pytest.mark.spec("K33")
def test_many_items_are_brought_up_to_date_at_once(world):
    invoiced(world, "FA-1", "FA-2", "FA-3")
    changed = follow(world, "--document", "FA-3", "--status", "VU", "--comment", "Vu avec M. Roy").done().json["changed"]
    assert {(one["document"], one["what"], one["after"]) for one in changed} == {
        (number, what, after) for number in ("FA-1", "FA-3") for what, after in (("status", "VU"), ("comment", "Vu avec M. Roy"))
    }
    assert (held(world, "FA-2"), held(world, "FA-3")["status"]) == (NOTHING, "VU")


@pytest.mark.spec("K34")
def test_one_due_item_of_a_document_is_brought_up_to_date(world):
    invoiced(world, due=[item("2026-07-01", "50.00"), item("2026-07-10", "50.00")])
    follow(world, "--no", 2, "--comment", "Seconde échéance").done()
    assert [held(world, no=no)["comment"] for no in (1, 2)] == ["", "Seconde échéance"]


@pytest.mark.spec("K22", "K32")
def test_the_follow_up_changes_no_level(world):
    invoiced(world, level=1, last_dunned_on="2026-07-10")
    follow(world, "--status", "LITIGE", "--comment", "Colis cassé", "--promised-on", "2026-08-02").done()
    assert world.stored_level("FA-1") == (1, "2026-07-10")


@pytest.mark.spec("K35")
def test_a_status_that_stops_dunning_stops_it(world):
    invoiced(world)
    follow(world, "--status", "LITIGE").done()
    assert world.rehearse().outcome("FA-1") == "disputed"


@pytest.mark.spec("K36")
def test_every_comment_stays_readable_with_who_wrote_it(world):
    invoiced(world)
    for name, comment in (("claire", "Appelé, absent"), ("denis", "Rappelle lundi")):
        world.relance("follow", "--company", "ACME", "--document", "FA-1", "--comment", comment, env={"RELANCE_USER": name}).done()
    told = world.history("--document", "FA-1")["events"][:2]
    assert [(event["by"], event["facts"]["changed"]) for event in told] == [
        ("denis", [{"no": 1, "what": "comment", "before": "Appelé, absent", "after": "Rappelle lundi"}]),
        ("claire", [{"no": 1, "what": "comment", "before": "", "after": "Appelé, absent"}]),
    ]


def test_what_is_so_already_is_neither_changed_nor_told(world):
    invoiced(world)
    follow(world, "--comment", "Vu", "--promised-on", "2026-08-02").done()
    before = world.rows()
    assert follow(world, "--comment", "Vu", "--promised-on", "2026-08-02").done().json == {"changed": []}
    assert world.rows() == before


# -- promises


def test_a_promise_holds_dunning_back_until_its_day_and_the_days_of_grace(world):
    invoiced(world)
    follow(world, "--promised-on", "2026-07-16").done()
    assert [world.rehearse(day).outcome("FA-1") for day in ("2026-07-19", "2026-07-20")] == ["promised", 2]


@pytest.mark.parametrize(
    ("paid", "on", "standing"),
    [(None, "2026-07-19", "pending"), (None, "2026-07-20", "broken"), ("40.00", "2026-07-20", "kept"), ("39.99", "2026-07-20", "broken")],
)
def test_a_promise_is_judged_from_what_was_paid(world, paid, on, standing):
    world.invoice("FA-1", promised_on="2026-07-16", promised_amount="40.00", promise_made_on="2026-07-10")
    if paid:
        world.payment("P1", paid, "2026-07-14", {"FA-1": paid})
    world.load()
    [told] = world.ask("promises", "--as-of", on).done().json["promises"]
    assert (told["document"], told["promised_on"], told["promised_amount"], told["standing"]) == ("FA-1", "2026-07-16", "40.00", standing)


def test_the_follow_up_shows_what_a_promise_has_come_to(world):
    invoiced(world, promised_on="2020-01-31")
    [due] = world.ask("arrears", "--customer", "C001").done().json["due"]
    assert (due["promised_on"], due["promised_amount"], due["promise"]) == ("2020-01-31", None, "broken")


def test_promises_of_one_customer_alone(world):
    for code in ("C001", "C002"):
        world.invoice(f"FA-{code}", code, promised_on="2026-07-16")
    world.load()
    told = world.ask("promises", "--as-of", TODAY, "--customer", "C002").done().json["promises"]
    assert [one["document"] for one in told] == ["FA-C002"]


def test_a_promise_taken_back_leaves_nothing_behind(world):
    invoiced(world)
    follow(world, "--promised-on", "2026-08-02", "--promised-amount", "40.00").done()
    assert world.stored("FA-1")["promise_made_on"] is not None
    follow(world, "--clear", "promised_on").done()
    assert (held(world), world.stored("FA-1")["promise_made_on"]) == (NOTHING, None)


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (["--promised-on", "2026-08-02", "--promised-amount", "100.01"], "100.00 EUR are open"),
        (["--promised-on", "2026-08-02", "--promised-amount", "0.00"], "0.00 cannot be promised"),
        (["--promised-amount", "40.00"], "has no promise"),
        (["--document", "FA-2", "--promised-on", "2026-08-02", "--promised-amount", "40.00"], "one due item at a time"),
    ],
)
def test_an_amount_that_cannot_be_promised_is_refused(world, flags, told):
    invoiced(world, "FA-1", "FA-2")
    before = world.rows()
    follow(world, *flags).refused(told)
    assert world.rows() == before


def test_a_promise_of_nothing_in_a_file_is_refused(world):
    world.invoice("FA-1", due=[item("2026-07-01", "50.00", promised_on=TODAY, promised_amount="0.00")])
    world.try_load().refused("documents[0].due[0].promised_amount", "above zero")


# -- calls


def test_a_call_is_kept_with_its_outcome(world):
    invoiced(world)
    said = ("--outcome", "message_left", "--contact", "Mme Roy", "--note", "Rappeler jeudi", "--document", "FA-1")
    world.relance("call", "--company", "ACME", "--customer", "C001", *said, env={"RELANCE_USER": "claire"}).done()
    event = world.ask("arrears", "--customer", "C001").done().json["history"]["events"][0]
    assert (event["by"], event["what"], event["customer"]) == ("claire", "called", "C001")
    assert event["facts"] == {"outcome": "message_left", "contact": "Mme Roy", "note": "Rappeler jeudi", "documents": ["FA-1"]}


# -- what is refused


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (["--status", "XYZ"], 'no status "XYZ"'),
        (["--comment", "x", "--no", 7], "nothing open"),
        (["--document", "FA-9", "--comment", "x"], "FA-9"),
    ],
)
def test_what_is_not_there_is_refused(world, flags, told):
    invoiced(world)
    before = world.rows()
    follow(world, *flags).refused(told)
    assert world.rows() == before


def test_a_settled_invoice_is_not_followed_up(world):
    world.invoice("FA-1")
    world.payment("P1", "100.00", "2026-07-10", {"FA-1": "100.00"})
    world.load()
    follow(world, "--comment", "x").refused("nothing open")


@pytest.mark.parametrize(
    "flags",
    [[], ["--comment", "x", "--clear", "comment"], ["--clear", "amount"], ["--promised-on", "demain"], ["--promised-amount", "12,50"]],
    ids=" ".join,
)
def test_wrong_usage(world, flags):
    invoiced(world)
    follow(world, *flags).misused()
