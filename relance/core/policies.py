"""Is a policy sound, and what does it say? Set-up checks, and the policy told as a timeline (rules, section 4)."""

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

from relance.core.facts import NA, Clock, LevelRow


class Finding(NamedTuple):
    """Something about the row at a place of the list given, in words for a user."""

    place: int
    message: str


class Span(NamedTuple):
    """From ``first`` to ``last`` day after the date of its clock (None: no beginning, no end), this level, NA, or none."""

    first: int | None
    last: int | None
    level: int | None


def policy_problems(rows: Sequence[LevelRow]) -> tuple[list[Finding], list[Finding]]:
    """Faults that refuse the set-up, every one of them and each at its row, an overlap at the later one; else warnings of gaps.

    Overlap is a fault within one clock only: rows on different clocks may match together, and the highest wins.
    """
    faults = sorted({*_reversed_bounds(rows), *_clashes(rows)})
    return faults, [] if faults else _gaps(rows)


def timeline(rows: Sequence[LevelRow], clock: Clock) -> list[Span]:
    """What the rows of one clock say for every age, from the remotest past to no end, without holes."""
    spans: list[Span] = []
    day: int | None = None  # the first day not told yet; None: the beginning
    for row in sorted((row for row in rows if row.clock == clock), key=lambda row: row.lower):
        if day is None or day < row.lower:
            spans.append(Span(day, row.lower - 1, None))
        spans.append(Span(row.lower, row.upper, row.level))
        if row.upper is None:
            return spans
        day = row.upper + 1
    spans.append(Span(day, None, None))
    return spans


def name_of(level: int) -> str:
    """A level as people write it."""
    return "NA" if level == NA else str(level)


def bounds_of(row: LevelRow) -> str:
    """A row's bounds in words."""
    return f"from {row.lower} days on" if row.upper is None else f"{row.lower} to {row.upper} days"


def _reversed_bounds(rows: Sequence[LevelRow]) -> Iterator[Finding]:
    for place, row in enumerate(rows):
        if row.upper is not None and row.lower > row.upper:
            yield Finding(place, f"the lower bound {row.lower} is above the upper bound {row.upper}")


def _clashes(rows: Sequence[LevelRow]) -> Iterator[Finding]:
    """A level set up twice, and rows of one clock that share a day."""
    for (_, before), (place, later) in combinations(enumerate(rows), 2):
        if before.level == later.level:
            yield Finding(place, f"level {name_of(later.level)} is there twice")
        elif before.clock == later.clock and _overlap(before, later):
            yield Finding(place, f"{bounds_of(later)} overlaps level {name_of(before.level)}, {bounds_of(before)}")


def _overlap(one: LevelRow, other: LevelRow) -> bool:
    """Whether some age lies within both; none lies within bounds that are reversed."""
    ends = [row.upper for row in (one, other) if row.upper is not None]
    return not ends or max(one.lower, other.lower) <= min(ends)


def _gaps(rows: Sequence[LevelRow]) -> list[Finding]:
    """Ages between two rows of one clock at which nothing applies."""
    warnings = []
    for clock in Clock:
        ordered = sorted(((row.lower, place, row) for place, row in enumerate(rows) if row.clock == clock))
        for (_, _, before), (lower, place, after) in pairwise(ordered):
            if before.upper is not None and before.upper + 1 < lower:
                gap = f"no level applies from {before.upper + 1} to {lower - 1} days"
                warnings.append(Finding(place, f"{gap}, between levels {name_of(before.level)} and {name_of(after.level)}"))
    return warnings
