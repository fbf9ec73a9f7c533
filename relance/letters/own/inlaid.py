"""Which pictures can a text document ask for, and how do they stand in it? The logo, the signature, the QR code of the transfer.

A picture is a word like any other: where it stands, the picture stands in the line, in its proportions, in the box that it has on the
general letter.
"""

import re
from base64 import b64decode
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple
from xml.sax.saxutils import escape

from relance.letters import transfer_code
from relance.letters.pictures import LOGO, SIGNATURE, size_of
from relance.letters.placeholders import Data
from relance.letters.typesetter import own_typesetter
from relance.letters.words import words

_CODE = 26  # millimetres, its white edge included
_PPI = 300
_DATA = re.compile(r"data:image/(png|jpeg|svg\+xml);base64,")
_NAMESPACES = (
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"'
)


class Inlaid(NamedTuple):
    """A picture of a letter: its file, by a name that only this content has, its size in millimetres, and what it shows, in words."""

    name: str
    content: bytes
    width: float
    height: float
    says: str

    @property
    def frame(self) -> str:
        """How it stands in a line of text."""
        return (
            f'<draw:frame {_NAMESPACES} text:anchor-type="as-char" svg:width="{self.width:.1f}mm" svg:height="{self.height:.1f}mm">'
            f'<draw:image xlink:href="{self.name}" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/>'
            f"<svg:title>{escape(self.says)}</svg:title></draw:frame>"
        )


def _logo(data: Data) -> Inlaid | None:
    return _fitted(data["display"]["logo"], LOGO, data["company"]["name"])


def _signature(data: Data) -> Inlaid | None:
    return _fitted(data["display"]["signature"], SIGNATURE, data["display"]["signatory"] or data["company"]["name"])


def _qr_code(data: Data) -> Inlaid | None:
    drawn = transfer_code.picture(data) if data["display"]["qr_code"] else None
    return _named(drawn, "png", _CODE, _CODE, words(data["language"])["code"]) if drawn else None


PICTURES: dict[str, Callable[[Data], Inlaid | None]] = {"logo": _logo, "signature": _signature, "qr_code": _qr_code}


def _fitted(address: str | None, box: tuple[int, int], says: str) -> Inlaid | None:
    """A picture of the company, from its ``data:`` address, as large as it fits into a box."""
    if not address:
        return None
    content, suffix, (width, height) = _drawable(address, box)
    scale = min(box[0] / width, box[1] / height)
    return _named(content, suffix, width * scale, height * scale, says)


@lru_cache(maxsize=8)
def _drawable(address: str, box: tuple[int, int]) -> tuple[bytes, str, tuple[int, int]]:
    """What word processors can show: a drawing is made into dots, as many as a printer sets. Its ending, its size in dots."""
    found = _DATA.match(address)
    assert found, "a picture was looked at before it was kept"
    content = b64decode(address[found.end() :])
    if found[1] == "svg+xml":
        order = {"date": "2000-01-01", "kind": "svg", "picture": [*content], "width": box[0], "height": box[1]}
        (content,) = own_typesetter().show("drawing", order, kind="png", ppi=_PPI)
    return content, "jpg" if found[1] == "jpeg" else "png", size_of(content)


def _named(content: bytes, suffix: str, width: float, height: float, says: str) -> Inlaid:
    return Inlaid(f"Pictures/relance-{sha256(content).hexdigest()[:24]}.{suffix}", content, width, height, says)
