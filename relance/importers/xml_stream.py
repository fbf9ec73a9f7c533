"""How is a large XML file read without holding it, and without its tricks? Element by element; no DTD, no entities, not too deep.

``defusedxml`` refuses document types and with them every entity of a file's own.
"""

from collections.abc import Callable, Iterator
from typing import BinaryIO
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from relance.importers.problems import Unreadable

_DEEPEST = 64
_MOST_WITHIN = 200_000  # elements held at a time
_LONGEST_TEXT = 100_000
_PIECE = 1 << 16


class Element:
    """An element with what is in it; names without their namespace."""

    __slots__ = ("attributes", "children", "line", "name", "texts")

    def __init__(self, name: str, attributes: dict[str, str], line: int) -> None:
        self.name, self.attributes, self.line = name, attributes, line
        self.children: list[Element] = []
        self.texts: list[str] = []

    @property
    def text(self) -> str:
        """What is written in it, without the blanks around."""
        return "".join(self.texts).strip()

    def all(self, path: str) -> Iterator["Element"]:
        """The elements at the end of a path of names, in their order."""
        name, _, rest = path.partition("/")
        for child in self.children:
            if child.name == name:
                if rest:
                    yield from child.all(rest)
                else:
                    yield child

    def first(self, *paths: str) -> "Element | None":
        """The first element of the first path that leads to one."""
        return next((found for path in paths for found in self.all(path)), None)

    def said(self, *paths: str) -> str:
        """The text at the first path that has one; empty where there is none."""
        return next((found.text for path in paths for found in self.all(path) if found.text), "")


def read_xml(file: BinaryIO, closed: Callable[[Element, tuple[str, ...]], bool], on_progress: Callable[[int], None]) -> Element:
    """Read the file; return its root. ``closed`` is told each element that ends, with the names around it: true lets it go.

    Raises Unreadable where it is no XML, or plays tricks.
    """
    target = _Target(closed)
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    target.line = lambda: parser.parser.CurrentLineNumber
    try:
        while piece := file.read(_PIECE):
            parser.feed(piece)
            on_progress(file.tell())
        parser.close()
    except DefusedXmlException:
        raise Unreadable("the XML declares a document type or entities: such a file is not read") from None
    except ParseError as error:
        line = error.position[0] if hasattr(error, "position") else 0
        raise Unreadable(f"not XML that can be read, at line {line}") from None
    except (LookupError, ValueError) as error:
        raise Unreadable(f"not XML that can be read: {str(error)[:80]}") from None
    if target.root is None:
        raise Unreadable("the XML holds nothing")
    return target.root


class _Target:
    def __init__(self, closed: Callable[[Element, tuple[str, ...]], bool]) -> None:
        self._closed, self._open = closed, list[Element]()
        self._held = self._letters = 0
        self.root: Element | None = None
        self.line: Callable[[], int] = lambda: 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= _DEEPEST:
            raise Unreadable(f"line {self.line()}: elements nested more than {_DEEPEST} deep")
        self._held += 1
        if self._held > _MOST_WITHIN:
            raise Unreadable(f"line {self.line()}: more than {_MOST_WITHIN} elements in one")
        self._letters = 0
        namespace, _, name = tag.rpartition("}")
        element = Element(name, attributes, self.line())
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
            element.attributes = {**attributes, "xmlns": namespace.removeprefix("{")}
        self._open.append(element)

    def end(self, _tag: str) -> None:
        element = self._open.pop()
        if self._open and self._closed(element, tuple(one.name for one in self._open)):
            self._open[-1].children.pop()
            self._held -= _count(element)

    def data(self, text: str) -> None:
        if self._open:
            self._letters += len(text)
            if self._letters > _LONGEST_TEXT:
                raise Unreadable(f"line {self.line()}: more than {_LONGEST_TEXT} letters in one element")
            self._open[-1].texts.append(text)

    def close(self) -> None:
        """Nothing is left to be done at the end."""


def _count(element: Element) -> int:
    return 1 + sum(map(_count, element.children))
