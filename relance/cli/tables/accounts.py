"""How do people read what is owed: the aged balance, one document's fate, what a delay costs?"""

from collections.abc import Iterator
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
    show(words(f"Aged balance on {{day}}, by {by}", day=words.day(balance.as_of)), style="bold")
    if not any(group.accounts for group in balance.groups):
        show(words("Nothing is open."))
        return
    figures = [words(label) for label in (*balance.grid.labels, "Total")]
    described = [words("Account"), words("Name"), *([words("Date"), words("Due on"), words("Age")] if details else []), words("Currency")]
    for group in balance.groups:
        rows = (row for account in group.accounts for row in _account_rows(account, balance.grid, words, details=details))
        title = group.key if balance.group_by != "account" else None
        show_table(
            [*described, *figures], rows, title=title, right=[*figures, words("Age")], totals=_totals(group.totals, len(described), words)
        )
    if len(balance.groups) > 1:
        show_table([*described, *figures], [], right=figures, totals=_totals(balance.totals, len(described), words))


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


def _account_rows(account: "AgedAccount", grid: "Grid", words: Speech, *, details: bool) -> Iterator[tuple[str, ...]]:
    figures = [words.figure(amount, account.currency) if amount else "" for amount in account.amounts]
    total = words.figure(account.total, account.currency)
    yield (account.account, account.name, *(("", "", "") if details else ()), account.currency, *figures, total)
    if details:
        for operation in account.operations:
            yield _operation_row(operation, grid, words)


def _operation_row(aged: "AgedOperation", grid: "Grid", words: Speech) -> tuple[str, ...]:
    operation = aged.operation
    figures = [""] * (len(grid.labels) + 1)
    figures[aged.column] = words.figure(operation.amount, operation.currency)
    label = f"  {operation.document} {operation.label}".rstrip()
    return ("", label, words.day(operation.document_date), words.day(operation.due_date), str(aged.age), "", *figures)


def _totals(totals: "Totals", described: int, words: Speech) -> Iterator[tuple[str, ...]]:
    """A closing row per currency; never a sum over several."""
    for currency, amounts in totals.by_currency().items():
        figures = [words.figure(amount, currency) for amount in (*amounts, sum(amounts))]
        yield (words("Total"), *[""] * (described - 2), currency, *figures)
