"""How is a document blocked, and let go again?"""

from datetime import date

import pytest

from relance.models import Company, Customer, Document, Event
from relance.steps.blocking import Block, block, unblock

pytestmark = pytest.mark.django_db

KINDS = [
    (Block.AUTOMATIC, "no_auto_dunning"),
    (Block.MANUAL, "no_manual_dunning"),
    (Block.TEMPORARY, "no_dunning_temporary"),
]


@pytest.fixture
def document():
    company = Company.objects.create(code="ACME", name="Acme", currency="EUR")
    customer = Customer.objects.create(company=company, code="C001", name="Client")
    return Document.objects.create(
        company=company, number="FA-1", customer=customer, billed_customer=customer, date=date(2026, 6, 1), currency="EUR"
    )


def flags(document):
    document.refresh_from_db()
    return [kind for kind, column in KINDS if getattr(document, column)]


@pytest.mark.spec("K18", "K19", "K20", "K61", "K62", "K63")
@pytest.mark.parametrize(("kind", "column"), KINDS)
def test_each_kind_of_block_sets_its_own_mark(document, kind, column):
    assert block(document, kind, by="claire") == [{"document": "FA-1", "no": None, "what": column, "before": False, "after": True}]
    assert flags(document) == [kind]


@pytest.mark.spec("K21", "K66")
@pytest.mark.parametrize(("kind", "column"), KINDS)
def test_lifting_a_block_leaves_the_others(document, kind, column):
    for each, _ in KINDS:
        block(document, each, by="claire")
    assert unblock(document, kind, by="claire") == [{"document": "FA-1", "no": None, "what": column, "before": True, "after": False}]
    assert flags(document) == [each for each, _ in KINDS if each != kind]


@pytest.mark.spec("K65")
def test_the_comment_is_stored_and_stays_when_the_block_is_lifted(document):
    changed = block(document, Block.MANUAL, by="claire", comment="Appeler d'abord")
    assert [(entry["what"], entry["after"]) for entry in changed] == [("no_manual_dunning", True), ("block_comment", "Appeler d'abord")]
    unblock(document, Block.MANUAL, by="claire")
    document.refresh_from_db()
    assert document.block_comment == "Appeler d'abord"


def test_blocking_twice_changes_and_records_nothing(document):
    block(document, Block.AUTOMATIC, by="claire")
    assert block(document, Block.AUTOMATIC, by="denis") == []
    assert Event.objects.count() == 1


def test_unblocking_what_is_not_blocked_changes_and_records_nothing(document):
    assert unblock(document, Block.AUTOMATIC, by="claire") == []
    assert not Event.objects.exists()


def test_the_history_tells_who_blocked_what_and_why(document):
    block(document, Block.TEMPORARY, by="claire", comment="Avoir à venir")
    event = Event.objects.get()
    assert (event.by, event.what, event.document, event.customer) == ("claire", "blocked", document, document.billed_customer)
    assert event.facts == {
        "kind": "temporary",
        "changed": [
            {"what": "no_dunning_temporary", "before": False, "after": True},
            {"what": "block_comment", "before": "", "after": "Avoir à venir"},
        ],
    }
