"""How does a load lay down the sites and the contacts of customers?"""

from collections.abc import Callable, Collection, Hashable, Sequence
from typing import Any

from relance.dossier import shape_of_ledger
from relance.dossier.entry import BROKEN, Entry
from relance.dossier.merging import Load, Sheet, Values
from relance.models import Contact, Site, bulk, tuples
from relance.models.parties import RECEIVES, ROLES

_SITE = ("customer_id", "position", *shape_of_ledger.SITE.columns.values())
_FLAGS = {**{f"is_{word}": ("roles", word) for word in ROLES}, **{f"receives_{word}": ("receives", word) for word in RECEIVES}}
_ORDER = ("customer_id", "position", "id")
_CONTACT = ("customer_id", "position", *shape_of_ledger.CONTACT.columns.values(), *_FLAGS)

Name = tuple[int, Any]  # the customer, and what names the site or contact there
Given = list[tuple[Name, Entry]]


class Addresses:
    """Sites and contacts, each known within its customer."""

    def __init__(self, load: Load, customers: Sheet, entries: Sequence[Entry], country: str) -> None:
        self._load, self._country = load, country
        self.sites = self._lay_sites(customers, _children(customers, entries, "sites", lambda entry: entry["code"]))
        self._attached = _Attached()
        self._contacts = self._lay_contacts(_children(customers, entries, "contacts", shape_of_ledger.name_of_contact))

    def write(self, company_id: int) -> None:
        """Store what was laid."""
        self.sites.write(company_id)
        self._contacts.write(company_id)
        self._attached.write()

    def _lay_sites(self, customers: Sheet, given: Given) -> Sheet:
        """All the sites of the customers that the file names are known afterwards, for documents refer to them."""
        rows = tuples.read(Site, ("code", "id", *_SITE), _ORDER, customer_id=list(customers.ids.values()))
        sheet = Sheet(Site, _SITE, (((row[2], row[0]), row[1:]) for row in rows))
        sheet.expect(name for name, _ in given)
        places = _in_order(sheet, given)
        for name, entry in given:
            values = self._load.lay(entry, sheet.before(name), shape_of_ledger.SITE)
            values["country"] = self._country if values["country"] is None else values["country"]
            sheet.put(name, values | {"customer_id": name[0], "position": places[name]}, self._load.count("sites"))
        return sheet

    def _lay_contacts(self, given: Given) -> Sheet:
        customers = list({customer for (customer, _), _ in given})
        rows = tuples.read(Contact, ("code", "name", "id", *_CONTACT), _ORDER, customer_id=customers)
        sheet = Sheet(Contact, _CONTACT, (((row[3], _name(row[0], row[1])), row[2:]) for row in rows))
        sheet.expect(name for name, _ in given)
        self._attached.read([sheet.ids[name] for name, _ in given])
        places = _in_order(sheet, given)
        for name, entry in given:
            before = sheet.before(name)
            values = self._load.lay(entry, before, shape_of_ledger.CONTACT) | _flags(entry, before)
            moved = self._attach(sheet.ids[name], name[0], entry)
            sheet.put(name, values | {"customer_id": name[0], "position": places[name]}, self._load.count("contacts"), touched=moved)
        return sheet

    def _attach(self, contact: int, customer: int, entry: Entry) -> bool:
        """Attach a contact to the sites that the file names; return whether that changes anything."""
        codes = entry.get("sites", BROKEN)
        if codes is BROKEN:
            return False
        sites = set()
        for place, code in enumerate(codes):
            if found := self.sites.ids.get((customer, code)):
                sites.add(found)
            else:
                self._load.findings.fault((*entry.place, "sites", place), f'unknown site: "{code}"')
        return self._attached.replace(contact, sites)


class _Attached:
    """At which sites contacts are: the rows of the table between them."""

    _table: Any = Contact.sites.through

    def __init__(self) -> None:
        self._stored: dict[int, set[int]] = {}
        self._new: list[tuple[int, int]] = []
        self._gone: list[tuple[int, int]] = []

    def read(self, contacts: Collection[int]) -> None:
        """Know what is stored about these contacts."""
        for contact, site in tuples.read(self._table, ("contact_id", "site_id"), contact_id=list(contacts)):
            self._stored.setdefault(contact, set()).add(site)

    def replace(self, contact: int, sites: set[int]) -> bool:
        """Put a contact at these sites and no other; return whether that changes anything."""
        stored = self._stored.get(contact, set())
        self._new += [(contact, site) for site in sorted(sites - stored)]
        self._gone += [(contact, site) for site in stored - sites]
        return stored != sites

    def write(self) -> None:
        """Store the changes."""
        for contact, site in self._gone:
            self._table.objects.filter(contact=contact, site=site).delete()
        bulk.insert(self._table, ("contact_id", "site_id"), self._new)


def _children(customers: Sheet, entries: Sequence[Entry], key: str, name: Callable[[Entry], Hashable]) -> Given:
    return [((customers.ids[customer["code"]], name(entry)), entry) for customer in entries for entry in customer.get(key, [])]


def _flags(entry: Entry, before: Values | None) -> Values:
    """The boxes of a contact: those of a list that the file gives, else the stored ones."""
    flags = {}
    for column, (key, word) in _FLAGS.items():
        words = entry.get(key, BROKEN)
        flags[column] = word in words if words is not BROKEN else before is not None and before[column]
    return flags


def _name(code: str, name: str) -> tuple[str, str]:
    return code, "" if code else name


def _in_order(sheet: Sheet, given: Given) -> dict[Name, int]:
    """The places of what is given: within a customer, the file's order among those that it names; the others keep theirs."""
    named = {name for name, _ in given}
    free: dict[int, list[int]] = {}
    seen: dict[int, int] = {}
    for name in sheet.names():
        place = seen.get(name[0], 0)
        seen[name[0]] = place + 1
        if name in named:
            free.setdefault(name[0], []).append(place)
    taken = {customer: iter(places) for customer, places in free.items()}
    return {name: next(taken[name[0]]) for name, _ in given}
