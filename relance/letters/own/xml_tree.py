"""How is a part of a document held while it is looked at and changed? As elements and texts, with their names as they were written.

What swells or reaches out has no place here: a document that declares entities is not read at all, remarks and instructions are dropped.
"""

from collections.abc import Iterator
from typing import Any, Union
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

DEEPEST = 150  # elements inside one another


class Unreadable(ValueError):
    """Why a text is not read as XML, in words for a user."""


class Mark:
    """A place in a text where something is filled in."""

    def __init__(self, word: str) -> None:
        self.word = word


class Element:
    """An element with its attributes and what is inside it."""

    def __init__(self, tag: str, attributes: dict[str, str] | None = None, parent: "Element | None" = None) -> None:
        self.tag, self.attributes, self.parent = tag, attributes or {}, parent
        self.children: list[Node] = []
        self.repeated_for = ""  # the kind of row that it is
        self.needs: list[str] = []  # without one of these it is left out

    def add(self, tag: str, attributes: dict[str, str] | None = None, at: int | None = None) -> "Element":
        """A new element inside this one: the last, or where it is said."""
        made = Element(tag, attributes, self)
        self.children.insert(len(self.children) if at is None else at, made)
        return made

    def inner(self) -> Iterator["Element"]:
        """The elements directly inside."""
        return (child for child in self.children if isinstance(child, Element))

    def below(self) -> Iterator["Element"]:
        """Every element inside, in the order of the text."""
        for child in list(self.inner()):
            yield child
            yield from child.below()

    def above(self) -> Iterator["Element"]:
        """The elements that this one is inside of, the nearest first."""
        here = self.parent
        while here is not None:
            yield here
            here = here.parent

    def find(self, *tags: str) -> "Element | None":
        """The first element inside that has one of these names."""
        return next((element for element in self.below() if element.tag in tags), None)

    @property
    def opening(self) -> str:
        """How it begins when it is written."""
        return f"<{self.tag}{''.join(f' {name}={quoteattr(value)}' for name, value in self.attributes.items())}>"

    @property
    def closing(self) -> str:
        """How it ends."""
        return f"</{self.tag}>"


Node = Union[Element, Mark, str]  # noqa: UP007 - a name of its own, which the class uses


def read(part: bytes) -> Element:
    """The root of a text in XML. Raises Unreadable."""
    builder = _Builder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = builder.start, builder.end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = builder.text, builder.refuse_entities
    try:
        parser.Parse(part, True)  # noqa: FBT003 - expat's own way: this is all of it
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise error if isinstance(error, Unreadable) else Unreadable(f"cannot be read: {error}") from error
    assert builder.root is not None, "a text that was read has a root"
    return builder.root


def written(text: str) -> str:
    """A text as it stands in XML."""
    return escape(text)


class _Builder:
    """Puts the elements together as they are read."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self._here: Element | None = None
        self._depth = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Unreadable("is nested too deeply")
        self._here = self._here.add(tag, attributes) if self._here else Element(tag, attributes)
        self.root = self.root or self._here

    def end(self, _tag: str) -> None:
        self._depth -= 1
        self._here = self._here.parent if self._here else None

    def text(self, said: str) -> None:
        if self._here:
            self._here.children.append(said)

    def refuse_entities(self, *_declared: Any) -> None:
        raise Unreadable("declares entities, which no word processor writes")
