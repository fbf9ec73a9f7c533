"""Who receives an e-mail notice about a document? (rules, section 5)"""

from collections.abc import Callable, Iterable
from datetime import date

from relance.core.facts import Contact, Directory, DueItem, Page, Site

Addresses = tuple[str, ...]
_NOBODY = Directory()


def choose_recipients(item: DueItem, page: Page, as_of: date, *, contacts_of_billed: bool) -> Addresses:
    """Addresses of the first of the four steps that finds somebody; empty when none does (register K71 to K80)."""
    return next(filter(None, _steps(item, page, as_of, contacts_of_billed=contacts_of_billed)), ())


def each_step(item: DueItem, page: Page, as_of: date, *, contacts_of_billed: bool) -> list[Addresses]:
    """Whom each of the four steps finds, in their order; the first that is not empty is the one that counts."""
    return list(_steps(item, page, as_of, contacts_of_billed=contacts_of_billed))


def _steps(item: DueItem, page: Page, as_of: date, *, contacts_of_billed: bool) -> Iterable[Addresses]:
    """Whom each step finds, in order, computed only as far as it is asked."""
    directory, site = _where(item, page, contacts_of_billed=contacts_of_billed)
    here = site.id if site else None

    def found(wanted: Callable[[Contact], bool]) -> Addresses:
        return distinct(contact.email for contact in directory.contacts if _reachable(contact, as_of) and wanted(contact))

    yield found(lambda contact: contact.dunning_all_sites or (contact.dunning and here in contact.sites))
    yield distinct(item.recipients.split("\n"))
    yield found(lambda contact: contact.invoices_all_sites or (contact.invoices and (here in contact.sites or not contact.sites)))
    yield distinct([site.email] if site else [])


def names_of(addresses: Addresses, page: Page, as_of: date) -> tuple[str, ...]:
    """The names of those written to: the contacts at these addresses; of a letter, which has none, the billed customer's for dunning."""
    if addresses:
        wanted = {address.lower() for address in addresses}
        people = [contact for directory in page.directories.values() for contact in directory.contacts]
        return tuple(dict.fromkeys([one.name for one in people if one.name and one.email.lower() in wanted]))
    here = page.directories.get(page.customer.id, _NOBODY).contacts
    present = (one for one in here if one.left_on is None or one.left_on >= as_of)
    return tuple(dict.fromkeys(one.name for one in present if one.name and (one.dunning or one.dunning_all_sites)))


def distinct(addresses: Iterable[str]) -> Addresses:
    """Addresses without blanks and without repetition, case aside, in the order given."""
    kept: dict[str, str] = {}
    for address in addresses:
        if address:
            kept.setdefault(address.lower(), address)
    return tuple(kept.values())


def site_of(item: DueItem, page: Page) -> Site | None:
    """The billing site: the document's, else the first of the document's customer."""
    return _site(page.directories.get(item.customer_id, _NOBODY), item.site_id)


def _where(item: DueItem, page: Page, *, contacts_of_billed: bool) -> tuple[Directory, Site | None]:
    """Whose contacts, and which site: with ``contacts_of_billed`` (FC_CONTACT_CLI_FACT) the billed customer's site of the same code."""
    site = site_of(item, page)
    if not contacts_of_billed:
        return page.directories.get(item.customer_id, _NOBODY), site
    directory = page.directories.get(page.customer.id, _NOBODY)
    same = next((other for other in directory.sites if site and other.code == site.code), None)
    return directory, same or _site(directory, None)


def _site(directory: Directory, site_id: int | None) -> Site | None:
    if site_id is not None:
        return next((site for site in directory.sites if site.id == site_id), None)
    return directory.sites[0] if directory.sites else None


def _reachable(contact: Contact, as_of: date) -> bool:
    return bool(contact.email) and (contact.left_on is None or contact.left_on >= as_of)
