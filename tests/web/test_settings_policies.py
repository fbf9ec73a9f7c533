"""Are policies changed row by row as a dossier would, told before they are stored, and refused where they contradict themselves?"""

import re
from html import unescape

import pytest

from relance.dossier import set_up
from relance.models import Company, Customer
from relance.models.history import Event

PAGE = "/c/ACME/settings/policies/"


def words(answer) -> str:
    """The page as it is read."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).replace("\xa0", " ").split())


def form(company: Company, act: str = "save", policy: str = "", **changed: str) -> dict:
    """What the page would send if nothing but this was changed: ``level_2__upper_bound="40"``."""
    stored = set_up(company)
    found = next((one for one in stored["policies"] if one["code"] == policy), stored["options"])
    rows = found["levels"] if policy else stored["levels"]
    switches = {name: found[name] or "" for name in ("level_basis", "progression", "min_days_between") if name in found}
    sent = {f"level-{row['level']}-{name}": value for row in rows for name, value in row.items() if name not in ("level", "texts")}
    plain = {name: value for name, value in sent.items() if value is not None and value is not False}
    return plain | switches | {"act": act} | {name.replace("_", "-", 1).replace("__", "-", 1): value for name, value in changed.items()}


def bounds(company: Company) -> list[tuple]:
    return [(row["level"], row["lower_bound"], row["upper_bound"]) for row in set_up(company)["levels"]]


def test_a_page_saved_as_it_is_changes_nothing(acme, browser):
    before = set_up(acme)
    assert browser("administrator", acme).post(PAGE, form(acme)).status_code == 302
    assert set_up(acme) == before
    assert not Event.objects.filter(what="settings_changed").exists()


def test_bounds_channel_and_charges_are_saved_and_recorded(acme, browser):
    sent = form(acme, level_2__upper_bound="40", level_3__lower_bound="41", level_3__channel="letter", level_3__charge_interest="on")
    assert "The policy is saved." in words(browser("administrator", acme).post(PAGE, sent, follow=True))
    assert bounds(acme) == [(1, -5, 10), (2, 11, 40), (3, 41, None)]
    assert (set_up(acme)["levels"][2]["channel"], set_up(acme)["levels"][2]["charge_interest"]) == ("letter", True)
    assert {"what": "levels.2.upper_bound", "before": 30, "after": 40} in Event.objects.get(what="settings_changed").facts["changed"]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"level_2__upper_bound": "5"}, "the first day, 11, comes after the last, 5"),
        ({"level_3__lower_bound": "30"}, "from day 30 on it overlaps level 2"),
        ({"level_1__lower_bound": "soon"}, "Enter a whole number."),
        ({"min_days_between": "-1"}, "greater than or equal to 0"),
    ],
)
def test_a_contradiction_is_told_at_its_row_and_nothing_is_stored(changed, told, acme, browser):
    before, sent = set_up(acme), form(acme)
    sent |= {
        name.replace("_", "-", 1).replace("__", "-", 1) if name.startswith("level") else name: value for name, value in changed.items()
    }
    for act in ("save", "look"):
        assert told in words(browser("administrator", acme).post(PAGE, sent | {"act": act}))
    assert set_up(acme) == before


def test_a_gap_is_saved_and_marked(acme, browser):
    client = browser("administrator", acme)
    client.post(PAGE, form(acme, level_2__lower_bound="15"))
    assert bounds(acme)[1] == (2, 15, 30)
    assert "Level 2: between levels 1 and 2, from day 11 to day 14, no level applies" in words(client.get(PAGE))


def test_a_policy_is_told_in_sentences_before_it_is_stored(acme, browser):
    page = words(browser("administrator", acme).post(PAGE, form(acme, act="look", level_2__upper_bound="25")))
    assert "From 5 days before to 10 days after the due date: level 1 “Relance 1”, by e-mail" in page
    assert "From 26 to 30 days after the due date: no level applies, a gap" in page
    assert bounds(acme)[1] == (2, 11, 30)
    french = words(browser("manager", acme, "fr").get(PAGE))
    assert "À partir de 31 jours après l’échéance : niveau 3 « Relance 3 », par" in french


def test_a_level_is_added_and_another_one_removed(acme, browser):
    client = browser("administrator", acme)
    added = client.post(PAGE, form(acme, act="add") | {"new": "NA"})
    assert 'name="level-NA-lower_bound"' in added.content.decode()
    sent = form(acme, act="remove", level_3__remove="on") | {
        "added": ["3", "NA"],
        "level-NA-lower_bound": "100",
        "level-NA-label": "Hors relance",
    }
    client.post(PAGE, sent)
    assert bounds(acme) == [(1, -5, 10), (2, 11, 30), ("NA", 100, None)]


def test_a_further_policy_begins_as_a_copy_is_changed_and_removed_unless_customers_follow_it(acme, world, browser):
    client = browser("administrator", acme)
    client.post(f"{PAGE}new/", {"code": "GRANDS"})
    client.post(f"{PAGE}?policy=GRANDS", form(acme, policy="GRANDS", level_1__label="Avis") | {"progression": "stepwise"})
    policy = set_up(acme)["policies"][0]
    assert (policy["code"], policy["progression"], policy["levels"][0]["label"]) == ("GRANDS", "stepwise", "Avis")
    assert set_up(acme)["levels"][0]["label"] == "Relance 1"
    world.update(customers=[{"code": "C001", "policy": "GRANDS"}])
    assert "1 customers follow the policy GRANDS" in words(client.post(f"{PAGE}remove/", {"policy": "GRANDS"}, follow=True))
    world.update(customers=[{"code": "C001", "policy": None}])
    client.post(f"{PAGE}remove/", {"policy": "GRANDS"})
    assert set_up(acme)["policies"] == []


@pytest.mark.parametrize("code", ["", "GRANDS", "x" * 81])
def test_a_further_policy_needs_a_code_of_its_own(code, acme, world, browser):
    world.policy("GRANDS", (1, 0, None))
    world.load()
    before = set_up(acme)
    assert "a code that no other one has" in words(browser("administrator", acme).post(f"{PAGE}new/", {"code": code}, follow=True))
    assert set_up(acme) == before


def test_a_policy_is_compared_with_what_goes_out_now_and_nothing_is_stored(acme, browser):
    client, before = browser("administrator", acme), set_up(acme)
    page = words(client.post(PAGE, form(acme, act="compare", level_3__upper_bound="40")))
    name = Customer.objects.get(code="C001").name
    assert f"One customer would not be written to today any more: {name}" in page
    assert "3 e-mail 1 → 0 1 → 0" in page
    assert "Nothing is saved yet." in page
    assert set_up(acme) == before
    assert not Event.objects.filter(what="settings_changed").exists()
    assert "Nothing: the same customers" in words(client.post(PAGE, form(acme, act="compare")))


def test_a_policy_that_contradicts_itself_is_not_compared(acme, browser):
    page = words(browser("administrator", acme).post(PAGE, form(acme, act="compare", level_2__upper_bound="5")))
    assert "the first day, 11, comes after the last, 5" in page
    assert "What this would change" not in page


def test_only_an_administrator_compares(acme, browser):
    assert browser("manager", acme).post(PAGE, form(acme, act="compare")).status_code == 403
