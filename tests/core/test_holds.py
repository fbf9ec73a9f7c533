"""Until when is a document blocked, a customer on hold, and what does insolvency stop?"""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from relance.core.days import claim_deadline, months_after
from relance.core.facts import Mode, Page
from relance.core.forecast import look_ahead
from relance.core.proposal import propose
from relance.core.review import ReviewRequest, propose_reviewed, review_terms
from tests.core.pages import on, outcome, page, terms

OWED = "document | due | open\nFA-1 | 1 July | 100"
LEVELS = "N1 5..10, N2 11..20, N3 21.."


def owing(customer: dict[str, Any] | None = None, **document: Any) -> Page:
    owed = page(OWED, **(customer or {}))
    owed.items = [owed.items[0]._replace(**document)]
    return owed


def automatic(owed: Page, as_of: str) -> int | str:
    return outcome(propose(owed, terms(as_of, LEVELS)))["FA-1"]


def by_hand(owed: Page, as_of: str) -> int | str:
    request = ReviewRequest(on(as_of), {owed.items[0].id: None})
    return outcome(propose_reviewed(owed, request, review_terms(request, terms(as_of, LEVELS))))["FA-1"]


def next_of(owed: Page, as_of: str) -> tuple[date, int] | None:
    return look_ahead(owed.items[0], owed, terms(as_of, LEVELS)).next


@pytest.mark.parametrize(("as_of", "expected"), [("14 July", "blocked"), ("15 July", "blocked"), ("16 July", 2)])
def test_a_block_with_a_last_day_ends_by_itself(as_of: str, expected: int | str):
    assert automatic(owing(no_auto_dunning=True, no_auto_dunning_until=on("15 July")), as_of) == expected
    assert by_hand(owing(no_manual_dunning=True, no_manual_dunning_until=on("15 July")), as_of) == expected


def test_the_last_day_of_one_block_is_not_that_of_the_other():
    owed = owing(no_auto_dunning=True, no_manual_dunning=True, no_manual_dunning_until=on("10 July"))
    assert (automatic(owed, "15 July"), by_hand(owed, "15 July")) == ("blocked", 2)


@pytest.mark.parametrize("as_of", ["14 July", "16 July", "30 July"])
def test_a_last_day_without_a_block_says_nothing(as_of: str):
    assert automatic(owing(no_auto_dunning_until=on("20 July")), as_of) in (2, 3)


@pytest.mark.parametrize(
    ("as_of", "until", "expected"),
    [("9 July", None, 1), ("10 July", None, "customer_on_hold"), ("15 July", "15 July", "customer_on_hold"), ("16 July", "15 July", 2)],
)
def test_a_hold_leaves_the_whole_customer_alone_from_its_first_to_its_last_day(as_of: str, until: str | None, expected: int | str):
    owed = owing({"held_from": on("10 July"), "held_until": on(until) if until else None})
    assert automatic(owed, as_of) == expected
    assert by_hand(owed, as_of) == expected


@pytest.mark.parametrize("mode", ["automatic", "manual"])
def test_insolvency_stops_everything_from_the_publication_on(mode: str):
    ask = automatic if mode == "automatic" else by_hand
    assert [ask(owing({"insolvent_on": on("10 July")}), day) for day in ("9 July", "10 July", "30 July")] == [1, "insolvent", "insolvent"]


def test_a_customer_never_dunned_says_so_before_its_insolvency():
    assert automatic(owing({"dunning_enabled": False, "insolvent_on": on("10 July")}), "15 July") == "customer_dunning_disabled"


def test_switched_off_comes_before_on_hold_and_on_hold_before_blocked():
    held = {"held_from": on("10 July")}
    assert automatic(owing(held | {"auto_dunning": False}), "15 July") == "customer_mode_off"
    assert automatic(owing(held, no_auto_dunning=True), "15 July") == "customer_on_hold"


@pytest.mark.parametrize(
    ("customer", "document", "expected"),
    [
        ({"held_from": "1 July", "held_until": "15 July"}, {}, ("16 July", 2)),
        ({}, {"no_auto_dunning": True, "no_auto_dunning_until": "24 July"}, ("25 July", 3)),
        ({"held_from": "1 July", "held_until": "18 July"}, {"no_auto_dunning": True, "no_auto_dunning_until": "13 July"}, ("19 July", 2)),
        ({"held_from": "1 July"}, {}, None),
        ({}, {"no_auto_dunning": True}, None),
        ({"insolvent_on": "1 July"}, {}, None),
    ],
    ids=str,
)
def test_the_next_reminder_is_counted_from_the_end_of_a_hold_or_a_block(customer, document, expected):
    dated = ({key: on(value) if isinstance(value, str) else value for key, value in said.items()} for said in (customer, document))
    held, blocked = dated
    assert next_of(owing(held, **blocked), "12 July") == (expected and (on(expected[0]), expected[1]))


def test_an_edition_leaves_a_held_customer_alone_too():
    owed = owing({"held_from": on("10 July")})
    asked = replace(terms("15 July", LEVELS), mode=Mode.EDITION)
    assert outcome(propose(owed, asked))["FA-1"] == "customer_on_hold"


# -- the deadline of a claim


@pytest.mark.parametrize(
    ("published_on", "deadline"),
    [
        ("2026-07-15", "2026-09-15"),
        ("2026-12-31", "2027-02-28"),
        ("2027-12-31", "2028-02-29"),
        ("2026-11-30", "2027-01-30"),
        ("2026-12-01", "2027-02-01"),
    ],
)
def test_a_claim_is_declared_within_two_months_of_the_publication(published_on: str, deadline: str):
    assert claim_deadline(date.fromisoformat(published_on)) == date.fromisoformat(deadline)


def test_months_run_over_years():
    assert [str(months_after(date(2026, 10, 31), months)) for months in (0, 1, 2, 3, 14)] == [
        "2026-10-31",
        "2026-11-30",
        "2026-12-31",
        "2027-01-31",
        "2027-12-31",
    ]
