"""How do people read what is owed: the aged balance, one document's fate, what a delay costs?"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from relance.cli.terminal import show, show_table
from relance.cli.words import Speech

if TYPE_CHECKING:
    from relance.core.aging import AgedAccount, AgedBalance, AgedOperation, Grid, Totals
    from relance.core.charges import Charges
    from relance.models.ledger import Document


def show_balance(balance: "AgedBalance", words: Speech, *, details: bool) -> None:
    """The accounts by age, group after group, with totals per currency; with every operation under its account where asked."""
    by = "due date" if balance.grid.basis == "due_date" else "invoice date"
    currencies = list(balance.totals.by_currency())
    title = words(f"Aged balance on {{day}}, by {by}", day=words.day(balance.as_of))
    show(" · ".join([title, *currencies]), style="bold")
    if not any(group.accounts for group in balance.groups):
        show(words("Nothing is open."))
        return
    layout = _Layout(words, balance.grid, details=details, several=len(currencies) > 1)
    for group in balance.groups:
        rows = (row for account in group.accounts for row in layout.account(account))
        layout.show(rows, group.totals, group.key if balance.group_by != "account" else None)
    if len(balance.groups) > 1:
        layout.show([], balance.totals)


def show_explanation(told: dict[str, Any], currency: str, words: Speech, as_of: date) -> None:
    """What the automatic run decides on each due item of a document, and when it is dunned next."""
    show(words("{document} on {day}", document=told["document"], day=words.day(as_of)), style="bold")
    heads = [words(head) for head in ("Due on", "Open", "Level", "Decision", "Next reminder")]
    rows = [
        (
            words.day(item["due_date"]),
            words.amount(item["open"], currency),
            str(item["level"]),
            words("reminded at level {level}", level=item["level_after"]) if item["decision"] == "dun" else words.reason(item["reason"]),
            f"{words.day(item['next']['date'])} · {words('Level')} {item['next']['level']}" if item["next"] else "",
        )
        for item in told["due"]
    ]
    show_table(heads, rows, right=heads[1:3])


def show_interest(charges: "Charges", invoice: "Document", words: Speech) -> None:
    """The interest of each period and its total, and the fixed indemnity."""
    currency = invoice.currency
    show(words("Late-payment interest on {document}", document=invoice.number), style="bold")
    if charges.interest.periods:
        heads = [words(head) for head in ("From", "To", "Days", "Rate", "Open", "Interest")]
        rows = [
            (
                words.day(period.first),
                words.day(period.last),
                str(period.days),
                words.rate(period.rate),
                words.figure(period.base, currency),
                words.figure(period.interest, currency),
            )
            for period in charges.interest.periods
        ]
        show_table(heads, rows, right=heads[2:], totals=[(words("Total"), "", "", "", "", words.amount(charges.interest.total, currency))])
    else:
        show(words("No interest is owed."))
    if charges.indemnity:
        show(f"{words('Fixed indemnity for recovery costs')} : {words.amount(*charges.indemnity)}")


class _Layout:
    """The columns of an aged balance; the currency has one of its own where there are several."""

    def __init__(self, words: Speech, grid: "Grid", *, details: bool, several: bool) -> None:
        self._words, self._grid, self._details, self._several = words, grid, details, several
        self._figures = [words(label) for label in (*grid.labels, "Total")]
        dates = [words("Date"), words("Due on"), words("Age")] if details else []
        self._heads = [words("Account"), words("Name"), *dates, *([words("Currency")] if several else []), *self._figures]

    def show(self, rows: Iterable[Sequence[str]], totals: "Totals", title: str | None = None) -> None:
        """Write the rows and their totals."""
        right, cut = [*self._figures, self._words("Age")], [self._words("Name")]
        show_table(self._heads, rows, title=title, right=right, cut=cut, totals=self._totals(totals))

    def account(self, account: "AgedAccount") -> Iterator[list[str]]:
        """The row of an account, and those of its operations."""
        figures = [self._words.figure(amount, account.currency) if amount else "" for amount in account.amounts]
        total = self._words.figure(account.total, account.currency)
        yield self._row(account.account, account.name, [""] * 3, account.currency, [*figures, total])
        if self._details:
            yield from map(self._operation, account.operations)

    def _operation(self, aged: "AgedOperation") -> list[str]:
        operation, words = aged.operation, self._words
        figures = [""] * len(self._figures)
        figures[aged.column] = words.figure(operation.amount, operation.currency)
        label = f"  {operation.document} {operation.label}".rstrip()
        return self._row("", label, [words.day(operation.document_date), words.day(operation.due_date), str(aged.age)], "", figures)

    def _totals(self, totals: "Totals") -> Iterator[list[str]]:
        """A closing row per currency; never a sum over several."""
        for currency, amounts in totals.by_currency().items():
            figures = [self._words.figure(amount, currency) for amount in (*amounts, sum(amounts))]
            yield self._row(self._words("Total"), "", [""] * 3, currency, figures)

    def _row(self, account: str, name: str, dates: list[str], currency: str, figures: list[str]) -> list[str]:
        return [account, name, *(dates if self._details else []), *([currency] if self._several else []), *figures]


def show_recipients(told: dict[str, Any], words: Speech) -> None:
    """Whom each step finds; the one that counts is marked, and the later ones are not asked."""
    heads = [words(head) for head in ("", "Step", "Recipients")]
    rows = [
        (
            "→" if step["step"] == told["step"] else "",
            f"{step['step']}. {words(step['by'])}",
            "\n".join(f"{one['name']} <{one['address']}>" if one["name"] else one["address"] for one in step["to"]),
        )
        for step in told["steps"]
    ]
    show_table(heads, rows, title=words("{document}: who is written to", document=told["document"]))
    if told["step"] is None:
        show(words("Nobody to write to."))
    for one in told["returned"]:
        show(words("Mail to {address} came back: {said}", address=one["address"], said=one["said"]))
    if told["cc"]:
        show(words("Copies to {addresses}", addresses=", ".join(told["cc"])))
