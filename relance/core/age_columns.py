"""Which ages of a balance stand in which column? Each may be hidden, or put into one column with the age before it (register K7).

What is hidden is not shown, and stays in every total: a total is what is owed, whatever is looked at.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from relance.core.aging import Grid

NOT_DUE = "not_due"


class AgeColumn(NamedTuple):
    """One or several ages that follow one another: as they are called together, and their places in the grid."""

    label: str
    places: tuple[int, ...]

    def amount(self, amounts: Sequence[int]) -> int:
        """What stands in the column, of amounts by the places of the grid."""
        return sum(amounts[place] for place in self.places)


def age_columns(grid: Grid, hidden: Collection[str] = (), joined: Collection[str] = ()) -> tuple[AgeColumn, ...]:
    """The columns of the ages that are not hidden, each joined to the one before it where that was asked and where it is shown."""
    found: list[list[int]] = []
    for place, label in enumerate(grid.labels):
        if label in hidden:
            continue
        if label in joined and found and found[-1][-1] == place - 1:
            found[-1].append(place)
        else:
            found.append([place])
    return tuple(AgeColumn(_called(grid.labels[places[0]], grid.labels[places[-1]]), tuple(places)) for places in found)


def _called(first: str, last: str) -> str:
    """From the first day to the last: 61-90 and 91-180 are 61-180, 91-180 and 181+ are 91+; before the due date there is no first day."""
    if first == last:
        return first
    lower = "" if first == NOT_DUE else first.partition("-")[0]
    return f"{lower}+" if last.endswith("+") else f"{lower}-{last.partition('-')[2]}"
