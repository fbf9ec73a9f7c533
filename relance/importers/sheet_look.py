"""What does a table look like to somebody who is to say which of its columns is what? Its heads, and some cells under each."""

import csv
from collections.abc import Mapping
from itertools import islice
from typing import BinaryIO, NamedTuple

from relance.importers.problems import Unreadable
from relance.importers.sheet import cell_text, open_sheet
from relance.importers.sheet_heads import ITEMS, Vocabulary, likely_heads

_MOST_ROWS = 100
_SHOWN = 3  # cells under each head


class Column(NamedTuple):
    """A column with a head: its place, the head, what it is taken for (empty: nothing), and its first cells that are not empty."""

    place: int
    title: str
    what: str
    cells: list[str]


class Look(NamedTuple):
    """The columns of a table; of a workbook also the sheet that was taken, and the others."""

    columns: list[Column]
    sheet: str
    others: list[str]


def look(source: BinaryIO, mapping: Mapping[str, str], sheet: str | None = None, vocabulary: Vocabulary = ITEMS) -> Look:
    """The first rows of a CSV, XLSX or ODS file; ``mapping`` names columns by hand. Raises Unreadable for what is no table."""
    opened = open_sheet(source, sheet)
    try:
        rows = list(islice(opened.rows(), _MOST_ROWS))
    except csv.Error:
        raise Unreadable("a quotation mark is opened and not closed") from None
    heads = likely_heads(rows, mapping, vocabulary)
    known = {place: what for what, place in heads.places.items()}
    below = rows[heads.row + 1 :]
    columns = []
    for place, title in enumerate(heads.titles):
        cells = (cell_text(row[place]) for row in below if place < len(row))
        if title:
            columns.append(Column(place, title, known.get(place, ""), list(islice(filter(None, cells), _SHOWN))))
    return Look(columns, opened.name, opened.others)
