"""List of contacts -> contacts of customers who are there; a contact is known again by his name."""

import re
from collections import Counter
from typing import Any

from relance.core.names import collation_key
from relance.importers.listing import Listing, Row
from relance.importers.problems import extract
from relance.models import bulk, tuples
from relance.models.company import Company
from relance.models.events import Fact
from relance.models.incoming.named import Customers, Lines
from relance.models.parties import Contact, Site
from relance.steps.taking_in.customers import ADDRESS, YES_AND_NO
from relance.steps.taking_in.outcome import Difference, Outcome, TakenIn, shown

_ROLES = {
    "is_financial": ("compta", "financ", "reglement", "payable", "account", "daf", "tresor"),
    "is_decision_maker": (
        "dirig",
        "gerant",
        "president",
        "directeur general",
        "directrice generale",
        "ceo",
        "owner",
        "decideur",
        "decision",
    ),
    "is_main": ("principal", "main"),
}
_RECEIVES = {"receives": "receives_dunning", "invoices": "receives_invoices"}
_COLUMNS = ("name", "email_at_customer", "left_on", *_ROLES, *_RECEIVES.values())
_LONGEST_NAME = 200
_SEVERAL = re.compile(r"[,;|\n]")  # what stands between the sites of a contact


def write(company: Company, listing: Listing, taken: TakenIn, key: str) -> list[Fact]:
    """Write what the list says of contacts; problems go to the list."""
    taken.counts = {"contacts": Counter()}
    writing = _Writing(company, listing, taken)
    for rows in tuples.batches(listing.rows()):
        writing.write(rows)
    return []


class _Held:
    """What is held of some customers: their contacts by name, how many each has, the sites, and which contact is at which."""

    def __init__(self, customers: list[int]) -> None:
        columns, theirs = ("customer_id", "id", "email_identity", *_COLUMNS), tuples.among(customers)
        rows = tuples.stream(Contact.objects.filter(customer__in=theirs).order_by("id").values_list(*columns))
        stored = [dict(zip(columns, row, strict=True)) for row in rows]
        self.contacts = {(one["customer_id"], collation_key(one["name"])): one for one in stored}
        self.positions = Counter(one["customer_id"] for one in stored)
        self.sites = _sites_of(customers)
        links = Contact.sites.through.objects.filter(contact__customer__in=theirs).order_by()
        self.linked: set[tuple[int, int]] = set(tuples.stream(links.values_list("contact_id", "site_id")))


class _Changes:
    """What some rows of the list bring."""

    def __init__(self) -> None:
        self.new: list[dict[str, Any]] = []
        self.new_links: list[list[int]] = []  # of the new ones, in their order
        self.links: list[tuple[int, int]] = []  # of contacts there are
        self.changed: list[tuple[int, dict[str, Any]]] = []


class _Writing:
    """The contacts of one list, by customer and name."""

    def __init__(self, company: Company, listing: Listing, taken: TakenIn) -> None:
        self._company, self._listing, self._taken = company, listing, taken
        self._customers, self._lines = Customers(company.pk), Lines()

    def write(self, rows: list[Row]) -> None:
        """Compare rows with what is held, and write what is new and what has changed: a statement for each sort."""
        named = self._first_named(rows)
        held, changes = _Held(sorted({customer for _, customer, _, _ in named})), _Changes()
        for row, customer, code, name in named:
            self._read(row, customer, code, name, held, changes)
        if not self._listing.problems:
            self._store(changes)

    def _first_named(self, rows: list[Row]) -> list[tuple[Row, int, str, str]]:
        """Rows with their customers' identifiers and codes, and the names of contacts, each named for the first time."""
        named = []
        for row, who in zip(rows, self._customers.named([row.said for row in rows]), strict=True):
            if who is None:
                self._listing.no_customer(row)
            elif name := self._name(row):
                named.append((row, *who, name))
        keys = [f"{customer} {collation_key(name)}" for _, customer, _, name in named]
        first, fresh = self._lines.first(zip(keys, (row.line for row, *_ in named), strict=True)), []
        for key, one in zip(keys, named, strict=True):
            row, *_, name = one
            if (line := first[key]) == row.line:
                fresh.append(one)
            else:
                self._listing.fault(row, "contact", f"this contact stands on line {line} already: {extract(name)}")
        return fresh

    def _read(self, row: Row, customer: int, code: str, name: str, held: _Held, changes: _Changes) -> None:
        values, sites = self._values(row, name), self._sites_said(row, code, held.sites.get(customer, {}))
        stored = held.contacts.get((customer, collation_key(name)))
        if stored is None:
            changes.new_links.append(list(sites))
            held.positions[customer] += 1
            changes.new.append(values | {"customer_id": customer, "position": held.positions[customer]})
            self._taken.note("contacts", Outcome(row.line, "new", code, name, ()))
            return
        if values.get("email_at_customer") == stored["email_identity"] and not stored["email_at_customer"]:
            values.pop("email_at_customer", None)  # it is written to already
        changed = {column: value for column, value in values.items() if stored[column] != value}
        differences = tuple(Difference(what, shown(stored[what]), shown(value)) for what, value in changed.items())
        added = {pk: said for pk, said in sites.items() if (stored["id"], pk) not in held.linked}
        changes.links += [(stored["id"], pk) for pk in added]
        differences += tuple(Difference("site", "", said) for said in added.values())
        self._taken.note("contacts", Outcome(row.line, "changed", code, stored["name"], differences))
        changes.changed.append((stored["id"], changed))

    def _store(self, changes: _Changes) -> None:
        usual = bulk.defaults(Contact) | {"company_id": self._company.pk}
        columns, ids = tuple(usual), bulk.reserve_ids(Contact, len(changes.new))
        rows = (usual | one for one in changes.new)
        bulk.insert(Contact, ("id", *columns), ([pk, *(row[column] for column in columns)] for pk, row in zip(ids, rows, strict=True)))
        links = [(pk, site) for pk, sites in zip(ids, changes.new_links, strict=True) for site in sites]
        bulk.insert(Contact.sites.through, ("contact_id", "site_id"), changes.links + links)
        bulk.update_each(Contact, changes.changed)

    def _name(self, row: Row) -> str:
        said = row.said
        parts = (said.get("first_name"), said.get("last_name") or said.get("contact"))
        name = " ".join(filter(None, parts)) if "last_name" in said or "first_name" in said else said.get("contact", "")
        if not name:
            self._listing.fault(row, "contact", "no name of a contact")
        elif len(name) > _LONGEST_NAME:
            self._listing.fault(row, "contact", f"more than {_LONGEST_NAME} letters: {extract(name)}")
        return name

    def _values(self, row: Row, name: str) -> dict[str, Any]:
        said: dict[str, Any] = row.said
        values: dict[str, Any] = {"name": name}
        values |= {"left_on": said["left_on"]} if said.get("left_on") else {}
        if "email" in said:
            values["email_at_customer"] = said["email"]
            if not ADDRESS.fullmatch(said["email"]) or len(said["email"]) > 254:  # letters
                self._listing.fault(row, "email", f"not an e-mail address: {extract(said['email'])}")
        function = collation_key(said.get("function", ""))
        values |= {column: True for column, words in _ROLES.items() if any(word in function for word in words)}
        for what, column in _RECEIVES.items():
            if what in said:
                answer = YES_AND_NO.get(collation_key(said[what]))
                if answer is None:
                    self._listing.fault(row, what, f"neither yes nor no: {extract(said[what])}")
                else:
                    values[column] = answer
        return values

    def _sites_said(self, row: Row, code: str, known: dict[str, int]) -> dict[int, str]:
        """The sites of the customer that a row names by code or name, one or several."""
        found = {}
        for said in filter(None, (one.strip() for one in _SEVERAL.split(row.said.get("site", "")))):
            pk = known.get(collation_key(said))
            if pk is None:
                self._listing.fault(row, "site", f"{code} has no site {extract(said)}")
            else:
                found[pk] = said
        return found


def _sites_of(customers: list[int]) -> dict[int, dict[str, int]]:
    """By customer, the sites by what a list may call them: their codes, and names where these are not codes of others."""
    found: dict[int, dict[str, int]] = {}
    stored = Site.objects.filter(customer__in=tuples.among(customers)).order_by("position", "id")
    rows = list(tuples.stream(stored.values_list("customer_id", "id", "code", "name")))
    for customer, pk, _, name in rows:
        found.setdefault(customer, {}).setdefault(collation_key(name), pk)
    for customer, pk, code, _ in rows:
        found[customer][collation_key(code)] = pk
    return found
