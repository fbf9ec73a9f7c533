"""How is a postal address written?"""

import pytest

from relance.core.addresses import address_lines, letter_site
from relance.core.facts import Channel, Page, Site
from relance.core.proposal import propose
from tests.core.pages import page, terms

SITES = """
    customer | code
    C1       | S1
    C1       | S2
    C2       | S1
    C2       | S2
    """
ITEM = """
    document | due    | open | customer | site
    FA-1     | 7 July | 100  | C2       | S2
    """
CELLAR = Site(1, "S1", "", "Chai des Graves", "Bâtiment B\n12 rue du Port", "33000", "Bordeaux", "FR")


def goes_to(customer: Page, grouping: str) -> str:
    """Customer and code of the site that the letter goes to."""
    letter = propose(customer, terms("15 July", "N1 -5..10 letter", letter_grouping=grouping)).notices[0]
    assert letter.channel is Channel.LETTER
    site = letter_site(letter, customer, grouping)
    owner = next((number for number, named in customer.directories.items() if site in named.sites), None)
    return f"C{owner} {site.code}" if site else "nowhere"


@pytest.mark.parametrize(("grouping", "to"), [("customer", "C1 S1"), ("site", "C2 S2"), ("invoice", "C2 S2")])
def test_a_letter_goes_to_the_billed_customers_first_site_or_to_the_site_it_is_grouped_by(grouping: str, to: str) -> None:
    assert goes_to(page(ITEM, sites=SITES), grouping) == to


@pytest.mark.parametrize("grouping", ["site", "invoice"])
def test_by_site_a_document_without_one_goes_to_the_first_of_its_customer(grouping: str) -> None:
    assert goes_to(page(ITEM.replace("S2", ""), sites=SITES), grouping) == "C2 S1"


@pytest.mark.parametrize("grouping", ["customer", "site", "invoice"])
def test_a_customer_without_a_site_has_no_address(grouping: str) -> None:
    assert goes_to(page(ITEM, sites=""), grouping) == "nowhere"
    assert (
        goes_to(
            page(ITEM, sites="", contacts="customer | email | receives\nC1 | ann@client.example |\nC2 | bob@client.example |"), grouping
        )
        == "nowhere"
    )


def test_an_address_is_site_street_town_and_country() -> None:
    assert address_lines(CELLAR, "Vins Martin", "BELGIQUE") == [
        "Chai des Graves",
        "Bâtiment B",
        "12 rue du Port",
        "33000 Bordeaux",
        "BELGIQUE",
    ]


@pytest.mark.parametrize(
    ("site", "lines"),
    [
        (CELLAR._replace(name="VINS MARTIN"), ["Bâtiment B", "12 rue du Port", "33000 Bordeaux"]),
        (CELLAR._replace(name="", address="\n 12 rue du Port \n \n"), ["12 rue du Port", "33000 Bordeaux"]),
        (CELLAR._replace(postcode=""), ["Chai des Graves", "Bâtiment B", "12 rue du Port", "Bordeaux"]),
        (CELLAR._replace(postcode="", city=""), ["Chai des Graves", "Bâtiment B", "12 rue du Port"]),
        (CELLAR._replace(address=""), ["Chai des Graves", "33000 Bordeaux"]),
        (CELLAR._replace(address=" \n", postcode=" ", city=""), []),
        (Site(1, "S1", ""), []),
    ],
    ids=["the customer's name is not repeated", "no blank line", "no postcode", "no town", "no street", "neither: no address", "nothing"],
)
def test_an_address_has_no_blank_line_and_is_none_without_street_and_town(site: Site, lines: list[str]) -> None:
    assert address_lines(site, "Vins Martin", "") == lines
