"""How is a customer left alone for a while, a block given an end, insolvency noted, dunning switched off and on? (Section 3.)"""

import pytest

from tests.acceptance.world import TODAY, day

YESTERDAY, TOMORROW = day(TODAY, -1), day(TODAY, 1)


def invoiced(world):
    world.invoice("FA-1")
    world.load()
    return world


def reason(world, as_of=TODAY):
    [told] = world.explain("FA-1", as_of)
    return told["reason"], told["next"] and told["next"]["date"]


# -- blocks with an end


@pytest.mark.spec("K18", "K61", "K65")
@pytest.mark.parametrize(("kind", "column"), [("automatic", "no_auto_dunning_until"), ("manual", "no_manual_dunning_until")])
def test_a_block_may_have_a_last_day_and_a_reason(world, kind, column):
    invoiced(world)
    said = ("--until", TOMORROW, "--reason", "instalments", "--comment", "Échéancier signé")
    world.ask("block", "--document", "FA-1", "--kind", kind, *said).done()
    held = world.stored_document("FA-1")
    assert (held[column], held["block_reason"], held["block_comment"]) == (TOMORROW, "instalments", "Échéancier signé")


def test_a_block_with_a_last_day_is_explained_with_the_day_after_it(world):
    invoiced(world)
    world.ask("block", "--document", "FA-1", "--kind", "automatic", "--until", TOMORROW).done()
    assert reason(world) == ("blocked", day(TODAY, 2))
    assert world.rehearse(day(TODAY, 2)).outcome("FA-1") == 1


def test_lifting_a_block_takes_its_last_day_away(world):
    invoiced(world)
    world.ask("block", "--document", "FA-1", "--kind", "manual", "--until", TOMORROW).done()
    changed = world.ask("unblock", "--document", "FA-1", "--kind", "manual").done().json["changed"]
    assert [one["what"] for one in changed] == ["no_manual_dunning", "no_manual_dunning_until"]
    assert world.stored_document("FA-1")["no_manual_dunning_until"] is None


def test_a_temporary_block_takes_no_last_day(world):
    invoiced(world)
    before = world.rows()
    world.ask("block", "--document", "FA-1", "--kind", "temporary", "--until", TOMORROW).refused("next automatic run")
    assert world.rows() == before


# -- holds


def test_a_customer_on_hold_is_left_alone_by_people_and_by_runs(world):
    invoiced(world)
    said = ("--from", YESTERDAY, "--until", TOMORROW, "--reason", "request", "--comment", "Inventaire")
    world.ask("hold", "--customer", "C001", *said).done()
    assert world.rehearse().outcome("FA-1") == world.remind("FA-1").outcome("FA-1") == "customer_on_hold"
    assert world.edition(1, TODAY, "--any-customer-level").outcome("FA-1") == "customer_on_hold"
    assert reason(world) == ("customer_on_hold", day(TODAY, 2))


def test_a_hold_is_lifted(world):
    invoiced(world)
    world.ask("hold", "--customer", "C001", "--from", YESTERDAY).done()
    changed = world.ask("release", "--customer", "C001").done().json["changed"]
    assert [(one["customer"], one["what"], one["before"], one["after"]) for one in changed] == [("C001", "held_from", YESTERDAY, None)]
    assert world.rehearse().outcome("FA-1") == 1


def test_a_hold_without_an_end_lets_nothing_come_by_itself(world):
    invoiced(world)
    world.ask("hold", "--customer", "C001", "--from", YESTERDAY).done()
    assert reason(world) == ("customer_on_hold", None)


def test_a_hold_that_ends_before_it_begins_is_refused(world):
    invoiced(world)
    before = world.dump()
    world.ask("hold", "--customer", "C001", "--from", TODAY, "--until", YESTERDAY).refused("before it begins")
    assert world.dump() == before


def test_a_hold_set_while_a_letter_waits_withdraws_it(world):
    world.levels({"level": 1, "lower_bound": 1, "upper_bound": None, "channel": "letter"})
    invoiced(world)
    run = world.batch(TODAY)
    world.ask("hold", "--customer", "C001", "--from", TODAY).done()
    world.relance("print", run.id, "--out", world.folder / "l.pdf").refused("no letters")
    assert world.stored_level("FA-1") == (0, None)


@pytest.mark.spec("K16", "K17", "K59")
@pytest.mark.parametrize(
    ("flag", "box"), [("--manual", "manual_dunning"), ("--automatic", "auto_dunning"), ("--dunning", "dunning_enabled")]
)
def test_each_way_of_dunning_a_customer_is_switched_off_and_on(world, flag, box):
    invoiced(world)
    world.ask("switch", "--customer", "C001", flag, "off").done()
    off = world.remind("FA-1", flags=["--dry-run"]).outcome("FA-1") if flag == "--manual" else world.rehearse().outcome("FA-1")
    assert (world.stored_customer()[box], off) in ((False, "customer_mode_off"), (False, "customer_dunning_disabled"))
    world.ask("switch", "--customer", "C001", flag, "on").done()
    assert world.remind("FA-1").outcome("FA-1") == 1


# -- insolvency


def test_insolvency_stops_everything_and_tells_the_last_day_to_declare(world):
    invoiced(world)
    told = world.ask("insolvency", "--customer", "C001", "--published-on", "2026-07-10").done()
    assert "10/09/2026" in told.err
    assert world.rehearse().outcome("FA-1") == world.remind("FA-1=2").outcome("FA-1") == "insolvent"
    assert reason(world) == ("insolvent", None)
    customer = world.ask("arrears", "--customer", "C001").done().json["customer"]
    assert (customer["insolvent_on"], customer["declare_by"]) == ("2026-07-10", "2026-09-10")


def test_what_was_dunned_before_the_publication_can_still_be_asked_about(world):
    invoiced(world)
    world.ask("insolvency", "--customer", "C001", "--published-on", TOMORROW).done()
    assert world.rehearse().outcome("FA-1") == 1


def test_insolvency_that_is_over_or_was_a_mistake_is_taken_back(world):
    invoiced(world)
    world.ask("insolvency", "--customer", "C001", "--published-on", "2026-07-10").done()
    world.ask("insolvency", "--customer", "C001", "--over").done()
    assert world.rehearse().outcome("FA-1") == 1


@pytest.mark.parametrize(
    ("command", "flags"),
    [("insolvency", []), ("insolvency", ["--over", "--published-on", TODAY]), ("switch", []), ("hold", ["--reason", "x"])],
)
def test_wrong_usage(world, command, flags):
    invoiced(world)
    world.ask(command, "--customer", "C001", *flags).misused()


@pytest.mark.parametrize("order", [["hold"], ["release"], ["switch", "--manual", "off"], ["insolvency", "--over"]], ids=" ".join)
def test_a_customer_who_is_not_there_is_refused(world, order):
    invoiced(world)
    world.ask(order[0], "--customer", "C999", *order[1:]).refused("C999")


# -- kept


@pytest.mark.parametrize(
    "order",
    [
        ["hold", "--from", YESTERDAY, "--until", TOMORROW, "--comment", "Inventaire"],
        ["switch", "--manual", "off"],
        ["insolvency", "--published-on", "2026-07-10"],
    ],
    ids=" ".join,
)
def test_the_history_tells_it_once_and_the_dossier_carries_it(world, order):
    invoiced(world)
    before = len(world.history()["events"])
    for _ in range(2):
        world.ask(order[0], "--customer", "C001", *order[1:]).done()
    events = world.history("--customer", "C001")["events"]
    assert (len(world.history()["events"]) - before, events[0]["what"], events[0]["customer"]) == (1, "customer_held", "C001")
    held = world.dump()
    world.try_load(held).done()
    assert world.dump() == held


@pytest.mark.parametrize(("first", "last"), [(None, TODAY), (TODAY, YESTERDAY)])
def test_a_dossier_with_a_hold_in_disorder_is_refused(world, first, last):
    world.customer("C001", held_from=first, held_until=last)
    world.try_load().refused("customers[0].held_until", "not after held_from")


def test_a_hold_in_a_file_is_told_in_the_history(world):
    invoiced(world)
    world.update(customers=[{"code": "C001", "held_from": TODAY}]).done()
    [event] = [event for event in world.history()["events"] if event["what"] == "customer_held"]
    assert event["facts"]["changed"] == [{"what": "held_from", "before": None, "after": TODAY}]
