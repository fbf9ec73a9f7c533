"""How does a document that a company made become its letters? Read once into pieces, then filled for each letter in a millisecond.

A template is text with places to fill: there is no language in it, so that nothing can be run, read or awaited.
"""

import re
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import NamedTuple

from relance.letters.own import draft_mark, odt
from relance.letters.own.inlaid import PICTURES
from relance.letters.own.odt import TemplateProblem
from relance.letters.own.tagging import PARAGRAPH_TAGS, tag
from relance.letters.own.words import SEQUENCE_OF, Facts, Item
from relance.letters.own.xml_tree import Element, Mark, Node, written
from relance.letters.placeholders import NOTHING, Data
from relance.letters.typesetter import LetterProblem

LARGEST_LETTER = 20 << 20  # characters
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


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
        self._words = frozenset(word for pieces in self._pieces.values() for word in _words(pieces))

    def fill(self, data: Data) -> bytes:
        """The letter as an ODT; ``data`` as in docs/reference/letter-data.md. Raises LetterProblem."""
        facts = Facts(data, self._words)
        texts = {name: _filled(pieces, facts) for name, pieces in self._pieces.items()}
        package = self._package._replace(files={**self._package.files, **facts.files})
        return odt.pack(texts, package, facts.title, date.fromisoformat(data["date"]))


def _pieces(element: Element) -> Iterator[str | Place]:
    """An element as text and places."""
    inside = _joined((element.opening, *_inside(element), element.closing))
    if vanishing := _needed_by(element):
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


def _needed_by(element: Element) -> tuple[str, ...]:
    """Words and kinds of rows, without any of which a row of a table goes, or the whole table: no document may hold one without rows."""
    if element.tag == "table:table-row" and not element.repeated_for:
        paragraphs = [one for one in element.below() if one.tag in PARAGRAPH_TAGS and (one.needs or _says_something(one))]
        return tuple(word for one in paragraphs for word in one.needs) if all(one.needs for one in paragraphs) else ()
    if element.tag != "table:table":
        return ()
    rows = [(row.repeated_for,) if row.repeated_for else _needed_by(row) for row in element.inner() if row.tag == "table:table-row"]
    return tuple(name for row in rows for name in row) if all(rows) else ()


def _says_something(paragraph: Element) -> bool:
    return any(
        isinstance(child, Mark) or (isinstance(child, str) and child.strip())
        for one in (paragraph, *paragraph.below())
        for child in one.children
    )


def _words(pieces: Pieces) -> Iterator[str]:
    """Every word in them that stands for something."""
    for piece in pieces:
        if isinstance(piece, Place):
            yield from piece.names if piece.what == "word" else _words(piece.inside)


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
            yield _told(piece.names[0], facts, row)
        elif piece.what == "each":
            yield from _fill_rows(piece, facts)
        elif _stays(piece, facts, row):
            yield from _fill(piece.inside, facts, row)


def _told(word: str, facts: Facts, row: Item | None) -> str:
    """What the document writes for a word."""
    if word == draft_mark.WORD:
        return draft_mark.shape(facts.mark)
    if word in PICTURES:
        picture = facts.picture(word)
        return picture.frame if picture else ""
    return _text(_value(word, facts, row))


def _fill_rows(each: Place, facts: Facts) -> Iterator[str]:
    """The rows of a sequence, each item in the row of its kind; a kind that the template has no row for is not told."""
    rows = {piece.names[0]: piece.inside for piece in each.inside if isinstance(piece, Place)}
    for item in facts.items(each.names[0]):
        yield from _fill(rows.get(item.kind, ()), facts, item)


def _stays(piece: Place, facts: Facts, row: Item | None) -> bool:
    """Whether what stands under a condition is told: words none of which is empty, rows that there is something for."""
    if piece.what == "if":
        return all(_value(word, facts, row).strip(NOTHING) for word in piece.names)
    return any(_is_there(name, facts, row) for name in piece.names)


def _is_there(name: str, facts: Facts, row: Item | None) -> bool:
    """Whether there is a row of this kind, or something that the word stands for."""
    if name in SEQUENCE_OF:
        return any(item.kind == name for item in facts.items(SEQUENCE_OF[name]))
    return bool(_value(name, facts, row).strip(NOTHING))


def _value(word: str, facts: Facts, row: Item | None) -> str:
    kind, _, name = word.partition(".")
    if row is not None and kind == row.kind:
        return row.values.get(name, "")
    if word in PICTURES:
        picture = facts.picture(word)
        return picture.name if picture else ""
    return facts.mark if word == draft_mark.WORD else facts.word(word)


def _text(value: str) -> str:
    """A value as the document writes it: nothing of it is markup, and a new line is a line break."""
    return written(_CONTROLS.sub("", value)).replace("\n", "<text:line-break/>").replace("\t", "<text:tab/>")
