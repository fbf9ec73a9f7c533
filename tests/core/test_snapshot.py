"""What does a new list of open items change?"""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.core.snapshot import Held, Listed, compare
from tests.core.pages import on


def listed(text: str) -> list[Listed]:
    """``"FA-1 31 July 70/100, FA-2 31 July 50"``: document, due date, what is open and, behind a stroke, the amount."""
    return [_listed(part) for part in text.split(", ") if part]


def _listed(part: str) -> Listed:
    number, day, month, figures = part.split()
    rest, _, amount = figures.partition("/")
    return Listed(number, on(f"{day} {month}"), int(rest), int(amount) if amount else None, "EUR")


def held(text: str) -> list[Held]:
    """As ``listed``; a star marks what came by another way."""
    return [
        Held(place, line.number, line.due_date, line.open, line.amount or line.open, "EUR", listed=not starred)
        for place, part in enumerate((part for part in text.split(", ") if part), 1)
        for starred, line in [(part.endswith("*"), _listed(part.removesuffix("*")))]
    ]


def told(new: str, before: str, *, whole: bool = True) -> list[str]:
    """``"changed FA-1 100 -30"``: what becomes of a document, its amount, what was settled of it."""
    outcomes = compare(listed(new), held(before), whole=whole)
    return sorted(f"{one.kind} {(one.listed or one.held).number} {one.amount} {one.settled}" for one in outcomes)


@pytest.mark.parametrize(
    ("new", "before", "outcomes"),
    [
        ("FA-1 31 July 100", "", ["new FA-1 100 0"]),
        ("FA-1 31 July 70/100", "", ["new FA-1 100 30"]),
        ("FA-1 31 July 100", "FA-1 31 July 100", ["same FA-1 100 0"]),
        ("FA-1 31 July 70", "FA-1 31 July 100", ["changed FA-1 100 30"]),
        ("FA-1 31 July 70/100", "FA-1 31 July 100", ["changed FA-1 100 30"]),
        ("FA-1 31 July 100", "FA-1 31 July 70/100", ["changed FA-1 100 -30"]),
        ("FA-1 31 July 120", "FA-1 31 July 100", ["changed FA-1 120 0"]),
        ("FA-1 31 July 90/90", "FA-1 31 July 100", ["changed FA-1 90 0"]),
        ("FA-1 31 August 100", "FA-1 31 July 100", ["changed FA-1 100 0"]),
        ("", "FA-1 31 July 70/100", ["gone FA-1 100 70"]),
        ("AV-1 31 July -30", "", ["new AV-1 -30 0"]),
        ("AV-1 31 July -10", "AV-1 31 July -30", ["changed AV-1 -30 -20"]),
        ("", "AV-1 31 July -30", ["gone AV-1 -30 -30"]),
        ("FA-1 31 July 60, FA-1 31 July 40", "", ["new FA-1 100 0"]),
        ("FA-1 31 August 50", "FA-1 31 July 50, FA-1 31 August 50", ["gone FA-1 50 50", "same FA-1 50 0"]),
        ("FA-1 30 September 50", "FA-1 31 July 50, FA-1 31 August 50", ["gone FA-1 50 50", "gone FA-1 50 50", "new FA-1 50 0"]),
        ("", "FA-1 31 July 100*", []),
        ("FA-1 31 July 100", "FA-1 31 July 100*", ["same FA-1 100 0"]),
        ("FA-1 31 July 70", "FA-1 31 July 100*", ["kept FA-1 0 0"]),
    ],
)
def test_what_becomes_of_each_item(new: str, before: str, outcomes: list[str]) -> None:
    assert told(new, before) == outcomes


def test_a_list_of_a_part_settles_nothing_by_its_silence() -> None:
    assert told("FA-2 31 July 50", "FA-1 31 July 100", whole=False) == ["new FA-2 50 0"]


_ITEMS = st.tuples(
    st.sampled_from(["FA-1", "FA-2", "AV-1"]), st.dates(date(2026, 7, 1), date(2026, 7, 4)), st.integers(1, 50), st.booleans()
)
LISTS = st.lists(_ITEMS, max_size=6).map(
    lambda drawn: [
        Listed(number, due, (1 - 2 * number.startswith("AV")) * figure, (1 - 2 * number.startswith("AV")) * 60 if told else None, "EUR")
        for number, due, figure, told in drawn
    ]
)


def after(before: list[Held], new: list[Listed]) -> list[Held]:
    """What is held once the outcomes were applied."""
    untouched = {item.id: item for item in before}
    for place, one in enumerate(compare(new, before), max(untouched, default=0) + 1):
        known = one.held
        paid = one.settled + (known.amount - known.open if known else 0)
        line = one.listed or known
        held_now = Held(known.id if known else place, line.number, line.due_date, one.amount - paid, one.amount, "EUR")
        untouched[held_now.id] = held_now
    return list(untouched.values())


def open_by_document(items: list[Listed] | list[Held]) -> dict[tuple[str, date], int]:
    sums: Counter[tuple[str, date]] = Counter()
    for item in items:
        sums[item.number, item.due_date] += item.open
    return {key: figure for key, figure in sums.items() if figure}


@given(LISTS, LISTS, LISTS)
def test_after_any_lists_one_after_the_other_what_is_open_is_what_the_last_says(
    first: list[Listed], second: list[Listed], third: list[Listed]
):
    state: list[Held] = []
    for new in (first, second, third):
        state = after(state, new)
        assert open_by_document(state) == open_by_document(new)


@given(LISTS, LISTS)
def test_the_same_list_again_changes_nothing(first: list[Listed], second: list[Listed]) -> None:
    state = after(after([], first), second)
    assert {one.kind for one in compare(second, state)} <= {"same"}
