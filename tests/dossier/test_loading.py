"""Is what a file says laid over what is stored as the contract says: by key, absent keys kept, null the default?"""

import hashlib
from base64 import b64encode

import pytest

from relance.models import Customer, Event, Policy
from tests.dossier.files import (
    LEVELS,
    Json,
    books,
    credit,
    customer,
    due,
    events,
    faults_of,
    file,
    held,
    invoice,
    payment,
    stored,
    take_in,
    text_of,
)

pytestmark = pytest.mark.django_db

LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
EVERYTHING = books(
    pictures=[{"sha256": hashlib.sha256(LOGO).hexdigest(), "content": b64encode(LOGO).decode()}],
    display={"logo": hashlib.sha256(LOGO).hexdigest(), "columns": ["amount"]},
    options={"min_invoice_amount": "10.00", "fallback_payment_method": "VIR", "min_days_between": 0, "interest_rate": "12.50"},
    levels=[
        LEVELS[0] | {"label": "Rappel", "texts": {"en": {"subject": "Reminder"}}},
        LEVELS[1],
        {"level": "NA", "lower_bound": 900, "clock": "end_of_month"},
    ],
    policies=[{"code": "GRANDS", "progression": "stepwise", "levels": LEVELS}],
    customers=[
        customer(
            policy="GRANDS",
            sales_rep="DUP",
            sites=[{"code": "S1", "address": ["1 rue du Port", ""]}, {"code": "S2"}],
            contacts=[{"name": "Jean", "sites": ["S2", "S1"], "roles": ["main"], "receives": ["dunning"]}],
        ),
        customer("C002"),
    ],
    suppliers=[{"code": "F001", "name": "Fournisseur"}],
    documents=[
        invoice(site="S2", due=[due("60.00"), due("40.00", "2026-02-28", level="NA", status="LITIGE", promised_on="2026-03-01")]),
        credit(),
        invoice("FA-2", billed_customer="C002", payment_method="VIR", manager="DUP", recipients=["a@b.example"], copies=["c@d.example"]),
        invoice("A-1", supplier="F001", due=[due("500.00")]),
    ],
    payments=[
        payment(settles={"AV-1": "-10.00"}, amount="20.00")
        | {"allocations": [{"document": "FA-1", "no": 1, "amount": "20.00"}, {"document": "AV-1", "amount": "-10.00"}]},
        payment("N1", "0.00", {"AV-1": "-20.00"}, kind="netting")
        | {"allocations": [{"document": "FA-1", "due_date": "2026-02-28", "amount": "20.00"}, {"document": "AV-1", "amount": "-20.00"}]},
        payment("P2", "30.00", {"FA-2": "30.00"}, customer="C002"),
        payment("F1", "500.00", {"A-1": "500.00"}, supplier="F001"),
    ],
)


def test_loading_the_same_file_twice_changes_nothing_and_records_nothing():
    take_in(EVERYTHING)
    before = text_of()
    report = take_in(EVERYTHING)
    assert text_of() == before
    assert not Event.objects.exists()
    assert {(count.created, count.updated) for count in report.counts.values()} == {(0, 0)}


def test_what_is_not_said_has_its_default_on_creation():
    take_in(books(documents=[invoice()], payments=[payment()]))
    kept = stored()
    assert kept is not None
    options: Json = {
        "level_basis": "due_date",
        "min_invoice_amount": "0.00",
        "promise_grace_days": 3,
        "min_days_between": None,
        "originals_only": True,
    }
    assert options.items() <= kept["options"].items()
    shown = {"account": "C001", "kind": "business", "auto_dunning": True, "manual_dunning": True, "level": 0, "language": None, "sites": []}
    assert shown.items() <= kept["customers"][0].items()
    assert kept["documents"][0] | {"type": "invoice", "billed_customer": "C001", "currency": "EUR", "site": None} == kept["documents"][0]
    assert kept["documents"][0]["due"][0] | {"no": 1, "level": 0, "comment": "", "status": None} == kept["documents"][0]["due"][0]
    assert kept["payments"][0]["kind"] == "payment"


@pytest.mark.spec("K60")
def test_a_new_customer_is_dunned_automatically_unless_the_file_says_otherwise():
    take_in(books(customers=[customer(), customer("C002", auto_dunning=False)]))
    assert [held("customers", place)["auto_dunning"] for place in (0, 1)] == [True, False]


def test_an_absent_key_keeps_what_is_stored():
    take_in(
        books(customers=[customer(type="20", sales_rep="DUP", sites=[{"code": "S1", "city": "Nantes"}])], documents=[invoice(label="Vin")])
    )
    take_in(
        file(customers=[{"code": "C001", "kind": "public"}], documents=[{"number": "FA-1", "customer": "C001", "copies": ["a@b.example"]}])
    )
    kept = held("customers")
    assert (kept["name"], kept["type"], kept["sales_rep"], kept["kind"], kept["sites"][0]["city"]) == (
        "Client C001",
        "20",
        "DUP",
        "public",
        "Nantes",
    )
    assert (held("documents")["label"], held("documents")["copies"]) == ("Vin", ["a@b.example"])


def test_null_puts_the_default_back():
    take_in(
        books(
            customers=[customer(type="20", language="en", kind="public")],
            documents=[invoice(label="Vin", billed_customer="C001", currency="USD")],
        )
    )
    take_in(
        books(
            customers=[customer(type=None, language=None, kind=None)], documents=[invoice(label=None, billed_customer=None, currency=None)]
        )
    )
    assert {key: held("customers")[key] for key in ("type", "language", "kind")} == {"type": "", "language": None, "kind": "business"}
    assert {key: held("documents")[key] for key in ("label", "billed_customer", "currency")} == {
        "label": "",
        "billed_customer": "C001",
        "currency": "EUR",
    }


def test_what_the_file_does_not_name_is_untouched():
    take_in(EVERYTHING)
    take_in(file(customers=[customer("C002", name="Renommé")]))
    kept = stored()
    assert kept is not None
    assert [len(kept[noun]) for noun in ("levels", "policies", "customers", "documents", "payments")] == [3, 1, 2, 4, 4]
    assert [one["name"] for one in kept["customers"]] == ["Client C001", "Renommé"]


def test_a_level_that_a_list_does_not_name_stays():
    take_in(file(levels=LEVELS))
    take_in(file(levels=[{"level": 2, "upper_bound": 40}, {"level": 3, "lower_bound": 41}]))
    assert [(row["level"], row["lower_bound"], row["upper_bound"]) for row in (stored() or {})["levels"]] == [
        (1, 0, 10),
        (2, 11, 40),
        (3, 41, None),
    ]


def test_without_levels_there_is_no_default_policy():
    take_in(books())
    assert not Policy.objects.exists()


def test_further_languages_of_a_level_are_laid_over_those_stored():
    take_in(file(levels=[LEVELS[0] | {"texts": {"en": {"subject": "Reminder", "footer": "Yours"}, "de": {"subject": "Mahnung"}}}]))
    take_in(file(levels=[{"level": 1, "texts": {"en": {"subject": "Second reminder"}, "de": None}}]))
    assert (stored() or {})["levels"][0]["texts"] == {"en": {"subject": "Second reminder", "header": "", "footer": "Yours"}}


def test_sites_and_contacts_stand_in_the_order_of_the_file():
    take_in(books(customers=[customer(sites=[{"code": code} for code in ("A", "B", "C")])]))
    take_in(books(customers=[customer(sites=[{"code": code} for code in ("N", "C", "A")])]))
    assert [site["code"] for site in held("customers")["sites"]] == ["N", "B", "C", "A"]


def test_the_boxes_and_sites_of_a_contact_are_those_that_the_file_gives():
    jean = {"name": "Jean", "sites": ["A"], "roles": ["main"], "receives": ["dunning", "invoices"]}
    take_in(books(customers=[customer(sites=[{"code": "A"}, {"code": "B"}], contacts=[jean])]))
    report = take_in(books(customers=[customer(contacts=[{"name": "Jean", "sites": ["B"], "receives": ["dunning"]}])]))
    kept = held("customers")["contacts"][0]
    assert (kept["sites"], kept["roles"], kept["receives"]) == (["B"], ["main"], ["dunning"])
    assert report.counts["contacts"].updated == 1


def test_a_site_without_a_country_is_in_the_company_s():
    take_in(
        books(
            company={"code": "ACME", "name": "Acme", "country": "BE"},
            customers=[customer(sites=[{"code": "S1"}, {"code": "S2", "country": "DE"}])],
        )
    )
    assert [site["country"] for site in held("customers")["sites"]] == ["BE", "DE"]


def test_names_are_kept_with_the_order_in_which_they_sort():
    take_in(books(customers=[customer(name="Éditions Œuvre")]))
    take_in(books(customers=[customer(name="Zénith")]))
    assert Customer.objects.get().sort_name == "zenith"


# -- levels, dates and comments


TUESDAY = {"level": 2, "last_dunned_on": "2026-02-10", "comment": "Relancé", "expected_on": "2026-02-18"}
MONDAY = {"level": 1, "last_dunned_on": "2026-02-01", "comment": "", "expected_on": None}


def test_last_monday_s_file_does_not_bring_old_levels_back():
    take_in(books(customers=[customer(level=2, last_dunned_on="2026-02-10")], documents=[invoice(due=[due(**TUESDAY)])]))
    take_in(books(customers=[customer(level=1, last_dunned_on=None)], documents=[invoice(due=[due(**MONDAY)])]))
    assert (held("customers")["level"], held("customers")["last_dunned_on"]) == (2, "2026-02-10")
    assert TUESDAY.items() <= held("documents")["due"][0].items()
    assert events() == []


def test_with_levels_the_file_wins_and_the_history_says_so():
    take_in(books(customers=[customer(level=2)], documents=[invoice(due=[due(**TUESDAY)])]))
    take_in(books(customers=[customer(level=0)], documents=[invoice(due=[due(**MONDAY | {"level": "NA"})])]), with_levels=True)
    assert (held("customers")["level"], held("documents")["due"][0]["level"]) == (0, "NA")
    assert events() == [
        ("level_set", {"changed": [{"what": "level", "before": 2, "after": 0}]}),
        (
            "level_set",
            {
                "changed": [
                    {"no": 1, "what": "level", "before": 2, "after": "NA"},
                    {"no": 1, "what": "last_dunned_on", "before": "2026-02-10", "after": "2026-02-01"},
                ]
            },
        ),
        (
            "followed_up",
            {
                "changed": [
                    {"no": 1, "what": "comment", "before": "Relancé", "after": ""},
                    {"no": 1, "what": "expected_on", "before": "2026-02-18", "after": None},
                ]
            },
        ),
    ]


def test_a_status_a_promise_and_a_block_that_change_are_recorded():
    take_in(books(documents=[invoice()]))
    take_in(
        books(
            documents=[
                invoice(no_auto_dunning=True, block_comment="Voir M. Aubrelle", due=[due(status="LITIGE", promised_on="2026-03-01")])
            ]
        )
    )
    assert events() == [
        (
            "blocked",
            {
                "kind": "automatic",
                "changed": [
                    {"what": "no_auto_dunning", "before": False, "after": True},
                    {"what": "block_comment", "before": "", "after": "Voir M. Aubrelle"},
                ],
            },
        ),
        (
            "followed_up",
            {
                "changed": [
                    {"no": 1, "what": "status", "before": None, "after": "LITIGE"},
                    {"no": 1, "what": "promised_on", "before": None, "after": "2026-03-01"},
                ]
            },
        ),
    ]
    assert {(event.by, event.document.number, event.customer.code) for event in Event.objects.all()} == {("jeanne", "FA-1", "C001")}


# -- references


UNKNOWN = {
    "sales rep": (books(customers=[customer(sales_rep="X")]), 'customers[0].sales_rep: unknown collaborator: "X"'),
    "policy": (books(customers=[customer(policy="X")]), 'customers[0].policy: unknown policy: "X"'),
    "the default policy by its empty code": (books(levels=LEVELS, customers=[customer(policy="")]), "customers[0].policy: is empty"),
    "site of a contact": (
        books(customers=[customer(sites=[{"code": "S1"}], contacts=[{"name": "J", "sites": ["S1", "S2"]}])]),
        'customers[0].contacts[0].sites[1]: unknown site: "S2"',
    ),
    "fallback": (file(options={"fallback_payment_method": "X"}), 'options.fallback_payment_method: unknown payment method: "X"'),
    "customer": (books(documents=[invoice(customer="X")]), 'documents[0].customer: unknown customer: "X"'),
    "supplier": (books(documents=[invoice(supplier="X")]), 'documents[0].supplier: unknown supplier: "X"'),
    "billed customer": (books(documents=[invoice(billed_customer="X")]), 'documents[0].billed_customer: unknown customer: "X"'),
    "site": (
        books(customers=[customer(), customer("C002", sites=[{"code": "S1"}])], documents=[invoice(site="S1")]),
        'documents[0].site: unknown site: "S1"',
    ),
    "payment method": (books(documents=[invoice(payment_method="X")]), 'documents[0].payment_method: unknown payment method: "X"'),
    "manager": (books(documents=[invoice(manager="X")]), 'documents[0].manager: unknown collaborator: "X"'),
    "status": (books(documents=[invoice(due=[due(status="X")])]), 'documents[0].due[0].status: unknown status: "X"'),
    "document": (books(payments=[payment(settles={"X": "1.00"})]), 'payments[0].allocations[0].document: unknown document: "X"'),
    "payer": (books(payments=[payment(customer="X")]), 'payments[0].customer: unknown customer: "X"'),
    "no customer": (books(documents=[invoice(customer=None)]), "documents[0]: neither a customer nor a supplier"),
    "two sides": (
        books(suppliers=[{"code": "F", "name": "F"}], payments=[payment(supplier="F", customer="C001")]),
        "payments[0]: both a customer and a supplier",
    ),
    "site of a supplier's invoice": (
        books(suppliers=[{"code": "F", "name": "F"}], documents=[invoice(supplier="F", site="S1")]),
        "documents[0].site: a supplier's document has none",
    ),
}


@pytest.mark.parametrize("what", UNKNOWN)
def test_an_unknown_reference_is_refused_at_its_place(what: str):
    dossier, told = UNKNOWN[what]
    assert faults_of(dossier) == [told]


def test_references_may_be_to_what_is_stored_already():
    take_in(books(policies=[{"code": "GRANDS", "levels": LEVELS}], customers=[customer(sites=[{"code": "S1"}])], documents=[invoice()]))
    later = file(
        customers=[{"code": "C001", "policy": "GRANDS", "sales_rep": "DUP"}],
        documents=[invoice("FA-2", site="S1", manager="DUP", payment_method="VIR", due=[due(status="LITIGE")])],
        payments=[payment(settles={"FA-1": "50.00"})],
    )
    assert faults_of(later) == []
    assert held("payments")["allocations"][0]["document"] == "FA-1"


def test_two_customers_may_have_the_same_number():
    take_in(books(customers=[customer(), customer("C002")], documents=[invoice(), invoice(customer="C002", label="Autre")]))
    assert [(held("documents", place)["customer"], held("documents", place)["label"]) for place in (0, 1)] == [
        ("C001", ""),
        ("C002", "Autre"),
    ]


# -- levels that contradict each other


SOUND_OR_NOT = {
    "bounds crossed": (
        file(levels=[{"level": 1, "lower_bound": 5, "upper_bound": 4}]),
        ["levels[0]: the lower bound 5 is above the upper bound 4"],
    ),
    "overlap": (
        file(levels=[{"level": 1, "lower_bound": 0, "upper_bound": 10}, {"level": 2, "lower_bound": 10}]),
        ["levels[1]: from 10 days on overlaps level 1, 0 to 10 days"],
    ),
    "overlap in a further policy": (
        file(policies=[{"code": "G", "levels": [LEVELS[1], LEVELS[0] | {"upper_bound": 11}]}]),
        ["policies[0].levels[1]: 0 to 11 days overlaps level 2, from 11 days on"],
    ),
    "each on its own clock": (file(levels=[LEVELS[0], {"level": 2, "lower_bound": 5, "clock": "end_of_month"}]), []),
    "level zero": (file(levels=[{"level": 0, "lower_bound": 5}]), ['levels[0].level: not a level of a policy, 1 to 9 or "NA": 0']),
    "the same level twice": (
        file(levels=[LEVELS[0], {"level": 1, "lower_bound": 50}]),
        ["levels[1].level: the same key twice: levels[0] has it already"],
    ),
    "no lower bound": (file(levels=[{"level": 1}]), ["levels[0].lower_bound: is missing"]),
}


@pytest.mark.parametrize("what", SOUND_OR_NOT)
def test_levels_that_contradict_each_other_are_refused(what: str):
    dossier, told = SOUND_OR_NOT[what]
    assert faults_of(dossier) == told


def test_a_level_may_not_overlap_a_stored_one():
    take_in(file(levels=LEVELS))
    assert faults_of(file(levels=[{"level": 3, "lower_bound": 41}])) == ["levels[0]: from 41 days on overlaps level 2, from 11 days on"]


def test_another_level_basis_may_bring_levels_onto_one_clock():
    take_in(file(levels=[LEVELS[0], {"level": 2, "lower_bound": 5, "clock": "last_dunning"}]))
    told = ["options.level_basis: from 5 days on overlaps level 1, 0 to 10 days"]
    assert faults_of(file(options={"level_basis": "last_dunning"})) == told


def test_a_gap_between_levels_is_a_warning():
    report = take_in(file(levels=[LEVELS[0], {"level": 2, "lower_bound": 15}]))
    assert [str(warning) for warning in report.warnings] == ["levels[1]: no level applies from 11 to 14 days, between levels 1 and 2"]


# -- the company


def test_a_threshold_keeps_its_figure_in_another_currency():
    take_in(file(options={"min_invoice_amount": "10.00"}))
    take_in(file(company={"code": "ACME", "currency": "JPY"}))
    assert (stored() or {})["options"]["min_invoice_amount"] == "10"


def test_what_is_left_unsaid_about_days_between_notices_stays_unsaid():
    take_in(file())
    assert (stored() or {})["options"]["min_days_between"] is None
    take_in(file(options={"min_days_between": 0}))
    assert (stored() or {})["options"]["min_days_between"] == 0


def test_the_spaces_of_an_iban_are_not_kept():
    take_in(file(company={"code": "ACME", "name": "Acme", "iban": "FR14 2004 1010 0505 0001 3M02 606"}))
    assert (stored() or {})["company"]["iban"] == "FR1420041010050500013M02606"


def test_a_rate_under_the_floor_is_no_fault_where_a_consumer_pays():
    assert faults_of(books(customers=[customer(kind="consumer")], documents=[invoice(interest_rate="2.00")])) == []


def test_the_report_counts_what_was_done():
    take_in(EVERYTHING)
    report = take_in(
        books(customers=[customer(type="30"), customer("C003")], documents=[invoice(due=[due("70.00"), due("40.00", "2026-02-28")])])
    )
    counts = {noun: (count.created, count.updated, count.unchanged) for noun, count in report.counts.items()}
    assert (counts["customers"], counts["documents"], counts["due_items"]) == ((1, 1, 0), (0, 0, 1), (0, 1, 1))


@pytest.mark.parametrize(("place", "side"), [(0, "customer"), (3, "supplier")])
def test_a_stored_payment_cannot_be_taken_from_whose_it_is(place: int, side: str):
    take_in(EVERYTHING)
    payments = [payment | ({side: None} if number == place else {}) for number, payment in enumerate(EVERYTHING["payments"])]
    assert faults_of(EVERYTHING | {"payments": payments}) == [f"payments[{place}]: neither a customer nor a supplier"]
