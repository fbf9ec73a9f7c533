"""How does a load lay down payments and what they settle?"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from relance.core import money
from relance.dossier import shape_of_ledger
from relance.dossier.documents import Documents, Name, find_party
from relance.dossier.entry import BROKEN, Entry
from relance.dossier.faults import Place
from relance.dossier.merging import Load, Sheet, Values, named_rows
from relance.models import Allocation, DueItem, Payment, tuples
from relance.models.incoming.posting import AllocationRow, PaymentRow, Posting

_PAYMENT = PaymentRow._fields[1:]


class Payments:
    """The payments that a file gives, with their allocations."""

    def __init__(self, load: Load, dossier: Entry, documents: Documents, currency: str) -> None:
        self._load, self._documents, self._currency = load, documents, currency
        self._meant = _Meant(load, documents)
        given: list[Entry] = dossier.get("payments", [])
        references = [entry["reference"] for entry in given]
        stored = named_rows(Payment, "reference", _PAYMENT, company_id=load.company.pk, reference=references)
        self._payments = Sheet(Payment, _PAYMENT, stored)
        self._payments.expect(references)
        self._stored = _stored_allocations([self._payments.ids[reference] for reference in references])
        self._replaced: dict[int, list[AllocationRow]] = {}  # by payment
        self._moved: dict[int, int] = {}  # how much more of a due item is allocated than was
        self._places: dict[int, Place] = {}  # where the file last allocates to a due item
        for entry in given:
            self._lay_payment(entry)
        self._check_items()

    def write(self, posting: Posting) -> None:
        """Store what was laid."""
        posting.add_payments(map(PaymentRow._make, self._payments.new_rows()))
        posting.change_payments(_PAYMENT, self._payments.changed_rows())
        posting.replace_allocations(list(self._replaced), [row for rows in self._replaced.values() for row in rows])

    @property
    def ids(self) -> dict[str, int]:
        """The identifiers of the payments that the file names, by reference."""
        return self._payments.ids

    def currency_of(self, reference: Any) -> str:
        """The currency of a payment that the file names, or that is stored."""
        laid = self._payments.after(reference) if reference in self._payments.ids else None
        if laid is not None:
            return str(laid["currency"])
        stored = Payment.objects.filter(company=self._load.company, reference=reference)
        return stored.values_list("currency", flat=True).first() or self._currency

    def _lay_payment(self, entry: Entry) -> None:
        load, reference = self._load, entry["reference"]
        payment, before = self._payments.ids[reference], self._payments.before(reference)
        currency = self._currency_of(entry, before)
        load.read_amount(entry, "amount", currency)
        values = load.lay(entry, before, shape_of_ledger.PAYMENT) | {"currency": currency}
        if not before or not {"customer", "supplier"}.isdisjoint(entry):
            values["customer_id"], values["supplier_id"] = find_party(load, entry) or (None, None)
        stored = self._stored.get(payment, [])
        laid = self._lay_allocations(payment, values, entry) if "allocations" in entry else stored
        moved = sorted(laid) != sorted(stored)
        changes = self._payments.put(reference, values, load.count("payments"), touched=moved)
        if moved:
            self._move(payment, stored, laid, entry)
        elif stored and not changes.keys().isdisjoint({"customer_id", "supplier_id", "currency"}):
            load.findings.fault(entry.place, "with another customer or currency, its allocations must be others too")
        self._check_rest(entry, values, sum(row.amount for row in laid))

    def _currency_of(self, entry: Entry, before: Values | None) -> str:
        given = entry.get("currency")
        if isinstance(given, str):
            return given
        return before["currency"] if before and "currency" not in entry else self._currency

    def _lay_allocations(self, payment: int, values: Values, entry: Entry) -> list[AllocationRow]:
        laid = []
        for given in entry["allocations"]:
            self._load.read_amount(given, "amount", values["currency"])
            item = self._meant.item(given, values)
            on = given.get("date") or values["date"]
            if item is not None and on is not None and BROKEN not in given.values():
                laid.append(AllocationRow(payment, item, on, given["amount"]))
                self._places[item] = (*given.place, "amount")
        return laid

    def _move(self, payment: int, stored: list[AllocationRow], laid: list[AllocationRow], entry: Entry) -> None:
        self._replaced[payment] = laid
        for rows, sign in ((stored, -1), (laid, 1)):
            for row in rows:
                self._moved[row.due_item_id] = self._moved.get(row.due_item_id, 0) + sign * row.amount
                self._places.setdefault(row.due_item_id, (*entry.place, "allocations"))

    def _check_rest(self, entry: Entry, values: Values, total: int) -> None:
        """No more can be allocated than was paid, and a netting only moves amounts."""
        amount = values["amount"]
        if amount is None or BROKEN in entry.values() or any(BROKEN in given.values() for given in entry.get("allocations", [])):
            return
        shown = money.show(total, values["currency"])
        place = (*entry.place, "allocations" if "allocations" in entry else "amount")
        if values["kind"] == "netting" and amount:
            self._load.findings.fault((*entry.place, "amount"), "a netting has no amount of its own: 0.00")
        elif values["kind"] == "netting" and total:
            self._load.findings.fault(place, f"the allocations of a netting add up to zero, not to {shown}")
        elif _is_beyond(amount, total):
            self._load.findings.fault(place, f"{shown} allocated, of a payment of {money.show(amount, values['currency'])}")

    def _check_items(self) -> None:
        """No more can be allocated to a due item than its amount."""
        items, allocated = self._documents.items, self._documents.allocated
        for name, item in items.ids.items():
            if item in self._moved or (item in allocated and items.changes(name)):
                values = items.after(name)
                if values and values["amount"] is not None:
                    number, currency = self._documents.numbered[name[0]]
                    self._check_item(item, name, _Item(values["amount"], allocated.get(item, 0), number, name[1], currency))
        for item, *known in self._strangers():
            self._check_item(item, None, _Item(*known))

    def _strangers(self) -> Iterator[tuple[Any, ...]]:
        """Due items that only a stored allocation names, which the file takes away."""
        unknown = self._moved.keys() - set(self._documents.items.ids.values())
        if not unknown:
            return iter(())
        columns = ("amount", "allocated_amount", "document__number", "no", "document__currency")
        return tuples.stream(DueItem.objects.filter(pk__in=tuples.among(unknown)).order_by("id").values_list("id", *columns))

    def _check_item(self, item: int, name: tuple[int, int] | None, known: "_Item") -> None:
        total = known.allocated + self._moved.get(item, 0)
        if _is_beyond(known.amount, total):
            place = self._places[item] if name is None or item in self._moved else (*self._documents.entries[name].place, "amount")
            shown, most = money.show(total, known.currency), money.show(known.amount, known.currency)
            self._load.findings.fault(place, f"{shown} allocated to {known.number}, due item {known.no}, which is of {most}")


class _Item(NamedTuple):
    """A due item as the check of its amount sees it."""

    amount: int
    allocated: int  # before this load
    number: str
    no: int
    currency: str


class _Meant:
    """Which due item does an allocation mean?"""

    def __init__(self, load: Load, documents: Documents) -> None:
        self._load, self._documents = load, documents
        self._billed = _by_billed_customer(documents.documents)

    def item(self, given: Entry, payment: Values) -> int | None:
        """The due item's identifier; None, and a fault, when it cannot be told."""
        name = self._document(given, payment)
        if name is None:
            return None
        document_id = self._documents.documents.ids[name]
        _, currency = self._documents.numbered[document_id]
        if currency != payment["currency"]:
            self._load.findings.fault((*given.place, "document"), f"is in {currency}, the payment in {payment['currency']}")
        return self._numbered(given, document_id)

    def _document(self, given: Entry, payment: Values) -> Name | None:
        """The document of the payment's customer, else the one billed to it; that of another customer where it is named."""
        owner = given.get("customer")
        found = self._of_payer(given, payment) if owner is None else self._of_owner(owner, given, payment)
        return found[0] if len(found) == 1 else None

    def _of_payer(self, given: Entry, payment: Values) -> list[Name]:
        own: Name = (payment["customer_id"], payment["supplier_id"], given["document"])
        if own[:2] == (None, None):
            return []  # the payer is unknown, and told already
        found = [own] if own in self._documents.documents.ids else self._billed.get((own[0], own[2]), [])
        if not found:
            self._fault(given, "document", f'unknown document: "{own[2]}"')
        elif len(found) > 1:
            self._fault(given, "document", f'several documents "{own[2]}" are billed to this customer: say whose with "customer"')
        return found

    def _of_owner(self, owner: Any, given: Entry, payment: Values) -> list[Name]:
        if owner is BROKEN:
            return []
        if payment["supplier_id"] is not None:
            self._fault(given, "customer", "a payment of a supplier settles no document of a customer")
            return []
        named: Name = (self._load.find("customer", owner, (*given.place, "customer")), None, given["document"])
        if named in self._documents.documents.ids:
            return [named]
        if named[0] is not None:
            self._fault(given, "document", f'unknown document: "{named[2]}"')
        return []

    def _fault(self, given: Entry, key: str, message: str) -> None:
        self._load.findings.fault((*given.place, key), message)

    def _numbered(self, given: Entry, document: int) -> int | None:
        """By its number, else by its due date where one alone has it, else the only one there is."""
        no, due_date = given.get("no"), given.get("due_date")
        if no is BROKEN or due_date is BROKEN:
            return None
        items = self._documents.items
        found = [
            number
            for number in self._documents.numbers.get(document, [])
            if no in (None, number) and due_date in (None, (items.after((document, number)) or {}).get("due_date"))
        ]
        if len(found) == 1:
            return items.ids[document, found[0]]
        key = "due_date" if no is None and due_date is not None else "no"
        self._fault(given, key, "several due items of the document are meant" if found else "unknown due item of the document")
        return None


def _stored_allocations(payments: list[int]) -> dict[int, list[AllocationRow]]:
    stored: dict[int, list[AllocationRow]] = {}
    for row in map(AllocationRow._make, tuples.read(Allocation, AllocationRow._fields, payment_id=payments)):
        stored.setdefault(row.payment_id, []).append(row)
    return stored


def _is_beyond(amount: int, total: int) -> bool:
    """Whether the total leaves something on the other side of zero."""
    left = amount - total
    return left < 0 if amount > 0 else left > 0 if amount < 0 else left != 0


def _by_billed_customer(documents: Sheet) -> dict[tuple[Any, str], list[Name]]:
    """Names of the documents that one customer ordered and another pays, by the latter and number."""
    billed: dict[tuple[Any, str], list[Name]] = {}
    for name in documents.names():
        values = documents.after(name)
        if values and values["billed_customer_id"] not in (None, name[0]):
            billed.setdefault((values["billed_customer_id"], name[2]), []).append(name)
    return billed
