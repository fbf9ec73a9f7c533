"""Where in a document do its words in braces stand, and what is repeated with them? The document is marked with the answers.

A word processor splits ``{customer}`` over several runs of text as it pleases; it is put together again. A word with a dot repeats the
table row that it stands in, or its paragraph where there is no table; ``{previous_date?}`` takes its paragraph away where it is empty.
"""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import NamedTuple

from relance.letters.own.words import PARAGRAPHS, WORDS, kind_of
from relance.letters.own.xml_tree import Element, Mark

_WORD = re.compile(r"\{([^{}]*)\}")
PARAGRAPH_TAGS = ("text:p", "text:h")
_REPEATED = ("table:table-row", "text:list-item")
_BOXES = ("draw:text-box", "draw:custom-shape", "text:note-body")  # a row does not repeat with what stands in a frame
_DROPPED = ("office:annotation", "office:annotation-end", "text:tracked-changes", "text:change", "text:change-start", "text:change-end")
_SINGLE = ("xml:id", "text:id", "table:name", "draw:name")  # names that must be the only ones


class TagProblem(NamedTuple):
    """What is wrong with a word in braces, and in which paragraph."""

    paragraph: str
    message: str

    def __str__(self) -> str:
        shown = " ".join(self.paragraph.split())
        return f'paragraph "{shown if len(shown) <= 80 else shown[:79] + "…"}": {self.message}'


def tag(document: Element) -> list[TagProblem]:
    """Mark a document, in place; what is wrong with its words."""
    _drop_remarks(document)
    problems = [problem for element in document.below() if element.tag in PARAGRAPH_TAGS for problem in _tag_words(element)]
    return problems or _tag_rows(document)


def _drop_remarks(document: Element) -> None:
    """Remarks and recorded changes are not printed."""
    for element in (document, *document.below()):
        element.children = [child for child in element.children if not (isinstance(child, Element) and child.tag in _DROPPED)]


class _Run(NamedTuple):
    """A text of a paragraph: the element that holds it, and its place there."""

    holder: Element
    place: int

    @property
    def text(self) -> str:
        found = self.holder.children[self.place]
        assert isinstance(found, str)
        return found


def _runs(paragraph: Element) -> Iterator[_Run]:
    """The texts of a paragraph in their order, but not of paragraphs inside it, as in a frame."""
    for place, child in enumerate(paragraph.children):
        if isinstance(child, str):
            yield _Run(paragraph, place)
        elif isinstance(child, Element) and child.tag not in PARAGRAPH_TAGS:
            yield from _runs(child)


def _tag_words(paragraph: Element) -> list[TagProblem]:
    """Put a mark in the place of each word, whatever the number of runs it is split over."""
    runs = list(_runs(paragraph))
    whole = "".join(run.text for run in runs)
    problems = [TagProblem(whole, message) for message in _faults(whole)]
    if not problems:
        for match in reversed(list(_WORD.finditer(whole))):
            _replace(runs, match.start(), match.end(), _plain(match[1]))
    return problems


def _plain(word: str) -> str:
    """A word as it is meant: without the spaces, hard ones too, that word processors put in."""
    return "".join(word.split())


def _faults(text: str) -> list[str]:
    words = [_plain(match[1]) for match in _WORD.finditer(text)]
    unknown = [f'unknown placeholder "{{{word}}}"{_perhaps(word)}' for word in words if word.removesuffix("?") not in WORDS]
    unpaired = sorted(set(re.findall(r"[{}]", _WORD.sub("", text))))
    return unknown + [f'"{sign}" without its pair' for sign in unpaired]


def _perhaps(word: str) -> str:
    near = get_close_matches(word.lower().removesuffix("?"), WORDS, n=1)
    return f" (perhaps {{{near[0]}}}?)" if near else ""


def _replace(runs: list[_Run], start: int, end: int, word: str) -> None:
    """Put a mark in the place of the characters from start to end, counted over all the runs; what comes after is marked already."""
    touched, at = [], 0
    for run in runs:
        if at < end and at + len(run.text) > start:
            touched.append((run, max(start - at, 0), end - at))
        at += len(run.text)
    for run, first, last in reversed(touched):
        text = run.text
        if run is touched[0][0]:
            run.holder.children[run.place : run.place + 1] = [text[:first], Mark(word), text[last:]]
        else:
            run.holder.children[run.place] = text[last:]


def _tag_rows(document: Element) -> list[TagProblem]:
    """Mark what is repeated, and what goes where a word is empty."""
    problems = []
    for element in list(document.below()):
        for mark in [child for child in element.children if isinstance(child, Mark)]:
            if mark.word.endswith("?"):
                mark.word = mark.word.removesuffix("?")
                _unit(element, whole_row=False).needs.append(mark.word)
            if kind := kind_of(mark.word):
                unit = _unit(element, whole_row=kind not in PARAGRAPHS)
                if unit.repeated_for not in ("", kind):
                    problems.append(TagProblem(_said(unit), f'"{unit.repeated_for}" and "{kind}" cannot be told in the same row'))
                unit.repeated_for = kind
    repeated = [element for element in document.below() if element.repeated_for]
    inside = [unit for unit in repeated if any(one.repeated_for for one in unit.above())]
    problems += [TagProblem(_said(unit), "a repeated row stands inside another") for unit in inside]
    for unit in repeated:
        for element in (unit, *unit.below()):
            element.attributes = {name: value for name, value in element.attributes.items() if name not in _SINGLE}
    return problems


def _unit(element: Element, *, whole_row: bool) -> Element:
    """What is repeated or left out with a word that stands in an element: its row or list item, else its paragraph."""
    paragraph = next(one for one in (element, *element.above()) if one.tag in PARAGRAPH_TAGS)
    for one in paragraph.above() if whole_row else ():
        if one.tag in _BOXES:
            break
        if one.tag in _REPEATED:
            return one
    return paragraph


def _said(element: Element) -> str:
    """What an element says, its words in braces again."""
    return "".join(
        child if isinstance(child, str) else f"{{{child.word}}}" if isinstance(child, Mark) else _said(child) for child in element.children
    )
