"""Does a dump hold the whole company, in one order, and bring it back word for word?"""

import json
import threading

import pytest
from django.db import connection

from relance import models
from relance.dossier import dump, past, shape, shape_of_ledger
from relance.models import Company, Customer
from tests.dossier.files import books, customer, invoice, payment, take_in, text_of
from tests.dossier.lives import emptied, lived_in
from tests.dossier.test_loading import EVERYTHING

DERIVED = {
    models.Company: {"last_run_number", "last_notice_number", "last_event_number", "last_event_hash"}  # under "history"
    | {"documents_at", "payments_at"},  # how old the figures of a restored company are, nobody knows
    models.Run: {"launch_id"},
    models.Picture: {"media_type"},
    models.PolicyLevel: {"policy_id", "texts"},
    models.Customer: {"sort_name"},
    models.Supplier: {"sort_name"},
    models.Site: {"customer_id", "position"},
    models.Contact: {"customer_id", "position", *(f"is_{role}" for role in ("decision_maker", "main", "financial"))}
    | {f"receives_{what}" for what in ("dunning", "dunning_all_sites", "invoices", "invoices_all_sites")},
    models.DueItem: {"document_id", "billed_customer_id", "allocated_amount", "open_amount", "last_allocated_on"},
    models.TemplateVersion: {"template_id"},
    models.Payment: {"allocated_amount", "remaining_amount", "last_allocated_on"},
    models.Allocation: {"payment_id", "due_item_id"},
    models.Notice: {"run_id", "customer_id", "template_id", "tries", "next_try_at"},
    models.NoticeLine: {"notice_id", "due_item_id"},
    models.Rendition: {"notice_id"},
    models.Event: {"notice_id", "customer_id", "document_id"},
}
NOUNS = {
    models.Company: shape.COMPANY.columns | shape.OPTIONS.columns | {"display": "display", "messaging": "messaging"},
    models.Picture: shape.PICTURE.columns,
    models.Policy: shape.POLICY.columns,
    models.PolicyLevel: shape.LEVEL.columns,
    models.PaymentMethod: shape.PAYMENT_METHOD.columns,
    models.Status: shape.STATUS.columns,
    models.Collaborator: shape.COLLABORATOR.columns,
    models.Customer: shape_of_ledger.CUSTOMER.columns,
    models.Supplier: shape_of_ledger.SUPPLIER.columns,
    models.Site: shape_of_ledger.SITE.columns,
    models.Contact: shape_of_ledger.CONTACT.columns,
    models.LetterTemplate: shape.TEMPLATE.columns,
    models.TemplateVersion: shape.TEMPLATE_VERSION.columns,
    models.Document: shape_of_ledger.DOCUMENT.columns,
    models.DueItem: shape_of_ledger.DUE_ITEM.columns,
    models.Payment: shape_of_ledger.PAYMENT.columns,
    models.Allocation: {key: key for key in shape_of_ledger.ALLOCATION.keys if key in ("date", "amount")},
    models.Run: past.RUN.columns,
    models.Notice: past.NOTICE.columns,
    models.NoticeLine: past.LINE.columns,
    models.Rendition: past.RENDITION.columns,
    models.Upload: past.UPLOAD.columns,
    models.Event: past.EVENT.columns,
}


@pytest.mark.parametrize("model", NOUNS, ids=lambda model: model.__name__)
def test_every_column_travels_or_is_derived(model: type):
    columns = {field.column for field in model._meta.concrete_fields} - {"id", "company_id"}
    assert set(NOUNS[model].values()) | DERIVED.get(model, set()) == columns


@pytest.mark.django_db
def test_dump_load_dump_is_identical():
    take_in(EVERYTHING)
    before = text_of()
    emptied()
    take_in(before.encode())
    assert text_of() == before


@pytest.mark.django_db
def test_a_dump_with_its_history_comes_back_word_for_word():
    before = "".join(dump(lived_in()))
    emptied()
    take_in(before.encode())
    assert text_of() == before


@pytest.mark.django_db
def test_what_a_person_or_a_server_said_comes_back_whatever_its_characters():
    lived_in()
    models.DueItem.objects.update(comment="Rappelé\x07 à 8\x0bh")
    models.Notice.objects.update(outcome="550\x1b[1m inconnu")
    before = text_of()
    emptied()
    take_in(before.encode())
    assert (text_of() == before, models.Notice.objects.get().outcome) == (True, "550\x1b[1m inconnu")


@pytest.mark.django_db
def test_a_dump_loaded_over_its_own_company_changes_nothing():
    before = "".join(dump(lived_in()))
    report = take_in(before.encode())
    assert text_of() == before
    assert {(count.created, count.updated) for count in report.counts.values()} == {(0, 0)}


@pytest.mark.django_db
def test_a_dump_holds_nothing_of_another_company():
    take_in(books(company={"code": "OTHER", "name": "Autre"}, documents=[invoice()], payments=[payment(settles={"FA-1": "1.00"})]))
    take_in(books(documents=[invoice()]))
    before = text_of("ACME")
    take_in(books(company={"code": "OTHER", "name": "Autre"}, documents=[invoice("FA-2")]))
    assert text_of("ACME") == before
    assert len(json.loads(before)["documents"]) == 1


@pytest.mark.django_db
def test_codes_stand_in_the_order_of_code_points_whatever_the_database():
    take_in(books(customers=[customer(code) for code in ("b", "É", "a", "B", "_", "10", "9")]))
    assert [one["code"] for one in json.loads(text_of())["customers"]] == ["10", "9", "B", "_", "a", "b", "É"]


@pytest.mark.django_db
def test_each_object_of_a_long_list_has_a_line_of_its_own():
    take_in(books(customers=[customer(), customer("C002")]))
    lines = [line for line in text_of().splitlines() if line.startswith('{"code": "C00')]
    assert [json.loads(line.removesuffix(","))["code"] for line in lines] == ["C001", "C002"]


@pytest.mark.django_db
def test_no_identifier_of_the_database_leaves_it():
    lived_in()
    first = text_of()
    emptied()
    take_in(first.encode())
    emptied()
    Company.objects.create(code="ELSEWHERE", name="E", currency="EUR")
    take_in(first.encode())
    assert text_of() == first


@pytest.mark.django_db
def test_an_allocation_to_somebody_else_s_document_says_whose():
    documents = [invoice(), invoice(customer="C002")]
    paid = payment() | {
        "allocations": [{"document": "FA-1", "customer": "C002", "amount": "10.00"}, {"document": "FA-1", "amount": "5.00"}]
    }
    take_in(books(customers=[customer(), customer("C002")], documents=documents, payments=[paid]))
    assert [one.get("customer") for one in json.loads(text_of())["payments"][0]["allocations"]] == [None, "C002"]


@pytest.mark.django_db(transaction=True)
def test_a_dump_shows_one_moment_and_keeps_nobody_from_writing():
    company = take_in(books()).company
    pieces = dump(company)
    first = next(pieces)
    writer = threading.Thread(target=_add_a_customer, args=(company,))
    writer.start()
    writer.join()
    assert [one["code"] for one in json.loads(first + "".join(pieces))["customers"]] == ["C001"]
    assert Customer.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_dump_that_is_not_read_to_its_end_holds_nothing_back():
    company = take_in(books()).company
    pieces = dump(company)
    next(pieces)
    pieces.close()
    take_in(books(customers=[customer("C002")]))
    assert Customer.objects.count() == 2


def _add_a_customer(company: Company) -> None:
    Customer.objects.create(company=company, code="C002", name="Client")
    connection.close()
