"""Is what went wrong or waits for somebody found in one place, and can much of it be seen to at once?"""

import re

import pytest
from django.utils import timezone

from relance.models import Company, Notice
from relance.models.lists.agenda import agenda
from relance.steps.delivering import deliver
from tests.acceptance.world import World, day
from tests.web.conftest import queries
from tests.web.test_invoices import words
from tests.web.test_runs import launched

NOW = timezone.localdate().isoformat()
PAGE = "/c/ACME/runs/notices/"


@pytest.fixture
def books(world: World, browser) -> Company:
    """A run of this day has written to three customers."""
    world.levels((1, 0, 20), (2, 21, None))
    for number in (1, 2, 3):
        world.invoice(f"FA-{number}", f"C00{number}", due=day(NOW, -10), amount="50.00")
    world.load()
    company = Company.objects.get()
    launched(browser("manager", company))
    deliver(company, "worker")
    return company


def failed(*customers: str) -> list[int]:
    """The notices of these customers came to nothing: their items are as they were before."""
    for notice in Notice.objects.filter(customer__code__in=customers):
        notice.lines.update(in_flight=False)
        Notice.objects.filter(pk=notice.pk).update(status="failed", outcome="550 no such mailbox")
    return list(Notice.objects.filter(status="failed").order_by("pk").values_list("pk", flat=True))


@pytest.mark.parametrize("status", ["failed", "bounced", "unsure", "drafted"])
def test_each_state_has_its_list_and_what_is_done_is_in_none(status, books, browser):
    Notice.objects.filter(customer__code="C002").update(status=status)
    page = words(browser("reader", books).get(f"{PAGE}?status={status}"))
    assert "Client C002" in page
    assert "Client C001" not in page


def test_letters_that_wait_lead_to_their_printing(books, browser):
    notice = Notice.objects.get(customer__code="C003")
    Notice.objects.filter(pk=notice.pk).update(status="queued", channel="letter")
    assert f"/c/ACME/edition/letters/{notice.run_id}/" in browser("reader", books).get(f"{PAGE}?status=queued").content.decode()


def test_what_is_unsure_is_settled_many_at_once(books, browser):
    Notice.objects.exclude(customer__code="C003").update(status="unsure")
    chosen = list(Notice.objects.values_list("pk", flat=True))
    page = words(browser("collector", books).post(f"{PAGE}settle/", {"notice": chosen, "sent": "no"}, follow=True))
    assert "2 notices are settled." in page
    assert dict(Notice.objects.values_list("customer__code", "status")) == {"C001": "failed", "C002": "failed", "C003": "sent"}


def test_settling_nothing_is_told_and_a_reader_settles_nothing(books, browser):
    Notice.objects.update(status="unsure")
    chosen = {"notice": list(Notice.objects.values_list("pk", flat=True)), "sent": "yes"}
    assert "Choose at least one notice." in words(browser("collector", books).post(f"{PAGE}settle/", {"sent": "yes"}, follow=True))
    assert browser("reader", books).post(f"{PAGE}settle/", chosen).status_code == 403
    assert set(Notice.objects.values_list("status", flat=True)) == {"unsure"}


def test_failures_are_tried_again_through_the_review_window(books, browser, world: World):
    client, chosen = browser("collector", books), failed("C001", "C002")
    page = client.post("/c/ACME/invoices/review/", {"notice": chosen[:1], "channel": "email"}).content.decode()
    assert re.findall(r'<th scope="row">(FA-\d)', page) == ["FA-1"]
    page = client.post("/c/ACME/invoices/review/", {"failures_of": Notice.objects.first().run_id, "channel": "letter"}).content.decode()
    assert re.findall(r'<th scope="row">(FA-\d)', page) == ["FA-1", "FA-2"]
    assert Notice.objects.count() == 3


def listed(client, status: str = "failed") -> list[str]:
    """The customers of the notices in a list."""
    return re.findall(r"Client (C\d+)", words(client.get(f"{PAGE}?status={status}")))


@pytest.mark.parametrize("outcome", ["sent", "printed", "queued", "failed"])
def test_a_failure_that_was_tried_again_is_seen_to(outcome, books, browser, world: World):
    client, (first, _second) = browser("manager", books), failed("C001", "C002")
    world.remind("FA-1", as_of=NOW)
    again = Notice.objects.latest("pk")
    Notice.objects.filter(pk=again.pk).update(status=outcome)
    assert listed(client) == (["C001", "C002"] if outcome == "failed" else ["C002"])
    assert agenda(books, timezone.localdate()).failed == (2 if outcome == "failed" else 1)
    page = client.post("/c/ACME/invoices/review/", {"failures_of": Notice.objects.get(pk=first).run_id, "channel": "email"})
    assert re.findall(r'<th scope="row">(FA-\d)', page.content.decode()) == ["FA-2"]
    assert "Try again" not in words(client.get(f"/c/ACME/notices/{first}/"))


def test_a_failure_whose_second_try_was_cancelled_is_to_be_seen_to_again(books, browser, world: World):
    client, [first] = browser("manager", books), failed("C001")
    world.remind("FA-1", as_of=NOW)
    assert listed(client) == []
    client.post(f"/c/ACME/notices/{Notice.objects.latest('pk').pk}/cancel/", {"reason": "mauvais fichier"})
    assert listed(client) == ["C001"]
    assert "Try again" in words(client.get(f"/c/ACME/notices/{first}/"))


def test_a_failure_whose_invoices_are_paid_is_settled(books, browser, world: World):
    failed("C001", "C002")
    world.payment("ENC-1", "50.00", NOW, {"FA-1": "50.00"})
    world.load()
    assert listed(browser("reader", books)) == ["C002"]


def test_what_has_left_is_not_tried_again(books, browser):
    sent = Notice.objects.filter(status="sent").values_list("pk", flat=True)
    page = words(browser("collector", books).post("/c/ACME/invoices/review/", {"notice": list(sent)}, follow=True))
    assert "Choose at least one due item." in page


def test_notices_of_another_company_are_not_there(books, browser):
    chosen = failed("C001")
    other = Company.objects.create(code="ELSE", name="Elsewhere", currency="EUR")
    client = browser("manager", other)
    assert "Client C001" not in words(client.get("/c/ELSE/runs/notices/?status=failed"))
    assert "Choose at least one due item." in words(client.post("/c/ELSE/invoices/review/", {"notice": chosen}, follow=True))


def test_more_notices_need_no_more_queries(books, browser):
    client = browser("collector", books)

    failed("C001")
    before = queries(client, f"{PAGE}?status=failed")
    failed("C001", "C002", "C003")
    assert queries(client, f"{PAGE}?status=failed") == before


def test_the_list_is_had_as_a_file(books, browser):
    failed("C001", "C003")
    rows = b"".join(browser("reader", books).get(f"{PAGE}?status=failed&download=csv")).decode("utf-8-sig")
    assert re.findall(r"Client C00\d", rows) == ["Client C003", "Client C001"]
