"""Is an automatic run set up, paused and launched by those who may?"""

import re

import pytest
from django.utils import timezone

from relance.models import Batch, Company, Launch
from relance.work.turning import Worker
from tests.acceptance.world import World, day

NOW = timezone.localdate().isoformat()
SETTING = {
    "label": "Relances de nuit",
    "error_address": "compta@acme.example",
    "weekdays": ["1", "2", "3", "4", "5"],
    "times": "8:30, 14:00",
    "working_days_only": "on",
    "log_level": "info",
    "may_see": "reader",
    "may_launch": "manager",
    "may_change": "administrator",
}


def words(answer) -> str:
    """The page as it is read."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split()).replace("\u00a0", " ").replace("&#x27;", "'")


@pytest.fixture
def night(acme: Company, browser) -> Batch:
    """The batch NUIT, set up on its page."""
    browser("administrator", acme).post("/c/ACME/batches/new/", SETTING | {"code": "NUIT"})
    return Batch.objects.get()


@pytest.mark.spec("K67")
def test_a_batch_is_set_up_with_its_schedule(night: Batch, acme, browser):
    assert (night.code, night.times, night.weekdays, night.working_days_only) == ("NUIT", "08:30\n14:00", "12345", True)
    assert night.next_at is not None
    assert "Relances de nuit" in words(browser("reader", acme).get("/c/ACME/batches/"))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"times": "25:00"}, "These are no times"),
        ({"times": "", "cron": "every day"}, "not a line of cron"),
        ({"cron": "30 8 * * 1-5"}, "either times or a line of cron"),
        ({"time_zone": "Mars/Base"}, "no such time zone"),
        ({"holidays": "XX"}, "not known"),
        ({"error_address": "nobody"}, "valid email"),
        ({"cc": "a@b.example, nobody"}, "valid email"),
    ],
)
def test_a_wrong_setting_is_told_at_its_field_and_stores_nothing(said, told, acme, browser):
    page = words(browser("administrator", acme).post("/c/ACME/batches/new/", SETTING | {"code": "NUIT"} | said))
    assert told in page
    assert Batch.objects.count() == 0


def test_a_code_is_unique_across_companies(night, browser):
    other = Company.objects.create(code="ELSE", name="Elsewhere", currency="EUR")
    page = words(browser("administrator", other).post("/c/ELSE/batches/new/", SETTING | {"code": "NUIT"}))
    assert "Another batch has this code." in page
    assert Batch.objects.count() == 1


def test_it_is_paused_and_resumed(night, acme, browser):
    client = browser("administrator", acme)
    client.post("/c/ACME/batches/NUIT/act/", {"act": "pause"})
    assert "paused" in words(client.get("/c/ACME/batches/"))
    client.post("/c/ACME/batches/NUIT/act/", {"act": "resume"})
    assert Batch.objects.get().next_at is not None


@pytest.mark.spec("K68")
def test_it_is_launched_by_hand_and_tells_what_came_of_it(night, acme, browser, world: World):
    world.invoice("FA-5", due=day(NOW, -8))
    world.load()
    client = browser("manager", acme)
    client.post("/c/ACME/batches/NUIT/act/", {"act": "launch"})
    Worker().turn(timezone.now())
    assert Launch.objects.get().by == "manager@acme.example"
    page = words(client.get("/c/ACME/batches/NUIT/"))
    assert "manager@acme.example done" in page


@pytest.mark.parametrize(
    ("role", "act", "allowed"), [("collector", "launch", False), ("manager", "launch", True), ("manager", "pause", False)]
)
def test_each_batch_says_who_may_do_what(role, act, allowed, night, acme, browser):
    answer = browser(role, acme).post("/c/ACME/batches/NUIT/act/", {"act": act})
    assert (answer.status_code == 302) == allowed
    assert Batch.objects.get().paused is False


def test_a_batch_that_a_role_may_not_see_is_not_there(night, acme, browser):
    browser("administrator", acme).post("/c/ACME/batches/NUIT/", SETTING | {"may_see": "manager"})
    assert browser("reader", acme).get("/c/ACME/batches/NUIT/").status_code == 404
    assert "NUIT" not in words(browser("reader", acme).get("/c/ACME/batches/"))


def test_it_is_removed(night, acme, browser):
    browser("administrator", acme).post("/c/ACME/batches/NUIT/act/", {"act": "remove"})
    assert Batch.objects.count() == 0
