"""Which level applies to a due item on a date? (rules, section 4)"""

from collections.abc import Iterable
from datetime import date

from relance.core.days import end_of_month
from relance.core.facts import NA, Clock, LevelRow, Policy, Progression
from relance.core.reasons import Reason


def decide_level(policy: Policy, level: int, due_date: date, last_dunned_on: date | None, as_of: date) -> LevelRow | Reason:
    """The policy row whose level the automatic run gives to a due item that has ``level``, or why none.

    Never the level it already has, never a lower one (register K69, K70; the worked examples of rules, section 4).
    """
    if last_dunned_on is not None and last_dunned_on > as_of:
        return Reason.ALREADY_AT_LEVEL
    if excluded_by_age(policy, due_date, last_dunned_on, as_of):
        return Reason.NO_LEVEL_APPLIES
    if policy.progression is Progression.STEPWISE:
        return _next_step(policy, level, due_date, last_dunned_on, as_of)
    return _by_age(policy, level, due_date, last_dunned_on, as_of)


def _by_age(policy: Policy, level: int, due_date: date, last_dunned_on: date | None, as_of: date) -> LevelRow | Reason:
    """The highest row that the age falls in; levels in between may be skipped.

    A row held back by the guard gives way to a lower one, still above the level: it must not hold back what is due by itself.
    """
    below = Reason.ALREADY_AT_LEVEL
    for row in reversed(policy.rows):
        if row.level == NA or not _within(row, due_date, last_dunned_on, as_of):
            continue
        if row.level <= level:
            return below
        if not _brought_forward(row, due_date, as_of):
            return row
        below = Reason.NO_LEVEL_APPLIES  # the highest that matches has not begun
    return Reason.NO_LEVEL_APPLIES


def _next_step(policy: Policy, level: int, due_date: date, last_dunned_on: date | None, as_of: date) -> LevelRow | Reason:
    """Only the next row set up above the current level, from its lower bound on."""
    row = next_level(policy.rows, level)
    if row is None:
        return Reason.ALREADY_AT_LEVEL
    if (as_of - clock_start(row.clock, due_date, last_dunned_on)).days < row.lower or _brought_forward(row, due_date, as_of):
        return Reason.NO_LEVEL_APPLIES
    return row


def excluded_by_age(policy: Policy, due_date: date, last_dunned_on: date | None, as_of: date) -> bool:
    """Whether the NA row matches: it wins over every level, whatever the progression."""
    last = policy.rows[-1] if policy.rows else None
    return last is not None and last.level == NA and _within(last, due_date, last_dunned_on, as_of)


def next_level(rows: Iterable[LevelRow], level: int) -> LevelRow | None:
    """The lowest row set up above a level; None at the highest, and above NA."""
    return next((row for row in rows if level < row.level < NA), None)


def clock_start(clock: Clock, due_date: date, last_dunned_on: date | None) -> date:
    """The date from which a row's bounds are counted; before the first dunning, the last-dunning clock starts at the due date."""
    if clock is Clock.DUE_DATE:
        return due_date
    if clock is Clock.END_OF_MONTH:
        return end_of_month(due_date)
    return last_dunned_on or due_date


def _within(row: LevelRow, due_date: date, last_dunned_on: date | None, as_of: date) -> bool:
    elapsed = (as_of - clock_start(row.clock, due_date, last_dunned_on)).days
    return row.lower <= elapsed and (row.upper is None or elapsed <= row.upper)


def _brought_forward(row: LevelRow, due_date: date, as_of: date) -> bool:
    """A reminder sent before the due date must not bring the next level forward: the guard of the last-dunning clock."""
    return row.clock is Clock.LAST_DUNNING and (as_of - due_date).days < row.lower
