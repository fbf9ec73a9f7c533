"""In which format is a letter made? Each in the one that was asked for, by the template of its company's own where it has one.

PDF and HTML of the general letter are made by Relance itself, and so is ODT; everything else is asked of LibreOffice. Where that is not
installed, a letter that would need it stays an ODT.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from itertools import islice
from typing import Any, NamedTuple

from relance.letters.letter import render_many
from relance.letters.letter_html import render_html
from relance.letters.own import office
from relance.letters.own.odt import TemplateProblem
from relance.letters.own.sample import Look, look_of, sample_template
from relance.letters.own.template import OwnTemplate
from relance.letters.placeholders import Data
from relance.letters.typesetter import LetterProblem

_AT_ONCE = office.AT_ONCE


class Made(NamedTuple):
    """A letter in the format in which it was made."""

    form: str
    content: bytes


def produce(letters: Iterable[Data], form: str, templates: Mapping[int, bytes]) -> Iterator[Made | LetterProblem]:
    """Each letter, or what is wrong with it, in the order given.

    ``form`` is one of ``core.forms``; ``templates`` are those that the letters name under ``template``, as ODT.
    """
    if form == "pdf" and not templates:
        yield from (_made("pdf", letter) for letter in render_many(letters))
        return
    maker = _Maker(form, templates)
    waiting = iter(letters)
    with closing(maker):
        while some := list(islice(waiting, _AT_ONCE)):
            yield from maker.make(some)


class _Maker:
    """Makes letters some at a time; what it has read of templates serves the next ones."""

    def __init__(self, form: str, templates: Mapping[int, bytes]) -> None:
        self._form, self._contents = form, templates
        self._read: dict[Any, OwnTemplate] = {}
        self._office: office.Office | None = None

    def make(self, letters: list[Data]) -> list[Made | LetterProblem]:
        """Each of the letters, in their order."""
        filled = [data for data in letters if self._is_filled(data)]
        ready = iter(self._converted([self._fill(data) for data in filled]))
        general = iter(self._general([data for data in letters if not self._is_filled(data)]))
        return [next(ready) if self._is_filled(data) else next(general) for data in letters]

    def close(self) -> None:
        """Let go of LibreOffice."""
        if self._office:
            self._office.close()

    def _is_filled(self, data: Data) -> bool:
        """Whether a letter is a text document that was filled in: by its own template, or because a text document was asked for."""
        return data["template"] is not None or self._form not in ("pdf", "html")

    def _general(self, letters: list[Data]) -> Iterator[Made | LetterProblem]:
        if self._form == "html":
            return (Made("html", render_html(data)) for data in letters)
        return (_made("pdf", letter) for letter in render_many(letters))

    def _fill(self, data: Data) -> bytes | LetterProblem:
        try:
            return self._template(data).fill(data)
        except LetterProblem as problem:
            return problem
        except TemplateProblem as problem:  # taken once, by a version of Relance that knew more words
            return LetterProblem(f"its template cannot be used: {problem}")

    def _template(self, data: Data) -> OwnTemplate:
        own = data["template"]
        which = own if own is not None else (data["language"], _look(data))
        if which not in self._read:
            self._read[which] = OwnTemplate(self._contents[own] if own is not None else sample_template(*which))
        return self._read[which]

    def _converted(self, filled: list[bytes | LetterProblem]) -> Iterator[Made | LetterProblem]:
        form = self._form if office.installed() else "odt"
        if form == "odt":
            return (_made("odt", one) for one in filled)
        if self._office is None:
            self._office = office.Office()
        converted = self._office.convert((one for one in filled if isinstance(one, bytes)), "odt", form)
        return (_made(form, next(converted)) if isinstance(one, bytes) else one for one in filled)


def _look(data: Data) -> Look:
    interest = any(line["interest"] for line in data["lines"])
    return look_of(data["display"])._replace(interest=interest)


def _made(form: str, letter: bytes | LetterProblem) -> Made | LetterProblem:
    return letter if isinstance(letter, LetterProblem) else Made(form, letter)
