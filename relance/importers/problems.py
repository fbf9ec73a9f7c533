"""What is wrong in a file, and where? One shape for every importer.

A file with a problem stores nothing. What is only worth saying (a letter not followed, an alphabet in doubt) is a remark: the same shape,
kept apart, and it stops nothing.
"""

from collections.abc import Iterator
from operator import attrgetter
from typing import NamedTuple

MOST_KEPT = 100
_LONGEST_EXTRACT = 40


class Problem(NamedTuple):
    """One fault or remark. ``line`` counts from 1 (0: the whole file); ``field`` is the column, or the thing it is about."""

    line: int
    field: str
    message: str

    def __str__(self) -> str:
        place = ", ".join(part for part in (f"line {self.line}" if self.line else "", self.field) if part)
        return f"{place}: {self.message}" if place else self.message


class Problems:
    """The first 100 problems of a file, and how many there were."""

    def __init__(self) -> None:
        self._kept: list[Problem] = []
        self.count = 0

    def add(self, line: int, field: str, message: str) -> None:
        """Keep this problem, or only count it when 100 are kept."""
        self.count += 1
        if len(self._kept) < MOST_KEPT:
            self._kept.append(Problem(line, field, message))

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._kept)

    def __bool__(self) -> bool:
        return self.count > 0


class LineByLine(Problems):
    """The first 100 in the order of their lines, however they are found; of a line, in that in which they are found."""

    def add(self, line: int, field: str, message: str) -> None:
        """Keep this problem, or only count it when 100 of earlier lines are kept."""
        self.count += 1
        self._kept.append(Problem(line, field, message))
        if len(self._kept) > MOST_KEPT * 2:
            self._kept = list(self)

    def __iter__(self) -> Iterator[Problem]:
        return iter(sorted(self._kept, key=attrgetter("line"))[:MOST_KEPT])


class Unreadable(Exception):
    """The file cannot be read in this format at all; the message is for a user."""


def extract(text: str) -> str:
    """The offending text as a message quotes it: short, and on one line."""
    shown = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text[:_LONGEST_EXTRACT])
    return f'"{shown}{"…" if len(text) > _LONGEST_EXTRACT else ""}"'
