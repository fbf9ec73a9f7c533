"""What does the demo show, and what does it leave alone?"""

import json
import re

import pytest
from django.utils.timezone import localdate

from relance import dossier
from relance.demo import demo_dossier, history
from relance.demo.company import COMPANY
from relance.models import Batch, Company, Document, DueItem, Event, NoticeLine, Rendition
from relance.models.events import first_broken_seal
from relance.models.files import unaltered
from relance.models.renditions import content
from relance.steps import running
from relance.steps.leveling import LevelChange, set_level

CODE = "AUBRELLE"


@pytest.fixture
def demo(world, monkeypatch):
    """The demo company, without its past, which takes most of the time; and its command."""
    with monkeypatch.context() as patch:
        patch.setattr(history, "write_history", lambda company, today: 0)
        world.relance("demo").done()
    return lambda *flags: world.relance("demo", *flags).done()


@pytest.fixture
def whole(world):
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


def test_it_has_a_past_that_agrees_with_how_its_due_items_stand_and_asked_again_it_changes_nothing(whole):
    company = Company.objects.get(code=CODE)
    assert first_broken_seal(company.pk) is None
    assert all(unaltered(content(one), one.sha256, str(one.notice_id)) for one in Rendition.objects.filter(company=company))
    lines = {(line.due_item_id, line.notice.run.as_of): line for line in NoticeLine.objects.select_related("notice__run")}
    dunned = DueItem.objects.filter(document__type="invoice", level__in=(1, 2, 3), last_dunned_on__isnull=False).exclude(
        document__number="FA-2300"
    )
    told = [(item, lines.get((item.pk, item.last_dunned_on))) for item in dunned]
    assert [line.level_after for item, line in told if line] == [item.level for item, line in told if line]
    assert {item.billed_customer.code for item, line in told if not line} <= {"C006"}  # to whom nobody can write
    assert not Batch.objects.exclude(paused=True).exists()
    before = Document.objects.count(), Event.objects.count()
    whole()
    assert (Document.objects.count(), Event.objects.count()) == before


def test_its_past_changes_nothing_of_what_is_decided_today(whole):
    today = localdate()
    loaded = dossier.load(json.dumps(demo_dossier(today) | {"company": COMPANY | {"code": "ANEW"}}).encode(), by="tests").company
    with_past, without = (running.batch(company, today, dry_run=True, by="tests") for company in (Company.objects.get(code=CODE), loaded))
    assert [_said(notice) for notice in with_past.notices] == [_said(notice) for notice in without.notices]
    assert with_past.left_out_counts == without.left_out_counts


def _said(notice):
    return {name: value for name, value in notice.items() if name != "id"}


def test_what_was_tried_stays_until_it_is_asked_for_afresh(demo):
    company = Company.objects.get(code=CODE)
    number = DueItem.objects.filter(level=1, document__type="invoice").values_list("document__number", flat=True)[0]
    set_level(company, LevelChange(0, None, documents=(number,)), by="claire")
    demo()
    assert level_of(number) == 0
    demo("--fresh")
    assert level_of(number) == 1
