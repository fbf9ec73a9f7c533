"""What came of a list, row by row? What is new, and what has changed from what to what; the same is only counted.

Of a long list the first rows are told one by one, and the first sorts of remarks; the rest is counted.
"""

from collections import Counter
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, NamedTuple

from relance.importers.list_heads import ListKind
from relance.importers.problems import Problem

_MOST_TOLD = 1_000  # rows told one by one
_MOST_REMARKS = 100  # of a list, that tell what was passed over


class Difference(NamedTuple):
    """One value that changes; nothing stood there before where ``before`` is empty."""

    what: str
    before: str
    after: str


def shown(value: Any) -> str:
    """A value of a row, as a difference tells it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


class Outcome(NamedTuple):
    """What becomes of what one row names: ``new`` or ``changed``."""

    line: int
    kind: str
    customer: str
    name: str  # of the customer, the contact, or the payment's reference
    differences: tuple[Difference, ...]


@dataclass
class TakenIn:
    """What a list said, and what it changed or would change."""

    kind: ListKind
    recognised: dict[str, str]
    outcomes: list[Outcome] = field(default_factory=list)  # the first that are not the same
    further: int = 0  # how many more there are
    counts: dict[str, Counter[str]] = field(default_factory=dict)  # by noun: created, changed, same
    remarks: list[Problem] = field(default_factory=list)
    _passed_over: Counter[str] = field(default_factory=Counter)

    @property
    def changed(self) -> bool:
        """Whether anything is new or different."""
        return bool(self.outcomes)

    def told(self, filename: str) -> dict[str, Any]:
        """What came of a list, as JSON has it."""
        rows = [one._asdict() | {"differences": [difference._asdict() for difference in one.differences]} for one in self.outcomes]
        return {
            "file": filename,
            "recognised": self.recognised,
            "counts": {noun: dict(counts) for noun, counts in self.counts.items()},
            "remarks": [str(remark) for remark in self.remarks],
            "rows": rows,
            "further": self.further,
        }

    def note(self, noun: str, outcome: Outcome) -> None:
        """Count what came of a row, and keep it unless it is the same."""
        fate = {"new": "created", "changed": "changed"}[outcome.kind] if outcome.differences or outcome.kind == "new" else "same"
        self.counts.setdefault(noun, Counter())[fate] += 1
        if fate == "same":
            return
        self.outcomes.append(outcome)
        if len(self.outcomes) > _MOST_TOLD * 2:
            self._cut()

    def pass_over(self, what: str) -> None:
        """Count something that a row says and that is not taken."""
        known = what in self._passed_over or len(self._passed_over) < _MOST_REMARKS
        self._passed_over[what if known else "something else that was passed over"] += 1

    def conclude(self) -> None:
        """Tell rows in the order of their lines, and what was passed over."""
        self._cut()
        self.remarks += [Problem(0, "", f"{what}: {count} times") for what, count in self._passed_over.items()]

    def _cut(self) -> None:
        self.outcomes.sort(key=attrgetter("line"))
        self.further += max(0, len(self.outcomes) - _MOST_TOLD)
        del self.outcomes[_MOST_TOLD:]
