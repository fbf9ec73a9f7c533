"""Does the product agree with the rules as another hand reads them? Random policies and books against fifty plain lines of section 4."""

import calendar
import random
from datetime import date, timedelta

import pytest

from tests.acceptance.world import day, level

NONE, ALREADY, SOON, BY_HAND = "no_level_applies", "already_at_level", "too_soon", "not_automatic"
CLOCKS = ["due_date", "last_dunning", "end_of_month"]


def elapsed(clock, due, dunned, as_of):
    """Days on a clock."""
    if clock == "end_of_month":
        due = due.replace(day=calendar.monthrange(due.year, due.month)[1])
    return (as_of - (dunned if clock == "last_dunning" and dunned else due)).days


def row_of(levels, basis, due, dunned, as_of):
    """The row that matches: the excluded first, else the highest level; and whether the guard holds back one of several."""
    matching, guarded = [], False
    for row in levels:
        clock = row["clock"] or basis
        days = elapsed(clock, due, dunned, as_of)
        if row["lower_bound"] <= days <= (10**6 if row["upper_bound"] is None else row["upper_bound"]):
            matching.append(row)
            guarded |= clock == "last_dunning" and row["level"] != "NA" and as_of < due + timedelta(row["lower_bound"])
    if any(row["level"] == "NA" for row in matching):
        return None, False
    return max(matching, key=lambda row: row["level"], default=None), guarded and len(matching) > 1


def expected(options, levels, held, as_of):
    """The level of an item, or the reason why it is left out; ... where the rules can be read in two ways."""
    due, dunned = held["due_date"], held["last_dunned_on"]
    row, unclear = row_of(levels, options["level_basis"], due, dunned, as_of)
    if dunned and dunned > as_of:
        return ALREADY
    if unclear:
        return ...
    if row is None:
        return NONE
    if row["level"] <= held["level"]:
        return ALREADY
    if (row["clock"] or options["level_basis"]) == "last_dunning" and as_of < due + timedelta(row["lower_bound"]):
        return NONE
    if dunned and (as_of - dunned).days < options["min_days_between"]:
        return SOON
    return row["level"] if row["automatic"] else BY_HAND


def policy_drawn_by(dice):
    """Up to five levels, one after the other on each clock, and perhaps a row of the excluded."""
    begins = dict.fromkeys([*CLOCKS, None], dice.randint(-15, 5))
    drawn = []
    for number in sorted(dice.sample(range(1, 10), dice.randint(1, 5))):
        clock = dice.choice([None, *CLOCKS[1:]])
        lower = begins[clock] + dice.randint(0, 6)
        upper = lower + dice.randint(0, 25)
        begins[clock] = upper + 1
        drawn.append(level(number, lower, upper, clock=clock, automatic=dice.random() < 0.85))
    if dice.random() < 0.5:
        drawn.append(level("NA", begins["end_of_month"] + dice.randint(0, 60), None, clock="end_of_month"))
    return drawn


@pytest.mark.parametrize("seed", range(8))
def test_random_books_are_dunned_as_another_hand_reads_the_rules(world, seed):
    dice = random.Random(seed)
    options = {"level_basis": "due_date", "min_days_between": dice.choice([0, 0, 7, 20])}
    levels = policy_drawn_by(dice)
    world.options(**options)
    world.levels(*levels)
    items = {}
    for number in range(120):
        due = date(2026, 5, 1) + timedelta(dice.randint(0, 120))
        own = dice.choice([0, 0, 1, 2, 3, 5, 9])
        dunned = due + timedelta(dice.randint(-20, 60)) if own and dice.random() < 0.9 else None
        items[f"FA-{number}"] = {"due_date": due, "level": own, "last_dunned_on": dunned}
        told = dunned.isoformat() if dunned else None
        world.invoice(f"FA-{number}", f"C{number % 40}", due=due.isoformat(), date="2026-04-01", level=own, last_dunned_on=told)
    world.load()
    for as_of in (day("2026-05-10", 23 * step) for step in range(7)):
        run = world.rehearse(as_of)
        read = {number: expected(options, levels, held, date.fromisoformat(as_of)) for number, held in items.items()}
        differing = {
            number: (told, run.outcome(number)) for number, told in read.items() if told is not ... and told != run.outcome(number)
        }
        assert differing == {}, (as_of, [(row["level"], row["lower_bound"], row["upper_bound"], row["clock"]) for row in levels])
