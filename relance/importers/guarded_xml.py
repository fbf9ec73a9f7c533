"""Is this XML, and can it do no harm? It is read once here, and goes on only as a tree without anything that swells or reaches out.

Refused: a DTD and what it brings (entities, outside files), what is too large, too deep or has too many elements.
"""

from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from relance.importers.problems import Unreadable

LARGEST = 20_000_000  # bytes: an invoice may carry its supporting documents
MOST_ELEMENTS = 300_000
DEEPEST = 100  # elements inside one another; an invoice has a dozen
_MOST_ATTRIBUTES = 50


def read_xml(content: bytes) -> Element:
    """The tree of an XML file. Raises Unreadable, in words for a user."""
    if len(content) > LARGEST:
        raise Unreadable(f"this file is larger than {LARGEST // 1_000_000} MB")
    parser = DefusedXMLParser(target=_Bounded(), forbid_dtd=True)
    try:
        parser.feed(content)
        root: Element = parser.close()
    except DefusedXmlException:
        raise Unreadable("this XML declares a document type (DTD) or entities: no invoice needs them") from None
    except (ParseError, LookupError, ValueError) as fault:
        raise Unreadable(f"this is no well-formed XML: {fault}") from None
    return root


class _Bounded:
    """Builds the tree, and stops where it grows beyond what any invoice is."""

    def __init__(self) -> None:
        self._builder = TreeBuilder()
        self._depth = self._count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> Any:
        self._depth += 1
        self._count += 1
        if self._depth > DEEPEST or self._count > MOST_ELEMENTS or len(attributes) > _MOST_ATTRIBUTES:
            raise Unreadable("this XML is nested too deeply, or has too many elements")
        return self._builder.start(tag, attributes)

    def end(self, tag: str) -> Any:
        self._depth -= 1
        return self._builder.end(tag)

    def data(self, text: str) -> None:
        self._builder.data(text)

    def close(self) -> Any:
        return self._builder.close()
