"""Are documents blocked together from the list of invoices, and one from its own page, and does one come back to where one was?"""

import pytest

from relance.models import Document, DueItem
from relance.models.history import Event
from tests.acceptance.world import World

PAGE = "/c/ACME/invoices/block/"
SAID = {"act": "block", "block-kind": "manual", "block-comment": "Avoir en cours", "block-reason": ""}


@pytest.fixture
def items(acme) -> list[int]:
    """The due items of the two invoices of ACME, which are of two customers."""
    return list(DueItem.objects.order_by("document__number").values_list("pk", flat=True))


@pytest.mark.spec("K65")
def test_documents_of_several_customers_are_blocked_together_once_it_was_said_why(acme, items, browser):
    client = browser("collector", acme)
    asked = client.post(PAGE, {"item": items})
    assert all(number in asked.content.decode() for number in ("FA-1", "FA-2", "Block 2 documents"))
    assert b"Say why" in client.post(PAGE, {"item": items} | SAID | {"block-comment": ""}).content
    assert not Document.objects.filter(no_manual_dunning=True).exists()
    client.post(PAGE, {"item": items} | SAID)
    assert set(Document.objects.values_list("no_manual_dunning", "block_comment")) == {(True, "Avoir en cours")}
    assert Event.objects.filter(what="blocked").count() == 2


def test_a_block_of_several_documents_is_lifted_together(acme, items, browser):
    client = browser("collector", acme)
    client.post(PAGE, {"item": items} | SAID)
    client.post(PAGE, {"item": items, "act": "lift", "block-kind": "manual"})
    assert not Document.objects.filter(no_manual_dunning=True).exists()


def test_one_comes_back_to_the_search_or_to_the_document_that_one_came_from(acme, items, browser):
    client, document = browser("collector", acme), Document.objects.get(number="FA-1").pk
    assert (
        client.post(f"{PAGE}?state=overdue&dunnable=1", {"item": items[0]} | SAID)["Location"]
        == "/c/ACME/invoices/?state=overdue&dunnable=1"
    )
    assert client.post(f"{PAGE}?document={document}", {"item": items[0]} | SAID)["Location"] == f"/c/ACME/documents/{document}/"
    sent = client.post("/c/ACME/invoices/review/?state=overdue", {"act": "issue", "item": []})
    assert sent["Location"] == "/c/ACME/invoices/?state=overdue"


def test_a_document_is_reminded_of_and_blocked_from_its_own_page_by_who_may(acme, items, browser):
    document = f"/c/ACME/documents/{Document.objects.get(number='FA-1').pk}/"
    page = browser("collector", acme).get(document).content.decode()
    assert f'name="item" value="{items[0]}"' in page
    assert "invoices/review/?document=" in page
    assert "invoices/block/?document=" not in browser("reader", acme).get(document).content.decode()


def test_a_customer_is_reminded_from_his_record_and_one_comes_back_to_it(acme, items, browser):
    client, pk = browser("collector", acme), Document.objects.get(number="FA-1").billed_customer_id
    record = f"/c/ACME/customers/{pk}/"
    assert f'formaction="/c/ACME/invoices/review/?record={pk}"' in client.get(record).content.decode()
    asked = client.post(f"/c/ACME/invoices/review/?record={pk}", {"item": items[0], "channel": "email"}).content.decode()
    assert ("FA-1" in asked, f'href="{record}"' in asked) == (True, True)
    assert client.post(f"/c/ACME/invoices/review/?record={pk}", {"channel": "email"})["Location"] == record


def test_documents_of_another_company_are_not_touched(acme, world: World, browser):
    other = Document.objects.get(number="FA-1")
    client = browser("collector", acme)
    client.post(PAGE, {"item": [0, 10**9]} | SAID)
    other.refresh_from_db()
    assert not other.no_manual_dunning
