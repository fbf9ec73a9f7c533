"""How do people read what came of an imported file?"""

from typing import TYPE_CHECKING

from relance.cli.terminal import show, show_table
from relance.cli.words import Speech

if TYPE_CHECKING:
    from relance.core.snapshot import Outcome
    from relance.steps.banking import Banked
    from relance.steps.einvoicing import Taken
    from relance.steps.taking_in import TakenIn
    from relance.steps.taking_over import TakenOver
    from relance.steps.uploading import Imported

_MOST_SHOWN = 200  # items told one by one
_FATES_OF_ONE = {"new": "New", "changed": "Changed by list", "gone": "Settled", "kept": "Kept"}
_FATES = {"created": "Created", "changed": "Changed", "same": "Unchanged", "gone": "Gone"}


def show_imported(imported: "Imported | TakenOver | TakenIn | Banked | Taken", words: Speech, title: str) -> None:
    """By noun: how many are new, changed, the same, and no longer in the file."""
    heads = [words(head) for head in ("What", *_FATES.values())]
    rows = [(words(noun), *(str(counts[fate]) for fate in _FATES)) for noun, counts in imported.counts.items()]
    show_table(heads, rows, title=title, right=heads[1:])


def show_taken_over(taken: "TakenOver", words: Speech, title: str) -> None:
    """The counts, then each item that is new, has changed or is gone: what was open and what is open now."""
    show_imported(taken, words, title)
    heads = [words(head) for head in ("What", "Customer", "Document", "Due on", "Before", "After")]
    rows = [_outcome(code, outcome, words) for code, outcome in taken.outcomes[:_MOST_SHOWN]]
    if rows:
        show_table(heads, rows, right=heads[4:])
    if further := taken.further + len(taken.outcomes) - len(rows):
        show(words("… and {number} more", number=further))


def show_einvoice(taken: "Taken", words: Speech, title: str) -> None:
    """The counts, then what changed of which document."""
    show_imported(taken, words, title)
    heads = [words(head) for head in ("Customer", "Document", "What", "Before", "After")]
    rows = [
        (one["customer"], one["document"], words(one["what"]), *(words.value(one[when], one["what"]) for when in ("before", "after")))
        for one in taken.changes
    ]
    if rows:
        show_table(heads, rows)


def show_taken_in(taken: "TakenIn", words: Speech, title: str) -> None:
    """The counts, then each row that is new or changed: what changes from what to what."""
    from django.utils.translation import override

    from relance.telling.imported import row_changes

    show_imported(taken, words, title)
    heads = [words(head) for head in ("What", "Line", "Customer", "Name", "Change")]
    with override(words.language):
        rows = [
            (
                str(one.fate),
                str(one.line),
                one.customer,
                one.name,
                "; ".join(f"{what} {before or '–'} → {after or '–'}" for what, before, after in one.told),
            )
            for one in row_changes(taken.outcomes[:_MOST_SHOWN])
        ]
    if rows:
        show_table(heads, rows, right=heads[1:2])
    if further := taken.further + len(taken.outcomes) - len(rows):
        show(words("… and {number} more", number=further))


def _outcome(code: str, outcome: "Outcome", words: Speech) -> tuple[str, ...]:
    line = outcome.listed or outcome.held
    assert line is not None
    before = words.amount(outcome.held.open, line.currency) if outcome.held else ""
    after = words.amount(outcome.listed.open if outcome.listed else 0, line.currency)
    return words(_FATES_OF_ONE[outcome.kind]), code, line.number, words.day(line.due_date), before, after


def show_banked(banked: "Banked", words: Speech, title: str) -> None:
    """The counts, then what was booked without asking and what waits."""
    show_imported(banked, words, title)
    told = {name: getattr(banked, name) for name in ("certain", "on_account", "booked", "waiting")}
    show(words("allocated: {certain}, left on account: {on_account}, booked before: {booked}, waiting: {waiting}", **told))
