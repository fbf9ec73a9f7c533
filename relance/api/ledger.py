"""How do other programs read and write customers, suppliers, documents and payments? Page by page; thousands of them in one call."""

from collections.abc import Callable, Iterable, Iterator
from typing import Annotated, Any, Literal

from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.utils.timezone import localdate
from django.utils.translation import gettext
from ninja import Query, Router
from pydantic import Field

from relance import dossier
from relance.api import shapes
from relance.api.access import Called, needs
from relance.api.once import once
from relance.api.paging import Page, in_order, page_of
from relance.api.whole import FILES, Listing, whole_list
from relance.api.words import Code, Day, Json, Text
from relance.core import money
from relance.dossier import dumping, shape_of_ledger
from relance.models import Allocation, Customer, Document, DueItem, Payment, Supplier, tuples
from relance.models.finding import Unfound, find_customer, find_document
from relance.models.lists import owing
from relance.telling.list_file import Sheet, streamed
from relance.telling.sheets_of_ledger import CUSTOMERS, DUE_ITEMS, PAYMENTS, SUPPLIERS, Item
from relance.telling.sheets_of_ledger import owing as owing_lines

router = Router(tags=["Ledger"])
_AT = "/companies/{company}"


def _written(address: str, body: shapes.Schema) -> Callable[..., Any]:
    """Where a body of this shape is laid over the ledger."""
    extra, answer = shapes.body_of(body), shapes.answer(shapes.UPSERTED)
    return router.post(f"{_AT}/{address}", auth=needs("manager", "write", large=True), response=answer, openapi_extra=extra)


# -- customers and suppliers


class Customers(Page):
    """Which customers are asked for."""

    text: Text = ""
    overdue: bool = False
    level: Annotated[int | None, Field(ge=0, le=9)] = None
    sales_rep: Text = ""
    type: Text = ""
    held: bool = False
    insolvent: bool = False
    dunned_from: Annotated[Day | None, Field(description="Last dunned on this day or later.")] = None
    dunned_to: Day | None = None
    never_dunned: bool = False


@router.get(f"{_AT}/customers", auth=needs("reader", "read"), response=shapes.pages("customers", shapes.CUSTOMER), openapi_extra=FILES)
def list_customers(request: Called, company: str, asked: Query[Customers]) -> Listing:
    """Customers as a dossier has them, with their sites and contacts, and what each owes."""
    today = localdate()
    found = owing.named(request.company, owing.Wanted(**asked.filters), today)
    if asked.as_file:
        every = streamed(found.order_by(*owing.BY_NAME))
        return whole_list(request, asked, lambda: Sheet(gettext("customers"), CUSTOMERS, owing_lines(request.company, every, today)))
    ids, following = page_of(found, asked)
    return {"customers": _customers(request, ids), "next": following}


@router.get(_AT + "/customers/{path:code}", auth=needs("reader", "read"), response=shapes.answer(shapes.CUSTOMER))
def read_customer(request: Called, company: str, code: Code) -> Json:
    """One customer."""
    return _customers(request, [find_customer(request.company, code).pk])[0]


@_written("customers", shapes.one(customers=shapes.many(shapes.of(shape_of_ledger.CUSTOMER))))
@once
def write_customers(request: Called, company: str, dry_run: bool = False) -> Json:
    """Create or change customers with their sites and contacts, by code; any number in one call, all of them or none."""
    return _upsert(request, ("customers",), dry_run=dry_run)


@router.get(f"{_AT}/suppliers", auth=needs("reader", "read"), response=shapes.pages("suppliers", shapes.SUPPLIER), openapi_extra=FILES)
def list_suppliers(request: Called, company: str, asked: Query[Page]) -> Listing:
    """Suppliers."""
    found = Supplier.objects.filter(company=request.company)
    if asked.as_file:
        return whole_list(request, asked, lambda: Sheet(gettext("suppliers"), SUPPLIERS, streamed(found.order_by("code"))))
    ids, following = page_of(found, asked)
    return {"suppliers": in_order(ids, dumping.suppliers(Supplier.objects.filter(pk__in=tuples.among(ids)))), "next": following}


@_written("suppliers", shapes.one(suppliers=shapes.many(shapes.of(shape_of_ledger.SUPPLIER))))
@once
def write_suppliers(request: Called, company: str, dry_run: bool = False) -> Json:
    """Create or change suppliers, by code."""
    return _upsert(request, ("suppliers",), dry_run=dry_run)


# -- documents


class Documents(Page):
    """Which documents are asked for."""

    customer: Annotated[Text, Field(description="Billed to this customer.")] = ""
    supplier: Text = ""
    number: Text = ""
    type: Literal["", "invoice", "credit_note", "payment_on_account"] = ""
    open: Annotated[bool | None, Field(description="Only what is open still, or only what is settled.")] = None
    date_from: Day | None = None
    date_to: Day | None = None
    due_from: Day | None = None
    due_to: Day | None = None
    level: Annotated[int | None, Field(ge=0, le=9)] = None


@router.get(f"{_AT}/documents", auth=needs("reader", "read"), response=shapes.pages("documents", shapes.DOCUMENT), openapi_extra=FILES)
def list_documents(request: Called, company: str, asked: Query[Documents]) -> Listing:
    """Documents as a dossier has them, with their due items and what is open of each; as a file, a line for each due item asked for."""
    found = _asked_for(Document.objects.filter(company=request.company), asked)
    if asked.as_file:
        return whole_list(request, asked, lambda: Sheet(gettext("documents"), DUE_ITEMS, _due_items(found, asked)))
    ids, following = page_of(found, asked)
    return {"documents": _documents(ids), "next": following}


@router.get(_AT + "/documents/{path:number}", auth=needs("reader", "read"), response=shapes.answer(shapes.DOCUMENT))
def read_document(request: Called, company: str, number: Code, customer: Code | None = None) -> Json:
    """One document of a customer; where several have this number, ``customer`` says whose."""
    return _documents([find_document(request.company, number, customer).pk])[0]


@_written("documents", shapes.one(documents=shapes.many(shapes.of(shape_of_ledger.DOCUMENT))))
@once
def write_documents(request: Called, company: str, dry_run: bool = False) -> Json:
    """Create or change documents with their due items, by customer or supplier and number; ten thousand in one call, all or none."""
    return _upsert(request, ("documents",), dry_run=dry_run)


# -- payments


class Payments(Page):
    """Which payments are asked for."""

    customer: Text = ""
    supplier: Text = ""
    document: Annotated[Text, Field(description="That have settled something of this document.")] = ""
    kind: Literal["", "payment", "return", "write_off", "netting"] = ""
    unallocated: Annotated[bool, Field(description="Only those of which something is left.")] = False
    date_from: Day | None = None
    date_to: Day | None = None


@router.get(f"{_AT}/payments", auth=needs("reader", "read"), response=shapes.pages("payments", shapes.PAYMENT), openapi_extra=FILES)
def list_payments(request: Called, company: str, asked: Query[Payments]) -> Listing:
    """Payments as a dossier has them, with their allocations and what is left of each."""
    said: Json = {"customer__code": asked.customer, "supplier__code": asked.supplier, "kind": asked.kind}
    said |= {"date__gte": asked.date_from, "date__lte": asked.date_to}
    found = Payment.objects.filter(company=request.company, **{name: value for name, value in said.items() if value})
    found = found.exclude(remaining_amount=0) if asked.unallocated else found
    if asked.document:
        settled = find_document(request.company, asked.document, asked.customer or None)
        found = found.filter(Exists(Allocation.objects.filter(payment=OuterRef("pk"), due_item__document=settled)))
    if asked.as_file:
        every = found.select_related("customer", "supplier").prefetch_related("allocations__due_item__document").order_by("date", "pk")
        return whole_list(request, asked, lambda: Sheet(gettext("payments"), PAYMENTS, streamed(every)))
    ids, following = page_of(found, asked)
    return {"payments": _payments(ids), "next": following}


@router.get(_AT + "/payments/{path:reference}", auth=needs("reader", "read"), response=shapes.answer(shapes.PAYMENT))
def read_payment(request: Called, company: str, reference: Code) -> Json:
    """One payment."""
    found = Payment.objects.filter(company=request.company, reference=reference).first()
    if found is None:
        raise Unfound(f'no payment "{reference}" in {company}')
    return _payments([found.pk])[0]


@_written("payments", shapes.one(payments=shapes.many(shapes.of(shape_of_ledger.PAYMENT))))
@once
def write_payments(request: Called, company: str, dry_run: bool = False) -> Json:
    """Create or change payments with their allocations, by reference; the allocations given replace those stored."""
    return _upsert(request, ("payments",), dry_run=dry_run)


@_written(
    "ledger",
    shapes.some(
        customers=shapes.many(shapes.of(shape_of_ledger.CUSTOMER)),
        suppliers=shapes.many(shapes.of(shape_of_ledger.SUPPLIER)),
        documents=shapes.many(shapes.of(shape_of_ledger.DOCUMENT)),
        payments=shapes.many(shapes.of(shape_of_ledger.PAYMENT)),
    ),
)
@once
def write_ledger(request: Called, company: str, dry_run: bool = False) -> Json:
    """Create or change customers, suppliers, documents and payments together, all of them or none."""
    return _upsert(request, ("customers", "suppliers", "documents", "payments"), dry_run=dry_run)


def _upsert(request: Called, nouns: tuple[str, ...], *, dry_run: bool) -> Json:
    report = dossier.load_part(request.company, request.body, nouns, by=request.by, dry_run=dry_run)
    told = report.told()
    return {"results": dict(report.verdicts), "counts": told["counts"], "warnings": told["warnings"], "stored": not dry_run}


def _customers(request: Called, ids: list[int]) -> list[Json]:
    owed = owing.figures_of(request.company, ids, localdate())
    told = dumping.customers(Customer.objects.filter(pk__in=tuples.among(ids)))
    return in_order(ids, ((pk, customer | {"owes": _figures(owed.get(pk, []))}) for pk, customer in told))


def _figures(owed: Iterable[owing.Figures]) -> list[Json]:
    return [
        {
            "currency": one.currency,
            "balance": money.show(one.balance, one.currency),
            "overdue": money.show(one.overdue, one.currency),
            "oldest": one.oldest.isoformat() if one.oldest else None,
        }
        for one in owed
    ]


def _due_items(documents: QuerySet[Document], asked: Documents) -> Iterator[Item]:
    """Of the documents, the due items asked for, the oldest first."""
    today = localdate()
    found = _items_asked_for(DueItem.objects.filter(document__in=documents.values("pk")), asked)
    if asked.open is not None:
        found = found.exclude(open_amount=0) if asked.open else found.filter(open_amount=0)
    parties = ("document__payment_method", "document__supplier", "billed_customer", "status")
    return (Item(one, today) for one in streamed(found.select_related(*parties).order_by("due_date", "pk")))


def _items_asked_for(items: QuerySet[DueItem], asked: Documents) -> QuerySet[DueItem]:
    said: Json = {"due_date__gte": asked.due_from, "due_date__lte": asked.due_to, "level": asked.level}
    return items.filter(**{name: value for name, value in said.items() if value is not None})


def _asked_for(found: QuerySet[Document], asked: Documents) -> QuerySet[Document]:
    said: Json = {"billed_customer__code": asked.customer, "supplier__code": asked.supplier, "number": asked.number, "type": asked.type}
    said |= {"date__gte": asked.date_from, "date__lte": asked.date_to}
    found = found.filter(**{name: value for name, value in said.items() if value})
    items = DueItem.objects.filter(document=OuterRef("pk"))
    if (asked.due_from, asked.due_to, asked.level) != (None, None, None):
        found = found.filter(Exists(_items_asked_for(items, asked)))
    if asked.open is not None:
        still = Exists(items.exclude(open_amount=0))
        found = found.filter(still) if asked.open else found.exclude(still)
    return found


def _documents(ids: list[int]) -> list[Json]:
    items = DueItem.objects.filter(document__in=tuples.among(ids)).order_by()
    opened = {(document, no): amount for document, no, amount in items.values_list("document_id", "no", "open_amount")}
    sums: dict[int, int] = dict(items.values_list("document_id").annotate(Sum("open_amount")))
    told = dumping.documents(Document.objects.filter(pk__in=tuples.among(ids)))
    return in_order(ids, ((pk, _with_open(pk, document, opened, sums.get(pk, 0))) for pk, document in told))


def _with_open(pk: int, document: Json, opened: dict[Any, int], total: int) -> Json:
    currency = document["currency"]
    due = [item | {"open": money.show(opened[pk, item["no"]], currency)} for item in document["due"]]
    return document | {"due": due, "open": money.show(total, currency)}


def _payments(ids: list[int]) -> list[Json]:
    left = dict(Payment.objects.filter(pk__in=tuples.among(ids)).values_list("pk", "remaining_amount"))
    told = dumping.payments(Payment.objects.filter(pk__in=tuples.among(ids)))
    return in_order(ids, ((pk, one | {"remaining": money.show(left[pk], one["currency"])}) for pk, one in told))
