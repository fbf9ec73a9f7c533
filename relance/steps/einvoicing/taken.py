"""What came of one file of electronic invoicing?"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from relance.models.events import Fact

Change = dict[str, Any]


@dataclass
class Taken:
    """What a file said, and what it changed or would change."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)  # by noun: created, changed, same
    remarks: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)  # document, customer, what, before, after
    facts: list[Fact] = field(default_factory=list)
    ignored: bool = False  # nothing of it is about anything that is held

    @property
    def changed(self) -> bool:
        """Whether anything is other than before."""
        return bool(self.changes) or any(counted["created"] or counted["changed"] for counted in self.counts.values())

    def told(self, filename: str) -> dict[str, Any]:
        """What came of an invoice or a message, as JSON has it."""
        counts = {noun: dict(counted) for noun, counted in self.counts.items()}
        return {"file": filename, "counts": counts, "remarks": self.remarks, "changed": self.changes}

    def count(self, noun: str, fate: str) -> None:
        """One more thing of a kind was created or changed, or is the same."""
        self.counts.setdefault(noun, Counter())[fate] += 1

    def tell(self, document: str, party: str, changes: Iterable[Change]) -> None:
        """What changed of a document."""
        self.changes += [{"document": document, "customer": party} | one for one in changes]
