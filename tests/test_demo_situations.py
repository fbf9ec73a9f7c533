"""Is every situation that the demo company promises really there?

What the automatic run decides is checked in ``test_demo_tonight``; here, what can be seen in the dossier itself.
"""

from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest

from relance.core import money
from relance.demo.situations import SITUATIONS
from tests.demo_book import TODAY, Json, billed, dossier, open_items, sales


class Seen:
    """What a situation points at, ready to be asked about."""

    def __init__(self, name: str) -> None:
        book = dossier(TODAY)
        self.name, self.situation = name, SITUATIONS[name]
        self.customers = [one for one in book["customers"] if one["code"] in self.situation.accounts]
        self.documents = [one for one in book["documents"] if one["number"] in self.situation.documents and self.concerns(one)]
        self.dues = [due for document in self.documents for due in document["due"]]
        self.owed = [item for item in open_items(book) if billed(item[0]) in self.situation.accounts]
        self.payments = [one for one in book["payments"] if one["customer"] in self.situation.accounts]

    def concerns(self, document: Json) -> bool:
        owner = document["supplier"] if "supplier" in document else billed(document)
        return owner in self.situation.accounts

    @property
    def customer(self) -> Json:
        return self.customers[0]

    @property
    def contacts(self) -> list[Json]:
        return [contact for customer in self.customers for contact in customer["contacts"]]

    @property
    def open(self) -> dict[tuple[str, int], int]:
        """Minor units still open of each due item pointed at."""
        return {(one["number"], due["no"]): rest for one, due, rest in self.owed if one in self.documents}

    @property
    def late(self) -> list[int]:
        """Days past due of the items pointed at."""
        return [(TODAY - date.fromisoformat(due["due_date"])).days for due in self.dues]

    @property
    def covering(self) -> Counter[str]:
        """How many allocations of each kind of payment the documents pointed at have."""
        return Counter(one["kind"] for one in self.payments for part in one["allocations"] if part["document"] in self.situation.documents)

    def each(self, key: str) -> list[object]:
        return [one[key] for one in self.documents]

    def reached(self) -> list[object]:
        return [due["level"] for due in self.dues]

    def receiving(self, box: str) -> list[Json]:
        return [contact for contact in self.contacts if box in contact["receives"]]

    def left_over(self) -> list[str]:
        """References of the payments that no invoice has used up."""
        return [one["reference"] for one in self.payments if minor(one) != sum(map(minor, one["allocations"]))]


def minor(payment: Json) -> int:
    return money.parse(payment["amount"], "EUR")


SHOWS: dict[str, Callable[[Seen], bool]] = {
    "first_reminder": lambda seen: seen.reached() == [0, 0],
    "second_reminder": lambda seen: seen.reached() == [1, 1],
    "level_skipped": lambda seen: seen.reached() == [0],
    "already_reminded": lambda seen: 0 not in seen.reached(),
    "not_yet_late_enough": lambda seen: all(0 < days < 5 for days in seen.late),
    "not_yet_due": lambda seen: max(seen.late) < 0,
    "formal_notice_waits": lambda seen: set(seen.reached()) == {2} and min(seen.late) >= 40,
    "formal_notice_sent": lambda seen: set(seen.reached()) == {3},
    "every_level_at_once": lambda seen: set(seen.reached()) == {0, 1, 2, 3},
    "customer_at_level_0": lambda seen: (seen.customer["level"], seen.customer["last_dunned_on"]) == (0, None),
    "customer_at_level_1": lambda seen: seen.customer["level"] == 1,
    "customer_at_level_2": lambda seen: seen.customer["level"] == 2,
    "customer_at_level_3": lambda seen: seen.customer["level"] == 3,
    "level_changed_by_hand": lambda seen: seen.reached() == [2] and seen.customer["level"] == 0,
    "excluded_by_hand": lambda seen: seen.reached() == ["NA"],
    "too_old_to_dun": lambda seen: max(seen.late) >= 730 and bool(seen.open),
    "same_number_twice": lambda seen: {one["customer"] for one in seen.documents} == set(seen.situation.accounts),
    "several_invoices_one_message": lambda seen: len({tuple(one["recipients"]) for one in seen.documents}) == 1,
    "one_message_per_recipient_list": lambda seen: len({tuple(one["recipients"]) for one in seen.documents}) == 2,
    "site_contact": lambda seen: sorted(contact["sites"] for contact in seen.receiving("dunning")) == [["S1"], ["S2"]],
    "contact_for_all_sites": lambda seen: seen.each("site") == ["S3"] and len(seen.receiving("dunning_all_sites")) == 1,
    "contact_of_no_site": lambda seen: [contact["sites"] for contact in seen.receiving("dunning")] == [[]],
    "invoice_recipients": lambda seen: len(seen.documents[0]["recipients"]) == 2 and not seen.receiving("dunning"),
    "invoice_contact": lambda seen: not seen.receiving("dunning") and seen.customer["sites"][0]["email"].startswith("martin@"),
    "invoice_contact_for_all_sites": lambda seen: seen.each("site") == ["S2"] and len(seen.receiving("invoices_all_sites")) == 1,
    "site_mailbox": lambda seen: not seen.contacts and bool(seen.customer["sites"][0]["email"]),
    "nobody_to_write_to": lambda seen: not seen.customer["sites"][0]["email"] and not seen.documents[0]["recipients"],
    "contact_without_address": lambda seen: any(not one["email_identity"] + one["email_at_customer"] for one in seen.receiving("dunning")),
    "contact_who_left": lambda seen: [one["left_on"] is not None for one in seen.receiving("dunning")] == [True],
    "address_at_customer_wins": lambda seen: all(seen.contacts[0][key] for key in ("email_identity", "email_at_customer")),
    "copies": lambda seen: all(seen.each("copies")),
    "roles": lambda seen: {role for one in seen.contacts for role in one["roles"]} == {"decision_maker", "main", "financial"},
    "managers": lambda seen: set(seen.each("manager")) == {"AUB", "WAL"},
    "direct_debit": lambda seen: set(seen.each("payment_method")) == {"PRLV"} and max(seen.late) > 5,
    "direct_debit_came_back": lambda seen: seen.covering == {"payment": 1, "return": 1} and seen.each("payment_method") == ["VIR"],
    "cheque_came_back": lambda seen: seen.covering == {"payment": 1, "return": 1} and sum(seen.open.values()) == 169200,
    "temporary_block": lambda seen: all(seen.each("no_dunning_temporary")) and all(seen.each("block_comment")),
    "automatic_block": lambda seen: all(seen.each("no_auto_dunning")) and all(seen.each("block_comment")),
    "manual_block": lambda seen: all(seen.each("no_manual_dunning")) and all(seen.each("block_comment")),
    "both_blocks": lambda seen: all(seen.each("no_auto_dunning") + seen.each("no_manual_dunning")),
    "dunning_off": lambda seen: not seen.customer["dunning_enabled"] and min(seen.late) >= 5,
    "customer_on_hold": lambda seen: seen.customer["held_from"] < str(TODAY) < seen.customer["held_until"],
    "manual_only": lambda seen: (seen.customer["manual_dunning"], seen.customer["auto_dunning"]) == (True, False),
    "automatic_only": lambda seen: (seen.customer["manual_dunning"], seen.customer["auto_dunning"]) == (False, True),
    "new_customer": lambda seen: not any(one["customer"] == seen.customer["code"] for one in sales(dossier(TODAY))),
    "everything_settled": lambda seen: not seen.owed and len(seen.payments) == 7,
    "partial_payment": lambda seen: list(seen.open.values()) == [214080 - 100000],
    "payment_without_invoice": lambda seen: [one["amount"] for one in seen.payments if not one["allocations"]] == ["400.00"],
    "payment_partly_used": lambda seen: seen.left_over() == ["VIR-3305"] and not seen.open,
    "one_payment_for_three": lambda seen: max(len(one["allocations"]) for one in seen.payments) == 3 and not seen.open,
    "small_difference_written_off": lambda seen: seen.covering == {"payment": 1, "write_off": 1} and not seen.open,
    "instalments_at_two_levels": lambda seen: seen.reached() == [1, 0, 0],
    "instalments_partly_paid": lambda seen: list(seen.open.values()) == [80000, 150000],
    "credit_note_netted": lambda seen: seen.covering == {"netting": 1} and list(seen.open.values()) == [121200],
    "credit_note_free": lambda seen: list(seen.open.values()) == [-15000] and seen.each("type") == ["credit_note"],
    "payment_on_account": lambda seen: list(seen.open.values()) == [-30000] and seen.each("type") == ["payment_on_account"],
    "creditor_customer": lambda seen: sum(rest for _, _, rest in seen.owed) < 0,
    "below_minimum": lambda seen: list(seen.open.values()) == [680],
    "exactly_at_minimum": lambda seen: list(seen.open.values()) == [1000],
    "dispute": lambda seen: [due["status"] for due in seen.dues] == ["LITIGE"],
    "contentieux": lambda seen: {due["status"] for due in seen.dues} == {"CONTENTIEUX"} and seen.customer["account"].startswith("416"),
    "insolvency": lambda seen: [due["status"] for due in seen.dues] == ["PROCEDURE"] and seen.customer["insolvent_on"] < str(TODAY),
    "status_that_stops_nothing": lambda seen: [due["status"] for due in seen.dues] == ["RAPPEL"],
    "promise_pending": lambda seen: seen.dues[0]["promised_on"] > str(TODAY),
    "promise_in_its_days_of_grace": lambda seen: 0 < (TODAY - date.fromisoformat(seen.dues[0]["promised_on"])).days <= 3,
    "promise_broken": lambda seen: (TODAY - date.fromisoformat(seen.dues[0]["promised_on"])).days > 3,
    "billed_to_the_group": lambda seen: set(seen.each("billed_customer")) == {"C041"} and len(set(seen.each("customer"))) == 2,
    "key_account_reminded_before_due": lambda seen: max(seen.late) < 0,
    "key_account_one_step_at_a_time": lambda seen: seen.reached() == [1] and seen.late[0] > 30,
    "key_account_too_soon": lambda seen: 0 < (TODAY - date.fromisoformat(seen.dues[0]["last_dunned_on"])).days < 7,
    "key_account_letter": lambda seen: seen.customer["policy"] == "GRANDS" and seen.reached() == [2],
    "public_body": lambda seen: (seen.customer["kind"], seen.customer["policy"]) == ("public", "COLLECTIVITES"),
    "public_body_has_more_time": lambda seen: seen.customer["kind"] == "public" and seen.late[0] >= 5,
    "consumer": lambda seen: {one["kind"] for one in seen.customers} == {"consumer"},
    "english_customer": lambda seen: (seen.customer["language"], seen.customer["sites"][0]["country"]) == ("en", "GB"),
    "irish_customer": lambda seen: (seen.customer["language"], seen.customer["sites"][0]["country"]) == ("en", "IE"),
    "two_currencies": lambda seen: set(seen.each("currency")) == {"EUR", "GBP"},
    "abroad_in_french": lambda seen: (
        {(one["language"], one["sites"][0]["country"]) for one in seen.customers} == {("fr", "BE"), ("fr", "CH")}
    ),
    "customer_types": lambda seen: len({one["type"] for one in seen.customers}) == len(seen.customers),
    "sales_reps": lambda seen: {one["sales_rep"] for one in seen.customers} == {"TES", "COU", "PER", "WAL"},
    "payment_methods": lambda seen: set(seen.each("payment_method")) == {"VIR", "CHQ", "LCR", "PRLV"},
    "small_balance": lambda seen: all(0 < rest < 50000 for _, _, rest in seen.owed),
    "several_due_dates": lambda seen: len({due["due_date"] for _, due, _ in seen.owed}) == 5,
    "same_due_date": lambda seen: len(set(seen.late)) < len(seen.late),
    "old_debt": lambda seen: all(
        max((TODAY - date.fromisoformat(one["date"])).days for one, _, _ in seen.owed) > 180 for _ in seen.customers
    ),
    "supplier_arrears": lambda seen: seen.documents[0]["supplier"] == "F008" and seen.late[0] > 60,
}


def test_every_situation_is_looked_at():
    assert SHOWS.keys() == SITUATIONS.keys()


@pytest.mark.parametrize("name", SITUATIONS)
def test_the_situation_is_there(name: str):
    seen = Seen(name)
    assert {one["number"] for one in seen.documents} == set(seen.situation.documents)
    assert SHOWS[name](seen)
