"""What does an automatic run answer, and what does its simulation leave untouched?"""

import pytest

from tests.acceptance.world import TODAY, site


def test_the_answer_says_what_it_claims_and_what_it_leaves_out(world):
    world.customer("C001", sites=[site("S1", "a@b.example")])
    world.invoice("FA-1", due="2026-01-31", date="2026-01-01", amount="120.00", level=1, last_dunned_on="2026-02-10")
    world.invoice("FA-2", due="2026-02-28", payment_method="PRLV")
    world.payment("P1", "50.00", "2026-02-03", {"FA-1": "50.00"})
    world.levels((1, 5, 19), (2, 20, None))
    world.load()
    answer = world.rehearse("2026-07-18").json
    assert {key: answer[key] for key in ("company", "as_of", "kind", "issued")} == {
        "company": "ACME",
        "as_of": "2026-07-18",
        "kind": "batch",
        "issued": False,
    }
    [notice] = answer["notices"]
    facts = {key: notice[key] for key in ("customer", "level", "channel", "to", "cc", "totals", "status", "credits")}
    assert facts == {
        "customer": "C001",
        "level": 2,
        "channel": "email",
        "to": ["a@b.example"],
        "cc": [],
        "totals": {"EUR": "70.00"},
        "status": "proposed",
        "credits": [],
    }
    assert notice["lines"] == [
        {
            "document": "FA-1",
            "due_date": "2026-01-31",
            "open": "70.00",
            "currency": "EUR",
            "days_overdue": 168,
            "level_before": 1,
            "level_after": 2,
        }
    ]
    assert answer["left_out"] == [{"document": "FA-2", "due_date": "2026-02-28", "reason": "payment_method"}]


def test_a_real_run_says_that_it_was_issued_and_its_notices_sent(world):
    world.invoice("FA-1")
    world.load()
    run = world.batch(TODAY)
    assert (run.issued, run.notice()["status"]) == (True, "sent")
    assert isinstance(run.id, int)
    assert isinstance(run.notice()["id"], int)


def test_the_subject_is_the_levels(world):
    world.invoice("FA-1")
    world.load()
    assert world.rehearse(TODAY).notice()["subject"] == "Relance 1"


def test_days_overdue_count_below_zero_before_the_due_date(world):
    world.invoice("FA-1", due="2026-07-07")
    world.load()
    assert [world.rehearse(as_of).line("FA-1")["days_overdue"] for as_of in ("2026-07-02", "2026-07-07", "2026-07-08")] == [-5, 0, 1]


@pytest.mark.parametrize("flags", [(), ("--left-out", "full"), ("--left-out", "none")])
def test_a_simulation_changes_nothing_at_all(world, flags):
    world.invoice("FA-1", no_dunning_temporary=True)
    world.invoice("FA-2", "C002")
    world.load()
    before = world.rows()
    world.rehearse(TODAY, *flags)
    assert world.rows() == before
    assert not world.mails()


def test_a_simulation_answers_what_issuing_then_does(world):
    world.invoice("FA-1")
    world.invoice("FA-2", due="2026-07-01")
    world.invoice("FA-3", "C002", due="2026-05-01")
    world.invoice("FA-4", "C002", status="LITIGE")
    world.credit("AV-1")
    world.load()
    rehearsed, issued = world.rehearse(TODAY).json, world.batch(TODAY).json
    assert rehearsed["left_out"] == issued["left_out"]
    without = [
        [{key: value for key, value in notice.items() if key not in ("id", "status")} for notice in run["notices"]]
        for run in (rehearsed, issued)
    ]
    assert without[0] == without[1]


def test_left_out_items_may_be_left_out_of_the_answer(world):
    world.invoice("FA-1", status="LITIGE")
    world.load()
    assert world.rehearse(TODAY, "--left-out", "full").left_out
    assert not world.rehearse(TODAY, "--left-out", "none").left_out
    assert world.rehearse(TODAY, "--left-out", "counts").notices == []


def test_an_unknown_way_to_tell_the_left_out_is_wrong_usage(world):
    world.load()
    world.ask("batch", "--as-of", TODAY, "--dry-run", "--left-out", "some").misused()


def test_companies_do_not_mix(world):
    world.invoice("FA-1")
    world.load()
    world.company(code="AUTRE", name="Autre SARL")
    world.load()
    world.batch(TODAY)
    other = world.relance("batch", "--company", "AUTRE", "--as-of", TODAY, "--dry-run", "--json").done().json
    assert [line["level_before"] for notice in other["notices"] for line in notice["lines"]] == [0]
    assert len(world.mails()) == 1


def test_ids_of_runs_and_notices_are_unique_across_companies(world):
    world.invoice("FA-1")
    world.load()
    world.company(code="AUTRE", name="Autre SARL")
    world.load()
    here = world.batch(TODAY)
    there = world.relance("batch", "--company", "AUTRE", "--as-of", TODAY, "--json").done().json
    assert here.id != there["run"]
    assert here.notice()["id"] != there["notices"][0]["id"]


def test_a_document_dated_after_the_run_is_not_there(world):
    world.invoice("FA-1", due="2026-07-10", date="2026-07-10")
    world.load()
    assert [world.rehearse(as_of).left_out + world.rehearse(as_of).notices for as_of in ("2026-07-09",)] == [[]]
    assert world.rehearse("2026-07-10").outcome("FA-1") == 1


def test_a_settled_item_is_neither_claimed_nor_left_out(world):
    world.invoice("FA-1")
    world.payment("P1", "100.00", "2026-07-10", {"FA-1": "100.00"})
    world.load()
    run = world.rehearse(TODAY)
    assert (run.notices, run.left_out) == ([], [])


def test_an_item_of_nothing_is_neither_claimed_nor_left_out(world):
    world.invoice("FA-1", amount="0.00")
    world.load()
    run = world.rehearse(TODAY)
    assert (run.notices, run.left_out) == ([], [])


def test_a_second_run_on_the_same_day_writes_to_nobody(world):
    world.invoice("FA-1")
    world.load()
    world.batch(TODAY)
    assert world.batch(TODAY).outcome("FA-1") == "already_at_level"
    assert len(world.mails()) == 1


def test_a_run_with_nothing_to_dun_succeeds(world):
    world.load()
    run = world.batch(TODAY)
    assert (run.notices, run.left_out) == ([], [])


@pytest.mark.spec("K68")
def test_a_run_can_be_launched_by_hand_on_any_day_and_again_on_the_next(world):
    world.invoice("FA-1", due="2026-07-07")
    world.load()
    outcomes = [world.batch(as_of).outcome("FA-1") for as_of in ("2026-07-02", "2026-07-03", "2026-07-18", "2026-08-07", "2026-08-08")]
    assert outcomes == [1, "already_at_level", 2, 3, "already_at_level"]
    assert len(world.mails()) == 3


def test_without_json_a_table_is_told_to_people(world):
    world.invoice("FA-1", amount="1234.50")
    world.load()
    told = world.relance("batch", "--company", "ACME", "--as-of", TODAY, "--dry-run").done()
    assert "FA-1" in told.out or "C001" in told.out or "Client C001" in told.out
