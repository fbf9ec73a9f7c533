"""Which dossiers are refused, and where is each fault? By place, all at once, and nothing is stored (contract, the dossier)."""

import copy

import pytest

from tests.acceptance.world import contact, item, level, rows


@pytest.fixture
def books(world):
    """A company with one of everything."""
    world.company(iban="FR7630006000011234567890189")
    world.policy("GRANDS", (1, 1, 10))
    world.supplier("F001")
    world.customer("C001", sales_rep="DUP", policy="GRANDS", contacts=[contact("Dupont", "dunning", "S1")])
    world.invoice("FA-1", site="S1", manager="DUP", recipients=["x@y.example"], copies=["z@y.example"])
    world.invoice("FF-1", supplier="F001")
    world.payment("P1", "50.00", "2026-07-01", {"FA-1": "50.00"})
    return world


def broken(dossier, place, value):
    """A copy of the dossier with another value at a place such as documents[0].due[0].amount; ... deletes it."""
    copied = copy.deepcopy(dossier)
    *way, last = [int(step) if step.isdigit() else step for step in place.replace("[", ".").replace("]", "").split(".")]
    at = copied
    for step in way:
        at = at[step]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return copied


def refuse(world, dossier, *places):
    """Refused with every place told, and the books as they were."""
    world.load()
    before = world.rows()
    world.try_load(dossier).refused(*places)
    assert world.rows() == before


@pytest.mark.parametrize("place", ["documents[0].due[0].amount", "payments[0].allocations[0].document", "customers[0].sites[0].email"])
def test_a_company_that_is_refused_is_not_created(books, place):
    books.try_load(broken(books.dossier, place, "12,5O")).refused(place)
    books.relance("dump", "--company", "ACME").refused()


UNKNOWN_KEYS = [
    "colour",
    "company.colour",
    "options.levl_basis",
    "levels[0].colour",
    "policies[0].colour",
    "policies[0].levels[0].colour",
    "payment_methods[0].colour",
    "statuses[0].colour",
    "collaborators[0].colour",
    "customers[0].colour",
    "customers[0].sites[0].colour",
    "customers[0].contacts[0].colour",
    "suppliers[0].colour",
    "documents[0].colour",
    "documents[0].due[0].colour",
    "payments[0].colour",
    "payments[0].allocations[0].colour",
]


@pytest.mark.parametrize("place", UNKNOWN_KEYS)
def test_an_unknown_key_is_refused_by_place(books, place):
    refuse(books, broken(books.dossier, place, "blue"), place)


UNKNOWN_REFERENCES = [
    "customers[0].sales_rep",
    "customers[0].policy",
    "customers[0].contacts[0].sites[0]",
    "documents[0].customer",
    "documents[0].billed_customer",
    "documents[0].site",
    "documents[0].manager",
    "documents[0].payment_method",
    "documents[0].due[0].status",
    "documents[1].supplier",
    "payments[0].customer",
    "payments[0].allocations[0].document",
    "options.fallback_payment_method",
]


@pytest.mark.parametrize("place", UNKNOWN_REFERENCES)
def test_an_unknown_reference_is_refused_by_place(books, place):
    refuse(books, broken(books.dossier, place, "NOBODY"), place.removesuffix("[0]"))


def test_codes_are_case_sensitive(books):
    refuse(books, broken(books.dossier, "documents[0].customer", "c001"), "documents[0].customer")


@pytest.mark.parametrize("no", [2, 0, 99])
def test_an_allocation_to_a_due_item_that_is_not_there_is_refused(books, no):
    refuse(books, broken(books.dossier, "payments[0].allocations[0].no", no), "payments[0].allocations[0]")


def test_an_allocation_by_a_due_date_that_two_items_have_is_refused(books):
    books.dossier["documents"][0]["due"] = [item("2026-07-07", "60.00"), item("2026-07-07", "40.00")]
    wrong = copy.deepcopy(books.dossier)
    wrong["payments"][0]["allocations"] = [{"document": "FA-1", "due_date": "2026-07-07", "amount": "50.00"}]
    refuse(books, wrong, "payments[0].allocations[0]")


TWICE = ["levels", "policies", "payment_methods", "statuses", "collaborators", "customers", "suppliers", "documents", "payments"]


@pytest.mark.parametrize("nouns", TWICE)
def test_the_same_key_twice_is_refused_at_the_second(books, nouns):
    wrong = copy.deepcopy(books.dossier)
    wrong[nouns].append(copy.deepcopy(wrong[nouns][0]))
    refuse(books, wrong, f"{nouns}[{len(wrong[nouns]) - 1}]")


@pytest.mark.parametrize("nouns", ["sites", "contacts"])
def test_the_same_site_or_contact_twice_is_refused(books, nouns):
    wrong = copy.deepcopy(books.dossier)
    wrong["customers"][0][nouns] *= 2
    refuse(books, wrong, f"customers[0].{nouns}[1]")


def test_the_same_due_item_twice_is_refused(books):
    two = [item("2026-07-07", "60.00", no=1), item("2026-08-07", "40.00", no=1)]
    refuse(books, broken(books.dossier, "documents[0].due", two), "documents[0].due[1]")


@pytest.mark.parametrize(
    "text",
    [
        '{"format": "relance/1", "format": "relance/1", "company": {"code": "ACME", "name": "A"}}',
        '{"format": "relance/1", "company": {"code": "ACME", "name": "A", "code": "AUTRE"}}',
    ],
)
def test_a_key_written_twice_in_one_object_is_refused(world, text):
    world.try_load(text).refused()
    world.relance("dump", "--company", "ACME").refused()
    world.relance("dump", "--company", "AUTRE").refused()


ADDRESSES = [
    "company.sender_email",
    "collaborators[0].email",
    "customers[0].sites[0].email",
    "customers[0].contacts[0].email_identity",
    "customers[0].contacts[0].email_at_customer",
    "documents[0].recipients[0]",
    "documents[0].copies[0]",
]


@pytest.mark.parametrize("place", ADDRESSES)
@pytest.mark.parametrize("address", ["compta", "a b@x.example", "a@x.example\nBcc: b@x.example"])
def test_an_ill_formed_address_is_refused_by_place(books, place, address):
    refuse(books, broken(books.dossier, place, address), place)


AMOUNTS = {
    "a letter O": "12,5O",
    "a comma": "12,50",
    "too many decimals": "12.345",
    "no digits": "",
    "a word": "douze",
    "an exponent": "1e3",
    "not a number": "NaN",
    "endless": "Infinity",
    "sixteen digits": "12345678901234.56",
    "a space": "1 000.00",
    "an underscore": "1_000.00",
    "other digits": "١٢.٠٠",
    "null": None,
    "a list": ["12.00"],
    "yes": True,
}


@pytest.mark.parametrize("amount", AMOUNTS)
def test_what_is_not_an_amount_is_refused_by_place(books, amount):
    refuse(books, broken(books.dossier, "documents[0].due[0].amount", AMOUNTS[amount]), "documents[0].due[0].amount")


@pytest.mark.parametrize("place", ["payments[0].amount", "payments[0].allocations[0].amount", "options.min_invoice_amount"])
@pytest.mark.parametrize("amount", ["12,5O", "12.345", "1e3"])
def test_every_amount_is_read_alike(books, place, amount):
    refuse(books, broken(books.dossier, place, amount), place)


def test_the_message_says_what_was_read(books):
    refuse(books, broken(books.dossier, "documents[0].due[0].amount", "12,5O"), 'documents[0].due[0].amount: not a decimal amount: "12,5O"')


@pytest.mark.parametrize(("currency", "amount"), [("JPY", "12.5"), ("EUR", "12.345"), ("TND", "1.2345")])
def test_decimals_are_those_of_the_currency(world, currency, amount):
    world.invoice("FA-1", amount=amount, currency=currency)
    world.try_load().refused("documents[0].due[0].amount")


def test_fifteen_digits_are_accepted(world):
    world.invoice("FA-1", amount="1234567890123.45")
    world.load()
    assert world.stored("FA-1")["amount"] == "1234567890123.45"


def test_amounts_above_the_payment_are_refused(books):
    books.dossier["documents"].append(
        {"number": "FA-2", "type": "invoice", "customer": "C001", "date": "2026-06-01", "due": [item("2026-07-01", "30.00")]}
    )
    wrong = copy.deepcopy(books.dossier)
    wrong["payments"][0]["allocations"].append({"document": "FA-2", "no": 1, "amount": "0.01"})
    refuse(books, wrong, "payments[0]")


def test_amounts_above_the_due_item_are_refused(books):
    wrong = copy.deepcopy(books.dossier)
    wrong["payments"].append(
        {
            "reference": "P2",
            "customer": "C001",
            "date": "2026-07-02",
            "amount": "50.01",
            "allocations": [{"document": "FA-1", "no": 1, "amount": "50.01"}],
        }
    )
    refuse(books, wrong, "payments[")


DATES = ["2026-02-30", "15/07/2026", "20260715", "2026-W29-3", "2026-7-5", "2026-07-15T00:00:00", "", "hier", 20260715, None]


@pytest.mark.parametrize("date", DATES, ids=str)
def test_what_is_not_a_date_is_refused_by_place(books, date):
    refuse(books, broken(books.dossier, "documents[0].date", date), "documents[0].date")


DATED = [
    "documents[0].due[0].due_date",
    "documents[0].due[0].last_dunned_on",
    "documents[0].due[0].promised_on",
    "documents[0].due[0].expected_on",
    "payments[0].date",
    "payments[0].allocations[0].date",
    "customers[0].last_dunned_on",
    "customers[0].contacts[0].left_on",
]


@pytest.mark.parametrize("place", DATED)
def test_every_date_is_read_alike(books, place):
    refuse(books, broken(books.dossier, place, "20260715"), place)


MISSING = [
    "company.code",
    "levels[0].level",
    "policies[0].code",
    "payment_methods[0].code",
    "statuses[0].code",
    "collaborators[0].code",
    "customers[0].code",
    "suppliers[0].code",
    "customers[0].sites[0].code",
    "documents[0].number",
    "documents[0].date",
    "documents[0].due[0].due_date",
    "documents[0].due[0].amount",
    "payments[0].reference",
    "payments[0].date",
    "payments[0].amount",
    "payments[0].allocations[0].amount",
]


@pytest.mark.parametrize("place", MISSING)
def test_what_must_be_said_and_is_not_is_refused_by_place(world, books, place):
    world.try_load(broken(books.dossier, place, ...)).refused(place.rpartition(".")[0])
    world.relance("dump", "--company", "ACME").refused()


WORDS = [
    "options.level_basis",
    "options.letter_grouping",
    "options.progression",
    "options.email_grouping",
    "options.customer_level",
    "options.no_recipient_channel",
    "levels[0].clock",
    "levels[0].channel",
    "customers[0].kind",
    "customers[0].contacts[0].roles[0]",
    "customers[0].contacts[0].receives[0]",
    "documents[0].type",
    "payments[0].kind",
]


@pytest.mark.parametrize("place", WORDS)
def test_a_word_that_is_not_one_of_the_list_is_refused_by_place(books, place):
    books.dossier["customers"][0]["contacts"][0]["roles"] = ["main"]
    refuse(books, broken(books.dossier, place, "perhaps"), place.removesuffix("[0]"))


SHAPES = [
    ("customers", {}),
    ("documents[0].due", {}),
    ("documents[0].due[0]", "100.00"),
    ("customers[0].auto_dunning", "yes"),
    ("customers[0].auto_dunning", 1),
    ("customers[0].code", 7),
    ("customers[0].code", ""),
    ("company", []),
    ("options", []),
    ("levels[0].lower_bound", "1"),
    ("levels[0].lower_bound", 1.5),
    ("options.promise_grace_days", "3"),
    ("options.promise_grace_days", -1),
    ("options.min_days_between", -1),
    ("documents[0].recipients", "x@y.example"),
    ("documents[0].due[0].level", 10),
    ("documents[0].due[0].level", -1),
    ("documents[0].due[0].level", "na!"),
    ("customers[0].level", 11),
    ("payments[0].allocations[0]", None),
]


@pytest.mark.parametrize(("place", "value"), SHAPES, ids=str)
def test_a_value_of_another_shape_is_refused_by_place(books, place, value):
    refuse(books, broken(books.dossier, place, value), place)


# -- all at once


def test_every_fault_of_a_file_is_told_at_once(books):
    wrong = broken(books.dossier, "documents[0].due[0].amount", "12,5O")
    wrong = broken(wrong, "documents[1].date", "hier")
    wrong = broken(wrong, "customers[0].sales_rep", "NOBODY")
    wrong = broken(wrong, "customers[0].sites[0].email", "compta")
    wrong = broken(wrong, "colour", "blue")
    refuse(
        books, wrong, "documents[0].due[0].amount", "documents[1].date", "customers[0].sales_rep", "customers[0].sites[0].email", "colour"
    )


def test_the_first_hundred_faults_are_told(world):
    for number in range(150):
        world.invoice(f"FA-{number:03}", amount="1,00")
    told = world.try_load().refused("documents[0].due[0].amount", "documents[99].due[0].amount").err
    assert sum(f"documents[{number}].due[0].amount" in told for number in range(150)) == 100


def test_a_fault_in_an_update_leaves_every_other_change_of_the_file_undone(books):
    books.load()
    before = books.rows()
    update = {
        "format": "relance/1",
        "company": {"code": "ACME", "name": "Renamed"},
        "levels": rows(level(1, 2, 3)),
        "customers": [{"code": "C001", "name": "Renamed"}, {"code": "C002", "name": "New"}],
        "documents": [{"number": "FA-1", "customer": "C003"}],
    }
    books.try_load(update).refused("documents[0].customer")
    assert books.rows() == before


@pytest.mark.spec("A38")
@pytest.mark.parametrize(
    ("texts", "fault"),
    [
        ({"footer": "Réglez {totl}."}, 'levels[1].footer: unknown placeholder "{totl}" (perhaps {total}?)'),
        ({"subject": "{total"}, 'levels[1].subject: "{" without its pair'),
        ({"header": " \n "}, "levels[1].header: is blank; left empty, it is the default text"),
        (
            {"texts": {"de": {"footer": "Guten Tag,\n\n{summe} {{total}}"}}},
            'levels[1].texts.de.footer: unknown placeholder "{summe}", on line 3',
        ),
    ],
)
def test_a_text_that_would_not_read_as_it_was_meant_is_refused_by_its_place(books, texts, fault):
    refuse(books, broken(books.dossier, "levels[1]", level(2, 11, 30) | texts), fault)


def test_a_text_left_empty_is_the_default_text(world):
    world.levels(level(1, -5, 10, header="", footer="", subject=""))
    world.invoice("FA-1")
    world.load()
    assert "Rappel de règlement" in world.rehearse().notices[0]["subject"]
