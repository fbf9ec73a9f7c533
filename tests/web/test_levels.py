"""Is a level set by hand only on the lines picked, and only after a look?"""

import re

import pytest
from django.utils import timezone

from relance.models import Company, DueItem, Event
from relance.models.company import LEVEL_NA
from tests.acceptance.world import World, day, item
from tests.web.conftest import queries
from tests.web.test_edition import words

NOW = timezone.localdate().isoformat()
BEFORE = day(NOW, -20)
HERE = "/c/ACME/levels/"


@pytest.fixture
def books(world: World) -> Company:
    """Two customers; FA-2 has two due items, FA-3 is settled."""
    dunned = {"level": 1, "last_dunned_on": BEFORE}
    world.customer("C001", name="Maison Leblanc", level=1, last_dunned_on=BEFORE)
    world.customer("C002", name="Maison Lenoir")
    world.invoice("FA-1", due=day(NOW, -10), date=day(NOW, -60))
    world.invoice("FA-2", due=[item(day(NOW, -40), "50.00", **dunned), item(day(NOW, -20), "50.00", **dunned)], date=day(NOW, -50))
    world.invoice("FA-3", "C002", due=day(NOW, -30), date=day(NOW, -40), amount="10.00", level=2, last_dunned_on=BEFORE)
    world.payment("P3", "10.00", NOW, {"FA-3": "10.00"}, "C002")
    world.load()
    return Company.objects.get()


def due(number: str, no: int = 1) -> DueItem:
    return DueItem.objects.get(document__number=number, no=no)


def listed(browser, books, asked: str, role: str = "reader") -> list[str]:
    return re.findall(r">(FA-\d)</a>", browser(role, books).get(f"{HERE}?{asked}").content.decode())


def seen(*items: DueItem) -> dict:
    """What the form sends of lines that were looked at and picked."""
    return {"item": [one.pk for one in items]} | {f"seen-{one.pk}": f"{one.level} {one.last_dunned_on or ''}".strip() for one in items}


def standing() -> dict[str, tuple]:
    items = DueItem.objects.order_by("document__number", "no").values_list("document__number", "no", "level", "last_dunned_on")
    return {f"{number}/{no}": (level, on.isoformat() if on else None) for number, no, level, on in items}


@pytest.mark.spec("A41", "A42", "A43", "A46", "A47")
@pytest.mark.parametrize(
    ("asked", "lines"),
    [
        ("", []),
        ("current=-1", ["FA-1", "FA-2", "FA-2", "FA-3"]),
        ("current=1", ["FA-2", "FA-2"]),
        ("customer=C002", ["FA-3"]),
        ("customer=leblanc", ["FA-1", "FA-2", "FA-2"]),
        (f"dated_from={day(NOW, -55)}&dated_to={day(NOW, -45)}", ["FA-2", "FA-2"]),
        ("current=-1&sort=-level", ["FA-3", "FA-2", "FA-2", "FA-1"]),
        ("current=many&dated_from=once", ["FA-1", "FA-2", "FA-2", "FA-3"]),
        ("customer=maison", []),
        ("customer=nobody", []),
    ],
)
def test_lines_are_looked_at_by_customer_level_and_date_of_the_document(asked, lines, browser, books):
    assert listed(browser, books, asked) == lines


def test_a_name_of_several_customers_asks_which_one(browser, books):
    page = words(browser("reader", books).get(f"{HERE}?customer=maison"))
    assert "Which one? C001 Maison Leblanc , C002 Maison Lenoir" in page
    assert "There is no such customer." in words(browser("reader", books).get(f"{HERE}?customer=nobody"))


@pytest.mark.spec("A47", "A48", "A49")
def test_what_is_only_shown_is_grey_and_what_can_be_changed_is_black_with_boxes(browser, books):
    client = browser("manager", books)
    consulted, modified = (client.get(f"{HERE}?current=-1{more}").content.decode() for more in ("", "&modify=1"))
    assert ('<tbody data-rows class="muted">' in consulted, 'name="item"' in consulted) == (True, False)
    assert ('<tbody data-rows class="muted">' in modified, modified.count('name="item"')) == (False, 4)


@pytest.mark.spec("A39", "A44", "A45", "A50", "A51", "A52")
def test_the_new_level_goes_to_the_lines_picked_alone(browser, books, world: World):
    client, before = browser("manager", books), standing()
    form = seen(due("FA-1"), due("FA-2", 2)) | {"level": "2", "on": NOW}
    answers = [words(client.post(f"{HERE}set/?current=-1&modify=1", form, follow=True)) for _ in range(2)]
    assert standing() == before | {"FA-1/1": (2, NOW), "FA-2/2": (2, NOW)}
    assert (world.stored_customer("C001")["level"], world.stored_customer("C001")["last_dunned_on"]) == (1, BEFORE)
    assert "2 lines are at level 2 now" in answers[0]
    assert "had that level and that date already" in answers[1]
    assert set(Event.objects.filter(what="level_set").values_list("by", flat=True)) == {"manager@acme.example"}


@pytest.mark.parametrize(("level", "on", "after"), [("0", NOW, (0, None)), (str(LEVEL_NA), "", (LEVEL_NA, BEFORE))])
def test_a_settled_line_too_goes_to_0_or_na(level, on, after, browser, books):
    browser("manager", books).post(f"{HERE}set/", seen(due("FA-3")) | {"level": level, "on": on})
    assert standing()["FA-3/1"] == after


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"level": "2", "on": NOW, "item": []}, "Pick the lines"),
        ({"level": "", "on": NOW}, "Choose the new level."),
        ({"level": "12", "on": NOW}, "Choose the new level."),
        ({"level": "2", "on": ""}, "A level from 1 to 9 comes with its date."),
        ({"level": "2", "on": "soon"}, "A level from 1 to 9 comes with its date."),
        ({"level": "2", "on": NOW, "item": ["x"]}, "Pick the lines"),
    ],
)
def test_what_is_wrong_is_told_and_changes_nothing(said, fault, browser, books):
    before, picked = standing(), seen(due("FA-1"))
    page = browser("manager", books).post(f"{HERE}set/?current=-1&modify=1", picked | said)
    assert fault in words(page)
    assert standing() == before


def test_a_line_that_has_changed_since_it_was_seen_is_not_overwritten(browser, books, world: World):
    form = seen(due("FA-1"), due("FA-3")) | {"level": "3", "on": NOW}
    world.ask("set-level", "--level", 1, "--date", BEFORE, "--document", "FA-1")
    before = standing()
    page = browser("manager", books).post(f"{HERE}set/?current=-1&modify=1", form, follow=True)
    assert "look again. Nothing was set." in words(page)
    assert standing() == before


@pytest.mark.parametrize("role", ["reader", "collector"])
def test_only_a_manager_changes_levels(role, browser, books):
    before = standing()
    assert 'name="item"' not in browser(role, books).get(f"{HERE}?current=-1&modify=1").content.decode()
    assert browser(role, books).post(f"{HERE}set/", seen(due("FA-1")) | {"level": "2", "on": NOW}).status_code == 403
    assert standing() == before


def test_another_company_s_lines_stay_as_they_are(browser, books):
    other = Company.objects.create(code="ELSE", name="Elsewhere", currency="EUR")
    before = standing()
    browser("manager", other).post("/c/ELSE/levels/set/", seen(due("FA-1")) | {"level": "2", "on": NOW})
    assert standing() == before


def test_more_lines_need_no_more_queries(world: World, browser, books):
    client = browser("manager", books)

    before = queries(client, f"{HERE}?current=-1&modify=1")
    for number in range(30):
        world.invoice(f"FB-{number}", f"C{number % 7}", due=day(NOW, -number))
    world.load()
    assert queries(client, f"{HERE}?current=-1&modify=1") == before
