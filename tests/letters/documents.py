"""Which documents do people upload? The sample with other words in it; and what stands in a filled letter, paragraph by paragraph."""

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from relance.letters.own.sample import sample_template

_PARAGRAPH = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"


def parts(document: bytes) -> dict[str, bytes]:
    """The files of a document."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: dict[str, bytes | str]) -> bytes:
    """A document of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in files.items():
            archive.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)  # at no hour: the same parts are the same bytes
    return out.getvalue()


def template(body: str, **files: bytes | str) -> bytes:
    """A template of these paragraphs and tables; further files of the document by their names, with __ for a slash and _ for a dot."""
    found = parts(sample_template("fr"))
    content = re.sub(r"(?s)(<office:text>).*(</office:text>)", rf"\g<1>{body}\2", found["content.xml"].decode())
    extra = {name.replace("__", "/").replace("_", "."): part for name, part in files.items()}
    return packed(found | {"content.xml": content.encode()} | extra)


def paragraph(inside: str) -> str:
    """One paragraph."""
    return f'<text:p text:style-name="Text">{inside}</text:p>'


def picture(href: str) -> str:
    """A picture, in the document or elsewhere."""
    drawn = f'<draw:image xmlns:xlink="http://www.w3.org/1999/xlink" xlink:type="simple" xlink:href="{href}"/>'
    return paragraph(f'<draw:frame text:anchor-type="as-char" svg:width="2cm" svg:height="2cm">{drawn}</draw:frame>')


def table(*rows: str) -> str:
    """A table of one column."""
    cells = "".join(f"<table:table-row><table:table-cell>{paragraph(row)}</table:table-cell></table:table-row>" for row in rows)
    return f'<table:table table:name="T"><table:table-column/>{cells}</table:table>'


def said(document: bytes, part: str = "content.xml") -> list[str]:
    """The paragraphs of an ODT, as text, those inside a frame after the one that holds it; a line break is a slash."""
    root = ElementTree.fromstring(parts(document)[part])
    return [re.sub(r"\s+", " ", "".join(_texts(one))).strip() for one in root.iter(_PARAGRAPH)]


def _texts(element: ElementTree.Element) -> Iterator[str]:
    yield {"line-break": " / ", "s": " ", "tab": " "}.get(element.tag.rpartition("}")[2], "")
    yield element.text or ""
    for inner in element:
        if inner.tag != _PARAGRAPH:
            yield from _texts(inner)
        yield inner.tail or ""
