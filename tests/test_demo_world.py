"""Is the demo company a dossier that keeps the contract, on any day, and is everything in it that it promises to show?"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from stdnum import bic, iban
from stdnum.fr import siren, tva

from relance.core import money
from relance.demo import demo_dossier
from tests.demo_book import TODAY, Json, allocated, billed, dossier, open_items, sales

# The keys of the contract, noun by noun.
KEYS = {
    "company": "code name currency country language siren vat_number iban bic address sender_email",
    "options": "level_basis contacts_of_billed_customer dun_creditor_customers min_invoice_amount expected_payment_delay_days"
    " originals_only letter_grouping promise_grace_days progression min_days_between email_grouping include_credits customer_level"
    " no_recipient_channel fallback_payment_method",
    "levels": "level label lower_bound upper_bound subject header footer texts clock automatic channel charge_interest charge_indemnity",
    "policies": "code progression min_days_between levels",
    "payment_methods": "code label dunnable",
    "statuses": "code label stops_dunning",
    "collaborators": "code name email",
    "customer_types": "code label",
    "customers": "code name type sales_rep account language kind policy dunning_enabled manual_dunning auto_dunning level last_dunned_on"
    " sites contacts insolvent_on held_from held_until hold_reason hold_comment",
    "sites": "code name email address postcode city country",
    "contacts": "name email_identity email_at_customer sites left_on roles receives",
    "suppliers": "code name",
    "documents": "number type customer billed_customer supplier site date label currency payment_method manager recipients copies"
    " block_comment no_auto_dunning no_manual_dunning no_dunning_temporary due",
    "due": "no due_date amount level last_dunned_on status comment expected_on promised_on",
    "payments": "reference kind customer date amount currency allocations",
    "allocations": "document no date amount",
}
CODED = ("customers", "suppliers", "payment_methods", "statuses", "collaborators", "policies")
PLACEHOLDERS = {"customer", "company", "total", "oldest_due_date", "date", "deadline", "previous_date", "documents"}
ADDRESS = re.compile(r"[a-z0-9._-]+@[a-z0-9-]+\.example")


def nouns(part: Json, of: str = "") -> Iterator[tuple[str, Json]]:
    """Every object of a dossier with what the contract calls it."""
    if of:
        yield of, part
    for key, value in part.items():
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, dict) and key in KEYS:
                yield from nouns(child, key)


def unknown_keys(book: Json) -> list[Any]:
    return [(noun, key) for noun, part in nouns(book) for key in part if key not in KEYS[noun].split()]


def repeated_keys(book: Json) -> list[Any]:
    named = {
        "site": [(one["code"], site["code"]) for one in book["customers"] for site in one["sites"]],
        "contact": [(one["code"], contact["name"]) for one in book["customers"] for contact in one["contacts"]],
        "document": [(one.get("customer"), one.get("supplier"), one["number"]) for one in book["documents"]],
        "due item": [(id(one), due["no"]) for one in book["documents"] for due in one["due"]],
        "payment": [one["reference"] for one in book["payments"]],
    }
    simple = {noun: [one["code"] for one in book[noun]] for noun in CODED}
    return [(noun, key) for noun, keys in (named | simple).items() for key, times in Counter(keys).items() if times > 1]


def unknown_references(book: Json) -> list[Any]:
    codes = {noun: {one["code"] for one in book[noun]} | {None} for noun in CODED}
    sites = {(one["code"], site["code"]) for one in book["customers"] for site in one["sites"]}
    wanted = [("collaborators", one["sales_rep"]) for one in book["customers"]] + [("policies", one["policy"]) for one in book["customers"]]
    for document in book["documents"]:
        wanted += [("customers", document.get("customer")), ("customers", document.get("billed_customer"))]
        wanted += [("suppliers", document.get("supplier")), ("collaborators", document.get("manager"))]
        wanted += [("payment_methods", document.get("payment_method"))] + [("statuses", due.get("status")) for due in document["due"]]
    places = [(one["customer"], one["site"]) for one in sales(book) if "site" in one]
    places += [(one["code"], site) for one in book["customers"] for contact in one["contacts"] for site in contact["sites"]]
    return [want for want in wanted if want[1] not in codes[want[0]]] + [place for place in places if place not in sites]


def unknown_documents(book: Json) -> list[Any]:
    there = {(billed(one), one["number"], due["no"]) for one in sales(book) for due in one["due"]}
    return [place for place in allocated(book) if place not in there]


def ill_formed_amounts(book: Json) -> list[Any]:
    amounts = [(one["amount"], one["currency"]) for one in book["payments"]]
    amounts += [(part["amount"], one["currency"]) for one in book["payments"] for part in one["allocations"]]
    amounts += [(due["amount"], one["currency"]) for one in book["documents"] for due in one["due"]]
    return [amount for amount in amounts if money.show(money.parse(*amount), amount[1]) != amount[0]]


def wrong_signs(book: Json) -> list[Any]:
    return [one["number"] for one in book["documents"] for due in one["due"] if (one["type"] == "invoice") is due["amount"].startswith("-")]


def too_much_allocated(book: Json) -> list[Any]:
    paid = allocated(book)
    faults: list[Any] = [
        (document["number"], due["no"])
        for document in sales(book)
        for due in document["due"]
        if not within(paid[billed(document), document["number"], due["no"]], money.parse(due["amount"], document["currency"]))
    ]
    for payment in book["payments"]:
        used = sum(money.parse(part["amount"], payment["currency"]) for part in payment["allocations"])
        faults += [] if within(used, money.parse(payment["amount"], payment["currency"])) else [payment["reference"]]
    return faults


def within(part: int, whole: int) -> bool:
    return min(0, whole) <= part <= max(0, whole)


def mixed_currencies(book: Json) -> list[Any]:
    currency = {(billed(one), one["number"]): one["currency"] for one in sales(book)}
    return [
        payment["reference"]
        for payment in book["payments"]
        for part in payment["allocations"]
        if currency[payment["customer"], part["document"]] != payment["currency"]
    ]


def ill_formed_addresses(book: Json) -> list[Any]:
    found = [book["company"]["sender_email"]] + [one["email"] for one in book["collaborators"]]
    for customer in book["customers"]:
        found += [site["email"] for site in customer["sites"]]
        found += [contact[key] for contact in customer["contacts"] for key in ("email_identity", "email_at_customer")]
    for document in book["documents"]:
        found += document.get("recipients", []) + document.get("copies", [])
    return [address for address in found if address and not ADDRESS.fullmatch(address)]


def later_than_today(book: Json) -> list[Any]:
    today = book["today"]
    dated = [one["date"] for one in book["documents"] + book["payments"]]
    dated += [part["date"] for one in book["payments"] for part in one["allocations"]]
    dated += [due["last_dunned_on"] for one in book["documents"] for due in one["due"] if due.get("last_dunned_on")]
    return [day for day in dated if date.fromisoformat(day) > today]


def due_before_issued(book: Json) -> list[Any]:
    return [one["number"] for one in book["documents"] for due in one["due"] if due["due_date"] < one["date"]]


def levels_without_their_day(book: Json) -> list[Any]:
    dunned = [(one["number"], due) for one in sales(book) for due in one["due"]] + [(one["code"], one) for one in book["customers"]]
    return [name for name, one in dunned if (one.get("level", 0) == 0) is not (one.get("last_dunned_on") is None)]


def levels_not_set_up(book: Json) -> list[Any]:
    rows = {None: book["levels"]} | {one["code"]: one["levels"] for one in book["policies"]}
    known = {one["code"]: {row["level"] for row in rows[one["policy"]]} | {0} for one in book["customers"]}
    items = [(billed(one), due.get("level", 0)) for one in sales(book) for due in one["due"]]
    return [item for item in items + [(one["code"], one["level"]) for one in book["customers"]] if item[1] not in known[item[0]]]


def customers_above_their_items(book: Json) -> list[Any]:
    highest = Counter[str]()
    for document, due, _ in open_items(book):
        level = due.get("level", 0)
        highest[billed(document)] = max(highest[billed(document)], 0 if level == "NA" else level)
    return [one["code"] for one in book["customers"] if one["level"] > highest[one["code"]]]


def weekend_dates(book: Json) -> list[Any]:
    dated = [one["date"] for one in sales(book) + book["payments"]]
    return [day for day in dated if date.fromisoformat(day).weekday() > 4]


FAULTS = [
    unknown_keys,
    repeated_keys,
    unknown_references,
    unknown_documents,
    ill_formed_amounts,
    wrong_signs,
    too_much_allocated,
    mixed_currencies,
    ill_formed_addresses,
    later_than_today,
    due_before_issued,
    levels_without_their_day,
    levels_not_set_up,
    customers_above_their_items,
    weekend_dates,
]


@given(today=st.dates(date(2003, 1, 1), date(2103, 12, 31)))
@example(today=date(2028, 2, 29))
@example(today=date(2027, 1, 1))
@example(today=date(2026, 12, 31))
@settings(max_examples=20)
def test_on_any_day_the_dossier_is_without_faults(today: date):
    book = dossier(today) | {"today": today}
    assert [(fault.__name__, found) for fault in FAULTS if (found := fault(book))] == []


def test_the_same_day_gives_the_same_dossier_whatever_was_done_to_the_last_one():
    spoilt = demo_dossier(TODAY)
    for noun in ("levels", "policies", "customers", "documents", "payments"):
        spoilt[noun][0].clear()
    spoilt["company"]["name"] = ""
    assert demo_dossier(TODAY) == dossier(TODAY)


def test_the_dossier_survives_being_written_to_a_file():
    assert json.loads(json.dumps(dossier(TODAY))) == dossier(TODAY)


def test_nothing_but_the_dates_depends_on_the_day():
    def undated(today: date) -> str:
        return re.sub(r"\d{4}-\d\d-\d\d|\d\d/\d\d/\d{4}", "", json.dumps(dossier(today)))

    assert undated(date(2028, 2, 29)) == undated(TODAY)


def test_the_company_can_be_paid_and_is_nobody():
    company = dossier(TODAY)["company"]
    assert siren.is_valid(company["siren"])
    assert tva.is_valid(company["vat_number"])
    assert iban.is_valid(company["iban"])
    assert bic.is_valid(company["bic"])


def test_the_company_is_as_large_as_announced():
    book = dossier(TODAY)
    counts = {noun: len(book[noun]) for noun in ("customers", "suppliers", "documents", "payments")}
    assert counts == {"customers": 60, "suppliers": 10, "documents": 421, "payments": 271}


def test_invoices_are_numbered_without_a_hole_in_the_order_of_their_dates():
    invoices = [one for one in sales(dossier(TODAY)) if one["number"].startswith("FA-")]
    assert [one["number"] for one in invoices] == [f"FA-{number}" for number in range(2001, 2001 + len(invoices))]
    assert [one["date"] for one in invoices] == sorted(one["date"] for one in invoices)


def test_most_is_paid_and_most_of_the_rest_is_not_due_or_hardly_late():
    late = [(TODAY - date.fromisoformat(due["due_date"])).days for _, due, rest in open_items(dossier(TODAY)) if rest > 0]
    assert 110 <= len(late) <= 140
    assert sum(days <= 10 for days in late) >= 0.6 * len(late)
    assert 5 <= sum(days > 90 for days in late) <= 15


def test_invoices_of_every_level_are_open():
    assert Counter(due.get("level", 0) for _, due, rest in open_items(dossier(TODAY)) if rest > 0).keys() == {0, 1, 2, 3, "NA"}


def test_but_for_two_taken_over_the_invoices_span_eighteen_months():
    ages = {one["number"]: (TODAY - date.fromisoformat(one["date"])).days for one in sales(dossier(TODAY))}
    assert 500 <= max(days for number, days in ages.items() if number != "REPRISE-1") <= 550


def test_the_letters_use_only_placeholders_that_exist():
    book = dossier(TODAY)
    texts = json.dumps([book["levels"], book["policies"]])
    keys = set(re.findall(r"\{(\w*)\}", texts))
    assert keys <= PLACEHOLDERS


def test_every_level_of_the_company_is_written_in_french_and_in_english():
    for row in dossier(TODAY)["levels"][:-1]:
        french, english = row, row["texts"]["en"]
        assert all(french[part] and english[part] and french[part] != english[part] for part in ("subject", "header", "footer"))


def test_addresses_fit_on_an_envelope():
    lines = [line for one in dossier(TODAY)["customers"] for site in one["sites"] for line in (one["name"], site["name"], *site["address"])]
    assert [line for line in lines if len(line) > 38] == []


def test_telephone_numbers_are_of_the_range_kept_for_fiction():
    numbers = re.findall(r"(?:\+33 |0)\d(?: \d\d){4}", json.dumps(dossier(TODAY)))
    assert numbers
    assert {number.removeprefix("+33 ").removeprefix("0")[:7] for number in numbers} == {"2 61 91"}
