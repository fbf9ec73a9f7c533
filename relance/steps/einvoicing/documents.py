"""How does an invoice become a document, with its due items, its payment method, what was prepaid and its PDF?"""

from datetime import date
from typing import Any

from relance.core import money
from relance.core.enclosing import Kind
from relance.core.names import collation_key
from relance.core.terms import due_date, parse_terms
from relance.importers.einvoice import DIRECT_DEBITS, Instalment, Invoice
from relance.importers.pdf import Unfit, look_through
from relance.models import bulk
from relance.models.changing import changes
from relance.models.company import Company, PaymentMethod
from relance.models.events import Fact
from relance.models.incoming import attaching
from relance.models.incoming.posting import AllocationRow, DocumentRow, DueItemRow, PaymentRow, Posting
from relance.models.ledger import Document, DueItem, Payment
from relance.models.parties import Customer
from relance.steps import Refused
from relance.steps.einvoicing.parties import contact_of, customer_of, site_of, supplier_of, whose
from relance.steps.einvoicing.taken import Taken

# What means of payment are called (UNTDID 4461), with the code that a new method gets.
_TRANSFER, _DEBIT, _CARD, _CHEQUE, _CASH, _BILL = ("VIR", "PRLV", "CB", "CHQ", "ESP", "LCR")
_METHODS = {
    **dict.fromkeys(("30", "31", "42", "58"), _TRANSFER),
    **dict.fromkeys(DIRECT_DEBITS, _DEBIT),
    **dict.fromkeys(("48", "54", "55"), _CARD),
    **dict.fromkeys(("20", "21", "22", "23", "25"), _CHEQUE),
    "10": _CASH,
    **dict.fromkeys(("24", "60", "70"), _BILL),
}
_LABELS = {
    _TRANSFER: ("Virement", "Transfer"),
    _DEBIT: ("Prélèvement", "Direct debit"),
    _CARD: ("Carte bancaire", "Card"),
    _CHEQUE: ("Chèque", "Cheque"),
    _CASH: ("Espèces", "Cash"),
    _BILL: ("Lettre de change", "Bill of exchange"),
}

PDF = tuple[str, bytes]


def take_invoice(company: Company, invoice: Invoice, pdf: PDF | None, by: str, taken: Taken) -> None:
    """Write an invoice into the ledger, in the caller's transaction. Raises Refused where it contradicts what is held."""
    taken.remarks += invoice.remarks
    side = whose(company, invoice)
    if side == "customer":
        customer = customer_of(company, invoice, taken)
        site = site_of(customer, invoice.buyer, taken)
        contact_of(customer, site, invoice.buyer, taken)
        said = {"site_id": site.pk if site else None} | _paid_elsewhere(invoice)
        owner = {"customer_id": customer.pk, "billed_customer_id": customer.pk}
        code, terms = customer.code, customer.payment_terms
        own = Document.objects.filter(company=company, customer=customer)
    else:
        supplier = supplier_of(company, invoice, taken)
        said, owner, code, terms = {}, {"supplier_id": supplier.pk}, supplier.code, ""
        own = Document.objects.filter(company=company, supplier=supplier)
    said |= {"label": (invoice.order or invoice.contract)[:200], "payment_method_id": _method(company, invoice, taken)}
    due = _due(invoice, terms or company.payment_terms)
    held = own.filter(number=invoice.number).first()
    posting = Posting(company.pk)
    document = _add(company, posting, invoice, due, said | owner, code) if held is None else held
    if held is None:
        taken.count("documents", "created")
        taken.tell(invoice.number, code, [{"what": "open", "before": None, "after": money.show(invoice.due, invoice.currency)}])
    else:
        changed = _compare(posting, held, invoice, due, said, taken)
        taken.count("documents", "changed" if changed else "same")
        taken.tell(held.number, code, changed)
        if changed:
            taken.facts.append(Fact("document_changed", None, held.billed_customer_id, held.pk, {"changed": changed}))
    taken.facts += [*posting.settle(), *posting.follow_returned_debits()]
    _tell_corrected(own, invoice, taken)
    if pdf and side == "customer":
        _keep_pdf(document, pdf, by, taken)


def _due(invoice: Invoice, terms: str) -> list[Instalment]:
    """The due items of a document: its instalments, with what was prepaid in the first, or before several of them."""
    parts = [Instalment(one.due_date or _by_terms(invoice, terms), one.amount) for one in invoice.instalments]
    if len(parts) == 1:
        return [parts[0]._replace(amount=invoice.total)]
    return [Instalment(invoice.date, invoice.prepaid), *parts] if invoice.prepaid else parts


def _by_terms(invoice: Invoice, terms: str) -> date:
    if invoice.type != "invoice":
        return invoice.date
    try:
        return due_date(parse_terms(terms), invoice.date)
    except ValueError as fault:
        raise Refused(str(fault)) from None


def _paid_elsewhere(invoice: Invoice) -> dict[str, Any]:
    """Who is to be paid in the seller's place: a payee that is named, or a factor that the document type tells of."""
    if not (invoice.payee or invoice.factored):
        return {}
    name = invoice.payee.name if invoice.payee else ""
    return {"paid_elsewhere": True, "payee_name": name[:200], "payee_iban": invoice.iban if invoice.payee else ""}


# -- what is new


def _add(company: Company, posting: Posting, invoice: Invoice, due: list[Instalment], said: dict[str, Any], code: str) -> Document:
    [document] = bulk.reserve_ids(Document, 1)
    row = DocumentRow(document, invoice.number, invoice.date, invoice.currency, invoice.type)
    posting.add_documents([row._replace(**said)])
    ids = bulk.reserve_ids(DueItem, len(due))
    billed = said.get("billed_customer_id")
    posting.add_due_items(
        DueItemRow(pk, document, billed, no, one.due_date or invoice.date, one.amount)
        for no, (pk, one) in enumerate(zip(ids, due, strict=True), 1)
    )
    if invoice.prepaid:
        _add_prepaid(company, posting, invoice, said, code, ids[0])
    return Document.objects.get(pk=document)


def _add_prepaid(company: Company, posting: Posting, invoice: Invoice, said: dict[str, Any], code: str, due_item: int) -> None:
    """What the invoice says was paid before it, as a payment of its day."""
    [payment] = bulk.reserve_ids(Payment, 1)
    reference = f"ACOMPTE {code[:20]} {invoice.number}"[:80]
    if Payment.objects.filter(company=company, reference=reference).exists():
        raise Refused(f"there is a payment {reference} already, and no invoice {invoice.number} that it was for")
    row = PaymentRow(payment, reference, invoice.date, invoice.prepaid, invoice.currency, "payment" if invoice.prepaid > 0 else "return")
    posting.add_payments([row._replace(customer_id=said.get("customer_id"), supplier_id=said.get("supplier_id"))])
    posting.replace_allocations([payment], [AllocationRow(payment, due_item, invoice.date, invoice.prepaid)])


# -- what is held already


def _compare(
    posting: Posting, held: Document, invoice: Invoice, due: list[Instalment], said: dict[str, Any], taken: Taken
) -> list[dict[str, Any]]:
    """Lay an invoice over the document that is held, whoever booked it: its amount must be the same. Return what changed."""
    items = list(DueItem.objects.filter(document=held).order_by("no"))
    total = sum(item.amount for item in items)
    if (held.type, held.currency, total) != (invoice.type, invoice.currency, invoice.total):
        known = f"{held.type} of {money.show(total, held.currency)} {held.currency}"
        new = f"{invoice.type} of {money.show(invoice.total, invoice.currency)} {invoice.currency}"
        raise Refused(f"{held.number} is held as {known}; this one is {new}")
    keep = ("label", "payment_method_id", "site_id")  # what is known stays; people may have chosen it
    wanted = {what: value for what, value in said.items() if not (what in keep and (getattr(held, what) or not value))}
    wanted["date"] = invoice.date
    changed = changes(held, wanted)
    if changed:
        posting.change_documents(tuple(wanted), [(held.pk, *wanted.values())])
    return [_readable(one) for one in changed] + _move(posting, items, invoice, due, taken)


def _move(posting: Posting, items: list[DueItem], invoice: Invoice, due: list[Instalment], taken: Taken) -> list[dict[str, Any]]:
    """Give due items the dates that the invoice names; one item becomes instalments as long as nothing of it is paid."""
    if all(one.due_date is None for one in invoice.instalments) or [(one.due_date, one.amount) for one in due] == [
        (item.due_date, item.amount) for item in items
    ]:
        return []
    if [item.amount for item in items] == [one.amount for one in due]:
        pairs = [(item, one) for item, one in zip(items, due, strict=True) if item.due_date != one.due_date]
        posting.change_due_items(("due_date",), [(item.pk, one.due_date) for item, one in pairs])
        return [{"what": "due_date", "before": item.due_date.isoformat(), "after": str(one.due_date)} for item, one in pairs]
    if len(items) != 1 or items[0].allocated_amount or invoice.prepaid:
        taken.remarks.append(f"{invoice.number} is held with other instalments: they stay as they are")
        return []
    [item] = items
    posting.change_due_items(("due_date", "amount"), [(item.pk, due[0].due_date, due[0].amount)])
    ids = bulk.reserve_ids(DueItem, len(due) - 1)
    posting.add_due_items(
        DueItemRow(pk, item.document_id, item.billed_customer_id, no, one.due_date or invoice.date, one.amount)
        for no, (pk, one) in enumerate(zip(ids, due[1:], strict=True), 2)
    )
    return [{"what": "instalments", "before": 1, "after": len(due)}]


def _readable(change: dict[str, Any]) -> dict[str, Any]:
    """A payment method and a site by their codes."""
    nouns: dict[str, Any] = {"payment_method_id": PaymentMethod, "site_id": Customer.sites.rel.related_model}
    noun = nouns.get(change["what"])
    if noun is None:
        return change
    codes = dict(noun.objects.filter(pk__in=[one for one in (change["before"], change["after"]) if one]).values_list("pk", "code"))
    return {"what": change["what"].removesuffix("_id"), "before": codes.get(change["before"]), "after": codes.get(change["after"])}


# -- what goes with it


def _method(company: Company, invoice: Invoice, taken: Taken) -> int | None:
    """The payment method that the invoice names, by code or label; new where the company has none such.

    Several means, one of them a direct debit: it counts, since what is collected must not be reminded of.
    """
    known = [code for one in invoice.means if (code := _METHODS.get(one))]
    if not known:
        return None
    code = _DEBIT if _DEBIT in known else known[0]
    if len(set(known)) > 1:
        taken.remarks.append(f"several means of payment: {_LABELS[code][1].lower()} is taken")
    methods = PaymentMethod.objects.filter(company=company).order_by("pk")
    labels = {collation_key(label) for label in _LABELS[code]}
    fitting = [one for one in methods if one.dunnable == (code != _DEBIT) and (one.code == code or collation_key(one.label) in labels)]
    if fitting:
        return fitting[0].pk
    taken_codes = {one.code for one in methods}
    free = next(one for one in (code, *(f"{code}-{number}" for number in range(2, 1000))) if one not in taken_codes)
    label = _LABELS[code][0 if company.language == "fr" else 1]
    taken.count("payment_methods", "created")
    return PaymentMethod.objects.create(company=company, code=free, label=label, dunnable=code != _DEBIT).pk


def _tell_corrected(own: Any, invoice: Invoice, taken: Taken) -> None:
    """A credit note names what it credits: that is told, and what is set against what stays for people to say."""
    held = set(own.filter(number__in=invoice.preceding).values_list("number", flat=True))
    for number in invoice.preceding:
        what = "credits" if invoice.type == "credit_note" else "refers to"
        taken.remarks.append(f"{invoice.number} {what} {number}" + ("" if number in held else ", which is not held"))


def _keep_pdf(document: Document, pdf: PDF, by: str, taken: Taken) -> None:
    """The PDF is the original of the invoice, where it may be passed on; nothing of a credit note is ever enclosed."""
    if document.type != "invoice":
        return
    name, content = pdf
    try:
        look_through(content)
    except Unfit as unfit:
        taken.remarks.append(f"the PDF of {document.number} is not kept, since it {unfit}")
        return
    changed = attaching.attach(document, Kind.ORIGINAL, name, content, by)
    taken.changes += [one | {"customer": document.customer.code if document.customer else ""} for one in changed]
