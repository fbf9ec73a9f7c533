"""Which logos are printed, and which are refused before they can do harm?"""

import struct
import zlib

import pytest

from relance.letters.pictures import LARGEST, check_picture


def png(width=2, height=2):
    """A picture of one colour."""
    rows = b"".join(b"\0" + b"\x7a\x1f\x3d" * width for _ in range(height))
    parts = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    chunks = (struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def svg(inside):
    """A drawing."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">{inside}</svg>'.encode()


@pytest.mark.parametrize(("content", "media_type"), [(png(), "image/png"), (svg('<path d="M0 0h9v9z"/><use href="#a"/>'), "image/svg+xml")])
def test_a_picture_that_can_be_printed_is_told_by_its_kind(content, media_type):
    assert check_picture(content) == media_type


HOSTILE = {
    "a script": svg("<script>alert(1)</script>"),
    "a handler": svg('<rect width="9" height="9" onclick="alert(1)"/>'),
    "a file": svg('<image href="file:///etc/passwd" width="9" height="9"/>'),
    "a path": svg('<image xlink:href="../../../etc/passwd" width="9" height="9"/>'),
    "the network": svg('<image href="https://example.org/x.png" width="9" height="9"/>'),
    "a style sheet": svg("<style>@import url(https://example.org/x.css);</style>"),
    "a filling from outside": svg('<rect width="9" height="9" style="fill:url(https://example.org/x#y)"/>'),
    "a page inside": svg("<foreignObject><p>x</p></foreignObject>"),
    "text": svg("<text>Aubrelle</text>"),
    "entities": b'<!DOCTYPE svg [<!ENTITY a "b">]>' + svg("&a;"),
    "half a drawing": svg("<g>"),
    "half a picture": png()[:40],
    "too many pixels": png()[:16] + struct.pack(">II", 60_000, 60_000) + png()[24:],
    "too many bytes": png() + b"\0" * LARGEST,
    "another format": b"GIF89a",
    "a page": b"<html></html>",
    "nothing": b"",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_what_is_more_or_less_than_a_picture_is_refused_in_words(content):
    with pytest.raises(ValueError) as refusal:
        check_picture(content)
    assert str(refusal.value)
