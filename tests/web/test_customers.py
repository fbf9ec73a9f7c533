"""Are customers found with what they owe, and is their record kept up to date?"""

import re

import pytest
from django.utils import timezone

from relance.models import Company, Customer, CustomerType, Document
from tests.acceptance.world import World, contact, day, site
from tests.web.conftest import queries

NOW = timezone.localdate().isoformat()
RECORD = "/c/ACME/customers/{pk}/"


def words(answer) -> str:
    """The page as it is read."""
    text = " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split()).replace("\u00a0", " ")
    return text.replace("&#x27;", "'").replace("\u202f", " ")


def pk_of(code: str = "C001") -> int:
    return Customer.objects.get(code=code).pk


def page(browser, company, part: str = "", code: str = "C001", role: str = "reader", language: str = "en") -> str:
    answer = browser(role, company, language).get(RECORD.format(pk=pk_of(code)) + part)
    assert answer.status_code == 200
    return words(answer)


def send(browser, company, part: str, said: dict, role: str = "collector", code: str = "C001"):
    return browser(role, company).post(RECORD.format(pk=pk_of(code)) + part, said)


@pytest.fixture
def books(world: World) -> Company:
    """Three customers: one is late and has paid something on account, one owes what is not due, one owes in two currencies."""
    world.customer("C001", name="Éclair SARL", type="10", sales_rep="DUP", level=2, last_dunned_on=day(NOW, -3))
    world.customer("C002", name="Zinc SA", type="20")
    world.customer("C003", name="Abeille", insolvent_on=day(NOW, -5))
    world.invoice("FA-1", due=day(NOW, -10), amount="100.00")
    world.invoice("FA-2", "C002", due=day(NOW, 30), amount="50.00")
    world.invoice("FA-3", "C003", due=day(NOW, -40), amount="70.00")
    world.invoice("FA-4", "C003", due=day(NOW, -20), amount="900.00", currency="USD")
    world.payment("P1", "30.00", day(NOW, -1))
    world.load()
    return Company.objects.get()


# -- the list


def listed(browser, books, asked: str = "") -> list[str]:
    answer = browser("reader", books).get(f"/c/ACME/customers/?{asked}")
    return re.findall(r">(C00\d)</td>", answer.content.decode())


_FOUND = {
    "": ["C003", "C001", "C002"],
    "sort=-name": ["C002", "C001", "C003"],
    "sort=overdue": ["C003", "C001"],
    "sort=-overdue": ["C001", "C003"],
    "sort=overdue&rep=DUP": ["C001"],
    "overdue=on": ["C003", "C001"],
    "q=eclair": ["C001"],
    "q=c00": ["C003", "C001", "C002"],
    "level=2": ["C001"],
    "rep=DUP": ["C001"],
    "type=20": ["C002"],
    "insolvent=on": ["C003"],
    "held=on": [],
    "level=x&sort=moon&after=nonsense": ["C003", "C001", "C002"],
}


def test_customers_are_found_and_sorted(books, browser):
    assert {asked: listed(browser, books, asked) for asked in _FOUND} == _FOUND


@pytest.mark.spec("A3")
def test_a_row_says_what_is_owed_since_when_and_how_far_dunning_has_come(books, browser):
    text = words(browser("reader", books).get("/c/ACME/customers/?q=eclair"))
    row = text[text.index("C001 Éclair SARL") :]
    assert row.startswith(
        f"C001 Éclair SARL €70.00 €100.00 {_shown(day(NOW, -10))} 10 d 2 {_shown(day(NOW, -3))} Alice Dupuis 10 Total €70.00 €100.00"
    )


def test_currencies_stand_apart(books, browser):
    text = words(browser("reader", books).get("/c/ACME/customers/?q=abeille"))
    assert "€70.00 US$900.00 €70.00 US$900.00" in text


def test_a_customer_on_hold_is_found_by_it(books, browser, world: World):
    world.ask("hold", "--customer", "C002").done()
    assert listed(browser, books, "held=on") == ["C002"]


def test_a_long_list_goes_on_page_after_page(world: World, browser):
    for number in range(120):
        world.customer(f"D{number:03}", name=f"Client {number:03}")
        world.invoice(f"FB-{number}", f"D{number:03}", due=day(NOW, -1), amount=f"{100 + number % 7}.00")
    world.load()
    for sort, first in (("name", "D000"), ("overdue", "D006")):
        client, seen, address = browser("reader", Company.objects.get()), [], f"/c/ACME/customers/?sort={sort}"
        while address:
            text = client.get(address).content.decode()
            seen += re.findall(r">(D\d\d\d)</td>", text)
            following = re.search(r'rel="next" href="([^"]+)"', text)
            address = f"/c/ACME/customers/{following[1].replace('&amp;', '&')}" if following else ""
        assert (len(seen), len(set(seen)), seen[0]) == (120, 120, first)


def test_more_customers_need_no_more_queries(books, world: World, browser):
    client = browser("reader", books)
    send(browser, books, "contacts/new/", {"name": "Anna", "email_at_customer": "anna@bistrot.example", "roles": ["main"]})

    addresses = ("/c/ACME/customers/", "/c/ACME/customers/?sort=overdue", RECORD.format(pk=pk_of()), RECORD.format(pk=pk_of()) + "sheet/")
    before = [queries(client, address) for address in addresses]
    for number in range(10, 30):
        world.invoice(f"FB-{number}", f"C0{number}", due=day(NOW, -number))
        world.invoice(f"FC-{number}", due=day(NOW, -number), status="VU", promised_on=NOW)
        world.customer().setdefault("contacts", []).append(contact(f"P{number}", "dunning", "S1", roles=["main"]))
    world.load()
    assert [queries(client, address) for address in addresses] == before


# -- how one comes there


def test_search_balance_and_documents_lead_to_the_record(books, browser):
    client, record = browser("reader", books), RECORD.format(pk=pk_of())
    document = Document.objects.get(number="FA-1").pk
    assert record in client.get("/c/ACME/search/?q=eclair").content.decode()
    assert record in client.get(f"/c/ACME/documents/{document}/").content.decode()
    part = client.get("/c/ACME/aged/operations/?account=C001&currency=EUR", headers={"hx-request": "true"}).content.decode()
    known = re.search(r'href="(/c/ACME/customers/known/[^"]+)"', part)
    assert known
    assert client.get(known[1])["Location"] == record


def test_the_record_of_another_company_is_not_there(books, browser, world: World):
    pk = pk_of()
    world.company(code="OTHER")
    world.load()
    admin = browser("admin")
    parts = ("", "sheet/", "past/", "written/", "statement/", "contacts/new/")
    assert {admin.get(f"/c/OTHER/customers/{pk}/{part}").status_code for part in parts} == {404}


# -- the finance section


@pytest.mark.spec("K15", "K16", "K59", "A2")
def test_the_ways_of_dunning_are_switched_on_the_record(books, browser, world: World):
    said = {"finance-manual_dunning": "on", "finance-kind": "public", "finance-payment_terms": "45fdm", "finance-language": "en"}
    assert send(browser, books, "finance/", said, "manager").status_code == 302
    held = world.stored_customer()
    assert [held.get(box, True) for box in ("dunning_enabled", "manual_dunning", "auto_dunning")] == [False, True, False]
    assert (held["kind"], held["payment_terms"], held["language"]) == ("public", "45FDM", "en")
    told = page(browser, books, "past/")
    assert "Customer stopped or released dunning yes → no; automatic dunning yes → no" in told
    assert "Customer’s conditions changed payment terms – → 45FDM; language – → en; kind Business → Public body" in told


@pytest.mark.spec("K60")
def test_a_new_customer_has_every_way_of_dunning_on(books, browser):
    text = page(browser, books, "sheet/")
    assert "The customer may be dunned yes Dunning by hand yes Automatic dunning yes" in text


def test_a_customer_gets_a_policy_of_its_own(world: World, browser):
    world.policy("GRANDS", (1, 0, 10))
    world.invoice()
    world.load()
    books = Company.objects.get()
    form = browser("manager", books).get(RECORD.format(pk=pk_of()) + "sheet/").content.decode()
    [value] = re.findall(r'<option value="(\d+)">GRANDS', form)
    send(browser, books, "finance/", {"finance-kind": "business", "finance-policy": value}, "manager")
    assert world.stored_customer()["policy"] == "GRANDS"


def test_payment_terms_that_are_none_are_refused(books, browser, world: World):
    answer = send(browser, books, "finance/", {"finance-kind": "business", "finance-payment_terms": "soon"}, "manager")
    assert "These are no payment terms" in words(answer)
    assert world.stored_customer().get("dunning_enabled", True) is True


@pytest.mark.spec("A3")
def test_nobody_types_in_a_level_on_the_record(books, browser, world: World):
    send(browser, books, "finance/", {"finance-kind": "business", "finance-level": "5", "level": "5"}, "manager")
    assert world.stored_customer()["level"] == 2
    assert "level" not in re.findall(
        r'name="finance-(\w+)"', browser("manager", books).get(RECORD.format(pk=pk_of()) + "sheet/").content.decode()
    )


# -- left alone


def test_a_customer_is_put_on_hold_and_released(books, browser, world: World):
    send(browser, books, "hold/", {"act": "hold", "hold-until": day(NOW, 20), "hold-reason": "request", "hold-comment": "Inventaire"})
    held = world.stored_customer()
    assert (held["held_from"], held["held_until"], held["hold_reason"]) == (NOW, day(NOW, 20), "request")
    assert "Inventaire" in page(browser, books)
    send(browser, books, "hold/", {"act": "release"})
    assert world.stored_customer().get("held_from") is None


@pytest.mark.parametrize(
    ("said", "told"), [({"hold-comment": ""}, "required"), ({"hold-comment": "x", "hold-until": "2020-01-01"}, "end before")]
)
def test_a_hold_that_makes_no_sense_is_refused(said: dict, told: str, books, browser, world: World):
    assert told in words(send(browser, books, "hold/", {"act": "hold"} | said))
    assert world.stored_customer().get("held_from") is None


def test_an_insolvency_shows_by_when_the_claim_is_declared(books, browser, world: World):
    send(browser, books, "insolvency/", {"insolvency-published_on": "2026-03-31"})
    assert "The claim must be declared by 31 May 2026" in page(browser, books)
    send(browser, books, "insolvency/", {"insolvency-published_on": ""})
    assert world.stored_customer().get("insolvent_on") is None


# -- contacts and sites

ANNA = {
    "name": "Anna Roy",
    "email_identity": "anna@home.example",
    "email_at_customer": "compta@eclair.example",
    "roles": ["main", "financial"],
    "receives": ["dunning", "invoices"],
}


@pytest.mark.spec("K25", "K26", "K27", "K71", "K72", "K73", "K76")
def test_a_contact_is_added_and_brought_up_to_date(books, browser, world: World):
    at = Customer.objects.get(code="C001").sites.get().pk
    send(browser, books, "contacts/new/", ANNA | {"sites": [at]})
    [held] = world.stored_customer()["contacts"]
    assert (held["name"], held["roles"], held["receives"], held["sites"]) == (
        "Anna Roy",
        ["main", "financial"],
        ["dunning", "invoices"],
        ["S1"],
    )
    assert "compta@eclair.example" in page(browser, books)
    pk = Customer.objects.get(code="C001").contacts.get().pk
    send(browser, books, f"contacts/{pk}/", ANNA | {"receives": ["dunning_all_sites"], "left_on": day(NOW, -1)})
    [held] = world.stored_customer()["contacts"]
    assert (held["receives"], held.get("sites", []), held["left_on"]) == (["dunning_all_sites"], [], day(NOW, -1))
    assert "Contact changed contact Anna Roy; left on – →" in page(browser, books, "past/")


def test_a_contact_that_says_nothing_new_leaves_no_trace(books, browser, world: World):
    at = Customer.objects.get(code="C001").sites.get().pk
    send(browser, books, "contacts/new/", ANNA | {"sites": [at]})
    before = len(world.history()["events"])
    pk = Customer.objects.get(code="C001").contacts.get().pk
    send(browser, books, f"contacts/{pk}/", ANNA | {"sites": [at]})
    assert len(world.history()["events"]) == before


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"name": "Anna Roy"}, "already has a contact of this name"),
        ({"name": "Bob", "receives": ["dunning"]}, "without a site it receives nothing"),
        ({"name": "Bob", "email_identity": "bob"}, "valid email address"),
        ({"name": ""}, "required"),
    ],
)
def test_a_contact_that_cannot_be_is_refused(said: dict, told: str, books, browser, world: World):
    send(browser, books, "contacts/new/", {"name": "Anna Roy"})
    assert told in words(send(browser, books, "contacts/new/", said))
    assert [held["name"] for held in world.stored_customer()["contacts"]] == ["Anna Roy"]


def test_the_sites_of_others_are_not_offered(books, browser, world: World):
    other = Customer.objects.get(code="C002").sites.get().pk
    assert send(browser, books, "contacts/new/", {"name": "Anna", "sites": [other]}).status_code == 200
    assert world.stored_customer().get("contacts", []) == []


@pytest.mark.spec("K77")
def test_the_mailbox_of_a_site_is_changed(books, browser, world: World):
    at = Customer.objects.get(code="C001").sites.get().pk
    said = {"name": "Siège", "email": "compta@eclair.example", "address": "1 rue X \r\n\r\n", "postcode": "33000", "city": "Bordeaux"}
    send(browser, books, f"sites/{at}/", said)
    [held] = world.stored_customer()["sites"]
    assert held == site("S1", "compta@eclair.example", postcode="33000", city="Bordeaux", address=["1 rue X"], country=held["country"]) | {
        "name": "Siège",
        "siret": "",
    }


def test_the_pages_speak_french(books, browser):
    text = page(browser, books, "sheet/", language="fr")
    assert "Contacts" in text
    assert "Conditions de règlement" in text


def _shown(iso: str) -> str:
    return "/".join(reversed(iso.split("-")))


# -- identity


def test_who_a_customer_is_is_kept_and_told(acme, browser):
    client, one = browser("manager", acme), Customer.objects.get(code="C001")
    said = {"siren": "732 829 320", "vat_number": "fr44 732829320", "type": "GRANDS"}
    CustomerType.objects.create(company=acme, code="GRANDS", label="Grands comptes")
    client.post(f"/c/ACME/customers/{one.pk}/identity/", {f"identity-{name}": text for name, text in said.items()})
    assert "Type (optional) Grands comptes" in words(client.get(f"/c/ACME/customers/{one.pk}/sheet/"))
    one.refresh_from_db()
    assert (one.siren, one.vat_number, one.type) == ("732829320", "FR44732829320", "GRANDS")
    assert "VAT number – → FR44732829320" in words(client.get(f"/c/ACME/customers/{one.pk}/past/"))


@pytest.mark.parametrize(("name", "text", "told"), [("siren", "123456789", "no SIREN"), ("vat_number", "4473", "no VAT number")])
def test_an_identifier_that_is_none_is_told_and_not_kept(acme, browser, name, text, told):
    one = Customer.objects.get(code="C001")
    answer = browser("manager", acme).post(f"/c/ACME/customers/{one.pk}/identity/", {f"identity-{name}": text})
    assert told in words(answer)
    assert getattr(Customer.objects.get(pk=one.pk), name) == ""
