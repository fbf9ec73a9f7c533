"""May a due item be dunned, and if not, why?"""

from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from relance.core.edition import EditionRequest, Scope, edition_terms, propose_letters
from relance.core.facts import NA, Mode, Page
from relance.core.proposal import propose
from relance.core.reasons import Reason
from tests.core.pages import N1_N2, decisions, on, outcome, page, policy, terms

TODAY = on("15 July")
ORDINARY = """
    document | due    | open
    FA-1     | 7 July | 100
    """
ONE_HUNDRED_PAID = page(payments="reference | date | left\nP1 | 1 July | 100").remainders
Facts = dict[str, dict[str, Any]]

# What alone makes each reason hold for an ordinary due item, in the order of the reasons.
FACTS: dict[str, Facts] = {
    "not_an_invoice": {"item": {"type": "credit_note"}},
    "payment_method": {"item": {"dunnable": False}},
    "customer_dunning_disabled": {"customer": {"dunning_enabled": False}},
    "not_selected": {"request": {"due_to": on("6 July")}},
    "customer_mode_off": {"customer": {"auto_dunning": False, "manual_dunning": False}},
    "blocked": {"item": {"no_auto_dunning": True, "no_manual_dunning": True}},
    "blocked_temporarily": {"item": {"no_dunning_temporary": True}},
    "disputed": {"item": {"stopped": True}},
    "promised": {"item": {"promised_on": TODAY}},
    "level_na": {"item": {"level": NA}},
    "in_flight": {"page": {"in_flight": {1}}},
    "not_due": {"item": {"due_date": TODAY}},
    "no_level_applies": {"policy": {"text": "N1 90..99"}},
    "already_at_level": {"item": {"level": 1}},
    "too_soon": {"item": {"last_dunned_on": on("10 July")}, "policy": {"min_days": 6}},
    "not_automatic": {"policy": {"text": "N1 -5..10 by_hand"}},
    "below_minimum": {"options": {"min_invoice_amount": 100_00}},
    "creditor_customer": {"page": {"remainders": ONE_HUNDRED_PAID}},
    "payment_to_match": {
        "options": {"hold_unmatched_payments": True, "dun_creditor_customers": True},
        "page": {"remainders": ONE_HUNDRED_PAID},
    },
    "no_recipient": {"page": {"directories": {}}},
    "below_run_minimum": {"request": {"min_amount": 100_00}},
}
NEVER_TOLD = {
    Mode.AUTOMATIC: {"not_selected", "not_due", "below_run_minimum"},
    Mode.MANUAL: {"not_selected", "not_automatic", "payment_to_match", "below_run_minimum"},
    Mode.EDITION: {"level_na", "not_due", "no_level_applies", "already_at_level", "not_automatic", "payment_to_match", "no_recipient"},
}
EXCLUSIVE = [
    *(("no_level_applies", "already_at_level"), ("no_level_applies", "not_automatic")),  # no row matches, or one does
    ("creditor_customer", "payment_to_match"),  # what holds one back alone lets the other through
]
TOLD = [(mode, reason) for mode in Mode for reason in FACTS if reason not in NEVER_TOLD[mode]]
PAIRS = [
    (mode, *pair) for mode in Mode for pair in combinations([reason for own, reason in TOLD if own is mode], 2) if pair not in EXCLUSIVE
]


def answer(mode: Mode, facts: Facts) -> int | Reason:
    """What becomes of the ordinary due item when a run of each mode meets it with these facts."""
    usual = page(ORDINARY)
    who = usual.customer._replace(**facts.get("customer", {}))
    item = usual.items[0]._replace(**facts.get("item", {}))
    customer = replace(usual, customer=who, items=[item], **facts.get("page", {}))
    asked = terms("15 July", policy(**{"text": N1_N2} | facts.get("policy", {})), mode, **facts.get("options", {}))
    if mode is not Mode.EDITION:
        return decisions(propose(customer, asked))[1]
    request = EditionRequest(TODAY, 1, **facts.get("request", {}))
    return decisions(propose_letters(customer, request, edition_terms(request, asked)))[1]


@pytest.mark.parametrize("mode", Mode)
def test_an_ordinary_due_item_is_dunned(mode: Mode) -> None:
    assert answer(mode, {}) == 1


@pytest.mark.parametrize(("mode", "reason"), TOLD)
def test_a_due_item_is_left_out_for_each_reason(mode: Mode, reason: str) -> None:
    assert answer(mode, FACTS[reason]) == reason


@pytest.mark.parametrize(("mode", "earlier", "later"), PAIRS)
def test_of_two_reasons_that_hold_the_first_is_told(mode: Mode, earlier: str, later: str) -> None:
    first, second = FACTS[earlier], FACTS[later]
    assert answer(mode, {where: second.get(where, {}) | first.get(where, {}) for where in first | second}) == earlier


@pytest.mark.parametrize(
    ("mode", "reason", "instead"),
    [
        (Mode.AUTOMATIC, "not_due", 1),
        (Mode.MANUAL, "not_automatic", 1),
        (Mode.EDITION, "no_level_applies", 1),
        (Mode.EDITION, "not_automatic", 1),
        (Mode.EDITION, "no_recipient", 1),
        (Mode.EDITION, "level_na", "not_selected"),
        (Mode.EDITION, "already_at_level", "not_selected"),
        (Mode.EDITION, "not_due", "not_selected"),
    ],
)
def test_a_reason_that_a_mode_does_not_know(mode: Mode, reason: str, instead: int | str) -> None:
    assert answer(mode, FACTS[reason]) == instead


# -- the edges of each reason


HOLDING = {"hold_unmatched_payments": True}


@pytest.mark.parametrize(
    ("paid", "options", "result"),
    [
        ("99.99", HOLDING, 1),
        ("100", HOLDING, "payment_to_match"),
        ("100", {}, 1),
        ("400", HOLDING, "creditor_customer"),
    ],
)
def test_a_payment_that_may_settle_a_document_holds_it_where_the_company_says_so(paid: str, options: dict[str, Any], result: int | str):
    customer = page(
        """
        document | due    | open
        FA-1     | 7 July | 100
        FA-2     | 7 July | 300
        """,
        payments=f"reference | date | left\nP1 | 1 July | {paid}",
    )
    decided = outcome(propose(customer, terms("15 July", policy(N1_N2), **options)))
    assert (decided["FA-1"], decided["FA-2"]) == (result, "creditor_customer" if paid == "400" else 1)


@pytest.mark.spec("K3")
@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(("dunnable", "result"), [(False, "payment_method"), (True, 1), (None, 1)])
def test_only_a_payment_method_that_is_not_dunnable_keeps_out(mode: Mode, dunnable: bool | None, result: int | str) -> None:
    assert answer(mode, {"item": {"dunnable": dunnable}}) == result


@pytest.mark.spec("K15", "K19", "K59", "K62")
@pytest.mark.parametrize(
    ("facts", "results"),
    [
        ({"customer": {"auto_dunning": False}}, ["customer_mode_off", 1, 1]),
        ({"customer": {"manual_dunning": False}}, [1, "customer_mode_off", "customer_mode_off"]),
        ({"item": {"no_auto_dunning": True}}, ["blocked", 1, 1]),
        ({"item": {"no_manual_dunning": True}}, [1, "blocked", "blocked"]),
    ],
)
def test_boxes_and_blocks_keep_out_of_their_own_mode(facts: Facts, results: list[int | str]) -> None:
    assert [answer(mode, facts) for mode in (Mode.AUTOMATIC, Mode.MANUAL, Mode.EDITION)] == results


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(
    ("promised", "grace", "result"), [("12 July", 3, "promised"), ("11 July", 3, 1), ("15 July", 0, "promised"), ("14 July", 0, 1)]
)
def test_a_promise_holds_back_until_its_grace_days_have_passed(mode: Mode, promised: str, grace: int, result: int | str) -> None:
    assert answer(mode, {"item": {"promised_on": on(promised)}, "options": {"promise_grace_days": grace}}) == result


@pytest.mark.parametrize(
    ("due", "too", "result"), [("14 July", False, 1), ("15 July", False, "not_due"), ("15 July", True, 1), ("18 July", True, 1)]
)
def test_a_person_duns_what_is_past_its_due_date_unless_he_asks_for_the_rest(due: str, too: bool, result: int | str) -> None:
    customer = page(f"document | due | open\nFA-1 | {due} | 100")
    assert outcome(propose(customer, replace(terms(mode=Mode.MANUAL), undue_too=too))) == {"FA-1": result}


@pytest.mark.parametrize(
    ("mode", "last", "min_days", "result"),
    [
        (Mode.AUTOMATIC, "15 July", 0, 1),
        (Mode.AUTOMATIC, "9 July", 7, "too_soon"),
        (Mode.AUTOMATIC, "8 July", 7, 1),
        (Mode.AUTOMATIC, "16 July", 0, "already_at_level"),
        (Mode.AUTOMATIC, "16 July", 7, "already_at_level"),
        (Mode.EDITION, "15 July", 0, 1),
        (Mode.EDITION, "16 July", 0, "too_soon"),
        (Mode.EDITION, "9 July", 7, "too_soon"),
        (Mode.EDITION, "8 July", 7, 1),
    ],
)
def test_the_days_since_the_last_notice(mode: Mode, last: str, min_days: int, result: int | str) -> None:
    assert answer(mode, {"item": {"last_dunned_on": on(last)}, "policy": {"min_days": min_days}}) == result


@pytest.mark.parametrize(("last", "result"), [("14 July", 1), ("15 July", "too_soon"), ("16 July", "too_soon")])
def test_a_repeat_is_not_written_on_the_day_of_the_last_notice(last: str, result: int | str) -> None:
    facts = {"item": {"level": 1, "last_dunned_on": on(last)}, "customer": {"level": 1}, "request": {"scope": Scope.THIS_LEVEL}}
    assert answer(Mode.EDITION, facts) == result


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(("minimum", "result"), [(99_99, 1), (100_00, "below_minimum"), (100_01, "below_minimum")])
def test_the_open_amount_must_be_strictly_above_the_minimum(mode: Mode, minimum: int, result: int | str) -> None:
    assert answer(mode, {"options": {"min_invoice_amount": minimum}}) == result


def told(customer: Page, **options: object) -> dict[str, int | str]:
    return outcome(propose(customer, terms(**options)))


def test_the_minimum_is_compared_with_all_that_is_open_of_the_document() -> None:
    customer = page("""
        document | due     | open
        FA-1     | 7 July  | 6
        FA-1     | 30 July | 5
        FA-2     | 7 July  | 10
        """)
    assert told(customer, min_invoice_amount=10_00) == {"FA-1": 1, "FA-1/2": "no_level_applies", "FA-2": "below_minimum"}


def test_the_minimum_is_the_same_figure_in_every_currency() -> None:
    customer = page("""
        document | due    | open
        FA-1     | 7 July | 10 USD
        FA-2     | 7 July | 11 USD
        FA-3     | 7 July | 10 JPY
        FA-4     | 7 July | 11 JPY
        FA-5     | 7 July | 10.500 TND
        FA-6     | 7 July | 10.501 TND
        """)
    below = "below_minimum"
    assert told(customer, min_invoice_amount=10_50) == {"FA-1": below, "FA-2": 1, "FA-3": below, "FA-4": 1, "FA-5": below, "FA-6": 1}


@pytest.mark.parametrize("paid", [99, 100])
def test_a_creditor_customer_is_one_whose_balance_is_not_above_zero(paid: int) -> None:
    customer = page(ORDINARY, payments=f"reference | date | left\nP1 | 1 July | {paid}")
    assert told(customer)["FA-1"] == ("creditor_customer" if paid == 100 else 1)
    assert told(customer, dun_creditor_customers=True)["FA-1"] == 1


def test_a_balance_counts_what_is_not_due_yet_and_credit_notes_in_each_currency_by_itself() -> None:
    customer = page("""
        document | due     | open
        FA-1     | 7 July  | 100
        FA-2     | 30 July | 50
        AV-1     | 1 July  | -150
        FA-3     | 7 July  | 100 USD
        FA-4     | 30 July | 50 USD
        AV-2     | 1 July  | -149.99 USD
        """)
    found = told(customer)
    assert (found["FA-1"], found["FA-3"]) == ("creditor_customer", 1)


def test_the_page_of_a_customer_knows_its_balances() -> None:
    owed = """
        document | due     | open
        FA-1     | 7 July  | 100
        AV-1     | 1 July  | -30
        FA-2     | 30 July | 50 USD
        """
    paid = """
        reference | date   | left
        P1        | 1 July | 20
        P2        | 1 July | -5
        P3        | 1 July | 7 JPY
        """
    assert page(owed, payments=paid).balances() == {"EUR": 55_00, "USD": 50_00, "JPY": -7}
