"""How is a postal address written? The lines of an address block (legal facts, section 10)."""

from relance.core.facts import Page, Site
from relance.core.grouping import Notice
from relance.core.recipients import site_of


def letter_site(notice: Notice, page: Page, letter_grouping: str) -> Site | None:
    """Where a letter goes: to the billed customer's first site, or to the billing site where letters are grouped by it or by invoice."""
    if letter_grouping != "customer":
        return site_of(notice.lines[0].item, page)
    directory = page.directories.get(page.customer.id)
    return directory.sites[0] if directory and directory.sites else None


def address_lines(site: Site, name: str, country_name: str) -> list[str]:
    """The lines under the customer's name; ``country_name`` is empty for a letter that stays in the country.

    Empty when the site has neither a street nor a town: an anomaly to show, not a blank to print.
    """
    lines = [line for text in (*site.address.split("\n"), f"{site.postcode} {site.city}") if (line := text.strip())]
    if not lines:
        return []
    place = site.name.strip() if site.name.casefold() != name.casefold() else ""
    return [line for line in (place, *lines, country_name.strip()) if line]
