"""How does a company get out? As the text of a dossier that brings it back as it was: streamed, in one order, without identifiers."""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction

from relance.core import money
from relance.core.rates import show_rate
from relance.dossier import bank, batches, shape, shape_of_ledger
from relance.dossier.dumping_history import history
from relance.dossier.text import Json, base64_of, by_code, chunks, instant_of, json_of, level_of, line, lines_of, listed, rows
from relance.dossier.values import LANGUAGES
from relance.models import (
    Allocation,
    Attachment,
    Collaborator,
    Company,
    Contact,
    Customer,
    CustomerType,
    Document,
    DueItem,
    LetterTemplate,
    Payment,
    PaymentMethod,
    Picture,
    Policy,
    PolicyLevel,
    Site,
    Status,
    StoredFile,
    Supplier,
    TemplateVersion,
    Webhook,
    tuples,
)
from relance.models.display import display_of
from relance.models.history import Source
from relance.models.messaging import messaging_of
from relance.models.parties import RECEIVES, ROLES
from relance.models.templates import uses_of

_FLAGS = (*(f"is_{word}" for word in ROLES), *(f"receives_{word}" for word in RECEIVES))


def dump(company: Company) -> Iterator[str]:
    """The dossier of a company, history included, piece by piece. Two dumps of one state are the same bytes, on either database."""
    with _one_moment():
        company = Company.objects.select_related("fallback_payment_method").get(pk=company.pk)
        yield f'{{\n"format": "{shape.FORMAT}",\n"company": {line(_identity(company))},\n"options": {line(_options(company))}'
        yield f',\n"display": {line(display_of(company))},\n"messaging": {line(_messaging(company))}'
        for key, entries in _present(company):
            yield f',\n"{key}": '
            yield from listed(entries)
        yield ',\n"history": '
        yield from history(company)
        yield "\n}\n"


@contextmanager
def _one_moment() -> Iterator[None]:
    """Read everything as of one moment, without keeping anybody from writing. In a transaction of the caller, read what that sees."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        connection.cursor().execute("BEGIN")  # Django's own transactions take SQLite's one write lock at once
        try:
            yield
        finally:
            connection.cursor().execute("ROLLBACK")


def set_up(company: Company) -> Json:
    """How a company is set up, as its dossier says it: the part before its customers, pictures named but not held."""
    company = Company.objects.select_related("fallback_payment_method").get(pk=company.pk)
    own = {"company": _identity(company), "options": _options(company), "display": display_of(company), "messaging": _messaging(company)}
    return own | {key: list(entries) for key, entries in _rules(company)}


def _messaging(company: Company) -> Json:
    options = messaging_of(company)
    return {key: options[key] for key in shape.MESSAGING.keys}


def _present(company: Company) -> Iterator[tuple[str, Iterable[Json]]]:
    pictures = _all(Picture, company).order_by(by_code("sha256"))
    yield "pictures", (picture | {"content": base64_of(picture["content"])} for _, picture in rows(pictures, _same(shape.PICTURE.keys)))
    yield from _rules(company)
    yield "batches", batches.told(company)
    hooks = rows(_all(Webhook, company).order_by(by_code("code")), _same(shape.WEBHOOK.keys))
    yield "webhooks", (hook | {"types": lines_of(hook["types"])} for _, hook in hooks)
    sources = rows(_all(Source, company).order_by(by_code("kind"), by_code("code")), _same(shape.SOURCE.keys))
    yield "sources", (source | {"columns": json_of(source["columns"])} for _, source in sources)
    yield "customers", _told(customers(_all(Customer, company).order_by(by_code("code"))))
    yield "suppliers", _told(suppliers(_all(Supplier, company).order_by(by_code("code"))))
    yield "templates", _templates(company)
    yield "files", _files(company)
    ordered = (by_code("number"), by_code("customer__code"), by_code("supplier__code"))
    yield "documents", _told(documents(_all(Document, company).order_by(*ordered)))
    yield "payments", _told(payments(_all(Payment, company).order_by(by_code("reference"))))
    yield "bank_accounts", bank.told_accounts(company)
    yield "matches", bank.told_matches(company)


def _told(keyed: Iterator[tuple[int, Json]]) -> Iterator[Json]:
    return (entry for _, entry in keyed)


def _rules(company: Company) -> Iterator[tuple[str, Iterable[Json]]]:
    policies = _policies(company)
    yield "levels", next((policy["levels"] for policy in policies if not policy["code"]), [])
    yield "policies", [policy for policy in policies if policy["code"]]
    for key, model, noun in (
        ("payment_methods", PaymentMethod, shape.PAYMENT_METHOD),
        ("statuses", Status, shape.STATUS),
        ("collaborators", Collaborator, shape.COLLABORATOR),
        ("customer_types", CustomerType, shape.CUSTOMER_TYPE),
    ):
        yield key, (entry for _, entry in rows(_all(model, company).order_by(by_code("code")), _same(noun.keys)))


def _all(model: type[models.Model], company: Company) -> Any:
    return model._default_manager.filter(company=company)


def _same(keys: Iterable[str], **paths: str) -> dict[str, str]:
    """Keys with the columns they are read from: under their own name unless said."""
    return {key: paths.get(key, key) for key in keys}


def _identity(company: Company) -> Json:
    return {key: getattr(company, key) for key in shape.COMPANY.keys} | {"address": lines_of(company.address)}


def _options(company: Company) -> Json:
    method = company.fallback_payment_method
    return {key: getattr(company, key) for key in shape.OPTIONS.keys} | {
        "min_invoice_amount": money.show(company.min_invoice_amount, company.currency),
        "ceiling_amount": None if company.ceiling_amount is None else money.show(company.ceiling_amount, company.currency),
        "fallback_payment_method": method.code if method else None,
        "interest_rate": _rate(company.interest_rate),
    }


def _rate(rate: int | None) -> str | None:
    return None if rate is None else show_rate(rate)


def _policies(company: Company) -> list[Json]:
    keys = ("level", "label", "lower_bound", "upper_bound", *shape.TEXTS.keys, "texts")
    keys = (*keys, "clock", "automatic", "channel", "charge_interest", "charge_indemnity", "attach_invoices")
    levels = _grouped(_all(PolicyLevel, company).order_by("policy", "level"), "policy_id", _same(keys))
    policies = rows(_all(Policy, company).order_by(by_code("code")), _same(("code", "progression", "min_days_between")))
    return [policy | {"levels": [_level(level) for level in levels.get(number, [])]} for number, policy in policies]


def _level(level: Json) -> Json:
    texts = json_of(level["texts"])
    told = {language: dict.fromkeys(shape.TEXTS.keys, "") | texts[language] for language in LANGUAGES if language in texts}
    return level | {"level": level_of(level["level"]), "texts": told}


def _grouped(query: models.QuerySet[Any, Any], owner: str, keys: dict[str, str]) -> dict[int, list[Json]]:
    """Objects by the identifier of what they are inside of, in the order of the query."""
    found: dict[int, list[Json]] = {}
    for number, *row in tuples.stream(query.values_list(owner, *keys.values())):
        found.setdefault(number, []).append(dict(zip(keys, row, strict=True)))
    return found


# -- customers and suppliers


def customers(found: models.QuerySet[Customer]) -> Iterator[tuple[int, Json]]:
    """The customers of a query, each by its identifier, with their sites and contacts, as a dossier has them."""
    keys = _same(shape_of_ledger.CUSTOMER.keys, sales_rep="sales_rep__code", policy="policy__code")
    for chunk in chunks(rows(found, keys)):
        owners = tuples.among(list(chunk))
        sites = _grouped(
            Site.objects.filter(customer__in=owners).order_by("customer", "position", "id"), "customer_id", _same(shape_of_ledger.SITE.keys)
        )
        contacts = _contacts(owners)
        for number, customer in chunk.items():
            inside = {"sites": [_site(site) for site in sites.get(number, [])], "contacts": contacts.get(number, [])}
            yield number, customer | _party(customer) | inside


def _party(party: Json) -> Json:
    told: Json = {"account": party["account"] or party["code"]}
    if "level" in party:
        told |= {"level": level_of(party["level"]), "language": party["language"] or None, "payment_terms": party["payment_terms"] or None}
    return told


def _site(site: Json) -> Json:
    return site | {"address": lines_of(site["address"])}


def _contacts(owners: Any) -> dict[int, list[Json]]:
    ordered = Contact.objects.filter(customer__in=owners).order_by("customer", "position", "id")
    plain = [key for key, kept in shape_of_ledger.CONTACT.keys.items() if kept.column is not None]
    contacts = _grouped(ordered, "customer_id", _same(("id", *plain, *_FLAGS)))
    attached = Contact.sites.through.objects.filter(contact__customer__in=owners).order_by("contact", "site__position", "site")
    sites = _grouped(attached, "contact_id", {"code": "site__code"})
    return {number: [_contact(contact, sites) for contact in found] for number, found in contacts.items()}


def _contact(contact: Json, sites: dict[int, list[Json]]) -> Json:
    lists: Json = {
        "sites": [site["code"] for site in sites.get(contact["id"], [])],
        "roles": [word for word in ROLES if contact[f"is_{word}"]],
        "receives": [word for word in RECEIVES if contact[f"receives_{word}"]],
    }
    return {key: lists[key] if key in lists else contact[key] for key in shape_of_ledger.CONTACT.keys}


def suppliers(found: models.QuerySet[Supplier]) -> Iterator[tuple[int, Json]]:
    """The suppliers of a query, each by its identifier, as a dossier has them."""
    for number, supplier in rows(found, _same(shape_of_ledger.SUPPLIER.keys)):
        yield number, supplier | _party(supplier)


def _templates(company: Company) -> Iterator[Json]:
    keys = _same(shape.TEMPLATE.columns)
    for number, template in rows(_all(LetterTemplate, company).order_by(by_code("name")), keys):
        kept = rows(TemplateVersion.objects.filter(template=number).order_by("number"), _same(shape.TEMPLATE_VERSION.keys))
        used_for = uses_of(number)
        told = {"removed_at": instant_of(template["removed_at"]) if template["removed_at"] else None} | used_for._asdict()
        yield template | told | {"versions": [_template_version(version) for _, version in kept]}


def _template_version(version: Json) -> Json:
    original = version["original"]
    told = {"compressed": base64_of(version["compressed"]), "original": None if original is None else base64_of(original)}
    return version | told | {"at": instant_of(version["at"])}


# -- documents and payments

_ATTACHED = {"kind": "kind", "filename": "filename", "file": "file__sha256"}
_WHOSE = {"customer": "customer__code", "supplier": "supplier__code"}


def _files(company: Company) -> Iterator[Json]:
    """One at a time: each may have millions of bytes."""
    stored = _all(StoredFile, company).order_by("sha256").values_list("sha256", "compressed")
    for sha256, compressed in tuples.stream(stored, 1):
        yield {"sha256": sha256, "compressed": b64encode(bytes(compressed)).decode()}


def documents(found: models.QuerySet[Document]) -> Iterator[tuple[int, Json]]:
    """The documents of a query, each by its identifier, with their due items, as a dossier has them."""
    paths = _WHOSE | {"billed_customer": "billed_customer__code", "site": "site__code"}
    keys = _same(shape_of_ledger.DOCUMENT.keys, payment_method="payment_method__code", manager="manager__code", **paths)
    for chunk in chunks(rows(found, keys)):
        items = DueItem.objects.filter(document__in=tuples.among(list(chunk))).order_by("document", "no")
        due = _grouped(items, "document_id", _same(shape_of_ledger.DUE_ITEM.keys, status="status__code"))
        attached = _grouped(
            Attachment.objects.filter(document__in=tuples.among(list(chunk))).order_by("document", by_code("kind")),
            "document_id",
            _ATTACHED,
        )
        for number, document in chunk.items():
            told: Json = {key: lines_of(document[key]) for key in ("recipients", "copies")}
            told["interest_rate"] = _rate(document["interest_rate"])
            yield (
                number,
                _one_sided(document | told)
                | {"due": [_due(item, document["currency"]) for item in due.get(number, [])]}
                | {"attachments": attached.get(number, [])},
            )


def _one_sided(entry: Json) -> Json:
    """Only the customer's keys, or only the supplier's."""
    others = ("supplier",) if entry["supplier"] is None else ("customer", "billed_customer", "site")
    return {key: value for key, value in entry.items() if key not in others}


def _due(item: Json, currency: str) -> Json:
    promised = item["promised_amount"]
    amounts = {
        "amount": money.show(item["amount"], currency),
        "promised_amount": None if promised is None else money.show(promised, currency),
    }
    return item | amounts | {"level": level_of(item["level"])}


def payments(found: models.QuerySet[Payment]) -> Iterator[tuple[int, Json]]:
    """The payments of a query, each by its identifier, with their allocations, as a dossier has them."""
    keys = _same(shape_of_ledger.PAYMENT.keys, **_WHOSE)
    paths = {"document": "due_item__document__number", "customer": "due_item__document__customer__code", "no": "due_item__no"}
    for chunk in chunks(rows(found, keys)):
        allocations = Allocation.objects.filter(payment__in=tuples.among(list(chunk)))
        ordered = allocations.order_by("payment", "date", by_code(paths["document"]), by_code(paths["customer"]), "due_item__no", "amount")
        settled = _grouped(ordered, "payment_id", paths | {"date": "date", "amount": "amount"})
        for number, payment in chunk.items():
            told = {"amount": money.show(payment["amount"], payment["currency"])}
            yield number, _one_sided(payment | told) | {"allocations": [_allocation(one, payment) for one in settled.get(number, [])]}


def _allocation(allocation: Json, payment: Json) -> Json:
    """The document's customer is named only where it is not the payment's."""
    told = {key: value for key, value in allocation.items() if key != "customer" or value != payment["customer"]}
    return told | {"amount": money.show(allocation["amount"], payment["currency"])}
