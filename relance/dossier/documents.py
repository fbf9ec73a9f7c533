"""How does a load lay down documents with their due items?"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

from relance.dossier import shape_of_ledger
from relance.dossier.company import check_floor
from relance.dossier.entry import BROKEN, Entry
from relance.dossier.merging import Change, Load, Sheet, Values
from relance.dossier.named import Named
from relance.dossier.parties import STANDING, shown_changes
from relance.models import Allocation, Document, DueItem, tuples
from relance.models.events import Fact
from relance.models.incoming.posting import DocumentRow, DueItemRow, Posting

FOLLOWED = ("status_id", "comment", "expected_on", "promised_on", "promised_amount", "promise_made_on")
ON_CREATION = (*STANDING, "expected_on", "comment")  # taken from the file on creation only
_BLOCKS = {"no_auto_dunning": "automatic", "no_manual_dunning": "manual", "no_dunning_temporary": "temporary"}
_UNTIL = {"no_auto_dunning": "no_auto_dunning_until", "no_manual_dunning": "no_manual_dunning_until"}
_DOCUMENT, _DUE_ITEM = DocumentRow._fields[1:], DueItemRow._fields[1:]
_WRONG_SIGN = {
    "invoice": "the amount of an invoice is not below zero",
    "credit_note": "the amount of a credit note is not above zero",
    "payment_on_account": "the amount of a payment on account is not above zero",
}

Name = tuple[int | None, int | None, str]  # customer, supplier, number


class Setting(NamedTuple):
    """What documents take from the company and its customers."""

    currency: str
    country: str
    dunnable: dict[int, bool]  # by payment method
    fallback: int | None  # payment method in the place of a direct debit that came back
    customers: Sheet
    sites: Sheet


class Documents:
    """The documents that a file gives, and those that it refers to, with their due items."""

    def __init__(self, load: Load, dossier: Entry, setting: Setting, named: Named) -> None:
        self._load, self._setting = load, setting
        self.documents = self._read_documents(named)
        self.given = list(self._with_names(dossier.get("documents", [])))
        self.documents.expect(name for name, _ in self.given)
        returned = self._returned()
        for name, entry in self.given:
            self._lay_document(name, entry, returned)
        self.items, self.allocated = self._read_items()
        self.entries = dict(self._given_items())
        self.items.expect(self.entries)
        self.numbers = _by_document(self.items)
        for name, entry in self.given:
            self._lay_items(name, entry)

    def write(self, posting: Posting) -> None:
        """Store what was laid."""
        posting.add_documents(map(DocumentRow._make, self.documents.new_rows()))
        posting.change_documents(_DOCUMENT, self.documents.changed_rows())
        posting.add_due_items(map(DueItemRow._make, self.items.new_rows()))
        posting.change_due_items(_DUE_ITEM, self.items.changed_rows())

    def _given_items(self) -> Iterator[tuple[tuple[int, int], Entry]]:
        """The due items of the file, each with its document's identifier and its number."""
        for name, entry in self.given:
            for item in entry.get("due", []):
                yield (self.documents.ids[name], item["no"]), item

    @cached_property
    def numbered(self) -> dict[int, tuple[str, str]]:
        """Number and currency of every document known, by identifier, once all are laid."""
        laid = ((name, document, self.documents.after(name)) for name, document in self.documents.ids.items())
        return {document: (name[2], values["currency"]) for name, document, values in laid if values}

    # -- documents

    def _read_documents(self, named: Named) -> Sheet:
        columns = ("customer_id", "supplier_id", "number", "id", *_DOCUMENT)
        rows = tuples.read(Document, columns, company_id=self._load.company.pk, number=list(named.documents))
        return Sheet(Document, _DOCUMENT, ((row[:3], row[3:]) for row in rows))

    def _with_names(self, entries: list[Entry]) -> Iterator[tuple[Name, Entry]]:
        """A document whose customer or supplier is unknown is told of, and left out."""
        for entry in entries:
            party = find_party(self._load, entry)
            if party is not None:
                yield (*party, entry["number"]), entry

    def _lay_document(self, name: Name, entry: Entry, returned: set[int]) -> None:
        load, before, document = self._load, self.documents.before(name), self.documents.ids[name]
        values = load.lay(entry, before, shape_of_ledger.DOCUMENT)
        values["currency"] = values["currency"] or self._setting.currency
        if name[0] is None:
            self._refuse_customer_keys(entry)
        else:
            values["billed_customer_id"] = values["billed_customer_id"] or name[0]
            values["site_id"] = self._site(values["site_id"], name[0], entry)
        if before and document in returned and self._is_debit(values) and before["payment_method_id"] == self._setting.fallback:
            values["payment_method_id"] = self._setting.fallback
        self._check_rate(entry, values)
        changes = self.documents.put(name, values, load.count("documents"))
        load.facts += _block_facts(document, values, changes)

    def _site(self, given: Any, customer: int, entry: Entry) -> int | None:
        """A site by its code at the customer of the document; what is stored comes as an identifier."""
        if not isinstance(given, str):
            return given
        found = self._setting.sites.ids.get((customer, given))
        if found is None:
            self._load.findings.fault((*entry.place, "site"), f'unknown site: "{given}"')
        return found

    def _refuse_customer_keys(self, entry: Entry) -> None:
        for key in ("billed_customer", "site"):
            if entry.get(key) is not None:
                self._load.findings.fault((*entry.place, key), "a supplier's document has none")

    def _returned(self) -> set[int]:
        """Stored documents of the file whose debit came back: the file may still say debit, the fallback stays (rules, section 3)."""
        if self._setting.fallback is None or self._load.restoring:
            return set()
        stored = [self.documents.ids[name] for name, _ in self.given if self.documents.before(name)]
        if not stored:
            return set()
        returns = Allocation.objects.filter(due_item__document__in=tuples.among(stored), payment__kind="return")
        return {document for (document,) in tuples.stream(returns.values_list("due_item__document_id"))}

    def _is_debit(self, values: Values) -> bool:
        return not self._setting.dunnable.get(values["payment_method_id"], True)

    def _check_rate(self, entry: Entry, values: Values) -> None:
        rate, billed = entry.get("interest_rate"), values["billed_customer_id"]
        if isinstance(rate, int) and values["date"] and billed and self._kinds.get(billed) != "consumer":
            check_floor(self._load, rate, self._setting.country, values["date"], (*entry.place, "interest_rate"))

    @cached_property
    def _kinds(self) -> dict[int, str]:
        customers = self._setting.customers
        laid = ((number, customers.after(code)) for code, number in customers.ids.items())
        return {number: values["kind"] for number, values in laid if values}

    # -- due items

    def _read_items(self) -> tuple[Sheet, dict[int, int]]:
        """The due items of all these documents, and what is allocated to those that are stored."""
        stored = [self.documents.ids[name] for name in self.documents.names() if self.documents.before(name)]
        columns = ("document_id", "no", "allocated_amount", "id", *_DUE_ITEM)
        rows = list(tuples.read(DueItem, columns, ("document_id", "no"), document_id=stored))
        return Sheet(DueItem, _DUE_ITEM, ((row[:2], row[3:]) for row in rows)), {row[3]: row[2] for row in rows if row[2]}

    def _lay_items(self, name: Name, entry: Entry) -> None:
        document_id, document = self.documents.ids[name], self.documents.after(name)
        assert document is not None, "laid before"
        given = {item["no"]: item for item in entry.get("due", [])}
        for item in given.values():
            self._lay_item(document_id, document, item)
        self._check(name, entry, given)

    def _check(self, name: Name, entry: Entry, given: dict[int, Entry]) -> None:
        """Whether document and due items agree: their signs, and what a change of the document makes of the items that are not given."""
        document_id, before, after = self.documents.ids[name], self.documents.before(name), self.documents.after(name) or {}
        numbers = self.numbers.get(document_id, [])
        if not numbers:
            self._load.findings.warn((*entry.place, "due"), "no due item: nothing of this document is ever due")
        if before and before["currency"] != after["currency"]:
            self._check_currency(document_id, entry, given)
        for no in numbers if before and before["type"] != after["type"] else given:
            item = self.items.after((document_id, no))
            wrong = item and item["amount"] and (item["amount"] > 0) != (after["type"] == "invoice")
            if wrong and entry.get("type") is not BROKEN:
                place = (*given[no].place, "amount") if no in given else (*entry.place, "type")
                self._load.findings.fault(place, _WRONG_SIGN[after["type"]])

    def _lay_item(self, document_id: int, document: Values, entry: Entry) -> None:
        load, name, billed = self._load, (document_id, entry["no"]), document["billed_customer_id"]
        for amount in ("amount", "promised_amount"):
            load.read_amount(entry, amount, document["currency"])
        values = load.lay(entry, self.items.before(name), shape_of_ledger.DUE_ITEM, keep=() if load.with_levels else ON_CREATION)
        if values["promised_amount"] is not None and values["promised_amount"] <= 0:
            load.findings.fault((*entry.place, "promised_amount"), "a promised amount is above zero")
        changes = self.items.put(name, values | {"document_id": document_id, "billed_customer_id": billed}, load.count("due_items"))
        if changes:
            load.facts += self._item_facts(document_id, billed, entry["no"], changes)

    def _check_currency(self, document_id: int, entry: Entry, given: dict[int, Entry]) -> None:
        """Amounts in another currency are other amounts: they must be said again, and nothing may be allocated to them."""
        for no in self.numbers.get(document_id, []):
            if "amount" not in given.get(no, {}) or self.allocated.get(self.items.ids[document_id, no]):
                message = "cannot change while a due item has allocations, or keeps the amount that is stored"
                self._load.findings.fault((*entry.place, "currency"), message)
                return

    def _item_facts(self, document: int, billed: int | None, no: int, changes: dict[str, Change]) -> Iterator[Fact]:
        if "status_id" in changes:
            codes = {number: code for code, number in self._load.ids["status"].items()}
            before, after = changes["status_id"]
            changes = changes | {"status_id": Change(codes.get(before), codes.get(after))}
        for what, columns in (("level_set", STANDING), ("followed_up", FOLLOWED)):
            if changed := shown_changes(changes, columns):
                yield Fact(what, customer_id=billed, document_id=document, facts={"changed": [{"no": no} | one for one in changed]})


def find_party(load: Load, entry: Entry) -> tuple[int | None, int | None] | None:
    """Identifiers of the customer or the supplier whose document or payment this is; None, and a fault, unless it is one of them."""
    given = [key for key in ("customer", "supplier") if entry.get(key) is not None]
    if len(given) != 1:
        load.findings.fault(entry.place, "both a customer and a supplier" if given else "neither a customer nor a supplier")
        return None
    [key] = given
    found = load.find(key, entry[key], (*entry.place, key)) if isinstance(entry[key], str) else None
    return None if found is None else (found, None) if key == "customer" else (None, found)


def _by_document(items: Sheet) -> dict[int, list[int]]:
    numbers: dict[int, list[int]] = {}
    for document, no in items.names():
        numbers.setdefault(document, []).append(no)
    return numbers


def _block_facts(document: int, values: Values, changes: dict[str, Change]) -> Iterator[Fact]:
    """What changes in the blocks of a stored document, told as blocking by hand tells it."""
    comment = shown_changes(changes, ["block_reason", "block_comment"])
    billed = values["billed_customer_id"]
    for column, kind in _BLOCKS.items():
        until = _UNTIL.get(column, column)
        if column in changes or until in changes:
            what = "blocked" if values[column] else "unblocked"
            changed = [*shown_changes(changes, dict.fromkeys((column, until))), *comment]
            yield Fact(what, customer_id=billed, document_id=document, facts={"kind": kind, "changed": changed})
            comment = []
    if comment:
        yield Fact("followed_up", customer_id=billed, document_id=document, facts={"changed": comment})
