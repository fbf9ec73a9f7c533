"""Which due items stand on one notice? E-mails, letters, currencies, and the order of all that (section 6)."""

import pytest

from tests.acceptance.world import TODAY, contact, item, level, site


def two_invoices(world, first=None, second=None):
    world.invoice("FA-1", **first or {})
    world.invoice("FA-2", **second or {})
    world.load()
    return world.rehearse().groups()


TOGETHER, APART = [["FA-1", "FA-2"]], [["FA-1"], ["FA-2"]]

PAIRS = [
    pytest.param({}, {}, TOGETHER, id="all equal"),
    pytest.param({"recipients": ["a@x.example"]}, {"recipients": ["b@x.example"]}, APART, id="other recipients"),
    pytest.param({"recipients": ["a@x.example"]}, {"recipients": ["a@x.example", "b@x.example"]}, APART, id="one recipient more"),
    pytest.param(
        {"recipients": ["a@x.example", "b@x.example"]}, {"recipients": ["b@x.example", "a@x.example"]}, TOGETHER, id="another order"
    ),
    pytest.param({"recipients": ["A@X.example"]}, {"recipients": ["a@x.EXAMPLE"]}, TOGETHER, id="another case"),
    pytest.param({"copies": ["c@x.example"]}, {}, APART, id="other copies"),
    pytest.param(
        {"copies": ["c@x.example", "d@x.example"]},
        {"copies": ["D@x.example", "c@x.example"]},
        TOGETHER,
        id="the same copies otherwise written",
    ),
    pytest.param({"due": "2026-07-07"}, {"due": "2026-07-01"}, APART, id="other levels"),
    pytest.param({"due": "2026-07-07"}, {"due": "2026-07-08"}, TOGETHER, id="other due dates"),
    pytest.param({"manager": "DUP"}, {"manager": "MAR"}, TOGETHER, id="other managers"),
    pytest.param({"currency": "EUR"}, {"currency": "USD"}, TOGETHER, id="other currencies"),
]


@pytest.mark.spec("K81", "K82")
@pytest.mark.parametrize(("first", "second", "expected"), PAIRS)
def test_one_mail_for_several_documents_when_all_is_equal(world, first, second, expected):
    assert two_invoices(world, first, second) == expected


@pytest.mark.spec("K82")
def test_two_customers_with_one_address_get_a_mail_each(world):
    world.customer("C001", email="groupe@clients.example")
    world.customer("C002", email="groupe@clients.example")
    world.invoice("FA-1", "C001")
    world.invoice("FA-2", "C002")
    world.load()
    assert world.rehearse().groups() == APART


@pytest.mark.spec("K82")
def test_documents_of_two_customers_billed_to_one_stand_together(world):
    world.customer("C001", email="groupe@clients.example")
    world.customer("C002", email="groupe@clients.example")
    world.invoice("FA-1", "C001")
    world.invoice("FA-2", "C002", billed_customer="C001")
    world.load()
    run = world.rehearse()
    assert (run.groups(), run.customers()) == (TOGETHER, ["C001"])


@pytest.mark.spec("K81")
def test_sites_with_contacts_of_their_own_get_a_mail_each(world):
    world.customer("C001", sites=[site("S1"), site("S2")], contacts=[contact("Anne", "dunning", "S1"), contact("Bruno", "dunning", "S2")])
    assert two_invoices(world, {"site": "S1"}, {"site": "S2"}) == APART


# -- one message per customer


def by_customer(world):
    world.options(email_grouping="by_customer")
    world.invoice("FA-1", due="2026-07-07", amount="10.00")
    world.invoice("FA-2", due="2026-07-01", amount="20.00")
    world.invoice("FA-3", due="2026-05-01", amount="40.00")
    world.load()


def test_one_message_per_customer_at_its_highest_level_each_line_keeping_its_own(world):
    by_customer(world)
    notice = world.rehearse().notice()
    assert notice["level"] == 3
    assert [(line["document"], line["level_after"]) for line in notice["lines"]] == [("FA-3", 3), ("FA-2", 2), ("FA-1", 1)]
    assert notice["totals"] == {"EUR": "70.00"}


def test_one_message_per_customer_stores_each_items_own_level(world):
    by_customer(world)
    world.batch()
    assert [world.stored_level(number)[0] for number in ("FA-1", "FA-2", "FA-3")] == [1, 2, 3]
    assert len(world.mails()) == 1


@pytest.mark.parametrize("differing", [{"recipients": ["other@x.example"]}, {"copies": ["c@x.example"]}])
def test_one_message_per_customer_splits_by_recipients_and_copies(world, differing):
    world.options(email_grouping="by_customer")
    assert two_invoices(world, {"due": "2026-07-01"}, differing) == APART


# -- letters


@pytest.mark.parametrize(
    ("grouping", "expected"),
    [
        ({}, [["FA-1", "FA-2", "FA-3", "FA-4"]]),
        ({"letter_grouping": "customer"}, [["FA-1", "FA-2", "FA-3", "FA-4"]]),
        ({"letter_grouping": "site"}, [["FA-1", "FA-2"], ["FA-3"], ["FA-4"]]),
        ({"letter_grouping": "invoice"}, [["FA-1"], ["FA-2"], ["FA-3"], ["FA-4"]]),
    ],
)
def test_letters_are_grouped_by_customer_site_or_invoice(world, grouping, expected):
    world.options(**grouping)
    world.customer("C001", sites=[site("S1"), site("S2")])
    world.customer("C002", sites=[site("S1")])
    world.invoice("FA-1", site="S1")
    world.invoice("FA-2", site="S1")
    world.invoice("FA-3", site="S2")
    world.invoice("FA-4", "C002", billed_customer="C001", site="S1")
    world.load()
    assert world.edition().groups() == expected


def test_letters_by_invoice_keep_the_due_items_of_an_invoice_together(world):
    world.options(letter_grouping="invoice")
    world.invoice("FA-1", due=[item("2026-07-06", "6.00"), item("2026-07-07", "5.00")], date="2026-06-01")
    world.load()
    assert world.edition().notice()["totals"] == {"EUR": "11.00"}


def test_letters_of_an_automatic_run_are_grouped_by_level_too(world):
    world.levels(level(1, -5, 10, channel="letter"), level(2, 11, None, channel="letter"))
    assert two_invoices(world, {"due": "2026-07-07"}, {"due": "2026-07-01"}) == APART


# -- currencies


def test_a_notice_shows_a_total_per_currency(world):
    world.invoice("FA-1", amount="100.10")
    world.invoice("FA-2", amount="200.20")
    world.invoice("FA-3", amount="50.05", currency="USD")
    world.invoice("FA-4", amount="7000", currency="JPY")
    world.load()
    assert world.rehearse().notice()["totals"] == {"EUR": "300.30", "USD": "50.05", "JPY": "7000"}


@pytest.mark.parametrize(("currency", "amount"), [("EUR", "1234.50"), ("JPY", "1234"), ("TND", "1234.567"), ("GBP", "0.01")])
def test_amounts_are_written_with_the_decimals_of_their_currency(world, currency, amount):
    world.invoice("FA-1", amount=amount, currency=currency)
    world.load()
    notice = world.rehearse().notice()
    assert (notice["lines"][0]["open"], notice["lines"][0]["currency"], notice["totals"]) == (amount, currency, {currency: amount})
    assert world.stored("FA-1")["amount"] == amount


def test_cents_add_up_exactly(world):
    for number in range(30):
        world.invoice(f"FA-{number:02}", amount="0.10")
    world.load()
    assert world.rehearse().notice()["totals"] == {"EUR": "3.00"}


# -- order


def test_lines_come_by_due_date_then_number(world):
    world.invoice("FA-2", due="2026-07-07")
    world.invoice("FA-3", due="2026-07-06")
    world.invoice("FA-1", due="2026-07-07")
    world.load()
    assert world.rehearse().dunned() == ["FA-3", "FA-1", "FA-2"]


def test_the_notices_of_a_batch_come_by_name_then_code(world):
    names = {"C1": "Zola", "C2": "Émile", "C3": "Fabre", "C4": "Eden", "C5": "Elan", "C7": "Durand", "C6": "Durand"}
    for number, (code, name) in enumerate(names.items()):
        world.customer(code, name=name)
        world.invoice(f"FA-{number}", code)
    world.load()
    assert world.rehearse(TODAY).customers() == ["C6", "C7", "C4", "C5", "C2", "C3", "C1"]


def test_names_are_sorted_as_french_collates(world):
    names = ["Cézanne", "abel", "Oural", "çelik", "Œuvre", "Bernard"]
    for number, name in enumerate(names):
        world.customer(f"C{number}", name=name)
        world.invoice(f"FA-{number}", f"C{number}")
    world.load()
    assert [names[int(code[1:])] for code in world.rehearse().customers()] == ["abel", "Bernard", "çelik", "Cézanne", "Œuvre", "Oural"]
