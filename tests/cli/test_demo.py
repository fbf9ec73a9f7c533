"""What does the demo show, and what does it leave alone?"""

import re

import pytest

from relance.models import Company, Document, DueItem, Event
from relance.steps.leveling import LevelChange, set_level

CODE = "AUBRELLE"


@pytest.fixture
def demo(world):
    """The demo company as it comes; and its command."""
    world.relance("demo").done()
    return lambda *flags: world.relance("demo", *flags).done()


def level_of(number):
    return DueItem.objects.get(document__number=number, no=1).level


def test_it_shows_the_balance_todays_proposal_and_where_to_go_on(demo):
    told = demo().out
    assert "Balance âgée" in told
    assert "Relances automatiques" in told
    commands = re.findall(r"^  relance (.+)$", told, re.MULTILINE)
    assert len(commands) >= 3
    assert all(f"--company {CODE}" in command for command in commands)


def test_the_commands_it_suggests_can_be_run(demo, world, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for command in re.findall(r"^  relance (.+)$", demo().out, re.MULTILINE):
        world.relance(*command.split()).done()


def test_asked_again_it_changes_nothing(demo):
    before = Document.objects.count(), Event.objects.count()
    demo()
    assert (Document.objects.count(), Event.objects.count()) == before


def test_what_was_tried_stays_until_it_is_asked_for_afresh(demo):
    company = Company.objects.get(code=CODE)
    number = DueItem.objects.filter(level=1, document__type="invoice").values_list("document__number", flat=True)[0]
    set_level(company, LevelChange(0, None, documents=(number,)), by="claire")
    demo()
    assert level_of(number) == 0
    demo("--fresh")
    assert level_of(number) == 1
