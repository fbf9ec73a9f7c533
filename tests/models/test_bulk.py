"""Are rows that are written many at a time written as they are, or not at all?"""

from collections.abc import Iterable
from datetime import date
from itertools import islice

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from relance.models import Company, Contact, Customer, Document, bulk, tuples
from relance.models.backlog import MANY, backlog, go_on, read_before
from relance.models.incoming.posting import DocumentRow, Posting

ON = date(2026, 7, 31)
ODD = ["a tab\tand a \\ and \\N", "two\nlines\r", "“é” \N{NO-BREAK SPACE}€", "", "%s"]
SAID = "50 % d'escompte, « l'été »\nà la livraison"  # what a statement has to quote
COUNTS = [1, bulk.TOGETHER - 1, bulk.TOGETHER, bulk.TOGETHER + 1, 2 * bulk.TOGETHER + 3]
pytestmark = pytest.mark.django_db


@pytest.fixture
def customer() -> Customer:
    company = Company.objects.create(code="ACME", name="Acme", currency="EUR")
    return Customer.objects.create(company=company, code="C1", name="Dupont")


def invoice(pk: int, customer: int, label: str = "") -> DocumentRow:
    return DocumentRow(pk, f"FA-{pk}", ON, "EUR", customer_id=customer, billed_customer_id=customer, label=label)


def test_texts_come_back_as_they_were(customer: Customer) -> None:
    posting, ids = Posting(customer.company_id), bulk.reserve_ids(Document, len(ODD))
    posting.add_documents([invoice(pk, customer.pk, label) for pk, label in zip(ids, ODD, strict=True)])
    assert list(Document.objects.order_by("pk").values_list("label", flat=True)) == ODD


def test_what_waits_is_there_for_the_next_statement(customer: Customer) -> None:
    posting = Posting(customer.company_id)
    with transaction.atomic(), backlog():
        for _ in range(3):
            posting.add_documents([invoice(pk, customer.pk) for pk in bulk.reserve_ids(Document, MANY)])
            go_on()
        assert Document.objects.filter(customer=customer, date=ON).count() == 3 * MANY


def test_one_row_that_may_not_be_keeps_out_all_that_waits(customer: Customer) -> None:
    first, second, third = (invoice(pk, customer.pk) for pk in bulk.reserve_ids(Document, 3))
    with pytest.raises(IntegrityError):
        store_by_and_by([first, second._replace(customer_id=None), third], customer)
    assert not Document.objects.exists()


def test_a_parent_that_is_missing_is_told_where_rows_wait(customer: Customer) -> None:
    [pk] = bulk.reserve_ids(Document, 1)
    with pytest.raises(IntegrityError):
        store_by_and_by([invoice(pk, customer.pk + 1)], customer)
    assert not Document.objects.exists()


def test_what_waits_is_forgotten_where_something_else_fails(customer: Customer) -> None:
    ids = bulk.reserve_ids(Document, 2)
    with pytest.raises(ZeroDivisionError):
        store_by_and_by((invoice(pk + 0 // (ids[1] - pk), customer.pk) for pk in ids), customer)
    assert not Document.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is no server")
def test_a_server_that_goes_away_is_told_as_every_fault_of_a_database(customer: Customer) -> None:
    [(server,)] = tuples.rows_of("SELECT pg_backend_pid()")

    @transaction.atomic
    def store() -> None:
        with backlog():
            Posting(customer.company_id).add_documents([invoice(pk, customer.pk) for pk in bulk.reserve_ids(Document, 5 * MANY)])
            end_server(server)
            go_on()

    with pytest.raises(DatabaseError):
        store()
    connection.close()
    assert not Document.objects.exists()


def end_server(pid: int) -> None:
    """End the server process of a connection, by another, and wait until it has gone."""
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
        assert cursor.fetchone() == (True,)
    other.close()


def test_what_the_program_goes_on_by_is_read_before_what_waits(customer: Customer) -> None:
    Posting(customer.company_id).add_documents([invoice(pk, customer.pk, "before") for pk in bulk.reserve_ids(Document, MANY)])
    labels = tuples.stream(Document.objects.order_by("pk").values_list("label"), size=100)
    with transaction.atomic(), backlog(parents_too=False):
        seen = list(read_before(islice(labels, 150)))
        for _ in range(2):
            Posting(customer.company_id).add_documents([invoice(pk, customer.pk, "after") for pk in bulk.reserve_ids(Document, MANY)])
            seen += read_before(islice(labels, 150))
            go_on()
        seen += read_before(labels)
    assert [label for (label,) in seen[:MANY]] == ["before"] * MANY
    assert Document.objects.count() == 3 * MANY


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("name", [SAID, "", "x" * 200, "0"])
def test_rows_that_have_something_alike_are_written_as_given(customer, count, name):
    rows = [(customer.company_id, customer.pk, name, f"K{number}", None, number % 2 == 0) for number in range(count)]
    columns = ("company_id", "customer_id", "name", "code", "left_on", "receives_dunning")
    same = {column: value for column, value in bulk.defaults(Contact).items() if column not in columns}
    assert bulk.insert(Contact, columns, rows, same=same) == count
    assert list(Contact.objects.order_by("pk").values_list(*columns)) == rows


def test_rows_that_are_alike_throughout_are_as_many_as_were_given():
    with transaction.atomic(), bulk.temporary({"alike": "name text, amount bigint, missing text"}):
        bulk.fill_rows("alike", ("name", "amount", "missing"), [(SAID, -1, None)] * (bulk.TOGETHER + 1))
        assert tuples.rows_of("SELECT name, amount, missing FROM alike") == [(SAID, -1, None)] * (bulk.TOGETHER + 1)


@pytest.mark.parametrize("count", [0, len(ODD), bulk.FEW + 1, tuples.BATCH + 1])
def test_rows_are_changed_into_what_is_given(customer, count):
    ids = bulk.reserve_ids(Document, count)
    Posting(customer.company_id).add_documents([invoice(pk, customer.pk) for pk in ids])
    given = [(pk, ODD[place % len(ODD)], ON if place % 2 else None, place % 3 == 0) for place, pk in enumerate(ids)]
    columns = ("label", "no_auto_dunning_until", "paid_elsewhere")
    with transaction.atomic():
        assert bulk.update(Document, columns, given) == count
    assert list(Document.objects.order_by("pk").values_list("pk", *columns)) == given


@pytest.mark.parametrize("values", [2, 60], ids=["few", "many"])
def test_rows_are_given_the_values_under_which_they_are_named(customer, values):
    customers = [Customer.objects.create(company=customer.company, code=f"D{number}", name="D", sort_name="d").pk for number in range(60)]
    alike: dict[tuple[int, str], list[int]] = {}
    for number, pk in enumerate(customers):
        alike.setdefault((number % values % 9, f"T{number % values}"), []).append(pk)
    bulk.update_alike(Customer, ("level", "type"), alike)
    found = Customer.objects.filter(pk__in=customers).order_by("pk").values_list("level", "type")
    assert list(found) == [(number % values % 9, f"T{number % values}") for number in range(60)]
    customer.refresh_from_db()
    assert (customer.level, customer.type) == (0, "")


def store_by_and_by(rows: Iterable[DocumentRow], customer: Customer) -> None:
    """Insert each by itself, and let it wait."""
    with transaction.atomic():
        with backlog():
            for row in rows:
                Posting(customer.company_id).add_documents([row])
        connection.check_constraints()
