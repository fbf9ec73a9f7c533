"""How are levels corrected by hand?"""

from datetime import date

import pytest

from relance.models import Company, Customer, Document, DueItem, Event, Supplier
from relance.models.company import LEVEL_NA
from relance.models.finding import Unfound
from relance.steps.leveling import LevelChange, set_level

pytestmark = pytest.mark.django_db

BEFORE, ON = date(2026, 7, 1), date(2026, 7, 14)
BOOKS = """
customer  number  type         dated       no  open   level
C001      FA-1    invoice      2026-06-01  1   100    0
C001      FA-2    invoice      2026-06-08  1   100    1
C001      FA-2    invoice      2026-06-08  2   100    2
C001      FA-3    invoice      2026-06-15  1   0      2
C001      AV-1    credit_note  2026-06-15  1   -30    0
C002      FA-4    invoice      2026-06-22  1   100    NA
C002      FA-1    invoice      2026-06-22  1   100    1
"""


@pytest.fixture
def company():
    """C001 and C002 with the books above; whatever has a level was dunned on 1 July. A supplier has an invoice too."""
    company = Company.objects.create(code="ACME", name="Acme", currency="EUR")
    for line in BOOKS.split("\n")[2:-1]:
        _store(company, *line.split())
    supplier = Supplier.objects.create(company=company, code="F001", name="Fournisseur")
    bill = Document.objects.create(company=company, number="FA-9", supplier=supplier, date=ON, currency="EUR")
    DueItem.objects.create(company=company, document=bill, no=1, due_date=ON, amount=100, open_amount=100)
    return company


def _store(company, code, number, kind, dated, no, opened, level):
    customer, _ = Customer.objects.get_or_create(company=company, code=code, defaults={"name": code, "level": 2, "last_dunned_on": BEFORE})
    document, _ = Document.objects.get_or_create(
        company=company, number=number, customer=customer, billed_customer=customer, type=kind, date=dated, currency="EUR"
    )
    stored = LEVEL_NA if level == "NA" else int(level)
    DueItem.objects.create(
        company=company,
        document=document,
        billed_customer=customer,
        no=no,
        due_date=dated,
        amount=100,
        allocated_amount=100 - int(opened),
        open_amount=opened,
        level=stored,
        last_dunned_on=BEFORE if 1 <= stored <= 9 else None,
    )


def lines(changed):
    """The due items that changed, as customer-less names: FA-2/1."""
    return sorted({f"{entry['document']}/{entry['no']}" for entry in changed})


def customer(code):
    return Customer.objects.get(code=code)


@pytest.mark.spec("A39", "A41", "A42", "A43", "A46", "A47", "A50")
@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, "FA-1/1 FA-1/1 FA-2/1 FA-2/2 FA-3/1 FA-4/1"),
        ({"current": 0}, "FA-1/1"),
        ({"current": 2}, "FA-2/2 FA-3/1"),
        ({"current": LEVEL_NA}, "FA-4/1"),
        ({"customer": "C002"}, "FA-1/1 FA-4/1"),
        ({"document_date_from": date(2026, 6, 8), "document_date_to": date(2026, 6, 15)}, "FA-2/1 FA-2/2 FA-3/1"),
        ({"documents": ("FA-2", "FA-3")}, "FA-2/1 FA-2/2 FA-3/1"),
        ({"documents": ("FA-1",), "customer": "C002"}, "FA-1/1"),
        ({"documents": ("FA-2",), "current": 1}, "FA-2/1"),
        ({"documents": ("AV-1",)}, ""),
        ({"customer": "C001", "current": LEVEL_NA}, ""),
    ],
    ids=str,
)
def test_filters_choose_the_lines_settled_ones_too(company, asked, expected):
    if code := asked.get("customer"):
        asked = asked | {"customer": customer(code)}
    assert lines(set_level(company, LevelChange(5, ON, **asked), by="claire")) == sorted(set(expected.split()))
    assert DueItem.objects.filter(level=5, last_dunned_on=ON).count() == len(expected.split())


@pytest.mark.spec("A44", "A45", "A51")
@pytest.mark.parametrize(
    ("level", "on", "stored"),
    [(3, ON, (3, ON)), (1, ON, (1, ON)), (0, ON, (0, None)), (0, None, (0, None)), (LEVEL_NA, None, (LEVEL_NA, BEFORE))],
)
def test_the_new_level_brings_its_date_and_zero_clears_it(company, level, on, stored):
    set_level(company, LevelChange(level, on, documents=("FA-3",)), by="claire")
    assert DueItem.objects.values_list("level", "last_dunned_on").get(document__number="FA-3") == stored


@pytest.mark.spec("A52")
def test_the_customer_keeps_its_own_level(company):
    set_level(company, LevelChange(4, ON), by="claire")
    assert set(Customer.objects.values_list("level", "last_dunned_on")) == {(2, BEFORE)}


@pytest.mark.parametrize("documents", [("FA-99",), ("FA-1",), ("FA-2", "FA-99"), ("FA-9",)], ids=str)
def test_a_number_that_means_none_or_several_changes_nothing(company, documents):
    with pytest.raises(Unfound):
        set_level(company, LevelChange(4, ON, documents=documents), by="claire")
    assert not DueItem.objects.filter(level=4).exists()
    assert not Event.objects.exists()


def test_the_answer_tells_each_due_item_before_and_after(company):
    assert set_level(company, LevelChange(4, ON, documents=("FA-2",)), by="claire") == [
        {"document": "FA-2", "no": 1, "what": "level", "before": 1, "after": 4},
        {"document": "FA-2", "no": 1, "what": "last_dunned_on", "before": "2026-07-01", "after": "2026-07-14"},
        {"document": "FA-2", "no": 2, "what": "level", "before": 2, "after": 4},
        {"document": "FA-2", "no": 2, "what": "last_dunned_on", "before": "2026-07-01", "after": "2026-07-14"},
    ]


def test_the_level_na_is_told_as_people_write_it(company):
    [entry, _] = set_level(company, LevelChange(2, ON, documents=("FA-4",)), by="claire")
    assert (entry["before"], entry["after"]) == ("NA", 2)


def test_each_document_has_one_event_with_its_due_items(company):
    set_level(company, LevelChange(4, ON, customer=customer("C001")), by="claire")
    told = {event.document.number: event.facts["changed"] for event in Event.objects.filter(what="level_set", by="claire")}
    assert {number: len(changed) for number, changed in told.items()} == {"FA-1": 2, "FA-2": 4, "FA-3": 2}


def test_what_already_is_so_is_neither_changed_nor_told(company):
    assert set_level(company, LevelChange(2, BEFORE, documents=("FA-3",)), by="claire") == []
    assert not Event.objects.exists()


def test_many_documents_change_with_few_queries(company, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        set_level(company, LevelChange(4, ON), by="claire")
