"""What did a run answer? Its notices and left-out items, asked about as an accountant would."""

from typing import Any

from tests.acceptance.doors import Answer

Json = dict[str, Any]


class Run:
    """The answer of ``batch`` or ``edition``."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.json: Json = answer.json
        self.id = self.json["run"]
        self.issued: bool = self.json["issued"]
        self.notices: list[Json] = self.json["notices"]
        self.left_out: list[Json] = self.json.get("left_out") or []

    def outcome(self, document: str, due_date: str | None = None) -> Any:
        """The level a due item is dunned at, or the reason why it is left out: exactly one of them."""
        levels = [line["level_after"] for notice in self.notices for line in notice["lines"] if _is(line, document, due_date)]
        reasons = [entry["reason"] for entry in self.left_out if _is(entry, document, due_date)]
        assert len(levels + reasons) == 1, f"{document} {due_date or ''}: dunned at {levels}, left out for {reasons}"
        return (levels + reasons)[0]

    def dunned(self) -> list[str]:
        """The documents dunned, in the order of notices and lines."""
        return [line["document"] for notice in self.notices for line in notice["lines"]]

    def customers(self) -> list[str]:
        """The customers written to, in the order of the notices."""
        return [notice["customer"] for notice in self.notices]

    def groups(self) -> list[list[str]]:
        """The documents of each notice, sorted."""
        return sorted(sorted(line["document"] for line in notice["lines"]) for notice in self.notices)

    def notice(self, document: str | None = None) -> Json:
        """The only notice, or the only one that claims a document."""
        found = [held for held in self.notices if document is None or any(line["document"] == document for line in held["lines"])]
        assert len(found) == 1, f"{len(found)} notices"
        return found[0]

    def line(self, document: str) -> Json:
        """The line that claims a document."""
        [found] = [line for notice in self.notices for line in notice["lines"] if line["document"] == document]
        return dict(found)

    def to(self, document: str = "FA-1") -> list[str]:
        """Who is written to about a document, without regard to case or order."""
        return sorted(address.lower() for address in self.notice(document)["to"])

    def cc(self, document: str = "FA-1") -> list[str]:
        """Who gets a copy of what is written about a document, without regard to case or order."""
        return sorted(address.lower() for address in self.notice(document)["cc"])

    def credits(self) -> list[tuple[str, str]]:
        """Every credit listed in deduction, on whatever notice."""
        return sorted((credit["document"], credit["open"]) for notice in self.notices for credit in notice["credits"])


def _is(entry: Json, document: str, due_date: str | None) -> bool:
    return bool(entry["document"] == document) and due_date in (None, entry["due_date"])
