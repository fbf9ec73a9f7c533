"""What came of a list, row by row? What is new, and what has changed from what to what; the same is only counted."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from relance.importers.list_heads import ListKind
from relance.importers.problems import Problem


class Difference(NamedTuple):
    """One value that changes; nothing stood there before where ``before`` is empty."""

    what: str
    before: str
    after: str


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
    outcomes: list[Outcome] = field(default_factory=list)
    counts: dict[str, Counter[str]] = field(default_factory=dict)  # by noun: created, changed, same
    remarks: list[Problem] = field(default_factory=list)

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
        }

    def note(self, noun: str, outcome: Outcome) -> None:
        """Count what came of a row, and keep it unless it is the same."""
        fate = {"new": "created", "changed": "changed"}[outcome.kind] if outcome.differences or outcome.kind == "new" else "same"
        self.counts.setdefault(noun, Counter())[fate] += 1
        if fate != "same":
            self.outcomes.append(outcome)
