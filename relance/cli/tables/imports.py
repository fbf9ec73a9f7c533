"""How do people read what came of an imported file?"""

from typing import TYPE_CHECKING

from relance.cli.terminal import show_table
from relance.cli.words import Speech

if TYPE_CHECKING:
    from relance.steps.uploading import Imported

_FATES = {"created": "Created", "changed": "Changed", "same": "Unchanged", "gone": "Gone"}


def show_imported(imported: "Imported", words: Speech, title: str) -> None:
    """By noun: how many are new, changed, the same, and no longer in the file."""
    heads = [words(head) for head in ("What", *_FATES.values())]
    rows = [(words(noun), *(str(counts[fate]) for fate in _FATES)) for noun, counts in imported.counts.items()]
    show_table(heads, rows, title=title, right=heads[1:])
