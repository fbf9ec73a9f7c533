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
from relance.models.parties import Contact, Customer, Site
from relance.steps.taking_in.customers import ADDRESS, YES_AND_NO, codes_by_name
from relance.steps.taking_in.outcome import Difference, Outcome, TakenIn

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
    for row in listing.rows():
        writing.read(row)
    writing.store()
    return []


class _Writing:
    """The contacts of one list, by customer and name."""

    def __init__(self, company: Company, listing: Listing, taken: TakenIn) -> None:
        self._company, self._listing, self._taken = company, listing, taken
        customers = list(tuples.stream(Customer.objects.filter(company=company).values_list("code", "id", "name")))
        self._customers = {code: pk for code, pk, _ in customers}
        self._by_name = codes_by_name((code, name) for code, _, name in customers)
        columns = ("customer__code", "id", "email_identity", *_COLUMNS)
        rows = tuples.stream(Contact.objects.filter(company=company).order_by().values_list(*columns))
        stored = [dict(zip(columns, row, strict=True)) for row in rows]
        self._contacts = {(one["customer__code"], collation_key(one["name"])): one for one in stored}
        self._positions = Counter(one["customer__code"] for one in stored)
        self._sites = _sites_of(company)
        links = Contact.sites.through.objects.filter(contact__company=company).values_list("contact_id", "site_id")
        self._linked: set[tuple[int, int]] = set(tuples.stream(links))
        self._lines: dict[tuple[str, str], int] = {}
        self._new: list[dict[str, Any]] = []
        self._links: list[tuple[int, int]] = []  # of contacts there are
        self._new_links: list[list[int]] = []  # of the new ones, in their order
        self._changed: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}

    def read(self, row: Row) -> None:
        """Compare one row with what is held."""
        code, name = self._code(row), self._name(row)
        if not code or not name:
            return
        key = code, collation_key(name)
        if self._lines.setdefault(key, row.line) != row.line:
            self._fault(row, "contact", f"this contact stands on line {self._lines[key]} already: {extract(name)}")
            return
        values, sites, stored = self._values(row, name), self._sites_said(row, code), self._contacts.get(key)
        if stored is None:
            self._new_links.append(list(sites))
            self._positions[code] += 1
            self._new.append(values | {"customer_id": self._customers[code], "position": self._positions[code]})
            self._taken.note("contacts", Outcome(row.line, "new", code, name, ()))
            return
        if values.get("email_at_customer") == stored["email_identity"] and not stored["email_at_customer"]:
            values.pop("email_at_customer", None)  # it is written to already
        changed = {column: value for column, value in values.items() if stored[column] != value}
        differences = tuple(Difference(what, _shown(stored[what]), _shown(value)) for what, value in changed.items())
        added = {pk: said for pk, said in sites.items() if (stored["id"], pk) not in self._linked}
        self._links += [(stored["id"], pk) for pk in added]
        differences += tuple(Difference("site", "", said) for said in added.values())
        self._taken.note("contacts", Outcome(row.line, "changed", code, stored["name"], differences))
        if changed:
            self._changed.setdefault(tuple(changed), []).append((stored["id"], *changed.values()))

    def store(self) -> None:
        """Write what is new and what has changed, a statement for each sort."""
        if self._listing.problems:
            return
        usual = bulk.defaults(Contact) | {"company_id": self._company.pk}
        columns, ids = tuple(usual), bulk.reserve_ids(Contact, len(self._new))
        rows = [usual | one for one in self._new]
        bulk.insert(Contact, ("id", *columns), ([pk, *(row[column] for column in columns)] for pk, row in zip(ids, rows, strict=True)))
        self._links += [(pk, site) for pk, sites in zip(ids, self._new_links, strict=True) for site in sites]
        bulk.insert(Contact.sites.through, ("contact_id", "site_id"), self._links)
        for names, changed in self._changed.items():
            bulk.update(Contact, names, changed)

    def _code(self, row: Row) -> str:
        """The customer of a row, who must be there."""
        said, name = row.said.get("customer", ""), row.said.get("name", "")
        code = said if said in self._customers else "" if said else self._by_name.get(collation_key(name), "")
        if not code:
            self._fault(
                row, "customer" if said else "name", f"there is no customer {extract(said or name)}" if said or name else "no customer"
            )
        return code

    def _name(self, row: Row) -> str:
        said = row.said
        parts = (said.get("first_name"), said.get("last_name") or said.get("contact"))
        name = " ".join(filter(None, parts)) if "last_name" in said or "first_name" in said else said.get("contact", "")
        if not name:
            self._fault(row, "contact", "no name of a contact")
        elif len(name) > _LONGEST_NAME:
            self._fault(row, "contact", f"more than {_LONGEST_NAME} letters: {extract(name)}")
        return name

    def _values(self, row: Row, name: str) -> dict[str, Any]:
        said: dict[str, Any] = row.said
        values: dict[str, Any] = {"name": name}
        values |= {"left_on": said["left_on"]} if said.get("left_on") else {}
        if "email" in said:
            values["email_at_customer"] = said["email"]
            if not ADDRESS.fullmatch(said["email"]) or len(said["email"]) > 254:  # letters
                self._fault(row, "email", f"not an e-mail address: {extract(said['email'])}")
        function = collation_key(said.get("function", ""))
        values |= {column: True for column, words in _ROLES.items() if any(word in function for word in words)}
        for what, column in _RECEIVES.items():
            if what in said:
                answer = YES_AND_NO.get(collation_key(said[what]))
                if answer is None:
                    self._fault(row, what, f"neither yes nor no: {extract(said[what])}")
                else:
                    values[column] = answer
        return values

    def _sites_said(self, row: Row, code: str) -> dict[int, str]:
        """The sites of the customer that a row names by code or name, one or several."""
        known, found = self._sites.get(code, {}), {}
        for said in filter(None, (one.strip() for one in _SEVERAL.split(row.said.get("site", "")))):
            pk = known.get(collation_key(said))
            if pk is None:
                self._fault(row, "site", f"{code} has no site {extract(said)}")
            else:
                found[pk] = said
        return found

    def _fault(self, row: Row, what: str, message: str) -> None:
        self._listing.problems.add(row.line, self._listing.title(what) if what in self._listing.heads.places else "", message)


def _sites_of(company: Company) -> dict[str, dict[str, int]]:
    """By customer, the sites by what a list may call them: their codes, and names where these are not codes of others."""
    found: dict[str, dict[str, int]] = {}
    rows = list(
        tuples.stream(Site.objects.filter(company=company).order_by("position", "id").values_list("customer__code", "id", "code", "name"))
    )
    for customer, pk, _, name in rows:
        found.setdefault(customer, {}).setdefault(collation_key(name), pk)
    for customer, pk, code, _ in rows:
        found[customer][collation_key(code)] = pk
    return found


def _shown(value: Any) -> str:
    return "" if value is None else str(value)
