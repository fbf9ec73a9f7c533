"""Is what the search box finds found by the API, and are criteria kept under a name for a person?"""

from datetime import date
from pathlib import Path

import pytest

from relance.models import Company, SavedSearch, User
from relance.steps import running
from tests.acceptance.world import TODAY, World
from tests.api.conftest import AT

OVERDUE = {"criteria": {"state": "overdue", "least": "100"}}


def test_a_few_letters_find_customers_documents_amounts_and_payments(acme: Company, world: World, program):
    world.payment("ENC-1", "20.00", "2026-07-10", {"FA-1": "20.00"})
    world.load()
    caller = program("reader", "read")
    assert [one["number"] for one in caller.ask("/search", text="FA-")["documents"]] == ["FA-2", "FA-1"]
    assert [one["code"] for one in caller.ask("/search", text="c002")["customers"]] == ["C002"]
    [amount] = caller.ask("/search", text="80,00")["amounts"]
    assert (amount["document"], amount["open"], amount["no"]) == ("FA-1", "80.00", 1)
    assert [one["amount"] for one in caller.ask("/search", text="ENC")["payments"]] == ["20.00"]
    assert caller.get(f"{AT}/search", {"text": "F"}).status_code == 422


def test_a_search_is_kept_in_place_of_the_one_before_and_opens_the_person_s_list(acme: Company, of_person, browser_of):
    caller = of_person("reader")
    for least in ("50", "100"):
        kept = caller.send("/searches/Grands comptes", {"criteria": {"state": "overdue", "least": least}, "default": True}, method="put")
    assert kept.json() == {
        "name": "Grands comptes",
        "criteria": {"state": "overdue", "least": "100"},
        "by": "reader@acme.example",
        "own": True,
        "shared": False,
        "default": True,
    }
    assert SavedSearch.objects.count() == 1
    assert browser_of("reader@acme.example").get("/c/ACME/invoices/")["Location"] == "/c/ACME/invoices/?state=overdue&least=100"


@pytest.fixture
def browser_of(client):
    """A browser in which the user of an address has signed in."""

    def opened(email: str):
        client.force_login(User.objects.get(email=email), "django.contrib.auth.backends.ModelBackend")
        return client

    return opened


def test_others_see_what_is_shared_and_take_nothing_of_it_away(acme: Company, of_person, program):
    owner, other = of_person("collector"), of_person("manager")
    owner.send("/searches/Shared", OVERDUE | {"shared": True}, method="put")
    owner.send("/searches/Own", OVERDUE, method="put")
    seen = [
        [(one["name"], one["own"]) for one in caller.ask("/searches")["searches"]] for caller in (owner, other, program("reader", "read"))
    ]
    assert seen == [[("Shared", True), ("Own", True)], [("Shared", False)], [("Shared", False)]]
    assert other.delete(f"{AT}/searches/Shared").status_code == 404
    assert b"Shared" in b"".join(other.get(f"{AT}/searches", {"format": "csv", "language": "en"}))
    assert owner.delete(f"{AT}/searches/Shared").status_code == 200
    assert [one.name for one in SavedSearch.objects.all()] == ["Own"]


@pytest.mark.parametrize("wrong", [{"criteria": {}}, {"criteria": {"colour": "red"}}, {"criteria": {"state": ""}}, {}])
def test_a_search_without_criteria_that_there_are_is_not_kept(wrong, of_person):
    assert of_person("reader").send("/searches/x", wrong, method="put").status_code == 422
    assert not SavedSearch.objects.exists()


def test_what_would_have_left_is_read_in_the_folder_by_who_administers_the_installation(world: World, acme: Company, program, of_person):

    world.invoice("FA-3", "C003")
    world.load()
    running.batch(acme, date.fromisoformat(TODAY), by="eva")
    caller, at = of_person(None, founder=True), "/api/v1/mail-folder"
    first = caller.get(at, {"limit": 1}).json()
    second = caller.get(at, {"limit": 1, "cursor": first["next"]}).json()
    assert second["next"] is None
    names = {page["messages"][0]["name"] for page in (first, second)}
    assert names == {one.name for one in Path(world.post).glob("*.eml")}
    assert b"FA-" in caller.get(f"{at}/{min(names)}").content
    assert caller.get(f"{at}/..%2Fdb.eml").status_code == 404
    assert of_person("administrator").get(at).status_code == 403
