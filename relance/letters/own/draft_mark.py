"""How does a letter in any format say that it is a draft, or a duplicate? In large letters across every page, behind the text.

The shape is one that Writer and Word both know, and stands in the head of the pages, where it is repeated by itself.
"""

import re
from xml.sax.saxutils import escape

from relance.letters.own.xml_tree import Element, Mark

WORD = "mark"  # what stands in a head for it; no template can say so itself
_STYLE = "RelanceMark"
FOLD = "RelanceFold"  # the name of a line that shows where to fold
_IN_RTF = re.compile(rb"\\shpbxignore\\shpbyignore(?P<between>[^{}]*(?:\{\\sp\{[^{}]*\}\{[^{}]*\}\})*?\{\\sp\{\\sn wzName\}\{\\sv Relance)")
_COLOUR = "#f0d3d0"
_LETTER_WIDTH = 1.75  # centimetres of each letter, up to the diagonal of the sheet
_PAGE_HEADS = ("style:header", "style:header-left", "style:header-first")
_NAMESPACES = {  # the namespaces of what is added here
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
}
_SHAPE = {
    "draw:stroke": "none",
    "draw:fill": "solid",
    "draw:fill-color": _COLOUR,
    "draw:auto-grow-height": "false",
    "draw:auto-grow-width": "false",
    "style:run-through": "background",
    "style:wrap": "run-through",
    "style:number-wrapped-paragraphs": "no-limit",
    "style:vertical-pos": "middle",
    "style:vertical-rel": "page",
    "style:horizontal-pos": "center",
    "style:horizontal-rel": "page",
    "style:flow-with-text": "false",
}
_PATH = (
    '<draw:enhanced-geometry draw:text-path="true" draw:text-path-mode="shape" draw:text-path-scale="path" '
    'draw:text-path-same-letter-heights="false" svg:viewBox="0 0 21600 21600" draw:text-areas="0 0 21600 21600" '
    'draw:type="fontwork-plain-text" draw:modifiers="10800" draw:enhanced-path="M ?f3 0 L ?f5 0 N M ?f6 21600 L ?f7 21600 N">'
    + "".join(
        f'<draw:equation draw:name="f{number}" draw:formula="{formula}"/>'
        for number, formula in enumerate(
            (
                *("$0 -10800", "?f0 *2", "abs(?f1 )", "if(?f1 ,0,?f2 )", "21600-?f2 "),
                *("if(?f1 ,?f4 ,21600)", "if(?f1 ,?f2 ,0)", "if(?f1 ,21600,?f4 )"),
            )
        )
    )
    + "</draw:enhanced-geometry>"
)


def set_in(styles: Element) -> None:
    """Prepare the heads of all pages of a document for the mark, in place."""
    _add_styles(styles)
    for page in [element for element in styles.below() if element.tag == "style:master-page"]:
        heads = [element for element in page.inner() if element.tag in _PAGE_HEADS]
        for head in heads:
            _set_in_head(head)
        if not heads:
            _add_head(styles, page)


def shape(said: str) -> str:
    """The mark itself, as a paragraph holds it."""
    width = min(22.0, _LETTER_WIDTH * len(said) + 1)
    return (
        f'<draw:custom-shape text:anchor-type="char" draw:z-index="0" draw:name="{_STYLE}" draw:style-name="{_STYLE}" '
        f'svg:width="{width:.2f}cm" svg:height="3.2cm" draw:transform="rotate (0.942) translate (2cm 18cm)">'
        f"<text:p>{escape(said)}</text:p>{_PATH}</draw:custom-shape>"
    )


def placed_in_rtf(content: bytes) -> bytes:
    """An RTF as Writer makes it, which forgets of a shape that it is placed on the sheet, and behind the text: said again of ours."""
    return _IN_RTF.sub(_placed, content)


def _placed(shape: re.Match[bytes]) -> bytes:
    said = rb"{\sp{\sn posrelh}{\sv 1}}{\sp{\sn posrelv}{\sv 1}}{\sp{\sn fBehindDocument}{\sv 1}}"
    between = shape["between"].replace(rb"{\sp{\sn posrelh}{\sv 3}}", said)
    return rb"\shpbxpage\shpbypage\shpbxignore\shpbyignore\shpfblwtxt1" + between


def _add_styles(styles: Element) -> None:
    styles.attributes = {f"xmlns:{prefix}": address for prefix, address in _NAMESPACES.items()} | styles.attributes
    automatic = styles.find("office:automatic-styles")
    if automatic is None:
        masters = next((place for place, child in enumerate(styles.children) if getattr(child, "tag", "") == "office:master-styles"), None)
        automatic = styles.add("office:automatic-styles", at=masters)
    automatic.add("style:style", {"style:name": _STYLE, "style:family": "graphic"}).add("style:graphic-properties", _SHAPE)
    small = automatic.add("style:style", {"style:name": f"{_STYLE}Head", "style:family": "paragraph"})
    small.add("style:paragraph-properties", {"fo:margin-top": "0cm", "fo:margin-bottom": "0cm", "fo:line-height": "0.01cm"})
    small.add("style:text-properties", {"fo:font-size": "1pt"})


def _set_in_head(head: Element) -> Element:
    """In the first paragraph of a head."""
    paragraph = head.find("text:p", "text:h") or head.add("text:p", {"text:style-name": f"{_STYLE}Head"})
    paragraph.children.insert(0, Mark(WORD))
    return head


def _add_head(styles: Element, page: Element) -> None:
    """A head of no height for pages that have none, there only when there is something to say."""
    _set_in_head(page.add("style:header", at=0)).needs.append(WORD)
    for layout in [element for element in styles.below() if element.tag == "style:page-layout"]:
        if layout.attributes.get("style:name") == page.attributes.get("style:page-layout-name"):
            head = layout.find("style:header-style") or layout.add("style:header-style", at=_after_properties(layout))
            head.children = []
            head.add("style:header-footer-properties", {"fo:min-height": "0cm", "fo:margin-bottom": "0cm", "fo:margin-top": "0cm"})


def _after_properties(layout: Element) -> int:
    """Where the style of a head belongs: the order of these is fixed."""
    tags = [getattr(child, "tag", "") for child in layout.children]
    return tags.index("style:page-layout-properties") + 1 if "style:page-layout-properties" in tags else 0
