"""How does a document that a company made become its letters? Read once into pieces, then filled for each letter in a millisecond.

A template is text with places to fill: there is no language in it, so that nothing can be run, read or awaited.
"""

import re
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import NamedTuple

from relance.letters import draft_mark, odt
from relance.letters.odt import TemplateProblem
from relance.letters.placeholders import Data
from relance.letters.tagging import tag
from relance.letters.template_words import SEQUENCE_OF, Facts, Item
from relance.letters.typesetter import LetterProblem
from relance.letters.xml_tree import Element, Mark, Node, written

LARGEST_LETTER = 20 << 20  # characters
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NOTHING = "– \u00a0"  # what stands in a text for something that is missing


class Place(NamedTuple):
    """Where something is filled in: a word; or what holds for the pieces inside, a condition, a sequence of rows, one of its rows."""

    what: str
    names: tuple[str, ...]
    inside: "Pieces" = ()


Pieces = tuple["str | Place", ...]


class OwnTemplate:
    """A template of a company, ready to be filled."""

    def __init__(self, content: bytes) -> None:
        """Read an ODT. Raises TemplateProblem."""
        self._package = odt.unpack(content)
        problems = [str(problem) for document in self._package.texts.values() for problem in tag(document)]
        if problems:
            raise TemplateProblem("\n".join(problems))
        draft_mark.set_in(self._package.texts["styles.xml"])
        self._pieces = {name: _joined(_pieces(document)) for name, document in self._package.texts.items()}

    def fill(self, data: Data) -> bytes:
        """The letter as an ODT; ``data`` as in docs/reference/letter-data.md. Raises LetterProblem."""
        facts = Facts(data)
        texts = {name: _filled(pieces, facts) for name, pieces in self._pieces.items()}
        return odt.pack(texts, self._package, facts.title, date.fromisoformat(data["date"]))


def _pieces(element: Element) -> Iterator[str | Place]:
    """An element as text and places."""
    inside = _joined((element.opening, *_inside(element), element.closing))
    if vanishing := _vanishing(element):
        inside = (Place("any", vanishing, inside),)
    yield from (Place("if", tuple(element.needs), inside),) if element.needs else inside


def _inside(element: Element) -> Iterator[str | Place]:
    """What is inside; rows of one sequence that follow one another are one place, which fills them together."""
    for sequence, group in groupby(_without_blanks(element), key=_sequence):
        children = list(group)
        if sequence:
            rows = [child for child in children if isinstance(child, Element)]
            yield Place("each", (sequence,), tuple(Place("row", (row.repeated_for,), _joined(_pieces(row))) for row in rows))
            continue
        for child in children:
            yield from _pieces(child) if isinstance(child, Element) else (_piece(child),)


def _piece(child: Mark | str) -> str | Place:
    return Place("word", (child.word,)) if isinstance(child, Mark) else written(child)


def _without_blanks(element: Element) -> list[Node]:
    """What is inside, without the blanks between the rows of a table, which would part them."""
    is_table = element.tag.startswith("table:table") and element.tag != "table:table-cell"
    return [child for child in element.children if not (is_table and isinstance(child, str))]


def _sequence(child: Node) -> str:
    return SEQUENCE_OF.get(child.repeated_for, "") if isinstance(child, Element) else ""


def _vanishing(table: Element) -> tuple[str, ...]:
    """The kinds of rows without which a table goes, as no document may hold one without rows: those of one whose every row is repeated."""
    if table.tag != "table:table":
        return ()
    kinds = [row.repeated_for for row in table.inner() if row.tag == "table:table-row"]
    return tuple(kinds) if all(kinds) else ()


def _joined(pieces: "Iterator[str | Place] | Pieces") -> Pieces:
    """The same pieces, texts that follow one another in one."""
    joined: list[str | Place] = []
    for is_text, group in groupby(pieces, key=lambda piece: isinstance(piece, str)):
        same = list(group)
        joined += ["".join(map(str, same))] if is_text else same
    return tuple(joined)


def _filled(pieces: Pieces, facts: Facts) -> bytes:
    size, said = 0, ['<?xml version="1.0" encoding="UTF-8"?>\n']
    for part in _fill(pieces, facts, None):
        size += len(part)
        if size > LARGEST_LETTER:
            raise LetterProblem("the letter is too long: its template repeats too much")
        said.append(part)
    return "".join(said).encode()


def _fill(pieces: Pieces, facts: Facts, row: Item | None) -> Iterator[str]:
    for piece in pieces:
        if isinstance(piece, str):
            yield piece
        elif piece.what == "word":
            yield draft_mark.shape(facts.mark) if piece.names[0] == draft_mark.WORD else _text(_value(piece.names[0], facts, row))
        elif piece.what == "each":
            yield from _fill_rows(piece, facts)
        elif _stays(piece, facts, row):
            yield from _fill(piece.inside, facts, row)


def _fill_rows(each: Place, facts: Facts) -> Iterator[str]:
    """The rows of a sequence, each item in the row of its kind; a kind that the template has no row for is not told."""
    rows = {piece.names[0]: piece.inside for piece in each.inside if isinstance(piece, Place)}
    for item in facts.items(each.names[0]):
        yield from _fill(rows.get(item.kind, ()), facts, item)


def _stays(piece: Place, facts: Facts, row: Item | None) -> bool:
    """Whether what stands under a condition is told: words none of which is empty, rows that there is something for."""
    if piece.what == "if":
        return all(_value(word, facts, row).strip(_NOTHING) for word in piece.names)
    return any(item.kind in piece.names for kind in piece.names for item in facts.items(SEQUENCE_OF[kind]))


def _value(word: str, facts: Facts, row: Item | None) -> str:
    kind, _, name = word.partition(".")
    if row is not None and kind == row.kind:
        return row.values.get(name, "")
    return facts.mark if word == draft_mark.WORD else facts.word(word)


def _text(value: str) -> str:
    """A value as the document writes it: nothing of it is markup, and a new line is a line break."""
    return written(_CONTROLS.sub("", value)).replace("\n", "<text:line-break/>").replace("\t", "<text:tab/>")
