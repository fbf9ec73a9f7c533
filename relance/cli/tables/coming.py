"""How do people read what will go out in the coming days?"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from relance.cli.terminal import show, show_table
from relance.cli.words import Speech

if TYPE_CHECKING:
    from relance.steps.foreseeing import Coming


def show_calendar(coming: Iterable["Coming"], words: Speech, as_of: date, days: int) -> None:
    """A line for each day, level and channel: how many notices, and what they claim."""
    show(words("The {days} days after {day}", days=days, day=words.day(as_of)), style="bold")
    heads = [words(head) for head in ("Date", "Level", "Channel", "How many", "Amount")]
    ordered = sorted(coming, key=attrgetter("on", "level", "channel"))
    rows = [
        (words.day(day), str(level), words(channel), str(len(notices)), "\n".join(_amounts(notices, words)))
        for (day, level, channel), group in groupby(ordered, key=attrgetter("on", "level", "channel"))
        for notices in [list(group)]
    ]
    if rows:
        show_table(heads, rows, right=[heads[1], heads[3], heads[4]])
    else:
        show(words("Nobody is to be reminded."))


def _amounts(notices: Iterable["Coming"], words: Speech) -> list[str]:
    totals: Counter[str] = Counter()
    for notice in notices:
        totals.update(notice.totals)
    return [words.amount(total, currency) for currency, total in sorted(totals.items())]
