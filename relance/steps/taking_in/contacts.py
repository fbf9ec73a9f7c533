"""List of contacts -> contacts of customers who are there; a contact is known again by his name."""

from collections import Counter
from typing import Any

from relance.core.names import collation_key
from relance.importers.listing import Listing, Row
from relance.importers.problems import extract
from relance.models import bulk
from relance.models.company import Company
from relance.models.events import Fact
from relance.models.parties import Contact, Customer
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
        customers = list(bulk.stream(Customer.objects.filter(company=company).values_list("code", "id", "name")))
        self._customers = {code: pk for code, pk, _ in customers}
        self._by_name = codes_by_name((code, name) for code, _, name in customers)
        columns = ("customer__code", "id", "email_identity", *_COLUMNS)
        rows = bulk.stream(Contact.objects.filter(company=company).order_by().values_list(*columns))
        stored = [dict(zip(columns, row, strict=True)) for row in rows]
        self._contacts = {(one["customer__code"], collation_key(one["name"])): one for one in stored}
        self._positions = Counter(one["customer__code"] for one in stored)
        self._lines: dict[tuple[str, str], int] = {}
        self._new: list[dict[str, Any]] = []
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
        values, stored = self._values(row, name), self._contacts.get(key)
        if stored is None:
            self._positions[code] += 1
            self._new.append(values | {"customer_id": self._customers[code], "position": self._positions[code]})
            self._taken.note("contacts", Outcome(row.line, "new", code, name, ()))
            return
        if values.get("email_at_customer") == stored["email_identity"] and not stored["email_at_customer"]:
            values.pop("email_at_customer", None)  # it is written to already
        changed = {column: value for column, value in values.items() if stored[column] != value}
        differences = tuple(Difference(what, _shown(stored[what]), _shown(value)) for what, value in changed.items())
        self._taken.note("contacts", Outcome(row.line, "changed", code, stored["name"], differences))
        if changed:
            self._changed.setdefault(tuple(changed), []).append((stored["id"], *changed.values()))

    def store(self) -> None:
        """Write what is new and what has changed, a statement for each sort."""
        if self._listing.problems:
            return
        usual = bulk.defaults(Contact) | {"company_id": self._company.pk}
        columns = tuple(usual)
        rows = [usual | one for one in self._new]
        bulk.insert(Contact, columns, ([row[column] for column in columns] for row in rows))
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

    def _fault(self, row: Row, what: str, message: str) -> None:
        self._listing.problems.add(row.line, self._listing.title(what) if what in self._listing.heads.places else "", message)


def _shown(value: Any) -> str:
    return "" if value is None else str(value)
