"""What is wrong with a file, and where in it? Every fault is told at once, by its place."""

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

Place = tuple[str | int, ...]
SHOWN = 100


class Fault(NamedTuple):
    """Something wrong, or doubtful, at a place such as ``documents[3].due[0].amount``, in words for a user."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class Faults(Exception):
    """All that is wrong with a file that was refused; as text, the first hundred and how many more."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults)
        self.faults = list(faults)

    def __str__(self) -> str:
        more = len(self.faults) - SHOWN
        return "\n".join([*map(str, self.faults[:SHOWN]), *([f"… and {more} more"] if more > 0 else [])])


class Findings:
    """Faults and warnings gathered while a file is read and compared with what is stored, in the order of the file."""

    def __init__(self, nouns: Iterable[str]) -> None:
        """``nouns`` are the keys of the file, in the order in which their faults are told."""
        self._rank = {noun: rank for rank, noun in enumerate(nouns)}
        self._faults: dict[tuple[Place, str], None] = {}  # each told once, though it be met twice
        self._warnings: dict[tuple[Place, str], None] = {}

    def fault(self, place: Place, message: str) -> None:
        """Refuse the file for what stands at this place."""
        self._faults[place, message] = None

    def warn(self, place: Place, message: str) -> None:
        """Say what is doubtful at this place."""
        self._warnings[place, message] = None

    @property
    def warnings(self) -> list[Fault]:
        """What is doubtful, in the order of the file."""
        return self._told(self._warnings)

    def refuse_if_any(self) -> None:
        """Raise Faults when there is one."""
        if self._faults:
            raise Faults(self._told(self._faults))

    def _told(self, found: Iterable[tuple[Place, str]]) -> list[Fault]:
        ordered = sorted(found, key=lambda one: self._order(one[0]))
        return [Fault(show_place(place), message) for place, message in ordered]

    def _order(self, place: Place) -> tuple[int, tuple[int, ...]]:
        top = self._rank.get(str(place[0]), len(self._rank)) if place else -1
        return top, tuple(step for step in place if isinstance(step, int))


def show_place(place: Place) -> str:
    """A place as people read it: ``documents[3].due[0].amount``."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{_key(step)}" for step in place)
    return "".join(steps).removeprefix(".") or "the file"


def _key(name: str) -> str:
    """A key as it is, or quoted where it is no plain word."""
    return name if name.isidentifier() else json.dumps(name[:40])
