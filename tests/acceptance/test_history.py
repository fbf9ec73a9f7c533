"""What does the history tell, and about whom?"""

import json

import pytest

from tests.acceptance.world import TODAY


@pytest.fixture
def told(world):
    """Two customers dunned on 15 July, one again on 10 August."""
    world.invoice("FA-1", "C001", due="2026-07-07")
    world.invoice("FA-2", "C002", due="2026-07-07", status="VU")
    world.load()
    world.batch(TODAY)
    world.update(documents=[{"number": "FA-2", "customer": "C002", "due": [{"no": 1, "status": "LITIGE"}]}])
    world.batch("2026-08-10")
    return world


def documents(notices):
    return [(notice["as_of"], line["document"]) for notice in notices for line in notice["lines"]]


def test_the_history_is_told_newest_first(told):
    assert documents(told.history()["notices"])[0] == ("2026-08-10", "FA-1")
    moments = [event["at"] for event in told.history()["events"]]
    assert moments == sorted(moments, reverse=True)


@pytest.mark.parametrize("flags", [("--customer", "C001"), ("--document", "FA-1")])
def test_the_history_of_one_customer_or_document(told, flags):
    assert documents(told.history(*flags)["notices"]) == [("2026-08-10", "FA-1"), (TODAY, "FA-1")]


def test_the_history_of_the_other_customer(told):
    history = told.history("--customer", "C002")
    assert documents(history["notices"]) == [(TODAY, "FA-2")]
    assert "FA-1" not in json.dumps(history["events"])


def test_every_notice_of_the_history_is_told_in_full(told):
    for notice in told.history()["notices"]:
        expected = {
            "id",
            "run",
            "as_of",
            "issued_at",
            "by",
            "customer",
            "level",
            "channel",
            "to",
            "cc",
            "subject",
            "lines",
            "credits",
            "totals",
            "status",
        }
        assert expected <= set(notice)


def test_every_event_says_when_who_and_what(told):
    events = told.history()["events"]
    assert events
    for event in events:
        assert {"at", "by", "what", "notice", "customer", "document", "facts"} <= set(event)
        assert event["at"]
        assert event["what"]


@pytest.mark.spec("K35", "K36")
def test_a_change_of_status_is_kept(told):
    assert "LITIGE" in json.dumps(told.history("--document", "FA-2")["events"])


def test_the_history_of_nobody_is_refused(told):
    told.ask("history", "--customer", "C999").refused("C999")


def test_the_history_of_no_document_is_refused(told):
    told.ask("history", "--document", "FA-999").refused("FA-999")


def test_a_company_nothing_happened_to_has_no_notices(world):
    world.load()
    assert world.history()["notices"] == []


def test_amounts_are_told_with_the_decimals_of_their_currency(told):
    notices = told.history()["notices"]
    assert [notice["totals"] for notice in notices] == [{"EUR": "100.00"}] * 3
    assert {line["open"] for notice in notices for line in notice["lines"]} == {"100.00"}
