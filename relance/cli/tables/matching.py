"""How do people read what waits to be matched, and what a match changed?"""

from collections.abc import Sequence
from typing import Any

from relance.cli.terminal import show, show_table
from relance.cli.words import Speech

_MOST_SAID = 60


def show_waiting(lines: Sequence[dict[str, Any]], count: int, words: Speech) -> None:
    """Each entry or payment with its first proposal."""
    heads = [words(head) for head in ("Key", "Date", "Amount", "Payer", "Says", "Customer", "May be for", "Confidence")]
    rows = [_line(line, words) for line in lines]
    if not rows:
        show(words("nothing waits to be matched"))
        return
    show_table(heads, rows, right=[heads[2]])
    if count > len(rows):
        show(words("… and {number} more", number=count - len(rows)))


def show_aside(lines: Sequence[dict[str, Any]], count: int, words: Speech) -> None:
    """Each entry that was set aside, the latest first."""
    heads = [words(head) for head in ("Key", "Date", "Amount", "Payer", "Says", "Account", "Set aside")]
    if not lines:
        show(words("nothing was set aside"))
        return
    show_table(heads, [(*_money(line, words), line["account"], _aside(line, words)) for line in lines], right=[heads[2]])
    if count > len(lines):
        show(words("… and {number} more", number=count - len(lines)))


def _aside(line: dict[str, Any], words: Speech) -> str:
    return ", ".join(filter(None, (words.day(line["on"]), line["by"], line["reason"])))


def _money(line: dict[str, Any], words: Speech) -> tuple[str, ...]:
    amount = words.amount(line["amount"], line["currency"])
    return line["key"], words.day(line["date"]), amount, line["payer"], line["says"][:_MOST_SAID]


def _line(line: dict[str, Any], words: Speech) -> tuple[str, ...]:
    first = next(iter(line["proposals"]), None)
    told = _money(line, words)
    if first is None:
        return (*told, "", "", "")
    parts = ", ".join(part["document"] for part in first["parts"]) or words("on account")
    return (*told, first["customer"], parts, words(first["confidence"]))


def show_decided(changed: Sequence[dict[str, Any]], made: int, undone: int, words: Speech) -> None:
    """How many matches there are more or less, and what is open of each document now."""
    show(words("matched: {made}, undone: {undone}", made=made, undone=undone))
    heads = [words(head) for head in ("Document", "Before", "After")]
    rows = [(f"{one['document']} ({one['no']})", words.value(one["before"], "open"), words.value(one["after"], "open")) for one in changed]
    if rows:
        show_table(heads, rows, right=heads[1:])
