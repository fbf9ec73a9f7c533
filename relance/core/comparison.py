"""What would other terms change in what goes out? The same customers are decided by both, for one day and for the days after it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from relance.core.facts import Customer, Page
from relance.core.forecast import coming_notices
from relance.core.grouping import Notice
from relance.core.selection import Terms


class Shift(NamedTuple):
    """How many notices of a level and channel go out on the first day, and on all days: as things are, and by other terms."""

    level: int
    channel: str
    at_first: tuple[int, int]
    in_all: tuple[int, int]


class Comparison(NamedTuple):
    """Shifts by level, then channel; who is written to on the first day only by the other terms, and who only as things are."""

    shifts: list[Shift]
    gained: list[Customer]
    lost: list[Customer]

    @property
    def is_equal(self) -> bool:
        """Whether as many go out of each kind, to the same customers on the first day."""
        return not (self.gained or self.lost) and all(len({*one.at_first}) == len({*one.in_all}) == 1 for one in self.shifts)


def compare(pages: Iterable[Page], terms: Terms, others: Terms, last: date) -> Comparison:
    """What goes out from the date of both terms to ``last``, both included, if a run takes place every day and nothing else changes."""
    counts: dict[tuple[int, str], tuple[Counter[bool], Counter[bool]]] = {}  # of the first and of all days, by whether it is by the others
    gained, lost = [], []
    for page in pages:
        written = [False, False]
        for by_others, asked in enumerate((terms, others)):
            for on, notice in _outgoing(page, asked, last):
                at_first, in_all = counts.setdefault((notice.level, str(notice.channel)), (Counter(), Counter()))
                in_all[bool(by_others)] += 1
                if on == terms.as_of:
                    at_first[bool(by_others)] += 1
                    written[by_others] = True
        if written == [False, True]:
            gained.append(page.customer)
        elif written == [True, False]:
            lost.append(page.customer)
    shifts = [Shift(*kind, _both(at_first), _both(in_all)) for kind, (at_first, in_all) in sorted(counts.items())]
    return Comparison(shifts, gained, lost)


def _outgoing(page: Page, terms: Terms, last: date) -> Iterator[tuple[date, Notice]]:
    for on, notices in coming_notices([page], terms, last):
        for notice in notices:
            yield on, notice


def _both(counted: Counter[bool]) -> tuple[int, int]:
    return counted[False], counted[True]
