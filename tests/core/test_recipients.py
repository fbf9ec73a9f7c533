"""Who receives an e-mail notice about a document?"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.core.facts import Contact, DueItem, Page
from relance.core.recipients import choose_recipients, distinct, site_of
from tests.core import strategies
from tests.core.pages import on, page

TODAY = on("15 July")
ITEM = """
    document | due    | open | site | to
    FA-1     | 7 July | 100  | S2   |
    """
NAMED = ITEM.replace("S2   |", "S2   | invoice@client.example")
TWO_SITES = """
    code | email
    S1   | s1@client.example
    S2   | s2@client.example
    """


def written_to(customer: Page, *, as_of: date = TODAY, billed: bool = False) -> str:
    """The recipients of the first due item, without their domain."""
    found = choose_recipients(customer.items[0], customer, as_of, contacts_of_billed=billed)
    return " ".join(address.removesuffix("@client.example") for address in found)


def to(contacts: str, items: str = ITEM, sites: str = TWO_SITES, **facts: bool) -> str:
    lines = "\n".join(
        f"{line.split('|')[0]}@client.example |{line.partition('|')[2]}" for line in contacts.replace(" |", "|").strip().splitlines()
    )
    return written_to(page(items, sites=sites, contacts=f"email | sites | receives | left\n{lines}" if lines else ""), **facts)


# -- step 1: who receives dunning


@pytest.mark.spec("K71", "K72", "K73")
@pytest.mark.parametrize(
    ("contact", "found"),
    [
        ("ann | S2    | dunning           |", "ann"),
        ("ann | S1 S2 | dunning           |", "ann"),
        ("ann | S1    | dunning           |", "s2"),
        ("ann |       | dunning           |", "s2"),
        ("ann | S1    | dunning_all_sites |", "ann"),
        ("ann |       | dunning_all_sites |", "ann"),
        ("ann | S2    |                   |", "s2"),
    ],
)
def test_dunning_goes_to_the_contacts_of_the_billing_site_and_to_those_of_all_sites(contact: str, found: str) -> None:
    assert to(contact) == found


def test_everybody_of_a_step_is_written_to() -> None:
    contacts = """
        ann | S2 | dunning           |
        bob |    | dunning_all_sites |
        cyd | S1 | dunning           |
        dan | S2 | invoices          |
        """
    assert to(contacts) == "ann bob"


# -- the steps after: the document's own recipients, who receives invoices, the site


@pytest.mark.spec("K75")
def test_a_document_may_name_its_recipients() -> None:
    assert to("ann | S2 | invoices |", NAMED) == "invoice"


@pytest.mark.spec("K76")
@pytest.mark.parametrize(
    ("contact", "found"),
    [
        ("ann | S2 | invoices           |", "ann"),
        ("ann |    | invoices           |", "ann"),
        ("ann | S1 | invoices           |", "s2"),
        ("ann | S1 | invoices_all_sites |", "ann"),
        ("ann |    | invoices_all_sites |", "ann"),
    ],
)
def test_invoices_go_to_the_contacts_of_the_site_of_no_site_and_of_all_sites(contact: str, found: str) -> None:
    assert to(contact) == found


@pytest.mark.spec("K77", "K80")
def test_then_the_billing_site_is_written_to_else_nobody() -> None:
    assert to("") == "s2"
    assert to("", sites=TWO_SITES.replace("s2@client.example", "")) == ""


@pytest.mark.spec("K78", "K79")
@pytest.mark.parametrize(
    ("contacts", "items", "found"),
    [
        ("ann | S2 | dunning |\nbob | S2 | invoices |", NAMED, "ann"),
        ("bob | S2 | invoices |", NAMED, "invoice"),
        ("bob | S2 | invoices |", ITEM, "bob"),
    ],
)
def test_the_first_step_that_finds_somebody_wins(contacts: str, items: str, found: str) -> None:
    assert to(contacts, items) == found


# -- who counts as found


@pytest.mark.parametrize(("left", "found"), [("14 July", "s2"), ("15 July", "ann"), ("16 July", "ann"), ("", "ann")])
def test_who_has_left_before_the_date_of_the_run_does_not_count(left: str, found: str) -> None:
    assert to(f"ann | S2 | dunning | {left}") == found


def test_who_has_no_address_does_not_count() -> None:
    nobody = "email | receives\n | dunning_all_sites\n | invoices_all_sites"
    assert written_to(page(ITEM, sites=TWO_SITES, contacts=nobody)) == "s2"


def test_an_address_named_twice_is_written_to_once_whatever_its_case() -> None:
    assert distinct(["Ann@client.example", "", "bob@client.example", "ANN@client.example"]) == ("Ann@client.example", "bob@client.example")


# -- which site, and whose contacts


def test_a_document_without_a_site_is_billed_to_the_first() -> None:
    customer = page(ITEM.replace("S2", "  "), sites=TWO_SITES)
    assert (site_of(customer.items[0], customer), written_to(customer)) == (customer.directories[1].sites[0], "s1")


def test_a_customer_without_a_site_has_still_its_contacts_of_all_sites() -> None:
    assert to("ann | | dunning |\nbob | | invoices |", sites="") == "bob"
    assert site_of(page(ITEM, sites="").items[0], page(ITEM, sites="")) is None


ORDERED_BY_C2 = """
    document | due    | open | customer | site
    FA-1     | 7 July | 100  | C2       | S2
    """
SITES_OF_BOTH = """
    customer | code | email
    C1       | S1   | c1s1@client.example
    C1       | S2   | c1s2@client.example
    C2       | S1   | c2s1@client.example
    C2       | S2   | c2s2@client.example
    """
CONTACTS_OF_BOTH = """
    customer | email               | sites | receives
    C1       | ann@client.example  | S2    | dunning
    C1       | abe@client.example  | S1    | dunning
    C2       | bob@client.example  | S2    | dunning
    """


@pytest.mark.spec("K71")
@pytest.mark.parametrize(("billed", "contacts", "site"), [(False, "bob", "c2s2"), (True, "ann", "c1s2")])
def test_contacts_and_site_are_those_of_the_documents_customer_or_by_rule_of_the_billed_one(billed: bool, contacts: str, site: str) -> None:
    assert written_to(page(ORDERED_BY_C2, sites=SITES_OF_BOTH, contacts=CONTACTS_OF_BOTH), billed=billed) == contacts
    assert written_to(page(ORDERED_BY_C2, sites=SITES_OF_BOTH), billed=billed) == site


@pytest.mark.parametrize(
    ("site", "found"),
    [("S2", "ann"), ("S1", "abe"), ("", "abe"), ("S3", "abe")],
    ids=["of the same code", "of the same code, the first", "none named: of the code of the first", "no such code: the first"],
)
def test_by_rule_the_site_is_that_of_the_same_code_else_the_first(site: str, found: str) -> None:
    sites = SITES_OF_BOTH + "C2 | S3 | c2s3@client.example"
    customer = page(ORDERED_BY_C2.replace("S2", site), sites=sites, contacts=CONTACTS_OF_BOTH)
    assert written_to(customer, billed=True) == found


def test_by_rule_a_customer_that_orders_without_a_site_is_the_first_site_of_the_billed_one() -> None:
    sites = "\n".join(line for line in SITES_OF_BOTH.splitlines() if "C2" not in line)
    assert written_to(page(ORDERED_BY_C2, sites=sites, contacts=CONTACTS_OF_BOTH), billed=True) == "abe"


# -- what is always true


@given(strategies.pages(most=1).filter(lambda customer: customer.items), st.booleans())
def test_the_recipients_are_those_of_the_first_step_that_finds_somebody(customer: Page, billed: bool) -> None:
    item = customer.items[0]
    found = choose_recipients(item, customer, strategies.DAY, contacts_of_billed=billed)
    steps = the_four_steps(item, customer, billed=billed)
    assert {address.lower() for address in found} == next((step for step in steps if step), set())
    assert len(found) == len({address.lower() for address in found})


def the_four_steps(item: DueItem, customer: Page, *, billed: bool) -> list[set[str]]:
    """Section 5 of the rules, line by line."""
    own = customer.directories[item.customer_id]
    site = next((site for site in own.sites if site.id == item.site_id), own.sites[0] if own.sites else None)
    asked = own
    if billed:
        asked = customer.directories[customer.customer.id]
        same_code = [other for other in asked.sites if site and other.code == site.code]
        site = (same_code or list(asked.sites) or [None])[0]
    present = [contact for contact in asked.contacts if contact.email and not (contact.left_on and contact.left_on < strategies.DAY)]

    def here(contact: Contact) -> bool:
        return site is not None and site.id in contact.sites

    return [
        {c.email.lower() for c in present if (c.dunning and here(c)) or c.dunning_all_sites},
        {address.lower() for address in item.recipients.splitlines()},
        {c.email.lower() for c in present if (c.invoices and (here(c) or not c.sites)) or c.invoices_all_sites},
        {site.email.lower()} if site and site.email else set(),
    ]
