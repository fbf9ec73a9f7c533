"""How is what a file changes told to people? By noun, how many are new, changed, the same, gone; of a list, item by item, with its sums."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy

from relance.core.snapshot import Outcome
from relance.telling.figures import FIGURES, day, said_figure
from relance.telling.words import NOUNS

_FATES = {
    "new": (gettext_lazy("new"), "info"),
    "changed": (gettext_lazy("changed"), "warn"),
    "gone": (gettext_lazy("settled"), "good"),
    "kept": (gettext_lazy("kept"), "muted"),
}


_COLUMNS_CHANGED = {
    "name": gettext_lazy("name"),
    "email": gettext_lazy("e-mail address"),
    "email_at_customer": gettext_lazy("address at the customer"),
    "address": gettext_lazy("address"),
    "postcode": gettext_lazy("postcode"),
    "city": gettext_lazy("city"),
    "country": gettext_lazy("country"),
    "account": gettext_lazy("account"),
    "type": gettext_lazy("type"),
    "sales_rep": gettext_lazy("sales rep"),
    "language": gettext_lazy("language"),
    "kind": gettext_lazy("kind"),
    "payment_terms": gettext_lazy("payment terms"),
    "dunning_enabled": gettext_lazy("dunning"),
    "site": gettext_lazy("site"),
    "left_on": gettext_lazy("left on"),
    "is_financial": gettext_lazy("financial"),
    "is_decision_maker": gettext_lazy("decision maker"),
    "is_main": gettext_lazy("main"),
    "receives_dunning": gettext_lazy("receives reminders"),
    "receives_invoices": gettext_lazy("receives invoices"),
    "amount": gettext_lazy("amount"),
    "allocations": gettext_lazy("allocations"),
}


_SAID = {"yes": gettext_lazy("yes"), "no": gettext_lazy("no")}


class Counts(NamedTuple):
    """How many things of one kind are new, changed, the same, and no longer in the file."""

    noun: Any
    created: int
    changed: int
    same: int
    gone: int


class Change(NamedTuple):
    """What becomes of one due item: open before, open after, in minor units; None: it was not there."""

    fate: Any
    tone: str
    customer: str
    number: str
    due_date: date
    before: int | None
    after: int
    currency: str


def counted(counts: Mapping[str, Any]) -> list[Counts]:
    """The counts of an import, noun by noun; what else is kept beside them is passed over, and nouns of which there is nothing."""
    rows = []
    for noun, by_fate in counts.items():
        if isinstance(by_fate, Mapping) and any(by_fate.values()):
            known: Mapping[str, int] = defaultdict(int, by_fate)
            rows.append(Counts(NOUNS.get(noun, noun), known["created"], known["changed"], known["same"], known["gone"]))
    return rows


def changes(outcomes: Iterable[tuple[str, Outcome]]) -> list[Change]:
    """The outcomes of a list, as a page shows them."""
    return [_change(code, outcome) for code, outcome in outcomes]


class RowChange(NamedTuple):
    """What becomes of what a row of a list names, with what changes from what to what."""

    fate: Any
    tone: str
    line: int
    customer: str
    name: str
    told: list[tuple[Any, Any, Any]]


def row_changes(outcomes: Iterable[Any]) -> list[RowChange]:
    """The outcomes of a list of customers, contacts or payments, as a page shows them."""
    return [RowChange(*_FATES[one.kind], one.line, one.customer, one.name, list(_told(one.differences))) for one in outcomes]


def _told(differences: Iterable[tuple[str, str, str]]) -> Iterator[tuple[Any, Any, Any]]:
    for what, before, after in differences:
        yield _COLUMNS_CHANGED.get(what, what), _value(what, before), _value(what, after)


def _value(what: str, text: str) -> Any:
    if what in FIGURES:
        return said_figure(text)
    return day(text) if what.endswith("_on") else _SAID.get(text, text)


def _change(code: str, outcome: Outcome) -> Change:
    line = outcome.listed or outcome.held
    assert line is not None, "an outcome is about something"
    fate, tone = _FATES[outcome.kind]
    before = outcome.held.open if outcome.held else None
    after = outcome.listed.open if outcome.listed else 0
    return Change(fate, tone, code, line.number, line.due_date, before, after, line.currency)
