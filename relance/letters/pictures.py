"""Is a logo or a signature fit to be printed, and can it do no harm? PNG, JPEG or SVG of a reasonable size that refers to nothing outside.

A picture goes into a page as a ``data:`` address inside an SVG of ours: the typesetter opens no file for it.
"""

import io
import re
from html import escape
from xml.etree import ElementTree

import defusedxml.ElementTree
from defusedxml import DefusedXmlException

LARGEST = 300_000  # bytes: it goes into every letter
MOST_PIXELS = 4_000  # on either side
LOGO, SIGNATURE = (66, 17), (50, 18)  # millimetres: the boxes into which these pictures are fitted
_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_JPEG = b"\xff\xd8\xff"
_JPEG_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_ACTIVE = {
    "script",
    "foreignobject",
    "iframe",
    "object",
    "embed",
    "handler",
    "listener",
    "set",
    "animate",
    "animatetransform",
    "animatemotion",
}
_INSIDE = re.compile(r"#|data:image/(png|jpeg);", re.IGNORECASE)
_OUTSIDE = re.compile(r"@import|url\(\s*['\"]?\s*(?!#)", re.IGNORECASE)


def check_picture(content: bytes) -> str:
    """The media type of a picture that can be printed. Raises ValueError, in words for a user, for any other."""
    if len(content) > LARGEST:
        raise ValueError(f"larger than {LARGEST // 1000} kB: it goes into every letter")
    media_type = _media_type(content)
    _try_to_print(media_type, content)
    return media_type


def size_of(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG or a JPEG. Raises ValueError where a JPEG does not say."""
    if content.startswith(_PNG):
        return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
    return _size_of_jpeg(content)


def framed(data_address: str, width: int, height: int) -> str:
    """An SVG of these proportions with the picture in its top left corner, as large as it fits."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" preserveAspectRatio="xMinYMin meet" href="{escape(data_address)}"/></svg>'
    )


def _media_type(content: bytes) -> str:
    if content.startswith(_PNG):
        _refuse_too_large(*size_of(content))
        return "image/png"
    if content.startswith(_JPEG):
        _refuse_too_large(*size_of(content))
        return "image/jpeg"
    if b"<svg" in content:
        _refuse_harmful(content)
        return "image/svg+xml"
    raise ValueError("not a picture in PNG, JPEG or SVG")


def _refuse_too_large(width: int, height: int) -> None:
    if not 0 < width <= MOST_PIXELS or not 0 < height <= MOST_PIXELS:
        raise ValueError(f"{width} by {height} pixels; at most {MOST_PIXELS} on either side")


def _size_of_jpeg(content: bytes) -> tuple[int, int]:
    """Width and height, from the first frame."""
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if marker in _JPEG_FRAMES:
            return int.from_bytes(content[at + 7 : at + 9], "big"), int.from_bytes(content[at + 5 : at + 7], "big")
        at += 2 + length
    raise ValueError("a JPEG whose size cannot be read")


def _refuse_harmful(content: bytes) -> None:
    try:
        tree = defusedxml.ElementTree.parse(io.BytesIO(content), forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException, ValueError) as error:
        raise ValueError(f"an SVG that cannot be read: {error}") from None
    for element in tree.iter():
        name = _bare(element.tag).lower()
        if name in _ACTIVE:
            raise ValueError(f"an SVG with a <{name}>, which is more than a picture")
        if name == "text":
            raise ValueError("an SVG with text, which may have another face where it is printed: make outlines of it")
        for attribute, value in element.attrib.items():
            _refuse_reference(_bare(attribute).lower(), value)
        if name == "style" and _OUTSIDE.search(element.text or ""):
            raise ValueError("an SVG whose style refers to something outside")


def _refuse_reference(name: str, value: str) -> None:
    if name.startswith("on"):
        raise ValueError(f"an SVG with {name}, which is more than a picture")
    if (name in ("href", "src") and not _INSIDE.match(value.strip())) or _OUTSIDE.search(value):
        raise ValueError(f"an SVG that refers to something outside: {value[:60]!r}")


def _bare(name: object) -> str:
    """A name without its namespace; of a comment or an instruction, nothing."""
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def _try_to_print(media_type: str, content: bytes) -> None:
    from relance.letters.typesetter import LetterProblem, own_typesetter  # the engine takes a third of a second to start

    try:
        kind = media_type.removeprefix("image/").partition("+")[0].replace("jpeg", "jpg")
        own_typesetter().set("picture", {"date": "2000-01-01", "kind": kind, "picture": [*content]})
    except LetterProblem as problem:
        raise ValueError(f"a picture that cannot be printed: {problem}") from None
